"""The database: how it is opened, and what one transaction on it means."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select

from gateway.errors import StoreError
from gateway.privacy import Vault
from gateway.store.blobs import BlobFolder
from gateway.store.failures import named_failures
from gateway.store.migrate import migrate
from gateway.store.tables import audit_head
from gateway.store.transaction import Transaction

WAIT_SECONDS = 30
"""How long a writer waits for the one before it."""


class Store:
    """The state of one home: a database, and a folder of stored bytes.

    One writer at a time on both databases: SQLite by ``BEGIN IMMEDIATE``, PostgreSQL by the lock
    on the audit head, which every writing transaction takes first.  Readers see one snapshot.
    """

    def __init__(self, writer: Engine, reader: Engine, blobs: BlobFolder, vault: Vault) -> None:
        self.blobs = blobs
        self._writer = writer
        self._reader = reader
        self._vault = vault

    @classmethod
    def open(
        cls, url: str, blob_dir: Path, vault: Vault, *, wait_seconds: int = WAIT_SECONDS
    ) -> Store:
        """Open a state by URL: ``sqlite:///path`` or ``postgresql://…``; nothing is read yet."""
        address = make_url(url)
        open_engines = _open_sqlite if _is_sqlite(address) else _open_server
        writer, reader = open_engines(address, wait_seconds)
        return cls(writer, reader, BlobFolder(blob_dir, vault), vault)

    def migrate(self) -> None:
        """Bring the schema to this version; already there is fine."""
        with named_failures(), self._writer.begin() as conn:
            migrate(conn)

    @contextmanager
    def begin(self, now: datetime, actor: str) -> Iterator[Transaction]:
        """One writing transaction: everything in it and its audit entries, or nothing.

        :raises StaleRecord: if somebody else was first, or holds the database too long.
        """
        with named_failures(), self._writer.begin() as conn:
            tx = self._make(conn, now=now, actor=actor, head=_lock_head(conn))
            yield tx
            tx.flush_trail()

    @contextmanager
    def read(self, now: datetime | None = None) -> Iterator[Transaction]:
        """One reading transaction on one snapshot; the database itself refuses to write in it."""
        with named_failures(), self._reader.begin() as conn:
            yield self._make(conn, now=now, actor="", head=None)

    def close(self) -> None:
        """Close all connections."""
        self._writer.dispose()
        self._reader.dispose()

    def _make(
        self, conn: Connection, *, now: datetime | None, actor: str, head: tuple[int, str] | None
    ) -> Transaction:
        return Transaction(
            conn, vault=self._vault, blobs=self.blobs, now=now, actor=actor, head=head
        )


def _lock_head(conn: Connection) -> tuple[int, str]:
    row = conn.execute(select(audit_head.c.n, audit_head.c.hash).with_for_update()).one_or_none()
    if row is None:
        raise StoreError(
            "The audit trail has no head.",
            message_id="Jejak audit tidak memiliki kepala.",
            how_en="Run `gateway init`, or restore from a backup.",
            how_id="Jalankan `gateway init`, atau pulihkan dari cadangan.",
        )
    return row.n, row.hash


def _is_sqlite(address: URL) -> bool:
    return address.get_backend_name() == "sqlite"


def _open_server(address: URL, wait_seconds: int) -> tuple[Engine, Engine]:
    settings = f"-c timezone=UTC -c lock_timeout={wait_seconds}s"
    writer = create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args={"options": settings},
        hide_parameters=True,
        pool_pre_ping=True,
    )
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return writer, reader


def _open_sqlite(address: URL, wait_seconds: int) -> tuple[Engine, Engine]:
    if address.database and address.database != ":memory:":
        _create_private(Path(address.database))
    writer, reader = (
        create_engine(address, connect_args={"timeout": wait_seconds}, hide_parameters=True)
        for _ in range(2)
    )
    _prepare(writer, begin="BEGIN IMMEDIATE", query_only=0)
    _prepare(reader, begin="BEGIN", query_only=1)
    return writer, reader


def _create_private(path: Path) -> None:
    """Create the database file readable by its owner only; its side files inherit that."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


class _Cursor(Protocol):
    def execute(self, statement: str) -> object: ...


class _SqliteConnection(Protocol):
    isolation_level: str | None

    def cursor(self) -> _Cursor: ...


def _prepare(engine: Engine, *, begin: str, query_only: int) -> None:
    def on_connect(connection: _SqliteConnection, _: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "trusted_schema = OFF",
            f"query_only = {query_only}",
        ):
            cursor.execute(f"PRAGMA {pragma}")

    def on_begin(conn: Connection) -> None:
        conn.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
