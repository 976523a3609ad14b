"""The columns of an application form, in order, with what people are told about each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the form.

    :param required: needed in every row; ``group`` columns are needed for groups only.
    :param as_text: Excel must keep the cell as text, or digits are lost.
    """

    name: str
    label_id: str
    label_en: str
    example: str
    required: bool = False
    group: bool = False
    as_text: bool = True
    is_date: bool = False


def _column(name: str, label_id: str, label_en: str, example: str, **more: bool) -> Column:
    return Column(name=name, label_id=label_id, label_en=label_en, example=example, **more)


COLUMNS: tuple[Column, ...] = (
    _column(
        "nik",
        "NIK, 16 angka sesuai KTP (sel berformat Text)",
        "National id, 16 digits as on the KTP (cell formatted as Text)",
        "1571995205850003",
        required=True,
    ),
    _column("nama", "Nama sesuai KTP", "Name as on the KTP", "Siti Contoh", required=True),
    _column(
        "tgl_lahir",
        "Tanggal lahir, tahun-bulan-tanggal",
        "Date of birth, year-month-day",
        "1985-05-12",
        required=True,
        is_date=True,
    ),
    _column(
        "jenis_kelamin",
        "L (laki-laki) atau P (perempuan)",
        "L (male) or P (female)",
        "P",
        required=True,
    ),
    _column("alamat", "Alamat tempat tinggal", "Home address", "Jl. Contoh No. 1", required=True),
    _column("rt", "RT, 1 sampai 3 angka", "RT, 1 to 3 digits", "005"),
    _column(
        "kelurahan",
        "Nama kelurahan di Kota Jambi atau kode Kemendagri",
        "Kelurahan of Kota Jambi, by name or Kemendagri code",
        "15.71.07.1012",
        required=True,
    ),
    _column("no_hp", "Nomor HP", "Mobile number", "081234567890", required=True),
    _column(
        "nib", "Nomor Induk Berusaha, 13 angka", "Business number NIB, 13 digits", "1234567890123"
    ),
    _column("npwp", "NPWP, 15 atau 16 angka", "Tax number, 15 or 16 digits", "1571995205850003"),
    _column("kbli", "KBLI 2020, 5 angka", "Line of business KBLI 2020, 5 digits", "47112"),
    _column("nama_usaha", "Nama usaha", "Name of the business", "Warung Contoh", required=True),
    _column(
        "mulai_usaha",
        "Tanggal mulai usaha, tahun-bulan-tanggal",
        "Day the business began, year-month-day",
        "2021-03-01",
        is_date=True,
    ),
    _column(
        "omzet_bulanan",
        "Omzet sebulan dalam rupiah",
        "Monthly turnover in rupiah",
        "6000000",
        as_text=False,
    ),
    _column(
        "plafon_diajukan",
        "Pinjaman yang diminta, dalam rupiah",
        "Amount asked for, in rupiah",
        "5000000",
        required=True,
        as_text=False,
    ),
    _column(
        "tenor_bulan",
        "Jangka waktu dalam bulan",
        "Length of the loan in months",
        "12",
        required=True,
        as_text=False,
    ),
    _column("tujuan", "Tujuan pinjaman", "Purpose of the loan", "Tambah modal", required=True),
    _column("bank", "Kode bank, atau kosong", "Code of the bank, or empty", ""),
    _column(
        "persetujuan_slik_tgl",
        "Tanggal pemohon menyetujui pemeriksaan SLIK",
        "Day the applicant consented to the SLIK check",
        "2026-11-02",
        is_date=True,
    ),
    _column(
        "persetujuan_slik_bukti",
        "Nomor atau nama bukti persetujuan itu",
        "Number or name of the evidence for it",
        "SP-0001",
    ),
    _column(
        "ref_kelompok",
        "Tanda kelompok, sama untuk semua anggotanya",
        "Key of the group, the same for all its members",
        "KLP-01",
        group=True,
    ),
    _column(
        "peran_kelompok", "ketua atau anggota", "ketua (leader) or anggota", "ketua", group=True
    ),
    _column("nama_kelompok", "Nama kelompok", "Name of the group", "Kelompok Mawar", group=True),
    _column("sumber_ref", "Nomor baris di sistem asal", "Number of the row at its source", "A-001"),
)

COLUMN_NAMES = tuple(column.name for column in COLUMNS)
REQUIRED_COLUMNS = tuple(column.name for column in COLUMNS if column.required)
GROUP_COLUMNS = tuple(column.name for column in COLUMNS if column.group)
