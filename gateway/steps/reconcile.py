"""Compare what the city expects with what a bank reported, month by month, and prove it."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta

from gateway.clock import wib_day
from gateway.domain.calendar import BankCalendar
from gateway.domain.files import FileKind
from gateway.domain.programmes import ReconciliationRules
from gateway.domain.states import InboundState
from gateway.errors import IntegrityBroken
from gateway.reconciliation.engine import name_run, reconcile
from gateway.steps.summary import Attention, Summary
from gateway.store import Store, Transaction, agenda, files, periods, runs

PROOF_KINDS = frozenset({FileKind.ANGSURAN, FileKind.POSISI})


def reconcile_partner(
    store: Store,
    partner_code: str,
    rules: ReconciliationRules,
    bank_calendar: BankCalendar,
    now: datetime,
    actor: str,
    period: str | None = None,
) -> Summary:
    """Run every month that has dues or money, oldest first: what is left over is carried on.

    The same state gives the same run, so repeating changes nothing.  A run whose proof fails
    is not saved.
    """
    summary = Summary(step="reconcile", partner_code=partner_code)
    today = wib_day(now)
    with store.read() as tx:
        months = periods.list_open_periods(tx, partner_code, until=f"{today:%Y-%m}")
    for month in months:
        if period is not None and month != period:
            continue
        try:
            _reconcile_month(store, partner_code, month, rules, bank_calendar, now, actor, summary)
        except IntegrityBroken as broken:
            summary.broken.append(Attention.of(broken, partner_code, month))
            with store.begin(now, actor) as tx:
                agenda.raise_alarm(tx, "proof", partner_code, broken.text("en"), broken.text("id"))
            return summary
    return summary


def _reconcile_month(
    store: Store,
    partner_code: str,
    month: str,
    rules: ReconciliationRules,
    bank_calendar: BankCalendar,
    now: datetime,
    actor: str,
    summary: Summary,
) -> None:
    as_of = min(wib_day(now), last_day(month))
    grace = rules.grace_bank_days
    with store.read() as tx:
        inputs = periods.load_inputs(
            tx,
            partner_code,
            month,
            as_of=as_of,
            complete_until=_complete_until(tx, partner_code, bank_calendar, grace),
            grace_on=lambda due: bank_calendar.add_bank_days(due, grace),
        )
        before = periods.latest_run(tx, partner_code, month)
    if before is not None and before.run_id == name_run(inputs, rules):
        summary.counts["unchanged"] += 1
        return
    result = reconcile(inputs, rules)
    with store.begin(now, actor) as tx:
        runs.save_run(tx, result)
        agenda.clear_alarm(tx, "proof", partner_code)
    summary.counts["runs"] += 1
    summary.counts["mismatches"] += len(result.mismatches)


def last_day(month: str) -> date:
    """The last day of a period ``yyyy-mm``."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


def _complete_until(
    tx: Transaction, partner_code: str, bank_calendar: BankCalendar, grace: int
) -> date | None:
    """The last due day that can be judged (ruling 18): its grace ended before the newest file.

    While a number is missing, only the repayment files that were read tell how far the data go.
    """
    rows = [row for row in files.list_files(tx, partner_code) if row.kind in PROOF_KINDS]
    has_gap = any(
        row.kind is FileKind.ANGSURAN and row.state is InboundState.PARKED for row in rows
    )
    proving = {FileKind.ANGSURAN} if has_gap else PROOF_KINDS
    days = [
        row.dated_on
        for row in rows
        if row.state is InboundState.READ and row.kind in proving and row.dated_on
    ]
    if not days:
        return None
    newest = max(days)
    candidate = newest
    while bank_calendar.add_bank_days(candidate, grace) > newest:
        candidate -= timedelta(days=1)
    return candidate
