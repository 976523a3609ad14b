"""A small city in a real store, filled through the store's own functions."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from pathlib import Path

from flask.testing import FlaskClient

from gateway.domain.loans import (
    Repayment,
    RepaymentType,
)
from gateway.domain.partners import PartnerKind, PartnerStage
from gateway.privacy import Vault
from gateway.store import (
    Store,
    mismatches,
)
from gateway.web import PartnerCard, WebSettings

PERIOD = "2026-10"
REVERSAL = RepaymentType.REVERSAL
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
FORMULA = '=HYPERLINK("http://x.example")'
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


def find_mismatch(store: Store, code: str, partner_code: str = JAMBI) -> int:
    """The first row with this code."""
    with store.read() as tx:
        return mismatches.list_mismatches(tx, code=code, partner_code=partner_code)[0].id


def every_mismatch(store: Store) -> list[int]:
    with store.read() as tx:
        return [row.id for row in mismatches.list_mismatches(tx, include_info=True)]


def seen(page: str) -> str:
    """What a person reads: no tags, spaces folded."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page))).strip()


def a_repayment(
    line: int,
    bank_reference: str,
    amount_idr: int,
    *,
    loan_number: str = "",
    application_reference: str = "",
    instalment_number: int | None = None,
    type: RepaymentType = RepaymentType.INSTALMENT,
    original_reference: str = "",
) -> Repayment:
    return Repayment(
        line=line,
        bank_reference=bank_reference,
        booked_on=date(2026, 10, 30),
        value_on=date(2026, 10, 30),
        loan_number=loan_number,
        application_reference=application_reference,
        instalment_number=instalment_number,
        amount_idr=amount_idr,
        principal_idr=None,
        interest_idr=None,
        penalty_idr=None,
        outstanding_idr=None,
        collectability=None,
        days_overdue=None,
        type=type,
        original_reference=original_reference,
    )
