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


def record_disbursements(
    tx: Transaction,
    partner_code: str,
    file_name: str,
    disbursements: Sequence[Disbursement],
    file_id: int,
    calendar: BankCalendar,
) -> None:
    """Open a loan for each row, with the instalments that the city expects (ruling 11).

    A loan without an approval on record is opened too, marked disputed, so that its money is
    followed.

    :raises FileMisdirected: for a reference never sent to this partner.
    """
    known = applications.known_references(tx, partner_code)
    taken = set(loans.list_loan_states(tx, partner_code))
    for row in disbursements:
        if row.application_reference not in known:
            raise FileMisdirected(
                file_name,
                "it disburses an application that was never sent to this partner",
                message_id="mencairkan permohonan yang tidak pernah dikirim ke mitra ini",
                line=row.line,
                reason="MISDIRECTED",
            )
        if row.loan_number in taken:
            raise FileUnreadable(
                file_name,
                "this loan number was disbursed before",
                message_id="nomor rekening pinjaman ini sudah pernah dicairkan",
                line=row.line,
                reason="LOAN_TWICE",
            )
        taken.add(row.loan_number)
        _open_loan(tx, partner_code, row, file_id, calendar)


def _open_loan(
    tx: Transaction, partner_code: str, row: Disbursement, file_id: int, calendar: BankCalendar
) -> None:
    members = members_of(tx, row.application_reference)
    approved = [m for m in members if m.state is ApplicationState.APPROVED]
    loans.save_loan(
        tx,
        partner_code,
        row,
        programme=members[0].application.programme,
        is_group=bool(members[0].application.group_reference),
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
