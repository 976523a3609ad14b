"""A step by its name, for one partner or all: what ``step``, ``cycle`` and the worker run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from gateway.app import Gateway
from gateway.domain.partners import PartnerKind, PartnerStage
from gateway.domain.states import BatchState
from gateway.errors import GatewayError, RuleError
from gateway.steps.admission import Inbox
from gateway.steps.batch import seal_batches
from gateway.steps.collect import collect_files
from gateway.steps.deliver import deliver_batches
from gateway.steps.outbox import Outbox
from gateway.steps.reader import Reader
from gateway.steps.reconcile import reconcile_partner
from gateway.steps.screen import screen_applications
from gateway.steps.summary import Attention, Summary
from gateway.steps.watch import Watched, watch_partner
from gateway.store import batches

Run = Callable[[Gateway, str, datetime, str], Summary]


def run_step(
    gateway: Gateway, step: str, partner_code: str | None, now: datetime, actor: str
) -> list[Summary]:
    """Run one step for one partner, or for every partner that it concerns.

    A blocked partner is told as needing a person; the others go on.

    :raises RuleError: for an unknown step or partner.
    """
    if step not in STEP_NAMES:
        raise _unknown("UNKNOWN_STEP", f"step '{step}'", STEP_NAMES)
    if partner_code is not None and partner_code not in gateway.config.partners:
        raise _unknown("UNKNOWN_PARTNER", f"partner '{partner_code}'", gateway.config.partners)
    if step == "screen":
        return [_screen(gateway, now, actor)]
    summaries = []
    for code in [partner_code] if partner_code else sorted(gateway.config.partners):
        if code in gateway.blocked:
            summaries.append(_blocked(step, code, gateway.blocked[code]))
        elif step not in BANK_STEPS or gateway.connectors[code].kind is PartnerKind.BANK:
            summaries.append(STEPS[step](gateway, code, now, actor))
    return summaries


def _unknown(reason: str, what: str, known: Iterable[str]) -> RuleError:
    listed = ", ".join(sorted(known))
    return RuleError(
        f"There is no {what}.",
        message_id=f"Tidak ada {what}.",
        how_en=f"Choose one of: {listed}.",
        how_id=f"Pilih salah satu: {listed}.",
        reason=reason,
    )


def run_cycle(gateway: Gateway, now: datetime, actor: str) -> list[Summary]:
    """All steps once, in their natural order."""
    order = ("collect", "screen", "batch", "deliver", "reconcile", "watch")
    return [summary for step in order for summary in run_step(gateway, step, None, now, actor)]


def _blocked(step: str, partner_code: str, error: GatewayError) -> Summary:
    summary = Summary(step=step, partner_code=partner_code)
    summary.attention.append(Attention.of(error, partner_code, partner_code))
    return summary


def outbox_of(gateway: Gateway, partner_code: str) -> Outbox:
    """How bytes for one partner are frozen."""
    return Outbox(
        signer=gateway.signer,
        container=gateway.config.partners[partner_code].container,
        environment=gateway.config.stage,
        limit=gateway.config.limits.batch_applications,
    )


def _screen(gateway: Gateway, now: datetime, actor: str) -> Summary:
    registry = gateway.config.registry
    return screen_applications(
        gateway.store,
        gateway.connectors.get(registry),
        outbox_of(gateway, registry) if registry in gateway.connectors else None,
        gateway.config.programmes,
        now,
        actor,
    )


def _batch(gateway: Gateway, code: str, now: datetime, actor: str) -> Summary:
    return seal_batches(
        gateway.store, gateway.connectors[code], outbox_of(gateway, code), now, actor
    )


def _deliver(gateway: Gateway, code: str, now: datetime, actor: str) -> Summary:
    if gateway.config.partners[code].stage is not PartnerStage.LIVE:
        return _not_live(gateway, code)
    return deliver_batches(
        gateway.store, code, gateway.channel(code), now, actor, new_token=gateway.new_token
    )


def _not_live(gateway: Gateway, code: str) -> Summary:
    """Batches wait, visibly, until the partner's stage is live."""
    summary = Summary(step="deliver", partner_code=code)
    with gateway.store.read() as tx:
        waiting = batches.list_batches(tx, partner_code=code, states=[BatchState.SEALED])
    if waiting:
        stage = gateway.config.partners[code].stage
        summary.counts["not_live"] = len(waiting)
        summary.attention.append(
            Attention(
                code="NOT_LIVE",
                partner_code=code,
                subject=code,
                message_en=f"{len(waiting)} batch(es) wait: the partner's stage is {stage}.",
                message_id=f"{len(waiting)} berkas kolektif menunggu: stage mitra {stage}.",
            )
        )
    return summary


def _collect(gateway: Gateway, code: str, now: datetime, actor: str) -> Summary:
    limits = gateway.config.limits
    return collect_files(
        gateway.store,
        gateway.connectors[code],
        gateway.channel(code),
        Inbox(
            trust=gateway.config.partners[code].trust,
            certificates=gateway.certificates(code),
            max_bytes=limits.file_bytes,
            unsigned_minutes=limits.unsigned_minutes,
            wall=gateway.wall,
        ),
        Reader(programmes=gateway.config.programmes, calendar=gateway.config.calendar),
        now,
        actor,
    )


def _reconcile(gateway: Gateway, code: str, now: datetime, actor: str) -> Summary:
    return reconcile_partner(
        gateway.store, code, gateway.config.rules_of(code), gateway.config.calendar, now, actor
    )


def _watch(gateway: Gateway, code: str, now: datetime, actor: str) -> Summary:
    partner = gateway.config.partners[code]
    watched = Watched(
        partner_code=code,
        certificates=gateway.certificates(code),
        expected={expectation.kind: expectation.by for expectation in partner.expect},
        ack_hours=gateway.config.limits.ack_hours,
        expects_receipts=gateway.connectors[code].kind is PartnerKind.BANK,
        programmes=gateway.config.programmes,
        calendar=gateway.config.calendar,
    )
    return watch_partner(gateway.store, watched, now, actor)


STEPS: Mapping[str, Run] = {
    "batch": _batch,
    "deliver": _deliver,
    "collect": _collect,
    "reconcile": _reconcile,
    "watch": _watch,
}
BANK_STEPS = frozenset({"batch", "reconcile"})
STEP_NAMES = ("screen", *STEPS)
