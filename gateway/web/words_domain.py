"""Words of the code lists: states, severities, kinds, blockers, who acts, what may be done."""

from __future__ import annotations

from collections.abc import Mapping

DOMAIN_WORDS: Mapping[str, tuple[str, str]] = {
    # severity
    "severity.Kritis": ("Kritis", "Critical"),
    "severity.Tinggi": ("Tinggi", "High"),
    "severity.Sedang": ("Sedang", "Medium"),
    "severity.Rendah": ("Rendah", "Low"),
    "severity.Info": ("Info", "Info"),
    # roles
    "role.bendahara": ("bendahara", "treasurer"),
    "role.verifikator": ("verifikator", "checker"),
    "role.auditor": ("auditor", "auditor"),
    "role.it": ("TI kota", "city IT"),
    "role.bank": ("bank", "bank"),
    # application states
    "application.RECEIVED": ("Diterima", "Received"),
    "application.SCREENING": ("Pemeriksaan awal", "Screening"),
    "application.ELIGIBLE": ("Memenuhi syarat", "Eligible"),
    "application.ON_HOLD": ("Tertahan kendala", "On hold"),
    "application.BATCHED": ("Dalam berkas kolektif", "Batched"),
    "application.DELIVERED": ("Terkirim ke mitra", "Delivered"),
    "application.ACKNOWLEDGED": ("Diterima mitra", "Acknowledged"),
    "application.REJECTED": ("Berkas ditolak mitra", "Paper rejected"),
    "application.APPROVED": ("Disetujui bank", "Approved"),
    "application.DISBURSED": ("Sudah dicairkan", "Disbursed"),
    "application.DECLINED": ("Kredit ditolak bank", "Declined"),
    "application.WITHDRAWN": ("Ditarik pemohon", "Withdrawn"),
    "application.LAPSED": ("Kedaluwarsa", "Lapsed"),
    # mismatch states
    "mismatch.OPEN": ("Terbuka", "Open"),
    "mismatch.PROPOSED": ("Diusulkan", "Proposed"),
    "mismatch.SETTLED": ("Disahkan", "Settled"),
    "mismatch.CLEARED": ("Hilang sendiri", "Cleared by a later file"),
    # batches
    "batch.SEALED": ("Disegel", "Sealed"),
    "batch.SENDING": ("Sedang dikirim", "Sending"),
    "batch.UNCERTAIN": ("Belum pasti terkirim", "Uncertain"),
    "batch.SENT": ("Terkirim", "Sent"),
    "batch.ACKED": ("Ada tanda terima", "Acknowledged"),
    "batch.ABANDONED": ("Dibatalkan", "Abandoned"),
    # inbound files
    "inbound.FETCHED": ("Sudah diambil", "Fetched"),
    "inbound.READ": ("Sudah dibaca", "Read"),
    "inbound.PARKED": ("Menunggu nomor sebelumnya", "Waiting for an earlier number"),
    "inbound.SET_ASIDE": ("Dikarantina", "Set aside"),
    "inbound.DISCARDED": ("Dibuang", "Discarded"),
    # loans
    "loan.ACTIVE": ("Aktif", "Active"),
    "loan.REPAID": ("Lunas", "Repaid"),
    "loan.WRITTEN_OFF": ("Hapus buku", "Written off"),
    # partners
    "kind.bank": ("Bank", "Bank"),
    "kind.registry": ("Penyedia informasi debitur", "Credit registry"),
    "stage.drafted": ("Dirancang", "Drafted"),
    "stage.rehearsed": ("Sudah dilatih", "Rehearsed"),
    "stage.live": ("Berjalan", "Live"),
    "stage.suspended": ("Dihentikan", "Suspended"),
    "group_role.K": ("ketua", "leader"),
    "group_role.A": ("anggota", "member"),
    # file kinds
    "file.PENGAJUAN": ("Permohonan", "Applications"),
    "file.PERMINTAAN": ("Permintaan informasi debitur", "Credit inquiries"),
    "file.IDEB": ("Informasi debitur", "Credit report"),
    "file.TANDATERIMA": ("Tanda terima", "Receipt"),
    "file.KEPUTUSAN": ("Keputusan", "Decisions"),
    "file.PENCAIRAN": ("Pencairan", "Disbursements"),
    "file.JADWAL": ("Jadwal", "Schedule"),
    "file.ANGSURAN": ("Pembayaran angsuran", "Repayments"),
    "file.RINCIAN": ("Rincian anggota", "Member shares"),
    "file.POSISI": ("Posisi bulanan", "Monthly positions"),
    "file.SUBSIDI": ("Tagihan subsidi", "Subsidy claim"),
    # buckets of the proof that are no mismatches, beside the codes
    "code.NOT_DUE": ("Belum jatuh tempo", "Not due yet"),
    "code.WAITING": ("Menunggu data bank", "Waiting for the bank's files"),
    "code.PENALTY": ("Denda", "Penalty"),
    "code.WAIVED": ("Bunga yang dihapus saat pelunasan", "Interest waived at pay-off"),
    # blockers and the applicant's next step
    "blocker.NO_CONSENT": (
        "Persetujuan pemohon untuk pemeriksaan SLIK belum ada.",
        "The applicant has not consented to the credit check.",
    ),
    "blocker.INCOMPLETE": ("Isian belum lengkap.", "The form is incomplete."),
    "blocker.ARREARS": ("Ada tunggakan di lembaga lain.", "There are arrears elsewhere."),
    "blocker.COLLECTABILITY": (
        "Kolektibilitas melebihi batas program.",
        "Collectability is worse than the programme allows.",
    ),
    "blocker.WRITTEN_OFF": ("Ada pinjaman hapus buku.", "A loan was written off."),
    "blocker.ONLINE_LOAN_ARREARS": (
        "Ada tunggakan pinjaman daring.",
        "There are arrears on an online loan.",
    ),
    "blocker.GROUP_CEILING": ("Pagu kelompok terlampaui.", "The group's ceiling is passed."),
    "blocker.GROUP_TOO_SMALL": ("Anggota kelompok kurang.", "The group has too few members."),
    "blocker.GROUP_NO_LEADER": ("Kelompok belum punya ketua.", "The group has no leader."),
    "blocker.GROUP_MEMBER_BLOCKED": (
        "Anggota lain masih tertahan.",
        "Another member is still held.",
    ),
    "blocker.REPORT_TOO_OLD": ("Laporan SLIK sudah lama.", "The credit report is too old."),
    "blocker.NO_PARTNER": ("Belum ada bank yang dipilih.", "No bank is chosen yet."),
    "next.NO_CONSENT": (
        "Minta pemohon menandatangani persetujuan, lalu catat tanggal dan buktinya.",
        "Ask the applicant to sign the consent, then record its day and evidence.",
    ),
    "next.INCOMPLETE": (
        "Lengkapi kolom yang disebut, lalu kirim ulang barisnya.",
        "Fill in the named columns and send the row again.",
    ),
    "next.ARREARS": (
        "Pemohon melunasi tunggakan, lalu SLIK diperiksa lagi.",
        "The applicant pays the arrears; then the check is asked for again.",
    ),
    "next.COLLECTABILITY": (
        "Pemohon menyelesaikan kreditnya di lembaga itu dan membawa surat keterangan.",
        "The applicant settles with that lender and brings its letter.",
    ),
    "next.WRITTEN_OFF": (
        "Pemohon menyelesaikan hapus buku dan membawa surat lunas.",
        "The applicant settles the written-off loan and brings the letter.",
    ),
    "next.ONLINE_LOAN_ARREARS": (
        "Pemohon melunasi pinjaman daringnya, lalu SLIK diperiksa lagi.",
        "The applicant pays the online loan; then the check is asked for again.",
    ),
    "next.GROUP_CEILING": (
        "Kelompok menurunkan jumlah yang diajukan.",
        "The group asks for less.",
    ),
    "next.GROUP_TOO_SMALL": ("Kelompok menambah anggota.", "The group adds members."),
    "next.GROUP_NO_LEADER": ("Kelompok menunjuk ketua.", "The group names a leader."),
    "next.GROUP_MEMBER_BLOCKED": (
        "Selesaikan kendala anggota itu, atau ganti anggotanya.",
        "Mend that member's blocker, or replace the member.",
    ),
    "next.REPORT_TOO_OLD": (
        "Tidak perlu apa-apa: laporan baru diminta pada putaran berikut.",
        "Nothing to do: a new report is asked for in the next round.",
    ),
    "next.NO_PARTNER": (
        "Pilih bank untuk pengajuan ini, atau lengkapi aturan program.",
        "Choose a bank for this application, or complete the programme's rule.",
    ),
    # who acts on a mismatch
    "acts.P": ("Bendahara", "Treasurer"),
    "acts.S": ("Verifikator (orang kedua)", "Checker (second person)"),
    "acts.B": (
        "Bank: berkas koreksi atau jawaban",
        "The bank: a correction file or an answer",
    ),
    "acts.D": ("Dinas pengelola program", "Programme office"),
    "acts.T": ("TI kota", "City IT"),
    # what may be proposed
    "action.ASK_BANK": ("Minta penjelasan atau koreksi bank", "Ask the bank to explain or correct"),
    "action.CARRY": ("Bawa ke bulan berikut", "Carry to the next month"),
    "action.ACCEPT_BANK": ("Terima angka bank", "Accept the bank's figure"),
    "action.KEEP_CITY": ("Pertahankan angka kota", "Keep the city's figure"),
    "action.BOTH_REAL": ("Keduanya setoran nyata", "Both deposits are real"),
    "action.ASSIGN_LOAN": (
        "Uang ini milik pinjaman yang disebut di alasan",
        "The money belongs to the loan named in the reason",
    ),
    "action.RETURN_MONEY": ("Minta bank mengembalikan uang", "Ask the bank to return the money"),
    "action.JOINT_LIABILITY": (
        "Tagih lewat tanggung renteng",
        "Collect through joint liability",
    ),
    "action.REFER_PROGRAMME": ("Teruskan ke dinas program", "Refer to the programme office"),
    "action.NOTED": ("Cukup dicatat", "Noted, nothing more"),
}
