"""Small helpers for writing rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Delete, Table, Update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.errors import StoreError
from gateway.store.failures import stale
from gateway.store.transaction import Transaction

Row = Mapping[str, object]


def insert_new(tx: Transaction, table: Table, row: Row) -> bool:
    """Insert a row unless one of its unique keys is there already; tell whether it went in."""
    dialect = postgresql if tx.dialect == "postgresql" else sqlite
    statement = dialect.insert(table).values(**row).on_conflict_do_nothing()
    # Without this, SQLAlchemy forgets how many rows an INSERT made.
    done = tx.conn.execute(statement, execution_options={"preserve_rowcount": True})
    return done.rowcount == 1


def upsert(tx: Transaction, table: Table, row: Row) -> None:
    """Insert a row, or replace the one with the same primary key."""
    keys = [column.name for column in table.primary_key]
    changes = {name: value for name, value in row.items() if name not in keys}
    if tx.dialect == "postgresql":
        insert = postgresql.insert(table).values(**row)
        tx.conn.execute(insert.on_conflict_do_update(index_elements=keys, set_=changes))
        return
    into = sqlite.insert(table).values(**row)
    tx.conn.execute(into.on_conflict_do_update(index_elements=keys, set_=changes))


def insert_all(tx: Transaction, table: Table, rows: Sequence[Row]) -> None:
    """Insert many rows at once; none is fine.  All rows have the columns of the first."""
    if not rows:
        return
    foreign = rows[0].keys() - table.c.keys()
    if foreign:
        # SQLAlchemy would leave out a column that it does not know, and say nothing.
        raise StoreError(
            f"{table.name} has no column {min(foreign)}.",
            message_id=f"{table.name} tidak memiliki kolom {min(foreign)}.",
        )
    tx.conn.execute(table.insert(), [dict(row) for row in rows])


def swap(tx: Transaction, statement: Update | Delete, what: str) -> None:
    """Compare and swap: exactly one row must still be as the statement expects.

    :raises StaleRecord: if it is not.
    """
    if tx.conn.execute(statement).rowcount != 1:
        raise stale(what)
