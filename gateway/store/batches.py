"""Sealed batches and their one way to the partner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, func, select, update

from gateway.domain.files import FileKind
from gateway.domain.states import BATCH_MOVES, BatchState, move
from gateway.store.failures import stale, unknown
from gateway.store.kept import note_blobs
from gateway.store.rows import insert_all
from gateway.store.tables import batch_files, batch_items, batches
from gateway.store.tables.watch import FIRST_HASH
from gateway.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBatch:
    """One sealed batch; its bytes never change.

    :param sequence: per partner and kind, from 1, without gaps, for ever.
    :param container_name: the data file's own name where the partner takes plain files.
    :param token: under which it is being sent, empty while it is not.
    :param files: name and SHA-256 of what is inside.
    """

    reference: str
    partner_code: str
    kind: FileKind
    sequence: int
    container_name: str
    container_sha256: str
    signature_sha256: str
    previous_sha256: str
    state: BatchState
    token: str
    count: int
    total_idr: int
    sealed_at: datetime
    sent_at: datetime | None
    acked_at: datetime | None
    files: tuple[tuple[str, str], ...]


def last_batch(tx: Transaction, partner_code: str, kind: FileKind) -> StoredBatch | None:
    """The newest batch of a partner and kind, whatever became of it."""
    newest = (
        select(func.max(batches.c.sequence))
        .where(batches.c.partner_code == partner_code, batches.c.kind == kind.value)
        .scalar_subquery()
    )
    found = _load(
        tx,
        batches.c.partner_code == partner_code,
        batches.c.kind == kind.value,
        batches.c.sequence == newest,
    )
    return found[0] if found else None


def next_file_sequence(tx: Transaction, partner_code: str, kind: FileKind, year: int) -> int:
    """The next number of a data file within partner, kind and year, from 1 without gaps."""
    asked = select(func.max(batches.c.file_sequence)).where(
        batches.c.partner_code == partner_code,
        batches.c.kind == kind.value,
        batches.c.file_year == year,
    )
    return (tx.conn.execute(asked).scalar() or 0) + 1


def save_sealed(
    tx: Transaction,
    batch: StoredBatch,
    application_references: Sequence[str],
    file_year: int,
    file_sequence: int,
) -> None:
    """Store a sealed batch with what is in it.

    :raises StaleRecord: if another batch of this partner and kind was sealed meanwhile.
    """
    last = last_batch(tx, batch.partner_code, batch.kind)
    expected = (last.sequence + 1, last.container_sha256) if last else (1, FIRST_HASH)
    due = next_file_sequence(tx, batch.partner_code, batch.kind, file_year)
    if (batch.sequence, batch.previous_sha256) != expected or file_sequence != due:
        raise stale(batch.reference)
    row = {
        "reference": batch.reference,
        "partner_code": batch.partner_code,
        "kind": batch.kind.value,
        "sequence": batch.sequence,
        "container_name": batch.container_name,
        "container_sha256": batch.container_sha256,
        "signature_sha256": batch.signature_sha256,
        "previous_sha256": batch.previous_sha256,
        "state": BatchState.SEALED.value,
        "token": "",
        "reason": "",
        "count": batch.count,
        "total_idr": batch.total_idr,
        "file_year": file_year,
        "file_sequence": file_sequence,
        "sealed_at": batch.sealed_at,
        "changed_at": tx.now,
    }
    insert_all(tx, batches, [row])
    _save_contents(tx, batch, application_references)
    tx.audit(
        "BATCH_SEALED",
        batch.reference,
        partner=batch.partner_code,
        kind=batch.kind.value,
        sequence=batch.sequence,
        container=batch.container_sha256,
        signature=batch.signature_sha256,
        previous=batch.previous_sha256,
        count=batch.count,
        total_idr=batch.total_idr,
    )


def _save_contents(
    tx: Transaction, batch: StoredBatch, application_references: Sequence[str]
) -> None:
    inside = [
        {
            "batch_reference": batch.reference,
            "position": position,
            "name": name,
            "sha256": sha256,
        }
        for position, (name, sha256) in enumerate(batch.files)
    ]
    insert_all(tx, batch_files, inside)
    items = [
        {
            "batch_reference": batch.reference,
            "position": position,
            "application_reference": reference,
        }
        for position, reference in enumerate(application_references)
    ]
    insert_all(tx, batch_items, items)
    digests = [sha256 for _, sha256 in batch.files]
    note_blobs(tx, [batch.container_sha256, batch.signature_sha256, *digests])


def list_batches(
    tx: Transaction,
    *,
    partner_code: str | None = None,
    states: Iterable[BatchState] | None = None,
) -> list[StoredBatch]:
    """Batches by partner, kind and sequence."""
    wanted: list[ColumnElement[bool]] = []
    if partner_code is not None:
        wanted.append(batches.c.partner_code == partner_code)
    if states is not None:
        wanted.append(batches.c.state.in_([state.value for state in states]))
    return _load(tx, *wanted)


def find_batch(tx: Transaction, partner_code: str, reference: str) -> StoredBatch | None:
    """A batch by its reference, if it is this partner's."""
    found = _load(tx, batches.c.reference == reference, batches.c.partner_code == partner_code)
    return found[0] if found else None


def batch_applications(tx: Transaction, reference: str) -> list[str]:
    """References of the applications in a batch, in the order they were sealed."""
    asked = (
        select(batch_items.c.application_reference)
        .where(batch_items.c.batch_reference == reference)
        .order_by(batch_items.c.position)
    )
    return list(tx.conn.execute(asked).scalars())


def claim_sending(tx: Transaction, reference: str, token: str) -> bool:
    """SEALED → SENDING under a token; false if somebody else is sending it or has sent it."""
    return _try_move(tx, reference, BatchState.SENDING, held="", token=token)


def mark_sent(tx: Transaction, reference: str, token: str) -> bool:
    """SENDING or UNCERTAIN, under that token → SENT; false if it is not so."""
    return _try_move(tx, reference, BatchState.SENT, held=token, token=token)


def mark_uncertain(tx: Transaction, reference: str, token: str, reason: str) -> bool:
    """SENDING or SENT, under that token → UNCERTAIN; false if it is not so."""
    return _try_move(tx, reference, BatchState.UNCERTAIN, held=token, token=token, reason=reason)


def release_token(tx: Transaction, reference: str, token: str) -> None:
    """UNCERTAIN → SEALED: two people stated that it never arrived, so it may be sent again.

    :raises StaleRecord: if it is not UNCERTAIN under that token.
    """
    if not _try_move(tx, reference, BatchState.SEALED, held=token, token=""):
        raise stale(reference)


def mark_acked(tx: Transaction, reference: str) -> None:
    """SENT or UNCERTAIN → ACKED, by the partner's receipt.

    :raises IllegalTransition: from any other state.
    """
    state, token = _look(tx, reference)
    move(BATCH_MOVES, state, BatchState.ACKED)
    if not _try_move(tx, reference, BatchState.ACKED, held=token, token=token):
        raise stale(reference)


def abandon_batch(tx: Transaction, reference: str, reason: str) -> None:
    """SEALED → ABANDONED; its number stays used."""
    state, _ = _look(tx, reference)
    move(BATCH_MOVES, state, BatchState.ABANDONED)
    if not _try_move(tx, reference, BatchState.ABANDONED, held="", token="", reason=reason):
        raise stale(reference)


def _look(tx: Transaction, reference: str) -> tuple[BatchState, str]:
    asked = select(batches.c.state, batches.c.token).where(batches.c.reference == reference)
    row = tx.conn.execute(asked).one_or_none()
    if row is None:
        raise unknown(reference)
    return BatchState(row.state), row.token


_MOMENTS = {BatchState.SENT: "sent_at", BatchState.ACKED: "acked_at"}


def _try_move(
    tx: Transaction,
    reference: str,
    target: BatchState,
    *,
    held: str,
    token: str,
    reason: str = "",
) -> bool:
    """Compare and swap state and token together; either alone would let a batch go twice."""
    origins = [state.value for state, targets in BATCH_MOVES.items() if target in targets]
    changes: dict[str, object] = {
        "state": target.value,
        "token": token,
        "reason": reason,
        "changed_at": tx.now,
    }
    if target in _MOMENTS:
        changes[_MOMENTS[target]] = tx.now
    statement = update(batches).where(
        batches.c.reference == reference,
        batches.c.state.in_(origins),
        batches.c.token == held,
    )
    if tx.conn.execute(statement.values(**changes)).rowcount != 1:
        return False
    tx.audit(f"BATCH_{target.value}", reference, token=token, reason=reason)
    return True


def _load(tx: Transaction, *wanted: ColumnElement[bool]) -> list[StoredBatch]:
    order = (batches.c.partner_code, batches.c.kind, batches.c.sequence)
    rows = tx.conn.execute(select(batches).where(*wanted).order_by(*order)).mappings().all()
    inside = (
        select(batch_files)
        .join(batches, batches.c.reference == batch_files.c.batch_reference)
        .where(*wanted)
        .order_by(batch_files.c.batch_reference, batch_files.c.position)
    )
    files: dict[str, list[tuple[str, str]]] = {}
    for row in tx.conn.execute(inside):
        files.setdefault(row.batch_reference, []).append((row.name, row.sha256))
    return [_read(row, tuple(files.get(row["reference"], ()))) for row in rows]


def _read(row: RowMapping, files: tuple[tuple[str, str], ...]) -> StoredBatch:
    kept = {name: row[name] for name in _AS_STORED}
    return StoredBatch(
        kind=FileKind(row["kind"]), state=BatchState(row["state"]), files=files, **kept
    )


_AS_STORED = tuple(
    field.name for field in fields(StoredBatch) if field.name not in {"kind", "state", "files"}
)
