"""Column types and constraints that mean the same on SQLite (STRICT) and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TIMESTAMP, TypeDecorator, TypeEngine

from gateway.errors import StoreError

MOST_IDR = 10**15
"""More than every budget in the country; far less than a 64-bit number holds."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Text sorts by bytes everywhere, so that "ORDER BY reference" is one order on both databases.
Words = Text().with_variant(Text(collation="C"), "postgresql")
Whole = BigInteger().with_variant(Integer(), "sqlite")
Sealed = LargeBinary


class Moment(TypeDecorator[datetime]):
    """An aware moment; UTC text of fixed width on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use the native type where there is one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a moment without a zone; write UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise StoreError("A moment has no zone.", message_id="Sebuah waktu tanpa zona.")
        moment = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return moment
        return moment.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Read UTC."""
        del dialect
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


class Day(TypeDecorator[date]):
    """A calendar day; ISO text on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use the native type where there is one."""
        return dialect.type_descriptor(Date() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        """Write ISO text on SQLite."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.isoformat()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> date | None:
        """Read ISO text from SQLite."""
        del dialect
        return date.fromisoformat(value) if isinstance(value, str) else value


class Flag(TypeDecorator[bool]):
    """Yes or no as 1 or 0 on both databases."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        """Write 1 or 0."""
        del dialect
        return None if value is None else int(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> bool | None:
        """Read 1 or 0."""
        del dialect
        return None if value is None else bool(value)


def table(name: str, *items: SchemaItem) -> Table:
    """A table that refuses values of the wrong type."""
    return Table(name, metadata, *items, sqlite_strict=True)


def key(name: str = "id") -> Column[int]:
    """A row number of our own; it never leaves the store but as a handle."""
    return Column(name, Whole, primary_key=True, autoincrement=True)


def words(name: str, *, nullable: bool = False) -> Column[str]:
    """A text that may stand in clear."""
    return Column(name, Words, nullable=nullable)


def refers(name: str, target: str, *, nullable: bool = False) -> Column[str]:
    """A reference that must exist in another table, given as ``table.column``."""
    return Column(name, Words, ForeignKey(target), nullable=nullable)


def belongs(name: str, target: str) -> Column[int]:
    """The row number of a row that must exist in another table, given as ``table.column``."""
    return Column(name, Whole, ForeignKey(target), nullable=False)


def sealed(name: str, *, nullable: bool = False) -> Column[bytes]:
    """A text that only the vault opens."""
    return Column(name, Sealed, nullable=nullable)


def whole(name: str, *, nullable: bool = False) -> Column[int]:
    """A whole number."""
    return Column(name, Whole, nullable=nullable)


def money(
    name: str, *, least: int = 1, most: int = MOST_IDR, nullable: bool = False
) -> tuple[Column[int], CheckConstraint]:
    """Whole rupiah between two bounds, both included."""
    check = CheckConstraint(f"{name} BETWEEN {least} AND {most}", name=f"{name}_range")
    return Column(name, Whole, nullable=nullable), check


def one_of(name: str, values: Iterable[str]) -> tuple[Column[str], CheckConstraint]:
    """A word from a short list."""
    listed = ", ".join(f"'{value}'" for value in values)
    return words(name), CheckConstraint(f"{name} IN ({listed})", name=f"{name}_known")


def flag(name: str) -> tuple[Column[bool], CheckConstraint]:
    """Yes or no."""
    return Column(name, Flag, nullable=False), CheckConstraint(f"{name} IN (0, 1)", name=name)


def moment(name: str, *, nullable: bool = False) -> Column[datetime]:
    """A moment."""
    return Column(name, Moment, nullable=nullable)


def day(name: str, *, nullable: bool = False) -> Column[date]:
    """A calendar day."""
    return Column(name, Day, nullable=nullable)


def digest(name: str, *, empty: bool = False) -> tuple[Column[str], CheckConstraint]:
    """A SHA-256 in hexadecimal; with ``empty`` it may also be an empty text."""
    rule = f"length({name}) = 64" + (f" OR {name} = ''" if empty else "")
    return words(name), CheckConstraint(rule, name=f"{name}_length")
