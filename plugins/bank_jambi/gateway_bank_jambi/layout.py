"""The city's standard layouts, version 1.0: one ``H``, rows ``D`` from 1, one ``T``."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.domain.files import FileKind
from gateway.layouts import (
    Field,
    Layout,
    detail_words,
    header_words,
    pick,
    tag,
    totals_for,
    trailer_words,
)

NAME = "{bank}.{region}.{kind}.{date}.{seq}{version}.txt"

HEADER = (
    *("jenis_berkas", "versi", "kode_bank", "kode_wilayah", "tanggal", "seq", "valuta"),
    *("dibuat", "batch_id", "khusus", "koreksi"),
)

DETAIL: dict[FileKind, tuple[str, ...]] = {
    FileKind.PENGAJUAN: (
        *("ref_pengajuan", "program", "jenis", "ref_kelompok", "peran", "nik", "nama"),
        *("tgl_lahir", "jk", "alamat", "kelurahan", "no_hp", "nib", "kbli", "nama_usaha"),
        *("mulai_usaha", "omzet_bulanan", "plafon_diajukan", "tenor_bulan", "tujuan"),
        *("kualitas_terburuk", "posisi_slik", "tgl_persetujuan"),
    ),
    FileKind.TANDATERIMA: ("ref_pengajuan", "status", "kode_alasan", "keterangan"),
    FileKind.KEPUTUSAN: (
        *("ref_pengajuan", "status", "plafon_disetujui", "tenor_bulan", "metode"),
        *("suku_bunga_bps", "tgl_keputusan", "kode_alasan", "keterangan"),
    ),
    FileKind.PENCAIRAN: (
        *("ref_bank", "ref_pengajuan", "no_rekening", "tgl_cair", "nominal", "tenor_bulan"),
        *("metode", "suku_bunga_bps", "tgl_angsuran_pertama", "keterangan"),
    ),
    FileKind.JADWAL: ("no_rekening", "angsuran_ke", "jatuh_tempo", "pokok", "bunga"),
    FileKind.POSISI: (
        *("no_rekening", "ref_pengajuan", "baki_debet", "kualitas", "hari_tunggakan"),
        *("tunggakan_pokok", "tunggakan_bunga", "status"),
    ),
    FileKind.RINCIAN: ("ref_bank", "ref_pengajuan", "nominal", "pokok", "bunga"),
    FileKind.ANGSURAN: (
        *("ref_bank", "tgl_transaksi", "tgl_valuta", "no_rekening", "ref_pengajuan"),
        *("angsuran_ke", "nominal", "pokok", "bunga", "denda", "baki_debet_setelah"),
        *("kualitas", "hari_tunggakan", "jenis", "ref_asal", "keterangan"),
    ),
    FileKind.SUBSIDI: (
        *("ref_pengajuan", "no_rekening", "baki_debet", "dari", "sampai", "hari", "rate"),
        *("basis", "subsidi_baris", "kualitas", "hari_tunggakan", "angsuran_tercatat"),
    ),
}

TRAILER: dict[FileKind, tuple[str, ...]] = {
    FileKind.PENGAJUAN: ("total_plafon",),
    FileKind.TANDATERIMA: ("terima", "tolak"),
    FileKind.KEPUTUSAN: ("total_disetujui",),
    FileKind.PENCAIRAN: ("total",),
    FileKind.JADWAL: ("total_pokok", "total_bunga"),
    FileKind.POSISI: ("saldo_awal", "pencairan", "pokok_dibayar", "saldo_akhir"),
    FileKind.RINCIAN: ("total",),
    FileKind.ANGSURAN: ("total_masuk", "total_koreksi", "neto"),
    FileKind.SUBSIDI: ("total_subsidi",),
}


def make_layout(kind: FileKind) -> Layout:
    """The city's standard layout of one kind."""
    figures = ("jumlah", *TRAILER[kind])
    return Layout(
        kind=kind,
        name=NAME,
        header=_record("H", header_words(kind), HEADER),
        detail=_record("D", detail_words(kind), ("urut", *DETAIL[kind])),
        trailer=_record("T", trailer_words(kind), (*figures, "sha256")),
        totals=totals_for(kind, figures),
    )


def _record(letter: str, words: Mapping[str, Field], names: tuple[str, ...]) -> tuple[Field, ...]:
    return (tag(letter), *pick(words, *names))


LAYOUTS = tuple(make_layout(kind) for kind in DETAIL)
