"""Counting bank days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.domain.calendar import BankCalendar

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""

CHRISTMAS = frozenset({date(2026, 12, 24), date(2026, 12, 25)})
CALENDAR = BankCalendar(holidays=CHRISTMAS)
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2026, 1, 10), date(2026, 1, 12)),
        (date(2026, 5, 10), date(2026, 5, 11)),
        (date(2026, 10, 10), date(2026, 10, 12)),
        (date(2026, 12, 24), date(2026, 12, 28)),
        (date(2026, 11, 23), date(2026, 11, 23)),
    ],
)
def test_a_day_off_moves_to_the_next_bank_day(day: date, moved: date) -> None:
    assert CALENDAR.next_bank_day(day) == moved


def test_days_are_added_from_a_bank_day() -> None:
    friday, saturday = date(2026, 12, 18), date(2026, 12, 19)
    assert CALENDAR.add_bank_days(friday, 0) == friday
    assert CALENDAR.add_bank_days(friday, 3) == date(2026, 12, 23)
    assert CALENDAR.add_bank_days(friday, 4) == date(2026, 12, 28)
    assert CALENDAR.add_bank_days(saturday, 0) == date(2026, 12, 21)
    assert CALENDAR.add_bank_days(saturday, 3) == date(2026, 12, 28)


def test_days_between_leave_out_the_first_and_count_the_last() -> None:
    assert CALENDAR.bank_days_between(date(2026, 12, 18), date(2026, 12, 28)) == 4
    assert CALENDAR.bank_days_between(date(2026, 12, 28), date(2026, 12, 18)) == 0
    assert CALENDAR.bank_days_between(date(2026, 12, 18), date(2026, 12, 18)) == 0


@CALM
@given(start=DAYS, length=st.integers(0, 60), offs=st.frozensets(DAYS, max_size=40))
def test_counting_by_weeks_is_counting_day_by_day(
    start: date, length: int, offs: frozenset[date]
) -> None:
    calendar = BankCalendar(holidays=offs)
    days = [start + timedelta(days=step) for step in range(1, length + 1)]
    end = start + timedelta(days=length)
    assert calendar.bank_days_between(start, end) == sum(map(calendar.is_bank_day, days))


@CALM
@given(start=DAYS, count=st.integers(0, 30))
def test_adding_and_counting_agree(start: date, count: int) -> None:
    begun = CALENDAR.next_bank_day(start)
    assert CALENDAR.bank_days_between(begun, CALENDAR.add_bank_days(start, count)) == count
