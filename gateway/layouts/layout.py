"""A bank's file as data: records, fields, totals.  One codec reads and writes all of them.

The ``name`` of a field is the city's word for it (``ref_pengajuan``, ``nominal`` …, see
``docs/reference/layouts.md``); what the partner calls it, how it writes dates and which codes
it uses are properties of the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.domain.files import FileKind

MAX_LINE = 65_536
"""Characters in one line, its end not counted."""


class FieldType(StrEnum):
    """What a field holds, and so what Python value it becomes."""

    TEXT = "text"  # str
    DIGITS = "digits"  # str of ASCII digits, leading zeros kept
    REFERENCE = "reference"  # str, 1-35 printable ASCII without the separator
    LOAN_NUMBER = "loan_number"  # str of digits, zeros kept; full-width digits become ASCII
    RUPIAH = "rupiah"  # int, bare digits
    INTEGER = "integer"  # int, 0 or more
    DATE = "date"  # datetime.date, by ``format``
    MOMENT = "moment"  # aware datetime in WIB, by ``format``
    PERIOD = "period"  # str yyyymm
    CODE = "code"  # str, one of ``codes``
    PERCENT = "percent"  # int basis points, written as per cent with two decimals (7.00)
    ORDINAL = "ordinal"  # int, must count 1…n over the rows
    CONSTANT = "constant"  # str, must equal ``constant``
    DIGEST = "digest"  # str, lower-case hex SHA-256; in a trailer, of all bytes before its line


class Style(StrEnum):
    """How fields stand in a line."""

    DELIMITED = "delimited"
    FIXED = "fixed"


class TotalKind(StrEnum):
    """How a trailer's figure follows from the rows."""

    COUNT = "count"
    SUM = "sum"
    MINUS = "minus"
    STATED = "stated"
    SUBSIDY = "subsidy"  # the sum of rows, or the sum of once-rounded loans


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record.

    :param name: the city's name; unique within its record.
    :param heading: the partner's column heading, for CSV with a heading line.
    :param width: characters in a fixed-width line; text is left-aligned and space-filled,
        numbers are right-aligned and zero-filled.
    :param required: may not be empty.
    :param codes: partner's code -> city's code; used both ways.
    :param format: of dates and moments, in ``strptime`` letters (``%Y %m %d %H %M %S``).
    :param minimum: of numbers.
    :param maximum: of numbers, ``None`` for sixteen digits.
    :param signed: a number that may be below zero, written with a leading ``-``.
    :param limit: most characters of a text, 0 for the line's limit.
    :param cut: text longer than ``width`` is cut at the end when written, not refused.
    """

    name: str
    type: FieldType
    heading: str = ""
    width: int = 0
    required: bool = True
    codes: Mapping[str, str] = field(default_factory=dict)
    format: str = ""
    constant: str = ""
    label_id: str = ""
    label_en: str = ""
    minimum: int = 0
    maximum: int | None = None
    signed: bool = False
    limit: int = 0
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """How the trailer field ``name`` is checked (and written).

    :param of: SUM: the detail field added up; MINUS: two trailer names ``"a-b"``.
    :param where: detail field -> city's codes that count; empty means every row.
    """

    name: str
    kind: TotalKind
    of: str = ""
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One kind of file of one partner.

    Header fields that the codec fills and checks itself: ``kode_bank``, ``tanggal``, ``seq``,
    ``koreksi`` and all constants.  Trailing empty header fields may be left out when reading.

    :param name: template of the file name with ``{bank} {region} {kind} {date} {period} {seq}
        {version}``; ``{version}`` is empty for 1 and ``.v2`` … for corrections.
    :param kind_name: the partner's word for ``{kind}``.
    :param header: the first record, empty for none.
    :param trailer: the last record; a layout without control totals is refused.
    :param headings: a line of column headings follows the header (CSV).
    :param sequence_digits: how ``{seq}`` is zero-filled.
    :param trim_header: trailing empty header fields are left out when writing.
    :param replace: characters that the partner's text cannot hold -> what is written instead.
    """

    kind: FileKind
    name: str
    detail: tuple[Field, ...]
    trailer: tuple[Field, ...]
    totals: tuple[Total, ...]
    header: tuple[Field, ...] = ()
    kind_name: str = ""
    style: Style = Style.DELIMITED
    separator: str = "|"
    encoding: str = "utf-8"
    newline: str = "\n"
    headings: bool = False
    sequence_digits: int = 3
    max_rows: int = 2_000_000
    max_bytes: int = 512 * 1024 * 1024
    trim_header: bool = True
    replace: Mapping[str, str] = field(default_factory=dict)
