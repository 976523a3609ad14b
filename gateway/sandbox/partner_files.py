"""Writing addresses and keys of the sandbox into partner files, line by line.

A partner file is people's text with comments: only the lines that must change are touched.
"""

from __future__ import annotations

import re

_SECTION = re.compile(r"\[([a-z_.]+)\]")


def set_values(text: str, values: dict[tuple[str, str], str]) -> str:
    """``text`` with each ``(section, key)`` set to a TOML literal; section ``""`` is the top.

    A key that is not there is added at the end of its section, a missing section at the end.
    """
    lines = text.splitlines()
    for (section, key), literal in values.items():
        lines = _set_value(lines, section, key, literal)
    return "\n".join(lines) + "\n"


def _set_value(lines: list[str], section: str, key: str, literal: str) -> list[str]:
    start, end = _bounds(lines, section)
    if start is None:
        return [*lines, "", f"[{section}]", f"{key} = {literal}"]
    for at in range(start, end):
        if re.match(rf"{re.escape(key)}\s*=", lines[at]):
            last = _last_line(lines, at)
            return [*lines[:at], f"{key} = {literal}", *lines[last + 1 :]]
    while end > start and not lines[end - 1].strip():
        end -= 1
    return [*lines[:end], f"{key} = {literal}", *lines[end:]]


def _bounds(lines: list[str], section: str) -> tuple[int | None, int]:
    """First line inside a section, and the line after its last."""
    start = None if section else 0
    for at, line in enumerate(lines):
        found = _SECTION.match(line)
        if found and start is not None:
            return start, at
        if found and found.group(1) == section:
            start = at + 1
    return start, len(lines)


def _last_line(lines: list[str], at: int) -> int:
    """Where the value that begins in line ``at`` ends; lists may run over several lines."""
    depth = 0
    for last in range(at, len(lines)):
        code = re.sub(r'"[^"]*"', "", lines[last]).partition("#")[0]
        depth += code.count("[") - code.count("]")
        if depth <= 0:
            return last
    return len(lines) - 1


def quoted(text: str) -> str:
    """A TOML string of plain ASCII text."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
