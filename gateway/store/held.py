"""Applications as they stand: with state, blockers and batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select

from gateway.domain.applications import Application, Blocker, BlockerCode
from gateway.domain.states import ApplicationState, BatchState
from gateway.store.persons import read
from gateway.store.tables import applications, batch_items, batches, blockers
from gateway.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredApplication:
    """An application as it stands.

    :param bound: it is in a batch for its partner that was not abandoned.
    """

    application: Application
    state: ApplicationState
    blockers: tuple[Blocker, ...]
    received_at: datetime
    changed_at: datetime
    bound: bool


_BOUND = (
    select(batch_items.c.position)
    .join(batches, batches.c.reference == batch_items.c.batch_reference)
    .where(
        batch_items.c.application_reference == applications.c.reference,
        batches.c.state != BatchState.ABANDONED.value,
    )
    .exists()
)


def load_many(
    tx: Transaction, *wanted: ColumnElement[bool], limit: int | None = None
) -> list[StoredApplication]:
    """Applications for which all conditions hold, with their blockers, by reference."""
    chosen = select(applications.c.reference).where(*wanted).order_by(applications.c.reference)
    chosen = chosen.limit(limit) if limit is not None else chosen
    stops = _load_blockers(tx, chosen)
    asked = (
        select(applications, _BOUND.label("bound"))
        .where(*wanted)
        .order_by(applications.c.reference)
        .limit(limit)
    )
    return [
        StoredApplication(
            application=read(tx.vault, row),
            state=ApplicationState(row["state"]),
            blockers=tuple(stops.get(row["reference"], ())),
            received_at=row["received_at"],
            changed_at=row["changed_at"],
            bound=bool(row["bound"]),
        )
        for row in tx.conn.execute(asked).mappings()
    ]


def _load_blockers(tx: Transaction, chosen: Select[str]) -> Mapping[str, list[Blocker]]:
    ids = chosen.subquery()
    asked = (
        select(blockers)
        .join(ids, ids.c.reference == blockers.c.application_reference)
        .order_by(blockers.c.application_reference, blockers.c.position)
    )
    stops: dict[str, list[Blocker]] = {}
    for row in tx.conn.execute(asked):
        stops.setdefault(row.application_reference, []).append(
            Blocker(code=BlockerCode(row.code), amount_idr=row.amount_idr, detail=row.detail)
        )
    return stops
