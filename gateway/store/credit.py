"""Questions to the credit registry, the parts of its answers, and the advice drawn from them."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, RowMapping, delete, select, update

from gateway.domain.credit import CreditReport
from gateway.store.failures import stale
from gateway.store.rows import swap, upsert
from gateway.store.tables import credit_parts, inquiries, verdicts
from gateway.store.transaction import Transaction, write_canonical


class InquiryState(StrEnum):
    """Whether the registry has answered."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredInquiry:
    """One question to a registry."""

    reference: str
    application_reference: str
    registry_code: str
    batch_reference: str
    state: InquiryState
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVerdict:
    """The registry's answer reduced to what screening and the bank need.

    :param clear: nothing in it stops the applicant, by the rules of that day.
    """

    data_period: str
    worst_now: int | None
    worst_active: int | None
    worst_24_months: int | None
    active_facilities: int
    active_outstanding_idr: int
    arrears_idr: int
    days_overdue: int
    written_off: bool
    online_loan: bool
    clear: bool
    checked_on: date


def save_inquiry(
    tx: Transaction,
    *,
    reference: str,
    application_reference: str,
    registry_code: str,
    batch_reference: str,
) -> None:
    """Record a question that is asked with a batch.

    A question that was answered may be asked again under its reference; the old answer goes.

    :raises StaleRecord: if one about this application is open at that registry.
    """
    known = find_inquiry(tx, reference)
    if known is not None and known.state is InquiryState.OPEN:
        raise stale(reference)
    row = {
        "reference": reference,
        "application_reference": application_reference,
        "registry_code": registry_code,
        "batch_reference": batch_reference,
        "state": InquiryState.OPEN.value,
        "asked_at": tx.now,
        "answered_at": None,
    }
    tx.conn.execute(delete(credit_parts).where(credit_parts.c.inquiry_reference == reference))
    upsert(tx, inquiries, row)
    tx.audit(
        "INQUIRY_ASKED",
        reference,
        application=application_reference,
        registry=registry_code,
        batch=batch_reference,
    )


def find_inquiry(tx: Transaction, reference: str) -> StoredInquiry | None:
    """One question by our reference."""
    found = _load(tx, inquiries.c.reference == reference)
    return found[0] if found else None


def list_open_inquiries(tx: Transaction, registry_code: str) -> list[StoredInquiry]:
    """Questions that a registry has not answered, by reference."""
    return _load(
        tx,
        inquiries.c.registry_code == registry_code,
        inquiries.c.state == InquiryState.OPEN.value,
    )


def _load(tx: Transaction, *wanted: ColumnElement[bool]) -> list[StoredInquiry]:
    asked = select(inquiries).where(*wanted).order_by(inquiries.c.reference)
    return [
        StoredInquiry(
            reference=row.reference,
            application_reference=row.application_reference,
            registry_code=row.registry_code,
            batch_reference=row.batch_reference,
            state=InquiryState(row.state),
            asked_at=row.asked_at,
        )
        for row in tx.conn.execute(asked)
    ]


def mark_answered(tx: Transaction, inquiry_reference: str) -> None:
    """OPEN → ANSWERED, once all parts are there.

    :raises StaleRecord: if it is not open.
    """
    swap(
        tx,
        update(inquiries)
        .where(
            inquiries.c.reference == inquiry_reference,
            inquiries.c.state == InquiryState.OPEN.value,
        )
        .values(state=InquiryState.ANSWERED.value, answered_at=tx.now),
        inquiry_reference,
    )
    tx.audit("INQUIRY_ANSWERED", inquiry_reference)


def save_report_part(tx: Transaction, report: CreditReport, *, file_sha256: str) -> None:
    """Keep one part of an answer; the same part sent again takes its place."""
    row: dict[str, object] = {name: getattr(report, name) for name in _PART_COLUMNS}
    row |= {
        "national_id": tx.vault.seal(report.national_id, _place(report)),
        "warnings": write_canonical(list(report.warnings)),
        "file_sha256": file_sha256,
        "saved_at": tx.now,
    }
    upsert(tx, credit_parts, row)
    tx.audit(
        "REPORT_SAVED",
        report.inquiry_reference,
        part=report.part,
        parts=report.parts,
        period=report.data_period,
        file=file_sha256,
    )


def list_report_parts(tx: Transaction, inquiry_reference: str) -> list[CreditReport]:
    """The parts of an answer that have come, in their order."""
    asked = (
        select(credit_parts)
        .where(credit_parts.c.inquiry_reference == inquiry_reference)
        .order_by(credit_parts.c.part)
    )
    return [_read_part(tx, row) for row in tx.conn.execute(asked).mappings()]


def _read_part(tx: Transaction, row: RowMapping) -> CreditReport:
    kept = {name: row[name] for name in _PART_COLUMNS}
    place = f"credit_parts.national_id|{row['inquiry_reference']}:{row['part']}"
    return CreditReport(
        national_id=tx.vault.open(row["national_id"], place),
        warnings=tuple(json.loads(row["warnings"])),
        **kept,
    )


def _place(report: CreditReport) -> str:
    return f"credit_parts.national_id|{report.inquiry_reference}:{report.part}"


_PART_COLUMNS = tuple(
    field.name for field in fields(CreditReport) if field.name not in {"national_id", "warnings"}
)
_VERDICT_COLUMNS = tuple(field.name for field in fields(StoredVerdict))


def save_verdict(tx: Transaction, application_reference: str, verdict: StoredVerdict) -> None:
    """Keep the advice on an application; the newest takes the place of the one before."""
    row: dict[str, object] = {name: getattr(verdict, name) for name in _VERDICT_COLUMNS}
    upsert(tx, verdicts, row | {"application_reference": application_reference})
    tx.audit(
        "VERDICT_SAVED",
        application_reference,
        clear=int(verdict.clear),
        period=verdict.data_period,
        checked_on=verdict.checked_on.isoformat(),
    )


def load_verdict(tx: Transaction, application_reference: str) -> StoredVerdict | None:
    """The advice on an application."""
    asked = select(verdicts).where(verdicts.c.application_reference == application_reference)
    row = tx.conn.execute(asked).mappings().one_or_none()
    if row is None:
        return None
    return StoredVerdict(**{name: row[name] for name in _VERDICT_COLUMNS})
