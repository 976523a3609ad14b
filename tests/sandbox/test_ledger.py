"""The pretend banks' own arithmetic, against the numbers that were worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.bankkit.answers import Terms
from gateway.sandbox.bankdays import last_bank_day, on_or_after, shift
from gateway.sandbox.defects import near_number
from gateway.sandbox.ledger import Loan, open_loan, plan, post, standing


def terms(amount_idr: int, months: int, method: str) -> Terms:
    return Terms(amount_idr=amount_idr, tenor_months=months, method=method, rate_bps=300)


@pytest.mark.parametrize(
    ("amount_idr", "months", "method", "first", "last", "interest_idr"),
    [
        (5_000_000, 12, "FLAT", (416_666, 12_500), (416_674, 12_500), 150_000),
        (5_000_000, 12, "ANUITAS", (410_968, 12_500), (422_418, 1_056), 81_622),
        (5_000_000, 12, "MENURUN", (416_666, 12_500), (416_674, 1_042), 81_250),
        (20_000_000, 24, "FLAT", (833_333, 50_000), (833_341, 50_000), 1_200_000),
        (20_000_000, 24, "MENURUN", (833_333, 50_000), (833_341, 2_083), 625_000),
    ],
)
def test_schedules_agree_with_the_worked_examples(  # one case a line reads better than one value
    amount_idr: int,
    months: int,
    method: str,
    first: tuple[int, int],
    last: tuple[int, int],
    interest_idr: int,
) -> None:
    parts = plan(terms(amount_idr, months, method))
    assert (parts[0], parts[-1], len(parts)) == (first, last, months)
    assert sum(principal for principal, _ in parts) == amount_idr
    assert sum(interest for _, interest in parts) == interest_idr


def a_loan(disbursed_on: date = date(2026, 8, 20)) -> Loan:
    return open_loan(
        "115000000001",
        "HRK2600000001",
        is_group=False,
        disbursed_on=disbursed_on,
        terms=terms(5_000_000, 12, "FLAT"),
    )


def test_the_first_due_day_is_a_month_later_and_never_after_the_28th() -> None:
    assert a_loan().due(1).due_on == date(2026, 9, 20)
    assert a_loan(date(2026, 8, 31)).due(1).due_on == date(2026, 9, 28)
    assert a_loan(date(2026, 8, 31)).due(6).due_on == date(2027, 2, 28)


def test_a_part_payment_pays_interest_first() -> None:
    loan, principal, interest = post(a_loan(), 1, 200_000, "PARTIAL")
    assert (principal, interest, loan.outstanding_idr) == (187_500, 12_500, 4_812_500)
    loan, principal, interest = post(loan, 1, loan.due(1).open_idr, "PAID")
    assert (principal, interest) == (229_166, 0)
    assert loan.outstanding_idr == 5_000_000 - 416_666


@pytest.mark.parametrize(
    ("days", "rural", "collectability"),
    [(0, False, 1), (1, False, 2), (90, False, 2), (91, False, 3), (30, True, 1), (31, True, 2)],
)
def test_days_overdue_mean_other_qualities_at_a_bpr(
    days: int, rural: bool, collectability: int
) -> None:
    on = date.fromordinal(date(2026, 9, 20).toordinal() + days)
    assert standing(a_loan(), on, rural=rural)[:2] == (collectability, days)


def test_bank_days_leave_out_weekends_and_holidays() -> None:
    assert on_or_after(date(2026, 8, 15)) == date(2026, 8, 18)
    assert shift(date(2026, 8, 14), 1) == date(2026, 8, 18)
    assert shift(date(2026, 8, 18), -1) == date(2026, 8, 14)
    assert last_bank_day("202610") == date(2026, 10, 30)


def test_one_slip_of_the_hand_is_near_and_two_are_not() -> None:
    loans = {"12345": a_loan()}
    for slip in ("12345", "12354", "12340", "1235", "123455", "912345", "2345"):
        assert near_number(slip, loans) == ["12345"]
    for far in ("12300", "21354", "123", "1234567", "13245x", "54321"):
        assert near_number(far, loans) == []
