"""Screening: the programme's rules applied to an applicant's consent, report and group.

A verdict is advice to the bank, and always overridable by a person.  A lender's own grade
(kualitas) is taken as it stands and never recomputed from days: 126 days is grade 3 at a BPR
and 4 at a bank umum.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.domain.applications import (
    Application,
    Blocker,
    BlockerCode,
    Business,
    Consent,
    GroupRole,
)
from gateway.domain.credit import CreditReport
from gateway.domain.programmes import Programme, ScreeningRules

LEADERS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What screening found about one applicant.

    :param waiting: consent is there and the registry has not answered (completely) yet.
    :param no_history: the registry knows no loan of this person; not a good history, and no
        reason to stop either: the bank decides.
    """

    blockers: tuple[Blocker, ...] = ()
    waiting: bool = False
    no_history: bool = False

    @property
    def clear(self) -> bool:
        """Nothing stands in the way and nothing is waited for."""
        return not self.blockers and not self.waiting


def judge(
    rules: ScreeningRules, *, consent: Consent | None, report: CreditReport | None, today: date
) -> Verdict:
    """Judge one applicant's credit side.  Without consent nobody goes on, asked about or not.

    :param report: the whole answer (see :func:`combine_parts`), ``None`` while it is missing.
    """
    if consent is None:
        return Verdict(blockers=(Blocker(code=BlockerCode.NO_CONSENT),))
    if rules.credit_check == "none":
        return Verdict()
    if report is None:
        return Verdict(waiting=True)
    no_history = report.active_facilities == 0 and report.worst_24_months is None
    return Verdict(
        blockers=find_report_blockers(rules, report, today),
        no_history=no_history and not report.written_off and report.arrears_idr == 0,
    )


def find_report_blockers(
    rules: ScreeningRules, report: CreditReport, today: date
) -> tuple[Blocker, ...]:
    """Find what a report puts in the way.  Each rupiah is named under one code only."""
    blockers: list[Blocker] = []
    if _is_too_old(report.data_period, rules.report_valid_days, today):
        blockers.append(Blocker(code=BlockerCode.REPORT_TOO_OLD, detail=report.data_period))
    blockers += _find_debts(rules, report)
    if report.worst_active is not None and report.worst_active > rules.max_collectability:
        blockers.append(Blocker(code=BlockerCode.COLLECTABILITY, detail=str(report.worst_active)))
    return tuple(blockers)


def find_missing(
    business: Business, needed: Sequence[str], business_id: str = ""
) -> tuple[Blocker, ...]:
    """Find the programme's needed columns that are empty, named in one INCOMPLETE blocker."""
    filled = {
        "kbli": bool(business.kbli),
        "mulai_usaha": business.started_on is not None,
        "omzet_bulanan": business.monthly_turnover_idr is not None,
        "nib": bool(business_id),
    }
    missing = [column for column in needed if not filled[column]]
    if not missing:
        return ()
    return (Blocker(code=BlockerCode.INCOMPLETE, detail=", ".join(missing)),)


def find_group_blockers(
    programme: Programme, members: Sequence[Application], blocked: Collection[str] = ()
) -> dict[str, tuple[Blocker, ...]]:
    """Find what stops each member because of the group, by member reference.

    :param blocked: references of members with blockers of their own.
    """
    shared: list[Blocker] = []
    excess_idr = sum(member.amount_idr for member in members) - programme.max_idr
    if excess_idr > 0:
        shared.append(Blocker(code=BlockerCode.GROUP_CEILING, amount_idr=excess_idr))
    if len(members) < programme.group.min_members:
        counted = f"{len(members)}/{programme.group.min_members}"
        shared.append(Blocker(code=BlockerCode.GROUP_TOO_SMALL, detail=counted))
    leaders = sum(member.group_role is GroupRole.LEADER for member in members)
    if leaders != LEADERS:
        shared.append(Blocker(code=BlockerCode.GROUP_NO_LEADER, detail=str(leaders)))
    return {
        member.reference: (*shared, *_find_blocked_others(member.reference, blocked))
        for member in members
    }


def combine_parts(reports: Sequence[CreditReport]) -> CreditReport | None:
    """Join the parts of one answer; ``None`` while no answer is complete.

    Parts belong together by request, else by inquiry.  Of several complete answers the one
    with the newest data counts; parts that contradict each other give no answer.
    """
    answers: dict[str, list[CreditReport]] = {}
    for report in reports:
        answers.setdefault(report.request_id or report.inquiry_reference, []).append(report)
    whole = [joined for parts in answers.values() if (joined := _join(parts)) is not None]
    return max(whole, key=lambda report: (report.data_period, report.request_id), default=None)


def _is_too_old(data_period: str, valid_days: int, today: date) -> bool:
    if not data_period:
        return False
    year, month = int(data_period[:4]), int(data_period[4:])
    if date(year, month, 1) > today:
        return True
    next_month = date(year + month // 12, month % 12 + 1, 1)
    return today - (next_month - timedelta(days=1)) > timedelta(days=valid_days)


def _find_debts(rules: ScreeningRules, report: CreditReport) -> list[Blocker]:
    online_idr, written_off_idr = report.online_loan_arrears_idr, report.written_off_idr
    ordinary_idr = report.arrears_idr - online_idr - written_off_idr
    stops_written_off = report.written_off and rules.written_off == "block"
    found: dict[BlockerCode, int] = {}
    if ordinary_idr + online_idr > rules.max_arrears_idr:
        found[BlockerCode.ARREARS] = ordinary_idr
        found[BlockerCode.ONLINE_LOAN_ARREARS] = online_idr
    if stops_written_off and (written_off_idr or not online_idr):
        return [
            *_name_debts(found),
            Blocker(code=BlockerCode.WRITTEN_OFF, amount_idr=written_off_idr),
        ]
    if stops_written_off:
        found[BlockerCode.ONLINE_LOAN_ARREARS] = online_idr
    return _name_debts(found)


def _name_debts(found: dict[BlockerCode, int]) -> list[Blocker]:
    return [Blocker(code=code, amount_idr=amount) for code, amount in found.items() if amount > 0]


def _find_blocked_others(reference: str, blocked: Collection[str]) -> tuple[Blocker, ...]:
    if reference in blocked or not blocked:
        return ()
    return (Blocker(code=BlockerCode.GROUP_MEMBER_BLOCKED, detail=str(len(set(blocked)))),)


def _join(parts: Sequence[CreditReport]) -> CreditReport | None:
    by_number = {part.part: part for part in parts}
    first = parts[0]
    same_answer = all(
        (part.inquiry_reference, part.national_id, part.parts, by_number[part.part])
        == (first.inquiry_reference, first.national_id, first.parts, part)
        for part in parts
    )
    if not same_answer or set(by_number) != set(range(1, first.parts + 1)):
        return None
    return _add_up(list(by_number.values()))


def _add_up(parts: Sequence[CreditReport]) -> CreditReport:
    first = parts[0]
    worst = max(parts, key=lambda part: (part.worst_24_months or 0, part.worst_24_months_period))
    return CreditReport(
        inquiry_reference=first.inquiry_reference,
        national_id=first.national_id,
        data_period=min((part.data_period for part in parts if part.data_period), default=""),
        request_id=first.request_id,
        active_facilities=sum(part.active_facilities for part in parts),
        active_outstanding_idr=sum(part.active_outstanding_idr for part in parts),
        arrears_idr=sum(part.arrears_idr for part in parts),
        worst_now=_worst(part.worst_now for part in parts),
        worst_active=_worst(part.worst_active for part in parts),
        worst_24_months=worst.worst_24_months,
        worst_24_months_period=worst.worst_24_months_period,
        days_overdue=max(part.days_overdue for part in parts),
        written_off=any(part.written_off for part in parts),
        written_off_idr=sum(part.written_off_idr for part in parts),
        online_loan=any(part.online_loan for part in parts),
        online_loan_arrears_idr=sum(part.online_loan_arrears_idr for part in parts),
        warnings=tuple(dict.fromkeys(text for part in parts for text in part.warnings)),
    )


def _worst(grades: Iterable[int | None]) -> int | None:
    return max((grade for grade in grades if grade is not None), default=None)
