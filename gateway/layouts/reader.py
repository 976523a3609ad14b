"""Read a partner's file by its layout: a sound frame, rows one by one, totals that agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from gateway.domain.files import InboundFile, RowDefect
from gateway.domain.partners import Partner
from gateway.layouts.envelope import Envelope, open_envelope, tag_of, unreadable
from gateway.layouts.layout import FieldType, Layout, TotalKind
from gateway.layouts.lines import (
    FieldProblem,
    check_count,
    column_name,
    make_parsers,
    make_splitter,
    readable_fields,
)
from gateway.layouts.totals import Tallies, totals_disagree
from gateway.layouts.values import Value, ValueProblem

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row by the city's names; an empty field is ``None``."""

    line: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records(Generic[T]):
    """A sound file: what its rows were built into, and the rows that broke the format.

    :param broken: for each defect, what could still be read of its row.
    """

    header: Mapping[str, Value]
    rows: tuple[T, ...]
    trailer: Mapping[str, Value]
    defects: tuple[RowDefect, ...] = ()
    broken: tuple[Row, ...] = ()


def read_records(layout: Layout, file: InboundFile, partner: Partner) -> Records[Row]:
    """Read a file into rows of the city's names.

    :raises FileUnreadable: the file breaks the format outside its rows.
    :raises TotalsDisagree: ``F_CONTROL``.
    """
    return read_rows(layout, file, partner, lambda line, values: Row(line=line, values=values))


def read_rows(
    layout: Layout,
    file: InboundFile,
    partner: Partner,
    build: Callable[[int, Mapping[str, Value]], T],
) -> Records[T]:
    """As :func:`read_records`, each good row built into a value at once.

    :param build: from line and values; raises :class:`FieldProblem` for a row that contradicts
        itself, which then is a defect though its money counts.
    """
    envelope = open_envelope(layout, partner, file)
    tallies = Tallies(layout)
    main = next((t.of for t in layout.totals if t.kind in {TotalKind.SUM, TotalKind.SUBSIDY}), "")
    rows: list[T] = []
    defects: list[RowDefect] = []
    broken: list[Row] = []
    for line, values, problem in _scan(layout, file.name, envelope):
        tallies.add(values)
        found = problem
        if found is None:
            try:
                rows.append(build(line, values))
                continue
            except FieldProblem as contradiction:
                found = contradiction
        defects.append(_defect(line, found, values.get(main)))
        broken.append(Row(line=line, values=values))
    tallies.check(file.name, envelope.trailer_line, envelope.trailer)
    return Records(
        header=envelope.header,
        rows=tuple(rows),
        trailer=envelope.trailer,
        defects=tuple(defects),
        broken=tuple(broken),
    )


def _defect(line: int, problem: FieldProblem, amount: Value) -> RowDefect:
    column = f"column {problem.column}: " if problem.column else ""
    kolom = f"kolom {problem.column}: " if problem.column else ""
    return RowDefect(
        line=line,
        column=problem.column,
        message_en=f"Line {line} cannot be read: {column}{problem.en}.",
        message_id=f"Baris {line} tidak terbaca: {kolom}{problem.id}.",
        amount_idr=amount if isinstance(amount, int) else None,
    )


def _scan(
    layout: Layout, file_name: str, envelope: Envelope
) -> Iterator[tuple[int, dict[str, Value], FieldProblem | None]]:
    """Each row with its values, or with its first problem and what is left of it."""
    is_row = _gate(layout, file_name)
    read_row = _row_reader(layout)
    ordinal = next((f.name for f in layout.detail if f.type is FieldType.ORDINAL), "")
    for place, text in enumerate(envelope.rows, start=1):
        line = envelope.first_line + place - 1
        is_row(line, text)
        values, problem = read_row(text)
        stated = values.get(ordinal, place)
        if stated != place:
            raise totals_disagree(file_name, line, ordinal, str(stated), place)
        yield line, values, problem


def _row_reader(layout: Layout) -> Callable[[str], tuple[dict[str, Value], FieldProblem | None]]:
    fields = layout.detail
    split = make_splitter(layout, fields)
    parsers = make_parsers(fields)
    count = len(fields)

    def read_row(text: str) -> tuple[dict[str, Value], FieldProblem | None]:
        texts: list[str] = []
        values: dict[str, Value] = {}
        try:
            texts = split(text)
            if len(texts) != count:
                check_count(fields, texts)
            for (name, parse), bare in zip(parsers, texts, strict=True):
                values[name] = parse(bare)
        except ValueProblem as bad:
            # As many values as were read stand before the field that failed.
            problem = FieldProblem(column_name(fields[len(values)]), bad.en, bad.id)
            return readable_fields(parsers, texts), problem
        except FieldProblem as problem:
            return values, problem
        return values, None

    return read_row


def _gate(layout: Layout, file_name: str) -> Callable[[int, str], None]:
    """Refuse a line between header and trailer that is no row at all."""
    tag = tag_of(layout, layout.detail)
    others = tuple(
        text for text in (tag_of(layout, layout.header), tag_of(layout, layout.trailer)) if text
    )

    def check(line: int, text: str) -> None:
        if text.startswith(others):
            raise unreadable(
                file_name,
                "RECORD_REPEATED",
                "a second header or trailer stands among the rows",
                "ada header atau trailer kedua di antara baris",
                line=line,
            )
        if not text or not text.startswith(tag):
            raise unreadable(
                file_name,
                "RECORD_UNKNOWN",
                "the line is no row of this file",
                "baris ini bukan baris rincian berkas ini",
                line=line,
            )

    return check
