"""Look for silence: receipts that did not come, files that were expected, dates that near."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509

from gateway.domain.states import BatchState
from gateway.steps.summary import Attention, Summary
from gateway.store import Store, agenda, batches

EXPIRY_WARNING = timedelta(days=30)


def watch_partner(
    store: Store,
    partner_code: str,
    certificates: Sequence[x509.Certificate],
    ack_hours: int,
    now: datetime,
    actor: str,
    *,
    expects_receipts: bool,
) -> Summary:
    """Raise an alarm for each silence and clear those that ended; one alarm per cause."""
    summary = Summary(step="watch", partner_code=partner_code)
    with store.begin(now, actor) as tx:
        sent = batches.list_batches(tx, partner_code=partner_code, states=[BatchState.SENT])
        patience = timedelta(hours=ack_hours)
        silent = [
            batch
            for batch in sent
            if expects_receipts and batch.sent_at is not None and now - batch.sent_at > patience
        ]
        findings = [*_silences(partner_code, silent), *_expiries(partner_code, certificates, now)]
        for code in ("no_ack", "certificate"):
            found = [finding for finding in findings if finding.code == code]
            for finding in found:
                agenda.raise_alarm(tx, code, partner_code, finding.message_en, finding.message_id)
            if not found:
                agenda.clear_alarm(tx, code, partner_code)
    summary.attention += findings
    summary.counts["alarms"] += len(findings)
    return summary


def _silences(partner_code: str, silent: Sequence[batches.StoredBatch]) -> list[Attention]:
    if not silent:
        return []
    names = ", ".join(batch.reference for batch in silent)
    return [
        Attention(
            code="no_ack",
            partner_code=partner_code,
            subject=names,
            message_en=f"No receipt in time for {names}. Ask the partner whether it arrived.",
            message_id=f"Belum ada tanda terima untuk {names}. Tanyakan kepada mitra.",
        )
    ]


def _expiries(
    partner_code: str, certificates: Sequence[x509.Certificate], now: datetime
) -> list[Attention]:
    ending = [
        c.not_valid_after_utc for c in certificates if c.not_valid_after_utc - now < EXPIRY_WARNING
    ]
    if not ending or len(ending) < len(certificates):
        return []
    day = f"{max(ending):%Y-%m-%d}"
    return [
        Attention(
            code="certificate",
            partner_code=partner_code,
            subject=partner_code,
            message_en=f"The partner's signing certificate ends on {day}. Ask for the next one.",
            message_id=f"Sertifikat tanda tangan mitra berakhir {day}. Minta yang baru.",
        )
    ]
