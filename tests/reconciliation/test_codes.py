"""Every code speaks both languages, shortly, and knows how grave it is."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date

import pytest

from gateway.domain.mismatches import FoundMismatch, Severity
from gateway.reconciliation.codes import (
    BUCKETS,
    CODES,
    FINAL_CODES,
    masked,
    message,
    rupiah,
    severity_of,
)

HUGE = -(10**15 + 1)


def an_extreme(code: str, detail: str = "") -> FoundMismatch:
    return FoundMismatch(
        key=f"E|X|{code}",
        code=code,
        severity=Severity.INFO,
        loan_number="9" * 20,
        application_reference="BHT2600000000001",
        group_reference="BHT2600000000001",
        instalment_number=999,
        expected_idr=-HUGE,
        reported_idr=HUGE,
        due_on=date(2026, 12, 31),
        value_on=date(2026, 12, 31),
        bank_reference="W" * 35,
        file_name="KJ-bank_pembangunan_daerah-angsuran-999999.zip",
        file_line=999_999,
        file_sha256="f" * 64,
        detail=detail,
    )


def an_empty(code: str) -> FoundMismatch:
    return FoundMismatch(
        key="k",
        code=code,
        severity=Severity.INFO,
        loan_number="",
        application_reference="",
        expected_idr=0,
        reported_idr=0,
    )


def details(code: str) -> list[str]:
    special = {
        "OVERPAID": [str(-HUGE)],
        "COMPONENT_DIFF": [f"{-HUGE}/{-HUGE}"],
        "CLOSED_LOAN": ["WRITTEN_OFF", "REPAID"],
    }
    return special.get(code, ["W" * 35])


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_code_fits_160_characters_with_extreme_values(code: str, lang: str) -> None:
    bank = "Bank Perekonomian Rakyat Batanghari Sejahtera"
    for detail in details(code):
        text = message(code, lang, an_extreme(code, detail), bank=bank)
        assert 10 < len(text) <= 160
        assert not re.search(r"[{}]|None|999999999", text)
        assert text.endswith((".", '".'))


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_code_speaks_of_next_to_nothing_too(code: str, lang: str) -> None:
    assert "None" not in message(code, lang, an_empty(code))


def test_there_are_47_codes_and_buckets_are_none_of_them() -> None:
    assert len(CODES) == 47
    assert not BUCKETS & CODES.keys()
    assert {"ROUNDING", "REVERSED", "DUP_SAME"} == FINAL_CODES - BUCKETS


@pytest.mark.parametrize("code", CODES)
def test_both_languages_use_the_same_values(code: str) -> None:
    texts = CODES[code].texts
    used = {lang: set(re.findall(r"{(\w+)}", text)) for lang, text in texts.items()}
    assert used["id"] == used["en"]


def test_somebody_acts_on_every_code_that_is_not_for_information() -> None:
    idle = {code for code, facts in CODES.items() if not facts.acts}
    assert idle == {"F_PARTIAL", "PREPAID", "ROUNDING", "DUP_SAME", "REVERSED", "SPLIT_NONE"}


@pytest.mark.parametrize(
    ("code", "amount", "age", "severity"),
    [
        ("MISSING", 4_999_999, 7, Severity.MEDIUM),
        ("MISSING", 5_000_000, 0, Severity.HIGH),
        ("MISSING", -5_000_000, 0, Severity.HIGH),
        ("MISSING", 1, 8, Severity.HIGH),
        ("MISSING", 5_000_000, 8, Severity.HIGH),
        ("LATE", 0, 8, Severity.MEDIUM),
        ("OVERPAID", 5_000_000, 0, Severity.CRITICAL),
        ("DUP_CONFLICT", 5_000_000, 30, Severity.CRITICAL),
        ("PREPAID", 5_000_000, 30, Severity.INFO),
    ],
)
def test_large_or_old_is_one_step_graver(
    code: str, amount: int, age: int, severity: Severity
) -> None:
    assert severity_of(code, amount, age) is severity


def test_the_texts_load_no_database() -> None:
    ask = "import gateway.reconciliation.codes, sys; print({'duckdb', 'pyarrow'} & {*sys.modules})"
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, check=True, text=True)
    assert told.stdout == "set()\n"


def test_rupiah_is_written_as_each_language_does() -> None:
    assert rupiah(1_000_000, "id") == "Rp1.000.000"
    assert rupiah(-1_000_000, "en") == "-Rp1,000,000"


def test_numbers_of_the_bank_are_masked() -> None:
    assert masked("11512345678") == "***5678"
    assert masked("1234567") == "***"
    text = message("UNKNOWN_LOAN", "en", an_extreme("UNKNOWN_LOAN"))
    assert "***9999" in text
    unnamed = FoundMismatch(
        key="k",
        code="SUB_TWICE",
        severity=Severity.CRITICAL,
        loan_number="11512345678",
        application_reference="",
        expected_idr=0,
        reported_idr=0,
    )
    assert message("SUB_TWICE", "en", unnamed) == "The same days are claimed twice for ***5678."


def test_a_reversal_without_original_is_told_as_a_positive_amount() -> None:
    found = an_extreme("REV_ORPHAN", "TRX1")
    assert message("REV_ORPHAN", "en", found) == (
        "The bank reversed Rp1,000,000,000,000,001, but the original TRX1 does not fit."
    )


def test_an_overpayment_tells_the_whole_payment() -> None:
    found = FoundMismatch(
        key="k",
        code="OVERPAID",
        severity=Severity.HIGH,
        loan_number="",
        application_reference="L",
        expected_idr=0,
        reported_idr=50,
        detail="150",
    )
    assert message("OVERPAID", "id", found) == (
        "Bank mencatat Rp150, tagihan yang terbuka Rp100. Kelebihan Rp50 belum jelas untuk apa."
    )
