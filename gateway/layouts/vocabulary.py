"""The city's words: every field that a row of each kind of file may hold.

A partner's layout picks from these and changes only how a field is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.domain.files import FileKind
from gateway.layouts.layout import Field, FieldType
from gateway.layouts.words import TAG, Words, money, optional, word, words

K = FileKind
T = FieldType

_NUMBER = word("urut", T.ORDINAL, "nomor urut mulai 1", "number from 1", low=1)
_OURS = word("ref_pengajuan", T.REFERENCE, "acuan pengajuan", "our reference")
"""As a bank writes it: one that we do not know is a question for matching, not a broken row."""
_DUE_NUMBER = word("angsuran_ke", T.INTEGER, "angsuran ke", "instalment number", low=1, high=600)
_LOAN = word("no_rekening", T.LOAN_NUMBER, "nomor rekening pinjaman", "loan number")
_BANK_REF = word("ref_bank", T.REFERENCE, "nomor bukti bank", "bank's reference")
_TENOR = word("tenor_bulan", T.INTEGER, "jangka waktu (bulan)", "tenor in months", low=1, high=600)
_METHOD = word("metode", T.CODE, "metode bunga", "interest method", codes="FLAT ANUITAS MENURUN")
_RATE = word(
    "suku_bunga_bps", T.INTEGER, "suku bunga setahun (bps)", "yearly rate (bps)", high=10_000
)
_GRADE = word(
    "kualitas",
    T.INTEGER,
    "kualitas kredit 1-5",
    "collectability 1-5",
    required=False,
    low=1,
    high=5,
)
_OVERDUE = word(
    "hari_tunggakan", T.INTEGER, "hari tunggakan", "days overdue", required=False, high=99_999
)
_REASON = word("kode_alasan", T.TEXT, "kode alasan bank", "bank's reason code", required=False)
_NOTE = word("keterangan", T.TEXT, "keterangan", "note", required=False)
_NOMINAL = money("nominal", "nilai (Rp)", "amount (Rp)", low=1)
_PRINCIPAL = money("pokok", "pokok (Rp)", "principal (Rp)")
_INTEREST = money("bunga", "bunga (Rp)", "interest (Rp)")
_DEBT = money("baki_debet", "baki debet (Rp)", "outstanding principal (Rp)")

_DETAIL: Mapping[FileKind, tuple[Field, ...]] = {
    K.PENGAJUAN: (
        replace(_OURS, limit=16),
        word("program", T.TEXT, "kode program", "programme code"),
        word("jenis", T.CODE, "P perorangan, K kelompok", "P person, K group", codes="P K"),
        word(
            "ref_kelompok",
            T.REFERENCE,
            "acuan kelompok",
            "the group's reference",
            required=False,
            limit=16,
        ),
        word(
            "peran", T.CODE, "K ketua, A anggota", "K leader, A member", codes="A K", required=False
        ),
        word("nik", T.DIGITS, "NIK", "national id", limit=16),
        word("nama", T.TEXT, "nama", "name"),
        word("tgl_lahir", T.DATE, "tanggal lahir", "born on"),
        word("jk", T.CODE, "jenis kelamin L/P", "sex L/P", codes="L P"),
        word("alamat", T.TEXT, "alamat", "address"),
        word("kelurahan", T.TEXT, "kode kelurahan Kemendagri", "kelurahan (Kemendagri code)"),
        word("no_hp", T.TEXT, "nomor ponsel", "phone"),
        word("nib", T.TEXT, "NIB", "business id", required=False),
        word("kbli", T.TEXT, "KBLI", "trade code (KBLI)", required=False),
        word("nama_usaha", T.TEXT, "nama usaha", "business name"),
        word("mulai_usaha", T.DATE, "mulai usaha", "business started on", required=False),
        money("omzet_bulanan", "omzet bulanan (Rp)", "monthly turnover (Rp)", required=False),
        money("plafon_diajukan", "plafon diajukan (Rp)", "amount asked for (Rp)", low=1),
        _TENOR,
        word("tujuan", T.TEXT, "tujuan kredit", "purpose"),
        replace(
            _GRADE,
            name="kualitas_terburuk",
            label_id="kualitas terburuk 1-5",
            label_en="worst collectability 1-5",
        ),
        word("posisi_slik", T.PERIOD, "posisi SLIK yyyymm", "SLIK month yyyymm", required=False),
        word("tgl_persetujuan", T.DATE, "tanggal persetujuan", "consent given on", required=False),
    ),
    K.TANDATERIMA: (
        _OURS,
        word("status", T.CODE, "T terima, K tolak berkas", "T accepted, K rejected", codes="T K"),
        _REASON,
        _NOTE,
    ),
    K.KEPUTUSAN: (
        _OURS,
        word("status", T.CODE, "S setuju, T tolak", "S approved, T declined", codes="S T"),
        money("plafon_disetujui", "plafon disetujui (Rp)", "approved (Rp)", required=False),
        optional(_TENOR),
        optional(_METHOD),
        optional(_RATE),
        word("tgl_keputusan", T.DATE, "tanggal keputusan", "decided on"),
        _REASON,
        _NOTE,
    ),
    K.PENCAIRAN: (
        _BANK_REF,
        _OURS,
        _LOAN,
        word("tgl_cair", T.DATE, "tanggal cair", "disbursed on"),
        _NOMINAL,
        _TENOR,
        _METHOD,
        _RATE,
        word("tgl_angsuran_pertama", T.DATE, "angsuran pertama", "first instalment due on"),
        _NOTE,
    ),
    K.JADWAL: (
        _LOAN,
        _DUE_NUMBER,
        word("jatuh_tempo", T.DATE, "jatuh tempo", "due on"),
        _PRINCIPAL,
        _INTEREST,
    ),
    K.POSISI: (
        _LOAN,
        optional(_OURS),
        _DEBT,
        _GRADE,
        _OVERDUE,
        money("tunggakan_pokok", "tunggakan pokok (Rp)", "principal arrears (Rp)", required=False),
        money("tunggakan_bunga", "tunggakan bunga (Rp)", "interest arrears (Rp)", required=False),
        word(
            "status",
            T.CODE,
            "A aktif, L lunas, H hapus buku",
            "A active, L repaid, H written off",
            codes="A L H",
        ),
    ),
    K.RINCIAN: (
        replace(_BANK_REF, label_id="ref_bank baris ANGSURAN", label_en="ref_bank it splits"),
        replace(_OURS, label_id="acuan anggota", label_en="member's reference"),
        replace(_NOMINAL, minimum=0),
        optional(_PRINCIPAL),
        optional(_INTEREST),
    ),
    K.ANGSURAN: (
        optional(_BANK_REF),
        word("tgl_transaksi", T.DATE, "tanggal transaksi", "booked on"),
        word("tgl_valuta", T.DATE, "tanggal valuta", "value date"),
        optional(_LOAN),
        optional(_OURS),
        optional(_DUE_NUMBER),
        _NOMINAL,
        optional(_PRINCIPAL),
        optional(_INTEREST),
        money("denda", "denda (Rp)", "penalty (Rp)", required=False),
        money("baki_debet_setelah", "baki debet setelah", "principal left", required=False),
        _GRADE,
        _OVERDUE,
        word(
            "jenis",
            T.CODE,
            "A angsuran, P pelunasan, R koreksi",
            "A instalment, P pay-off, R reversal",
            codes="A P R",
        ),
        word("ref_asal", T.REFERENCE, "ref_bank asal", "reversed ref_bank", required=False),
        _NOTE,
    ),
    K.SUBSIDI: (
        _OURS,
        _LOAN,
        _DEBT,
        word("dari", T.DATE, "dari (termasuk)", "from, included"),
        word("sampai", T.DATE, "sampai (tidak termasuk)", "until, excluded"),
        word("hari", T.INTEGER, "jumlah hari", "days", high=99_999),
        word("rate", T.PERCENT, "subsidi setahun (%)", "subsidy a year (%)", high=10_000),
        word("basis", T.INTEGER, "hari setahun", "days in a year", low=1, high=366),
        money("subsidi_baris", "subsidi baris (Rp)", "subsidy of the row (Rp)"),
        _GRADE,
        _OVERDUE,
        word("angsuran_tercatat", T.CODE, "angsuran tercatat Y/T", "recorded Y/T", codes="Y T"),
    ),
}


def detail_words(kind: FileKind) -> Words:
    """City's name -> field of a row."""
    return words(TAG, _NUMBER, *_DETAIL[kind])


ESSENTIAL: Mapping[FileKind, frozenset[str]] = {
    K.PENGAJUAN: frozenset(
        {"ref_pengajuan", "nik", "nama", "plafon_diajukan", "tenor_bulan", "jenis", "ref_kelompok"}
    ),
    K.TANDATERIMA: frozenset({"ref_pengajuan", "status", "kode_alasan"}),
    K.KEPUTUSAN: frozenset(
        {"ref_pengajuan", "status", "plafon_disetujui", "tgl_keputusan", "kode_alasan"}
    ),
    K.PENCAIRAN: frozenset(field.name for field in _DETAIL[K.PENCAIRAN]) - {"keterangan"},
    K.JADWAL: frozenset(field.name for field in _DETAIL[K.JADWAL]),
    K.POSISI: frozenset({"no_rekening", "baki_debet", "status"}),
    K.RINCIAN: frozenset({"ref_bank", "ref_pengajuan", "nominal"}),
    K.ANGSURAN: frozenset({"tgl_transaksi", "tgl_valuta", "no_rekening", "nominal", "jenis"}),
    K.SUBSIDI: frozenset(field.name for field in _DETAIL[K.SUBSIDI])
    - {"kualitas", "hari_tunggakan", "angsuran_tercatat"},
}
"""Fields without which a file of that kind tells the gateway too little."""

ESSENTIAL_FRAME: Mapping[FileKind, frozenset[str]] = {
    K.TANDATERIMA: frozenset({"batch_id", "sha256_diterima"}),
    K.POSISI: frozenset({"saldo_awal", "pencairan", "pokok_dibayar", "saldo_akhir"}),
    K.ANGSURAN: frozenset({"total_masuk", "total_koreksi"}),
    K.SUBSIDI: frozenset({"total_subsidi"}),
}
"""The same of header and trailer."""
