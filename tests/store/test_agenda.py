from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from gateway.errors import StaleRecord
from gateway.store import Store, agenda, trail
from tests.store.builders import BANK, MINUTE, NOW
from tests.store.conftest import OpenStore


def test_a_job_is_claimed_once_per_due_moment_and_finished_once(store: Store) -> None:
    with store.begin(NOW, "worker 1") as tx:
        assert agenda.last_due(tx, "collect", BANK) is None
        assert agenda.claim_job(tx, "collect", BANK, NOW)
        assert not agenda.claim_job(tx, "collect", BANK, NOW)
        assert agenda.claim_job(tx, "collect", "bpr_kenali", NOW)
        assert agenda.claim_job(tx, "collect", BANK, NOW + MINUTE)
        assert agenda.last_due(tx, "collect", BANK) == NOW + MINUTE
        assert agenda.last_due(tx, "deliver", BANK) is None
        agenda.finish_job(tx, "collect", BANK, NOW, "done")
        with pytest.raises(StaleRecord):
            agenda.finish_job(tx, "collect", BANK, NOW, "done")
        with pytest.raises(StaleRecord):
            agenda.finish_job(tx, "deliver", BANK, NOW, "failed", "channel")


def test_of_many_workers_exactly_one_gets_a_job(open_store: OpenStore) -> None:
    won: list[int] = []
    start = threading.Barrier(6)

    def work(number: int) -> None:
        mine = open_store()
        start.wait()
        with mine.begin(NOW, f"worker {number}") as tx:
            if agenda.claim_job(tx, "collect", BANK, NOW):
                won.append(number)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_an_alarm_is_told_once_and_counts_up_until_it_is_cleared(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        agenda.raise_alarm(tx, "channel", BANK, "first", "pertama")
        agenda.raise_alarm(tx, "channel", "slik", "x", "x")
    with store.begin(NOW + MINUTE, "test") as tx:
        before = trail.count(tx)
        agenda.raise_alarm(tx, "channel", BANK, "NIK 1571990505850001", "kedua")
        assert trail.count(tx) == before
        alarm, other = agenda.list_alarms(tx)
        assert (alarm.partner_code, other.partner_code) == (BANK, "slik")
        assert (alarm.since, alarm.last_at, alarm.count) == (NOW, NOW + MINUTE, 2)
        assert alarm.message_en == f"NIK {'*' * 16}"
        agenda.clear_alarm(tx, "channel", BANK)
        agenda.clear_alarm(tx, "channel", BANK)
        assert agenda.list_alarms(tx) == [other]
        assert trail.count(tx) == before + 1
        agenda.raise_alarm(tx, "channel", BANK, "again", "lagi")
        assert agenda.list_alarms(tx)[1].count == 1


def test_a_lock_is_held_by_one_until_it_ends_or_is_released(store: Store) -> None:
    later = NOW + timedelta(minutes=5)
    with store.begin(NOW, "test") as tx:
        assert agenda.try_lock(tx, "worker", "a", later)
        assert not agenda.try_lock(tx, "worker", "b", later)
        assert agenda.try_lock(tx, "worker", "a", later + MINUTE)
        agenda.release_lock(tx, "worker", "b")
        assert not agenda.try_lock(tx, "worker", "b", later)
    with store.begin(later, "test") as tx:
        assert not agenda.try_lock(tx, "worker", "b", later + 3 * MINUTE)
    with store.begin(later + MINUTE, "test") as tx:
        assert agenda.try_lock(tx, "worker", "b", later + 3 * MINUTE)
        agenda.release_lock(tx, "worker", "b")
        assert agenda.try_lock(tx, "worker", "c", later + 3 * MINUTE)
