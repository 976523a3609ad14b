"""Valid loans, dues, rows and periods; a test says only what matters to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from gateway.domain.loans import RepaymentType
from gateway.domain.mismatches import FoundMismatch, RunResult
from gateway.domain.programmes import ReconciliationRules
from gateway.domain.reconciling import (
    ExpectedItem,
    LoanFacts,
    PeriodInputs,
    ReportedRow,
    StatementTotals,
    UnreadRow,
)
from gateway.domain.states import LoanState
from gateway.reconciliation.engine import reconcile

L1, L2, G1 = "HRK260000000001", "HRK260000000002", "BHT260000000001"
N1, N2, NG = "1150000000001", "1150000000002", "1150000000009"
NUMBERS = {L1: N1, L2: N2, G1: NG}
DUE = 429_166
PERIOD, FIRST, LAST = "2026-10", date(2026, 10, 1), date(2026, 10, 31)
RULES = ReconciliationRules()
FILE = "f" * 64


def day(month: int, number: int) -> date:
    return date(2026, month, number)


def a_loan(reference: str = L1, **changes: Any) -> LoanFacts:
    loan = LoanFacts(
        loan_reference=reference,
        loan_number=NUMBERS.get(reference, f"115{reference[-10:]}"),
        is_group=reference.startswith("BHT"),
        state=LoanState.ACTIVE,
        principal_idr=5_000_000,
        disbursed_on=date(2026, 8, 30),
    )
    return replace(loan, **changes)


def an_item(
    number: int = 1,
    due_on: date = date(2026, 10, 15),
    amount_idr: int = DUE,
    loan: str = L1,
    **changes: Any,
) -> ExpectedItem:
    interest_idr = amount_idr // 34
    item = ExpectedItem(
        loan_reference=loan,
        number=number,
        due_on=due_on,
        grace_on=due_on + timedelta(days=5),
        amount_idr=amount_idr,
        principal_idr=amount_idr - interest_idr,
        interest_idr=interest_idr,
        open_idr=amount_idr,
        since=due_on,
    )
    return replace(item, **changes)


_lines = iter(range(1, 1_000_000_000))


def a_row(
    amount_idr: int = DUE,
    value_on: date = date(2026, 10, 15),
    loan: str = L1,
    **changes: Any,
) -> ReportedRow:
    line = next(_lines)
    row = ReportedRow(
        file_sha256=FILE,
        file_name="ANGSURAN_115_20261031_001.txt",
        line=line,
        bank_reference=f"TRX{line:09d}",
        booked_on=value_on,
        value_on=value_on,
        loan_number=NUMBERS.get(loan, ""),
        application_reference=loan,
        instalment_number=None,
        amount_idr=amount_idr,
        principal_idr=None,
        interest_idr=None,
        penalty_idr=None,
        outstanding_idr=None,
        type=RepaymentType.INSTALMENT,
        original_reference="",
    )
    return replace(row, **changes)


def a_reversal(original: ReportedRow, amount_idr: int | None = None, **changes: Any) -> ReportedRow:
    line = next(_lines)
    reversal = replace(
        original,
        line=line,
        bank_reference=f"TRX{line:09d}",
        type=RepaymentType.REVERSAL,
        amount_idr=original.amount_idr if amount_idr is None else amount_idr,
        original_reference=original.bank_reference,
        instalment_number=None,
    )
    return replace(reversal, **changes)


def totals_of(
    reported: Iterable[ReportedRow], unread: Iterable[UnreadRow] = ()
) -> tuple[StatementTotals, ...]:
    """What an honest file's trailer says."""
    names: dict[str, str] = {}
    counts: dict[str, int] = defaultdict(int)
    nets: dict[str, int] = defaultdict(int)
    for row in reported:
        if not row.carried:
            names[row.file_sha256] = row.file_name
            counts[row.file_sha256] += 1
            reverses = row.type is RepaymentType.REVERSAL
            nets[row.file_sha256] += -row.amount_idr if reverses else row.amount_idr
    for broken in unread:
        names[broken.file_sha256] = broken.file_name
        counts[broken.file_sha256] += 1
        nets[broken.file_sha256] += broken.amount_idr
    return tuple(
        StatementTotals(
            file_sha256=sha256,
            file_name=name,
            stated_count=counts[sha256],
            stated_net_idr=nets[sha256],
        )
        for sha256, name in names.items()
    )


def a_period(
    expected: Sequence[ExpectedItem],
    reported: Sequence[ReportedRow],
    loans: Sequence[LoanFacts] | None = None,
    **changes: Any,
) -> PeriodInputs:
    """A period judged on its last day, with everything in; loans follow from the items."""
    if loans is None:
        loans = [a_loan(name) for name in dict.fromkeys(i.loan_reference for i in expected)]
    unread = changes.get("unread", ())
    period = PeriodInputs(
        partner_code="bank_jambi",
        period=PERIOD,
        as_of=LAST,
        complete_until=LAST,
        loans=tuple(loans),
        expected=tuple(expected),
        reported=tuple(reported),
        totals=totals_of(reported, unread),
    )
    return replace(period, **changes)


def run(
    expected: Sequence[ExpectedItem],
    reported: Sequence[ReportedRow],
    loans: Sequence[LoanFacts] | None = None,
    rules: ReconciliationRules = RULES,
    **changes: Any,
) -> RunResult:
    return reconcile(a_period(expected, reported, loans, **changes), rules)


def codes(result: RunResult) -> list[str]:
    """Codes of the list, sorted, one for each row."""
    return sorted(found.code for found in result.mismatches)


def only(result: RunResult, code: str) -> FoundMismatch:
    """The single row of a code."""
    (found,) = [found for found in result.mismatches if found.code == code]
    return found


def paid(result: RunResult) -> dict[tuple[str, int], int]:
    """Item -> money that reached it."""
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for a in result.allocations:
        sums[a.loan_reference, a.instalment_number] += a.amount_idr
    return dict(sums)


def left(result: RunResult) -> dict[tuple[str, str, str], int]:
    """(side, item, code) -> remainder."""
    return {(r.side, r.item, r.code): r.amount_idr for r in result.residuals}
