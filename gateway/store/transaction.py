"""One database transaction, with the audit entries of everything that changes in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, insert, update

from gateway.errors import StoreError
from gateway.privacy import Vault, scrub
from gateway.store.blobs import BlobFolder
from gateway.store.tables import audit, audit_head

Facts = Mapping[str, str | int]


def write_canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: one value, one text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def hash_entry(
    *, n: int, at: datetime, actor: str, act: str, subject: str, facts: object, previous: str
) -> str:
    """SHA-256 over one audit entry and the hash of the entry before it."""
    body = {
        "n": n,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "act": act,
        "subject": subject,
        "facts": facts,
        "previous": previous,
    }
    return hashlib.sha256(write_canonical(body).encode()).hexdigest()


class Transaction:
    """What the families' functions take first; made by :class:`gateway.store.Store` only.

    :param head: number and hash of the newest audit entry; ``None`` where nothing may be written.
    """

    def __init__(
        self,
        conn: Connection,
        *,
        vault: Vault,
        blobs: BlobFolder,
        now: datetime | None,
        actor: str,
        head: tuple[int, str] | None,
    ) -> None:
        self.conn: Final = conn
        self.vault: Final = vault
        self.blobs: Final = blobs
        self.actor: Final = actor
        self.dialect: Final = conn.dialect.name
        self.head = head
        self._now = now
        self._unwritten: list[dict[str, object]] = []

    @property
    def now(self) -> datetime:
        """The moment handed in at the start.

        :raises StoreError: in a read that was given none.
        """
        if self._now is None:
            raise StoreError(
                "A read was asked for the time, but given none.",
                message_id="Pembacaan memerlukan waktu, tetapi tidak diberi.",
            )
        return self._now

    @property
    def may_write(self) -> bool:
        """Whether this is a writing transaction."""
        return self.head is not None

    def audit(self, act: str, subject: str, **facts: str | int) -> None:
        """Append one entry; it is written with the change, or not at all.

        Any run of 16 digits is blanked, so a slip here cannot put a NIK into the chain.

        :raises StoreError: in a read.
        """
        if self.head is None:
            raise StoreError(
                "A read may not change the state.",
                message_id="Pembacaan tidak boleh mengubah keadaan.",
                reason="READ_ONLY",
            )
        number, previous = self.head[0] + 1, self.head[1]
        kept = {
            name: scrub(value) if isinstance(value, str) else value for name, value in facts.items()
        }
        subject = scrub(subject)
        digest = hash_entry(
            n=number,
            at=self.now,
            actor=self.actor,
            act=act,
            subject=subject,
            facts=kept,
            previous=previous,
        )
        self._unwritten.append(
            {
                "n": number,
                "at": self.now,
                "actor": self.actor,
                "act": act,
                "subject": subject,
                "facts": write_canonical(kept),
                "previous_hash": previous,
                "hash": digest,
            }
        )
        self.head = (number, digest)

    def flush_trail(self) -> None:
        """Write the entries gathered so far; the store does it before it commits."""
        if not self._unwritten or self.head is None:
            return
        self.conn.execute(insert(audit), self._unwritten)
        self.conn.execute(update(audit_head).values(n=self.head[0], hash=self.head[1]))
        self._unwritten.clear()
