from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from gateway.domain.files import FileKind
from gateway.domain.states import BatchState
from gateway.errors import IllegalTransition, RuleError, StaleRecord
from gateway.store import Store, batches
from tests.store.builders import BANK, MINUTE, NOW, a_batch, an_application, save, seal
from tests.store.conftest import OpenStore

KIND = FileKind.PENGAJUAN


def test_a_sealed_batch_comes_back_whole(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        for number in (1, 2):
            save(tx, an_application(f"HRK260000000{number}", number))
    reference = seal(store, references=("HRK2600000002", "HRK2600000001"))
    with store.read() as tx:
        assert batches.find_batch(tx, BANK, reference) == a_batch()
        assert batches.last_batch(tx, BANK, KIND) == a_batch()
        assert batches.batch_applications(tx, reference) == ["HRK2600000002", "HRK2600000001"]
        assert batches.find_batch(tx, "bpr_kenali", reference) is None
        assert batches.last_batch(tx, BANK, FileKind.PERMINTAAN) is None


def test_numbers_have_no_gap_per_partner_kind_and_year(store: Store) -> None:
    with store.read() as tx:
        assert batches.next_file_sequence(tx, BANK, KIND, 2026) == 1
    for sequence in (1, 2, 3):
        seal(store, sequence)
    with store.read() as tx:
        assert batches.next_file_sequence(tx, BANK, KIND, 2026) == 4
        assert batches.next_file_sequence(tx, BANK, KIND, 2027) == 1
        assert [batch.sequence for batch in batches.list_batches(tx)] == [1, 2, 3]


@pytest.mark.parametrize(
    "changes",
    [{"sequence": 3}, {"previous_sha256": "0" * 64}, {"sequence": 1}],
    ids=["gap", "other chain", "again"],
)
def test_a_batch_out_of_turn_is_stale(store: Store, changes: dict[str, Any]) -> None:
    seal(store)
    with pytest.raises(StaleRecord), store.begin(NOW, "test") as tx:
        batches.save_sealed(tx, replace(a_batch(2), **changes), [], 2026, 2)
    with pytest.raises(StaleRecord), store.begin(NOW, "test") as tx:
        batches.save_sealed(tx, a_batch(2), [], 2026, 3)


def test_the_token_carries_a_batch_to_sent_and_the_receipt_to_acked(store: Store) -> None:
    reference = seal(store)
    with store.begin(NOW, "test") as tx:
        assert batches.claim_sending(tx, reference, "t1")
        assert not batches.claim_sending(tx, reference, "t2")
        assert not batches.mark_sent(tx, reference, "t2")
    with store.begin(NOW + MINUTE, "test") as tx:
        assert batches.mark_sent(tx, reference, "t1")
        assert not batches.mark_sent(tx, reference, "t1")
        assert not batches.claim_sending(tx, reference, "t3")
    with store.begin(NOW + 2 * MINUTE, "test") as tx:
        batches.mark_acked(tx, reference)
        with pytest.raises(IllegalTransition):
            batches.mark_acked(tx, reference)
        (batch,) = batches.list_batches(tx, states=[BatchState.ACKED])
    assert (batch.sent_at, batch.acked_at) == (NOW + MINUTE, NOW + 2 * MINUTE)
    assert batch.token == "t1"


def test_what_is_uncertain_is_sent_again_only_after_its_token_was_released(store: Store) -> None:
    reference = seal(store)
    with store.begin(NOW, "test") as tx:
        assert batches.claim_sending(tx, reference, "t1")
        assert not batches.mark_uncertain(tx, reference, "t2", "x")
        assert batches.mark_uncertain(tx, reference, "t1", "the answer was lost")
        assert not batches.claim_sending(tx, reference, "t2")
        with pytest.raises(StaleRecord):
            batches.release_token(tx, reference, "t2")
        batches.release_token(tx, reference, "t1")
        assert batches.claim_sending(tx, reference, "t2")
        with pytest.raises(StaleRecord):
            batches.release_token(tx, reference, "t2")


def test_a_sent_batch_without_a_receipt_becomes_uncertain_and_can_be_settled(store: Store) -> None:
    reference = seal(store)
    with store.begin(NOW, "test") as tx:
        batches.claim_sending(tx, reference, "t1")
        batches.mark_sent(tx, reference, "t1")
        assert batches.mark_uncertain(tx, reference, "t1", "no receipt")
        assert batches.mark_sent(tx, reference, "t1")
        batches.mark_uncertain(tx, reference, "t1", "no receipt")
        batches.mark_acked(tx, reference)


def test_a_batch_on_its_way_cannot_be_abandoned(store: Store) -> None:
    reference = seal(store)
    with store.begin(NOW, "test") as tx:
        batches.claim_sending(tx, reference, "t1")
        with pytest.raises(IllegalTransition):
            batches.abandon_batch(tx, reference, "too late")
        with pytest.raises(RuleError):
            batches.mark_acked(tx, "KJ-nobody")


def test_of_many_who_want_to_send_a_batch_exactly_one_wins(
    store: Store, open_store: OpenStore
) -> None:
    reference = seal(store)
    won: list[str] = []
    start = threading.Barrier(6)

    def send(token: str) -> None:
        mine = open_store()
        start.wait()
        with mine.begin(NOW, token) as tx:
            if batches.claim_sending(tx, reference, token):
                won.append(token)

    threads = [threading.Thread(target=send, args=(f"t{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as tx:
        (batch,) = batches.list_batches(tx)
    assert won == [batch.token]
