from __future__ import annotations

import pytest

from gateway.domain.files import FileIdentity, FileKind
from gateway.domain.states import InboundState
from gateway.errors import IllegalTransition, RuleError, StaleRecord
from gateway.store import Store, Transaction, files, trail
from tests.store.builders import BANK, MINUTE, NOW, receive, sha

KIND = FileKind.ANGSURAN
CONTENT = sha(f"{BANK} ANGSURAN 1 v1")


def refetch(tx: Transaction, *, signature_sha256: str = "", name: str = "X.txt") -> int:
    return files.save_file(
        tx,
        partner_code=BANK,
        name=name,
        identity=None,
        sha256=sha("x"),
        signature_sha256=signature_sha256,
        signer="",
        size_bytes=1,
    )


def test_a_file_is_found_by_content_and_once_read_by_number(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        file_id = receive(tx, 1, read=False)
        assert files.find_number(tx, BANK, KIND, 2026, 1) is None
        files.move_file(tx, file_id, InboundState.READ)
    with store.read() as tx:
        file = files.find_content(tx, BANK, CONTENT)
        assert file is not None
        assert file.state is InboundState.READ
        assert (file.kind, file.sequence, file.received_at) == (KIND, 1, NOW)
        assert files.find_number(tx, BANK, KIND, 2026, 1) == file
        assert files.find_number(tx, BANK, KIND, 2026, 1, version=2) is None
        assert files.find_number(tx, BANK, KIND, 2027, 1) is None
        assert files.find_content(tx, "bpr_kenali", CONTENT) is None
        assert files.highest_read(tx, BANK, KIND, 2026) == 1
        assert files.highest_read(tx, BANK, FileKind.POSISI, 2026) == 0
        assert files.list_files(tx, BANK, [InboundState.READ]) == [file]
        assert files.list_files(tx, "bpr_kenali") == []


def test_the_newest_version_of_a_number_is_found(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        receive(tx, 1)
        second = receive(tx, 1, version=2)
        found = files.find_number(tx, BANK, KIND, 2026, 1)
        assert found is not None
        assert found.id == second


def test_the_same_number_cannot_be_read_twice_with_other_bytes(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        receive(tx, 1)
        other = files.save_file(
            tx,
            partner_code=BANK,
            name="again.txt",
            identity=FileIdentity(
                kind=KIND, sequence=1, dated_on=NOW.date().replace(day=30), version=1
            ),
            sha256=sha("other bytes"),
            signature_sha256="",
            signer="",
            size_bytes=1,
        )
    with pytest.raises(StaleRecord), store.begin(NOW, "test") as tx:
        files.move_file(tx, other, InboundState.READ)


def test_a_file_that_was_set_aside_is_the_same_file_when_it_comes_again(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        first = refetch(tx)
        files.move_file(
            tx, first, InboundState.SET_ASIDE, reason="SIG_MISSING", message_en="no signature"
        )
    with store.begin(NOW + MINUTE, "test") as tx:
        assert refetch(tx, signature_sha256=sha("p7s"), name="Y.txt") == first
        file = files.load_file(tx, first)
        assert file is not None
        assert (file.state, file.reason) == (InboundState.SET_ASIDE, "SIG_MISSING")
        assert (file.name, file.signature_sha256) == ("Y.txt", sha("p7s"))
        assert file.received_at == NOW
        files.move_file(tx, first, InboundState.SET_ASIDE, reason="SIG_WRONG")
        files.move_file(tx, first, InboundState.READ)
        with pytest.raises(StaleRecord):
            refetch(tx)


def test_seeing_the_same_file_again_leaves_no_trace(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        refetch(tx)
        entries = trail.count(tx)
        refetch(tx)
        assert trail.count(tx) == entries


def test_discarded_bytes_may_come_again_as_a_new_file(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        first = refetch(tx)
        files.move_file(tx, first, InboundState.SET_ASIDE)
        files.move_file(tx, first, InboundState.DISCARDED)
        found = files.find_content(tx, BANK, sha("x"))
        assert found is not None
        assert found.state is InboundState.DISCARDED
        second = refetch(tx)
        assert second != first
        found = files.find_content(tx, BANK, sha("x"))
        assert found is not None
        assert found.id == second


def test_a_file_moves_through_its_table_only(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        file_id = receive(tx, 1)
        with pytest.raises(IllegalTransition):
            files.move_file(tx, file_id, InboundState.SET_ASIDE)
        with pytest.raises(RuleError):
            files.move_file(tx, 999, InboundState.READ)
