"""Disbursements and the bank's own schedules: what they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.domain.calendar import BankCalendar
from gateway.domain.files import RowDefect
from gateway.domain.loans import Disbursement, Instalment, ScheduledInstalment
from gateway.domain.schedules import plan_instalments
from gateway.domain.states import ApplicationState
from gateway.errors import FileMisdirected, FileUnreadable
from gateway.steps.submission_effects import members_of
from gateway.store import Transaction, applications, loans
from gateway.store.applications import StoredApplication


@dataclass(frozen=True, slots=True, kw_only=True)
class Disbursed:
    """What a disbursement file changed.

    :param opened: how many loans.
    :param repeated: rows that were in an earlier file, word for word.
    :param disputed: lines of loans without an approval on record.
    :param refused: rows that contradict a loan on record; the others go on.
    """

    opened: int
    repeated: int
    disputed: tuple[int, ...]
    refused: tuple[RowDefect, ...]


def record_disbursements(
    tx: Transaction,
    partner_code: str,
    file_name: str,
    disbursements: Sequence[Disbursement],
    file_id: int,
    calendar: BankCalendar,
) -> Disbursed:
    """Open a loan for each row, with the instalments that the city expects (ruling 11).

    A loan without an approval on record, or under a reference that nobody knows, is opened too,
    marked disputed, so that its money is followed.  A bank reference is unique for ever
    (ruling 19).

    :raises FileMisdirected: for a reference that was sent to another partner.
    """
    known = applications.known_references(tx, partner_code)
    lent = loans.list_lent(tx, partner_code)
    opened, repeated = 0, 0
    disputed: list[int] = []
    refused: list[RowDefect] = []
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
        content = (row.application_reference, row.loan_number, row.amount_idr, row.disbursed_on)
        if lent.get(row.bank_reference) == content:
            repeated += 1
            continue
        defect = _contradiction(row, lent)
        if defect is not None:
            refused.append(defect)
            continue
        lent[row.bank_reference] = content
        opened += 1
        if not _open_loan(tx, partner_code, row, members, file_id, calendar):
            disputed.append(row.line)
    return Disbursed(
        opened=opened, repeated=repeated, disputed=tuple(disputed), refused=tuple(refused)
    )


def _contradiction(
    row: Disbursement, lent: Mapping[str, tuple[str, str, int, date]]
) -> RowDefect | None:
    """A row whose bank reference, application or loan number has its loan already."""
    column = ""
    if row.bank_reference in lent:
        column = "ref_bank"
    elif any(row.application_reference == reference for reference, *_ in lent.values()):
        column = "ref_pengajuan"
    elif any(row.loan_number == number for _, number, *_ in lent.values()):
        column = "no_rekening"
    if not column:
        return None
    return RowDefect(
        line=row.line,
        column=column,
        message_en="it was disbursed before; this row is not applied (LOAN_TWICE)",
        message_id="sudah pernah dicairkan; baris ini tidak dipakai (LOAN_TWICE)",
        amount_idr=row.amount_idr,
    )


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
        is_group=bool(members)
        and members[0].application.group_reference == row.application_reference,
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
