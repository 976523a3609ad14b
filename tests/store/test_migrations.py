from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect, make_url, text

from gateway.store import Store
from gateway.store.migrate import migrate, undo_migrations
from gateway.store.tables import metadata
from tests.store.conftest import a_vault

CATALOGUE = {
    "sqlite": """
        SELECT type || ' ' || name, sql FROM sqlite_master
        WHERE name NOT LIKE 'sqlite%' AND name <> 'alembic_version'
    """,
    "postgresql": """
        SELECT 'column ' || c.relname || '.' || a.attname,
            concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, l.collname,
                pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_collation l ON l.oid = a.attcollation
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0
            AND c.relname <> 'alembic_version'
        UNION ALL
        SELECT 'constraint ' || conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conname <> 'alembic_version_pkc'
        UNION ALL
        SELECT 'index ' || indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        UNION ALL
        SELECT 'trigger ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL
        SELECT 'function ' || proname, prosrc FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    """,
}


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address)
    try:
        with engine.begin() as conn:
            yield conn
    finally:
        engine.dispose()


def describe(conn: Connection) -> dict[str, list[str]]:
    """Every object of the schema, the lines of a definition in no order."""
    rows = conn.execute(text(CATALOGUE[conn.dialect.name]))
    return {name: sorted(line.strip(" ,\t") for line in sql.splitlines()) for name, sql in rows}


def test_the_migrations_make_what_the_tables_say(empty_url: str) -> None:
    with connected(empty_url) as conn:
        migrate(conn)
        migrated = describe(conn)
        heads = conn.execute(text("SELECT one, n, hash FROM audit_head")).all()
        undo_migrations(conn)
        conn.execute(text("DROP TABLE alembic_version"))
        metadata.create_all(conn)
        described = describe(conn)
        assert conn.execute(text("SELECT one, n, hash FROM audit_head")).all() == heads
    assert migrated == described
    assert sum(name.startswith(("table", "column audit.")) for name in described) > 5


def test_the_migrations_go_back_to_nothing(empty_url: str) -> None:
    with connected(empty_url) as conn:
        migrate(conn)
        undo_migrations(conn)
        assert inspect(conn).get_table_names() == ["alembic_version"]
        assert describe(conn) == {}
        migrate(conn)
        assert set(inspect(conn).get_table_names()) == {"alembic_version", *metadata.tables}


def test_migrating_twice_changes_nothing(empty_url: str, tmp_path: Path) -> None:
    store = Store.open(empty_url, tmp_path / "blobs", a_vault())
    store.migrate()
    store.migrate()
    store.close()
    with connected(empty_url) as conn:
        assert set(inspect(conn).get_table_names()) == {"alembic_version", *metadata.tables}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_table_of_sqlite_is_strict(empty_url: str) -> None:
    with connected(empty_url) as conn:
        migrate(conn)
        rows = conn.execute(text("SELECT name, strict FROM pragma_table_list WHERE schema='main'"))
        strict = {name for name, is_strict in rows if is_strict}
    assert strict >= set(metadata.tables)
