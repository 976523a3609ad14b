"""The only reader of the clock; days and moments in Asia/Jakarta (WIB, UTC+7, no DST)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")


def read_clock() -> datetime:
    """Now, as an aware UTC moment.  Called once per command, request or job."""
    return datetime.now(UTC)


def wib_day(moment: datetime) -> date:
    """The calendar day of an aware moment in Asia/Jakarta."""
    return moment.astimezone(WIB).date()
