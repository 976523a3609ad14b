"""The city's words around the rows: header, trailer, and how totals follow from the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from gateway.domain.files import FileKind
from gateway.domain.partners import REGION
from gateway.layouts.layout import Field, FieldType, Total, TotalKind
from gateway.layouts.words import TAG, Words, word, words

K = FileKind
T = FieldType

_COUNT = word("jumlah", T.INTEGER, "jumlah baris", "number of rows")
_DIGEST = word(
    "sha256",
    T.DIGEST,
    "SHA-256 semua bita sebelum baris ini",
    "SHA-256 of all bytes before this line",
)


def _total(name: str, label_id: str, label_en: str, *, signed: bool = False) -> Field:
    return word(name, T.RUPIAH, label_id, label_en, signed=signed)


_TRAILER: Mapping[FileKind, tuple[Field, ...]] = {
    K.PENGAJUAN: (_total("total_plafon", "total plafon", "total asked for"),),
    K.TANDATERIMA: (
        word("terima", T.INTEGER, "jumlah diterima", "accepted"),
        word("tolak", T.INTEGER, "jumlah ditolak", "rejected"),
    ),
    K.KEPUTUSAN: (_total("total_disetujui", "total disetujui", "total approved"),),
    K.PENCAIRAN: (_total("total", "total pencairan", "total disbursed"),),
    K.JADWAL: (
        _total("total_pokok", "total pokok", "total principal"),
        _total("total_bunga", "total bunga", "total interest"),
    ),
    K.POSISI: (
        _total("saldo_awal", "baki debet awal", "opening principal"),
        _total("pencairan", "pencairan", "disbursed"),
        _total("pokok_dibayar", "pokok dibayar", "principal repaid"),
        _total("saldo_akhir", "baki debet akhir", "closing principal"),
    ),
    K.RINCIAN: (_total("total", "total rincian", "total of shares"),),
    K.ANGSURAN: (
        _total("total_masuk", "total masuk (A, P)", "total in (A, P)"),
        _total("total_koreksi", "total koreksi (R)", "total reversed (R)"),
        _total("neto", "masuk dikurangi koreksi", "in less reversed", signed=True),
    ),
    K.SUBSIDI: (_total("total_subsidi", "total subsidi", "total subsidy"),),
}


def trailer_words(kind: FileKind) -> Words:
    """City's name -> field of the trailer."""
    return words(TAG, _COUNT, *_TRAILER[kind], _DIGEST)


def _sum(name: str, of: str, **where: str) -> Total:
    codes = {field: frozenset(text.split()) for field, text in where.items()}
    return Total(name=name, kind=TotalKind.SUM, of=of, where=codes)


_TOTALS: Mapping[FileKind, tuple[Total, ...]] = {
    K.PENGAJUAN: (_sum("total_plafon", "plafon_diajukan"),),
    K.TANDATERIMA: (
        Total(name="terima", kind=TotalKind.COUNT, where={"status": frozenset("T")}),
        Total(name="tolak", kind=TotalKind.COUNT, where={"status": frozenset("K")}),
    ),
    K.KEPUTUSAN: (_sum("total_disetujui", "plafon_disetujui", status="S"),),
    K.PENCAIRAN: (_sum("total", "nominal"),),
    K.JADWAL: (_sum("total_pokok", "pokok"), _sum("total_bunga", "bunga")),
    K.POSISI: (
        Total(name="saldo_awal", kind=TotalKind.STATED),
        Total(name="pencairan", kind=TotalKind.STATED),
        Total(name="pokok_dibayar", kind=TotalKind.STATED),
        _sum("saldo_akhir", "baki_debet"),
    ),
    K.RINCIAN: (_sum("total", "nominal"),),
    K.ANGSURAN: (
        _sum("total_masuk", "nominal", jenis="A P"),
        _sum("total_koreksi", "nominal", jenis="R"),
        Total(name="neto", kind=TotalKind.MINUS, of="total_masuk-total_koreksi"),
    ),
    K.SUBSIDI: (Total(name="total_subsidi", kind=TotalKind.SUBSIDY, of="subsidi_baris"),),
}


def totals_for(kind: FileKind, names: Iterable[str]) -> tuple[Total, ...]:
    """The rules of those trailer figures that a layout has, by the city's names."""
    wanted = set(names)
    every = (Total(name="jumlah", kind=TotalKind.COUNT), *_TOTALS[kind])
    return tuple(total for total in every if total.name in wanted)


def header_words(kind: FileKind, kind_name: str = "") -> Words:
    """City's name -> field of the header.  ``khusus`` is what the kind makes of it."""
    batch = kind in {K.PENGAJUAN, K.TANDATERIMA}
    written = word("jenis_berkas", T.CONSTANT, "jenis berkas", "kind of file")
    version = word("versi", T.CONSTANT, "versi", "version")
    region = word("kode_wilayah", T.CONSTANT, "kode wilayah", "region code")
    currency = word("valuta", T.CONSTANT, "valuta", "currency")
    correction = word("koreksi", T.CONSTANT, "KOREKSI", "KOREKSI in a correction", required=False)
    fields = words(
        TAG,
        replace(written, constant=kind_name or kind.value),
        replace(version, constant="1.0"),
        word("kode_bank", T.DIGITS, "kode bank", "bank code"),
        replace(region, constant=REGION),
        word("tanggal", T.DATE, "tanggal penulisan", "day of writing"),
        word("seq", T.DIGITS, "nomor berkas dalam tahun", "file number in the year"),
        replace(currency, constant="IDR"),
        word("dibuat", T.MOMENT, "dibuat (WIB)", "created (WIB)"),
        word("batch_id", T.REFERENCE, "nomor kiriman", "batch reference", required=batch),
        replace(correction, constant="KOREKSI"),
    )
    return {**fields, "khusus": _special(kind)}


def _special(kind: FileKind) -> Field:
    if kind is K.TANDATERIMA:
        return word("sha256_diterima", T.DIGEST, "SHA-256 yang diterima", "SHA-256 received")
    if kind in {K.ANGSURAN, K.POSISI, K.SUBSIDI}:
        # A repayment file without a period reports the month of its date.
        required = kind is not K.ANGSURAN
        return word("periode", T.PERIOD, "periode yyyymm", "period yyyymm", required=required)
    return word("kosong", T.CONSTANT, "kosong", "empty", required=False)
