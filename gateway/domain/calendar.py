"""Bank days: which days banks work, counted without asking any clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY, SUNDAY = 5, 6
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCalendar:
    """Days on which banks work: neither weekend nor holiday (cuti bersama included).

    :param weekend: ``date.weekday()`` numbers, Monday 0; never all seven.
    """

    holidays: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})

    def is_bank_day(self, day: date) -> bool:
        """Whether banks work on ``day``."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def next_bank_day(self, day: date) -> date:
        """``day`` itself, or the first bank day after it."""
        while not self.is_bank_day(day):
            day += DAY
        return day

    def add_bank_days(self, day: date, count: int) -> date:
        """The ``count``-th bank day after ``day``, which first moves to a bank day itself.

        So a due date on a Sunday counts from Monday, as it may be paid on Monday.
        """
        day = self.next_bank_day(day)
        for _ in range(count):
            day = self.next_bank_day(day + DAY)
        return day

    def bank_days_between(self, start: date, end: date) -> int:
        """How many bank days lie after ``start``, up to and with ``end``; 0 if end is earlier."""
        days = (end - start).days
        if days <= 0:
            return 0
        weeks, rest = divmod(days, 7)
        working = weeks * (7 - len(self.weekend))
        tail = (start + timedelta(days=weeks * 7 + step) for step in range(1, rest + 1))
        working += sum(day.weekday() not in self.weekend for day in tail)
        return working - sum(
            start < day <= end and day.weekday() not in self.weekend for day in self.holidays
        )
