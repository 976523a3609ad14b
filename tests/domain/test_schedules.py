"""Schedules and shares, exact to the rupiah."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.domain.calendar import BankCalendar
from gateway.domain.loans import Instalment, InterestMethod
from gateway.domain.schedules import add_months, plan_instalments, split_largest_remainder
from gateway.errors import LimitExceeded

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""

FLAT, ANNUITY, DECLINING = InterestMethod


def plan(
    principal_idr: int = 5_000_000,
    tenor_months: int = 12,
    method: InterestMethod = FLAT,
    rate_bps: int = 300,
    first_due_on: date = date(2026, 9, 3),
    calendar: BankCalendar | None = None,
) -> tuple[Instalment, ...]:
    return plan_instalments(
        principal_idr=principal_idr,
        rate_bps=rate_bps,
        tenor_months=tenor_months,
        method=method,
        first_due_on=first_due_on,
        calendar=calendar,
    )


@pytest.mark.parametrize(
    ("method", "first", "last", "interest"),
    [
        (FLAT, (416_666, 12_500, 429_166), (416_674, 12_500, 429_174), 150_000),
        (ANNUITY, (410_968, 12_500, 423_468), (422_418, 1_056, 423_474), 81_622),
        (DECLINING, (416_666, 12_500, 429_166), (416_674, 1_042, 417_716), 81_250),
    ],
)
def test_five_million_over_twelve_months(
    method: InterestMethod,
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    interest: int,
) -> None:
    planned = plan(method=method)
    ends = [(row.principal_idr, row.interest_idr, row.amount_idr) for row in planned[::11]]
    assert ends == [first, last]
    assert sum(row.interest_idr for row in planned) == interest


@pytest.mark.parametrize(
    ("method", "first", "last", "interest"),
    [
        (FLAT, 883_333, 883_341, 1_200_000),
        (ANNUITY, 859_624, 859_630, 630_982),
        (DECLINING, 883_333, 835_424, 625_000),
    ],
)
def test_twenty_million_over_twenty_four_months(
    method: InterestMethod, first: int, last: int, interest: int
) -> None:
    planned = plan(20_000_000, 24, method)
    assert (planned[0].amount_idr, planned[-1].amount_idr) == (first, last)
    assert sum(row.interest_idr for row in planned) == interest


def test_flat_interest_is_rounded_half_up_once_and_the_last_month_absorbs() -> None:
    planned = plan(1_000_001, 7, FLAT, 100)
    assert sum(row.interest_idr for row in planned) == 5_833
    assert [row.interest_idr for row in planned] == [833] * 6 + [835]
    assert sum(row.interest_idr for row in plan(1_000, 6, FLAT, 10)) == 1


@CALM
@given(
    principal=st.integers(1, 50_000_000_000),
    rate=st.integers(0, 5_000),
    tenor=st.integers(1, 120),
    method=st.sampled_from(InterestMethod),
)
def test_principals_always_add_up_and_nothing_is_negative(
    principal: int, rate: int, tenor: int, method: InterestMethod
) -> None:
    planned = plan(principal, tenor, method, rate)
    assert sum(row.principal_idr for row in planned) == principal
    assert [row.number for row in planned] == list(range(1, tenor + 1))
    assert all(row.principal_idr >= 0 and row.interest_idr >= 0 for row in planned)


@CALM
@given(
    principal=st.integers(1_000_000, 50_000_000),
    rate=st.integers(0, 3_000),
    tenor=st.integers(2, 36),
)
def test_an_annuity_is_the_same_every_month_but_the_last(
    principal: int, rate: int, tenor: int
) -> None:
    planned = plan(principal, tenor, ANNUITY, rate)
    amounts = {row.amount_idr for row in planned[:-1]}
    assert len(amounts) == 1
    assert abs(planned[-1].amount_idr - amounts.pop()) <= 2 * tenor


def test_a_rate_of_zero_has_no_interest() -> None:
    for method in InterestMethod:
        assert not any(row.interest_idr for row in plan(1_000_000, 7, method, 0))


def test_due_dates_keep_their_day_or_take_the_months_last() -> None:
    planned = plan(tenor_months=4, first_due_on=date(2027, 12, 31))
    assert [row.due_on for row in planned] == [
        date(2027, 12, 31),
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
    ]
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 14) == date(2028, 1, 30)


def test_due_dates_move_for_holidays_only_with_a_calendar() -> None:
    calendar = BankCalendar(holidays=frozenset({date(2026, 10, 12)}))
    still = [row.due_on for row in plan(tenor_months=3, first_due_on=date(2026, 9, 10))]
    moved = [
        row.due_on
        for row in plan(tenor_months=3, first_due_on=date(2026, 9, 10), calendar=calendar)
    ]
    assert still == [date(2026, 9, 10), date(2026, 10, 10), date(2026, 11, 10)]
    assert moved == [date(2026, 9, 10), date(2026, 10, 13), date(2026, 11, 10)]


@pytest.mark.parametrize(("principal", "tenor", "rate"), [(0, 12, 300), (1, 0, 300), (1, 1, -1)])
def test_terms_that_make_no_schedule_are_refused(principal: int, tenor: int, rate: int) -> None:
    with pytest.raises(LimitExceeded):
        plan(principal, tenor, FLAT, rate)


def test_largest_remainders_get_what_is_left_and_ties_go_by_reference() -> None:
    equal = {"C": 1, "A": 1, "B": 1}
    assert split_largest_remainder(100, equal) == {"C": 33, "A": 34, "B": 33}
    assert split_largest_remainder(883_333, {"A": 8_000_000, "B": 7_000_000, "C": 5_000_000}) == {
        "A": 353_333,
        "B": 309_167,
        "C": 220_833,
    }


@CALM
@given(
    total=st.integers(0, 10**12),
    weights=st.dictionaries(st.text("ABC123", min_size=1), st.integers(1, 10**9), min_size=1),
)
def test_shares_add_up_and_stay_within_a_rupiah_of_their_part(
    total: int, weights: dict[str, int]
) -> None:
    shares = split_largest_remainder(total, weights)
    whole = sum(weights.values())
    assert sum(shares.values()) == total
    assert all(abs(shares[key] * whole - total * weights[key]) < whole for key in weights)


@pytest.mark.parametrize(("total", "weights"), [(-1, {"A": 1}), (1, {"A": 0}), (1, {})])
def test_a_sum_without_weights_is_refused(total: int, weights: dict[str, int]) -> None:
    with pytest.raises(LimitExceeded):
        split_largest_remainder(total, weights)
