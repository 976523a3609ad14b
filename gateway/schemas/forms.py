"""Reading an application form: XLSX, CSV or JSON lines become rows of named cells.

What is wrong with the file as a whole raises :class:`FormProblem` before any row is given;
what is wrong with one row travels with that row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from gateway.domain.identity import Problem
from gateway.schemas import problems
from gateway.schemas.cells import Cell
from gateway.schemas.columns import COLUMN_NAMES, REQUIRED_COLUMNS
from gateway.schemas.problems import FormProblem, RowError, row_error

HEADING_ROW = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLimits:
    """The most that is read; ``max_unpacked_bytes`` is for what an XLSX unpacks to."""

    max_bytes: int = 64 * 1024 * 1024
    max_unpacked_bytes: int = 512 * 1024 * 1024
    max_rows: int = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One row as it stands in the form; empty cells are left out.

    :param row: the line as people see it: the heading is 1, JSON lines count from 1.
    """

    row: int
    values: Mapping[str, Cell]
    errors: tuple[RowError, ...] = ()


def match_headings(headings: Sequence[str]) -> tuple[str, ...]:
    """Find the known column behind each heading.

    Headings are never repeated in a message: a file without a heading line has people there.

    :raises FormProblem: UNKNOWN_COLUMN, DUPLICATE_COLUMN or MISSING_COLUMN, all of one kind.
    """
    names = tuple(heading.strip().lower() for heading in headings)
    unknown = [place for place, name in enumerate(names) if name not in COLUMN_NAMES]
    if unknown:
        raise _unknown_columns(names, unknown)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _columns_problem("DUPLICATE_COLUMN", "ada dua kali", "appear twice", twice)
    missing = [name for name in REQUIRED_COLUMNS if name not in names]
    if missing:
        raise _columns_problem("MISSING_COLUMN", "tidak ada", "are missing", missing)
    return names


def drop_empty_end(cells: Sequence[Cell]) -> list[Cell]:
    """Leave out empty cells at the end of a line."""
    kept = list(cells)
    while kept and kept[-1] == "":
        kept.pop()
    return kept


def make_row(row: int, names: Sequence[str], cells: Sequence[Cell]) -> FormRow:
    """Name the cells of one line; a line with other cells than headings is refused."""
    filled = {name: cell for name, cell in zip(names, cells, strict=False) if cell != ""}
    if len(cells) != len(names):
        return FormRow(row=row, values=filled, errors=(_shape_error(row, problems.ROW_SHAPE),))
    return FormRow(row=row, values=filled)


def refuse_too_many(rows: int, limits: FormLimits) -> None:
    """Stop at more rows than a form may have."""
    if rows > limits.max_rows:
        raise FormProblem(
            f"The form has more than {limits.max_rows} rows.",
            message_id=f"Formulir memuat lebih dari {limits.max_rows} baris.",
            how_en="Split it into several files.",
            how_id="Bagi menjadi beberapa berkas.",
            reason="TOO_MANY_ROWS",
        )


def decode(content: bytes) -> str:
    """Read UTF-8, with or without a byte order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FormProblem(
            "The file is not UTF-8 text.",
            message_id="Berkas bukan teks UTF-8.",
            how_en="Save it as “CSV UTF-8”, or use the XLSX form.",
            how_id="Simpan sebagai “CSV UTF-8”, atau pakai formulir XLSX.",
            reason="ENCODING",
        ) from None


HEADING = re.compile(r"[a-z]+(_[a-z]+)*\Z")
"""Looks like a heading and not like somebody's cell; only such a name is repeated."""


def _shape_error(row: int, problem: Problem) -> RowError:
    return row_error(row, "", problem)


def _unknown_columns(names: Sequence[str], places: Sequence[int]) -> FormProblem:
    found_id, found_en = [], []
    for place in places:
        near = get_close_matches(names[place], COLUMN_NAMES, n=1)
        name = f" '{names[place]}'" if HEADING.fullmatch(names[place]) else ""
        found_id.append(f"kolom ke-{place + 1}{name}" + (f" (mungkin {near[0]})" if near else ""))
        found_en.append(f"column {place + 1}{name}" + (f" (perhaps {near[0]})" if near else ""))
    return FormProblem(
        f"The heading line has unknown columns: {', '.join(found_en)}.",
        message_id=f"Baris judul memuat kolom yang tidak dikenal: {', '.join(found_id)}.",
        how_en=f"The first line holds these headings only: {', '.join(COLUMN_NAMES)}.",
        how_id=f"Baris pertama hanya berisi judul ini: {', '.join(COLUMN_NAMES)}.",
        reason="UNKNOWN_COLUMN",
    )


def _columns_problem(code: str, what_id: str, what_en: str, names: Sequence[str]) -> FormProblem:
    listed = ", ".join(names)
    return FormProblem(
        f"These columns {what_en}: {listed}.",
        message_id=f"Kolom berikut {what_id}: {listed}.",
        how_en="Use the headings of the official form (gateway intake --template).",
        how_id="Pakai judul dari formulir resmi (gateway intake --template).",
        reason=code,
    )
