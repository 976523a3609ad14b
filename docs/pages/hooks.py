"""docs/reference/hooks.md: the contract between the gateway and a plugin."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gateway import hookspecs
from gateway.connectors.connector import HOOK_FOR, LAYOUT_ONLY, REQUIRED
from gateway.testing.laws import LAWS
from pages.markdown import plain, summary, table

LAW = re.compile(r"Law: ([a-z0-9_,\s]+)\.")
HOOKS: dict[str, Callable[..., Any]] = {
    name: hook
    for name, hook in vars(hookspecs).items()
    if inspect.isfunction(hook) and hook.__module__ == hookspecs.__name__
}


def laws_of(hook: Callable[..., Any]) -> list[str]:
    """The laws that a hook's docstring names."""
    found = LAW.search(inspect.getdoc(hook) or "")
    return re.findall(r"[a-z0-9_]+", found[1]) if found else []


def page(_root: Path) -> str:
    """The whole page."""
    contract = inspect.getdoc(hookspecs) or ""
    overview = [
        (f"[`{name}`](#{name})", _required(name), ", ".join(f"`{law}`" for law in laws_of(hook)))
        for name, hook in HOOKS.items()
    ]
    laws = [(f"`{name}`", _concerns(law.hooks), summary(law.check)) for name, law in LAWS.items()]
    layout_only = ", ".join(f"`{kind}`" for kind in sorted(LAYOUT_ONLY))
    return "\n".join(
        [
            "# Hooks\n",
            plain(contract) + "\n",
            table(("hook", "required of", "laws"), overview),
            f"Kinds of file that only a layout can describe: {layout_only}.\n",
            *(_section(name, hook) for name, hook in HOOKS.items()),
            "## Laws\n",
            "Each is a test of the conformance suite: `gateway plugin check NAME` runs them all.\n",
            table(("law", "concerns plugins with", "promise"), laws),
        ]
    )


def _required(name: str) -> str:
    kinds = [kind for kind, files in REQUIRED.items() if name in {HOOK_FOR[file] for file in files}]
    note = " (or a layout)" if "bank" in kinds else ""
    if name == "identify_file":
        return "every plugin that reads by hook"
    return ", ".join(f"a {kind}" for kind in kinds) + note


def _concerns(hooks: frozenset[str]) -> str:
    return ", ".join(f"`{hook}`" for hook in sorted(hooks)) or "every plugin"


def _section(name: str, hook: Callable[..., Any]) -> str:
    signature = str(inspect.signature(hook)).replace("'", "")
    text = plain(inspect.getdoc(hook) or "")
    return f"## {name}\n\n```python\n{name}{signature}\n```\n\n{_fields(text)}\n"


def _fields(text: str) -> str:
    """``:param x:`` and its like as a list."""
    named = re.sub(r":param (\w+):", r"- `\1`:", text)
    named = re.sub(r":returns:", "- gives", named)
    return re.sub(r":raises (\w+):", r"- raises `\1`:", named)
