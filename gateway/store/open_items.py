"""What a period starts from: dues still open, money reported, money carried over."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CompoundSelect,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    select,
    union_all,
)

from gateway.domain.mismatches import Side
from gateway.domain.states import MismatchState
from gateway.store.balances import SIGN, is_current
from gateway.store.tables import (
    allocations,
    files,
    instalments,
    loans,
    mismatches,
    periods,
    repayments,
    residuals,
)
from gateway.store.tables.columns import Whole
from gateway.store.transaction import Transaction

FINAL: Final = frozenset({"PENALTY", "WAIVED", "ROUNDING", "REVERSED", "DUP_SAME"})
"""Remainders that are settled by being named: no later period sees them again."""
UNREAD: Final = "F_ROW"
"""Money of a row that could not be read stays in its own period until the row is corrected."""

# A disputed loan may have no reference of ours; its number then names its items.
LOAN_REFERENCE = case(
    (loans.c.application_reference == "", "@" + loans.c.loan_number),
    else_=loans.c.application_reference,
)


def _used(partner_code: str, period: str) -> CompoundSelect[str, int, int]:
    """What the newest runs of earlier periods took off each due: money, and what is final."""
    earlier = and_(periods.c.partner_code == partner_code, periods.c.period < period)
    spent = (
        select(allocations.c.loan_reference, allocations.c.number, allocations.c.amount_idr)
        .join(periods, periods.c.run == allocations.c.run)
        .where(earlier)
    )
    named = (
        select(residuals.c.loan_reference, residuals.c.number, residuals.c.amount_idr)
        .join(periods, periods.c.run == residuals.c.run)
        .where(
            earlier,
            residuals.c.side == Side.EXPECTED.value,
            residuals.c.code.in_(sorted(FINAL)),
        )
    )
    return union_all(spent, named)


def open_items(partner_code: str, period: str) -> Subquery:
    """Each due of a partner with what is open of it at the start of a period, maybe nothing."""
    parts = _used(partner_code, period).subquery("part")
    used = (
        select(
            parts.c.loan_reference,
            parts.c.number,
            cast(func.sum(parts.c.amount_idr), Whole).label("used_idr"),
        )
        .group_by(parts.c.loan_reference, parts.c.number)
        .subquery("used")
    )
    amount_idr = instalments.c.principal_idr + instalments.c.interest_idr
    return (
        select(
            LOAN_REFERENCE.label("loan_reference"),
            instalments.c.number,
            instalments.c.due_on,
            instalments.c.principal_idr,
            instalments.c.interest_idr,
            amount_idr.label("amount_idr"),
            (amount_idr - func.coalesce(used.c.used_idr, 0)).label("open_idr"),
        )
        .join(loans, loans.c.id == instalments.c.loan_id)
        .outerjoin(
            used,
            and_(used.c.loan_reference == LOAN_REFERENCE, used.c.number == instalments.c.number),
        )
        .where(loans.c.partner_code == partner_code)
        .subquery("open_item")
    )


def reported_rows(partner_code: str, period: str) -> Select[int, int]:
    """Row number and signed rupiah of each repayment row of a period's files."""
    return select(repayments.c.id, (SIGN * repayments.c.amount_idr).label("signed_idr")).where(
        repayments.c.partner_code == partner_code,
        repayments.c.period == period,
        is_current(repayments.c.file_id),
    )


def carried_rows(tx: Transaction, partner_code: str, period: str) -> Select[int | None, int, str]:
    """Row number, signed rupiah and code of what the period before left over, nobody settled.

    A row number is missing where the source of the money cannot be found any more.
    """
    asked = select(func.max(periods.c.period)).where(
        periods.c.partner_code == partner_code, periods.c.period < period
    )
    before = tx.conn.execute(asked).scalar()
    # The list's key of a remainder is its side, item and code (see the reconciliation floor).
    key = residuals.c.side + "|" + residuals.c.item + "|" + residuals.c.code
    source = (
        select(files.c.partner_code, files.c.sha256, repayments.c.line, repayments.c.id)
        .join(repayments, repayments.c.file_id == files.c.id)
        .where(is_current(files.c.id))
        .subquery("source")
    )
    return (
        select(source.c.id, residuals.c.amount_idr, residuals.c.code)
        .select_from(residuals)
        .join(periods, periods.c.run == residuals.c.run)
        .outerjoin(
            mismatches,
            and_(
                mismatches.c.partner_code == partner_code,
                mismatches.c.period == periods.c.period,
                mismatches.c.key == key,
            ),
        )
        .outerjoin(
            source,
            and_(
                source.c.partner_code == partner_code,
                source.c.sha256 == mismatches.c.file_sha256,
                source.c.line == mismatches.c.file_line,
            ),
        )
        .where(
            periods.c.partner_code == partner_code,
            periods.c.period == before,
            residuals.c.side == Side.REPORTED.value,
            residuals.c.code.not_in([*sorted(FINAL), UNREAD]),
            func.coalesce(mismatches.c.state, "") != MismatchState.SETTLED.value,
        )
        .order_by(residuals.c.item, residuals.c.code)
    )
