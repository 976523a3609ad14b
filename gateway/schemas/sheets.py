"""Reading a form that is an XLSX workbook, and refusing workbooks made to harm."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from gateway.schemas.cells import Cell
from gateway.schemas.forms import (
    HEADING_ROW,
    FormLimits,
    FormRow,
    drop_empty_end,
    make_row,
    match_headings,
    refuse_too_many,
)
from gateway.schemas.problems import FormProblem

SHEET_NAME = "Permohonan"
MAX_PARTS = 1_000
CHUNK_BYTES = 1024 * 1024
SPARE_ROWS = 1_000
"""Empty lines that a form may have besides its rows."""
OVERLAP_BYTES = 256

BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError),
    *(EOFError, OSError, ValueError),
)
"""What Python's reader raises for an archive that is cut, broken, locked or too new."""

FAR_COLUMN = re.compile(rb"""\sr\s*=\s*["'](?:[A-Za-z]{3,}|[B-Zb-z][A-Za-z])[0-9]""")
FAR_ROW = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]*0*([0-9]{6,})["']""")
ERROR_CELL = re.compile(rb"""<c\s[^<>]*\bt\s*=\s*["']e["']""")


def read_sheet(content: bytes, limits: FormLimits) -> list[FormRow]:
    """Read the sheet “Permohonan”, or the first one; empty rows are passed over but counted."""
    _refuse_harm(content, limits)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            lines = _choose_sheet(workbook).to_python(skip_empty_area=False)
    except CalamineError:
        raise _unreadable() from None
    if not lines:
        match_headings(())
    headings = drop_empty_end([_cell(value) for value in lines[0]])
    names = match_headings([str(heading) for heading in headings])
    rows: list[FormRow] = []
    for row, line in enumerate(lines[1:], start=HEADING_ROW + 1):
        cells = drop_empty_end([_cell(value) for value in line])
        if cells:
            cells += [""] * (len(names) - len(cells))
            rows.append(make_row(row, names, cells))
            refuse_too_many(len(rows), limits)
    return rows


def _choose_sheet(workbook: CalamineWorkbook) -> CalamineSheet:
    if SHEET_NAME in workbook.sheet_names:
        return workbook.get_sheet_by_name(SHEET_NAME)
    return workbook.get_sheet_by_index(0)


def _cell(value: object) -> Cell:
    """Make whole numbers whole, midnight a day, and keep everything else as text."""
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, str | date):
        return value.strip(" ") if isinstance(value, str) else value
    if isinstance(value, bool):
        return str(value)
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return str(value)
    is_whole = number.is_finite() and number == number.to_integral_value()
    return int(number) if is_whole else str(value)


def _refuse_harm(content: bytes, limits: FormLimits) -> None:
    """Unpack once within limits; a cell far out would make the reader fill all memory."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise _too_large()
            for part in parts:
                for chunk in _read_part(archive, part):
                    unpacked += len(chunk) - OVERLAP_BYTES
                    if unpacked > limits.max_unpacked_bytes:
                        raise _too_large()
                    _look_at(chunk, limits)
    except BROKEN_ZIP:
        raise _unreadable() from None


def _read_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    tail = b" " * OVERLAP_BYTES
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield tail + chunk
            tail = (tail + chunk)[-OVERLAP_BYTES:]


def _look_at(chunk: bytes, limits: FormLimits) -> None:
    if FAR_COLUMN.search(chunk):
        raise _too_large()
    for found in FAR_ROW.finditer(chunk):
        if int(found[1]) > limits.max_rows + SPARE_ROWS:
            refuse_too_many(limits.max_rows + 1, limits)
    if ERROR_CELL.search(chunk):
        raise FormProblem(
            "A formula in the form gives an error (such as #N/A or #REF!).",
            message_id="Ada rumus di formulir yang menghasilkan galat (misalnya #N/A atau #REF!).",
            how_en="Replace formulas by plain values.",
            how_id="Ganti rumus dengan isi biasa (tempel sebagai nilai).",
            reason="CELL_ERROR",
        )


def _too_large() -> FormProblem:
    return FormProblem(
        "The workbook is too large or has cells far outside the form.",
        message_id="Buku kerja terlalu besar atau berisi sel jauh di luar formulir.",
        how_en="Copy the rows into a fresh form and send that.",
        how_id="Salin barisnya ke formulir baru, lalu kirim formulir itu.",
        reason="FORM_TOO_LARGE",
    )


def _unreadable() -> FormProblem:
    return FormProblem(
        "The file is no readable XLSX workbook (perhaps cut off or locked by a password).",
        message_id="Berkas bukan buku kerja XLSX yang terbaca (mungkin terpotong atau bersandi).",
        how_en="Open it in Excel and save it again as .xlsx without a password.",
        how_id="Buka di Excel dan simpan lagi sebagai .xlsx tanpa sandi.",
        reason="XLSX_UNREADABLE",
    )
