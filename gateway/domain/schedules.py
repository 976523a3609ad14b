"""Repayment schedules and shares, exact to the rupiah, without fractions of money.

Whole rupiah in, whole rupiah out.  The last instalment absorbs what rounding left, so the
principals always add up to what was disbursed.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from gateway.domain.calendar import BankCalendar
from gateway.domain.loans import Instalment, InterestMethod
from gateway.errors import LimitExceeded

BPS = 10_000
MONTHS = 12
MAX_TENOR_MONTHS = 600

Parts = list[tuple[int, int]]
"""(principal, interest) per instalment."""


def plan_instalments(
    *,
    principal_idr: int,
    rate_bps: int,
    tenor_months: int,
    method: InterestMethod,
    first_due_on: date,
    calendar: BankCalendar | None = None,
) -> tuple[Instalment, ...]:
    """Plan a loan's instalments, one a month from ``first_due_on``.

    :param calendar: when given, a due date on a holiday moves to the next bank day; without
        it, due dates stay where the contract puts them.
    :raises LimitExceeded: principal or tenor not above 0, or a negative rate.

    Law: the principals add up to ``principal_idr`` exactly; no part is negative.
    """
    _refuse_nonsense(principal_idr, rate_bps, tenor_months)
    monthly = Fraction(rate_bps, BPS * MONTHS)
    parts = PLANS[method](principal_idr, monthly, tenor_months)
    return tuple(
        Instalment(
            number=number,
            due_on=_due_on(first_due_on, number - 1, calendar),
            principal_idr=principal,
            interest_idr=interest,
        )
        for number, (principal, interest) in enumerate(parts, start=1)
    )


def add_months(day: date, months: int) -> date:
    """The same day number ``months`` later, or the last day of a shorter month."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def split_largest_remainder(total_idr: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Split a sum by weights so that the shares add up to it exactly.

    Each gets the floor of its part; the rupiah that are left go to the largest remainders,
    ties to the smaller key.

    :raises LimitExceeded: for a negative sum or weight, or no weight above 0.
    """
    whole = sum(weights.values())
    if total_idr < 0 or whole <= 0 or min(weights.values()) < 0:
        raise LimitExceeded(
            "A sum can be shared only by weights above 0.",
            message_id="Jumlah hanya dapat dibagi menurut porsi di atas 0.",
            reason="SHARE_WEIGHTS",
        )
    shares = {key: total_idr * weight // whole for key, weight in weights.items()}
    left = total_idr - sum(shares.values())
    by_remainder = sorted(weights, key=lambda key: (-(total_idr * weights[key] % whole), key))
    for key in by_remainder[:left]:
        shares[key] += 1
    return shares


def half_up(value: Fraction) -> int:
    """Round a value of 0 or more to the nearest whole, halves upwards."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _plan_flat(principal: int, monthly: Fraction, tenor: int) -> Parts:
    total_interest = half_up(principal * monthly * tenor)
    each, interest = principal // tenor, total_interest // tenor
    last = (principal - each * (tenor - 1), total_interest - interest * (tenor - 1))
    return [(each, interest)] * (tenor - 1) + [last]


def _plan_annuity(principal: int, monthly: Fraction, tenor: int) -> Parts:
    payment = half_up(_annuity(principal, monthly, tenor))
    balance, parts = principal, []
    for _ in range(tenor - 1):
        interest = half_up(balance * monthly)
        repaid = max(0, min(payment - interest, balance))
        parts.append((repaid, interest))
        balance -= repaid
    return [*parts, (balance, half_up(balance * monthly))]


def _plan_declining(principal: int, monthly: Fraction, tenor: int) -> Parts:
    each, balance, parts = principal // tenor, principal, []
    for _ in range(tenor - 1):
        parts.append((each, half_up(balance * monthly)))
        balance -= each
    return [*parts, (balance, half_up(balance * monthly))]


PLANS = {
    InterestMethod.FLAT: _plan_flat,
    InterestMethod.ANNUITY: _plan_annuity,
    InterestMethod.DECLINING: _plan_declining,
}


def _annuity(principal: int, monthly: Fraction, tenor: int) -> Fraction:
    if monthly == 0:
        return Fraction(principal, tenor)
    growth = (1 + monthly) ** tenor
    return principal * monthly * growth / (growth - 1)


def _due_on(first_due_on: date, months: int, calendar: BankCalendar | None) -> date:
    due_on = add_months(first_due_on, months)
    return calendar.next_bank_day(due_on) if calendar else due_on


def _refuse_nonsense(principal_idr: int, rate_bps: int, tenor_months: int) -> None:
    if principal_idr > 0 and rate_bps >= 0 and 0 < tenor_months <= MAX_TENOR_MONTHS:
        return
    raise LimitExceeded(
        "A schedule needs a principal above 0, a rate of 0 or more and 1 to 600 months.",
        message_id="Jadwal memerlukan pokok di atas 0, bunga 0 atau lebih, dan 1 sampai 600 bulan.",
        reason="SCHEDULE_TERMS",
    )
