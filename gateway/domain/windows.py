"""Working windows as city IT writes them: ``mon-fri 15:30``, ``daily 08:00-17:00 every 10m``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "|".join(DAYS)
_WINDOW = re.compile(
    rf"(?P<days>daily|(?:{_DAY})(?:-(?:{_DAY}))?(?:,(?:{_DAY})(?:-(?:{_DAY}))?)*)"
    r" (?P<start>[0-2][0-9]:[0-5][0-9])"
    r"(?:-(?P<end>[0-2][0-9]:[0-5][0-9]) every (?P<every>[1-9][0-9]{0,2})m)?\Z",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Moments of a week, in WIB.  Days by name only: numbers mean different days elsewhere.

    :param days: 0 Monday … 6 Sunday.
    :param end: last moment, included; equal to ``start`` for a single moment.
    """

    text: str
    days: tuple[int, ...]
    start: time
    end: time
    every_minutes: int


def parse_window(text: str) -> Window:
    """Read one window.

    :raises ValueError: with a sentence that says what was expected.
    """
    found = _WINDOW.match(text)
    if not found:
        raise ValueError(
            f"'{text}' is not a window; write e.g. 'mon-fri 15:30' or"
            " 'mon-fri 08:00-17:00 every 10m'"
        )
    start = _clock(found["start"])
    end = _clock(found["end"]) if found["end"] else start
    if end < start:
        raise ValueError(f"'{text}' ends before it starts")
    return Window(
        text=text,
        days=_days(found["days"]),
        start=start,
        end=end,
        every_minutes=int(found["every"]) if found["every"] else 0,
    )


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    if int(hour) > 23:
        raise ValueError(f"'{text}' is not a time of day")
    return time(int(hour), int(minute))


def _days(text: str) -> tuple[int, ...]:
    if text == "daily":
        return tuple(range(7))
    chosen: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        start, stop = DAYS.index(first), DAYS.index(last or first)
        chosen.update(day % 7 for day in range(start, stop + 1 if stop >= start else stop + 8))
    return tuple(sorted(chosen))


LOOK_AROUND = timedelta(days=7)
"""How far back a missed moment is still caught up, and how far ahead the next one lies."""


def latest_moment(windows: Sequence[Window], local: datetime) -> datetime | None:
    """The newest moment of the windows at or before ``local``, an aware moment in WIB."""
    for back in range(LOOK_AROUND.days + 1):
        due = [moment for moment in _moments(windows, local, -back) if moment <= local]
        if due:
            return max(due)
    return None


def next_moment(windows: Sequence[Window], local: datetime) -> datetime | None:
    """The first moment of the windows after ``local``, an aware moment in WIB."""
    for ahead in range(LOOK_AROUND.days + 1):
        due = [moment for moment in _moments(windows, local, ahead) if moment > local]
        if due:
            return min(due)
    return None


def _moments(windows: Sequence[Window], local: datetime, days: int) -> list[datetime]:
    """Every moment of the windows on the day that lies ``days`` after ``local``'s."""
    day = local + timedelta(days=days)
    return [
        day.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
        for window in windows
        if day.weekday() in window.days
        for minute in _minutes(window)
    ]


def _minutes(window: Window) -> Sequence[int]:
    start = window.start.hour * 60 + window.start.minute
    end = window.end.hour * 60 + window.end.minute
    return range(start, end + 1, window.every_minutes) if window.every_minutes else [start]
