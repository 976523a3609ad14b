"""What goes wrong in a database, in our words and without its values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from gateway.errors import RuleError, StaleRecord, StoreError

BUSY_STATES = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL: serialisation failure, deadlock, lock not available."""
UNIQUE_STATE = "23505"


@contextmanager
def named_failures() -> Iterator[None]:
    """Turn a database's failure into ours.

    The driver's own text may quote a row, so it is dropped, and only the constraint's name stays.
    """
    try:
        yield
    except OverflowError:
        raise StoreError(
            "A number is too large to be stored.",
            message_id="Sebuah angka terlalu besar untuk disimpan.",
            reason="NUMBER_TOO_LARGE",
        ) from None
    except DBAPIError as failure:
        raise _name(failure) from None
    except StatementError as failure:
        # A value that one of our own column types refused.
        raise failure.orig if isinstance(failure.orig, StoreError) else failure from None


def _name(failure: DBAPIError) -> StoreError:
    text, state, rule = _describe(failure)
    if "append-only" in text:
        return StoreError(
            "This table may only grow.",
            message_id="Tabel ini hanya boleh bertambah.",
            reason="APPEND_ONLY",
        )
    if state in BUSY_STATES or "locked" in text:
        return StaleRecord(
            "The database is busy with somebody else's change.",
            message_id="Basis data sedang dipakai perubahan lain.",
            how_en="Try again in a moment.",
            how_id="Coba lagi sebentar lagi.",
            reason="DATABASE_BUSY",
        )
    if state == UNIQUE_STATE or "UNIQUE constraint failed" in text:
        return StaleRecord(
            f"Somebody else stored this first ({rule}).",
            message_id=f"Sudah lebih dulu disimpan oleh yang lain ({rule}).",
            reason="ALREADY_STORED",
        )
    if isinstance(failure, IntegrityError):
        return StoreError(
            f"The database refuses a row ({rule}).",
            message_id=f"Basis data menolak sebuah baris ({rule}).",
            reason="CONSTRAINT",
        )
    kind = type(failure).__name__
    return StoreError(
        f"The database failed ({kind} {state}).".replace(" )", ")"),
        message_id=f"Basis data gagal ({kind} {state}).".replace(" )", ")"),
        how_en="Check that the database is there, has room, and was migrated.",
        how_id="Periksa basis data: ada, cukup ruang, dan sudah dimigrasi.",
        reason="DATABASE_FAILED",
    )


def _describe(failure: DBAPIError) -> tuple[str, str, str]:
    """First line of the driver's text, PostgreSQL's state, and the constraint's name."""
    text = str(failure.orig).partition("\n")[0]
    state = str(getattr(failure.orig, "sqlstate", None) or "")
    diagnosis = getattr(failure.orig, "diag", None)
    rule = str(getattr(diagnosis, "constraint_name", "") or "")
    return text, state, rule or text.rpartition("failed: ")[2] if not state else rule


def stale(what: str) -> StaleRecord:
    """Somebody else changed the record since it was read."""
    return StaleRecord(
        f"{what} was changed by somebody else.",
        message_id=f"{what} sudah diubah oleh yang lain.",
        how_en="Read it again, then decide.",
        how_id="Baca ulang, lalu putuskan.",
    )


def unknown(what: str) -> RuleError:
    """Asked for something that is not in the state."""
    return RuleError(
        f"{what} is not known here.",
        message_id=f"{what} tidak dikenal di sini.",
        reason="UNKNOWN_REFERENCE",
    )
