"""The 47 mismatch codes: how grave, who acts, and what they say in two languages.

Codes are stable for ever: new ones may be added, none is used again for something else.
Who acts: P treasury officer, S second person, B bank, D programme office, T city IT.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Final

from gateway.domain.mismatches import FoundMismatch, Severity

_FILES: Final = files(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFacts:
    """What a code means for the people who work with it."""

    code: str
    severity: Severity
    acts: str
    texts: Mapping[str, str]


# Buckets of the proof: states of money that nobody needs to look at (rulings 2, 3, 23).
BUCKETS: Final = frozenset({"NOT_DUE", "WAITING", "PENALTY", "WAIVED"})
# Remainders that are settled by being named: no later period sees them again.
FINAL_CODES: Final = frozenset({"PENALTY", "WAIVED", "ROUNDING", "REVERSED", "DUP_SAME"})
# One step up from this amount, or after this many bank days, never down.
ESCALATION_IDR: Final = 5_000_000
ESCALATION_BANK_DAYS: Final = 7
REF_WIDTH: Final = 20
BANK_WIDTH: Final = 16

_TABLE: Final = """
F_CONTROL Kritis B,T
F_GAP Tinggi B
F_SAME_SEQ Kritis B,S
F_CHAIN Kritis B,S
F_ROW Tinggi B
F_PARTIAL Info -
MISSING Sedang P,D
PARTIAL Sedang P
OVERPAID Tinggi B,P
PREPAID Info -
AMOUNT_DIFF Tinggi P,B
COMPONENT_DIFF Sedang B
ROUNDING Info -
LATE Rendah D
OUT_OF_PERIOD Sedang B
LATE_POSTING Sedang P,S
SEQ_GAP Rendah P
UNKNOWN_LOAN Tinggi P,B
NEAR_REF Tinggi P
AMBIGUOUS Sedang P
WRONG_ACCOUNT Sedang B
DUP_SAME Rendah -
DUP_CONFLICT Kritis B
POSSIBLE_DUP Sedang P,B
REVERSED Info -
REV_ORPHAN Tinggi B
REV_CLOSED Tinggi P,S
CLOSED_LOAN Tinggi B,P
UNREPORTED_LOAN Tinggi B
GROUP_SHORT Sedang D
GROUP_OVER Sedang B,P
SPLIT_SUM Kritis B
SPLIT_SHARE Sedang P,D
SPLIT_NONE Info -
MEMBER_UNKNOWN Tinggi D,B
BAL_DRIFT Tinggi B,P
STATUS_DIFF Rendah D
SCHEDULE_DIFF Tinggi B,D
DISB_DIFF Tinggi B,D
DISB_NO_APPROVAL Kritis D,S
DISB_WAITING Rendah D
SUB_OVER Tinggi B,S
SUB_UNDER Rendah B
SUB_INELIGIBLE Tinggi B,S
SUB_TWICE Kritis B
SUB_BUDGET Kritis S,D
DECISION_STALE Sedang P
"""
_STEP_UP: Final = {
    Severity.LOW: Severity.MEDIUM,
    Severity.MEDIUM: Severity.HIGH,
    Severity.HIGH: Severity.CRITICAL,
}
_STATE_WORDS: Final = {
    "id": {"REPAID": "lunas", "WRITTEN_OFF": "dihapus buku"},
    "en": {"REPAID": "repaid", "WRITTEN_OFF": "written off"},
}
_THE_BANK: Final = {"id": "bank", "en": "the bank"}


def _load_codes() -> dict[str, CodeFacts]:
    """The table with its texts; a code without a text is a KeyError at import."""
    texts = {
        lang: tomllib.loads(_FILES.joinpath(f"messages.{lang}.toml").read_text(encoding="utf-8"))
        for lang in ("id", "en")
    }
    codes = {}
    for entry in _TABLE.strip().splitlines():
        code, severity, acts = entry.split()
        codes[code] = CodeFacts(
            code=code,
            severity=Severity(severity),
            acts="" if acts == "-" else acts,
            texts={lang: texts[lang][code] for lang in texts},
        )
    return codes


CODES: Final[Mapping[str, CodeFacts]] = _load_codes()


def severity_of(code: str, amount_idr: int, age_bank_days: int = 0) -> Severity:
    """A code's severity, one step up if the amount is large or the matter old.

    Info stays Info: it needs no person however large or old it is.
    """
    base = CODES[code].severity
    grave = abs(amount_idr) >= ESCALATION_IDR or age_bank_days > ESCALATION_BANK_DAYS
    return _STEP_UP.get(base, base) if grave else base


def rupiah(amount_idr: int, lang: str) -> str:
    """``Rp1.000.000`` in Indonesian, ``Rp1,000,000`` in English."""
    digits = f"{abs(amount_idr):,}"
    sign = "-" if amount_idr < 0 else ""
    return f"{sign}Rp{digits.replace(',', '.') if lang == 'id' else digits}"


def masked(number: str) -> str:
    """A bank's number as it may be shown: the last four, if there is enough to hide."""
    return f"***{number[-4:]}" if len(number) >= 8 else "***"


def _clipped(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _day(day: date | None, lang: str) -> str:
    if day is None:
        return "–"
    return f"{day:%d-%m-%Y}" if lang == "id" else day.isoformat()


def _amounts(code: str, found: FoundMismatch) -> tuple[int, int]:
    """(expected, reported) as the text tells them; some texts tell more than the row's amounts."""
    if code == "OVERPAID" and found.detail:
        whole_idr = int(found.detail)
        return whole_idr - found.reported_idr, whole_idr
    if code == "COMPONENT_DIFF" and found.detail:
        bank, ours = found.detail.split("/")
        return int(ours), int(bank)
    return found.expected_idr, found.reported_idr


def _reference(code: str, lang: str, found: FoundMismatch) -> str:
    if code == "CLOSED_LOAN":
        return _STATE_WORDS[lang].get(found.detail, found.detail) or "–"
    if code in {"UNKNOWN_LOAN", "NEAR_REF"}:
        return found.detail or masked(found.loan_number)
    return found.detail or found.bank_reference or found.file_name or "–"


def message(code: str, lang: str, found: FoundMismatch, *, bank: str = "") -> str:
    """The text of a code for people, at most 160 characters; numbers of the bank are masked."""
    expected_idr, reported_idr = _amounts(code, found)
    counted = found.file_line if code == "F_ROW" else found.detail
    loan = found.application_reference or found.suggestion or masked(found.loan_number)
    return (
        CODES[code]
        .texts[lang]
        .format(
            loan=_clipped(loan, REF_WIDTH),
            k="–" if found.instalment_number is None else found.instalment_number,
            exp=rupiah(expected_idr, lang),
            got=rupiah(abs(reported_idr) if code == "REV_ORPHAN" else reported_idr, lang),
            diff=rupiah(abs(found.difference_idr), lang),
            due=_day(found.due_on, lang),
            date=_day(found.value_on, lang),
            ref=_clipped(_reference(code, lang, found), REF_WIDTH),
            bank=_clipped(bank or _THE_BANK[lang], BANK_WIDTH),
            grp=_clipped(found.group_reference or "–", REF_WIDTH),
            n=_clipped(str(counted or "–"), REF_WIDTH),
        )
    )
