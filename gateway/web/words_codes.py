"""Each mismatch code in a few words, and what ends it; the full sentence is reconciliation's."""

from __future__ import annotations

from collections.abc import Mapping

# code: (title id, title en, resolved by id, resolved by en)
_CODES: Mapping[str, tuple[str, str, str, str]] = {
    "F_CONTROL": (
        "Berkas tidak lengkap", "File incomplete or altered",
        "Bank mengirim ulang berkas dengan nomor sama dan versi baru.",
        "The bank resends the file: same number, higher version.",
    ),
    "F_GAP": (
        "Nomor berkas terlewat", "File number missing",
        "Berkas yang hilang datang, atau bank menyatakan tidak ada transaksi.",
        "The missing file arrives, or the bank states that there were no transactions.",
    ),
    "F_SAME_SEQ": (
        "Nomor berkas dipakai dua kali", "File number used twice",
        "Bank menegaskan berkas mana yang benar.",
        "The bank confirms which file is valid.",
    ),
    "F_CHAIN": (
        "Saldo tidak bersambung", "Balances do not connect",
        "Berkas koreksi, atau penjelasan yang diterima.",
        "A corrected file, or an explanation that is accepted.",
    ),
    "F_ROW": (
        "Baris tidak terbaca", "Row cannot be read",
        "Bank mengirim baris yang benar.", "The bank sends the corrected row.",
    ),
    "F_PARTIAL": (
        "Data bulan ini sebagian", "Month is partial",
        "Berkas sisanya datang.", "The other files arrive.",
    ),
    "MISSING": (
        "Cicilan belum dilaporkan", "Instalment not reported",
        "Baris susulan dari bank, restrukturisasi, atau dibawa ke bulan berikut.",
        "A late row from the bank, restructuring, or carrying it to the next month.",
    ),
    "PARTIAL": (
        "Dibayar sebagian", "Paid in part",
        "Pembayaran sisanya, atau dibawa ke bulan berikut.",
        "Payment of the rest, or carrying it to the next month.",
    ),
    "OVERPAID": (
        "Kelebihan bayar", "Overpaid",
        "Bukti pengembalian, diterima sebagai uang muka, atau untuk pinjaman lain.",
        "Proof of refund, acceptance as an advance, or another loan.",
    ),
    "PREPAID": (
        "Dibayar lebih awal", "Paid early",
        "Selesai sendiri.", "Resolves by itself.",
    ),
    "AMOUNT_DIFF": (
        "Jumlah lunas berbeda", "Settled with another amount",
        "Jadwal atau baris bank dibetulkan.", "The schedule or the bank's row is corrected.",
    ),
    "COMPONENT_DIFF": (
        "Pembagian pokok dan bunga berbeda", "Split differs",
        "Pembagian bank diterima, atau baris dibetulkan.",
        "The bank's split is accepted, or its row is corrected.",
    ),
    "ROUNDING": (
        "Pembulatan", "Rounding",
        "Selesai sendiri.", "Resolves by itself.",
    ),
    "LATE": (
        "Dibayar terlambat", "Paid late",
        "Hanya pemberitahuan untuk dinas.", "Information for the programme office only.",
    ),
    "OUT_OF_PERIOD": (
        "Tanggal di luar bulan laporan", "Date outside the month",
        "Bank menegaskan tanggalnya.", "The bank confirms the date.",
    ),
    "LATE_POSTING": (
        "Dilaporkan setelah bulan ditutup", "Reported after closing",
        "Dicatat di bulan berjalan dan dihubungkan dengan yang terbawa.",
        "Booked in the current month and linked to the carried item.",
    ),
    "SEQ_GAP": (
        "Cicilan lama masih terbuka", "An earlier one is still open",
        "Urutan bank diterima, atau dipindahkan ke cicilan terlama.",
        "The bank's order is accepted, or the money moves to the oldest.",
    ),
    "UNKNOWN_LOAN": (
        "Pinjaman tidak dikenal", "Unknown loan",
        "Pinjamannya ditemukan, atau uang dikembalikan ke bank.",
        "The loan is found, or the money goes back to the bank.",
    ),
    "NEAR_REF": (
        "Nomor mirip", "Similar number",
        "Seseorang memastikan pinjaman yang dimaksud; tidak pernah otomatis.",
        "A person confirms the loan that is meant; never automatic.",
    ),
    "AMBIGUOUS": (
        "Beberapa kemungkinan", "Several possibilities",
        "Seseorang memilih, atau bank menjelaskan.", "A person chooses, or the bank explains.",
    ),
    "WRONG_ACCOUNT": (
        "Masuk ke rekening lain", "Paid to another account",
        "Bukti pindah buku, atau perubahan rekening.",
        "Proof of transfer, or a change of account.",
    ),
    "DUP_SAME": (
        "Dikirim dua kali", "Sent twice",
        "Selesai sendiri: dihitung satu kali.", "Resolves by itself: it is counted once.",
    ),
    "DUP_CONFLICT": (
        "Nomor sama, isi berbeda", "Same number, other content",
        "Berkas koreksi; sampai itu tidak ada yang dipakai.",
        "A corrected file; until then neither is used.",
    ),
    "POSSIBLE_DUP": (
        "Mungkin tercatat dua kali", "Possibly recorded twice",
        "Dinyatakan keduanya nyata, atau bank membatalkan satu.",
        "Both are stated to be real, or the bank reverses one.",
    ),
    "REVERSED": (
        "Dibatalkan bank", "Reversed by the bank",
        "Selesai sendiri.", "Resolves by itself.",
    ),
    "REV_ORPHAN": (
        "Pembatalan tanpa asal", "Reversal without original",
        "Bank menyebut transaksi asal yang benar.", "The bank names the right original.",
    ),
    "REV_CLOSED": (
        "Pembatalan di bulan tertutup", "Reversal in a closed month",
        "Tagihan dibuka lagi di bulan berjalan.", "The due is reopened in the current month.",
    ),
    "CLOSED_LOAN": (
        "Pembayaran pinjaman selesai", "Payment on a closed loan",
        "Pengembalian uang, atau dicatat sebagai pemulihan.",
        "A refund, or booking it as a recovery.",
    ),
    "UNREPORTED_LOAN": (
        "Tidak ada di daftar bank", "Not in the bank's list",
        "Bank menambahkannya, atau pinjaman pindah.", "The bank adds it, or the loan has moved.",
    ),
    "GROUP_SHORT": (
        "Kelompok kurang bayar", "Group paid too little",
        "Ketua melunasi, atau tanggung renteng.", "The leader pays, or joint liability.",
    ),
    "GROUP_OVER": (
        "Kelompok lebih bayar", "Group paid too much",
        "Uang muka atau pengembalian.", "An advance or a refund.",
    ),
    "SPLIT_SUM": (
        "Rincian tidak sama dengan setoran", "Split differs from the transfer",
        "Bank membetulkan rincian.", "The bank corrects the split.",
    ),
    "SPLIT_SHARE": (
        "Bagian anggota tidak sesuai", "A member's share differs",
        "Diterima sebagai urusan antaranggota, atau dibetulkan.",
        "Accepted as a matter between members, or corrected.",
    ),
    "SPLIT_NONE": (
        "Rincian anggota belum ada", "No member split",
        "Dibagi sementara menurut porsi.", "Divided pro rata for now.",
    ),
    "MEMBER_UNKNOWN": (
        "Bukan anggota kelompok", "Not a member",
        "Perubahan anggota, atau baris dibetulkan.",
        "A change of membership, or a corrected row.",
    ),
    "BAL_DRIFT": (
        "Sisa pokok berbeda", "Outstanding differs",
        "Baris yang hilang ditemukan, dibetulkan, atau restrukturisasi.",
        "The missing row is found, corrected, or the loan restructured.",
    ),
    "STATUS_DIFF": (
        "Kualitas kredit berbeda", "Quality differs",
        "Cukup dicatat; nilai bank dipakai.", "A note is enough; the bank's value is used.",
    ),
    "SCHEDULE_DIFF": (
        "Jadwal berbeda", "Schedules differ",
        "Jadwal baru yang ditandatangani, sejak tanggal tertentu.",
        "A new signed schedule, from a date.",
    ),
    "DISB_DIFF": (
        "Pencairan berbeda dari persetujuan", "Disbursed is not approved",
        "Potongan dijelaskan, atau dibetulkan.", "The deduction is explained, or corrected.",
    ),
    "DISB_NO_APPROVAL": (
        "Cair tanpa persetujuan", "Disbursed without approval",
        "Persetujuan ditemukan, atau pencairan dibatalkan.",
        "The approval is found, or the disbursement reversed.",
    ),
    "DISB_WAITING": (
        "Disetujui, belum cair", "Approved, not disbursed",
        "Pencairan atau pembatalan.", "Disbursement or cancellation.",
    ),
    "SUB_OVER": (
        "Subsidi ditagih lebih", "Subsidy claimed too high",
        "Tagihan dibetulkan; yang dibayar hanya hasil hitungan.",
        "A corrected claim; only the computed amount is paid.",
    ),
    "SUB_UNDER": (
        "Subsidi ditagih kurang", "Subsidy claimed too low",
        "Bank boleh membetulkan.", "The bank may correct it.",
    ),
    "SUB_INELIGIBLE": (
        "Subsidi tidak memenuhi syarat", "Subsidy not eligible",
        "Dikeluarkan dari tagihan, atau ada bukti.", "Dropped from the claim, or proven.",
    ),
    "SUB_TWICE": (
        "Subsidi ditagih dua kali", "Subsidy claimed twice",
        "Bank menghapus salah satu.", "The bank drops one.",
    ),
    "SUB_BUDGET": (
        "Pagu subsidi terlampaui", "Subsidy budget exceeded",
        "Perubahan anggaran.", "A change of the budget.",
    ),
    "DECISION_STALE": (
        "Keputusan untuk data lama", "Decision on older data",
        "Diputuskan lagi, atau dihapus.", "Decided again, or dropped.",
    ),
}  # fmt: skip
CODE_WORDS: Mapping[str, tuple[str, str]] = {
    **{f"code.{code}": (row[0], row[1]) for code, row in _CODES.items()},
    **{f"mend.{code}": (row[2], row[3]) for code, row in _CODES.items()},
}
