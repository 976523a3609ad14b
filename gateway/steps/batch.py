"""Seal eligible applications into a numbered, signed batch for one partner.

Choosing, rendering, numbering, signing and recording happen in one store transaction, so a
batch exists wholly or not at all, and its bytes never change again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gateway.clock import wib_day
from gateway.connectors import Connector
from gateway.domain.applications import GroupRole
from gateway.domain.batches import Batch, ScreenedApplication
from gateway.domain.files import FileKind, OutboundFile
from gateway.domain.states import ApplicationState, BatchState
from gateway.signing import (
    FIRST_PREVIOUS,
    Manifest,
    build_container,
    container_name,
    sign_detached,
)
from gateway.steps.outbox import Outbox, sha256_of
from gateway.steps.summary import Summary
from gateway.store import Store, Transaction, applications, batches, credit, trail
from gateway.store.applications import StoredApplication
from gateway.store.batches import StoredBatch


def seal_batches(
    store: Store, connector: Connector, outbox: Outbox, now: datetime, actor: str
) -> Summary:
    """Seal what is eligible for one bank, at most ``outbox.limit`` applications a batch.

    Applications whose consent is missing or withdrawn stay behind; a group goes whole.
    """
    summary = Summary(step="batch", partner_code=connector.partner.code)
    while True:
        with store.begin(now, actor) as tx:
            chosen = _choose(tx, connector.partner.code, outbox.limit)
            if not chosen:
                return summary
            sealed = _seal(tx, connector, outbox, chosen)
        summary.counts["batches"] += 1
        summary.counts["applications"] += sealed.count


def _choose(tx: Transaction, partner_code: str, limit: int) -> list[StoredApplication]:
    """Whole groups and single applicants, oldest reference first, never more than ``limit``."""
    waiting = applications.list_applications(
        tx, states=[ApplicationState.ELIGIBLE], partner_code=partner_code
    )
    by_loan: dict[str, list[StoredApplication]] = {}
    for row in waiting:
        if row.application.consent is not None:
            by_loan.setdefault(row.application.loan_reference, []).append(row)
    chosen: list[StoredApplication] = []
    for members in by_loan.values():
        if chosen and len(chosen) + len(members) > limit:
            break
        chosen += sorted(members, key=_leader_first)
    return chosen


def _leader_first(row: StoredApplication) -> tuple[bool, str]:
    return row.application.group_role is not GroupRole.LEADER, row.application.reference


def _seal(
    tx: Transaction, connector: Connector, outbox: Outbox, chosen: Sequence[StoredApplication]
) -> StoredBatch:
    kind = FileKind.PENGAJUAN
    partner_code = connector.partner.code
    previous = batches.last_batch(tx, partner_code, kind)
    sequence = previous.sequence + 1 if previous else 1
    today = wib_day(tx.now)
    batch = Batch(
        reference=container_name(partner_code, kind, sequence).removesuffix(".zip"),
        partner_code=partner_code,
        sequence=batches.next_file_sequence(tx, partner_code, kind, today.year),
        dated_on=today,
        created_at=tx.now,
        items=tuple(_screened(tx, row) for row in chosen),
    )
    sealed = seal_files(
        tx,
        outbox,
        kind=kind,
        partner_code=partner_code,
        reference=batch.reference,
        sequence=sequence,
        previous=previous.container_sha256 if previous else FIRST_PREVIOUS,
        count=len(batch.items),
        total_idr=batch.total_idr,
        files=connector.render_batch(batch),
    )
    references = [row.application.reference for row in chosen]
    batches.save_sealed(tx, sealed, references, today.year, batch.sequence)
    for reference in references:
        applications.move_application(
            tx, reference, ApplicationState.BATCHED, batch=batch.reference
        )
    return sealed


def _screened(tx: Transaction, row: StoredApplication) -> ScreenedApplication:
    verdict = credit.load_verdict(tx, row.application.reference)
    return ScreenedApplication(
        application=row.application,
        worst_collectability=verdict.worst_now if verdict else None,
        data_period=verdict.data_period if verdict else "",
    )


def seal_files(
    tx: Transaction,
    outbox: Outbox,
    *,
    kind: FileKind,
    partner_code: str,
    reference: str,
    sequence: int,
    previous: str,
    count: int,
    total_idr: int,
    files: Sequence[OutboundFile],
) -> StoredBatch:
    """Freeze and sign the bytes of one batch and keep them; the caller records the batch."""
    if outbox.container == "zip":
        audit_n, audit_hash = trail.head(tx)
        manifest = Manifest(
            sender="kota_jambi",
            receiver=partner_code,
            kind=kind,
            batch_id=reference,
            sequence=sequence,
            previous_sha256=previous,
            created=tx.now,
            environment=outbox.environment,
            count=count,
            totals={"total_plafon": total_idr} if total_idr else {},
            audit_n=audit_n,
            audit_hash=audit_hash,
        )
        name = container_name(partner_code, kind, sequence)
        content = build_container(manifest, files)
    else:
        (only,) = files
        content, name = only.content, only.name
    signature = sign_detached(content, outbox.signer, tx.now)
    return StoredBatch(
        reference=reference,
        partner_code=partner_code,
        kind=kind,
        sequence=sequence,
        container_name=name,
        container_sha256=tx.blobs.put(content),
        signature_sha256=tx.blobs.put(signature),
        previous_sha256=previous,
        state=BatchState.SEALED,
        token="",
        count=count,
        total_idr=total_idr,
        sealed_at=tx.now,
        sent_at=None,
        acked_at=None,
        files=tuple((file.name, sha256_of(file.content)) for file in files),
    )
