"""What a bank reports of credit: decisions, disbursements, schedules, repayments, positions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class InterestMethod(StrEnum):
    """How interest is counted; the contract says which."""

    FLAT = "FLAT"
    ANNUITY = "ANUITAS"
    DECLINING = "MENURUN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The bank's yes or no on credit.

    :param approved_idr: 0 for a decline, and ``reason_code`` is then not empty.
    """

    application_reference: str
    approved: bool
    approved_idr: int
    tenor_months: int | None
    method: InterestMethod | None
    rate_bps: int | None
    decided_on: date
    reason_code: str = ""
    reason: str = field(default="", repr=False)
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Disbursement:
    """A loan that the bank has paid out.

    :param application_reference: the group's for a group loan.
    """

    bank_reference: str
    application_reference: str
    loan_number: str = field(repr=False)
    disbursed_on: date
    amount_idr: int
    tenor_months: int
    method: InterestMethod
    rate_bps: int
    first_due_on: date
    note: str = field(default="", repr=False)
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One expected payment of a loan."""

    number: int
    due_on: date
    principal_idr: int
    interest_idr: int

    @property
    def amount_idr(self) -> int:
        """Principal and interest together, whole rupiah."""
        return self.principal_idr + self.interest_idr


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledInstalment:
    """One row of the bank's own schedule (JADWAL), which wins where it is given."""

    loan_number: str = field(repr=False)
    instalment: Instalment
    line: int = 0


class RepaymentType(StrEnum):
    """A angsuran, P pelunasan (early pay-off), R koreksi (reversal)."""

    INSTALMENT = "A"
    PAYOFF = "P"
    REVERSAL = "R"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repayment:
    """One row of a bank's repayment file, as the bank wrote it; amounts are positive.

    :param amount_idr: positive also for a reversal, whose type says so.
    :param principal_idr: ``None`` where the bank gives no split.
    """

    line: int
    bank_reference: str
    booked_on: date
    value_on: date
    loan_number: str = field(repr=False)
    application_reference: str
    instalment_number: int | None
    amount_idr: int
    principal_idr: int | None
    interest_idr: int | None
    penalty_idr: int | None
    outstanding_idr: int | None
    collectability: int | None
    days_overdue: int | None
    type: RepaymentType
    original_reference: str = ""
    note: str = field(default="", repr=False)

    @property
    def signed_idr(self) -> int:
        """The amount as it moves money: negative for a reversal."""
        return -self.amount_idr if self.type is RepaymentType.REVERSAL else self.amount_idr


@dataclass(frozen=True, slots=True, kw_only=True)
class RepaymentStatement:
    """A bank's repayment file with its own control totals, copied as stated.

    :param period: ``yyyy-mm`` that the file reports.
    :param stated_net_idr: incoming less corrections, from the trailer.
    """

    period: str
    rows: tuple[Repayment, ...]
    stated_count: int
    stated_in_idr: int
    stated_corrections_idr: int
    stated_net_idr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberShare:
    """One row of RINCIAN: how a group's payment splits over a member."""

    line: int
    bank_reference: str
    application_reference: str
    amount_idr: int
    principal_idr: int | None
    interest_idr: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanPosition:
    """One loan in the bank's monthly position file (POSISI)."""

    line: int
    loan_number: str = field(repr=False)
    application_reference: str
    outstanding_idr: int
    collectability: int | None
    days_overdue: int | None
    principal_arrears_idr: int
    interest_arrears_idr: int
    state: str
    """A aktif, L lunas, H hapus buku."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionStatement:
    """The bank's monthly positions with its stock chain as stated.

    Opening + disbursed − principal repaid = closing, all whole rupiah of baki debet.
    """

    period: str
    rows: tuple[LoanPosition, ...]
    opening_idr: int
    disbursed_idr: int
    principal_repaid_idr: int
    closing_idr: int
