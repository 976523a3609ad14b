"""The city's standard files, kind by kind: which columns, which totals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Form(StrEnum):
    """How a column is written."""

    TEXT = "text"
    REF = "ref"
    RUPIAH = "rupiah"
    NUMBER = "number"
    DIGITS = "digits"
    DATE = "date"
    PERIOD = "period"
    PERCENT = "percent"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a ``D`` line."""

    name: str
    form: Form
    required: bool
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One figure of the ``T`` line.

    :param of: the column to add up; empty counts the rows.
    :param where: add or count only rows with ``(column, value)`` among these.
    :param less: this figure is the first named total less the second.
    :param stated: the bank states it; it does not follow from the rows.
    """

    name: str
    of: str = ""
    where: frozenset[tuple[str, str]] = frozenset()
    less: tuple[str, str] | None = None
    stated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One kind of file."""

    kind: str
    columns: tuple[Column, ...]
    totals: tuple[Total, ...]


_COLUMN = re.compile(r"([a-z_0-9]+):([a-z]+)(?:\(([A-Z0-9,]+)\))?(\?)?")


def _columns(text: str) -> tuple[Column, ...]:
    """Columns from ``name:form(codes)?`` words; the ``?`` marks one that may be empty."""
    made = []
    for word in text.split():
        found = _COLUMN.fullmatch(word)
        if found is None:
            raise ValueError(word)
        name, form, codes, optional = found.groups()
        made.append(
            Column(
                name=name,
                form=Form(form),
                required=optional is None,
                codes=tuple(codes.split(",")) if codes else (),
            )
        )
    return tuple(made)


COUNT = Total(name="jumlah")
_MONEY_IN = frozenset({("jenis", "A"), ("jenis", "P")})
_CORRECTION = frozenset({("jenis", "R")})

SHAPES: Mapping[str, Shape] = {
    shape.kind: shape
    for shape in (
        Shape(
            kind="PENGAJUAN",
            columns=_columns(
                "ref_pengajuan:ref program:text jenis:code(P,K) ref_kelompok:ref? "
                "peran:code(A,K)? nik:digits nama:text tgl_lahir:date jk:code(L,P) alamat:text "
                "kelurahan:text no_hp:text nib:digits? kbli:digits? nama_usaha:text "
                "mulai_usaha:date? omzet_bulanan:rupiah? plafon_diajukan:rupiah "
                "tenor_bulan:number tujuan:text kualitas_terburuk:code(1,2,3,4,5)? "
                "posisi_slik:period? tgl_persetujuan:date?"
            ),
            totals=(COUNT, Total(name="total_plafon", of="plafon_diajukan")),
        ),
        Shape(
            kind="TANDATERIMA",
            columns=_columns(
                "ref_pengajuan:ref status:code(T,K) kode_alasan:text? keterangan:text?"
            ),
            totals=(
                COUNT,
                Total(name="terima", where=frozenset({("status", "T")})),
                Total(name="tolak", where=frozenset({("status", "K")})),
            ),
        ),
        Shape(
            kind="KEPUTUSAN",
            columns=_columns(
                "ref_pengajuan:ref status:code(S,T) plafon_disetujui:rupiah? tenor_bulan:number? "
                "metode:code(FLAT,ANUITAS,MENURUN)? suku_bunga_bps:number? tgl_keputusan:date "
                "kode_alasan:text? keterangan:text?"
            ),
            totals=(
                COUNT,
                Total(
                    name="total_disetujui",
                    of="plafon_disetujui",
                    where=frozenset({("status", "S")}),
                ),
            ),
        ),
        Shape(
            kind="PENCAIRAN",
            columns=_columns(
                "ref_bank:ref ref_pengajuan:ref no_rekening:text tgl_cair:date nominal:rupiah "
                "tenor_bulan:number metode:code(FLAT,ANUITAS,MENURUN) suku_bunga_bps:number "
                "tgl_angsuran_pertama:date keterangan:text?"
            ),
            totals=(COUNT, Total(name="total", of="nominal")),
        ),
        Shape(
            kind="JADWAL",
            columns=_columns(
                "no_rekening:text angsuran_ke:number jatuh_tempo:date pokok:rupiah bunga:rupiah"
            ),
            totals=(
                COUNT,
                Total(name="total_pokok", of="pokok"),
                Total(name="total_bunga", of="bunga"),
            ),
        ),
        Shape(
            kind="ANGSURAN",
            columns=_columns(
                "ref_bank:ref? tgl_transaksi:date tgl_valuta:date no_rekening:text? "
                "ref_pengajuan:ref? angsuran_ke:number? nominal:rupiah pokok:rupiah? "
                "bunga:rupiah? denda:rupiah? baki_debet_setelah:rupiah? "
                "kualitas:code(1,2,3,4,5)? hari_tunggakan:number? jenis:code(A,P,R) "
                "ref_asal:ref? keterangan:text?"
            ),
            totals=(
                COUNT,
                Total(name="total_masuk", of="nominal", where=_MONEY_IN),
                Total(name="total_koreksi", of="nominal", where=_CORRECTION),
                Total(name="neto", less=("total_masuk", "total_koreksi")),
            ),
        ),
        Shape(
            kind="RINCIAN",
            columns=_columns(
                "ref_bank:ref ref_pengajuan:ref nominal:rupiah pokok:rupiah? bunga:rupiah?"
            ),
            totals=(COUNT, Total(name="total", of="nominal")),
        ),
        Shape(
            kind="POSISI",
            columns=_columns(
                "no_rekening:text ref_pengajuan:ref baki_debet:rupiah kualitas:code(1,2,3,4,5) "
                "hari_tunggakan:number tunggakan_pokok:rupiah tunggakan_bunga:rupiah "
                "status:code(A,L,H)"
            ),
            totals=(
                COUNT,
                Total(name="saldo_awal", stated=True),
                Total(name="pencairan", stated=True),
                Total(name="pokok_dibayar", stated=True),
                Total(name="saldo_akhir", of="baki_debet"),
            ),
        ),
        Shape(
            kind="SUBSIDI",
            columns=_columns(
                "ref_pengajuan:ref no_rekening:text baki_debet:rupiah dari:date sampai:date "
                "hari:number rate:percent basis:number subsidi_baris:rupiah "
                "kualitas:code(1,2,3,4,5) hari_tunggakan:number angsuran_tercatat:code(Y,T)"
            ),
            totals=(COUNT, Total(name="total_subsidi", stated=True)),
        ),
    )
}

_PATTERNS: Mapping[Form, re.Pattern[str]] = {
    Form.REF: re.compile(r"[!-{}~ ]{1,35}"),
    Form.RUPIAH: re.compile(r"[0-9]{1,18}"),
    Form.NUMBER: re.compile(r"[0-9]{1,9}"),
    Form.DIGITS: re.compile(r"[0-9]+"),
    Form.PERIOD: re.compile(r"[0-9]{4}(?:0[1-9]|1[0-2])"),
    Form.PERCENT: re.compile(r"[0-9]{1,3}\.[0-9]{2}"),
    Form.DATE: re.compile(r"[0-9]{8}"),
}


def is_day(text: str) -> bool:
    """Whether ``text`` is a real day written ``yyyymmdd``."""
    if not _PATTERNS[Form.DATE].fullmatch(text):
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def fits(column: Column, value: str) -> bool:
    """Whether ``value`` may stand in ``column``."""
    if not value:
        return not column.required
    if column.form is Form.DATE:
        return is_day(value)
    if column.form is Form.CODE:
        return value in column.codes
    pattern = _PATTERNS.get(column.form)
    return pattern is None or pattern.fullmatch(value) is not None


def add_up(shape: Shape, rows: list[Mapping[str, str]]) -> dict[str, int]:
    """The totals that follow from the rows; stated ones are left out."""
    sums: dict[str, int] = {}
    for total in shape.totals:
        if total.stated:
            continue
        if total.less:
            sums[total.name] = sums[total.less[0]] - sums[total.less[1]]
            continue
        chosen = [row for row in rows if _counts(total, row)]
        sums[total.name] = (
            sum(int(row[total.of] or "0") for row in chosen) if total.of else len(chosen)
        )
    return sums


def _counts(total: Total, row: Mapping[str, str]) -> bool:
    return not total.where or any(row[name] == value for name, value in total.where)
