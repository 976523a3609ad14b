"""Applications: their rows, states, blockers and consent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from gateway.clock import WIB
from gateway.domain.applications import Application, Blocker
from gateway.domain.states import APPLICATION_MOVES, ApplicationState, BatchState, move
from gateway.store.failures import unknown
from gateway.store.groups import StoredGroup, find_group, load_group, save_group
from gateway.store.held import StoredApplication, load_many
from gateway.store.persons import index_national_id, index_phone, index_source, write
from gateway.store.rows import insert_all, swap, upsert
from gateway.store.tables import applications, batch_items, batches, blockers, counters, groups
from gateway.store.tables.intake import CLOSED
from gateway.store.transaction import Transaction

__all__ = [
    "StoredApplication",
    "StoredGroup",
    "assign_partner",
    "count_by_partner",
    "count_states",
    "find_by_national_id",
    "find_by_phone",
    "find_group",
    "find_repeat",
    "known_references",
    "list_applications",
    "load_application",
    "load_group",
    "move_application",
    "next_reference",
    "save_application",
    "save_blockers",
    "save_group",
    "withdraw_consent",
]


def next_reference(tx: Transaction, prefix: str) -> str:
    """The next free reference ``PREFIXyy00000001``, without gaps per prefix and year (WIB)."""
    year = tx.now.astimezone(WIB).year % 100
    name = f"{prefix}{year:02d}"
    taken = tx.conn.execute(select(counters.c.value).where(counters.c.name == name)).scalar()
    number = (taken or 0) + 1
    upsert(tx, counters, {"name": name, "value": number})
    return f"{name}{number:08d}"


def find_repeat(
    tx: Transaction,
    *,
    programme: str,
    national_id: str,
    source_sha256: str,
    source_row: int,
    source_reference: str,
) -> str | None:
    """The reference of an application that this row repeats, or ``None``.

    A repeat has the same source reference, the same row of the same file, or the same person and
    programme as an application that is still open.
    """
    same: list[ColumnElement[bool]] = [
        (applications.c.nik_index == index_national_id(tx.vault, national_id))
        & applications.c.state.not_in(CLOSED)
    ]
    if source_reference:
        same.append(applications.c.source_index == index_source(tx.vault, source_reference))
    if source_sha256:
        same.append(
            (applications.c.source_sha256 == source_sha256)
            & (applications.c.source_row == source_row)
        )
    asked = (
        select(applications.c.reference)
        .where(applications.c.programme == programme, or_(*same))
        .order_by(applications.c.reference)
        .limit(1)
    )
    return tx.conn.execute(asked).scalar()


def save_application(
    tx: Transaction, application: Application, *, source_sha256: str, source_row: int
) -> None:
    """Store a new application as RECEIVED.

    :raises StaleRecord: if it repeats one that is there (see :func:`find_repeat`).
    """
    row = write(tx.vault, application)
    row |= {
        "state": ApplicationState.RECEIVED.value,
        "source_sha256": source_sha256,
        "source_row": source_row,
        "received_at": tx.now,
        "changed_at": tx.now,
    }
    insert_all(tx, applications, [row])
    tx.audit(
        "APPLICATION_RECEIVED",
        application.reference,
        programme=application.programme,
        partner=application.partner_code,
        group=application.group_reference,
        amount_idr=application.amount_idr,
        tenor_months=application.tenor_months,
        consent=int(application.consent is not None),
        source=source_sha256,
        row=source_row,
    )


def load_application(tx: Transaction, reference: str) -> StoredApplication | None:
    """One application by its reference."""
    found = load_many(tx, applications.c.reference == reference)
    return found[0] if found else None


def list_applications(
    tx: Transaction,
    *,
    states: Iterable[ApplicationState] | None = None,
    programme: str | None = None,
    partner_code: str | None = None,
    limit: int | None = None,
) -> list[StoredApplication]:
    """Applications by reference."""
    wanted: list[ColumnElement[bool]] = []
    if states is not None:
        wanted.append(applications.c.state.in_([state.value for state in states]))
    if programme is not None:
        wanted.append(applications.c.programme == programme)
    if partner_code is not None:
        wanted.append(applications.c.partner_code == partner_code)
    return load_many(tx, *wanted, limit=limit)


def move_application(
    tx: Transaction, reference: str, target: ApplicationState, **facts: str | int
) -> None:
    """Move an application through its table of states.

    :raises IllegalTransition: if the table has no such move.
    :raises StaleRecord: if somebody else moved it first.
    """
    found = tx.conn.execute(
        select(applications.c.state).where(applications.c.reference == reference)
    ).scalar()
    if found is None:
        raise unknown(reference)
    current = ApplicationState(found)
    move(APPLICATION_MOVES, current, target)
    swap(
        tx,
        update(applications)
        .where(applications.c.reference == reference, applications.c.state == current.value)
        .values(state=target.value, changed_at=tx.now),
        reference,
    )
    tx.audit(f"APPLICATION_{target.value}", reference, **{**facts, "from_state": current.value})


def assign_partner(tx: Transaction, reference: str, partner_code: str) -> None:
    """Bind an application, or a group with all its members, for a partner."""
    table = groups if _is_group(tx, reference) else applications
    swap(
        tx,
        update(table).where(table.c.reference == reference).values(partner_code=partner_code),
        reference,
    )
    tx.conn.execute(
        update(applications)
        .where(applications.c.group_reference == reference)
        .values(partner_code=partner_code, changed_at=tx.now)
    )
    tx.audit("PARTNER_ASSIGNED", reference, partner=partner_code)


def _is_group(tx: Transaction, reference: str) -> bool:
    asked = select(groups.c.reference).where(groups.c.reference == reference)
    return tx.conn.execute(asked).scalar() is not None


def save_blockers(tx: Transaction, reference: str, stops: Sequence[Blocker]) -> None:
    """Replace the blockers of an application."""
    tx.conn.execute(delete(blockers).where(blockers.c.application_reference == reference))
    insert_all(
        tx,
        blockers,
        [
            {
                "application_reference": reference,
                "position": position,
                "code": stop.code.value,
                "amount_idr": stop.amount_idr,
                "detail": stop.detail,
            }
            for position, stop in enumerate(stops)
        ],
    )
    codes = ",".join(stop.code.value for stop in stops)
    tx.audit("BLOCKERS_SAVED", reference, count=len(stops), codes=codes)


def withdraw_consent(tx: Transaction, reference: str) -> None:
    """Record that the applicant took the consent back; from now on it is as if never given."""
    swap(
        tx,
        update(applications)
        .where(
            applications.c.reference == reference,
            applications.c.consent_on.is_not(None),
            applications.c.consent_withdrawn_at.is_(None),
        )
        .values(consent_withdrawn_at=tx.now, changed_at=tx.now),
        f"The consent of {reference}",
    )
    tx.audit("CONSENT_WITHDRAWN", reference)


def count_states(tx: Transaction) -> dict[str, int]:
    """How many applications stand in each state."""
    asked = (
        select(applications.c.state, func.count())
        .group_by(applications.c.state)
        .order_by(applications.c.state)
    )
    return {row[0]: row[1] for row in tx.conn.execute(asked)}


def count_by_partner(tx: Transaction, programme: str) -> dict[str, int]:
    """How many applications of a programme each partner was given."""
    asked = (
        select(applications.c.partner_code, func.count())
        .where(applications.c.programme == programme, applications.c.partner_code != "")
        .group_by(applications.c.partner_code)
        .order_by(applications.c.partner_code)
    )
    return {row[0]: row[1] for row in tx.conn.execute(asked)}


def find_by_national_id(tx: Transaction, national_id: str) -> list[str]:
    """References of every application of one person."""
    return _find(tx, applications.c.nik_index == index_national_id(tx.vault, national_id))


def find_by_phone(tx: Transaction, phone: str) -> list[str]:
    """References of every application with one phone number."""
    return _find(tx, applications.c.phone_index == index_phone(tx.vault, phone))


def _find(tx: Transaction, wanted: ColumnElement[bool]) -> list[str]:
    asked = select(applications.c.reference).where(wanted).order_by(applications.c.reference)
    return list(tx.conn.execute(asked).scalars())


def known_references(tx: Transaction, partner_code: str) -> frozenset[str]:
    """References, of applications and groups, that were ever batched for a partner."""
    asked = (
        select(applications.c.reference, applications.c.group_reference)
        .join(batch_items, batch_items.c.application_reference == applications.c.reference)
        .join(batches, batches.c.reference == batch_items.c.batch_reference)
        .where(
            batches.c.partner_code == partner_code,
            batches.c.state != BatchState.ABANDONED.value,
        )
    )
    known: set[str] = set()
    for reference, group_reference in tx.conn.execute(asked):
        known.update(word for word in (reference, group_reference) if word)
    return frozenset(known)
