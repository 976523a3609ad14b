"""The programme's rules applied to reports, consent and groups."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest

from gateway.domain.applications import (
    Applicant,
    Application,
    Blocker,
    BlockerCode,
    Business,
    Consent,
    GroupRole,
    Sex,
)
from gateway.domain.blockers import explain, rupiah
from gateway.domain.credit import CreditReport
from gateway.domain.loans import InterestMethod
from gateway.domain.programmes import (
    Borrower,
    GroupRules,
    Programme,
    ReconciliationRules,
    ScreeningRules,
)
from gateway.domain.screening import (
    combine_parts,
    find_group_blockers,
    find_missing,
    find_report_blockers,
    judge,
)

TODAY = date(2026, 11, 22)
RULES = ScreeningRules()
CONSENT = Consent(given_on=TODAY, evidence="SP-1")
PROGRAMME = Programme(
    code="bang_harta",
    name="Bang Harta",
    prefix="BHT",
    borrower=Borrower.GROUP,
    max_idr=20_000_000,
    min_idr=1_000_000,
    tenor_months=(3, 24),
    method=InterestMethod.FLAT,
    rate_bps=300,
    day_basis=360,
    target_idr=5_000_000_000,
    partners=("bank_jambi",),
    allocation="stated_then_rotate",
    approval_days=30,
    stages=(),
    group=GroupRules(),
    screening=RULES,
    subsidy=(),
    reconciliation=ReconciliationRules(),
)


def a_report(**changes: Any) -> CreditReport:
    report = CreditReport(
        inquiry_reference="HRK2600000001",
        national_id="1571995205850003",
        data_period="202610",
        active_facilities=1,
        active_outstanding_idr=2_000_000,
        worst_now=1,
        worst_active=1,
        worst_24_months=1,
    )
    return dataclasses.replace(report, **changes)


def a_member(serial: int, amount_idr: int = 5_000_000, *, leads: bool = False) -> Application:
    return Application(
        reference=f"BHT26{serial:08}",
        programme="bang_harta",
        partner_code="bank_jambi",
        applicant=Applicant(
            national_id=f"157199010185{serial:04}",
            name="CONTOH",
            born_on=date(1985, 1, 1),
            sex=Sex.MALE,
            address="JL CONTOH",
            kelurahan="15.71.07.1004",
            phone="+6281234567890",
        ),
        business=Business(name="WARUNG"),
        amount_idr=amount_idr,
        tenor_months=12,
        purpose="MODAL",
        received_on=TODAY,
        group_reference="BHT2600000900",
        group_role=GroupRole.LEADER if leads else GroupRole.MEMBER,
    )


def found(report: CreditReport, rules: ScreeningRules = RULES) -> dict[str, int]:
    blockers = find_report_blockers(rules, report, TODAY)
    return {blocker.code.value: blocker.amount_idr for blocker in blockers}


def test_a_clean_report_clears() -> None:
    verdict = judge(RULES, consent=CONSENT, report=a_report(), today=TODAY)
    assert verdict.clear
    assert not verdict.no_history


def test_without_consent_nothing_else_is_looked_at() -> None:
    bad = a_report(worst_active=5, arrears_idr=9_000_000)
    verdict = judge(RULES, consent=None, report=bad, today=TODAY)
    assert [blocker.code for blocker in verdict.blockers] == [BlockerCode.NO_CONSENT]


def test_while_the_registry_is_silent_nobody_is_judged() -> None:
    verdict = judge(RULES, consent=CONSENT, report=None, today=TODAY)
    assert verdict.waiting
    assert not verdict.clear
    assert verdict.blockers == ()


def test_a_programme_without_credit_check_asks_for_no_report_but_for_consent() -> None:
    rules = ScreeningRules(credit_check="none")
    assert judge(rules, consent=CONSENT, report=None, today=TODAY).clear
    held = judge(rules, consent=None, report=None, today=TODAY)
    assert [blocker.code for blocker in held.blockers] == [BlockerCode.NO_CONSENT]


def test_no_history_is_neither_good_nor_a_reason_to_stop() -> None:
    unknown = a_report(
        active_facilities=0,
        active_outstanding_idr=0,
        worst_now=None,
        worst_active=None,
        worst_24_months=None,
    )
    verdict = judge(RULES, consent=CONSENT, report=unknown, today=TODAY)
    assert verdict.no_history
    assert verdict.clear


def test_arrears_stop_only_above_what_the_programme_tolerates() -> None:
    assert found(a_report(arrears_idr=250_000)) == {}
    assert found(a_report(arrears_idr=250_001)) == {"ARREARS": 250_001}


def test_the_lenders_grade_is_taken_as_it_stands_whatever_the_days() -> None:
    assert found(a_report(worst_active=2, days_overdue=200)) == {}
    assert found(a_report(worst_active=3, days_overdue=0)) == {"COLLECTABILITY": 0}


def test_a_bad_grade_of_the_past_does_not_stop() -> None:
    assert found(a_report(worst_24_months=5)) == {}


def test_written_off_is_named_with_its_sum() -> None:
    report = a_report(written_off=True, written_off_idr=100_000, arrears_idr=100_000)
    assert found(report) == {"WRITTEN_OFF": 100_000}
    assert found(report, ScreeningRules(written_off="allow")) == {}


def test_a_written_off_online_loan_is_named_as_an_online_loan() -> None:
    report = a_report(
        written_off=True, arrears_idr=100_000, online_loan=True, online_loan_arrears_idr=100_000
    )
    assert found(report) == {"ONLINE_LOAN_ARREARS": 100_000}


def test_each_rupiah_is_named_under_one_code_only() -> None:
    report = a_report(
        arrears_idr=2_482_500 + 700_000,
        online_loan=True,
        online_loan_arrears_idr=1_020_000,
        written_off=True,
        written_off_idr=700_000,
        worst_active=3,
    )
    assert found(report) == {
        "ARREARS": 1_462_500,
        "ONLINE_LOAN_ARREARS": 1_020_000,
        "WRITTEN_OFF": 700_000,
        "COLLECTABILITY": 0,
    }


def test_an_online_loan_that_is_paid_on_time_does_not_stop() -> None:
    assert found(a_report(online_loan=True)) == {}


@pytest.mark.parametrize(
    ("period", "today", "old"),
    [
        ("202610", date(2026, 12, 30), False),
        ("202610", date(2026, 12, 31), True),
        ("202612", date(2027, 3, 1), False),
        ("202612", date(2027, 3, 2), True),
        ("202701", date(2026, 12, 31), True),
        ("", date(2026, 12, 31), False),
    ],
)
def test_data_ages_from_the_end_of_its_month(period: str, today: date, old: bool) -> None:
    blockers = find_report_blockers(RULES, a_report(data_period=period), today)
    assert [blocker.code for blocker in blockers] == [BlockerCode.REPORT_TOO_OLD] * old


def test_what_the_bank_needs_is_asked_for_at_once() -> None:
    assert find_missing(Business(name="W"), ("kbli", "mulai_usaha")) == (
        Blocker(code=BlockerCode.INCOMPLETE, detail="kbli, mulai_usaha"),
    )
    filled = Business(name="W", kbli="47112", started_on=TODAY)
    assert find_missing(filled, ("kbli", "mulai_usaha")) == ()
    assert find_missing(Business(name="W"), needed=("nib",), business_id="1") == ()


def test_a_group_within_its_ceiling_passes() -> None:
    members = [a_member(1, leads=True), a_member(2), a_member(3, 10_000_000)]
    assert set(find_group_blockers(PROGRAMME, members).values()) == {()}


def test_a_group_may_not_ask_for_more_than_its_ceiling() -> None:
    members = [a_member(1, leads=True), a_member(2), a_member(3, 10_000_001)]
    excess = Blocker(code=BlockerCode.GROUP_CEILING, amount_idr=1)
    assert set(find_group_blockers(PROGRAMME, members).values()) == {(excess,)}


def test_a_group_needs_enough_members_and_exactly_one_leader() -> None:
    few = find_group_blockers(PROGRAMME, [a_member(1), a_member(2)])
    assert [blocker.code for blocker in few["BHT2600000001"]] == [
        BlockerCode.GROUP_TOO_SMALL,
        BlockerCode.GROUP_NO_LEADER,
    ]
    two = [a_member(1, leads=True), a_member(2, leads=True), a_member(3)]
    codes = [blocker.code for blocker in find_group_blockers(PROGRAMME, two)["BHT2600000003"]]
    assert codes == [BlockerCode.GROUP_NO_LEADER]


def test_a_blocked_member_blocks_the_others_without_being_named() -> None:
    members = [a_member(1, leads=True), a_member(2), a_member(3)]
    blockers = find_group_blockers(PROGRAMME, members, blocked={"BHT2600000002"})
    assert blockers["BHT2600000002"] == ()
    assert blockers["BHT2600000001"] == blockers["BHT2600000003"]
    (blocker,) = blockers["BHT2600000001"]
    assert (blocker.code, blocker.detail) == (BlockerCode.GROUP_MEMBER_BLOCKED, "1")


def part(number: int, **changes: Any) -> CreditReport:
    return a_report(part=number, parts=2, request_id="R1", **changes)


def test_an_incomplete_answer_gives_no_verdict() -> None:
    assert combine_parts([]) is None
    assert combine_parts([part(1)]) is None
    assert combine_parts([part(2), part(2)]) is None


def test_parts_add_up_whatever_their_order() -> None:
    one = part(1, arrears_idr=10, worst_active=2, worst_24_months=3, days_overdue=9)
    two = part(
        2,
        arrears_idr=5,
        worst_active=None,
        worst_24_months=4,
        worst_24_months_period="202601",
        written_off=True,
        warnings=("A",),
    )
    whole = combine_parts([two, one, one])
    assert whole is not None
    assert (whole.arrears_idr, whole.active_facilities, whole.days_overdue) == (15, 2, 9)
    assert (whole.worst_active, whole.worst_24_months) == (2, 4)
    assert (whole.worst_24_months_period, whole.written_off) == ("202601", True)
    assert (whole.part, whole.parts, whole.warnings) == (1, 1, ("A",))


def test_parts_that_contradict_each_other_give_no_verdict() -> None:
    assert combine_parts([part(1), part(1, arrears_idr=1), part(2)]) is None
    assert combine_parts([part(1), part(2, national_id="1571991205850003")]) is None
    assert combine_parts([part(1), dataclasses.replace(part(2), parts=3)]) is None


def test_of_two_answers_the_newer_data_counts_and_an_unfinished_one_does_not() -> None:
    old = a_report(request_id="R1", data_period="202608", arrears_idr=9)
    new = a_report(request_id="R2", data_period="202610", arrears_idr=1)
    torn = part(1, data_period="202611")
    found_report = combine_parts([new, dataclasses.replace(torn, request_id="R3"), old])
    assert found_report is not None
    assert found_report.arrears_idr == 1


@pytest.mark.parametrize("code", list(BlockerCode))
@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_blocker_says_what_it_means_and_what_to_do(code: BlockerCode, lang: str) -> None:
    said = explain(Blocker(code=code, amount_idr=2_482_500, detail="kbli"), lang)
    assert said.meaning
    assert said.next_step
    assert "{" not in said.meaning + said.next_step
    assert explain(Blocker(code=code), "id") != explain(Blocker(code=code), "en")


def test_the_sum_in_the_way_is_said_in_rupiah() -> None:
    said = explain(Blocker(code=BlockerCode.ARREARS, amount_idr=2_482_500), "id")
    assert "Rp2.482.500" in said.meaning
    assert rupiah(-1_500) == "-Rp1.500"
    assert rupiah(0) == "Rp0"
