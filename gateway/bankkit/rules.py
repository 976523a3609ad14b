"""The rules of one row, and what is said when it breaks one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gateway.bankkit.problems import Problem
from gateway.bankkit.shapes import Form, Shape, fits

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def row_problems(shape: Shape, row: Mapping[str, str], line: int) -> list[Problem]:
    """Every column of a row that does not fit, and a split that does not add up."""
    problems = []
    for column in shape.columns:
        value = row[column.name]
        if "|" in value or _CONTROL.search(value):
            problems.append(
                Problem(
                    code="CHARACTER",
                    line=line,
                    message_id=f"kolom {column.name}: tanda | atau tanda kendali tidak boleh ada",
                    message_en=f"column {column.name}: no | and no control character is allowed",
                )
            )
        elif not fits(column, value):
            problems.append(
                Problem(
                    code=column.form.upper() if value else "REQUIRED",
                    line=line,
                    message_id=f"kolom {column.name}: "
                    + (_RULES_ID[column.form] if value else "wajib diisi"),
                    message_en=f"column {column.name}: "
                    + (_RULES_EN[column.form] if value else "must not be empty"),
                )
            )
    return problems or _split_problems(shape, row, line)


_RULES_ID = {
    Form.TEXT: "teks",
    Form.REF: "acuan 1-35 huruf ASCII tanpa |",
    Form.RUPIAH: "rupiah bulat, angka saja",
    Form.NUMBER: "bilangan bulat, angka saja",
    Form.DIGITS: "angka saja",
    Form.DATE: "tanggal yyyymmdd yang ada di kalender",
    Form.PERIOD: "bulan yyyymm",
    Form.PERCENT: "persen dengan dua desimal, mis. 7.00",
    Form.CODE: "kode di luar daftar",
}
_RULES_EN = {
    Form.TEXT: "text",
    Form.REF: "a reference of 1-35 ASCII characters without |",
    Form.RUPIAH: "whole rupiah, digits only",
    Form.NUMBER: "a whole number, digits only",
    Form.DIGITS: "digits only",
    Form.DATE: "a real day written yyyymmdd",
    Form.PERIOD: "a month written yyyymm",
    Form.PERCENT: "per cent with two decimals, such as 7.00",
    Form.CODE: "a code outside the list",
}


def _split_problems(shape: Shape, row: Mapping[str, str], line: int) -> list[Problem]:
    """ANGSURAN: the split must add up; a correction must name what it corrects."""
    if shape.kind != "ANGSURAN":
        return []
    problems = []
    parts = [row[name] for name in ("pokok", "bunga", "denda") if row[name]]
    if parts and row["pokok"] and sum(map(int, parts)) != int(row["nominal"]):
        problems.append(
            Problem(
                code="SPLIT",
                line=line,
                message_id="nominal tidak sama dengan pokok + bunga + denda",
                message_en="nominal is not pokok + bunga + denda",
            )
        )
    if row["jenis"] == "R" and not row["ref_asal"]:
        problems.append(
            Problem(
                code="REQUIRED",
                line=line,
                message_id="kolom ref_asal: koreksi harus menyebut transaksi asalnya",
                message_en="column ref_asal: a correction must name what it corrects",
            )
        )
    return problems
