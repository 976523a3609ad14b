"""A small city in a real store, filled through the store's own functions."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

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
from gateway.domain.loans import Disbursement, Instalment, InterestMethod
from gateway.domain.mismatches import (
    Allocation,
    FoundMismatch,
    Proof,
    Residual,
    RunResult,
    Severity,
    Side,
)
from gateway.domain.partners import PartnerKind, PartnerStage
from gateway.domain.states import ApplicationState, BatchState, InboundState
from gateway.privacy import Vault
from gateway.store import (
    Store,
    Transaction,
    agenda,
    applications,
    batches,
    credit,
    files,
    loans,
    mismatches,
    people,
    periods,
)
from gateway.web import PartnerCard, WebSettings

NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
PASSWORD = "kata sandi yang panjang"
USERS = {
    "siti": ("bendahara",),
    "budi": ("verifikator",),
    "rina": ("auditor",),
    "agus": ("it",),
    "kenali": ("bank",),
    "yatim": ("bank",),
    "dewi": ("bendahara", "verifikator"),
}
BANK_USERS = {"kenali": "bpr_kenali"}
JAMBI, KENALI = "bank_jambi", "bpr_kenali"
PERSON = "1571995002900003"
NAME = "Sari Canary Melati"
ACCOUNT = "1150098765432"
SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://jahat.example","x")'
REORDER = "ANGSURAN\u202e00005pR"
LONG = "Z" * 10_000
NAUGHTY = (SCRIPT, FORMULA, REORDER, LONG)

REPAYMENTS = "\n".join(
    [
        "H|ANGSURAN|1.0|115|157100|20261031|004|IDR|20261031170000|||202610",
        f"D|1|TRX1|20261030|20261030|{ACCOUNT}|HRK2600000001|1|400000|||||1|0|A||{PERSON} {SCRIPT}",
        "T|1|400000|0|400000|" + "0" * 64,
    ]
).encode()


CARDS = (
    PartnerCard(
        code=JAMBI,
        name="Bank Jambi",
        plugin="bank_jambi",
        kind=PartnerKind.BANK,
        stage=PartnerStage.LIVE,
        channel="sftp 127.0.0.1:2222",
        fingerprints=("SHA256:uNiVztksCsDhcc0u9e8BrrJXuGDxh4j4T5GqDBLrDlo",),
        programmes=("bank_harkat", "bang_harta"),
    ),
    PartnerCard(
        code=KENALI,
        name="BPR Kenali",
        plugin="bpr_generic",
        kind=PartnerKind.BANK,
        stage=PartnerStage.REHEARSED,
        channel="sftp 127.0.0.1:2223",
        blocked="Kunci host belum disematkan.",
        programmes=("bank_harkat",),
    ),
    PartnerCard(
        code="slik",
        name="SLIK OJK",
        plugin="ojk_slik",
        kind=PartnerKind.REGISTRY,
        stage=PartnerStage.LIVE,
        channel="sftp 127.0.0.1:2224",
    ),
)


def web_settings(*, secure_cookies: bool = False) -> WebSettings:
    return WebSettings(
        secret_key=b"k" * 32,
        hosts=("127.0.0.1", "localhost"),
        secure_cookies=secure_cookies,
        partners={card.code: card for card in CARDS},
        bank_users=BANK_USERS,
    )


def open_store(folder: Path) -> Store:
    return Store.open(
        f"sqlite:///{folder / 'gateway.db'}", folder / "blobs", Vault(b"f" * 32, b"i" * 32)
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
        sha256 = _receive(tx)
        _lend(tx, sha256)
        _send(tx)
    with store.begin(NOW - timedelta(days=8), "test") as tx:
        for result in (_jambi_run(sha256), _kenali_run()):
            assert periods.save_run(tx, result)
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


def _receive(tx: Transaction) -> str:
    sha256 = tx.blobs.put(REPAYMENTS)
    repayments = FileIdentity(kind=FileKind.ANGSURAN, sequence=4, dated_on=date(2026, 10, 31))
    file_id = _save_file(tx, "115.157100.ANGSURAN.20261031.004.txt", sha256, repayments)
    files.move_file(tx, file_id, InboundState.READ)
    strange = _save_file(tx, f"115 {SCRIPT} {REORDER}.txt", tx.blobs.put(b"?"), None)
    files.move_file(tx, strange, InboundState.SET_ASIDE, reason=f"UNKNOWN {FORMULA} {SCRIPT}")
    return sha256


def _save_file(tx: Transaction, name: str, sha256: str, identity: FileIdentity | None) -> int:
    return files.save_file(
        tx,
        partner_code=JAMBI,
        name=name,
        identity=identity,
        sha256=sha256,
        signature_sha256="",
        signer="",
        size_bytes=len(REPAYMENTS),
    )


def _lend(tx: Transaction, sha256: str) -> None:
    disbursed = FileIdentity(kind=FileKind.PENCAIRAN, sequence=1, dated_on=date(2026, 10, 1))
    file_id = _save_file(
        tx, "115.157100.PENCAIRAN.20261001.001.txt", tx.blobs.put(b"cair"), disbursed
    )
    loans.save_loan(
        tx,
        JAMBI,
        Disbursement(
            bank_reference="CAIR1",
            application_reference="HRK2600000001",
            loan_number=ACCOUNT,
            disbursed_on=date(2026, 9, 30),
            amount_idr=5_000_000,
            tenor_months=12,
            method=InterestMethod.FLAT,
            rate_bps=300,
            first_due_on=date(2026, 10, 30),
        ),
        programme="bank_harkat",
        is_group=False,
        disputed=False,
        instalments=[
            Instalment(
                number=number,
                due_on=date(2026 + (9 + number - 1) // 12, (9 + number - 1) % 12 + 1, 28),
                principal_idr=416_666,
                interest_idr=12_500,
            )
            for number in range(1, 13)
        ],
        file_id=file_id,
    )


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


def _jambi_run(sha256: str) -> RunResult:
    """One short payment, one strange deposit per naughty text, one fact that is only Info."""
    short = FoundMismatch(
        key="HRK2600000001#1",
        code="PARTIAL",
        severity=Severity.MEDIUM,
        loan_number=ACCOUNT,
        application_reference="HRK2600000001",
        instalment_number=1,
        expected_idr=429_166,
        reported_idr=400_000,
        due_on=date(2026, 10, 28),
        value_on=date(2026, 10, 30),
        bank_reference="TRX1",
        file_name="115.157100.ANGSURAN.20261031.004.txt",
        file_line=2,
        file_sha256=sha256,
        flags=("LATE",),
    )
    strange = [
        FoundMismatch(
            key=f"row:{number}",
            code="UNKNOWN_LOAN",
            severity=Severity.HIGH,
            loan_number="",
            application_reference=text[:35],
            expected_idr=0,
            reported_idr=1_000_000 + number,
            value_on=date(2026, 10, 30),
            bank_reference=text,
            file_name=f"{text[:60]}.txt",
            detail=text,
        )
        for number, text in enumerate(NAUGHTY)
    ]
    rounding = FoundMismatch(
        key="HRK2600000001#2",
        code="ROUNDING",
        severity=Severity.INFO,
        loan_number=ACCOUNT,
        application_reference="HRK2600000001",
        instalment_number=2,
        expected_idr=1,
        reported_idr=0,
    )
    held_idr = sum(one.reported_idr for one in strange)
    return _run(
        JAMBI,
        (short, rounding, *strange),
        allocations=(
            Allocation(
                loan_reference="HRK2600000001",
                instalment_number=1,
                row_key="TRX1",
                amount_idr=400_000,
                rule="P7",
            ),
        ),
        residuals=(
            Residual(side=Side.EXPECTED, item="HRK2600000001#1", code="PARTIAL", amount_idr=29_166),
            Residual(side=Side.EXPECTED, item="HRK2600000001#2", code="ROUNDING", amount_idr=1),
            *(
                Residual(
                    side=Side.REPORTED, item=one.key, code=one.code, amount_idr=one.reported_idr
                )
                for one in strange
            ),
        ),
        sums=(429_167, 400_000 + held_idr, 400_000, 29_167, held_idr),
    )


def _kenali_run() -> RunResult:
    missing = FoundMismatch(
        key="HRK2600000009#1",
        code="MISSING",
        severity=Severity.CRITICAL,
        loan_number="60010100012345",
        application_reference="HRK2600000009",
        instalment_number=1,
        expected_idr=5_000_000,
        reported_idr=0,
        due_on=date(2026, 10, 15),
    )
    left = Residual(
        side=Side.EXPECTED, item="HRK2600000009#1", code="MISSING", amount_idr=5_000_000
    )
    return _run(KENALI, (missing,), residuals=(left,), sums=(5_000_000, 0, 0, 5_000_000, 0))


def _run(
    partner_code: str,
    mismatches: tuple[FoundMismatch, ...],
    *,
    sums: tuple[int, int, int, int, int],
    allocations: tuple[Allocation, ...] = (),
    residuals: tuple[Residual, ...] = (),
) -> RunResult:
    run_id = hashlib.sha256(partner_code.encode()).hexdigest()
    by_code: dict[str, tuple[int, int]] = {}
    for one in residuals:
        expected, reported = by_code.get(one.code, (0, 0))
        expected += one.amount_idr if one.side is Side.EXPECTED else 0
        reported += one.amount_idr if one.side is Side.REPORTED else 0
        by_code[one.code] = (expected, reported)
    as_of = date(2026, 10, 31)
    return RunResult(
        partner_code=partner_code,
        period="2026-10",
        as_of=as_of,
        run_id=run_id,
        rules_sha256="b" * 64,
        inputs_sha256="c" * 64,
        allocations=allocations,
        residuals=residuals,
        mismatches=mismatches,
        proof=Proof(
            partner_code=partner_code,
            period="2026-10",
            as_of=as_of,
            run_id=run_id,
            expected_idr=sums[0],
            reported_idr=sums[1],
            allocated_idr=sums[2],
            expected_residual_idr=sums[3],
            reported_residual_idr=sums[4],
            by_code=by_code,
        ),
    )


def form_token(client: FlaskClient, path: str = "/masuk") -> str:
    """The form token that a page carries."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found, f"{path} has no form"
    return found.group(1)


def sign_in(client: FlaskClient, name: str) -> FlaskClient:
    answer = client.post(
        "/masuk", data={"csrf_token": form_token(client), "name": name, "password": PASSWORD}
    )
    assert answer.status_code == 303
    return client


def mismatch_ids(store: Store) -> dict[str, int]:
    """The row of each mismatch by its key."""
    with store.read() as tx:
        listed = mismatches.list_mismatches(tx, include_info=True)
    return {row.found.key: row.id for row in listed}
