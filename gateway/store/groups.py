"""Groups of applicants with joint liability."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from gateway.store.held import StoredApplication, load_many
from gateway.store.persons import index_source
from gateway.store.rows import insert_all
from gateway.store.tables import applications, groups
from gateway.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredGroup:
    """A group and its members, the leader first, then by reference."""

    reference: str
    name: str
    programme: str
    partner_code: str
    members: tuple[StoredApplication, ...]


def save_group(
    tx: Transaction,
    *,
    reference: str,
    name: str,
    programme: str,
    source_group: str = "",
    source_sha256: str = "",
) -> None:
    """Store a new group; its members follow with ``group_reference`` set to it."""
    insert_all(
        tx,
        groups,
        [
            {
                "reference": reference,
                "programme": programme,
                "partner_code": "",
                "name": tx.vault.seal(name, f"groups.name|{reference}"),
                "source_index": index_source(tx.vault, source_group),
                "source_sha256": source_sha256,
                "received_at": tx.now,
            }
        ],
    )
    tx.audit("GROUP_RECEIVED", reference, programme=programme, source=source_sha256)


def find_group(
    tx: Transaction, *, programme: str, source_group: str, source_sha256: str
) -> str | None:
    """Our reference of the group that a source file calls ``source_group``."""
    asked = select(groups.c.reference).where(
        groups.c.programme == programme,
        groups.c.source_sha256 == source_sha256,
        groups.c.source_index == index_source(tx.vault, source_group),
    )
    return tx.conn.execute(asked).scalar()


def load_group(tx: Transaction, reference: str) -> StoredGroup | None:
    """One group by its reference."""
    asked = select(groups).where(groups.c.reference == reference)
    row = tx.conn.execute(asked).one_or_none()
    if row is None:
        return None
    members = load_many(tx, applications.c.group_reference == reference)
    members.sort(key=lambda member: member.application.group_role != "K")
    return StoredGroup(
        reference=reference,
        name=tx.vault.open(row.name, f"groups.name|{reference}"),
        programme=row.programme,
        partner_code=row.partner_code
        or next((m.application.partner_code for m in members if m.application.partner_code), ""),
        members=tuple(members),
    )
