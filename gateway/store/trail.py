"""The audit trail: every change, who made it and when, each entry chained to the one before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, Text, func, select, type_coerce

from gateway.privacy import scrub
from gateway.store.tables import (
    applications,
    audit,
    audit_head,
    batch_items,
    decisions,
    files,
    inquiries,
    loans,
)
from gateway.store.tables.watch import FIRST_HASH
from gateway.store.transaction import Transaction, hash_entry, write_canonical

AT_ONCE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceEntry:
    """One entry of the trail."""

    at: datetime
    actor: str
    act: str
    subject: str
    facts: dict[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What checking the whole chain found.

    :param entries: how many entries were checked.
    :param head: hash of the last one that holds.
    :param broken_at: number of the first that does not hold; ``None`` if all do.
    """

    entries: int
    head: str
    verified: bool
    broken_at: int | None


def head(tx: Transaction) -> tuple[int, str]:
    """Number and hash of the newest entry, those of this transaction included."""
    if tx.head is not None:
        return tx.head
    row = tx.conn.execute(select(audit_head.c.n, audit_head.c.hash)).one()
    return row.n, row.hash


def count(tx: Transaction) -> int:
    """How many entries there are."""
    tx.flush_trail()
    return tx.conn.execute(select(func.count()).select_from(audit)).scalar_one()


def verify(tx: Transaction) -> Verification:
    """Recompute every entry from the first; finds a change, a gap and a cut tail."""
    tx.flush_trail()
    number, previous = 0, FIRST_HASH
    while entries := _load_after(tx, number):
        for row in entries:
            if not _holds(row, number + 1, previous):
                return _verdict(number, previous, sound=False)
            number, previous = number + 1, row["hash"]
    kept = tx.conn.execute(select(audit_head.c.n, audit_head.c.hash)).one_or_none()
    sound = kept is not None and (kept.n, kept.hash) == (number, previous)
    return _verdict(number, previous, sound=sound)


def _verdict(number: int, head_hash: str, *, sound: bool) -> Verification:
    return Verification(
        entries=number,
        head=head_hash,
        verified=sound,
        broken_at=None if sound else number + 1,
    )


def _load_after(tx: Transaction, number: int) -> Sequence[RowMapping]:
    """The next entries, a bounded number of them.

    The moment is read as it is kept: one that is no moment any more must be found, not raise.
    """
    columns = [column for column in audit.c if column.name != "at"]
    asked = (
        select(*columns, type_coerce(audit.c.at, Text).label("at"))
        .where(audit.c.n > number)
        .order_by(audit.c.n)
        .limit(AT_ONCE)
    )
    return tx.conn.execute(asked).mappings().all()


def _holds(row: RowMapping, number: int, previous: str) -> bool:
    if row["n"] != number or row["previous_hash"] != previous:
        return False
    try:
        facts = json.loads(row["facts"])
        at = _read_moment(row["at"])
    except (ValueError, RecursionError):
        return False
    if write_canonical(facts) != row["facts"]:
        return False
    computed = hash_entry(
        n=number,
        at=at,
        actor=row["actor"],
        act=row["act"],
        subject=row["subject"],
        facts=facts,
        previous=previous,
    )
    return bool(computed == row["hash"])


def _read_moment(kept: datetime | str) -> datetime:
    """The moment of an entry; text must be written the one way that we write it."""
    if isinstance(kept, datetime):
        return kept
    moment = datetime.fromisoformat(kept)
    if moment.isoformat(timespec="microseconds") != kept or moment.utcoffset() != timedelta():
        raise ValueError(kept)
    return moment


def trace(tx: Transaction, reference: str) -> list[TraceEntry]:
    """Everything recorded of a subject; for an application or group, its whole road.

    The road goes over its group, its batches, the questions to the registry, and the files that
    decided on it and disbursed it.
    """
    tx.flush_trail()
    subjects = sorted({scrub(subject) for subject in _road(tx, reference)})
    asked = select(audit).where(audit.c.subject.in_(subjects)).order_by(audit.c.n)
    return [
        TraceEntry(
            at=row.at,
            actor=row.actor,
            act=row.act,
            subject=row.subject,
            facts=json.loads(row.facts),
        )
        for row in tx.conn.execute(asked)
    ]


def _road(tx: Transaction, reference: str) -> set[str]:
    """The subjects that one reference met."""
    belonging = select(applications.c.reference, applications.c.group_reference).where(
        (applications.c.reference == reference) | (applications.c.group_reference == reference)
    )
    own = {reference}
    for row in tx.conn.execute(belonging):
        own.update(word for word in row if word)
    # A member's road goes over the group, but never over the other members.
    people = own - {reference} if _is_group(tx, reference) else {reference}
    met = set(own)
    for column, owner in (
        (batch_items.c.batch_reference, batch_items.c.application_reference),
        (inquiries.c.reference, inquiries.c.application_reference),
    ):
        met.update(tx.conn.execute(select(column).where(owner.in_(sorted(people)))).scalars())
    for told in (decisions, loans):
        asked = (
            select(files.c.partner_code, files.c.name)
            .join(told, told.c.file_id == files.c.id)
            .where(told.c.application_reference.in_(sorted(own)))
        )
        met.update(f"{partner}/{name}" for partner, name in tx.conn.execute(asked))
    return met


def _is_group(tx: Transaction, reference: str) -> bool:
    asked = select(applications.c.reference).where(applications.c.group_reference == reference)
    return tx.conn.execute(asked.limit(1)).scalar() is not None
