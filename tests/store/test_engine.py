from __future__ import annotations

import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from gateway.errors import StaleRecord, StoreError
from gateway.store import Store, Transaction, applications, trail
from gateway.store.rows import insert_all
from gateway.store.tables import counters
from tests.store.builders import NOW, an_application, save
from tests.store.conftest import OpenStore, a_vault


def test_writers_take_turns_and_none_is_lost(store: Store, open_store: OpenStore) -> None:
    references: list[str] = []

    def write() -> None:
        mine = open_store()
        for _ in range(5):
            with mine.begin(NOW, "writer") as tx:
                reference = applications.next_reference(tx, "HRK")
                tx.audit("TAKEN", reference)
            references.append(reference)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(references) == [f"HRK26{number:08d}" for number in range(1, 21)]
    with store.read() as tx:
        assert trail.verify(tx).entries == 20
        assert trail.verify(tx).verified


def test_a_reader_sees_one_snapshot(store: Store, open_store: OpenStore) -> None:
    with store.read() as tx:
        assert applications.count_states(tx) == {}
        with open_store().begin(NOW, "writer") as other:
            save(other, an_application())
        assert applications.count_states(tx) == {}
    with store.read() as tx:
        assert applications.count_states(tx) == {"RECEIVED": 1}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_sqlite_is_opened_the_durable_way_and_for_its_owner_only(
    store: Store, folder: Path
) -> None:
    with store.begin(NOW, "test") as tx:
        found = {
            name: tx.conn.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }
    fresh = Store.open(f"sqlite:///{folder}/new/gateway.db", folder, a_vault())
    fresh.migrate()
    modes = {path.name: path.stat().st_mode & 0o077 for path in (folder / "new").iterdir()}
    fresh.close()
    assert modes.pop("gateway.db") == 0
    assert set(modes.values()) <= {0}


def test_a_state_that_was_never_migrated_says_so(empty_url: str, folder: Path) -> None:
    bare = Store.open(empty_url, folder, a_vault())
    with pytest.raises(StoreError) as told, bare.begin(NOW, "test"):
        pass
    bare.close()
    assert told.value.reason == "DATABASE_FAILED"
    assert "migrated" in told.value.text("en")


def test_a_database_that_is_not_there_says_so(dialect: str, folder: Path) -> None:
    gone = {
        "sqlite": f"sqlite:////{folder}/not-a-database",
        "postgresql": f"postgresql://nobody@/none?host={folder}",
    }[dialect]
    (folder / "not-a-database").write_bytes(b"x" * 5000)
    store = Store.open(gone, folder, a_vault())
    with pytest.raises(StoreError) as told, store.read() as tx:
        trail.head(tx)
    store.close()
    assert told.value.reason == "DATABASE_FAILED"


def save_twice(tx: Transaction) -> None:
    for _ in range(2):
        tx.conn.execute(insert(counters).values(name="HRK26", value=1))


def test_a_failure_names_the_rule_and_never_the_values(store: Store) -> None:
    with pytest.raises(StaleRecord) as twice, store.begin(NOW, "test") as tx:
        save_twice(tx)
    assert twice.value.reason == "ALREADY_STORED"
    assert "counters" in str(twice.value)
    with pytest.raises(StoreError) as negative, store.begin(NOW, "test") as tx:
        tx.conn.execute(insert(counters).values(name="SECRET", value=-1))
    assert negative.value.reason == "CONSTRAINT"
    assert "ck_counters_value_positive" in str(negative.value)
    assert "SECRET" not in str(negative.value)
    assert negative.value.__cause__ is None
    with pytest.raises(StoreError) as orphan, store.begin(NOW, "test") as tx:
        save(tx, an_application(group_reference="BHT2600000009"))
    assert orphan.value.reason == "CONSTRAINT"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_column_refuses_a_value_of_another_type(store: Store) -> None:
    with pytest.raises(StoreError), store.begin(NOW, "test") as tx:
        tx.conn.exec_driver_sql("INSERT INTO counters (name, value) VALUES ('x', '12abc')")


def test_a_column_that_does_not_exist_is_never_left_out_silently(store: Store) -> None:
    with (
        pytest.raises(StoreError, match="counters has no column valu"),
        store.begin(NOW, "test") as tx,
    ):
        insert_all(tx, counters, [{"name": "x", "valu": 1}])


def test_a_state_word_that_is_in_no_list_is_refused(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
    with pytest.raises(StoreError), store.begin(NOW, "test") as tx:
        tx.conn.exec_driver_sql("UPDATE applications SET state = 'LOST'")


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 10, 5, 2, 0)  # noqa: DTZ001  (a moment without a zone is the point)
    with pytest.raises(StoreError), store.begin(naive, "test") as tx:
        save(tx, an_application())


def test_a_writer_who_waits_too_long_is_told_to_come_again(
    store: Store, url: str, folder: Path
) -> None:
    hasty = Store.open(url, folder / "blobs", a_vault(), wait_seconds=1)
    with (
        store.begin(NOW, "slow"),
        pytest.raises(StaleRecord) as told,
        hasty.begin(NOW, "hasty"),
    ):
        pass
    hasty.close()
    assert told.value.reason == "DATABASE_BUSY"
    assert told.value.retryable


WRITER = """
import sys, time
from datetime import datetime, UTC
from pathlib import Path
from gateway.privacy import Vault
from gateway.store import Store, applications
store = Store.open(sys.argv[1], Path(sys.argv[2]), Vault(b"f" * 32, b"i" * 32))
with store.begin(datetime(2026, 10, 5, tzinfo=UTC), "doomed") as tx:
    tx.audit("NOTED", applications.next_reference(tx, "HRK"))
    tx.flush_trail()
    print("written", flush=True)
    sys.stdin.read()
"""


def test_a_writer_killed_in_the_middle_leaves_nothing_and_holds_nobody_up(
    store: Store, url: str, folder: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, url, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as doomed:
        assert doomed.stdout is not None
        assert doomed.stdout.readline() == b"written\n"
        doomed.kill()
    with store.begin(NOW, "next") as tx:
        assert applications.next_reference(tx, "HRK") == "HRK2600000001"
        assert trail.count(tx) == 0
        assert trail.verify(tx).verified
