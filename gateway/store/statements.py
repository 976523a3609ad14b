"""Rows of a bank's files as the bank wrote them; they are added and never changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from gateway.domain.files import RowDefect
from gateway.domain.loans import MemberShare, PositionStatement, Repayment
from gateway.privacy import scrub
from gateway.store.balances import is_current
from gateway.store.files import StoredFile, note_rows
from gateway.store.rows import insert_all
from gateway.store.tables import (
    position_totals,
    positions,
    repayments,
    row_defects,
    shares,
    statement_totals,
)
from gateway.store.transaction import Transaction


def _audit(tx: Transaction, act: str, file: StoredFile, **facts: str | int) -> None:
    tx.audit(act, f"{file.partner_code}/{file.name}", sha256=file.sha256, **facts)


def place_note(file_id: int, line: int) -> str:
    """Where the bank's free text on a repayment row belongs."""
    return f"repayments.note|{file_id}:{line}"


def save_repayments(
    tx: Transaction, partner_code: str, period: str, rows: Sequence[Repayment], file_id: int
) -> None:
    """Add the rows of a repayment file."""
    file = note_rows(tx, file_id, len(rows))
    insert_all(tx, repayments, [_repayment(tx, partner_code, period, row, file_id) for row in rows])
    net_idr = sum(row.signed_idr for row in rows)
    _audit(tx, "REPAYMENTS_SAVED", file, period=period, count=len(rows), net_idr=net_idr)


def _repayment(
    tx: Transaction, partner_code: str, period: str, row: Repayment, file_id: int
) -> dict[str, object]:
    note = tx.vault.seal(row.note, place_note(file_id, row.line)) if row.note else None
    return {
        "file_id": file_id,
        "line": row.line,
        "partner_code": partner_code,
        "period": period,
        "bank_reference": row.bank_reference,
        "booked_on": row.booked_on,
        "value_on": row.value_on,
        "loan_number": row.loan_number,
        "application_reference": row.application_reference,
        "instalment_number": row.instalment_number,
        "amount_idr": row.amount_idr,
        "principal_idr": row.principal_idr,
        "interest_idr": row.interest_idr,
        "penalty_idr": row.penalty_idr,
        "outstanding_idr": row.outstanding_idr,
        "collectability": row.collectability,
        "days_overdue": row.days_overdue,
        "type": row.type.value,
        "original_reference": row.original_reference,
        "note": note,
    }


def save_statement_totals(
    tx: Transaction,
    partner_code: str,
    period: str,
    *,
    stated_count: int,
    stated_net_idr: int,
    file_id: int,
) -> None:
    """Keep a repayment file's own totals, as stated."""
    file = note_rows(tx, file_id, 0)
    row = {
        "file_id": file_id,
        "partner_code": partner_code,
        "period": period,
        "stated_count": stated_count,
        "stated_net_idr": stated_net_idr,
    }
    insert_all(tx, statement_totals, [row])
    _audit(tx, "TOTALS_SAVED", file, period=period, count=stated_count, net_idr=stated_net_idr)


def save_row_defects(tx: Transaction, file_id: int, defects: Sequence[RowDefect]) -> None:
    """Keep the rows of a sound file that could not be read; their money is still counted."""
    file = note_rows(tx, file_id, 0)
    rows = [
        {
            "file_id": file_id,
            "position": position,
            "line": defect.line,
            "column_name": defect.column,
            "message_en": scrub(defect.message_en),
            "message_id": scrub(defect.message_id),
            "amount_idr": defect.amount_idr,
        }
        for position, defect in enumerate(defects)
    ]
    insert_all(tx, row_defects, rows)
    _audit(tx, "ROW_DEFECTS_SAVED", file, count=len(rows))


def save_shares(
    tx: Transaction, partner_code: str, rows: Sequence[MemberShare], file_id: int
) -> None:
    """Add the rows that split a group's payments over its members."""
    file = note_rows(tx, file_id, len(rows))
    insert_all(
        tx,
        shares,
        [
            {
                "file_id": file_id,
                "line": row.line,
                "partner_code": partner_code,
                "bank_reference": row.bank_reference,
                "application_reference": row.application_reference,
                "amount_idr": row.amount_idr,
                "principal_idr": row.principal_idr,
                "interest_idr": row.interest_idr,
            }
            for row in rows
        ],
    )
    total_idr = sum(row.amount_idr for row in rows)
    _audit(tx, "SHARES_SAVED", file, count=len(rows), total_idr=total_idr)


def save_positions(
    tx: Transaction, partner_code: str, statement: PositionStatement, file_id: int
) -> None:
    """Add a month's positions with the bank's own chain of totals."""
    file = note_rows(tx, file_id, len(statement.rows))
    insert_all(
        tx,
        positions,
        [
            {
                "file_id": file_id,
                "line": row.line,
                "partner_code": partner_code,
                "period": statement.period,
                "loan_number": row.loan_number,
                "application_reference": row.application_reference,
                "outstanding_idr": row.outstanding_idr,
                "collectability": row.collectability,
                "days_overdue": row.days_overdue,
                "principal_arrears_idr": row.principal_arrears_idr,
                "interest_arrears_idr": row.interest_arrears_idr,
                "state": row.state,
            }
            for row in statement.rows
        ],
    )
    totals = {
        "file_id": file_id,
        "partner_code": partner_code,
        "period": statement.period,
        "opening_idr": statement.opening_idr,
        "disbursed_idr": statement.disbursed_idr,
        "principal_repaid_idr": statement.principal_repaid_idr,
        "closing_idr": statement.closing_idr,
    }
    insert_all(tx, position_totals, [totals])
    _audit(
        tx,
        "POSITIONS_SAVED",
        file,
        period=statement.period,
        count=len(statement.rows),
        closing_idr=statement.closing_idr,
    )


def count_repayments(tx: Transaction) -> int:
    """How many repayment rows stand, those of replaced files left out."""
    asked = select(func.count()).select_from(repayments).where(is_current(repayments.c.file_id))
    return tx.conn.execute(asked).scalar_one()
