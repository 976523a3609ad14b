"""Look for silence: receipts that did not come, files that were expected, dates that near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509

from gateway.clock import WIB
from gateway.domain.calendar import BankCalendar
from gateway.domain.programmes import Programme
from gateway.domain.states import ApplicationState, BatchState
from gateway.domain.windows import Window, latest_moment
from gateway.steps.summary import Attention, Summary
from gateway.store import Store, Transaction, agenda, applications, batches, files, loans

EXPIRY_WARNING = timedelta(days=30)
WATCHED_ALARMS = ("no_ack", "expected_file", "certificate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is looked at for one partner.

    :param expected: file kind -> the window by whose moments such a file must have come.
    """

    partner_code: str
    certificates: Sequence[x509.Certificate]
    expected: Mapping[str, Window]
    ack_hours: int
    expects_receipts: bool
    programmes: Mapping[str, Programme]
    calendar: BankCalendar


def watch_partner(store: Store, watched: Watched, now: datetime, actor: str) -> Summary:
    """Raise an alarm for each silence and clear those that ended; one alarm per cause."""
    code = watched.partner_code
    summary = Summary(step="watch", partner_code=code)
    with store.begin(now, actor) as tx:
        summary.counts["lapsed"] += _lapse(tx, watched)
        sent = batches.list_batches(tx, partner_code=code, states=[BatchState.SENT])
        patience = timedelta(hours=watched.ack_hours)
        silent = [
            batch
            for batch in sent
            if watched.expects_receipts
            and batch.sent_at is not None
            and now - batch.sent_at > patience
        ]
        findings = [
            *_silences(code, silent),
            *_missing_files(tx, watched),
            *_expiries(code, watched.certificates, now),
        ]
        for kind in WATCHED_ALARMS:
            found = [finding for finding in findings if finding.code == kind]
            for finding in found:
                agenda.raise_alarm(tx, kind, code, finding.message_en, finding.message_id)
            if not found:
                agenda.clear_alarm(tx, kind, code)
    summary.attention += findings
    summary.counts["alarms"] += len(findings)
    return summary


def _lapse(tx: Transaction, watched: Watched) -> int:
    """Approved and not disbursed within the programme's days: the approval lapses."""
    approved = applications.list_applications(
        tx, states=[ApplicationState.APPROVED], partner_code=watched.partner_code
    )
    lapsed = 0
    for row in approved:
        days = watched.programmes[row.application.programme].approval_days
        if tx.now - row.changed_at > timedelta(days=days):
            applications.move_application(
                tx, row.application.reference, ApplicationState.LAPSED, approval_days=days
            )
            lapsed += 1
    return lapsed


def _missing_files(tx: Transaction, watched: Watched) -> list[Attention]:
    """File kinds of which none came between the last two moments by which one is expected.

    Nothing is expected on a bank holiday, nor from a bank that has no loans yet.
    """
    if not loans.list_loan_states(tx, watched.partner_code):
        return []
    missing = []
    local = tx.now.astimezone(WIB)
    for kind, window in sorted(watched.expected.items()):
        due = latest_moment([window], local)
        before = latest_moment([window], due - timedelta(minutes=1)) if due else None
        if due is None or before is None or not watched.calendar.is_bank_day(due.date()):
            continue
        rows = files.list_files(tx, watched.partner_code)
        if not any(row.kind == kind and row.received_at > before for row in rows):
            missing.append(_missing(watched.partner_code, kind, due))
    return missing


def _missing(partner_code: str, kind: str, due: datetime) -> Attention:
    return Attention(
        code="expected_file",
        partner_code=partner_code,
        subject=kind,
        message_en=f"No {kind} file has come by {due:%Y-%m-%d %H:%M}. Ask the partner.",
        message_id=f"Belum ada berkas {kind} sampai {due:%Y-%m-%d %H:%M}. Tanyakan kepada mitra.",
    )


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
