"""The JSON shapes that the outside relies on (docs/reference/json.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gateway.app import Gateway
from gateway.cli.common import refuse
from gateway.clock import wib_day
from gateway.domain.mismatches import Proof
from gateway.domain.states import InboundState, LoanState, MismatchState
from gateway.reconciliation.codes import message
from gateway.schedule import list_jobs, next_due
from gateway.store import Transaction, agenda, applications, batches, files, mismatches, trail
from gateway.store import loans as loan_rows
from gateway.store.batches import StoredBatch
from gateway.store.files import StoredFile
from gateway.store.loans import StoredLoan
from gateway.store.mismatches import StoredMismatch

HELD = (InboundState.SET_ASIDE, InboundState.PARKED)
PAGE = 1000


def status_json(gateway: Gateway, now: datetime) -> dict[str, Any]:
    """``gateway status``."""
    with gateway.store.read() as tx:
        return {
            "applications": applications.count_states(tx),
            "batches": [_batch_json(row) for row in batches.list_batches(tx)],
            "inbound": [_inbound_json(row) for row in files.list_files(tx)],
            "quarantine": quarantine_json(gateway),
            "alarms": _alarms_json(gateway, tx),
            "next": [
                {"job": job.step, "partner": job.partner_code, "due_at": next_due(job.windows, now)}
                for job in list_jobs(gateway)
            ],
        }


def _batch_json(row: StoredBatch) -> dict[str, Any]:
    return {
        "partner": row.partner_code,
        "kind": row.kind,
        "number": row.sequence,
        "batch_id": row.reference,
        "sha256": row.container_sha256,
        "state": row.state,
    }


def _inbound_json(row: StoredFile) -> dict[str, Any]:
    return {
        "partner": row.partner_code,
        "name": row.name,
        "kind": row.kind,
        "seq": row.sequence,
        "sha256": row.sha256,
        "state": row.state,
        "reason": row.reason,
    }


def _alarms_json(gateway: Gateway, tx: Transaction) -> list[dict[str, Any]]:
    """Alarms on record, and the partners that are blocked right now."""
    raised = [
        {
            "code": row.code,
            "partner": row.partner_code,
            "since": row.since,
            "count": row.count,
            "message": row.message_id,
            "message_en": row.message_en,
        }
        for row in agenda.list_alarms(tx)
    ]
    blocked = [
        {
            "code": error.reason,
            "partner": code,
            "since": None,
            "count": 1,
            "message": error.text("id"),
            "message_en": error.text("en"),
        }
        for code, error in sorted(gateway.blocked.items())
    ]
    return raised + blocked


def quarantine_json(gateway: Gateway) -> list[dict[str, Any]]:
    """``gateway quarantine list``."""
    with gateway.store.read() as tx:
        return [
            {
                "partner": row.partner_code,
                "name": row.name,
                "sha256": row.sha256,
                "reason": row.reason,
                "since": row.received_at,
                "state": row.state,
                "message_id": row.message_id,
                "message_en": row.message_en,
            }
            for row in files.list_files(tx, None, HELD)
        ]


def loans_json(gateway: Gateway, partner_code: str | None = None) -> list[dict[str, Any]]:
    """``gateway loans``."""
    with gateway.store.read() as tx:
        return [
            {
                "loan": row.loan_number,
                "application": row.application_reference,
                "group": row.application_reference if row.is_group else "",
                "partner": row.partner_code,
                "programme": row.programme,
                "principal_idr": row.principal_idr,
                "disbursed_on": row.disbursed_on,
                "tenor_months": row.tenor_months,
                "method": row.method,
                "rate_bps": row.rate_bps,
                "paid_idr": row.paid_idr,
                "outstanding_idr": row.outstanding_idr,
                "state": _standing(row),
                "disputed": row.disputed,
            }
            for row in loan_rows.list_loans(tx, partner_code)
        ]


def _standing(row: StoredLoan) -> LoanState:
    """A loan that owes nothing any more is repaid, also before the bank's list says so."""
    is_paid = row.paid_idr >= row.principal_idr and row.outstanding_idr == 0
    return LoanState.REPAID if is_paid and row.state is LoanState.ACTIVE else row.state


def mismatches_json(
    gateway: Gateway,
    now: datetime,
    *,
    partner_code: str | None,
    period: str | None,
    code: str | None,
    state: str | None,
    include_info: bool,
) -> list[dict[str, Any]]:
    """``gateway mismatches``: all rows, read page by page.  Cleared ones only when asked for."""
    chosen = _state(state)
    rows: list[StoredMismatch] = []
    with gateway.store.read() as tx:
        after: int | None = None
        while True:
            page = mismatches.list_mismatches(
                tx,
                partner_code=partner_code,
                period=period,
                code=code,
                state=chosen,
                include_info=include_info,
                after_id=after,
                limit=PAGE,
            )
            rows += page
            if len(page) < PAGE:
                break
            after = page[-1].id
    today = wib_day(now)
    bank_days = gateway.config.calendar.bank_days_between
    return [mismatch_json(row, bank_days(row.since, today)) for row in rows]


def _state(text: str | None) -> MismatchState | None:
    if text is None:
        return None
    if text not in MismatchState.__members__:
        known = ", ".join(MismatchState.__members__)
        raise refuse(
            "UNKNOWN_STATE", f"--state: choose one of: {known}.", f"--state: pilih: {known}."
        )
    return MismatchState[text]


def mismatch_json(row: StoredMismatch, age_bank_days: int) -> dict[str, Any]:
    """One mismatch in the shape of the outside contract."""
    found = row.found
    return {
        "id": row.id,
        "code": found.code,
        "severity": found.severity,
        "state": row.state,
        "partner": row.partner_code,
        "period": row.period,
        "loan": found.loan_number,
        "application": found.application_reference,
        "group": found.group_reference,
        "instalment": found.instalment_number,
        "expected_idr": found.expected_idr,
        "reported_idr": found.reported_idr,
        "difference_idr": found.difference_idr,
        "due_on": found.due_on,
        "value_on": found.value_on,
        "bank_ref": found.bank_reference,
        "source": {
            "file": found.file_name,
            "line": found.file_line,
            "sha256": found.file_sha256,
        },
        "age_bank_days": age_bank_days,
        "flags": list(found.flags),
        "suggestion": found.suggestion,
        "message_id": message(found.code, "id", found),
        "message_en": message(found.code, "en", found),
    }


def proof_json(proof: Proof) -> dict[str, Any]:
    """``gateway proof``."""
    return {
        "partner": proof.partner_code,
        "period": proof.period,
        "as_of": proof.as_of,
        "run_id": proof.run_id,
        "expected_idr": proof.expected_idr,
        "reported_idr": proof.reported_idr,
        "allocated_idr": proof.allocated_idr,
        "expected_residual_idr": proof.expected_residual_idr,
        "reported_residual_idr": proof.reported_residual_idr,
        "balance_idr": proof.balance_idr,
        "by_code": {
            code: {"expected_idr": expected, "reported_idr": reported}
            for code, (expected, reported) in sorted(proof.by_code.items())
        },
    }


def trace_json(gateway: Gateway, reference: str) -> dict[str, Any]:
    """``gateway trace``.

    :raises RuleError: for an unknown reference.
    """
    with gateway.store.read() as tx:
        row = applications.load_application(tx, reference)
        group = applications.load_group(tx, reference)
        if row is None and group is None:
            raise refuse(
                "UNKNOWN_REFERENCE",
                f"There is no application {reference}.",
                f"Tidak ada permohonan {reference}.",
            )
        entries = trail.trace(tx, reference)
    return {
        "reference": reference,
        "state": row.state if row else [member.state for member in group.members] if group else "",
        "partner": row.application.partner_code if row else group.partner_code if group else "",
        "blockers": [{"code": b.code, "amount_idr": b.amount_idr} for b in row.blockers]
        if row
        else [],
        "road": [
            {
                "at": entry.at,
                "actor": entry.actor,
                "act": entry.act,
                "subject": entry.subject,
                "facts": dict(entry.facts),
            }
            for entry in entries
        ],
    }
