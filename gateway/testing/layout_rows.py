"""Rows that fit any layout, made from the types of its fields alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from gateway.clock import WIB
from gateway.layouts import Field, FieldType, Layout, TotalKind
from gateway.layouts.values import Value
from gateway.testing.builders import DAY

TAKEN_BY_THE_CODEC = frozenset({FieldType.ORDINAL, FieldType.CONSTANT, FieldType.DIGEST})
FILLED_BY_THE_CODEC = frozenset({"kode_bank", "tanggal", "seq", "koreksi"})
ROWS = 4
MOMENT = datetime(2026, 8, 3, 8, 30, 15, tzinfo=WIB)
PLAIN: Mapping[FieldType, Callable[[int, int], Value]] = {
    FieldType.DATE: lambda place, _room: DAY.replace(day=DAY.day + place),
    FieldType.PERIOD: lambda _place, _room: "202608",
    FieldType.DIGITS: lambda place, room: f"0{place}12345678901234"[:room],
    FieldType.LOAN_NUMBER: lambda place, room: f"0{place}12345678901234"[:room],
    FieldType.REFERENCE: lambda place, room: f"R{place}CONTOH00000000"[:room],
    FieldType.PERCENT: lambda place, _room: 705 + place,
}


def make_rows(layout: Layout) -> list[dict[str, Value]]:
    """Full rows, and between them rows with nothing but what is required."""
    return [_record(layout.detail, place) for place in range(ROWS)]


def make_header(layout: Layout) -> dict[str, Value]:
    """Everything in a header that the codec does not fill in itself."""
    own = [field for field in layout.header if field.name not in FILLED_BY_THE_CODEC]
    return _record(own, 0) | {
        field.name: "a" * 64 for field in own if field.type is FieldType.DIGEST
    }


def make_trailer(layout: Layout) -> dict[str, Value]:
    """The figures of a trailer that do not follow from the rows."""
    return {total.name: 0 for total in layout.totals if total.kind is TotalKind.STATED}


def _record(fields: Sequence[Field], place: int) -> dict[str, Value]:
    full = place % 2 == 0
    return {
        field.name: _value(field, place) if full or field.required else None
        for field in fields
        if field.type not in TAKEN_BY_THE_CODEC
    }


def _value(field: Field, place: int) -> Value:
    room = min(size for size in (field.width, field.limit, 16) if size)
    if field.type is FieldType.CODE:
        words = sorted(set(field.codes.values()))
        return words[place % len(words)]
    if field.type in (FieldType.RUPIAH, FieldType.INTEGER):
        return _number(field, place, room)
    if field.type is FieldType.MOMENT:
        return MOMENT if "%S" in field.format else MOMENT.replace(second=0)
    return PLAIN.get(field.type, _text)(place, room)


def _text(place: int, room: int) -> Value:
    return f"CONTOH {place} ABCDEFG"[:room].strip()


def _number(field: Field, place: int, room: int) -> int:
    room_for = int("9" * min(room, 12))
    most = room_for if field.maximum is None else min(room_for, field.maximum)
    return max(field.minimum, min(most, 1_234_567 + place))
