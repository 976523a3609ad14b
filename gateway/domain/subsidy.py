"""A bank's bill for subsidised interest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsidyLine:
    """Days on which one loan's outstanding principal did not change.

    :param from_on: first day, included.
    :param until_on: day after the last, excluded.
    """

    line: int
    application_reference: str
    loan_number: str = field(repr=False)
    outstanding_idr: int
    from_on: date
    until_on: date
    days: int
    rate_bps: int
    basis: int
    amount_idr: int
    collectability: int | None
    days_overdue: int | None
    instalment_recorded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsidyClaim:
    """One claim file: lines and the total as the bank states it."""

    period: str
    lines: tuple[SubsidyLine, ...]
    stated_total_idr: int
