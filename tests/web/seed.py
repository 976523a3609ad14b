"""Fills a fresh store with the city of the page's tests, through the store's own functions."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from gateway.domain.applications import (
    Applicant,
    Application,
    Blocker,
    BlockerCode,
    Business,
    Consent,
    GroupRole,
    Sex,
)
from gateway.domain.files import FileIdentity, FileKind
from gateway.domain.loans import (
    Disbursement,
    Instalment,
    InterestMethod,
)
from gateway.domain.programmes import ReconciliationRules
from gateway.domain.states import ApplicationState, BatchState, InboundState
from gateway.reconciliation.engine import reconcile
from gateway.store import (
    Transaction,
    agenda,
    applications,
    batches,
    credit,
    files,
    loans,
    people,
    periods,
)
from tests.web.city import (
    ACCOUNT,
    FORMULA,
    JAMBI,
    KENALI,
    NAME,
    NAUGHTY,
    NOW,
    PASSWORD,
    PERIOD,
    PERSON,
    REORDER,
    REPAYMENTS,
    REVERSAL,
    SCRIPT,
    USERS,
    a_repayment,
    open_store,
)


def found_city(folder: Path) -> None:
    """Fill a fresh store in ``folder``."""
    store = open_store(folder)
    store.migrate()
    with store.begin(NOW - timedelta(days=30), "test") as tx:
        for name, roles in USERS.items():
            people.add_user(tx, name, roles, PASSWORD)
        _apply(tx)
    with store.begin(NOW - timedelta(days=9), "test") as tx:
        _lend(tx, JAMBI, "HRK2600000001", ACCOUNT, (416_666, 12_500))
        _lend(tx, KENALI, "HRK2600000009", "60010100012345", (1_000_000, 30_000))
        _receive(tx)
        _send(tx)
    with store.begin(NOW - timedelta(days=8), "test") as tx:
        for partner_code in (JAMBI, KENALI):
            _reconcile(tx, partner_code)
        agenda.raise_alarm(tx, "FILE_SET_ASIDE", JAMBI, f"A file {SCRIPT}", f"Berkas {REORDER}")
    store.close()


def an_application(reference: str, national_id: str, *, group: str = "") -> Application:
    return Application(
        reference=reference,
        programme="bang_harta" if group else "bank_harkat",
        partner_code=JAMBI,
        applicant=Applicant(
            national_id=national_id,
            name=NAME,
            born_on=date(1990, 2, 10),
            sex=Sex.FEMALE,
            address="Jl. Canary 7",
            kelurahan="15.71.07.1004",
            phone="+6281200001111",
        ),
        business=Business(name=f"Warung {SCRIPT}"),
        amount_idr=5_000_000,
        tenor_months=12,
        purpose="modal",
        received_on=date(2026, 10, 11),
        consent=Consent(given_on=date(2026, 10, 10), evidence="formulir"),
        group_reference=group,
        group_role=GroupRole.LEADER if group else None,
        group_name="Kelompok Melati" if group else "",
    )


ROAD = (
    ApplicationState.SCREENING,
    ApplicationState.ELIGIBLE,
    ApplicationState.BATCHED,
    ApplicationState.DELIVERED,
    ApplicationState.ACKNOWLEDGED,
    ApplicationState.APPROVED,
    ApplicationState.DISBURSED,
)


def _apply(tx: Transaction) -> None:
    applications.save_application(
        tx, an_application("HRK2600000001", PERSON), source_sha256="a" * 64, source_row=2
    )
    for state in ROAD:
        applications.move_application(tx, "HRK2600000001", state)
    held = an_application("HRK2600000002", "1571995002900004")
    applications.save_application(tx, held, source_sha256="a" * 64, source_row=3)
    applications.move_application(tx, "HRK2600000002", ApplicationState.SCREENING)
    applications.move_application(tx, "HRK2600000002", ApplicationState.ON_HOLD)
    applications.save_blockers(
        tx,
        "HRK2600000002",
        [Blocker(code=BlockerCode.ARREARS, amount_idr=750_000, detail=SCRIPT)],
    )
    credit.save_verdict(
        tx,
        "HRK2600000002",
        credit.StoredVerdict(
            data_period="202609",
            worst_now=3,
            worst_active=3,
            worst_24_months=4,
            active_facilities=2,
            active_outstanding_idr=9_000_000,
            arrears_idr=750_000,
            days_overdue=40,
            written_off=False,
            online_loan=False,
            clear=False,
            checked_on=date(2026, 10, 12),
        ),
    )
    applications.save_group(
        tx,
        reference="BHT2600000001",
        name="Kelompok Melati",
        programme="bang_harta",
        source_group="m",
        source_sha256="a" * 64,
    )
    applications.save_application(
        tx,
        an_application("BHT2600000002", "1571995002900005", group="BHT2600000001"),
        source_sha256="a" * 64,
        source_row=4,
    )


def _receive(tx: Transaction) -> None:
    """A short payment, one deposit per naughty text, one taken back; and a file nobody knows."""
    identity = FileIdentity(kind=FileKind.ANGSURAN, sequence=4, dated_on=date(2026, 10, 31))
    sha256 = tx.blobs.put(REPAYMENTS)
    file_id = _save_file(tx, JAMBI, "115.157100.ANGSURAN.20261031.004.txt", sha256, identity)
    rows = [
        a_repayment(2, "TRX1", 400_000, loan_number=ACCOUNT, instalment_number=1),
        a_repayment(3, "TRX2", 429_166, loan_number=ACCOUNT),
        a_repayment(
            4, "TRX3", 429_166, loan_number=ACCOUNT, type=REVERSAL, original_reference="TRX2"
        ),
        *(
            a_repayment(5 + number, text, 1_000_000 + number, application_reference=text)
            for number, text in enumerate(NAUGHTY)
        ),
    ]
    loans.save_repayments(tx, JAMBI, PERIOD, rows, file_id)
    loans.save_statement_totals(
        tx,
        JAMBI,
        PERIOD,
        stated_count=len(rows),
        stated_net_idr=sum(row.signed_idr for row in rows),
        file_id=file_id,
    )
    files.move_file(tx, file_id, InboundState.READ)
    strange = _save_file(tx, JAMBI, f"115 {SCRIPT} {REORDER}.txt", tx.blobs.put(b"?"), None)
    files.move_file(tx, strange, InboundState.SET_ASIDE, reason=f"UNKNOWN {FORMULA} {SCRIPT}")


def _save_file(
    tx: Transaction, partner_code: str, name: str, sha256: str, identity: FileIdentity | None
) -> int:
    return files.save_file(
        tx,
        partner_code=partner_code,
        name=name,
        identity=identity,
        sha256=sha256,
        signature_sha256="",
        signer="",
        size_bytes=len(REPAYMENTS),
    )


def _lend(
    tx: Transaction, partner_code: str, reference: str, loan_number: str, due_idr: tuple[int, int]
) -> None:
    """One loan of twelve instalments, the first due on 20 October."""
    identity = FileIdentity(kind=FileKind.PENCAIRAN, sequence=1, dated_on=date(2026, 10, 1))
    content = tx.blobs.put(f"cair {reference}".encode())
    file_id = _save_file(tx, partner_code, "157100.PENCAIRAN.20261001.001.txt", content, identity)
    principal_idr, interest_idr = due_idr
    loans.save_loan(
        tx,
        partner_code,
        Disbursement(
            bank_reference=f"CAIR{reference}",
            application_reference=reference,
            loan_number=loan_number,
            disbursed_on=date(2026, 9, 30),
            amount_idr=12 * principal_idr,
            tenor_months=12,
            method=InterestMethod.FLAT,
            rate_bps=300,
            first_due_on=date(2026, 10, 20),
        ),
        programme="bank_harkat",
        is_group=False,
        disputed=False,
        instalments=[
            Instalment(
                number=number,
                due_on=date(2026 + (8 + number) // 12, (8 + number) % 12 + 1, 20),
                principal_idr=principal_idr,
                interest_idr=interest_idr,
            )
            for number in range(1, 13)
        ],
        file_id=file_id,
    )
    files.move_file(tx, file_id, InboundState.READ)


def _send(tx: Transaction) -> None:
    content = b"container"
    batch = batches.StoredBatch(
        reference="115-PENGAJUAN-2026-001",
        partner_code=JAMBI,
        kind=FileKind.PENGAJUAN,
        sequence=1,
        container_name="KJ-bank_jambi-pengajuan-000001.zip",
        container_sha256=tx.blobs.put(content),
        signature_sha256=tx.blobs.put(b"signature"),
        previous_sha256="0" * 64,
        state=BatchState.SEALED,
        token="",
        count=1,
        total_idr=5_000_000,
        sealed_at=tx.now,
        sent_at=None,
        acked_at=None,
        files=(("115.157100.PENGAJUAN.20261013.001.txt", tx.blobs.put(b"rows")),),
    )
    batches.save_sealed(tx, batch, ["HRK2600000001"], 2026, 1)
    assert batches.claim_sending(tx, batch.reference, "t1")
    assert batches.mark_sent(tx, batch.reference, "t1")


def _reconcile(tx: Transaction, partner_code: str) -> None:
    inputs = periods.load_inputs(
        tx,
        partner_code,
        PERIOD,
        as_of=date(2026, 10, 31),
        complete_until=date(2026, 10, 31),
        grace_on=lambda due_on: due_on + timedelta(days=5),
    )
    assert periods.save_run(tx, reconcile(inputs, ReconciliationRules()))
