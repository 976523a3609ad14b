"""One strict parser for each type of field: what it lets through, the printer writes back.

Nothing here calls ``int`` on unchecked text; digits are ASCII.  A :class:`ValueProblem` never
quotes the value, which may be an applicant's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from gateway.clock import WIB
from gateway.layouts.layout import Field, FieldType

Value = str | int | date | datetime | None
Parser = Callable[[str], Value]

NUMBERS = frozenset({FieldType.RUPIAH, FieldType.INTEGER, FieldType.PERCENT, FieldType.ORDINAL})
"""Types that stand at the right of a fixed-width field, filled with zeros."""

_WHOLE = re.compile(r"0|[1-9][0-9]{0,15}")
_SIGNED = re.compile(r"0|-?[1-9][0-9]{0,15}")
_PERCENT = re.compile(r"(0|[1-9][0-9]{0,3})\.([0-9]{2})")
_DIGITS = re.compile(r"[0-9]{1,64}")
_LOAN_NUMBER = re.compile(r"[0-9]{1,35}")
_NARROW = {0xFF10 + digit: str(digit) for digit in range(10)}
_REFERENCE = re.compile(r"[ -~]{1,35}")
_PERIOD = re.compile(r"(19|20|21)[0-9]{2}(0[1-9]|1[0-2])")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
"""Control characters, line separators and marks that turn the direction of writing."""

_DATE_PARTS = {"%Y": "([0-9]{4})", "%m": "([0-9]{2})", "%d": "([0-9]{2})"}
_TIME_PARTS = {"%H": "([0-9]{2})", "%M": "([0-9]{2})", "%S": "([0-9]{2})"}
_PARTS = _DATE_PARTS | _TIME_PARTS
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class ValueProblem(ValueError):
    """A text that is not a value of its field, or a value that its field cannot hold.

    :param reason: a word for the writer's refusal, such as ``TEXT_TOO_LONG``.
    """

    def __init__(self, en: str, id_: str, *, reason: str = "VALUE") -> None:
        super().__init__(en)
        self.en, self.id, self.reason = en, id_, reason


def make_parser(field: Field) -> Parser:
    """The parser of a field's bare text; an empty text is ``None`` or a problem."""
    parse = _MAKERS[field.type](field)
    required = field.required

    def parse_or_none(text: str) -> Value:
        if text == "":
            if required:
                raise ValueProblem("it is empty", "kosong", reason="EMPTY")
            return None
        return parse(text)

    return parse if field.type is FieldType.CONSTANT else parse_or_none


def _text(field: Field) -> Parser:
    limit = field.limit

    def parse(text: str) -> Value:
        if _UNSEEN.search(text):
            raise ValueProblem(
                "it holds a control character", "memuat karakter kendali", reason="TEXT_CONTROL"
            )
        if limit and len(text) > limit:
            raise ValueProblem(
                f"it is longer than {limit} characters",
                f"lebih panjang dari {limit} karakter",
                reason="TEXT_TOO_LONG",
            )
        return text

    return parse


def _matching(pattern: re.Pattern[str], en: str, id_: str) -> Callable[[Field], Parser]:
    def make(field: Field) -> Parser:
        limit = field.limit
        match = pattern.fullmatch

        def parse(text: str) -> Value:
            if not match(text) or (limit and len(text) > limit):
                raise ValueProblem(f"it must be {en}", f"harus {id_}")
            return text

        return parse

    return make


def _loan_number(_field: Field) -> Parser:
    def parse(text: str) -> Value:
        if _LOAN_NUMBER.fullmatch(text):
            return text
        # Full-width digits are the same number typed on another keyboard; nothing else is.
        narrow = text.translate(_NARROW)
        if not _LOAN_NUMBER.fullmatch(narrow):
            raise ValueProblem("it must be 1 to 35 digits", "harus 1 sampai 35 angka")
        return narrow

    return parse


def _whole(field: Field) -> Parser:
    match = (_SIGNED if field.signed else _WHOLE).fullmatch
    low = -(10**16) if field.signed else field.minimum
    high = 10**16 if field.maximum is None else field.maximum

    def parse(text: str) -> Value:
        if not match(text):
            raise ValueProblem(
                "it must be bare digits, without points, signs or leading zeros",
                "harus angka saja, tanpa titik, tanda atau nol di depan",
            )
        # Checked above: at most sixteen ASCII digits.
        number = int(text)
        if not low <= number <= high:
            raise ValueProblem(*_range(low, field.maximum))
        return number

    return parse


def _range(low: int, high: int | None) -> tuple[str, str]:
    if high is None:
        return f"it must be {low} or more", f"harus {low} atau lebih"
    return f"it must be from {low} to {high}", f"harus dari {low} sampai {high}"


def _percent(field: Field) -> Parser:
    high = field.maximum

    def parse(text: str) -> Value:
        found = _PERCENT.fullmatch(text)
        if not found:
            raise ValueProblem(
                "it must be per cent with two decimals, such as 7.00",
                "harus persen dengan dua desimal, misalnya 7.00",
            )
        bps = int(found[1]) * 100 + int(found[2])
        if high is not None and bps > high:
            raise ValueProblem(*_range(0, high))
        return bps

    return parse


def _code(field: Field) -> Parser:
    codes = dict(field.codes)
    listed = ", ".join(codes)

    def parse(text: str) -> Value:
        try:
            return codes[text]
        except KeyError:
            raise ValueProblem(
                f"it must be one of {listed}", f"harus salah satu dari {listed}"
            ) from None

    return parse


def _constant(field: Field) -> Parser:
    def parse(text: str) -> Value:
        if text == field.constant or (text == "" and not field.required):
            return text or None
        if not field.constant:
            raise ValueProblem("it must be empty", "harus kosong")
        raise ValueProblem(f'it must be "{field.constant}"', f'harus "{field.constant}"')

    return parse


def split_format(pattern: str) -> tuple[re.Pattern[str], list[str]]:
    """A date format as a regular expression and the order of its letters.

    :raises ValueProblem: another letter than ``%Y %m %d %H %M %S``, or one of them twice.
    """
    pieces = re.split(r"(%.)", pattern)
    order = [piece for piece in pieces if piece in _PARTS]
    if any(piece.startswith("%") and piece not in _PARTS for piece in pieces):
        raise ValueProblem("only %Y %m %d %H %M %S", "hanya %Y %m %d %H %M %S", reason="FORMAT")
    if len(set(order)) != len(order) or not set(_DATE_PARTS) <= set(order):
        raise ValueProblem(
            "year, month and day once each", "tahun, bulan, hari masing-masing sekali"
        )
    expression = "".join(_PARTS.get(piece, re.escape(piece)) for piece in pieces)
    return re.compile(expression), order


def spell_format(pattern: str) -> str:
    """A date format as people write it: ``%d/%m/%Y`` is ``dd/mm/yyyy``."""
    spelled = {"%Y": "yyyy", "%m": "mm", "%d": "dd", "%H": "HH", "%M": "MM", "%S": "SS"}
    return re.sub(r"%.", lambda found: spelled.get(found[0], found[0]), pattern)


def _numbers(field: Field) -> Callable[[str], dict[str, int]]:
    expression, order = split_format(field.format)
    spelled = spell_format(field.format)

    def parse(text: str) -> dict[str, int]:
        found = expression.fullmatch(text)
        parts = dict(zip(order, map(int, found.groups()), strict=True)) if found else {}
        if not _FIRST_YEAR <= parts.get("%Y", 0) <= _LAST_YEAR:
            raise _no_date(spelled)
        return parts

    return parse


def _no_date(spelled: str) -> ValueProblem:
    return ValueProblem(f"it must be a real date as {spelled}", f"harus tanggal nyata {spelled}")


def _date(field: Field) -> Parser:
    numbers, spelled = _numbers(field), spell_format(field.format)

    def parse(text: str) -> Value:
        parts = numbers(text)
        try:
            return date(parts["%Y"], parts["%m"], parts["%d"])
        except ValueError:
            raise _no_date(spelled) from None

    return parse


def _moment(field: Field) -> Parser:
    numbers, spelled = _numbers(field), spell_format(field.format)

    def parse(text: str) -> Value:
        parts = numbers(text)
        clock = (parts.get("%H", 0), parts.get("%M", 0), parts.get("%S", 0))
        try:
            return datetime(parts["%Y"], parts["%m"], parts["%d"], *clock, tzinfo=WIB)
        except ValueError:
            raise _no_date(spelled) from None

    return parse


_MAKERS: dict[FieldType, Callable[[Field], Parser]] = {
    FieldType.TEXT: _text,
    FieldType.DIGITS: _matching(_DIGITS, "digits only", "angka saja"),
    FieldType.REFERENCE: _matching(
        _REFERENCE,
        "a reference of at most 35 plain characters",
        "acuan paling banyak 35 karakter biasa",
    ),
    FieldType.LOAN_NUMBER: _loan_number,
    FieldType.RUPIAH: _whole,
    FieldType.INTEGER: _whole,
    FieldType.ORDINAL: _whole,
    FieldType.DATE: _date,
    FieldType.MOMENT: _moment,
    FieldType.PERIOD: _matching(_PERIOD, "a month as yyyymm", "bulan yyyymm"),
    FieldType.CODE: _code,
    FieldType.PERCENT: _percent,
    FieldType.CONSTANT: _constant,
    FieldType.DIGEST: _matching(
        _SHA256, "a SHA-256 in 64 small hex letters", "SHA-256 dalam 64 huruf heksa kecil"
    ),
}
