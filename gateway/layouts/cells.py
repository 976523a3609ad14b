"""Typed looks at a row's values, for the maps between records and domain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gateway.errors import WrongAnswer
from gateway.layouts.layout import Layout
from gateway.layouts.values import Value
from gateway.layouts.vocabulary import ESSENTIAL

Values = Mapping[str, Value]


def require_fields(layout: Layout) -> None:
    """Refuse a layout that cannot tell what its kind must tell.

    :raises WrongAnswer: the layout lacks a field of its kind.
    """
    missing = ESSENTIAL[layout.kind] - {field.name for field in layout.detail}
    if missing:
        raise _no_such(f"The layout of {layout.kind} lacks", ", ".join(sorted(missing)))


def text(values: Values, name: str) -> str:
    """A text, empty where the row has none."""
    value = values.get(name)
    return value if isinstance(value, str) else ""


def number(values: Values, name: str) -> int:
    """A number that the row must have."""
    value = values.get(name)
    if isinstance(value, int):
        return value
    raise _no_such("The layout gives no number for", name)


def number_or_none(values: Values, name: str) -> int | None:
    """A number, where the row has one."""
    value = values.get(name)
    return value if isinstance(value, int) else None


def day(values: Values, name: str) -> date:
    """A day that the row must have."""
    value = values.get(name)
    if isinstance(value, date):
        return value
    raise _no_such("The layout gives no date for", name)


def _no_such(what: str, name: str) -> WrongAnswer:
    return WrongAnswer(
        f"{what} {name}.",
        message_id=f"{what} {name}.",
        how_en="Correct the plugin's layout.",
        how_id="Perbaiki tata letak plugin.",
    )
