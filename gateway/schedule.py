"""What is due, from durable rows; APScheduler only wakes.

A job that was missed while the machine slept runs once, not once per missed tick.  Two workers
on one database never run the same tick: whoever inserts ``(job, partner, due_at)`` runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from apscheduler.schedulers.blocking import BlockingScheduler

from gateway.app import Gateway
from gateway.clock import WIB, read_clock
from gateway.domain.windows import Window, latest_moment, next_moment
from gateway.errors import GatewayError
from gateway.jobs import run_step
from gateway.steps.summary import Attention, Summary
from gateway.store import agenda

TICK_SECONDS = 20

log = structlog.get_logger("schedule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One step of one partner (or of the city) with its windows."""

    step: str
    partner_code: str
    windows: tuple[Window, ...]


def list_jobs(gateway: Gateway) -> list[Job]:
    """Every job that the configuration asks for, in the order in which a tick runs them."""
    windows = gateway.config.windows
    jobs = [Job(step="screen", partner_code="", windows=windows.get("screen", ()))]
    for code, partner in sorted(gateway.config.partners.items()):
        if code not in gateway.connectors:
            continue
        jobs += [
            Job(step="collect", partner_code=code, windows=partner.collect),
            Job(step="deliver", partner_code=code, windows=partner.deliver),
            Job(step="watch", partner_code=code, windows=windows.get("watch", ())),
        ]
    for code in gateway.banks():
        jobs += [
            Job(step="batch", partner_code=code, windows=windows.get("batch", ())),
            Job(step="reconcile", partner_code=code, windows=windows.get("reconcile", ())),
        ]
    rank = {
        step: n for n, step in enumerate(("collect", "screen", "batch", "deliver", "reconcile"))
    }
    return sorted(
        (job for job in jobs if job.windows),
        key=lambda job: (rank.get(job.step, len(rank)), job.partner_code),
    )


def latest_due(windows: Sequence[Window], now: datetime) -> datetime | None:
    """The newest moment at or before ``now`` on which the windows ask for work, in WIB."""
    return latest_moment(windows, now.astimezone(WIB))


def next_due(windows: Sequence[Window], now: datetime) -> datetime | None:
    """The first moment after ``now`` on which the windows ask for work, in WIB."""
    return next_moment(windows, now.astimezone(WIB))


def run_due(gateway: Gateway, now: datetime, holder: str) -> list[Summary]:
    """Run every job whose newest due moment nobody has taken yet."""
    done: list[Summary] = []
    for job in list_jobs(gateway):
        due_at = latest_due(job.windows, now)
        if due_at is None:
            continue
        with gateway.store.begin(now, holder) as tx:
            mine = agenda.claim_job(tx, job.step, job.partner_code, due_at)
        if mine:
            done += _run_claimed(gateway, job, due_at, now, holder)
    return done


def _run_claimed(
    gateway: Gateway, job: Job, due_at: datetime, now: datetime, holder: str
) -> list[Summary]:
    """One job's failure ends that job, never the round."""
    try:
        summaries = run_step(gateway, job.step, job.partner_code or None, now, holder)
        outcome, code = "done", ""
    except GatewayError as error:
        log.warning("job_failed", step=job.step, partner=job.partner_code, code=error.reason)
        failed = Summary(step=job.step, partner_code=job.partner_code)
        failed.failures.append(Attention.of(error, job.partner_code, job.step))
        summaries, outcome, code = [failed], "failed", error.reason
    except Exception as defect:  # noqa: BLE001 - a job's border: our defect must not stop others
        log.error("job_defect", step=job.step, partner=job.partner_code, kind=type(defect).__name__)
        failed = Summary(step=job.step, partner_code=job.partner_code)
        failed.failures.append(
            Attention(
                code="defect",
                partner_code=job.partner_code,
                subject=job.step,
                message_en=f"A defect in step {job.step}: {type(defect).__name__}.",
                message_id=f"Cacat program di langkah {job.step}: {type(defect).__name__}.",
            )
        )
        summaries, outcome, code = [failed], "failed", "defect"
    with gateway.store.begin(now, holder) as tx:
        agenda.finish_job(tx, job.step, job.partner_code, due_at, outcome, code)
        if outcome == "failed":
            note = summaries[0].failures[0]
            agenda.raise_alarm(
                tx, f"job:{job.step}", job.partner_code, note.message_en, note.message_id
            )
        else:
            agenda.clear_alarm(tx, f"job:{job.step}", job.partner_code)
    return summaries


def work(
    gateway: Gateway, holder: str, clock: Callable[[], datetime] = read_clock
) -> BlockingScheduler:
    """A scheduler that looks for due work every few seconds; the caller starts it."""
    scheduler = BlockingScheduler(timezone=WIB)
    scheduler.add_job(
        lambda: run_due(gateway, clock(), holder),
        "interval",
        seconds=TICK_SECONDS,
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
        next_run_time=clock(),
    )
    return scheduler
