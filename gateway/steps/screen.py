"""Apply the programme's rules: ask the registry about who consented, judge who was answered.

Nobody is asked about without consent, nobody is asked about twice while an inquiry is open, and
a group moves only when all its members are judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gateway.clock import wib_day
from gateway.connectors import Connector
from gateway.domain.applications import Blocker
from gateway.domain.credit import CreditInquiry, CreditReport
from gateway.domain.files import FileKind
from gateway.domain.programmes import Programme
from gateway.domain.screening import combine_parts, find_group_blockers, find_missing, judge
from gateway.domain.states import ApplicationState
from gateway.steps.batch import Sealing, next_in_stream, seal_files
from gateway.steps.outbox import Outbox
from gateway.steps.summary import Attention, Summary
from gateway.store import Store, Transaction, applications, batches, credit
from gateway.store.applications import StoredApplication
from gateway.store.credit import StoredVerdict

UNDER_WAY = (ApplicationState.RECEIVED, ApplicationState.SCREENING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One applicant as screening sees it now."""

    row: StoredApplication
    blockers: tuple[Blocker, ...]
    waiting: bool
    report: CreditReport | None


def screen_applications(
    store: Store,
    registry: Connector | None,
    outbox: Outbox | None,
    programmes: Mapping[str, Programme],
    now: datetime,
    actor: str,
) -> Summary:
    """Judge everyone under way, then put the missing questions to the registry in one file."""
    summary = Summary(step="screen")
    with store.begin(now, actor) as tx:
        rows = applications.list_applications(tx, states=UNDER_WAY)
        for row in rows:
            if row.state is ApplicationState.RECEIVED:
                applications.move_application(
                    tx, row.application.reference, ApplicationState.SCREENING
                )
        judged = [_judge(tx, row, programmes, wib_day(now)) for row in rows]
        for group in _by_loan(judged):
            _settle(tx, group, programmes, wib_day(now), summary)
        waiting = [entry.row for entry in judged if entry.waiting]
        unasked = _unasked(tx, waiting, registry)
        if unasked and registry is not None and outbox is not None:
            _ask(tx, registry, outbox, unasked)
            summary.counts["inquiries"] += len(unasked)
        elif unasked:
            summary.attention.append(_no_registry(len(unasked)))
        summary.counts["waiting"] += len(waiting)
    return summary


def _judge(
    tx: Transaction, row: StoredApplication, programmes: Mapping[str, Programme], today: date
) -> Judged:
    application = row.application
    parts = credit.list_report_parts(tx, application.reference)
    report = combine_parts(parts) if parts else None
    rules = programmes[application.programme].screening
    verdict = judge(
        rules,
        consent=application.consent,
        report=report,
        today=today,
    )
    missing = find_missing(
        application.business, rules.required_columns, application.applicant.business_id
    )
    blockers = (*missing, *verdict.blockers)
    return Judged(
        row=row, blockers=blockers, waiting=verdict.waiting and not missing, report=report
    )


def _by_loan(judged: Sequence[Judged]) -> list[list[Judged]]:
    groups: dict[str, list[Judged]] = {}
    for entry in judged:
        groups.setdefault(entry.row.application.loan_reference, []).append(entry)
    return list(groups.values())


def _settle(
    tx: Transaction,
    group: Sequence[Judged],
    programmes: Mapping[str, Programme],
    today: date,
    summary: Summary,
) -> None:
    """Move one person, or a whole group together; while anyone waits, nobody moves."""
    if any(entry.waiting for entry in group):
        return
    first = group[0].row.application
    shared: Mapping[str, tuple[Blocker, ...]] = {}
    if first.group_reference:
        shared = find_group_blockers(
            programmes[first.programme],
            [entry.row.application for entry in group],
            [entry.row.application.reference for entry in group if entry.blockers],
        )
    for entry in group:
        reference = entry.row.application.reference
        blockers = (*entry.blockers, *shared.get(reference, ()))
        if entry.report is not None:
            credit.save_verdict(tx, reference, _verdict(entry.report, not blockers, today))
            credit.mark_answered(tx, reference)
        applications.save_blockers(tx, reference, blockers)
        target = ApplicationState.ON_HOLD if blockers else ApplicationState.ELIGIBLE
        applications.move_application(
            tx, reference, target, blockers=",".join(blocker.code for blocker in blockers)
        )
        summary.counts["on_hold" if blockers else "eligible"] += 1


def _verdict(report: CreditReport, clear: bool, today: date) -> StoredVerdict:
    return StoredVerdict(
        data_period=report.data_period,
        worst_now=report.worst_now,
        worst_active=report.worst_active,
        worst_24_months=report.worst_24_months,
        active_facilities=report.active_facilities,
        active_outstanding_idr=report.active_outstanding_idr,
        arrears_idr=report.arrears_idr,
        days_overdue=report.days_overdue,
        written_off=report.written_off,
        online_loan=report.online_loan,
        clear=clear,
        checked_on=today,
    )


def _unasked(
    tx: Transaction, waiting: Sequence[StoredApplication], registry: Connector | None
) -> list[StoredApplication]:
    if registry is None:
        return list(waiting)
    asked = {
        inquiry.application_reference
        for inquiry in credit.list_open_inquiries(tx, registry.partner.code)
    }
    return [row for row in waiting if row.application.reference not in asked]


def _ask(
    tx: Transaction, registry: Connector, outbox: Outbox, rows: Sequence[StoredApplication]
) -> None:
    """Seal one file of inquiries; the inquiry's reference is the application's own."""
    code = registry.partner.code
    sequence, previous = next_in_stream(tx, code, FileKind.PERMINTAAN)
    today = wib_day(tx.now)
    reference = f"KJ-{code}-permintaan-{sequence:06d}"
    inquiries = [_inquiry(row) for row in rows]
    sealing = Sealing(
        kind=FileKind.PERMINTAAN,
        partner_code=code,
        reference=reference,
        sequence=sequence,
        previous=previous,
        count=len(rows),
        total_idr=0,
    )
    files = registry.render_inquiries(reference, f"{today:%Y%m%d}", inquiries)
    sealed = seal_files(tx, outbox, sealing, files)
    references = [row.application.reference for row in rows]
    number = batches.next_file_sequence(tx, code, FileKind.PERMINTAAN, today.year)
    batches.save_sealed(tx, sealed, references, today.year, number)
    for row in rows:
        credit.save_inquiry(
            tx,
            reference=row.application.reference,
            application_reference=row.application.reference,
            registry_code=code,
            batch_reference=reference,
        )


def _inquiry(row: StoredApplication) -> CreditInquiry:
    person = row.application.applicant
    return CreditInquiry(
        reference=row.application.reference,
        national_id=person.national_id,
        name=person.name,
        sex=person.sex,
        born_on=person.born_on,
    )


def _no_registry(count: int) -> Attention:
    return Attention(
        code="NO_REGISTRY",
        partner_code="",
        subject="screening",
        message_en=f"{count} inquiries wait: no registry partner is ready ([screening] registry).",
        message_id=f"{count} permintaan menunggu: mitra SLIK belum siap ([screening] registry).",
    )
