"""A bank and a registry by hooks alone, honest in everything; broken twins change one function."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields

from gateway.domain.batches import Acknowledgement, Batch, Rejection
from gateway.domain.credit import CreditInquiry, CreditReport
from gateway.domain.files import FileIdentity, FileKind, InboundFile, OutboundFile
from gateway.domain.loans import Decision, Repayment, RepaymentStatement, RepaymentType
from gateway.errors import FileUnreadable

NAME = re.compile(r"(TANDATERIMA|KEPUTUSAN|ANGSURAN|IDEB)-([0-9]{3})\.txt")
DAY = date(2026, 8, 4)


class Settings(Schema):
    branch = fields.String(load_default="")


def settings_schema() -> type[Schema]:
    return Settings


def identify_file(name: str) -> FileIdentity | None:
    found = NAME.fullmatch(name)
    return FileIdentity(kind=FileKind(found[1]), sequence=int(found[2])) if found else None


def render_batch(batch: Batch) -> list[OutboundFile]:
    rows = [
        f"D|{item.application.reference}|{item.application.applicant.national_id}"
        f"|{item.application.amount_idr}"
        for item in batch.items
    ]
    text = "\n".join([f"H|{batch.reference}", *rows, f"T|{len(rows)}|{batch.total_idr}", ""])
    return [OutboundFile(name=f"PENGAJUAN-{batch.sequence:03}.txt", content=text.encode())]


def split(file: InboundFile) -> tuple[list[list[str]], list[str]]:
    """Rows and trailer of a file whose digest and count are right."""
    lines = file.content.decode().split("\n")
    trailer = lines[-2].split("|") if len(lines) > 2 else []
    if lines[-1] or not trailer or trailer[0] != "T":
        raise unreadable(file, "cut")
    body = "\n".join(lines[:-2]) + "\n"
    if trailer[-1] != hashlib.sha256(body.encode()).hexdigest():
        raise unreadable(file, "digest")
    return [line.split("|")[1:] for line in lines[1:-2]], trailer[1:-1]


def unreadable(file: InboundFile, why: str) -> FileUnreadable:
    return FileUnreadable(file.name, f"{why}.", message_id=f"{why}.", line=1)


def read_acknowledgement(file: InboundFile) -> Acknowledgement:
    rows, _ = split(file)
    return Acknowledgement(
        batch_reference="BATCH-2026-000001",
        received_sha256="0" * 64,
        accepted=tuple(reference for reference, code in rows if not code),
        rejected=tuple(
            Rejection(application_reference=reference, reason_code=code)
            for reference, code in rows
            if code
        ),
    )


def read_decisions(file: InboundFile) -> list[Decision]:
    rows, _ = split(file)
    return [
        Decision(
            application_reference=reference,
            approved=not code,
            approved_idr=int(amount),
            tenor_months=None,
            method=None,
            rate_bps=None,
            decided_on=DAY,
            reason_code=code,
        )
        for reference, amount, code in rows
    ]


def read_repayments(file: InboundFile) -> RepaymentStatement:
    rows, (count, net) = split(file)
    return RepaymentStatement(
        period="2026-08",
        rows=tuple(repayment(line, row) for line, row in enumerate(rows, start=2)),
        stated_count=int(count),
        stated_in_idr=int(net),
        stated_corrections_idr=0,
        stated_net_idr=int(net),
    )


def repayment(line: int, row: Sequence[str]) -> Repayment:
    reference, amount, grade = row
    return Repayment(
        line=line,
        bank_reference=f"B{line}",
        booked_on=DAY,
        value_on=DAY,
        loan_number="7001000001",
        application_reference=reference,
        instalment_number=None,
        amount_idr=int(amount),
        principal_idr=None,
        interest_idr=None,
        penalty_idr=None,
        outstanding_idr=None,
        collectability=int(grade),
        days_overdue=None,
        type=RepaymentType.INSTALMENT,
    )


def render_inquiries(inquiries: Sequence[CreditInquiry]) -> list[OutboundFile]:
    rows = [f"D|{one.reference}|{one.national_id}" for one in inquiries]
    text = "\n".join(["H", *rows, f"T|{len(rows)}", ""])
    return [OutboundFile(name="PERMINTAAN-001.txt", content=text.encode())]


def read_credit_reports(file: InboundFile) -> list[CreditReport]:
    rows, _ = split(file)
    return [
        CreditReport(
            inquiry_reference=reference,
            national_id=national_id,
            data_period="202607",
            worst_now=int(grade) if grade else None,
        )
        for reference, national_id, grade in rows
    ]


BANK: dict[str, Callable[..., Any]] = {
    "settings_schema": settings_schema,
    "identify_file": identify_file,
    "render_batch": render_batch,
    "read_acknowledgement": read_acknowledgement,
    "read_decisions": read_decisions,
    "read_repayments": read_repayments,
}
REGISTRY: dict[str, Callable[..., Any]] = {
    "identify_file": identify_file,
    "render_inquiries": render_inquiries,
    "read_credit_reports": read_credit_reports,
}
BANK_SAMPLES = {
    "TANDATERIMA-001.txt": (["HRK2600000001|", "HRK2600000002|07"], "T|2"),
    "KEPUTUSAN-001.txt": (["HRK2600000001|5000000|", "HRK2600000003|0|12"], "T|2"),
    "KEPUTUSAN-002.txt": (["HRK2600000004|4000000|"], "T|1"),
    "ANGSURAN-001.txt": (["HRK2600000001|429166|1", "HRK2600000004|343333|2"], "T|2|772499"),
}
REGISTRY_SAMPLES = {
    "IDEB-001.txt": (["HRK2600000001-1|1571991205850001|2"], "T|1"),
    "IDEB-002.txt": (["HRK2600000002-1|1571995205850002|"], "T|1"),
}


def write_samples(folder: Path, samples: dict[str, tuple[list[str], str]]) -> Path:
    for name, (rows, trailer) in samples.items():
        body = "\n".join(["H", *(f"D|{row}" for row in rows)]) + "\n"
        digest = hashlib.sha256(body.encode()).hexdigest()
        (folder / name).write_text(f"{body}{trailer}|{digest}\n")
    return folder


def spoil_expected(folder: Path, name: str, **changes: object) -> None:
    """Let the golden answer of a sample say something else of its first row."""
    golden = folder / f"{name}.expected.json"
    expected = json.loads(golden.read_text())
    expected["value"][0].update(changes)
    golden.write_text(json.dumps(expected))
