"""The printer of each type of field, and text made fit for a partner's character set.

What a printer gives, the field's own parser reads back as the same value (text and moments may
lose what the partner's file has no room for); any other value is refused by name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime

from gateway.clock import WIB
from gateway.layouts.layout import Field, FieldType, Layout, Style
from gateway.layouts.values import NUMBERS, Value, ValueProblem, make_parser

Printer = Callable[[Value], str]

_LIKENESS = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u00a0": " ",
        "\u00d8": "O",
        "\u00f8": "o",
        "\u00df": "ss",
        "\u00c6": "AE",
        "\u00e6": "ae",
        "\u0141": "L",
        "\u0142": "l",
    }
)


def make_printer(field: Field, layout: Layout) -> Printer:
    """The printer of a field, padded to its width where the layout is fixed."""
    spell = _spell(field, layout)
    parse = make_parser(field)
    pad = _pad(field) if layout.style is Style.FIXED else None
    # Text may be cut or lose an accent, a moment its fraction of a second; nothing else changes.
    lossy = field.type in {FieldType.TEXT, FieldType.MOMENT}
    separator = layout.separator if layout.style is Style.DELIMITED else ""

    def print_value(value: Value) -> str:
        text = "" if value is None else spell(value)
        if separator and separator in text:
            raise ValueProblem(
                "it holds the separator", "memuat karakter pemisah", reason="TEXT_SEPARATOR"
            )
        back = parse(text)
        if not lossy and back != (None if value == "" else value):
            raise ValueProblem("the field cannot hold it", "tidak dapat dimuat kolom ini")
        return pad(text) if pad else text

    return print_value


def _spell(field: Field, layout: Layout) -> Printer:
    if field.type in {FieldType.DATE, FieldType.MOMENT}:
        return _spell_date(field)
    if field.type is FieldType.CODE:
        return _spell_code(field)
    if field.type is FieldType.PERCENT:
        return lambda value: _spell_percent(_whole(value))
    if field.type in NUMBERS:
        return lambda value: str(_whole(value))
    if field.type is FieldType.TEXT:
        return _spell_text(field, layout)
    return str


def _whole(value: Value) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueProblem("it must be a whole number", "harus bilangan bulat")


def _spell_percent(bps: int) -> str:
    whole, rest = divmod(bps, 100)
    return f"{whole}.{rest:02d}"


def _spell_date(field: Field) -> Printer:
    moment = field.type is FieldType.MOMENT

    def spell(value: Value) -> str:
        if moment and isinstance(value, datetime) and value.tzinfo:
            return _strftime(value.astimezone(WIB), field.format)
        if not moment and isinstance(value, date) and not isinstance(value, datetime):
            return _strftime(value, field.format)
        raise ValueProblem("it must be a date", "harus tanggal")

    return spell


def _strftime(value: date, pattern: str) -> str:
    # strftime does not fill %Y with zeros on every platform.
    return value.strftime(pattern.replace("%Y", f"{value.year:04d}"))


def _spell_code(field: Field) -> Printer:
    known = {city: partner for partner, city in field.codes.items()}

    def spell(value: Value) -> str:
        if value == "":
            return ""
        try:
            return known[str(value)]
        except KeyError:
            listed = ", ".join(known)
            raise ValueProblem(
                f"it must be one of {listed}", f"harus salah satu dari {listed}"
            ) from None

    return spell


def _spell_text(field: Field, layout: Layout) -> Printer:
    swaps = str.maketrans(dict(layout.replace))
    room = field.width if layout.style is Style.FIXED else field.limit

    def spell(value: Value) -> str:
        text = fit_charset(str(value).translate(swaps), layout.encoding)
        if layout.style is Style.FIXED:
            text = text.rstrip(" ")
        return text[:room].rstrip(" ") if field.cut and room else text

    return spell


def fit_charset(text: str, encoding: str) -> str:
    """The text in characters that ``encoding`` has: ``é`` becomes ``e`` where it must.

    :raises ValueProblem: ``TEXT_UNMAPPABLE``, for a letter without such a likeness.
    """
    if _fits(text, encoding):
        return text
    plain = unicodedata.normalize("NFKD", text.translate(_LIKENESS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if _fits(plain, encoding):
        return plain
    raise ValueProblem(
        f"it holds a letter that {encoding} does not have",
        f"memuat huruf yang tidak ada dalam {encoding}",
        reason="TEXT_UNMAPPABLE",
    )


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _pad(field: Field) -> Callable[[str], str]:
    def pad(text: str) -> str:
        if len(text) > field.width:
            raise ValueProblem(
                f"it does not fit {field.width} characters",
                f"tidak muat dalam {field.width} karakter",
                reason="TEXT_TOO_LONG",
            )
        if field.type in NUMBERS and text:
            return text.zfill(field.width)
        return text.ljust(field.width)

    return pad
