"""Alarms about files that wait: one per partner and reason, ended by itself when none waits."""

from __future__ import annotations

from datetime import timedelta

from gateway.domain.states import InboundState
from gateway.steps.watch import WATCHED_ALARMS
from gateway.store import Transaction, agenda, files
from gateway.store.files import StoredFile

WAITING = (InboundState.SET_ASIDE, InboundState.PARKED)
OTHER_ALARMS = frozenset({"channel", "proof", *WATCHED_ALARMS})
"""Alarms of the steps themselves; every other code of a partner is a reason of a file."""


def settle_file_alarms(tx: Transaction, partner_code: str, unsigned_patience: timedelta) -> None:
    """Raise what waits and end what no longer does.

    A file without its signature is shown at once and alarms only after ``unsigned_patience``.
    """
    reasons: dict[str, list[StoredFile]] = {}
    for row in files.list_files(tx, partner_code, WAITING):
        is_young = tx.now - row.received_at < unsigned_patience
        if row.reason != "SIG_MISSING" or not is_young:
            reasons.setdefault(row.reason, []).append(row)
    for reason, rows in sorted(reasons.items()):
        first, more = rows[0], f" (+{len(rows) - 1})" if len(rows) > 1 else ""
        agenda.raise_alarm(
            tx, reason, partner_code, first.message_en + more, first.message_id + more
        )
    for alarm in agenda.list_alarms(tx):
        is_of_file = alarm.code not in OTHER_ALARMS and not alarm.code.startswith("job:")
        if alarm.partner_code == partner_code and is_of_file and alarm.code not in reasons:
            agenda.clear_alarm(tx, alarm.code, partner_code)
