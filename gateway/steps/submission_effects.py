"""A bank's receipt and its decisions: what they change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.domain.batches import Acknowledgement
from gateway.domain.loans import Decision
from gateway.domain.states import ApplicationState, BatchState
from gateway.errors import FileMisdirected, FileUnreadable
from gateway.store import Transaction, applications, batches, decisions
from gateway.store.applications import StoredApplication


def record_acknowledgement(
    tx: Transaction, partner_code: str, file_name: str, receipt: Acknowledgement
) -> int:
    """Move its applications to ACKNOWLEDGED or REJECTED, and the batch to ACKED once all are.

    :returns: how many applications of the batch no receipt has named yet.

    :raises FileMisdirected: for a batch or an application never sent to this partner.
    :raises FileUnreadable: when the receipt proves that other bytes arrived.
    """
    batch = batches.find_batch(tx, partner_code, receipt.batch_reference)
    if batch is None:
        raise _misdirected(file_name, "a batch", "berkas kolektif")
    content_hashes = {batch.container_sha256, *(sha256 for _, sha256 in batch.files)}
    if receipt.received_sha256 not in content_hashes:
        raise FileUnreadable(
            file_name,
            "the receipt names other bytes than we sent",
            message_id="tanda terima menyebut isi yang lain dari yang kita kirim",
            how_en="Compare the SHA-256 with the partner before anything else.",
            how_id="Bandingkan SHA-256 dengan mitra lebih dulu.",
            reason="ACK_OTHER_BYTES",
        )
    sent = set(batches.batch_applications(tx, batch.reference))
    named = [
        *receipt.accepted,
        *(rejection.application_reference for rejection in receipt.rejected),
    ]
    if not set(named) <= sent:
        raise _misdirected(file_name, "an application", "permohonan")
    if batch.state is BatchState.SENDING:
        batches.mark_sent(tx, batch.reference, batch.token)
    for reference in _still(tx, named, ApplicationState.BATCHED):
        applications.move_application(tx, reference, ApplicationState.DELIVERED)
    for reference in _still(tx, receipt.accepted, ApplicationState.DELIVERED):
        applications.move_application(
            tx, reference, ApplicationState.ACKNOWLEDGED, batch=batch.reference
        )
    for rejection in receipt.rejected:
        for reference in _still(tx, [rejection.application_reference], ApplicationState.DELIVERED):
            applications.move_application(
                tx, reference, ApplicationState.REJECTED, reason=rejection.reason_code
            )
    silent = len(_still(tx, sorted(sent), ApplicationState.DELIVERED))
    if batch.state is not BatchState.ACKED and not silent:
        batches.mark_acked(tx, batch.reference)
    return silent


def record_decisions(
    tx: Transaction,
    partner_code: str,
    file_name: str,
    answers: Sequence[Decision],
    file_id: int,
) -> None:
    """Record each decision and move what it is about; a group's decision moves its members.

    :raises FileMisdirected: for a reference never sent to this partner.
    """
    known = applications.known_references(tx, partner_code)
    for decision in answers:
        if decision.application_reference not in known:
            raise _misdirected(file_name, "an application", "permohonan", decision.line)
        decisions.save_decision(tx, partner_code, decision, file_id)
        target = ApplicationState.APPROVED if decision.approved else ApplicationState.DECLINED
        for row in members_of(tx, decision.application_reference):
            if row.state is ApplicationState.ACKNOWLEDGED:
                applications.move_application(
                    tx, row.application.reference, target, reason=decision.reason_code
                )


def members_of(tx: Transaction, loan_reference: str) -> tuple[StoredApplication, ...]:
    """The applications behind a reference: one person's, or all members' of a group."""
    group = applications.load_group(tx, loan_reference)
    if group is not None:
        return group.members
    single = applications.load_application(tx, loan_reference)
    return (single,) if single is not None else ()


def _still(tx: Transaction, references: Iterable[str], state: ApplicationState) -> list[str]:
    found = [(reference, applications.load_application(tx, reference)) for reference in references]
    return [reference for reference, row in found if row is not None and row.state is state]


def _misdirected(
    file_name: str, what_en: str, what_id: str, line: int | None = None
) -> FileMisdirected:
    return FileMisdirected(
        file_name,
        f"it speaks of {what_en} that was never sent to this partner",
        message_id=f"menyebut {what_id} yang tidak pernah dikirim ke mitra ini",
        line=line,
        reason="MISDIRECTED",
    )
