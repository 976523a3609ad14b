"""Bring sealed batches to the partner by the token protocol: once, or visibly not.

1. put both files under hidden names that share one fresh token;
2. compare-and-swap SEALED → SENDING with that token;
3. rename token → final name, container first, signature last (a receiver starts there);
4. compare-and-swap SENDING → SENT with that token.

A rename uses its token up.  After a crash, a token that is still there was not sent and is
renamed; a token that is gone was sent.  So nothing is ever sent twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from gateway.channels import Channel, Session
from gateway.domain.files import FileKind
from gateway.domain.states import ApplicationState, BatchState
from gateway.errors import ChannelError, ChannelUncertain
from gateway.steps.summary import Attention, Summary
from gateway.store import Store, Transaction, agenda, applications, batches
from gateway.store.batches import StoredBatch

Checkpoint = Callable[[str], None]
"""Called with a name between durable acts; tests make it crash there."""


def no_checkpoint(name: str) -> None:
    """The checkpoint of ordinary work: nothing happens."""
    del name


def deliver_batches(
    store: Store,
    partner_code: str,
    channel: Channel,
    now: datetime,
    actor: str,
    *,
    new_token: Callable[[], str],
    checkpoint: Checkpoint = no_checkpoint,
) -> Summary:
    """Deliver what is sealed, in order of sealing; finish what a crash left in SENDING.

    A batch that fails stops the ones behind it: numbers reach a partner in order.
    """
    summary = Summary(step="deliver", partner_code=partner_code)
    with store.read() as tx:
        due = batches.list_batches(
            tx, partner_code=partner_code, states=[BatchState.SENDING, BatchState.SEALED]
        )
    if not due:
        return summary
    try:
        with channel.connect() as session:
            for batch in due:
                if _deliver_one(store, session, batch, now, actor, new_token, checkpoint):
                    summary.counts["sent"] += 1
        with store.begin(now, actor) as tx:
            agenda.clear_alarm(tx, "channel", partner_code)
    except ChannelError as error:
        note_channel_failure(store, error, now, actor, summary)
    return summary


def _deliver_one(
    store: Store,
    session: Session,
    batch: StoredBatch,
    now: datetime,
    actor: str,
    new_token: Callable[[], str],
    checkpoint: Checkpoint,
) -> bool:
    names = (batch.container_name, f"{batch.container_name}.p7s")
    token = batch.token
    if batch.state is BatchState.SEALED:
        token = new_token()
        contents = (
            store.blobs.get(batch.container_sha256),
            store.blobs.get(batch.signature_sha256),
        )
        for name, content in zip(names, contents, strict=True):
            session.put(hidden_name(name, token), content)
            checkpoint("put")
        with store.begin(now, actor) as tx:
            won = batches.claim_sending(tx, batch.reference, token)
        checkpoint("claimed")
        if not won:
            for name in names:
                session.discard(hidden_name(name, token))
            return False
    try:
        for name in names:
            if session.is_present(hidden_name(name, token)):
                session.publish(hidden_name(name, token), name)
            checkpoint("published")
    except ChannelUncertain as lost:
        if not session.atomic_rename:
            with store.begin(now, actor) as tx:
                batches.mark_uncertain(tx, batch.reference, token, lost.reason)
        raise
    with store.begin(now, actor) as tx:
        sent = batches.mark_sent(tx, batch.reference, token)
        if sent:
            _applications_delivered(tx, batch)
    checkpoint("recorded")
    return sent


def hidden_name(name: str, token: str) -> str:
    """The name under which bytes lie unseen until they are published."""
    return f".{name}.{token}"


def _applications_delivered(tx: Transaction, batch: StoredBatch) -> None:
    if batch.kind is not FileKind.PENGAJUAN:
        return
    for reference in batches.batch_applications(tx, batch.reference):
        applications.move_application(
            tx, reference, ApplicationState.DELIVERED, batch=batch.reference
        )


def note_channel_failure(
    store: Store, error: ChannelError, now: datetime, actor: str, summary: Summary
) -> None:
    """A failure is shown in the same cycle; only one that may heal is left to the next tick."""
    note = Attention.of(error, summary.partner_code, summary.partner_code)
    (summary.failures if error.retryable else summary.attention).append(note)
    with store.begin(now, actor) as tx:
        agenda.raise_alarm(tx, "channel", summary.partner_code, note.message_en, note.message_id)
