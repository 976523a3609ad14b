"""Disbursements and the bank's own schedules: what they change."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.domain.calendar import BankCalendar
from gateway.domain.loans import Disbursement, Instalment, ScheduledInstalment
from gateway.domain.schedules import plan_instalments
from gateway.domain.states import ApplicationState
from gateway.errors import FileMisdirected, FileUnreadable
from gateway.steps.submission_effects import members_of
from gateway.store import Transaction, applications, loans
from gateway.store.applications import StoredApplication


def record_disbursements(
    tx: Transaction,
    partner_code: str,
    file_name: str,
    disbursements: Sequence[Disbursement],
    file_id: int,
    calendar: BankCalendar,
) -> list[int]:
    """Open a loan for each row, with the instalments that the city expects (ruling 11).

    A loan without an approval on record, or under a reference that nobody knows, is opened too,
    marked disputed, so that its money is followed.

    :returns: lines of disputed loans.
    :raises FileMisdirected: for a reference that was sent to another partner.
    :raises FileUnreadable: for a loan number or a reference that has its loan already.
    """
    known = applications.known_references(tx, partner_code)
    taken = set(loans.list_loan_states(tx, partner_code))
    lent = {loan.application_reference for loan in loans.list_loans(tx, partner_code)}
    disputed = []
    for row in disbursements:
        members = members_of(tx, row.application_reference)
        if members and row.application_reference not in known:
            raise FileMisdirected(
                file_name,
                "it disburses an application that was never sent to this partner",
                message_id="mencairkan permohonan yang tidak pernah dikirim ke mitra ini",
                line=row.line,
                reason="MISDIRECTED",
            )
        if row.loan_number in taken or row.application_reference in lent:
            raise FileUnreadable(
                file_name,
                "this loan number or this application was disbursed before",
                message_id="nomor rekening atau permohonan ini sudah pernah dicairkan",
                line=row.line,
                reason="LOAN_TWICE",
            )
        taken.add(row.loan_number)
        lent.add(row.application_reference)
        if not _open_loan(tx, partner_code, row, members, file_id, calendar):
            disputed.append(row.line)
    return disputed


def _open_loan(
    tx: Transaction,
    partner_code: str,
    row: Disbursement,
    members: Sequence[StoredApplication],
    file_id: int,
    calendar: BankCalendar,
) -> bool:
    """Open one loan; false when it had no approval."""
    approved = [m for m in members if m.state is ApplicationState.APPROVED]
    loans.save_loan(
        tx,
        partner_code,
        row,
        programme=members[0].application.programme if members else "",
        is_group=bool(members and members[0].application.group_reference),
        disputed=not approved,
        instalments=plan_instalments(
            principal_idr=row.amount_idr,
            rate_bps=row.rate_bps,
            tenor_months=row.tenor_months,
            method=row.method,
            first_due_on=row.first_due_on,
            calendar=calendar,
        ),
        file_id=file_id,
    )
    for member in approved:
        applications.move_application(
            tx, member.application.reference, ApplicationState.DISBURSED, file=file_id
        )
    return bool(approved)


def record_schedules(
    tx: Transaction,
    partner_code: str,
    file_name: str,
    rows: Sequence[ScheduledInstalment],
    file_id: int,
) -> int:
    """Replace the expected instalments by the bank's own; returns how many loans.

    :raises FileUnreadable: for a schedule of a loan that was never disbursed.
    """
    by_loan: dict[str, list[Instalment]] = {}
    for row in rows:
        by_loan.setdefault(row.loan_number, []).append(row.instalment)
    known = loans.list_loan_states(tx, partner_code)
    for loan_number, instalments in by_loan.items():
        if loan_number not in known:
            raise FileUnreadable(
                file_name,
                "it gives a schedule for a loan that was not disbursed",
                message_id="memuat jadwal untuk pinjaman yang belum dicairkan",
                reason="SCHEDULE_UNKNOWN_LOAN",
            )
        ordered = sorted(instalments, key=lambda instalment: instalment.number)
        loans.replace_schedule(tx, partner_code, loan_number, ordered, file_id)
    return len(by_loan)
