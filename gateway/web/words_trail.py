"""What the audit trail's entries are called on a timeline."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.web.words_domain import DOMAIN_WORDS

_MOVED = {
    "application": ("APPLICATION", "Pengajuan", "Application"),
    "batch": ("BATCH", "Berkas kolektif", "Batch"),
    "loan": ("LOAN", "Pinjaman", "Loan"),
    "inbound": ("FILE", "Berkas", "File"),
    "mismatch": ("MISMATCH", "Selisih", "Mismatch"),
}
_ACTS: Mapping[str, tuple[str, str]] = {
    "act.APPLICATION_RECEIVED": ("Pengajuan diterima", "Application received"),
    "act.GROUP_RECEIVED": ("Kelompok diterima", "Group received"),
    "act.PARTNER_ASSIGNED": ("Bank dipilih", "Bank chosen"),
    "act.BLOCKERS_SAVED": ("Kendala dicatat", "Blockers recorded"),
    "act.CONSENT_WITHDRAWN": ("Persetujuan ditarik", "Consent withdrawn"),
    "act.FORM_READ": ("Formulir dibaca", "Form read"),
    "act.FORM_REFUSED": ("Baris formulir ditolak", "Form row refused"),
    "act.INQUIRY_ASKED": ("Informasi debitur diminta", "Credit report asked for"),
    "act.INQUIRY_ANSWERED": ("Informasi debitur dijawab", "Credit report answered"),
    "act.REPORT_SAVED": ("Bagian laporan SLIK disimpan", "Part of the credit report kept"),
    "act.VERDICT_SAVED": ("Hasil pemeriksaan dicatat", "Result of the check recorded"),
    "act.BATCH_SEALED": ("Berkas kolektif disegel", "Batch sealed"),
    "act.DECISION_SAVED": ("Keputusan bank dicatat", "The bank's decision recorded"),
    "act.LOAN_SAVED": ("Pencairan dicatat", "Disbursement recorded"),
    "act.SCHEDULE_REPLACED": ("Jadwal bank dipakai", "The bank's schedule taken over"),
    "act.FILE_FETCHED": ("Berkas diambil", "File fetched"),
    "act.FILE_FETCHED_AGAIN": ("Berkas diambil lagi", "File fetched again"),
    "act.REPAYMENTS_SAVED": ("Pembayaran dicatat", "Repayments recorded"),
    "act.MISMATCH_PROPOSED": ("Diusulkan", "Proposed"),
    "act.MISMATCH_SETTLED": ("Disahkan", "Settled"),
    "act.MISMATCH_OPEN": ("Dikembalikan", "Returned"),
    "act.MISMATCH_CLEARED": ("Hilang oleh berkas kemudian", "Cleared by a later file"),
}
_FACTS: Mapping[str, tuple[str, str]] = {
    "fact.action": ("tindakan", "action"),
    "fact.amount_idr": ("jumlah", "amount"),
    "fact.application": ("pengajuan", "application"),
    "fact.approved_idr": ("plafon disetujui", "approved amount"),
    "fact.arrears_idr": ("tunggakan", "arrears"),
    "fact.batch": ("berkas kolektif", "batch"),
    "fact.code": ("sebab", "cause"),
    "fact.codes": ("kendala", "blockers"),
    "fact.checked_on": ("diperiksa", "checked on"),
    "fact.decided_on": ("tanggal keputusan", "decided on"),
    "fact.disbursed_on": ("tanggal cair", "disbursed on"),
    "fact.difference_idr": ("selisih", "difference"),
    "fact.due_idr": ("total tagihan", "total due"),
    "fact.from_state": ("dari", "from"),
    "fact.group": ("kelompok", "group"),
    "fact.instalments": ("angsuran", "instalments"),
    "fact.kind": ("jenis", "kind"),
    "fact.partner": ("mitra", "partner"),
    "fact.period": ("bulan", "month"),
    "fact.principal_idr": ("pokok", "principal"),
    "fact.programme": ("program", "programme"),
    "fact.reason": ("alasan", "reason"),
    "fact.registry": ("penyedia", "registry"),
    "fact.row": ("baris", "row"),
    "fact.sequence": ("nomor", "number"),
    "fact.source": ("berkas sumber", "source file"),
    "fact.tenor_months": ("jangka waktu, bulan", "tenor, months"),
    "fact.total_idr": ("jumlah", "total"),
}


def _moves() -> dict[str, tuple[str, str]]:
    """One entry per state that something can move to, worded from the state's own name."""
    made = {}
    for key, (state_id, state_en) in DOMAIN_WORDS.items():
        family, _, state = key.partition(".")
        if family in _MOVED:
            act, name_id, name_en = _MOVED[family]
            made[f"act.{act}_{state}"] = (f"{name_id}: {state_id}", f"{name_en}: {state_en}")
    return made


TRAIL_WORDS: Mapping[str, tuple[str, str]] = {**_moves(), **_ACTS, **_FACTS}
