"""A lending programme as configured: limits, rates, rules.  Never code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.domain.loans import InterestMethod


class Borrower(StrEnum):
    """Who may borrow under a programme."""

    INDIVIDUAL = "individual"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRules:
    """Rules for groups with joint liability (tanggung renteng)."""

    min_members: int = 3
    spread: str = "pro_rata"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningRules:
    """When a credit report stops an applicant.

    :param credit_check: ``"registry"`` or ``"none"``.
    :param written_off: ``"block"`` or ``"allow"``.
    :param required_columns: optional columns of the form without which this programme holds an
        application as INCOMPLETE.
    """

    credit_check: str = "registry"
    max_collectability: int = 2
    max_arrears_idr: int = 250_000
    written_off: str = "block"
    report_valid_days: int = 60
    required_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsidyRule:
    """A subsidy rate with the day from which it holds."""

    from_on: date
    rate_bps: int
    basis: int
    budget_idr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationRules:
    """How a bank's money is matched; hashed into every run."""

    order: str = "stated_then_fifo"
    tolerance_idr: int = 0
    tolerance_cap_loan_idr: int = 500
    grace_bank_days: int = 3
    early_days: int = 7
    horizon_days: int = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One programme file.  Amounts in whole rupiah, rate in basis points a year."""

    code: str
    name: str
    prefix: str
    borrower: Borrower
    max_idr: int
    min_idr: int
    tenor_months: tuple[int, int]
    method: InterestMethod
    rate_bps: int
    day_basis: int
    target_idr: int
    partners: tuple[str, ...]
    allocation: str
    approval_days: int
    stages: tuple[str, ...]
    group: GroupRules
    screening: ScreeningRules
    subsidy: tuple[SubsidyRule, ...]
    reconciliation: ReconciliationRules
