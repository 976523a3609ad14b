"""Application forms as files: XLSX, CSV and JSON lines; the same rows give the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import xlsxwriter

Rows = Sequence[Mapping[str, str]]
_MONEY = ("omzet_bulanan", "plafon_diajukan")
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a spreadsheet's own date has no zone


def write_xlsx(columns: Sequence[str], rows: Rows) -> bytes:
    """A sheet whose cells are all text, as the form asks for."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        page = book.add_worksheet("permohonan")
        for at, name in enumerate(columns):
            page.write_string(0, at, name)
        for line, row in enumerate(rows, start=1):
            for at, name in enumerate(columns):
                if row[name]:
                    page.write_string(line, at, row[name])
    return made.getvalue()


def write_csv(columns: Sequence[str], rows: Rows) -> bytes:
    """Semicolons as Indonesian Excel writes them; money the way people write it."""
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, columns, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "plafon_diajukan": _rupiah(row["plafon_diajukan"])})
    return made.getvalue().encode()


def write_json_lines(rows: Rows) -> bytes:
    """One object a line; money as numbers, empty cells left out."""
    lines = [
        json.dumps(
            {name: int(value) if name in _MONEY else value for name, value in row.items() if value},
            ensure_ascii=False,
        )
        for row in rows
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _rupiah(amount: str) -> str:
    return "Rp" + f"{int(amount):,}".replace(",", ".")
