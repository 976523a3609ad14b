"""docs/reference/settings.md: every key of every configuration file, from its schema."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, missing, validate

from gateway.config.programme_schemas import ProgrammeFile
from gateway.config.schemas import CalendarFile, GatewayFile, PartnerFile
from gateway.connectors import find_plugins, load_plugin
from gateway.connectors.relay import Relay
from gateway.connectors.settings import ask_schema
from pages.markdown import summary, table

DEEPEST = 6


def page(_root: Path) -> str:
    """The whole page."""
    sections = []
    for title, schema in _files():
        sections += [f"## {title}\n", table(("key", "type", "default"), _rows(schema, "", DEEPEST))]
    return "\n".join(
        [
            "# Settings\n",
            "Unknown keys are refused, with the nearest known one. A secret is never written into",
            "a file, only where it lies.\n",
            *sections,
        ]
    )


def _files() -> Iterator[tuple[str, Schema]]:
    for made in (GatewayFile, PartnerFile, ProgrammeFile, CalendarFile):
        yield summary(made).rstrip(".").replace("``", "`"), made()
    for name, card in find_plugins().items():
        if "settings_schema" in card.hooks:
            schema = ask_schema(Relay(name, load_plugin(name).module))
            yield f"`[settings]` of plugin `{name}`", schema


def _rows(schema: Schema, before: str, depth: int) -> Iterator[tuple[str, str, str]]:
    for name, field in schema.fields.items():
        key = f"{before}{field.data_key or name}"
        inner = _nested(field)
        if inner is None or not depth:
            yield f"`{key}`", _type(field), _default(field)
        else:
            many = "" if isinstance(field, fields.Nested) else "[]"
            yield from _rows(inner, f"{key}{many}.", depth - 1)


def _nested(field: fields.Field[Any]) -> Schema | None:
    if isinstance(field, fields.Nested):
        return field.schema
    return _nested(field.inner) if isinstance(field, fields.List) else None


def _type(field: fields.Field[Any]) -> str:
    about = str(field.metadata.get("about", ""))
    kind = type(field).__name__.removesuffix("Field").lower()
    limits = "".join(_limit(one) for one in field.validators)
    return f"{kind}{limits}. {about}" if about else f"{kind}{limits}"


def _limit(validator: object) -> str:
    if isinstance(validator, validate.Range):
        return f" {validator.min} to {validator.max}"
    if isinstance(validator, validate.OneOf):
        return f": {', '.join(f'`{choice}`' for choice in validator.choices)}"
    return ""


def _default(field: fields.Field[Any]) -> str:
    if field.required:
        return "**required**"
    default = field.load_default
    value = default() if callable(default) else default
    return "" if value is missing or value in ("", None, [], {}) else f"`{value}`"
