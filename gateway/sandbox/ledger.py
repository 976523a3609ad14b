"""A pretend bank's loan: own schedule, own books, whole rupiah; no code of the city's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from gateway.bankkit.answers import Terms
from gateway.sandbox.bankdays import add_months

YEARLY = 120_000
"""Basis points times months: what a yearly rate is divided by for one month."""
OPEN = ""
PAID = "PAID"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One instalment.  ``mark`` is empty until its month was played, then what became of it."""

    number: int
    due_on: date
    principal_idr: int
    interest_idr: int
    paid_idr: int = 0
    mark: str = OPEN

    @property
    def amount_idr(self) -> int:
        """The whole instalment."""
        return self.principal_idr + self.interest_idr

    @property
    def open_idr(self) -> int:
        """What is not yet paid of it."""
        return self.amount_idr - self.paid_idr


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """One loan in the bank's books, named by the bank's number and the city's reference."""

    number: str
    reference: str
    is_group: bool
    disbursed_on: date
    terms: Terms
    outstanding_idr: int
    dues: tuple[Due, ...]

    @property
    def is_closed(self) -> bool:
        """Nothing of the principal is left."""
        return self.outstanding_idr == 0

    def due(self, number: int) -> Due:
        """Instalment ``number``, from 1."""
        return self.dues[number - 1]

    def arrears(self, on: date) -> list[Due]:
        """Instalments that fell due before ``on`` and are not paid."""
        return [due for due in self.dues if due.due_on < on and due.open_idr]

    def with_due(self, due: Due, outstanding_idr: int | None = None) -> Loan:
        """The loan with one instalment (and the balance) changed."""
        dues = tuple(due if due.number == other.number else other for other in self.dues)
        left = self.outstanding_idr if outstanding_idr is None else outstanding_idr
        return replace(self, dues=dues, outstanding_idr=left)


def open_loan(
    number: str, reference: str, *, is_group: bool, disbursed_on: date, terms: Terms
) -> Loan:
    """A fresh loan; the first due day is a month after disbursement, never after the 28th."""
    first = add_months(disbursed_on, 1)
    first = first.replace(day=min(first.day, 28))
    return Loan(
        number=number,
        reference=reference,
        is_group=is_group,
        disbursed_on=disbursed_on,
        terms=terms,
        outstanding_idr=terms.amount_idr,
        dues=tuple(
            Due(
                number=place + 1,
                due_on=add_months(first, place),
                principal_idr=principal,
                interest_idr=interest,
            )
            for place, (principal, interest) in enumerate(plan(terms))
        ),
    )


def plan(terms: Terms) -> list[tuple[int, int]]:
    """Principal and interest of every instalment; the last absorbs what rounding left."""
    if terms.method == "FLAT":
        return _plan_flat(terms)
    payment = _annuity_idr(terms) if terms.method == "ANUITAS" else 0
    even = terms.amount_idr // terms.tenor_months
    left, parts = terms.amount_idr, []
    for place in range(terms.tenor_months):
        interest = rounded(left * terms.rate_bps, YEARLY)
        principal = payment - interest if payment else even
        principal = left if place == terms.tenor_months - 1 else principal
        parts.append((principal, interest))
        left -= principal
    return parts


def _plan_flat(terms: Terms) -> list[tuple[int, int]]:
    months = terms.tenor_months
    interest = rounded(terms.amount_idr * terms.rate_bps * months, YEARLY)
    parts = [(terms.amount_idr // months, interest // months)] * months
    spare = terms.amount_idr % months, interest % months
    parts[-1] = (parts[-1][0] + spare[0], parts[-1][1] + spare[1])
    return parts


def _annuity_idr(terms: Terms) -> int:
    """``P·r·(1+r)^n / ((1+r)^n − 1)`` with r = rate / YEARLY, in whole numbers, half up."""
    grown = (YEARLY + terms.rate_bps) ** terms.tenor_months
    flat = YEARLY**terms.tenor_months
    return rounded(terms.amount_idr * terms.rate_bps * grown, YEARLY * (grown - flat))


def rounded(over: int, under: int) -> int:
    """``over / under``, halves upwards."""
    return (2 * over + under) // (2 * under)


def post(loan: Loan, number: int, amount_idr: int, mark: str) -> tuple[Loan, int, int]:
    """Book money on one instalment, interest first; gives loan, principal part, interest part."""
    due = loan.due(number)
    interest = min(amount_idr, max(0, due.interest_idr - due.paid_idr))
    principal = amount_idr - interest
    paid = replace(due, paid_idr=due.paid_idr + amount_idr, mark=mark)
    return loan.with_due(paid, loan.outstanding_idr - principal), principal, interest


def standing(loan: Loan, on: date, *, rural: bool) -> tuple[int, int, int, int]:
    """Collectability, days overdue, principal overdue, interest overdue.

    :param rural: a BPR calls a loan current up to 30 days, a commercial bank not one.
    """
    late = loan.arrears(on)
    if not late:
        return 1, 0, 0, 0
    days = (on - late[0].due_on).days
    steps = (30, 90, 180, 360) if rural else (0, 90, 120, 180)
    interest = sum(max(0, due.interest_idr - due.paid_idr) for due in late)
    principal = sum(due.open_idr for due in late) - interest
    return 1 + sum(days > step for step in steps), days, principal, interest
