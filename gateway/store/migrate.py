"""Brings a database to this version's schema, or back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

SCRIPTS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 1_571_001


def migrate(conn: Connection) -> None:
    """Run every migration that this database has not had, inside the caller's transaction."""
    command.upgrade(_configure(conn), "head")


def undo_migrations(conn: Connection) -> None:
    """Run every migration backwards; nothing of the state stays.  For tests and for nobody else."""
    command.downgrade(_configure(conn), "base")


def _configure(conn: Connection) -> Config:
    if conn.dialect.name == "postgresql":
        # Two hosts may start at once; SQLite's BEGIN IMMEDIATE already lets only one in.
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config
