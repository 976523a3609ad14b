"""A bank's spreadsheet as rows of a standard file."""

from __future__ import annotations

from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from gateway.bankkit.pipe import shape_of
from gateway.bankkit.problems import trouble


def read_sheet(kind: str, path: Path) -> list[dict[str, str]]:
    """The rows of a spreadsheet's first sheet, whose first row names the columns.

    :raises KitError: for an unreadable sheet or a missing column.
    """
    try:
        table = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError) as error:
        raise trouble("SHEET", "lembar tidak terbaca", "the sheet cannot be read") from error
    headings = [str(cell).strip() for cell in table[0]] if table else []
    missing = [
        column.name
        for column in shape_of(kind).columns
        if column.required and column.name not in headings
    ]
    if missing:
        listed = ", ".join(missing)
        raise trouble("COLUMNS", f"kolom tidak ada: {listed}", f"columns missing: {listed}")
    return [
        {name: _cell(cell) for name, cell in zip(headings, line, strict=False)}
        for line in table[1:]
        if any(cell not in ("", None) for cell in line)
    ]


def _cell(value: object) -> str:
    """A cell as text: days as ``yyyymmdd``, whole numbers without a point."""
    if hasattr(value, "strftime"):
        return f"{value:%Y%m%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
