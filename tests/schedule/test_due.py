"""What is due runs once, whoever looks first, and one partner's trouble is its own."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.app import open_gateway
from gateway.clock import WIB
from gateway.schedule import run_due, work
from gateway.store import agenda
from tests.story.town import Town, applicant, found_town

NOON = datetime(2026, 8, 5, 12, 0, tzinfo=WIB)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return found_town(tmp_path, second_bank=True)


def test_two_workers_on_one_database_run_each_due_moment_once(town: Town) -> None:
    with open_gateway(town.home) as one, open_gateway(town.home) as other:
        first = run_due(one, NOON, "satu")
        second = run_due(other, NOON + timedelta(seconds=20), "dua")
    assert first
    assert second == []


def test_a_worker_that_slept_for_hours_catches_up_once(town: Town) -> None:
    with open_gateway(town.home) as gateway:
        run_due(gateway, NOON, "satu")
        later = run_due(gateway, NOON + timedelta(hours=3), "satu")
        again = run_due(gateway, NOON + timedelta(hours=3, seconds=20), "satu")
    runs = Counter((row.step, row.partner_code) for row in later)
    assert runs["collect", "bank_jambi"] == 1
    assert set(runs.values()) == {1}
    assert again == []


def test_a_clock_set_back_repeats_nothing(town: Town) -> None:
    with open_gateway(town.home) as gateway:
        run_due(gateway, NOON, "satu")
        run_due(gateway, NOON - timedelta(hours=1), "satu")
        assert run_due(gateway, NOON, "satu") == []


def test_one_bank_without_a_folder_does_not_stop_the_other(town: Town) -> None:
    town.intake([applicant(1, bank="bank_jambi"), applicant(2, bank="bank_dua")])
    for step in ("screen", "batch"):
        town.run("step", step, at="2026-08-05T15:00")
    town.banks["bank_dua"].inbox.rmdir()
    with open_gateway(town.home) as gateway:
        run_due(gateway, NOON + timedelta(hours=4), "satu")
        with gateway.store.read() as tx:
            alarms = [(alarm.code, alarm.partner_code) for alarm in agenda.list_alarms(tx)]
    assert len(town.banks["bank_jambi"].received()) == 1
    assert alarms == [("channel", "bank_dua")]


def test_the_worker_wakes_looks_and_stops(town: Town) -> None:
    with open_gateway(town.home) as gateway:
        looked: list[datetime] = []

        def clock() -> datetime:
            looked.append(NOON)
            if len(looked) > 2:
                scheduler.shutdown(wait=False)
            return NOON

        scheduler = work(gateway, "satu", clock)
        scheduler.reschedule_job(scheduler.get_jobs()[0].id, trigger="interval", seconds=1)
        scheduler.start()
        with gateway.store.read() as tx:
            assert agenda.last_due(tx, "collect", "bank_jambi") is not None
