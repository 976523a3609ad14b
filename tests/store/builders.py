"""Valid things to store; a test changes what matters to it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from gateway.domain.applications import Applicant, Application, Business, Consent, Sex
from gateway.domain.files import FileIdentity, FileKind
from gateway.domain.loans import (
    Disbursement,
    Instalment,
    InterestMethod,
    Repayment,
    RepaymentType,
)
from gateway.domain.states import BatchState, InboundState
from gateway.store import Store, Transaction, applications, batches, files, loans

NOW = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
BANK = "bank_jambi"
MINUTE = timedelta(minutes=1)


def a_national_id(number: int = 1) -> str:
    return f"157199050585{number:04d}"


def an_application(
    reference: str = "HRK2600000001", number: int = 1, **changes: Any
) -> Application:
    whole = Application(
        reference=reference,
        programme="bank_harkat",
        partner_code="",
        applicant=Applicant(
            national_id=a_national_id(number),
            name="SITI CANARY",
            born_on=date(1985, 5, 5),
            sex=Sex.FEMALE,
            address="Jl. Canary 7",
            kelurahan="15.71.07.1004",
            phone="+6281277665544",
            rt="07",
            business_id="9120001234567",
            tax_number="091234567331000",
        ),
        business=Business(
            name="Warung Canary",
            kbli="47111",
            started_on=date(2020, 1, 1),
            monthly_turnover_idr=9_000_000,
        ),
        amount_idr=5_000_000,
        tenor_months=12,
        purpose="modal kerja Canary",
        received_on=date(2026, 10, 5),
        consent=Consent(given_on=date(2026, 10, 1), evidence="formulir Canary 17"),
    )
    return replace(whole, **changes)


def save(tx: Transaction, application: Application, row: int = 0, sha256: str = "") -> None:
    applications.save_application(tx, application, source_sha256=sha256, source_row=row)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def a_batch(sequence: int = 1, **changes: Any) -> batches.StoredBatch:
    whole = batches.StoredBatch(
        reference=f"KJ-{BANK}-pengajuan-{sequence:06d}",
        partner_code=BANK,
        kind=FileKind.PENGAJUAN,
        sequence=sequence,
        container_name=f"KJ-{BANK}-pengajuan-{sequence:06d}.zip",
        container_sha256=sha(f"container {sequence}"),
        signature_sha256=sha(f"signature {sequence}"),
        previous_sha256=sha(f"container {sequence - 1}") if sequence > 1 else "0" * 64,
        state=BatchState.SEALED,
        token="",
        count=1,
        total_idr=5_000_000,
        sealed_at=NOW,
        sent_at=None,
        acked_at=None,
        files=((f"PENGAJUAN.{sequence:03d}.txt", sha(f"data {sequence}")),),
    )
    return replace(whole, **changes)


def seal(store: Store, sequence: int = 1, references: tuple[str, ...] = ()) -> str:
    batch = a_batch(sequence)
    with store.begin(NOW, "test") as tx:
        batches.save_sealed(tx, batch, references, 2026, sequence)
    return batch.reference


def an_identity(
    sequence: int = 1, kind: FileKind = FileKind.ANGSURAN, version: int = 1
) -> FileIdentity:
    return FileIdentity(kind=kind, sequence=sequence, dated_on=date(2026, 10, 30), version=version)


def receive(
    tx: Transaction,
    sequence: int = 1,
    *,
    kind: FileKind = FileKind.ANGSURAN,
    version: int = 1,
    partner_code: str = BANK,
    read: bool = True,
) -> int:
    """A file that was fetched, and read."""
    content = f"{partner_code} {kind} {sequence} v{version}"
    file_id = files.save_file(
        tx,
        partner_code=partner_code,
        name=f"115.157100.{kind}.20261030.{sequence:03d}.v{version}.txt",
        identity=an_identity(sequence, kind, version),
        sha256=sha(content),
        signature_sha256=sha("signature of " + content),
        signer=sha("certificate"),
        size_bytes=len(content),
    )
    if read:
        files.move_file(tx, file_id, InboundState.READ)
    return file_id


def a_disbursement(number: int = 1, **changes: Any) -> Disbursement:
    whole = Disbursement(
        bank_reference=f"CR{number:06d}",
        application_reference=f"HRK26{number:08d}",
        loan_number=f"10010012{number:04d}",
        disbursed_on=date(2026, 8, 14),
        amount_idr=1_200_000,
        tenor_months=3,
        method=InterestMethod.FLAT,
        rate_bps=300,
        first_due_on=date(2026, 9, 14),
        line=number,
    )
    return replace(whole, **changes)


def some_instalments(months: int = 3, principal_idr: int = 400_000) -> list[Instalment]:
    return [
        Instalment(
            number=number,
            due_on=date(2026, 8 + number, 14),
            principal_idr=principal_idr,
            interest_idr=3_000,
        )
        for number in range(1, months + 1)
    ]


def lend(
    tx: Transaction, number: int = 1, partner_code: str = BANK, **changes: Any
) -> Disbursement:
    """A loan with three instalments of Rp403,000 on 14 September, October, November."""
    disbursement = a_disbursement(number, **changes)
    loans.save_loan(
        tx,
        partner_code,
        disbursement,
        programme="bank_harkat",
        is_group=False,
        disputed=False,
        instalments=some_instalments(),
        file_id=receive(tx, number, kind=FileKind.PENCAIRAN, partner_code=partner_code),
    )
    return disbursement


def a_repayment(line: int = 2, **changes: Any) -> Repayment:
    whole = Repayment(
        line=line,
        bank_reference=f"TRX{line:06d}",
        booked_on=date(2026, 9, 14),
        value_on=date(2026, 9, 14),
        loan_number="100100120001",
        application_reference="HRK2600000001",
        instalment_number=1,
        amount_idr=403_000,
        principal_idr=400_000,
        interest_idr=3_000,
        penalty_idr=0,
        outstanding_idr=800_000,
        collectability=1,
        days_overdue=0,
        type=RepaymentType.INSTALMENT,
        note="setoran SITI CANARY",
    )
    return replace(whole, **changes)


def repay(
    tx: Transaction, sequence: int, *rows: Repayment, period: str = "2026-09", version: int = 1
) -> int:
    """A repayment file with its rows and honest totals."""
    file_id = receive(tx, sequence, version=version)
    loans.save_repayments(tx, BANK, period, rows, file_id)
    loans.save_statement_totals(
        tx,
        BANK,
        period,
        stated_count=len(rows),
        stated_net_idr=sum(row.signed_idr for row in rows),
        file_id=file_id,
    )
    return file_id
