"""The index of stored bytes: what must be on the disk, and whether it still is."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from gateway.errors import IntegrityBroken
from gateway.store.rows import insert_new
from gateway.store.tables import blobs
from gateway.store.transaction import Transaction


def note_blobs(tx: Transaction, digests: Iterable[str]) -> None:
    """Enter bytes that are on the disk into the index; it only grows."""
    for sha256 in sorted(set(digests)):
        if sha256 and tx.blobs.has(sha256):
            size = tx.blobs.size_bytes(sha256)
            insert_new(tx, blobs, {"sha256": sha256, "size_bytes": size, "stored_at": tx.now})


def count_blobs(tx: Transaction) -> int:
    """How many stored files the index knows."""
    return tx.conn.execute(select(func.count()).select_from(blobs)).scalar_one()


def find_broken_blobs(tx: Transaction) -> list[str]:
    """Digests of stored bytes that are gone or changed; reads every one of them."""
    broken: list[str] = []
    for sha256 in tx.conn.execute(select(blobs.c.sha256).order_by(blobs.c.sha256)).scalars():
        try:
            tx.blobs.get(sha256)
        except IntegrityBroken:
            broken.append(sha256)
    return broken
