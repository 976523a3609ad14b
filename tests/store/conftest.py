"""Every store test runs on SQLite and on PostgreSQL, each time on a fresh database."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from gateway.privacy import Vault
from gateway.store import Store
from gateway.store.tables import metadata
from gateway.store.tables.watch import START
from tests.support.postgres import Cluster, PostgresMissing, running_cluster

SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
DIALECTS = ("sqlite", "postgresql")
OpenStore = Callable[[], Store]


def a_vault() -> Vault:
    return Vault(b"f" * 32, b"i" * 32)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    try:
        with running_cluster() as running:
            yield running
    except PostgresMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "gateway.db"
    _migrate(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="session")
def migrated_database(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    name = cluster.create()
    _migrate(cluster.url(name), tmp_path_factory.mktemp("migrated"))
    return name


def _migrate(url: str, folder: Path) -> None:
    store = Store.open(url, folder / "blobs", a_vault())
    store.migrate()
    store.close()


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where a state lies; in memory where the system can, since every commit is synced."""
    memory = Path("/dev/shm")
    made = Path(tempfile.mkdtemp(prefix="gwdb", dir=memory if memory.is_dir() else None))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def empty_url(dialect: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if dialect == "sqlite":
        yield f"sqlite:///{folder / 'empty.db'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def url(dialect: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of a migrated database without any row."""
    if dialect == "sqlite":
        path = folder / "gateway.db"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        return f"sqlite:///{path}"
    cluster: Cluster = request.getfixturevalue("cluster")
    address = cluster.url(request.getfixturevalue("migrated_database"))
    _empty(address)
    return address


def _empty(address: str) -> None:
    """Back to the day of migration; a replica minds no trigger and no foreign key."""
    with psycopg.connect(address, autocommit=True) as conn:
        clearing = ["SET session_replication_role = replica"]
        clearing += [f"DELETE FROM {table}" for table in metadata.tables]
        clearing += [f"ALTER SEQUENCE {name} RESTART" for (name,) in conn.execute(SEQUENCES)]
        conn.execute("; ".join([*clearing, START]).encode())


@pytest.fixture
def open_store(url: str, folder: Path) -> Iterator[OpenStore]:
    """Opens the same state again, as another process would."""
    opened: list[Store] = []

    def open_again() -> Store:
        opened.append(Store.open(url, folder / "blobs", a_vault()))
        return opened[-1]

    yield open_again
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store()
