"""The bank's yes or no on credit."""

from __future__ import annotations

from sqlalchemy import select

from gateway.domain.loans import Decision, InterestMethod
from gateway.store.files import note_rows
from gateway.store.rows import insert_all
from gateway.store.tables import decisions
from gateway.store.transaction import Transaction


def save_decision(tx: Transaction, partner_code: str, decision: Decision, file_id: int) -> None:
    """Record the bank's yes or no; the newest one of an application holds."""
    note_rows(tx, file_id, 1)
    place = f"{file_id}:{decision.line}:{decision.application_reference}"
    row = {
        "file_id": file_id,
        "line": decision.line,
        "partner_code": partner_code,
        "application_reference": decision.application_reference,
        "approved": decision.approved,
        "approved_idr": decision.approved_idr,
        "tenor_months": decision.tenor_months,
        "method": decision.method.value if decision.method else "",
        "rate_bps": decision.rate_bps,
        "decided_on": decision.decided_on,
        "reason_code": decision.reason_code,
        "reason": tx.vault.seal(decision.reason, f"decisions.reason|{place}")
        if decision.reason
        else None,
    }
    insert_all(tx, decisions, [row])
    tx.audit(
        "DECISION_SAVED",
        decision.application_reference,
        partner=partner_code,
        approved=int(decision.approved),
        approved_idr=decision.approved_idr,
        reason=decision.reason_code,
    )


def load_decision(tx: Transaction, application_reference: str) -> Decision | None:
    """The newest decision on an application or group."""
    asked = (
        select(decisions)
        .where(decisions.c.application_reference == application_reference)
        .order_by(decisions.c.id.desc())
        .limit(1)
    )
    row = tx.conn.execute(asked).one_or_none()
    if row is None:
        return None
    place = f"decisions.reason|{row.file_id}:{row.line}:{application_reference}"
    return Decision(
        application_reference=row.application_reference,
        approved=row.approved,
        approved_idr=row.approved_idr,
        tenor_months=row.tenor_months,
        method=InterestMethod(row.method) if row.method else None,
        rate_bps=row.rate_bps,
        decided_on=row.decided_on,
        reason_code=row.reason_code,
        reason=tx.vault.open(row.reason, place) if row.reason is not None else "",
        line=row.line,
    )
