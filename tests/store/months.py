"""Months as the real reconciliation runs them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from gateway.domain.mismatches import RunResult
from gateway.domain.programmes import ReconciliationRules
from gateway.domain.reconciling import PeriodInputs
from gateway.reconciliation.engine import reconcile
from gateway.store import Store, Transaction, mismatches, periods
from tests.store.builders import BANK, NOW, a_repayment, lend, repay

RULES = ReconciliationRules()
DAYS = {"2026-09": date(2026, 9, 30), "2026-10": date(2026, 10, 31), "2026-11": date(2026, 11, 30)}
OCTOBER = {"value_on": date(2026, 10, 14), "booked_on": date(2026, 10, 14)}


def inputs_of(tx: Transaction, period: str) -> PeriodInputs:
    return periods.load_inputs(
        tx,
        BANK,
        period,
        as_of=DAYS[period],
        complete_until=DAYS[period],
        grace_on=lambda due: due + timedelta(days=3),
    )


def run(store: Store, period: str) -> RunResult:
    with store.read() as tx:
        return reconcile(inputs_of(tx, period), RULES)


def run_and_save(store: Store, period: str) -> RunResult:
    result = run(store, period)
    with store.begin(NOW, "worker") as tx:
        assert periods.save_run(tx, result)
    return result


def codes(store: Store, period: str, **changes: Any) -> dict[str, int]:
    with store.read() as tx:
        return mismatches.count_by_code(tx, partner_code=BANK, period=period, **changes)


def found_city(store: Store) -> Store:
    """One loan, the first instalment paid in September, an unknown deposit beside it."""
    stray = a_repayment(
        3, loan_number="999", application_reference="", instalment_number=None, amount_idr=77_000
    )
    with store.begin(NOW, "test") as tx:
        lend(tx)
        repay(tx, 1, a_repayment(2), stray)
    return store
