"""Periods of reconciliation: what a run is given, and the newest run of each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select

from gateway.domain.mismatches import Proof
from gateway.domain.reconciling import (
    ExpectedItem,
    LoanFacts,
    PeriodInputs,
)
from gateway.domain.states import LoanState, MismatchState
from gateway.store.open_items import LOAN_REFERENCE, open_items
from gateway.store.reported import load_carried, load_reported, load_totals, load_unread
from gateway.store.runs import save_run
from gateway.store.tables import (
    applications,
    instalments,
    loans,
    mismatches,
    periods,
    repayments,
    runs,
    statement_totals,
)
from gateway.store.transaction import Transaction

__all__ = ["latest_run", "list_open_periods", "list_periods", "load_inputs", "save_run"]


def load_inputs(
    tx: Transaction,
    partner_code: str,
    period: str,
    *,
    as_of: date,
    complete_until: date | None,
    grace_on: Callable[[date], date],
) -> PeriodInputs:
    """Everything that a run of one partner and period sees.

    :param grace_on: last day on which a payment of a due date is not late.
    :raises IntegrityBroken: if money that an earlier period left over has lost its source.
    """
    rows = load_reported(tx, partner_code, period)
    totals = load_totals(tx, partner_code, period)
    return PeriodInputs(
        partner_code=partner_code,
        period=period,
        as_of=as_of,
        complete_until=complete_until,
        loans=_loans(tx, partner_code),
        expected=_expected(tx, partner_code, period, grace_on),
        reported=(*rows, *load_carried(tx, partner_code, period)),
        unread=load_unread(tx, partner_code, period, rows, totals),
        totals=totals,
    )


def _loans(tx: Transaction, partner_code: str) -> tuple[LoanFacts, ...]:
    belonging = (
        select(applications.c.group_reference, applications.c.reference)
        .join(loans, loans.c.application_reference == applications.c.group_reference)
        .where(loans.c.partner_code == partner_code)
        .order_by(applications.c.reference)
    )
    members: dict[str, list[str]] = defaultdict(list)
    for group_reference, reference in tx.conn.execute(belonging):
        members[group_reference or ""].append(reference)
    asked = (
        select(loans, LOAN_REFERENCE.label("loan_reference"))
        .where(loans.c.partner_code == partner_code)
        .order_by(LOAN_REFERENCE)
    )
    return tuple(
        LoanFacts(
            loan_reference=row.loan_reference,
            loan_number=row.loan_number,
            is_group=row.is_group,
            state=LoanState(row.state),
            principal_idr=row.principal_idr,
            disbursed_on=row.disbursed_on,
            member_references=tuple(members.get(row.application_reference, ())),
        )
        for row in tx.conn.execute(asked)
    )


def _expected(
    tx: Transaction, partner_code: str, period: str, grace_on: Callable[[date], date]
) -> tuple[ExpectedItem, ...]:
    items = open_items(partner_code, period)
    asked = (
        select(items)
        .where(items.c.open_idr > 0)
        .order_by(items.c.due_on, items.c.number, items.c.loan_reference)
    )
    seen = _first_seen(tx, partner_code, period)
    graces: dict[date, date] = {}
    found: list[ExpectedItem] = []
    for row in tx.conn.execute(asked):
        if row.due_on not in graces:
            graces[row.due_on] = grace_on(row.due_on)
        found.append(
            ExpectedItem(
                loan_reference=row.loan_reference,
                number=row.number,
                due_on=row.due_on,
                grace_on=graces[row.due_on],
                amount_idr=row.amount_idr,
                principal_idr=row.principal_idr,
                interest_idr=row.interest_idr,
                open_idr=row.open_idr,
                since=seen.get((row.loan_reference, row.number), row.due_on),
            )
        )
    return tuple(found)


def _first_seen(tx: Transaction, partner_code: str, period: str) -> dict[tuple[str, int], date]:
    """Since when each due has stood in the lists of earlier periods."""
    asked = (
        select(
            mismatches.c.application_reference,
            mismatches.c.instalment_number,
            func.min(mismatches.c.since),
        )
        .where(
            mismatches.c.partner_code == partner_code,
            mismatches.c.period < period,
            mismatches.c.instalment_number.is_not(None),
            mismatches.c.state != MismatchState.CLEARED.value,
        )
        .group_by(mismatches.c.application_reference, mismatches.c.instalment_number)
    )
    return {(reference, number): since for reference, number, since in tx.conn.execute(asked)}


def latest_run(tx: Transaction, partner_code: str, period: str) -> Proof | None:
    """The proof of the newest run of a period."""
    asked = (
        select(runs)
        .join(periods, periods.c.run == runs.c.id)
        .where(periods.c.partner_code == partner_code, periods.c.period == period)
    )
    row = tx.conn.execute(asked).one_or_none()
    if row is None:
        return None
    return Proof(
        partner_code=row.partner_code,
        period=row.period,
        as_of=row.as_of,
        run_id=row.run_id,
        expected_idr=row.expected_idr,
        reported_idr=row.reported_idr,
        allocated_idr=row.allocated_idr,
        expected_residual_idr=row.expected_residual_idr,
        reported_residual_idr=row.reported_residual_idr,
        by_code={code: (sums[0], sums[1]) for code, sums in json.loads(row.by_code).items()},
    )


def list_periods(tx: Transaction) -> list[tuple[str, str]]:
    """Partner and period of every run, in that order."""
    asked = select(periods.c.partner_code, periods.c.period).order_by(
        periods.c.partner_code, periods.c.period
    )
    return [(row.partner_code, row.period) for row in tx.conn.execute(asked)]


def list_open_periods(tx: Transaction, partner_code: str, *, until: str) -> list[str]:
    """Months up to ``until`` in which something of a partner is due or was paid, oldest first."""
    due = (
        select(instalments.c.due_on)
        .join(loans, loans.c.id == instalments.c.loan_id)
        .where(loans.c.partner_code == partner_code)
        .distinct()
    )
    told = (
        select(statement_totals.c.period)
        .where(statement_totals.c.partner_code == partner_code)
        .union(select(repayments.c.period).where(repayments.c.partner_code == partner_code))
    )
    months = {f"{day:%Y-%m}" for day in tx.conn.execute(due).scalars()}
    months |= set(tx.conn.execute(told).scalars())
    return sorted(month for month in months if month <= until)
