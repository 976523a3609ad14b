"""Loans: the bank's decision, what it paid out, what is due, and what was paid of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, insert, select, update

from gateway.domain.loans import Disbursement, Instalment, InterestMethod
from gateway.domain.states import LOAN_MOVES, LoanState, move
from gateway.store.balances import load_paid, load_stated
from gateway.store.decisions import load_decision, save_decision
from gateway.store.failures import unknown
from gateway.store.files import note_rows
from gateway.store.rows import insert_all, swap
from gateway.store.statements import (
    count_repayments,
    save_positions,
    save_repayments,
    save_row_defects,
    save_shares,
    save_statement_totals,
)
from gateway.store.tables import instalments, loans
from gateway.store.transaction import Transaction

__all__ = [
    "StoredLoan",
    "count_repayments",
    "find_loan",
    "find_loan_by_reference",
    "list_instalments",
    "list_loans",
    "load_decision",
    "replace_schedule",
    "save_decision",
    "save_loan",
    "save_positions",
    "save_repayments",
    "save_row_defects",
    "save_shares",
    "save_statement_totals",
    "set_loan_state",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLoan:
    """A disbursed loan as it stands.

    :param application_reference: ours; the group's for a group loan.
    :param paid_idr: sum of all its repayment rows, reversals negative, repeats once.
    :param outstanding_idr: principal as the bank last stated it; else as its splits tell.
    """

    loan_number: str
    partner_code: str
    application_reference: str
    is_group: bool
    programme: str
    principal_idr: int
    disbursed_on: date
    tenor_months: int
    method: InterestMethod
    rate_bps: int
    state: LoanState
    disputed: bool
    paid_idr: int
    outstanding_idr: int


def save_loan(
    tx: Transaction,
    partner_code: str,
    disbursement: Disbursement,
    *,
    programme: str,
    is_group: bool,
    disputed: bool,
    instalments: Sequence[Instalment],
    file_id: int,
) -> None:
    """Store a new loan with its expected instalments.

    :raises StaleRecord: if this partner's loan number or our reference has a loan already.
    """
    note_rows(tx, file_id, 1)
    place = f"loans.note|{partner_code}:{disbursement.loan_number}"
    row = {
        "partner_code": partner_code,
        "loan_number": disbursement.loan_number,
        "application_reference": disbursement.application_reference,
        "is_group": is_group,
        "programme": programme,
        "bank_reference": disbursement.bank_reference,
        "principal_idr": disbursement.amount_idr,
        "disbursed_on": disbursement.disbursed_on,
        "first_due_on": disbursement.first_due_on,
        "tenor_months": disbursement.tenor_months,
        "method": disbursement.method.value,
        "rate_bps": disbursement.rate_bps,
        "state": LoanState.ACTIVE.value,
        "disputed": disputed,
        "note": tx.vault.seal(disbursement.note, place) if disbursement.note else None,
        "file_id": file_id,
        "line": disbursement.line,
        "changed_at": tx.now,
    }
    loan_id: int = tx.conn.execute(insert(loans).values(**row).returning(loans.c.id)).scalar_one()
    _save_instalments(tx, loan_id, instalments, file_id)
    tx.audit(
        "LOAN_SAVED",
        disbursement.application_reference,
        partner=partner_code,
        principal_idr=disbursement.amount_idr,
        disbursed_on=disbursement.disbursed_on.isoformat(),
        instalments=len(instalments),
        due_idr=sum(instalment.amount_idr for instalment in instalments),
        disputed=int(disputed),
    )


def replace_schedule(
    tx: Transaction,
    partner_code: str,
    loan_number: str,
    instalments: Sequence[Instalment],
    file_id: int,
) -> None:
    """Put the bank's own schedule in the place of the one we expected."""
    loan_id, reference, _ = _look(tx, partner_code, loan_number)
    note_rows(tx, file_id, len(instalments))
    _drop_instalments(tx, loan_id)
    _save_instalments(tx, loan_id, instalments, file_id)
    tx.audit(
        "SCHEDULE_REPLACED",
        reference,
        partner=partner_code,
        instalments=len(instalments),
        due_idr=sum(instalment.amount_idr for instalment in instalments),
    )


def _drop_instalments(tx: Transaction, loan_id: int) -> None:
    tx.conn.execute(delete(instalments).where(instalments.c.loan_id == loan_id))


def _save_instalments(
    tx: Transaction, loan_id: int, planned: Sequence[Instalment], file_id: int
) -> None:
    rows = [
        {
            "loan_id": loan_id,
            "number": instalment.number,
            "due_on": instalment.due_on,
            "principal_idr": instalment.principal_idr,
            "interest_idr": instalment.interest_idr,
            "file_id": file_id,
        }
        for instalment in planned
    ]
    insert_all(tx, instalments, rows)


def _look(tx: Transaction, partner_code: str, loan_number: str) -> tuple[int, str, LoanState]:
    asked = select(loans.c.id, loans.c.application_reference, loans.c.state).where(
        loans.c.partner_code == partner_code, loans.c.loan_number == loan_number
    )
    row = tx.conn.execute(asked).one_or_none()
    if row is None:
        raise unknown("The loan")
    return row.id, row.application_reference, LoanState(row.state)


def set_loan_state(tx: Transaction, partner_code: str, loan_number: str, target: LoanState) -> None:
    """Move a loan through its table of states.

    :raises IllegalTransition: if the table has no such move.
    """
    loan_id, reference, current = _look(tx, partner_code, loan_number)
    move(LOAN_MOVES, current, target)
    swap(
        tx,
        update(loans)
        .where(loans.c.id == loan_id, loans.c.state == current.value)
        .values(state=target.value, changed_at=tx.now),
        reference,
    )
    tx.audit(f"LOAN_{target.value}", reference, partner=partner_code, from_state=current.value)


def list_loan_states(tx: Transaction, partner_code: str) -> dict[str, LoanState]:
    """The bank's number -> state of every loan of a partner; nothing is added up."""
    asked = select(loans.c.loan_number, loans.c.state).where(loans.c.partner_code == partner_code)
    return {row.loan_number: LoanState(row.state) for row in tx.conn.execute(asked)}


def list_lent(tx: Transaction, partner_code: str) -> dict[str, tuple[str, str, int, date]]:
    """Bank reference of each disbursement -> our reference, loan number, rupiah, day."""
    asked = select(loans).where(loans.c.partner_code == partner_code)
    return {
        row.bank_reference: (
            row.application_reference,
            row.loan_number,
            row.principal_idr,
            row.disbursed_on,
        )
        for row in tx.conn.execute(asked)
    }


def find_loan(tx: Transaction, partner_code: str, loan_number: str) -> StoredLoan | None:
    """A loan by the bank's number."""
    found = _load(tx, loans.c.partner_code == partner_code, loans.c.loan_number == loan_number)
    return found[0] if found else None


def find_loan_by_reference(tx: Transaction, partner_code: str, reference: str) -> StoredLoan | None:
    """A loan by our reference, the group's for a group."""
    found = _load(
        tx, loans.c.partner_code == partner_code, loans.c.application_reference == reference
    )
    return found[0] if found else None


def list_loans(tx: Transaction, partner_code: str | None = None) -> list[StoredLoan]:
    """Loans by partner and our reference."""
    if partner_code is None:
        return _load(tx)
    return _load(tx, loans.c.partner_code == partner_code)


def list_instalments(tx: Transaction, partner_code: str, loan_number: str) -> list[Instalment]:
    """The expected instalments of a loan, by number."""
    asked = (
        select(instalments)
        .join(loans, loans.c.id == instalments.c.loan_id)
        .where(loans.c.partner_code == partner_code, loans.c.loan_number == loan_number)
        .order_by(instalments.c.number)
    )
    return [
        Instalment(
            number=row.number,
            due_on=row.due_on,
            principal_idr=row.principal_idr,
            interest_idr=row.interest_idr,
        )
        for row in tx.conn.execute(asked)
    ]


def _load(tx: Transaction, *wanted: ColumnElement[bool]) -> list[StoredLoan]:
    order = (loans.c.partner_code, loans.c.application_reference, loans.c.loan_number)
    paid, stated = load_paid(tx, *wanted), load_stated(tx, *wanted)
    found: list[StoredLoan] = []
    for row in tx.conn.execute(select(loans).where(*wanted).order_by(*order)):
        paid_idr, principal_paid_idr = paid.get(row.id, (0, 0))
        found.append(
            StoredLoan(
                loan_number=row.loan_number,
                partner_code=row.partner_code,
                application_reference=row.application_reference,
                is_group=row.is_group,
                programme=row.programme,
                principal_idr=row.principal_idr,
                disbursed_on=row.disbursed_on,
                tenor_months=row.tenor_months,
                method=InterestMethod(row.method),
                rate_bps=row.rate_bps,
                state=LoanState(row.state),
                disputed=row.disputed,
                paid_idr=paid_idr,
                outstanding_idr=stated.get(row.id, row.principal_idr - principal_paid_idr),
            )
        )
    return found
