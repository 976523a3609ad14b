"""What a layout must be before it may read or write: complete, unambiguous, with totals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gateway.layouts.layout import MAX_LINE, Field, FieldType, Layout, Style, TotalKind
from gateway.layouts.names import PLACES
from gateway.layouts.printing import fit_charset
from gateway.layouts.values import ValueProblem, spell_format, split_format
from gateway.layouts.vocabulary import ESSENTIAL, ESSENTIAL_FRAME

ENCODINGS = frozenset({"utf-8", "ascii", "latin-1"})
SEPARATORS = frozenset("|;,\t^~")
NEWLINES = frozenset({"\n", "\r\n"})
_NAME = re.compile(r"(?:[A-Za-z0-9_-]|\{[a-z]+\})(?:[A-Za-z0-9._-]|\{[a-z]+\})*")
_MOST_DIGITS = 9
_CHECKED = frozenset({FieldType.INTEGER, FieldType.RUPIAH, FieldType.PERCENT})


def layout_problems(layout: Layout) -> list[str]:
    """Say everything that is wrong with a layout; an empty list is good."""
    return [
        *_name_problems(layout),
        *_shape_problems(layout),
        *_field_problems(layout),
        *_total_problems(layout),
    ]


def _name_problems(layout: Layout) -> Iterator[str]:
    places = re.findall(r"\{([^}]*)\}", layout.name)
    if not _NAME.fullmatch(layout.name):
        yield f"file name {layout.name!r}: letters, digits, . _ - and {{places}} only"
    for place in places:
        if place not in PLACES:
            yield f"file name: unknown place {{{place}}}; known: {', '.join(sorted(PLACES))}"
    if len(set(places)) != len(places):
        yield "file name: a place stands twice"
    if "seq" in places and "version" not in places:
        yield "file name: {version} is missing, so a correction could not be told"
    if not 1 <= layout.sequence_digits <= _MOST_DIGITS:
        yield f"sequence_digits: 1 to {_MOST_DIGITS}"


def _shape_problems(layout: Layout) -> Iterator[str]:
    if layout.encoding not in ENCODINGS:
        yield f"encoding: one of {', '.join(sorted(ENCODINGS))}"
    if layout.newline not in NEWLINES:
        yield "newline: LF or CRLF"
    if layout.style is Style.FIXED:
        if layout.encoding == "utf-8":
            yield "encoding: a fixed-width file needs one byte per character (ascii, latin-1)"
        if layout.headings:
            yield "headings: a fixed-width file has none"
    elif layout.separator not in SEPARATORS:
        yield "separator: one of | ; , tab ^ ~"
    for before, after in layout.replace.items():
        if len(before) != 1 or before == after or layout.separator in after:
            yield f"replace: {before!r} must be one character, {after!r} without the separator"


def _field_problems(layout: Layout) -> Iterator[str]:
    records = (("header", layout.header), ("fields", layout.detail), ("trailer", layout.trailer))
    for where, fields in records:
        yield from _doubles(where, (field.name for field in fields))
        for field in fields:
            yield from (f"{where}.{field.name}: {text}" for text in _one_field(layout, field))
        if layout.style is Style.FIXED and sum(field.width for field in fields) > MAX_LINE:
            yield f"{where}: the line is longer than {MAX_LINE} characters"
    yield from _tag_problems(layout)
    missing = ESSENTIAL[layout.kind] - {field.name for field in layout.detail}
    framed = {field.name for field in (*layout.header, *layout.trailer)}
    missing |= ESSENTIAL_FRAME.get(layout.kind, frozenset()) - framed
    if missing:
        yield f"{', '.join(sorted(missing))} missing"
    if layout.headings:
        yield from _doubles("heading", (field.heading for field in layout.detail))


def _doubles(where: str, names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{where}: {name!r} stands twice"
        seen.add(name)


def _one_field(layout: Layout, field: Field) -> Iterator[str]:
    if layout.style is Style.FIXED:
        if field.width < 1:
            yield "width is missing"
        elif len(field.constant) > field.width:
            yield "the constant is wider than the field"
        yield from _width_problems(layout, field)
    if layout.headings and field in layout.detail and not field.heading:
        yield "heading is missing"
    if field.type is FieldType.CODE:
        if not field.codes:
            yield "codes are missing"
        elif len(set(field.codes.values())) != len(field.codes):
            yield "two of the partner's codes mean the same"
    if field.type in {FieldType.DATE, FieldType.MOMENT}:
        try:
            split_format(field.format)
        except ValueProblem as problem:
            yield f"format {field.format!r}: {problem.en}"
    fixed_texts = (field.heading, field.constant, field.format, *field.codes)
    if layout.style is Style.DELIMITED and any(layout.separator in text for text in fixed_texts):
        yield "heading, constant, codes or format hold the separator"
    try:
        fit_charset("".join(fixed_texts), layout.encoding)
    except (ValueProblem, LookupError):
        yield f"heading, constant or codes do not fit {layout.encoding}"


def _width_problems(layout: Layout, field: Field) -> Iterator[str]:
    if field.format and len(spell_format(field.format)) != field.width:
        yield f"width must be {len(spell_format(field.format))}, as its format"
    least = {FieldType.DIGEST: 64, FieldType.PERIOD: 6}.get(field.type, 0)
    if field.name == "seq":
        least = layout.sequence_digits
    if field.width < least:
        yield f"width must be {least} or more"


def _tag_problems(layout: Layout) -> Iterator[str]:
    tags = []
    for where, fields in (("header", layout.header), ("trailer", layout.trailer)):
        if not fields and where == "header":
            continue
        if not fields or fields[0].type is not FieldType.CONSTANT or not fields[0].constant:
            yield f"{where}: its first field must be a constant, by which it is known"
        else:
            tags.append(fields[0].constant)
    row = layout.detail[0] if layout.detail else None
    if row and row.type is FieldType.CONSTANT:
        tags.append(row.constant)
    elif layout.style is Style.FIXED:
        yield "fields: the first of a fixed-width row must be a constant, by which it is known"
    if len(set(tags)) != len(tags):
        yield "header, rows and trailer must begin differently"


def _total_problems(layout: Layout) -> Iterator[str]:
    kinds = {total.kind for total in layout.totals}
    counts = [t for t in layout.totals if t.kind is TotalKind.COUNT and not t.where]
    if not counts:
        yield "trailer: the number of rows (jumlah) is missing"
    if kinds <= {TotalKind.COUNT, TotalKind.STATED} and layout.kind != "TANDATERIMA":
        yield "trailer: a total of the money is missing"
    names = [total.name for total in layout.totals]
    yield from _doubles("totals", names)
    trailer = {field.name for field in layout.trailer}
    detail = {field.name for field in layout.detail}
    for total in layout.totals:
        needed = {total.name, *(total.of.split("-") if total.kind is TotalKind.MINUS else ())}
        if not needed <= trailer:
            yield f"totals.{total.name}: {', '.join(sorted(needed - trailer))} not in the trailer"
        summed = {total.of} if total.kind in {TotalKind.SUM, TotalKind.SUBSIDY} else set()
        if not summed | set(total.where) <= detail:
            yield f"totals.{total.name}: adds up a field that the rows do not have"
    for field in layout.trailer:
        if field.type in _CHECKED and field.name not in names:
            yield f"trailer.{field.name}: no total says what it must be"
    digests = [at for at, f in enumerate(layout.trailer) if f.type is FieldType.DIGEST]
    if digests and digests != [len(layout.trailer) - 1]:
        yield "trailer: the digest must be the last field, and the only one"
