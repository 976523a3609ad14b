from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from gateway.clock import WIB
from gateway.domain.windows import parse_window
from gateway.schedule import latest_due, next_due


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def test_a_single_moment_is_due_once_a_day_on_its_days() -> None:
    windows = [parse_window("mon-fri 15:30")]
    assert latest_due(windows, moment("2026-08-03T15:29")) == moment("2026-07-31T15:30")
    assert latest_due(windows, moment("2026-08-03T15:30")) == moment("2026-08-03T15:30")
    assert next_due(windows, moment("2026-08-07T16:00")) == moment("2026-08-10T15:30")


def test_a_range_is_due_at_each_step_and_at_its_end() -> None:
    windows = [parse_window("mon-fri 08:00-17:00 every 10m")]
    assert latest_due(windows, moment("2026-08-03T08:19")) == moment("2026-08-03T08:10")
    assert latest_due(windows, moment("2026-08-03T23:00")) == moment("2026-08-03T17:00")
    assert next_due(windows, moment("2026-08-03T16:55")) == moment("2026-08-03T17:00")


def test_monday_is_monday_and_not_the_first_day_of_cron() -> None:
    assert parse_window("mon 08:00").days == (0,)
    assert next_due([parse_window("mon 08:00")], moment("2026-08-04T00:00")) == (
        moment("2026-08-10T08:00")
    )


def test_apschedulers_cron_and_our_windows_agree_over_a_year() -> None:
    windows = [parse_window("tue,thu-sat 06:20-19:20 every 60m"), parse_window("daily 23:59")]
    cron = OrTrigger(
        [
            CronTrigger(day_of_week="tue,thu-sat", hour="6-19", minute=20, timezone=WIB),
            CronTrigger(hour=23, minute=59, timezone=WIB),
        ]
    )
    now = moment("2026-01-01T00:00")
    for _ in range(3000):
        following = next_due(windows, now)
        assert following == cron.get_next_fire_time(None, now + timedelta(seconds=1))
        assert following is not None
        assert latest_due(windows, following) == following
        now = following


@pytest.mark.parametrize(
    "text", ["1-5 08:00", "mon-fri 8:00", "mon 25:00", "mon 10:00-09:00 every 5m", "mon 08:00\n"]
)
def test_a_window_that_is_not_one_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_window(text)
