"""Files from partners: their bytes' digest, their number, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import ColumnElement, RowMapping, case, func, select, update

from gateway.domain.files import FileIdentity, FileKind
from gateway.domain.states import INBOUND_MOVES, InboundState, move
from gateway.store.failures import stale, unknown
from gateway.store.kept import note_blobs
from gateway.store.rows import swap
from gateway.store.tables import files
from gateway.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file as it was received.

    :param id: a handle for the store's own functions; it is shown to nobody.
    :param kind: ``None`` for a file that nobody could name.
    :param rows: how many rows of it were taken into the state.
    """

    id: int
    partner_code: str
    name: str
    kind: FileKind | None
    sequence: int | None
    version: int
    dated_on: date | None
    sha256: str
    signature_sha256: str
    signer: str
    state: InboundState
    reason: str
    message_en: str
    message_id: str
    received_at: datetime
    rows: int


def find_content(tx: Transaction, partner_code: str, sha256: str) -> StoredFile | None:
    """The file with these bytes; one that was discarded only if there is no other."""
    asked = (
        select(files)
        .where(files.c.partner_code == partner_code, files.c.sha256 == sha256)
        .order_by(
            case((files.c.state == InboundState.DISCARDED.value, 1), else_=0), files.c.id.desc()
        )
        .limit(1)
    )
    row = tx.conn.execute(asked).mappings().one_or_none()
    return _read(row) if row is not None else None


def find_number(
    tx: Transaction,
    partner_code: str,
    kind: FileKind,
    year: int,
    sequence: int,
    version: int | None = None,
) -> StoredFile | None:
    """The file read under a number: that version, or the newest."""
    wanted = [*_numbered(partner_code, kind, year), files.c.sequence == sequence]
    if version is not None:
        wanted.append(files.c.version == version)
    asked = select(files).where(*wanted).order_by(files.c.version.desc()).limit(1)
    row = tx.conn.execute(asked).mappings().one_or_none()
    return _read(row) if row is not None else None


def highest_read(tx: Transaction, partner_code: str, kind: FileKind, year: int) -> int:
    """The highest number read of a partner, kind and year; 0 before the first."""
    asked = select(func.max(files.c.sequence)).where(*_numbered(partner_code, kind, year))
    return tx.conn.execute(asked).scalar() or 0


def _numbered(partner_code: str, kind: FileKind, year: int) -> list[ColumnElement[bool]]:
    return [
        files.c.partner_code == partner_code,
        files.c.kind == kind.value,
        files.c.year == year,
        files.c.state == InboundState.READ.value,
    ]


def save_file(
    tx: Transaction,
    *,
    partner_code: str,
    name: str,
    identity: FileIdentity | None,
    sha256: str,
    signature_sha256: str,
    signer: str,
    size_bytes: int,
) -> int:
    """Record a file as FETCHED and return its handle.

    The same bytes again are the same file while they are not read: what is newly known of them
    (name, number, signature) is recorded, and the state stays.

    :raises StaleRecord: if these bytes were read already.
    """
    described: dict[str, object] = {
        "name": name,
        "kind": identity.kind.value if identity else None,
        "sequence": identity.sequence if identity else None,
        "version": identity.version if identity else 1,
        "dated_on": identity.dated_on if identity else None,
        "year": identity.dated_on.year if identity and identity.dated_on else None,
        "signature_sha256": signature_sha256,
        "signer": signer,
    }
    note_blobs(tx, [sha256, signature_sha256])
    known = find_content(tx, partner_code, sha256)
    if known is None or known.state is InboundState.DISCARDED:
        return _insert(tx, partner_code, sha256, size_bytes, described)
    if known.state is InboundState.READ:
        raise stale(name)
    _describe_again(tx, known, described)
    return known.id


def _insert(
    tx: Transaction, partner_code: str, sha256: str, size_bytes: int, described: dict[str, object]
) -> int:
    row = described | {
        "partner_code": partner_code,
        "sha256": sha256,
        "size_bytes": size_bytes,
        "state": InboundState.FETCHED.value,
        "reason": "",
        "message_en": "",
        "message_id": "",
        "rows": 0,
        "received_at": tx.now,
        "changed_at": tx.now,
    }
    file_id: int = tx.conn.execute(files.insert().values(**row).returning(files.c.id)).scalar_one()
    _audit(tx, "FILE_FETCHED", partner_code, described, sha256=sha256, size_bytes=size_bytes)
    return file_id


def _describe_again(tx: Transaction, known: StoredFile, described: dict[str, object]) -> None:
    current = tx.conn.execute(select(files).where(files.c.id == known.id)).mappings().one()
    if all(current[column] == value for column, value in described.items()):
        return
    tx.conn.execute(
        update(files).where(files.c.id == known.id).values(**described, changed_at=tx.now)
    )
    _audit(tx, "FILE_FETCHED_AGAIN", known.partner_code, described, sha256=known.sha256)


def _audit(
    tx: Transaction,
    act: str,
    partner_code: str,
    described: dict[str, object],
    **facts: str | int,
) -> None:
    number = "-".join(
        str(described[column])
        for column in ("kind", "year", "sequence", "version")
        if described[column] is not None
    )
    tx.audit(
        act,
        f"{partner_code}/{described['name']}",
        number=number,
        signature=str(described["signature_sha256"]),
        signer=str(described["signer"]),
        **facts,
    )


def move_file(
    tx: Transaction,
    file_id: int,
    target: InboundState,
    *,
    reason: str = "",
    message_en: str = "",
    message_id: str = "",
) -> None:
    """Move a file through its table of states; where it waits already, only why is recorded.

    :raises IllegalTransition: if the table has no such move.
    :raises StaleRecord: if its number was read meanwhile, or somebody else moved it.
    """
    known = load_file(tx, file_id)
    if known is None:
        raise unknown("The file")
    if known.state is not target:
        move(INBOUND_MOVES, known.state, target)
    swap(
        tx,
        update(files)
        .where(files.c.id == file_id, files.c.state == known.state.value)
        .values(
            state=target.value,
            reason=reason,
            message_en=message_en,
            message_id=message_id,
            changed_at=tx.now,
        ),
        known.name,
    )
    tx.audit(
        f"FILE_{target.value}",
        f"{known.partner_code}/{known.name}",
        sha256=known.sha256,
        reason=reason,
        rows=known.rows,
    )


def load_file(tx: Transaction, file_id: int) -> StoredFile | None:
    """One file by its handle."""
    row = tx.conn.execute(select(files).where(files.c.id == file_id)).mappings().one_or_none()
    return _read(row) if row is not None else None


def list_files(
    tx: Transaction,
    partner_code: str | None = None,
    states: Iterable[InboundState] | None = None,
) -> list[StoredFile]:
    """Files in the order they first came."""
    wanted: list[ColumnElement[bool]] = []
    if partner_code is not None:
        wanted.append(files.c.partner_code == partner_code)
    if states is not None:
        wanted.append(files.c.state.in_([state.value for state in states]))
    rows = tx.conn.execute(select(files).where(*wanted).order_by(files.c.id)).mappings()
    return [_read(row) for row in rows]


def note_rows(tx: Transaction, file_id: int, count: int) -> StoredFile:
    """Count rows of a file that were taken into the state, and return the file."""
    swap(
        tx,
        update(files).where(files.c.id == file_id).values(rows=files.c.rows + count),
        "The file",
    )
    found = load_file(tx, file_id)
    if found is None:
        raise unknown("The file")
    return found


def _read(row: RowMapping) -> StoredFile:
    kept = {name: row[name] for name in _AS_STORED}
    kind = FileKind(row["kind"]) if row["kind"] else None
    return StoredFile(kind=kind, state=InboundState(row["state"]), **kept)


_AS_STORED = tuple(
    field.name for field in fields(StoredFile) if field.name not in {"kind", "state"}
)
