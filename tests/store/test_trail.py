from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection

from gateway.domain.applications import GroupRole
from gateway.domain.files import FileKind
from gateway.domain.states import ApplicationState
from gateway.errors import StoreError
from gateway.store import Store, Transaction, applications, batches, credit, trail
from tests.store.builders import (
    BANK,
    NOW,
    a_batch,
    a_national_id,
    an_application,
    lend,
    receive,
    save,
)


@pytest.fixture
def written(store: Store) -> Store:
    """Five entries."""
    for number in range(1, 6):
        with store.begin(NOW, f"user{number}") as tx:
            tx.audit("NOTED", f"HRK260000000{number}", amount_idr=number, word="ya")
    return store


@contextmanager
def unguarded(store: Store, dialect: str) -> Iterator[Connection]:
    """An administrator's hand: past every trigger."""
    with store.begin(NOW, "admin") as tx:
        if dialect == "sqlite":
            tx.conn.exec_driver_sql("DROP TRIGGER audit_no_update")
            tx.conn.exec_driver_sql("DROP TRIGGER audit_no_delete")
        else:
            tx.conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield tx.conn


def verify(store: Store) -> trail.Verification:
    with store.read() as tx:
        return trail.verify(tx)


def test_an_untouched_chain_verifies(written: Store) -> None:
    with written.read() as tx:
        n, digest = trail.head(tx)
        assert trail.count(tx) == n == 5
        assert trail.verify(tx) == trail.Verification(
            entries=5, head=digest, verified=True, broken_at=None
        )


def test_an_empty_chain_verifies(store: Store) -> None:
    assert verify(store) == trail.Verification(
        entries=0, head="0" * 64, verified=True, broken_at=None
    )


OTHER = "b" * 64


@pytest.mark.parametrize(
    "change",
    [
        "n = 9",
        "actor = 'nobody'",
        "act = 'OTHER'",
        "subject = 'HRK2600000009'",
        """facts = '{"amount_idr":4,"word":"ya"}'""",
        """facts = '{"amount_idr": 3,"word":"ya"}'""",
        "facts = 'not json'",
        f"previous_hash = '{OTHER}'",
        f"hash = '{OTHER}'",
    ],
)
def test_a_changed_column_is_found(written: Store, dialect: str, change: str) -> None:
    with unguarded(written, dialect) as conn:
        conn.exec_driver_sql(f"UPDATE audit SET {change} WHERE n = 3")
    found = verify(written)
    assert (found.verified, found.broken_at, found.entries) == (False, 3, 2)


@pytest.mark.parametrize(
    "moment", ["2026-10-05T02:00:01.000000+00:00", "2026-10-05T09:00:00.000000+07:00", "soon"]
)
def test_a_changed_moment_is_found(written: Store, dialect: str, moment: str) -> None:
    if dialect == "postgresql":
        moment = "2026-10-05T02:00:01+00:00"
    with unguarded(written, dialect) as conn:
        conn.exec_driver_sql(f"UPDATE audit SET at = '{moment}' WHERE n = 3")
    assert verify(written).broken_at == 3


@pytest.mark.parametrize(("number", "broken_at"), [(1, 1), (3, 3), (5, 5)])
def test_a_deleted_entry_is_found_in_the_middle_and_at_the_tail(
    written: Store, dialect: str, number: int, broken_at: int
) -> None:
    with unguarded(written, dialect) as conn:
        conn.exec_driver_sql(f"DELETE FROM audit WHERE n = {number}")
    found = verify(written)
    assert (found.verified, found.broken_at) == (False, broken_at)


def test_a_head_that_was_set_back_or_is_gone_is_found(written: Store, dialect: str) -> None:
    with written.begin(NOW, "admin") as tx:
        tx.conn.exec_driver_sql("UPDATE audit_head SET n = 4")
    assert verify(written).broken_at == 6
    with written.begin(NOW, "admin") as tx:
        tx.conn.exec_driver_sql("DELETE FROM audit_head")
    assert not verify(written).verified
    with pytest.raises(StoreError), written.begin(NOW, "anyone"):
        pass


@pytest.mark.parametrize("statement", ["UPDATE audit SET act = 'X'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_the_trail(written: Store, statement: str) -> None:
    with pytest.raises(StoreError) as refused, written.begin(NOW, "admin") as tx:
        tx.conn.exec_driver_sql(statement)
    assert refused.value.reason == "APPEND_ONLY"
    assert verify(written).verified


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_postgresql_refuses_to_empty_the_trail(written: Store) -> None:
    with pytest.raises(StoreError), written.begin(NOW, "admin") as tx:
        tx.conn.exec_driver_sql("TRUNCATE audit")


def fail_after_a_change(tx: Transaction) -> None:
    save(tx, an_application())
    raise StoreError("stop", message_id="henti")


def test_what_is_rolled_back_leaves_no_entry(written: Store) -> None:
    with pytest.raises(StoreError), written.begin(NOW, "test") as tx:
        fail_after_a_change(tx)
    with written.read() as tx:
        assert trail.count(tx) == 5
        assert applications.list_applications(tx) == []
    assert verify(written).verified


def test_the_head_includes_what_this_transaction_wrote(written: Store) -> None:
    with written.begin(NOW, "test") as tx:
        before = trail.head(tx)
        tx.audit("NOTED", "x")
        after = trail.head(tx)
        assert trail.verify(tx).verified
    assert (before[0], after[0]) == (5, 6)
    with written.read() as tx:
        assert trail.head(tx) == after


def test_a_read_cannot_write(written: Store) -> None:
    with pytest.raises(StoreError) as refused, written.read() as tx:
        tx.audit("NOTED", "x")
    assert refused.value.reason == "READ_ONLY"
    with pytest.raises(StoreError), written.read() as tx:
        tx.conn.exec_driver_sql("DELETE FROM counters")


def test_a_slip_cannot_put_a_nik_into_the_trail(store: Store) -> None:
    nik = a_national_id()
    with store.begin(NOW, "test") as tx:
        tx.audit("NOTED", f"person {nik}", word=f"x {nik}", number=5)
        (entry,) = trail.trace(tx, f"person {'*' * 16}")
    assert entry.facts == {"word": f"x {'*' * 16}", "number": 5}


def test_the_road_of_an_application_goes_over_group_batch_registry_and_files(
    store: Store,
) -> None:
    with store.begin(NOW, "maker") as tx:
        applications.save_group(tx, reference="BHT2600000009", name="M", programme="bank_harkat")
        for number in (1, 2):
            member = an_application(
                f"HRK260000000{number}",
                number,
                group_reference="BHT2600000009",
                group_role=GroupRole.MEMBER,
            )
            save(tx, member)
        applications.move_application(tx, "HRK2600000001", ApplicationState.SCREENING, why="x")
        credit.save_inquiry(
            tx,
            reference="Q1",
            application_reference="HRK2600000001",
            registry_code="slik",
            batch_reference="B",
        )
        batches.save_sealed(tx, a_batch(), ["HRK2600000001", "HRK2600000002"], 2026, 1)
        lend(tx, 1, application_reference="BHT2600000009")
        receive(tx, 7, kind=FileKind.POSISI)
    with store.read() as tx:
        road = trail.trace(tx, "HRK2600000001")
        group_road = trail.trace(tx, "BHT2600000009")
    acts = [entry.act for entry in road]
    assert acts == [
        "GROUP_RECEIVED",
        "APPLICATION_RECEIVED",
        "APPLICATION_SCREENING",
        "INQUIRY_ASKED",
        "BATCH_SEALED",
        "FILE_FETCHED",
        "FILE_READ",
        "LOAN_SAVED",
    ]
    assert {entry.actor for entry in road} == {"maker"}
    assert road[2].facts == {"from_state": "RECEIVED", "why": "x"}
    assert road[2].at == NOW
    assert [entry.act for entry in group_road].count("APPLICATION_RECEIVED") == 2
    text = json.dumps([entry.facts for entry in group_road])
    assert "CANARY" not in text.upper()
    assert BANK in text
