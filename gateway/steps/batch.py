"""Seal eligible applications into a numbered, signed batch for one partner.

Choosing, rendering, numbering, signing and recording happen in one store transaction, so a
batch exists wholly or not at all, and its bytes never change again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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

CITY = "kota_jambi"
"""The sender in every manifest."""


def seal_batches(
    store: Store, connector: Connector, outbox: Outbox, now: datetime, actor: str
) -> Summary:
    """Seal what is eligible for one bank, at most ``outbox.limit`` applications a batch.

    Whose consent was withdrawn goes back to screening; a group goes whole.
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
        by_loan.setdefault(row.application.loan_reference, []).append(row)
    for reference, members in list(by_loan.items()):
        if any(member.application.consent is None for member in members):
            _send_back(tx, by_loan.pop(reference))
    chosen: list[StoredApplication] = []
    for members in by_loan.values():
        if chosen and len(chosen) + len(members) > limit:
            break
        chosen += sorted(members, key=_leader_first)
    return chosen


def _send_back(tx: Transaction, members: Sequence[StoredApplication]) -> None:
    """A consent was withdrawn since screening: nobody of this loan goes; screening holds them."""
    for member in members:
        applications.move_application(
            tx, member.application.reference, ApplicationState.SCREENING, reason="NO_CONSENT"
        )


def _leader_first(row: StoredApplication) -> tuple[bool, str]:
    return row.application.group_role is not GroupRole.LEADER, row.application.reference


def _seal(
    tx: Transaction, connector: Connector, outbox: Outbox, chosen: Sequence[StoredApplication]
) -> StoredBatch:
    kind = FileKind.PENGAJUAN
    partner_code = connector.partner.code
    sequence, previous = next_in_stream(tx, partner_code, kind)
    today = wib_day(tx.now)
    batch = Batch(
        reference=container_name(partner_code, kind, sequence).removesuffix(".zip"),
        partner_code=partner_code,
        sequence=batches.next_file_sequence(tx, partner_code, kind, today.year),
        dated_on=today,
        created_at=tx.now,
        items=tuple(_screened(tx, row) for row in chosen),
    )
    sealing = Sealing(
        kind=kind,
        partner_code=partner_code,
        reference=batch.reference,
        sequence=sequence,
        previous=previous,
        count=len(batch.items),
        total_idr=batch.total_idr,
    )
    sealed = seal_files(tx, outbox, sealing, connector.render_batch(batch))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """What is about to be sealed for one partner.

    :param previous: SHA-256 of the container before it in this stream.
    """

    kind: FileKind
    partner_code: str
    reference: str
    sequence: int
    previous: str
    count: int
    total_idr: int


def next_in_stream(tx: Transaction, partner_code: str, kind: FileKind) -> tuple[int, str]:
    """The next container's number and the hash of the one before it."""
    last = batches.last_batch(tx, partner_code, kind)
    return (last.sequence + 1, last.container_sha256) if last else (1, FIRST_PREVIOUS)


def seal_files(
    tx: Transaction, outbox: Outbox, sealing: Sealing, files: Sequence[OutboundFile]
) -> StoredBatch:
    """Freeze and sign the bytes of one batch and keep them; the caller records the batch."""
    if outbox.container == "zip":
        name = container_name(sealing.partner_code, sealing.kind, sealing.sequence)
        content = build_container(_manifest(tx, outbox, sealing), files)
    else:
        (only,) = files
        content, name = only.content, only.name
    signature = sign_detached(content, outbox.signer, tx.now)
    return StoredBatch(
        reference=sealing.reference,
        partner_code=sealing.partner_code,
        kind=sealing.kind,
        sequence=sealing.sequence,
        container_name=name,
        container_sha256=tx.blobs.put(content),
        signature_sha256=tx.blobs.put(signature),
        previous_sha256=sealing.previous,
        state=BatchState.SEALED,
        token="",
        count=sealing.count,
        total_idr=sealing.total_idr,
        sealed_at=tx.now,
        sent_at=None,
        acked_at=None,
        files=tuple((file.name, sha256_of(file.content)) for file in files),
    )


def _manifest(tx: Transaction, outbox: Outbox, sealing: Sealing) -> Manifest:
    audit_n, audit_hash = trail.head(tx)
    return Manifest(
        sender=CITY,
        receiver=sealing.partner_code,
        kind=sealing.kind,
        batch_id=sealing.reference,
        sequence=sealing.sequence,
        previous_sha256=sealing.previous,
        created=tx.now,
        environment=outbox.environment,
        count=sealing.count,
        totals={"total_plafon": sealing.total_idr} if sealing.total_idr else {},
        audit_n=audit_n,
        audit_hash=audit_hash,
    )
