"""What repayment and position rows add up to, loan by loan."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, cast, func, or_, select

from gateway.domain.loans import RepaymentType
from gateway.domain.states import InboundState
from gateway.store.tables import files, loans, positions, repayments
from gateway.store.tables.columns import Whole
from gateway.store.transaction import Transaction

_newer = files.alias("newer")
_same = files.alias("same")


def is_current(file_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The row's file was not replaced by a corrected one of the same number."""
    return ~(
        select(_newer.c.id)
        .join(
            _same,
            (_same.c.partner_code == _newer.c.partner_code)
            & (_same.c.kind == _newer.c.kind)
            & (_same.c.year == _newer.c.year)
            & (_same.c.sequence == _newer.c.sequence)
            & (_same.c.version < _newer.c.version),
        )
        .where(_same.c.id == file_id, _newer.c.state == InboundState.READ.value)
        .exists()
    )


CONTENT: Final = (
    "booked_on",
    "value_on",
    "loan_number",
    "application_reference",
    "instalment_number",
    "amount_idr",
    "type",
    "original_reference",
)
"""What two rows of one bank reference must agree on to be one row (ruling 19)."""


def same_content(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Two repayment rows say the same."""
    return and_(*(one.c[name].is_not_distinct_from(other.c[name]) for name in CONTENT))


_rival = repayments.alias("rival")


def _is_contested(row: FromClause) -> ColumnElement[bool]:
    """Another row of the same bank reference says something else (ruling 19)."""
    return and_(
        row.c.bank_reference != "",
        select(_rival.c.id)
        .where(
            _rival.c.partner_code == row.c.partner_code,
            _rival.c.bank_reference == row.c.bank_reference,
            ~same_content(_rival, row),
            is_current(_rival.c.file_id),
        )
        .exists(),
    )


_first = repayments.alias("first")
IS_FIRST = (repayments.c.bank_reference == "") | ~(
    select(_first.c.id)
    .where(
        _first.c.partner_code == repayments.c.partner_code,
        _first.c.bank_reference == repayments.c.bank_reference,
        _first.c.id < repayments.c.id,
        is_current(_first.c.file_id),
    )
    .exists()
)
"""A bank's reference names one row for ever: sent again, it counts once (ruling 19)."""

SIGN = case((repayments.c.type == RepaymentType.REVERSAL.value, -1), else_=1)
_other = loans.alias("other")
_BY_NUMBER = loans.c.loan_number == repayments.c.loan_number
_BY_REFERENCE = and_(
    loans.c.application_reference == repayments.c.application_reference,
    loans.c.application_reference != "",
)
_OTHER_BY_NUMBER = and_(
    _other.c.partner_code == repayments.c.partner_code,
    _other.c.loan_number == repayments.c.loan_number,
)
_original = repayments.alias("original")
_claimed = loans.alias("claimed")
_OF_THIS_LOAN = or_(
    _original.c.loan_number == loans.c.loan_number,
    and_(
        loans.c.application_reference != "",
        _original.c.application_reference == loans.c.application_reference,
        ~select(_claimed.c.id)
        .where(
            _claimed.c.partner_code == _original.c.partner_code,
            _claimed.c.loan_number == _original.c.loan_number,
        )
        .exists(),
    ),
)
TAKES_SOMETHING_BACK = or_(
    repayments.c.type != RepaymentType.REVERSAL.value,
    and_(
        repayments.c.original_reference != "",
        select(_original.c.id)
        .where(
            _original.c.partner_code == repayments.c.partner_code,
            _original.c.bank_reference == repayments.c.original_reference,
            _original.c.type != RepaymentType.REVERSAL.value,
            is_current(_original.c.file_id),
            ~_is_contested(_original),
            _OF_THIS_LOAN,
        )
        .correlate(repayments, loans)
        .exists(),
    ),
)
"""A reversal counts only against a row of its loan that counts itself (pass 3)."""


def load_paid(tx: Transaction, *wanted: ColumnElement[bool]) -> dict[int, tuple[int, int]]:
    """Per loan: rupiah paid, and rupiah of principal in it where the bank gives the split.

    A row belongs to the loan of its number, else to the loan of its reference.  Rows in conflict
    and reversals of nothing do not count.
    """
    paid: dict[int, tuple[int, int]] = {}
    by_reference = _sums(_BY_REFERENCE, *wanted, _other.c.id.is_(None))
    for sums in (_sums(_BY_NUMBER, *wanted), by_reference):
        for loan_id, amount_idr, principal_idr in tx.conn.execute(sums):
            before = paid.get(loan_id, (0, 0))
            paid[loan_id] = (before[0] + amount_idr, before[1] + principal_idr)
    return paid


def _sums(belongs: ColumnElement[bool], *wanted: ColumnElement[bool]) -> Select[int, int, int]:
    principal_idr = func.coalesce(repayments.c.principal_idr, 0)
    return (
        select(
            loans.c.id,
            cast(func.sum(SIGN * repayments.c.amount_idr), Whole),
            cast(func.sum(SIGN * principal_idr), Whole),
        )
        .join(repayments, and_(loans.c.partner_code == repayments.c.partner_code, belongs))
        .outerjoin(_other, _OTHER_BY_NUMBER)
        .where(
            *wanted,
            is_current(repayments.c.file_id),
            IS_FIRST,
            ~_is_contested(repayments),
            TAKES_SOMETHING_BACK,
        )
        .group_by(loans.c.id)
    )


def load_stated(tx: Transaction, *wanted: ColumnElement[bool]) -> dict[int, int]:
    """Per loan: the principal still owed as the bank stated it last, in a payment or a position."""
    newest: dict[int, tuple[date, int]] = {}
    for loan_id, stated_on, outstanding_idr in tx.conn.execute(_last_payments(*wanted)):
        newest[loan_id] = (stated_on, outstanding_idr)
    for loan_id, period, outstanding_idr in tx.conn.execute(_last_positions(*wanted)):
        year, month = int(period[:4]), int(period[5:])
        stated_on = date(year, month, monthrange(year, month)[1])
        if loan_id not in newest or newest[loan_id][0] <= stated_on:
            newest[loan_id] = (stated_on, outstanding_idr)
    return {loan_id: outstanding_idr for loan_id, (_, outstanding_idr) in newest.items()}


def _last_payments(*wanted: ColumnElement[bool]) -> Select[int, date, int]:
    order = (
        repayments.c.value_on.desc(),
        repayments.c.booked_on.desc(),
        repayments.c.file_id.desc(),
        repayments.c.line.desc(),
    )
    rows = (
        select(
            loans.c.id,
            repayments.c.value_on,
            repayments.c.outstanding_idr,
            func.row_number().over(partition_by=loans.c.id, order_by=order).label("place"),
        )
        .join(repayments, (loans.c.partner_code == repayments.c.partner_code) & _BY_NUMBER)
        .where(*wanted, repayments.c.outstanding_idr.is_not(None), is_current(repayments.c.file_id))
        .subquery()
    )
    return select(rows.c.id, rows.c.value_on, rows.c.outstanding_idr).where(rows.c.place == 1)


def _last_positions(*wanted: ColumnElement[bool]) -> Select[int, str, int]:
    order = (positions.c.period.desc(), positions.c.file_id.desc(), positions.c.line.desc())
    rows = (
        select(
            loans.c.id,
            positions.c.period,
            positions.c.outstanding_idr,
            func.row_number().over(partition_by=loans.c.id, order_by=order).label("place"),
        )
        .join(
            positions,
            (loans.c.partner_code == positions.c.partner_code)
            & (loans.c.loan_number == positions.c.loan_number),
        )
        .where(*wanted, is_current(positions.c.file_id))
        .subquery()
    )
    return select(rows.c.id, rows.c.period, rows.c.outstanding_idr).where(rows.c.place == 1)
