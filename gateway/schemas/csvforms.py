"""Reading a form that is CSV: UTF-8, separated by commas or semicolons."""

from __future__ import annotations

import csv
import io

from gateway.schemas.columns import COLUMN_NAMES
from gateway.schemas.forms import (
    HEADING_ROW,
    FormLimits,
    FormRow,
    decode,
    drop_empty_end,
    make_row,
    match_headings,
    refuse_too_many,
)
from gateway.schemas.problems import FormProblem

SEPARATORS = (",", ";")


def read_csv(content: bytes, limits: FormLimits) -> list[FormRow]:
    """Read the rows of a CSV form; empty lines are passed over but counted."""
    text = decode(content)
    separator = max(SEPARATORS, key=lambda sign: _count_known(text, sign))
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    names: tuple[str, ...] = ()
    rows: list[FormRow] = []
    row = 0
    try:
        for row, cells in enumerate(records, start=HEADING_ROW):
            if row == HEADING_ROW:
                names = match_headings([str(cell) for cell in drop_empty_end(cells)])
            elif any(cells):
                rows.append(_make_row(row, names, cells))
                refuse_too_many(len(rows), limits)
    except csv.Error:
        raise _broken(row + 1) from None
    if not names:
        match_headings(())
    return rows


def _make_row(row: int, names: tuple[str, ...], cells: list[str]) -> FormRow:
    surplus_is_empty = not any(cells[len(names) :])
    return make_row(row, names, cells[: len(names)] if surplus_is_empty else cells)


def _count_known(text: str, separator: str) -> int:
    heading = text.partition("\n")[0]
    return sum(part.strip('" \r').lower() in COLUMN_NAMES for part in heading.split(separator))


def _broken(row: int) -> FormProblem:
    return FormProblem(
        f"The CSV breaks at row {row}: quotes do not match.",
        message_id=f"CSV rusak pada baris {row}: tanda petik tidak berpasangan.",
        how_en="Save the form again as “CSV UTF-8”, or use the XLSX form.",
        how_id="Simpan ulang sebagai “CSV UTF-8”, atau pakai formulir XLSX.",
        reason="CSV_BROKEN",
    )
