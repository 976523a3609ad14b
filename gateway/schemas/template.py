"""Writing the empty form that people fill in: one sheet to fill, one that explains."""

from __future__ import annotations

import io
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gateway.domain.programmes import Borrower, Programme
from gateway.schemas.columns import COLUMNS, Column
from gateway.schemas.sheets import SHEET_NAME

EXPLAINED = "Penjelasan"
LAST_ROW = 100_000
WIDTH = 24
CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - XLSX knows no zones; fixed, so that bytes repeat

HEADINGS = ("kolom", "wajib / required", "penjelasan", "explanation", "contoh / example")


def write_template(programme: Programme) -> bytes:
    """Write the form of a programme; the same programme gives the same bytes."""
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        workbook.set_properties({"title": programme.name, "created": CREATED})
        columns = _columns_of(programme)
        _write_form(workbook, workbook.add_worksheet(SHEET_NAME), columns, programme)
        _write_explanations(workbook, workbook.add_worksheet(EXPLAINED), columns, programme)
    return target.getvalue()


def _columns_of(programme: Programme) -> tuple[Column, ...]:
    is_group = programme.borrower is Borrower.GROUP
    return tuple(column for column in COLUMNS if is_group or not column.group)


def _is_required(column: Column, programme: Programme) -> bool:
    return column.required or (column.group and programme.borrower is Borrower.GROUP)


def _write_form(
    workbook: Workbook, sheet: Worksheet, columns: tuple[Column, ...], programme: Programme
) -> None:
    bold, plain = workbook.add_format({"bold": True}), workbook.add_format({"italic": True})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTH, _format_of(workbook, column))
        sheet.write_string(
            0, place, column.name, bold if _is_required(column, programme) else plain
        )
        choices = _choices_of(column, programme)
        if choices:
            rule = {"validate": "list", "source": choices, "ignore_blank": True}
            sheet.data_validation(1, place, LAST_ROW, place, rule)
    sheet.freeze_panes(1, 2)


def _format_of(workbook: Workbook, column: Column) -> Format:
    if column.is_date:
        return workbook.add_format({"num_format": "yyyy-mm-dd"})
    return workbook.add_format({"num_format": "@" if column.as_text else "0"})


def _choices_of(column: Column, programme: Programme) -> list[str]:
    choices = {
        "jenis_kelamin": ["L", "P"],
        "peran_kelompok": ["ketua", "anggota"],
        "bank": list(programme.partners),
    }
    return choices.get(column.name, [])


def _write_explanations(
    workbook: Workbook, sheet: Worksheet, columns: tuple[Column, ...], programme: Programme
) -> None:
    bold, text = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "@"})
    for place, heading in enumerate(HEADINGS):
        sheet.set_column(place, place, WIDTH * 2)
        sheet.write_string(0, place, heading, bold)
    for row, column in enumerate(columns, start=1):
        required = "ya / yes" if _is_required(column, programme) else "tidak / no"
        for place, words in enumerate(
            (column.name, required, column.label_id, column.label_en, column.example)
        ):
            sheet.write_string(row, place, words, text)
