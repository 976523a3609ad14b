"""Which line of a TOML file a key stands on, for messages that point."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields

_SECTION = re.compile(r"\s*\[\[?([A-Za-z0-9_.\"-]+)\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_\"-]+)\s*=")


def line_of(text: str, path: Iterable[str]) -> int:
    """The line on which the key at ``path`` stands; its nearest known parent's otherwise."""
    wanted = [part for part in path if not part.isdigit()]
    best, section = 1, ""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _SECTION.match(line):
            section = found[1].replace('"', "")
            if ".".join(wanted).startswith(section):
                best = number
        elif found := _KEY.match(line):
            full = f"{section}.{found[1]}".strip(".")
            if full == ".".join(wanted):
                return number
    return best


def load_table(path: Path, schema: Schema, problems: list[str]) -> dict[str, Any] | None:
    """Read one TOML file through its schema; every problem is added with file and line."""
    try:
        text = path.read_text("utf-8")
        raw = tomllib.loads(text)
    except FileNotFoundError:
        problems.append(f"{path.name}: the file is missing / berkas tidak ada")
        return None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        problems.append(f"{path.name}: not valid TOML / bukan TOML yang sah: {problem}")
        return None
    try:
        loaded: dict[str, Any] = schema.load(raw)
    except ValidationError as invalid:
        for where, message in _flatten(invalid.messages_dict):
            hint = _nearest(schema, where) if "Unknown field" in message else ""
            problems.append(
                f"{path.name}:{line_of(text, where)}: {'.'.join(where)}: {message}{hint}"
            )
        return None
    return loaded


def _flatten(
    messages: Mapping[Any, Any], above: tuple[str, ...] = ()
) -> Iterable[tuple[tuple[str, ...], str]]:
    for key, value in messages.items():
        where = above if key == "_schema" else (*above, str(key))
        if isinstance(value, Mapping):
            yield from _flatten(value, where)
        else:
            for message in value:
                yield where, str(message)


def _nearest(schema: Schema, where: tuple[str, ...]) -> str:
    inner: Schema | None = schema
    for part in where[:-1]:
        field = inner.fields.get(part) if inner else None
        inner = field.schema if isinstance(field, fields.Nested) else None
    names = [f.data_key or name for name, f in inner.fields.items()] if inner else []
    close = difflib.get_close_matches(where[-1], names, n=1)
    return f" Did you mean '{close[0]}'? / Maksudnya '{close[0]}'?" if close else ""
