"""Write a partner's file by its layout: the counterpart of the reader, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from gateway.clock import WIB
from gateway.domain.files import OutboundFile
from gateway.domain.partners import Partner
from gateway.errors import RuleError
from gateway.layouts.layout import FieldType, Layout, Style, TotalKind
from gateway.layouts.lines import FieldProblem, LinePrinter, make_line_printer
from gateway.layouts.names import render_name
from gateway.layouts.totals import Tally, Values, subtract
from gateway.layouts.values import Value


def write_records(
    layout: Layout,
    partner: Partner,
    *,
    header: Values,
    rows: Sequence[Values],
    on: date,
    sequence: int,
    version: int = 1,
    trailer: Values | None = None,
) -> OutboundFile:
    """Write rows of the city's names as the partner's file.

    ``kode_bank``, ``tanggal``, ``seq``, ``koreksi``, numbering, totals and digest are filled in
    here; ``dibuat`` is the start of ``on`` when the header does not give it.

    :param trailer: figures that do not follow from the rows (totals STATED and SUBSIDY).
    :raises RuleError: a value that the partner's file cannot hold, with a reason such as
        ``TEXT_UNMAPPABLE``, ``TEXT_TOO_LONG``, ``TEXT_SEPARATOR`` or ``SEQUENCE_TOO_HIGH``.
    """
    lines: list[str] = []
    if layout.header:
        stated = _complete_header(layout, partner, header, on, sequence, version)
        lines.append(_print_header(layout, stated))
    if layout.headings:
        lines.append(layout.separator.join(field.heading for field in layout.detail))
    numbered = _number_rows(layout, rows)
    lines += _print_rows(layout, numbered)
    body = _encode(layout, lines)
    figures = _trailer(layout, numbered, trailer or {}, hashlib.sha256(body).hexdigest())
    last = _print(layout, "T", make_line_printer(layout, layout.trailer), figures)
    period = header.get("periode")
    return OutboundFile(
        name=render_name(
            layout,
            partner,
            on=on,
            sequence=sequence,
            version=version,
            period=period if isinstance(period, str) else "",
        ),
        content=body + _encode(layout, [last]),
    )


def _complete_header(
    layout: Layout, partner: Partner, header: Values, on: date, sequence: int, version: int
) -> dict[str, Value]:
    return {
        "dibuat": datetime.combine(on, time.min, WIB),
        **header,
        "kode_bank": partner.bank_code,
        "tanggal": on,
        "seq": f"{sequence:0{layout.sequence_digits}d}",
        "koreksi": "KOREKSI" if version > 1 else None,
    }


def _print_header(layout: Layout, header: Values) -> str:
    text = _print(layout, "H", make_line_printer(layout, layout.header), header)
    if layout.style is Style.DELIMITED and layout.trim_header:
        return text.rstrip(layout.separator)
    return text


def _number_rows(layout: Layout, rows: Sequence[Values]) -> list[Values]:
    ordinal = next((f.name for f in layout.detail if f.type is FieldType.ORDINAL), None)
    if ordinal is None:
        return list(rows)
    return [{**row, ordinal: place} for place, row in enumerate(rows, start=1)]


def _print_rows(layout: Layout, rows: Sequence[Values]) -> list[str]:
    printer = make_line_printer(layout, layout.detail)
    return [_print(layout, f"D {place}", printer, row) for place, row in enumerate(rows, start=1)]


def _trailer(
    layout: Layout, rows: Sequence[Values], given: Values, digest: str
) -> Mapping[str, Value]:
    figures: dict[str, Value] = {}
    for total in layout.totals:
        if total.kind is TotalKind.MINUS:
            continue
        tally = Tally(total=total)
        for row in rows:
            tally.add(row)
        computed = total.kind in {TotalKind.COUNT, TotalKind.SUM}
        figures[total.name] = tally.known if computed else given.get(total.name, tally.known)
    for total in layout.totals:
        if total.kind is TotalKind.MINUS:
            figures[total.name] = subtract(total, figures)
    for field in layout.trailer:
        if field.type is FieldType.DIGEST:
            figures[field.name] = digest
    return figures


def _print(layout: Layout, where: str, printer: LinePrinter, values: Values) -> str:
    try:
        return printer(values)
    except FieldProblem as problem:
        raise RuleError(
            f"{layout.kind}, {where}, column {problem.column}: {problem.en}.",
            message_id=f"{layout.kind}, {where}, kolom {problem.column}: {problem.id}.",
            how_en="Correct the application, or agree on another layout with the partner.",
            how_id="Perbaiki permohonan, atau sepakati tata letak lain dengan mitra.",
            reason=problem.reason,
        ) from None


def _encode(layout: Layout, lines: Sequence[str]) -> bytes:
    return "".join(f"{line}{layout.newline}" for line in lines).encode(layout.encoding)
