"""One row of an application form, cell by cell: the marshmallow schema and what it gives.

Rows are loaded one by one: ``load(many=True)`` would skip checks of the whole form once one
row has an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, cast

from marshmallow import RAISE, Schema, ValidationError, fields

from gateway.domain.applications import GroupRole, Sex
from gateway.domain.identity import Problem
from gateway.schemas import cells, problems

Found = tuple[str, Problem]
"""(column, problem)"""


class RowValues(TypedDict, total=False):
    """The sound cells of a row, by column."""

    nik: str
    nama: str
    tgl_lahir: date
    jenis_kelamin: Sex
    alamat: str
    rt: str
    kelurahan: str
    no_hp: str
    nib: str
    npwp: str
    kbli: str
    nama_usaha: str
    mulai_usaha: date
    omzet_bulanan: int
    plafon_diajukan: int
    tenor_bulan: int
    tujuan: str
    bank: str
    persetujuan_slik_tgl: date
    persetujuan_slik_bukti: str
    ref_kelompok: str
    peran_kelompok: GroupRole
    nama_kelompok: str
    sumber_ref: str


class CellField(fields.Field[Any]):
    """A field whose parser gives a value or a problem."""

    default_error_messages = {"required": cast(Any, [problems.REQUIRED])}  # noqa: RUF012 - marshmallow's own attribute

    def __init__(self, parse: Callable[[cells.Cell], object], *, required: bool = False) -> None:
        super().__init__(required=required)
        self.parse = parse

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> object:  # noqa: ARG002 - marshmallow's signature
        found = self.parse(value)
        if isinstance(found, Problem):
            raise ValidationError([found])
        return found


class ApplicationRow(Schema):
    """One row of the form, cell by cell; unknown columns are refused."""

    class Meta:
        """Refuse what is not a column."""

        unknown = RAISE

    nik = CellField(cells.parse_digits(str, problems.NIK_AS_NUMBER), required=True)
    nama = CellField(cells.parse_name(100), required=True)
    tgl_lahir = CellField(cells.parse_date, required=True)
    jenis_kelamin = CellField(cells.parse_sex, required=True)
    alamat = CellField(cells.parse_text(200), required=True)
    rt = CellField(cells.parse_rt)
    kelurahan = CellField(cells.parse_kelurahan, required=True)
    no_hp = CellField(cells.parse_phone, required=True)
    nib = CellField(cells.parse_business_id)
    npwp = CellField(cells.parse_digits(str))
    kbli = CellField(cells.parse_kbli)
    nama_usaha = CellField(cells.parse_text(100), required=True)
    mulai_usaha = CellField(cells.parse_date)
    omzet_bulanan = CellField(cells.parse_money)
    plafon_diajukan = CellField(cells.parse_money, required=True)
    tenor_bulan = CellField(cells.parse_months, required=True)
    tujuan = CellField(cells.parse_text(200), required=True)
    bank = CellField(cells.parse_reference(40))
    persetujuan_slik_tgl = CellField(cells.parse_date)
    persetujuan_slik_bukti = CellField(cells.parse_text(200))
    ref_kelompok = CellField(cells.parse_reference(35))
    peran_kelompok = CellField(cells.parse_role)
    nama_kelompok = CellField(cells.parse_text(100))
    sumber_ref = CellField(cells.parse_reference(64))


SCHEMA = ApplicationRow()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCells:
    """The sound cells of a row, and the problems of the others."""

    values: RowValues
    found: list[Found]


def check_cells(values: Mapping[str, cells.Cell]) -> CheckedCells:
    """Check every cell of a row on its own; cells that hold only blanks count as empty."""
    filled = {name: cell for name, cell in values.items() if not _is_blank(cell)}
    try:
        return CheckedCells(values=cast(RowValues, SCHEMA.load(filled)), found=[])
    except ValidationError as error:
        sound = cast(RowValues, error.valid_data or {})
        messages = cast(dict[str, list[object]], error.messages)
        return CheckedCells(values=sound, found=list(_list_problems(messages)))


def _is_blank(cell: cells.Cell) -> bool:
    return isinstance(cell, str) and not cells.clean(cell)


def _list_problems(messages: Mapping[str, list[object]]) -> Iterator[Found]:
    for column, texts in messages.items():
        for text in texts:
            yield column, text if isinstance(text, Problem) else problems.UNKNOWN_COLUMN
