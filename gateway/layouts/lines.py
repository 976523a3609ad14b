"""One line and its fields: cut apart and put together, delimited or fixed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from gateway.layouts.layout import Field, FieldType, Layout, Style
from gateway.layouts.printing import make_printer
from gateway.layouts.values import NUMBERS, Parser, Value, ValueProblem, make_parser

_FILLED = re.compile(r"(-?)([0-9]+(?:\.[0-9]+)?)")
_EVER_NEW = frozenset(
    {FieldType.TEXT, FieldType.REFERENCE, FieldType.LOAN_NUMBER, FieldType.ORDINAL}
)
_REMEMBERED = 4096
FieldParser = tuple[str, Parser]
LinePrinter = Callable[[Mapping[str, Value]], str]


class FieldProblem(Exception):
    """A line that is not a record; ``column`` is the partner's word where it has one."""

    def __init__(self, column: str, en: str, id_: str, *, reason: str = "VALUE") -> None:
        super().__init__(en)
        self.column, self.en, self.id, self.reason = column, en, id_, reason


def column_name(field: Field) -> str:
    """How the partner knows a field: its column heading, else the city's name."""
    return field.heading or field.name


def make_splitter(layout: Layout, fields: Sequence[Field]) -> Callable[[str], list[str]]:
    """Cut a line into the bare texts of its fields.

    The splitter raises :class:`FieldProblem` for a fixed-width line of another length; the
    number of fields of a delimited line is the caller's to compare.
    """
    if layout.style is Style.DELIMITED:
        separator = layout.separator
        return lambda line: line.split(separator)
    slices: list[tuple[slice, Callable[[str], str]]] = []
    start = 0
    for field in fields:
        unpad = _unpad_number if field.type in NUMBERS else _unpad_text
        slices.append((slice(start, start + field.width), unpad))
        start += field.width
    length = start

    def split(line: str) -> list[str]:
        if len(line) != length:
            raise FieldProblem(
                "",
                f"the line has {len(line)} characters, {length} are agreed",
                f"baris berisi {len(line)} karakter, yang disepakati {length}",
                reason="LINE_LENGTH",
            )
        return [unpad(line[place]) for place, unpad in slices]

    return split


def _unpad_text(text: str) -> str:
    return text.rstrip(" ")


def _unpad_number(text: str) -> str:
    """Bare digits of a zero-filled field; what is filled otherwise stays as it is and fails."""
    found = _FILLED.fullmatch(text)
    if not found:
        return text.strip(" ") and text
    sign, digits = found.groups()
    bare = digits.lstrip("0")
    if not bare or bare[0] == ".":
        bare = f"0{bare}"
    return sign + bare


class _Remembered(dict[str, Value]):
    """A parser that remembers: dates, codes and amounts come again and again in a file."""

    def __init__(self, parse: Parser) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, text: str) -> Value:
        value = self._parse(text)
        if len(self) < _REMEMBERED:
            self[text] = value
        return value


def make_parsers(fields: Sequence[Field]) -> list[FieldParser]:
    """Name and parser of each field, in order, for many rows of one file."""
    return [
        (
            field.name,
            make_parser(field)
            if field.type in _EVER_NEW
            else _Remembered(make_parser(field)).__getitem__,
        )
        for field in fields
    ]


def parse_fields(fields: Sequence[Field], texts: Sequence[str]) -> dict[str, Value]:
    """The values of a record.

    :raises FieldProblem: wrong number of fields, or the first that is not a value.
    """
    check_count(fields, texts)
    values: dict[str, Value] = {}
    for field, text in zip(fields, texts, strict=True):
        try:
            values[field.name] = make_parser(field)(text)
        except ValueProblem as problem:
            raise FieldProblem(
                column_name(field), problem.en, problem.id, reason=problem.reason
            ) from None
    return values


def check_count(fields: Sequence[Field], texts: Sequence[str]) -> None:
    """Compare the number of fields.

    :raises FieldProblem: with both numbers.
    """
    if len(texts) != len(fields):
        raise FieldProblem(
            "",
            f"it has {len(texts)} fields, {len(fields)} are agreed",
            f"berisi {len(texts)} kolom, yang disepakati {len(fields)}",
            reason="FIELD_COUNT",
        )


def readable_fields(parsers: Sequence[FieldParser], texts: Sequence[str]) -> dict[str, Value]:
    """What can still be read of a broken row; nothing if fields are missing."""
    values: dict[str, Value] = {}
    if len(texts) == len(parsers):
        for (name, parse), text in zip(parsers, texts, strict=True):
            try:
                values[name] = parse(text)
            except ValueProblem:
                continue
    return values


def make_line_printer(layout: Layout, fields: Sequence[Field]) -> LinePrinter:
    """Write a record as a line, without its end; missing values are empty.

    The printer raises :class:`FieldProblem` for a value that its field cannot hold.
    """
    printers = [(field, make_printer(field, layout)) for field in fields]
    glue = layout.separator if layout.style is Style.DELIMITED else ""

    def print_line(values: Mapping[str, Value]) -> str:
        texts = []
        for field, print_value in printers:
            fixed = field.type is FieldType.CONSTANT and field.required
            value: Value = field.constant if fixed else values.get(field.name)
            try:
                texts.append(print_value(value))
            except ValueProblem as problem:
                raise FieldProblem(
                    column_name(field), problem.en, problem.id, reason=problem.reason
                ) from None
        return glue.join(texts)

    return print_line
