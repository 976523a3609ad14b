"""What one reconciliation run is given: rows of the state, as values, complete in themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from gateway.domain.loans import RepaymentType
from gateway.domain.states import LoanState


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedItem:
    """One instalment that is still open, wholly or in part, at the start of the period.

    :param loan_reference: ours (the group's for a group); with ``number`` the item's identity.
    :param open_idr: amount less what earlier periods' runs allocated; more than 0.
    :param amount_idr: the whole instalment as scheduled.
    :param grace_on: last day on which a payment is not late (due + grace bank days).
    :param since: first day it was open as an item of an earlier period; its due date otherwise.
    """

    loan_reference: str
    number: int
    due_on: date
    grace_on: date
    amount_idr: int
    principal_idr: int
    interest_idr: int
    open_idr: int
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanFacts:
    """A loan that money may reach."""

    loan_reference: str
    loan_number: str = field(repr=False)
    is_group: bool
    state: LoanState
    principal_idr: int
    disbursed_on: date
    member_references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedRow:
    """One row of an admitted repayment file of this period, or money carried from an earlier one.

    :param amount_idr: positive; ``type`` says whether it reverses.
    :param carried: this is the rest of a row of an earlier period.
    :param twin: held as a possible duplicate in an earlier period (ruling 6).
    :param sent_before: an earlier period than the row's own has its bank reference already, with
        the ``SAME`` content or only with ``OTHER`` (ruling 19); empty: it has not.
    """

    file_sha256: str
    file_name: str
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
    type: RepaymentType
    original_reference: str
    carried: bool = False
    twin: bool = False
    sent_before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRow:
    """A row of an admitted file that could not be read; its money is still counted (``F_ROW``)."""

    file_sha256: str
    file_name: str
    line: int
    amount_idr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTotals:
    """An admitted repayment file's own totals, for invariant I4."""

    file_sha256: str
    file_name: str
    stated_count: int
    stated_net_idr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodInputs:
    """Everything a run of one (partner, period) sees.

    :param complete_until: due dates up to this day can be judged (ruling 18); ``None``: none.
    """

    partner_code: str
    period: str
    as_of: date
    complete_until: date | None
    loans: tuple[LoanFacts, ...]
    expected: tuple[ExpectedItem, ...]
    reported: tuple[ReportedRow, ...]
    unread: tuple[UnreadRow, ...] = ()
    totals: tuple[StatementTotals, ...] = ()
