"""A question to the credit registry, its answer, and the advice drawn from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditInquiry:
    """A question to the registry about one person who consented.

    :param reference: ours, at most 30 characters, comes back as ``kodeReferensiPengguna``.
    """

    reference: str
    national_id: str = field(repr=False)
    name: str = field(repr=False)
    sex: str = field(repr=False)
    born_on: date = field(repr=False)
    birthplace: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditReport:
    """The registry's answer about one person, reduced to what advice needs.

    Names of lenders, account numbers, addresses and collateral are dropped where they are read.

    :param inquiry_reference: ours, as it came back.
    :param national_id: whom the report is about; must be whom we asked about.
    :param data_period: ``yyyymm`` of the newest data.
    :param part: this part, from 1; a verdict needs all ``parts``.
    :param worst_active: collectability 1–5 of the worst open facility; ``None`` for no history.
    :param worst_24_months: the worst grade in the history, any facility.
    :param online_loan: any facility from an online lender (LPBBTI, pindar), open or not.
    :param written_off_idr: still owed on written-off loans of lenders that are not online.
    :param online_loan_arrears_idr: part of ``arrears_idr`` owed to online lenders.
    """

    inquiry_reference: str
    national_id: str = field(repr=False)
    data_period: str
    part: int = 1
    parts: int = 1
    request_id: str = ""
    active_facilities: int = 0
    active_outstanding_idr: int = 0
    arrears_idr: int = 0
    worst_now: int | None = None
    worst_active: int | None = None
    worst_24_months: int | None = None
    worst_24_months_period: str = ""
    days_overdue: int = 0
    written_off: bool = False
    written_off_idr: int = 0
    online_loan: bool = False
    online_loan_arrears_idr: int = 0
    warnings: tuple[str, ...] = ()
