"""Who does what when: claimed jobs, held locks, standing alarms.

Claims and locks are the scheduler's own bookkeeping and carry their author and time; they make
no audit entries.  Alarms do, when they start and when they end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from gateway.privacy import scrub
from gateway.store.rows import insert_new, swap
from gateway.store.tables import alarms, jobs, locks
from gateway.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that needs a person, told once however often it happens."""

    code: str
    partner_code: str
    since: datetime
    last_at: datetime
    count: int
    message_en: str
    message_id: str


def claim_job(tx: Transaction, job: str, partner_code: str, due_at: datetime) -> bool:
    """Take one due job; false if somebody has it or had it."""
    row = {
        "job": job,
        "partner_code": partner_code,
        "due_at": due_at,
        "claimed_by": tx.actor,
        "claimed_at": tx.now,
        "outcome": "",
        "error_code": "",
    }
    return insert_new(tx, jobs, row)


def finish_job(
    tx: Transaction,
    job: str,
    partner_code: str,
    due_at: datetime,
    outcome: str,
    error_code: str = "",
) -> None:
    """Record how a claimed job ended.

    :raises StaleRecord: if it was not claimed, or is finished.
    """
    swap(
        tx,
        update(jobs)
        .where(
            jobs.c.job == job,
            jobs.c.partner_code == partner_code,
            jobs.c.due_at == due_at,
            jobs.c.finished_at.is_(None),
        )
        .values(finished_at=tx.now, outcome=outcome, error_code=error_code),
        job,
    )


def last_due(tx: Transaction, job: str, partner_code: str) -> datetime | None:
    """The newest due moment of a job that anybody claimed."""
    asked = select(func.max(jobs.c.due_at)).where(
        jobs.c.job == job, jobs.c.partner_code == partner_code
    )
    return tx.conn.execute(asked).scalar()


def raise_alarm(
    tx: Transaction, code: str, partner_code: str, message_en: str, message_id: str
) -> None:
    """Start an alarm, or count one more of the same; the newest text stands."""
    texts = {"message_en": scrub(message_en), "message_id": scrub(message_id)}
    row = texts | {
        "code": code,
        "partner_code": partner_code,
        "since": tx.now,
        "last_at": tx.now,
        "count": 1,
    }
    if insert_new(tx, alarms, row):
        tx.audit("ALARM_RAISED", f"alarm:{code}", partner=partner_code)
        return
    tx.conn.execute(
        update(alarms)
        .where(alarms.c.code == code, alarms.c.partner_code == partner_code)
        .values(**texts, last_at=tx.now, count=alarms.c.count + 1)
    )


def clear_alarm(tx: Transaction, code: str, partner_code: str) -> None:
    """End an alarm; none is fine."""
    gone = delete(alarms).where(alarms.c.code == code, alarms.c.partner_code == partner_code)
    if tx.conn.execute(gone).rowcount:
        tx.audit("ALARM_CLEARED", f"alarm:{code}", partner=partner_code)


def list_alarms(tx: Transaction) -> list[Alarm]:
    """Standing alarms, the oldest first."""
    asked = select(alarms).order_by(alarms.c.since, alarms.c.partner_code, alarms.c.code)
    return [Alarm(**row) for row in tx.conn.execute(asked).mappings()]


def try_lock(tx: Transaction, name: str, holder: str, until: datetime) -> bool:
    """Hold a name until a moment, or longer if it is held already; false if another holds it."""
    row = {"name": name, "holder": holder, "until": until}
    if insert_new(tx, locks, row):
        return True
    free = (locks.c.holder == holder) | (locks.c.until <= tx.now)
    taken = update(locks).where(locks.c.name == name, free).values(holder=holder, until=until)
    return tx.conn.execute(taken).rowcount == 1


def release_lock(tx: Transaction, name: str, holder: str) -> None:
    """Let a name go; one that somebody else took over stays theirs."""
    tx.conn.execute(delete(locks).where(locks.c.name == name, locks.c.holder == holder))
