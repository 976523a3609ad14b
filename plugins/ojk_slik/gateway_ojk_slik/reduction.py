"""From an iDeb to the few figures that advice needs.

A lender's grade is taken as it stands: the same days overdue are different grades at a bank
umum and at a BPR, so a grade is never recomputed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from gateway.domain.credit import CreditReport
from gateway_ojk_slik.ideb import Facility, Ideb, Month
from gateway_ojk_slik.settings import Settings
from gateway_ojk_slik.strictjson import BadIdeb

MONTHS = 12
WORST_GRADE = 5
CLOSED = frozenset(
    {"01", "02", "05", "06", "07", "08", "09", "10", "11", "12", "14", "15", "16", "17"}
)


class Standing(Enum):
    """What a facility still asks of the debtor."""

    ACTIVE = auto()
    WRITTEN_OFF = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """A facility on which something is, or may be, still owed.

    :param due_idr: arrears with penalty; of a written-off loan everything left of it.
    """

    facility: Facility
    standing: Standing
    due_idr: int
    online: bool

    @property
    def grade(self) -> int | None:
        """The lender's grade; a written-off loan without one is 5."""
        if self.facility.grade is None and self.standing is Standing.WRITTEN_OFF:
            return WORST_GRADE
        return self.facility.grade


def reduce_to_report(ideb: Ideb, settings: Settings) -> CreditReport:
    """Reduce an iDeb to a report.

    :raises BadIdeb: the summary names debts or lenders, but no facility could be read.
    """
    _refuse_hollow(ideb)
    open_ones = [item for facility in ideb.facilities for item in _obligation(facility, settings)]
    active = [item for item in open_ones if item.standing is Standing.ACTIVE]
    written_off = [item for item in open_ones if item.standing is Standing.WRITTEN_OFF]
    data_period = _data_period(ideb)
    worst = _worst_month(ideb, open_ones, data_period, settings.history_months)
    return CreditReport(
        inquiry_reference=ideb.reference,
        national_id=ideb.national_id,
        data_period=data_period,
        part=ideb.part,
        parts=ideb.parts,
        request_id=ideb.request_id,
        active_facilities=len(active),
        active_outstanding_idr=sum(item.facility.outstanding_idr for item in active),
        arrears_idr=sum(item.due_idr for item in open_ones),
        worst_now=_worst_grade(open_ones),
        worst_active=_worst_grade(active),
        worst_24_months=worst.grade if worst else None,
        worst_24_months_period=worst.period if worst else "",
        days_overdue=max((item.facility.days_overdue for item in open_ones), default=0),
        written_off=bool(written_off),
        written_off_idr=sum(item.due_idr for item in written_off if not item.online),
        online_loan=any(_is_online(facility, settings) for facility in ideb.facilities),
        online_loan_arrears_idr=sum(item.due_idr for item in open_ones if item.online),
        warnings=_warnings(ideb, active, worst, settings),
    )


def _obligation(facility: Facility, settings: Settings) -> tuple[Obligation, ...]:
    """The facility as an obligation, or nothing when it is settled, moved or paid off."""
    standing = _standing(facility, settings)
    due_idr = _due_idr(facility, standing)
    if standing is Standing.CLOSED or (standing is Standing.WRITTEN_OFF and not due_idr):
        return ()
    online = _is_online(facility, settings)
    return (Obligation(facility=facility, standing=standing, due_idr=due_idr, online=online),)


def _standing(facility: Facility, settings: Settings) -> Standing:
    """An unknown condition counts as active: doubt is never in favour of a clean report."""
    if facility.condition in settings.written_off_conditions:
        return Standing.WRITTEN_OFF
    is_known_active = facility.condition in settings.active_conditions
    return (
        Standing.CLOSED
        if facility.condition in CLOSED and not is_known_active
        else (Standing.ACTIVE)
    )


def _due_idr(facility: Facility, standing: Standing) -> int:
    principal = facility.principal_arrears_idr
    if standing is Standing.WRITTEN_OFF:
        principal = max(principal, facility.outstanding_idr)
    return principal + facility.interest_arrears_idr + facility.penalty_idr


def _is_online(facility: Facility, settings: Settings) -> bool:
    return facility.kind.startswith(settings.online_kinds)


def _worst_grade(items: list[Obligation]) -> int | None:
    return max((item.grade for item in items if item.grade is not None), default=None)


def _data_period(ideb: Ideb) -> str:
    newest = max((facility.period for facility in ideb.facilities), default="")
    return ideb.data_period or newest or ideb.result_period


def _worst_month(
    ideb: Ideb, open_ones: list[Obligation], data_period: str, months: int
) -> Month | None:
    """The worst month of any facility within ``months`` of the data; of equals the newest."""
    seen = [month for facility in ideb.facilities for month in facility.history]
    seen += [
        Month(period=item.facility.period or data_period, grade=item.grade)
        for item in open_ones
        if item.grade is not None
    ]
    within = (month for month in seen if _months_before(data_period, month.period) < months)
    return max(within, key=lambda month: (month.grade, month.period), default=None)


def _months_before(data_period: str, period: str) -> int:
    if not data_period or not period:
        return 0
    return _count(data_period) - _count(period)


def _count(period: str) -> int:
    return int(period[:4]) * MONTHS + int(period[4:])


def _refuse_hollow(ideb: Ideb) -> None:
    """A summary with debts over an empty list is a file we cannot read, not a clean person."""
    if (
        ideb.parts == 1
        and not ideb.facilities
        and (ideb.stated_lenders or ideb.stated_outstanding_idr)
    ):
        raise BadIdeb(
            "SLIK_SUMMARY",
            "the summary names lenders or debts, but no facility is listed",
            "ringkasan menyebut kreditur atau utang, tetapi daftar fasilitas kosong",
        )


def _warnings(
    ideb: Ideb, active: list[Obligation], worst: Month | None, settings: Settings
) -> tuple[str, ...]:
    known = CLOSED | {*settings.active_conditions, *settings.written_off_conditions}
    outstanding = sum(item.facility.outstanding_idr for item in active)
    is_whole = ideb.parts == 1
    stated = ideb.stated_outstanding_idr
    checks = {
        "OUTSTANDING_DIFFERS": is_whole and stated is not None and stated != outstanding,
        "WORST_DIFFERS": is_whole and ideb.stated_worst != (worst.grade if worst else None),
        "UNKNOWN_CONDITION": any(item.condition not in known for item in ideb.facilities),
        "GRADE_MISSING": any(item.grade is None for item in active),
        "DATA_PERIOD_ASSUMED": not ideb.data_period,
        "DEBTOR_MISSING": bool(ideb.facilities) and not ideb.debtor_rows,
    }
    return tuple(code for code, holds in checks.items() if holds)
