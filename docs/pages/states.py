"""docs/reference/states.md: every state machine, as a table and as a diagram."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from gateway.domain import states
from pages.markdown import summary, table

MACHINES: Mapping[str, Mapping[StrEnum, frozenset[StrEnum]]] = {
    name: moves for name, moves in vars(states).items() if name.endswith("_MOVES")
}


def page(_root: Path) -> str:
    """The whole page."""
    sections = [_section(moves) for moves in MACHINES.values()]
    intro = "A state changes only along these moves; anything else is `illegal_transition`.\n"
    return "\n".join(["# States\n", intro, *sections])


def _section(moves: Mapping[StrEnum, frozenset[StrEnum]]) -> str:
    machine = type(next(iter(moves)))
    rows = [
        (f"`{state}`", ", ".join(f"`{target}`" for target in sorted(targets)) or "final")
        for state, targets in moves.items()
    ]
    return "\n".join(
        [
            f"## {machine.__name__}\n",
            f"{summary(machine)}\n",
            table(("state", "may become"), rows),
            _diagram(moves),
        ]
    )


def _diagram(moves: Mapping[StrEnum, frozenset[StrEnum]]) -> str:
    lines = [f"    [*] --> {next(iter(moves))}"]
    for state, targets in moves.items():
        lines += [f"    {state} --> {target}" for target in sorted(targets)]
        if not targets:
            lines.append(f"    {state} --> [*]")
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```", ""])
