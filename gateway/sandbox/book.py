"""What a pretend bank remembers, kept as JSON in its root folder so that a restart continues.

References and amounts only: no name and no NIK of anybody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gateway.bankkit.answers import Terms
from gateway.sandbox.ledger import Due, Loan

FIRST = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One loan asked for: by a person, or by a group with its members' references."""

    reference: str
    is_group: bool
    amount_idr: int
    tenor_months: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One batch on its way through the bank.  ``asked`` shrinks to what is still going on."""

    batch_id: str
    received_on: date
    asked: tuple[Asked, ...]
    granted: tuple[Asked, ...] = ()
    decided_on: date | None = None
    disbursed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One thing done wrong on purpose, as the city's reconciliation should find it.

    :param what: the defect's own name, such as ``MISSING`` or ``PAYOFF``.
    :param code: the mismatch code expected first in ``period``; empty when none is.
    :param amount_idr: the rupiah in question.
    """

    partner: str
    period: str
    what: str
    code: str
    loan_reference: str
    loan_number: str
    instalment: int | None = None
    bank_ref: str = ""
    amount_idr: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """A file to send again, right this time: at the bank's next tick."""

    name: str
    kind: str
    number: int


class Book:
    """A bank's memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.last_container: dict[str, str | int] = {"sequence": 0, "sha256": FIRST}
        self.cases: list[Case] = []
        self.loans: dict[str, Loan] = {}
        self.first_period = ""
        self.months: list[str] = []
        self.closing_idr = 0
        self.positioned: list[str] = []
        self.references = 0
        self.planted: list[Planted] = []
        self.complaints: list[tuple[str, str]] = []
        self.mends: list[Mend] = []
        self.faults_done: list[str] = []
        if path.exists():
            self._load(json.loads(path.read_text(encoding="utf-8")))

    def save(self) -> None:
        """Write the book, whole or not at all."""
        plain = {
            **{name: value for name, value in vars(self).items() if name != "path"},
            "cases": [asdict(case) for case in self.cases],
            "loans": [_plain_loan(loan) for loan in self.loans.values()],
            "planted": [asdict(planted) for planted in self.planted],
            "mends": [asdict(mend) for mend in self.mends],
        }
        hidden = self.path.with_name(f".{self.path.name}.part")
        hidden.write_text(json.dumps(plain, default=date.isoformat), encoding="utf-8")
        hidden.replace(self.path)

    def next_number(self, kind: str, year: int) -> int:
        """The next number of a kind in a year, from 1, without gaps."""
        stream = f"{kind}/{year}"
        self.numbers[stream] = self.numbers.get(stream, 0) + 1
        return self.numbers[stream]

    def next_reference(self, prefix: str, day: date) -> str:
        """A reference of the bank that it never uses again."""
        self.references += 1
        return f"{prefix}{day:%y%m%d}{self.references:06d}"

    def _load(self, plain: dict[str, Any]) -> None:
        for name in ("seen", "numbers", "last_container", "months", "closing_idr", "references"):
            setattr(self, name, plain[name])
        self.first_period = plain["first_period"]
        self.faults_done = plain["faults_done"]
        self.positioned = plain["positioned"]
        self.complaints = [(name, reason) for name, reason in plain["complaints"]]
        self.cases = [_case(entry) for entry in plain["cases"]]
        self.loans = {entry["number"]: _loan(entry) for entry in plain["loans"]}
        self.planted = [Planted(**entry) for entry in plain["planted"]]
        self.mends = [Mend(**entry) for entry in plain["mends"]]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _asked(entry: Mapping[str, Any]) -> Asked:
    return Asked(**{**entry, "members": tuple(entry["members"])})


def _case(entry: Mapping[str, Any]) -> Case:
    return Case(
        batch_id=entry["batch_id"],
        received_on=date.fromisoformat(entry["received_on"]),
        asked=tuple(_asked(asked) for asked in entry["asked"]),
        granted=tuple(_asked(asked) for asked in entry["granted"]),
        decided_on=_day(entry["decided_on"]),
        disbursed_on=_day(entry["disbursed_on"]),
    )


def _plain_loan(loan: Loan) -> dict[str, Any]:
    """A loan with its instalments as short lists: there are many."""
    return {
        "number": loan.number,
        "reference": loan.reference,
        "is_group": loan.is_group,
        "disbursed_on": loan.disbursed_on,
        "terms": asdict(loan.terms),
        "outstanding_idr": loan.outstanding_idr,
        "dues": [
            [due.number, due.due_on, due.principal_idr, due.interest_idr, due.paid_idr, due.mark]
            for due in loan.dues
        ],
    }


def _loan(entry: Mapping[str, Any]) -> Loan:
    return Loan(
        **{
            **entry,
            "disbursed_on": date.fromisoformat(entry["disbursed_on"]),
            "terms": Terms(**entry["terms"]),
            "dues": tuple(_due(*due) for due in entry["dues"]),
        }
    )


def _due(
    number: int, due_on: str, principal_idr: int, interest_idr: int, paid_idr: int, mark: str
) -> Due:
    return Due(
        number=number,
        due_on=date.fromisoformat(due_on),
        principal_idr=principal_idr,
        interest_idr=interest_idr,
        paid_idr=paid_idr,
        mark=mark,
    )
