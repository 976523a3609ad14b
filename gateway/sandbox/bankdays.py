"""The pretend banks' own calendar: weekdays without the public holidays they know of."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
SATURDAY = 5
HOLIDAYS = frozenset(
    {
        date(2026, 1, 1),
        date(2026, 1, 16),
        date(2026, 2, 17),
        date(2026, 3, 19),
        *(date(2026, 3, day) for day in range(20, 25)),
        date(2026, 4, 3),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 15),
        date(2026, 5, 27),
        date(2026, 5, 28),
        date(2026, 6, 1),
        date(2026, 6, 16),
        date(2026, 8, 17),
        date(2026, 8, 25),
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2027, 1, 1),
    }
)


def wib_day(moment: datetime) -> date:
    """The day of an aware moment in Jambi."""
    return moment.astimezone(WIB).date()


def is_bank_day(day: date) -> bool:
    """Whether the pretend banks are open."""
    return day.weekday() < SATURDAY and day not in HOLIDAYS


def on_or_after(day: date) -> date:
    """The day itself, or the next bank day."""
    while not is_bank_day(day):
        day += timedelta(days=1)
    return day


def shift(day: date, bank_days: int) -> date:
    """So many bank days later (or earlier, if negative); ``day`` itself is not counted."""
    step = timedelta(days=1 if bank_days > 0 else -1)
    for _ in range(abs(bank_days)):
        day += step
        while not is_bank_day(day):
            day += step
    return day


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_bank_day(period: str) -> date:
    """The last bank day of a month ``yyyymm``."""
    year, month = int(period[:4]), int(period[4:])
    day = date(year, month, monthrange(year, month)[1])
    while not is_bank_day(day):
        day -= timedelta(days=1)
    return day


def next_period(period: str) -> str:
    """The month after a month ``yyyymm``."""
    year, month = int(period[:4]), int(period[4:])
    return f"{year + month // 12}{month % 12 + 1:02d}"
