"""Named situations of repayment, one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.domain.loans import RepaymentType
from gateway.domain.mismatches import Severity
from gateway.domain.programmes import ReconciliationRules
from gateway.domain.reconciling import ExpectedItem, ReportedRow, UnreadRow
from gateway.domain.states import LoanState
from tests.reconciliation.builders import (
    DUE,
    FILE,
    G1,
    L1,
    L2,
    LAST,
    N1,
    N2,
    NG,
    a_loan,
    a_reversal,
    a_row,
    an_item,
    codes,
    day,
    left,
    only,
    paid,
    run,
)

PAYOFF = RepaymentType.PAYOFF


def test_the_stated_instalment_paid_exactly_leaves_nothing() -> None:
    result = run([an_item(1)], [a_row(instalment_number=1)])
    assert [(a.rule, a.amount_idr) for a in result.allocations] == [("P5", DUE)]
    assert not result.residuals
    assert not result.mismatches


def test_a_payment_without_a_number_pays_the_oldest_instalment_late() -> None:
    dues = [an_item(1, day(9, 15)), an_item(2, day(10, 15))]
    result = run(dues, [a_row(value_on=day(10, 15))])
    assert paid(result) == {(L1, 1): DUE}
    assert codes(result) == ["LATE", "MISSING"]
    assert only(result, "LATE").detail == "30"
    assert only(result, "MISSING").instalment_number == 2


def test_what_is_not_due_yet_is_a_bucket_and_no_mismatch() -> None:
    dues = [an_item(1, day(9, 15)), an_item(2, day(10, 25))]
    result = run(dues, [a_row(value_on=day(10, 15))], as_of=day(10, 20))
    assert codes(result) == ["LATE"]
    assert result.proof.by_code == {"NOT_DUE": (DUE, 0)}


def test_three_part_payments_fill_one_instalment() -> None:
    days = [day(10, 15), day(10, 16), day(10, 17)]
    rows = [a_row(a, on) for a, on in zip((200_000, 200_000, 29_166), days, strict=True)]
    result = run([an_item(1)], rows)
    assert sorted(a.amount_idr for a in result.allocations) == [29_166, 200_000, 200_000]
    assert result.residuals == ()


def test_one_transfer_pays_three_instalments_and_says_which_were_early() -> None:
    dues = [an_item(1, day(9, 15)), an_item(2, day(10, 15)), an_item(3, day(11, 15))]
    result = run(dues, [a_row(3 * DUE, day(10, 15))])
    assert paid(result) == {(L1, 1): DUE, (L1, 2): DUE, (L1, 3): DUE}
    assert codes(result) == ["LATE", "PREPAID"]
    early = only(result, "PREPAID")
    assert (early.instalment_number, early.difference_idr) == (3, 0)
    assert result.proof.expected_idr == 3 * DUE


def test_money_reaches_no_further_than_the_horizon() -> None:
    dues = [an_item(1, day(10, 15)), an_item(2, day(11, 19)), an_item(3, day(11, 20))]
    result = run(dues, [a_row(3 * DUE, day(10, 15))])
    assert paid(result) == {(L1, 1): DUE, (L1, 2): DUE}
    assert only(result, "OVERPAID").reported_idr == DUE


def test_an_equal_amount_at_the_end_of_the_horizon_comes_before_an_older_other_one() -> None:
    dues = [an_item(1, day(10, 15), 50), an_item(2, day(11, 19))]
    assert paid(run(dues, [a_row(value_on=day(10, 15))])) == {(L1, 2): DUE}


def test_a_stated_instalment_is_open_whatever_its_date() -> None:
    dues = [an_item(1, day(10, 15)), an_item(9, date(2027, 6, 15))]
    result = run(dues, [a_row(instalment_number=9)])
    assert paid(result) == {(L1, 9): DUE}


def test_more_than_the_open_dues_is_overpaid_and_not_unknown() -> None:
    result = run([an_item(1, amount_idr=100)], [a_row(150)])
    assert paid(result) == {(L1, 1): 100}
    over = only(result, "OVERPAID")
    assert (over.expected_idr, over.reported_idr, over.difference_idr) == (0, 50, 50)
    assert codes(result) == ["OVERPAID"]


@pytest.mark.parametrize(("amount", "expected"), [(429_165, "ROUNDING"), (429_164, "PARTIAL")])
def test_a_tolerance_of_one_rupiah_takes_one_and_not_two(amount: int, expected: str) -> None:
    rules = ReconciliationRules(tolerance_idr=1)
    result = run([an_item(1)], [a_row(amount, instalment_number=1)], rules=rules)
    assert codes(result) == [expected]
    assert only(result, expected).difference_idr == amount - DUE


def test_a_tolerance_of_one_rupiah_takes_one_too_much_as_well() -> None:
    rules = ReconciliationRules(tolerance_idr=1)
    result = run([an_item(1)], [a_row(DUE + 1)], rules=rules)
    assert only(result, "ROUNDING").difference_idr == 1


def test_the_tolerance_does_not_reach_past_the_horizon() -> None:
    rules = ReconciliationRules(tolerance_idr=1)
    result = run([an_item(1, day(11, 20))], [a_row(DUE - 1, day(10, 15))], rules=rules)
    assert codes(result) == ["OVERPAID"]


def a_year(stated: bool) -> tuple[list[ExpectedItem], list[ReportedRow]]:
    months = [date(2025, 11, 15), date(2025, 12, 15)] + [day(m, 15) for m in range(1, 11)]
    dues = [an_item(k, on) for k, on in enumerate(months, 1)]
    rows = [
        a_row(DUE - 100, date(2026, 10, k), instalment_number=k if stated else None)
        for k in range(1, 13)
    ]
    return dues, rows


def test_numbered_short_payments_round_up_to_the_cap_then_stay_where_they_are() -> None:
    dues, rows = a_year(stated=True)
    result = run(dues, rows, rules=ReconciliationRules(tolerance_idr=100))
    assert (codes(result).count("ROUNDING"), codes(result).count("PARTIAL")) == (5, 7)
    shorts = [f.difference_idr for f in result.mismatches if f.code == "PARTIAL"]
    assert shorts == [-100] * 7


def test_unnumbered_short_payments_round_up_to_the_cap_then_gather_at_the_end() -> None:
    dues, rows = a_year(stated=False)
    result = run(dues, rows, rules=ReconciliationRules(tolerance_idr=100))
    assert codes(result).count("ROUNDING") == 5
    short = only(result, "PARTIAL")
    assert (short.instalment_number, short.difference_idr) == (12, -700)


def test_a_row_sent_twice_counts_once_and_the_file_still_adds_up() -> None:
    row = a_row()
    result = run([an_item(1)], [row, replace(row, line=row.line + 1)])
    assert paid(result) == {(L1, 1): DUE}
    assert codes(result) == ["DUP_SAME"]
    assert (result.proof.reported_idr, result.proof.reported_residual_idr) == (2 * DUE, DUE)


def test_one_reference_with_two_amounts_pays_nothing() -> None:
    row = a_row(429_166)
    result = run([an_item(1)], [row, replace(row, line=row.line + 1, amount_idr=429_116)])
    assert paid(result) == {}
    assert codes(result) == ["DUP_CONFLICT", "DUP_CONFLICT", "MISSING"]
    assert {f.severity for f in result.mismatches if f.code == "DUP_CONFLICT"} == {
        Severity.CRITICAL
    }


def test_two_like_payments_with_two_dues_both_pay() -> None:
    dues = [an_item(1, day(9, 15)), an_item(2, day(10, 15))]
    rows = [a_row(value_on=day(10, 15)), a_row(value_on=day(10, 15))]
    result = run(dues, rows)
    assert paid(result) == {(L1, 1): DUE, (L1, 2): DUE}
    assert codes(result) == ["LATE"]


def test_the_second_of_two_like_payments_is_held_when_only_later_dues_are_left() -> None:
    dues = [an_item(1, day(10, 15)), an_item(2, day(11, 15))]
    rows = [a_row(value_on=day(10, 15)), a_row(value_on=day(10, 15))]
    result = run(dues, rows)
    assert paid(result) == {(L1, 1): DUE}
    held = only(result, "POSSIBLE_DUP")
    assert (held.expected_idr, held.reported_idr) == (0, DUE)


@pytest.mark.parametrize(
    ("first", "second", "codes_"),
    [(1, 1, 1), (1, None, 1), (None, 1, 1), (None, None, 1), (1, 2, 0)],
)
def test_like_payments_are_suspect_by_their_number(
    first: int | None, second: int | None, codes_: int
) -> None:
    dues = [an_item(1, day(10, 15)), an_item(2, day(11, 15))]
    rows = [a_row(instalment_number=first), a_row(instalment_number=second)]
    assert codes(run(dues, rows)).count("POSSIBLE_DUP") == codes_


def test_a_held_row_pays_when_what_was_before_it_is_held_too() -> None:
    """Holding the first pair's second row frees the due that the later pair's second needs."""
    dues = [an_item(k, on) for k, on in enumerate([day(10, 5), day(10, 20), day(12, 20)], 1)]
    rows = [a_row(value_on=day(10, 10)), a_row(value_on=day(10, 10))]
    rows += [a_row(value_on=day(10, 25), instalment_number=3), a_row(value_on=day(10, 25))]
    result = run(dues, rows)
    assert paid(result) == {(L1, 1): DUE, (L1, 2): DUE, (L1, 3): DUE}
    assert only(result, "POSSIBLE_DUP").value_on == day(10, 10)


def test_a_second_pay_off_that_was_held_pays_when_something_is_left_for_it() -> None:
    dues = [an_item(1, day(10, 5), 100), an_item(2, day(10, 20), 100)]
    rows = [a_row(100, day(10, 9)), a_row(100, day(10, 9))]
    rows += [a_row(49, day(10, 10), type=PAYOFF), a_row(49, day(10, 10), type=PAYOFF)]
    result = run(dues, rows)
    assert paid(result) == {(L1, 1): 100, (L1, 2): 98}
    assert only(result, "POSSIBLE_DUP").value_on == day(10, 9)


def test_rows_without_references_are_told_apart_by_content_and_occurrence() -> None:
    row = a_row(bank_reference="")
    first = [replace(row, line=n) for n in (1, 2)]
    second = [replace(row, line=n, file_sha256="e" * 64, file_name="LATER") for n in (1, 2, 3)]
    dues = [an_item(k, day(10, k)) for k in range(1, 6)]
    result = run(dues, first + second)
    assert sum(paid(result).values()) == 3 * DUE
    assert codes(result).count("DUP_SAME") == 2


def test_a_reversal_takes_its_payment_back() -> None:
    row = a_row()
    result = run([an_item(1)], [row, a_reversal(row)])
    assert codes(result) == ["MISSING", "REVERSED"]
    pair = only(result, "REVERSED")
    assert (pair.expected_idr, pair.reported_idr, pair.difference_idr) == (0, 0, 0)
    assert sorted(r.amount_idr for r in result.residuals if r.code == "REVERSED") == [-DUE, DUE]


def test_a_reversal_on_another_loan_is_an_orphan() -> None:
    row = a_row()
    other = a_reversal(row, loan_number=N2, application_reference=L2)
    result = run([an_item(1), an_item(1, loan=L2)], [row, other])
    assert paid(result) == {(L1, 1): DUE}
    assert only(result, "REV_ORPHAN").reported_idr == -DUE


def test_a_reversal_before_its_payment_is_an_orphan() -> None:
    row = a_row(value_on=day(10, 15))
    result = run([an_item(1)], [row, a_reversal(row, value_on=day(10, 14))])
    assert codes(result) == ["REV_ORPHAN"]


def test_a_part_reversal_reopens_its_part() -> None:
    row = a_row()
    result = run([an_item(1)], [row, a_reversal(row, 100_000)])
    assert codes(result) == ["PARTIAL", "REVERSED"]
    short = only(result, "PARTIAL")
    assert (short.expected_idr, short.reported_idr) == (DUE, DUE - 100_000)
    assert sorted(r.amount_idr for r in result.residuals if r.code == "REVERSED") == [
        -100_000,
        100_000,
    ]


def test_a_payment_reversed_twice_is_reversed_once() -> None:
    row = a_row()
    again = a_reversal(row, value_on=day(10, 16))
    result = run([an_item(1)], [row, again, a_reversal(row)])
    assert codes(result) == ["MISSING", "REVERSED", "REV_ORPHAN"]
    assert only(result, "REV_ORPHAN").value_on == day(10, 16)


def test_a_reversal_that_is_too_large_leaves_room_for_one_that_fits() -> None:
    row = a_row(100)
    rows = [
        row,
        *(a_reversal(row, n, value_on=day(10, 15 + i)) for i, n in enumerate((60, 50, 40))),
    ]
    result = run([an_item(1, amount_idr=100)], rows)
    assert codes(result) == ["MISSING", "REVERSED", "REVERSED", "REV_ORPHAN"]
    assert only(result, "REV_ORPHAN").reported_idr == -50


def test_a_value_date_outside_the_month_is_told() -> None:
    result = run([an_item(1)], [a_row(value_on=day(11, 1)), a_row(1, day(9, 30))])
    assert codes(result).count("OUT_OF_PERIOD") == 2
    inside = run([an_item(1)], [a_row(value_on=day(10, 1)), a_row(1, day(10, 31))])
    assert "OUT_OF_PERIOD" not in codes(inside)


@pytest.mark.parametrize(
    ("written", "known"),
    [("0123", True), (" 0123 ", True), ("０１２３", True), ("٠١٢٣", True), ("123", False)],
)
def test_numbers_are_compared_normalised_and_never_padded(written: str, known: bool) -> None:
    loans = [a_loan(loan_number="0123")]
    row = a_row(loan_number=written, application_reference="")
    assert bool(paid(run([an_item(1)], [row], loans))) is known


def test_a_group_transfer_pays_the_group() -> None:
    result = run([an_item(1, amount_idr=2_083_335, loan=G1)], [a_row(2_083_335, loan=G1)])
    assert paid(result) == {(G1, 1): 2_083_335}
    assert result.mismatches == ()


@pytest.mark.parametrize(
    ("number", "reference"), [(NG, ""), ("", G1), ("", "MEMBER1"), (NG, "MEMBER1"), (NG, G1)]
)
def test_money_finds_the_group_by_account_group_or_member(number: str, reference: str) -> None:
    loans = [a_loan(G1, member_references=("MEMBER1", "MEMBER2"))]
    row = a_row(loan_number=number, application_reference=reference)
    result = run([an_item(1, loan=G1)], [row], loans)
    assert paid(result) == {(G1, 1): DUE}
    assert result.mismatches == ()


def test_a_short_group_names_no_member() -> None:
    result = run([an_item(1, amount_idr=2_083_335, loan=G1)], [a_row(1_666_668, loan=G1)])
    short = only(result, "GROUP_SHORT")
    assert (short.difference_idr, short.group_reference) == (-416_667, G1)
    assert short.application_reference == G1
    assert codes(result) == ["GROUP_SHORT"]


def test_a_group_that_paid_nothing_is_short_and_one_that_paid_more_is_over() -> None:
    nothing = run([an_item(1, loan=G1)], [])
    assert codes(nothing) == ["GROUP_SHORT"]
    more = run([an_item(1, loan=G1)], [a_row(DUE + 7, loan=G1)])
    assert only(more, "GROUP_OVER").difference_idr == 7


def test_a_known_reference_with_another_account_is_paid_and_flagged() -> None:
    result = run([an_item(1)], [a_row(DUE + 5, loan_number="9990001112")])
    assert paid(result) == {(L1, 1): DUE}
    wrong = only(result, "WRONG_ACCOUNT")
    assert (wrong.difference_idr, wrong.reported_idr, wrong.detail) == (0, DUE, "***1112")
    assert only(result, "OVERPAID").flags == ("WRONG_ACCOUNT",)


def test_a_known_account_with_an_unknown_reference_is_paid() -> None:
    result = run([an_item(1)], [a_row(application_reference="WHO")])
    assert paid(result) == {(L1, 1): DUE}
    assert result.mismatches == ()


def test_the_account_of_one_loan_and_the_reference_of_another_is_ambiguous() -> None:
    dues = [an_item(1), an_item(1, loan=L2)]
    result = run(dues, [a_row(loan_number=N1, application_reference=L2)])
    assert paid(result) == {}
    held = only(result, "AMBIGUOUS")
    assert (held.reported_idr, held.detail, held.loan_number) == (DUE, "2", N1)


def test_an_account_of_two_loans_is_told_apart_by_the_reference() -> None:
    loans = [a_loan(L1), a_loan(L2, loan_number=N1)]
    dues = [an_item(1), an_item(1, loan=L2)]
    assert paid(run(dues, [a_row(loan_number=N1, application_reference=L2)], loans)) == {
        (L2, 1): DUE
    }
    unsaid = run(dues, [a_row(loan_number=N1, application_reference="")], loans)
    assert only(unsaid, "AMBIGUOUS").reported_idr == DUE


def test_money_for_nobody_we_know_is_held() -> None:
    row = a_row(loan_number="77712345678", application_reference="WHO")
    result = run([an_item(1)], [row])
    held = only(result, "UNKNOWN_LOAN")
    assert (held.expected_idr, held.reported_idr) == (0, DUE)
    assert held.application_reference == ""
    assert held.detail == "***5678"


@pytest.mark.parametrize(
    "written",
    ["1150000000010", "115000000001", "11500000000001", "1150000000009", "1150000001000"],
)
def test_a_number_one_slip_away_is_a_suggestion_and_never_a_payment(written: str) -> None:
    loans = [a_loan(loan_number="1150000000001")]
    if written == "1150000001000":
        loans = [a_loan(loan_number="1150000000100")]
    row = a_row(loan_number=written, application_reference="")
    result = run([an_item(1)], [row], loans)
    assert paid(result) == {}
    near = only(result, "NEAR_REF")
    assert (near.suggestion, near.expected_idr, near.reported_idr) == (L1, 0, DUE)
    assert near.application_reference == ""
    assert codes(result) == ["MISSING", "NEAR_REF"]


def test_a_reference_one_slip_away_is_a_suggestion_too() -> None:
    row = a_row(loan_number="", application_reference=L1.replace("HRK", "HKR"))
    assert only(run([an_item(1)], [row]), "NEAR_REF").suggestion == L1


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1150000000099", DUE),
        ("0000000000011", DUE),
        ("1500000000011", DUE),
        ("1150000000009", DUE - 1),
    ],
)
def test_two_slips_or_another_amount_suggest_nothing(written: str, amount: int) -> None:
    row = a_row(amount, loan_number=written, application_reference="")
    result = run([an_item(1)], [row], [a_loan(loan_number="1150000000001")])
    assert codes(result) == ["MISSING", "UNKNOWN_LOAN"]


def test_two_near_loans_are_ambiguous_and_none_is_suggested() -> None:
    row = a_row(loan_number="1150000000003", application_reference="")
    result = run([an_item(1), an_item(1, loan=L2)], [row])
    held = only(result, "AMBIGUOUS")
    assert (held.suggestion, held.detail, paid(result)) == ("", "2", {})


def test_a_written_off_loan_is_never_suggested() -> None:
    row = a_row(loan_number="1150000000003", application_reference="")
    loans = [a_loan(state=LoanState.WRITTEN_OFF)]
    assert "UNKNOWN_LOAN" in codes(run([an_item(1)], [row], loans))


def test_money_for_a_repaid_loan_is_held_and_not_refunded() -> None:
    result = run([], [a_row()], [a_loan(state=LoanState.REPAID)])
    held = only(result, "CLOSED_LOAN")
    assert (held.reported_idr, held.detail, codes(result)) == (DUE, "REPAID", ["CLOSED_LOAN"])


def test_money_for_a_written_off_loan_is_held_though_dues_are_open() -> None:
    result = run([an_item(1)], [a_row()], [a_loan(state=LoanState.WRITTEN_OFF)])
    assert codes(result) == ["CLOSED_LOAN", "MISSING"]


def test_a_loan_that_became_repaid_this_month_still_takes_its_last_payment() -> None:
    result = run([an_item(1)], [a_row(DUE + 3)], [a_loan(state=LoanState.REPAID)])
    assert paid(result) == {(L1, 1): DUE}
    assert codes(result) == ["OVERPAID"]


def test_missing_needs_the_due_date_and_complete_data() -> None:
    due = [an_item(1, LAST)]
    assert codes(run(due, [], as_of=LAST, complete_until=LAST)) == ["MISSING"]
    waiting = run(due, [], as_of=LAST, complete_until=day(10, 30))
    assert waiting.proof.by_code == {"WAITING": (DUE, 0)}
    assert run(due, [], complete_until=None).proof.by_code == {"WAITING": (DUE, 0)}
    early = run(due, [], as_of=day(10, 30), complete_until=LAST)
    assert early.proof.by_code == {"NOT_DUE": (DUE, 0)}


def test_ten_to_the_fifteenth_and_one_is_exact() -> None:
    huge = 10**15 + 1
    dues = [an_item(k, day(10, k), huge) for k in range(1, 12)]
    rows = [a_row(11 * huge - 1, day(10, 20))]
    result = run(dues, rows)
    assert sum(paid(result).values()) == 11 * huge - 1
    assert only(result, "PARTIAL").difference_idr == -1
    assert result.proof.expected_idr == 11 * huge


def test_an_unread_row_is_counted_and_named() -> None:
    broken = UnreadRow(file_sha256=FILE, file_name="F.txt", line=17, amount_idr=1_000)
    result = run([an_item(1)], [a_row()], unread=(broken,))
    found = only(result, "F_ROW")
    assert (found.reported_idr, found.file_line) == (1_000, 17)
    assert result.proof.by_code == {"F_ROW": (0, 1_000)}


def test_an_unread_row_of_unknown_amount_is_named_too() -> None:
    broken = UnreadRow(file_sha256=FILE, file_name="F.txt", line=17, amount_idr=0)
    result = run([an_item(1)], [a_row()], unread=(broken,))
    assert codes(result) == ["F_ROW"]
    assert result.proof.by_code == {}


def test_a_later_instalment_paid_as_stated_leaves_a_gap() -> None:
    dues = [an_item(1, day(9, 15)), an_item(2, day(10, 15))]
    result = run(dues, [a_row(instalment_number=2)])
    assert codes(result) == ["MISSING", "SEQ_GAP"]
    assert only(result, "SEQ_GAP").difference_idr == 0


def test_the_bank_settles_an_instalment_with_less() -> None:
    dues = [an_item(1), an_item(2, day(11, 15))]
    balance = dues[1].principal_idr
    row = a_row(DUE - 50, instalment_number=1, outstanding_idr=balance)
    found = only(run(dues, [row]), "AMOUNT_DIFF")
    assert (found.expected_idr, found.reported_idr) == (DUE, DUE - 50)
    higher = replace(row, outstanding_idr=balance + 1)
    assert codes(run(dues, [higher])) == ["PARTIAL"]
    unnumbered = replace(row, instalment_number=None)
    assert codes(run(dues, [unnumbered])) == ["PARTIAL"]


def test_a_different_split_of_the_same_amount_is_told() -> None:
    item = an_item(1, amount_idr=429_166, principal_idr=416_666, interest_idr=12_500)
    row = a_row(instalment_number=1, principal_idr=410_968, interest_idr=18_198)
    result = run([item], [row])
    found = only(result, "COMPONENT_DIFF")
    assert (found.difference_idr, found.detail) == (0, "410968/416666")
    assert result.residuals == ()
    interest_only = replace(row, principal_idr=None)
    assert only(run([item], [interest_only]), "COMPONENT_DIFF").detail == "410968/416666"
    agreed = replace(row, principal_idr=416_666, interest_idr=12_500)
    assert run([item], [agreed]).mismatches == ()


def test_the_split_of_a_row_taken_back_in_part_is_not_compared() -> None:
    row = a_row(DUE + 100, instalment_number=1, principal_idr=DUE + 100, interest_idr=0)
    result = run([an_item(1)], [row, a_reversal(row, 100)])
    assert codes(result) == ["REVERSED"]


def test_a_penalty_is_set_apart_and_is_no_break() -> None:
    result = run([an_item(1)], [a_row(DUE + 5_000, penalty_idr=5_000, instalment_number=1)])
    assert paid(result) == {(L1, 1): DUE}
    assert result.mismatches == ()
    assert result.proof.by_code == {"PENALTY": (0, 5_000)}


def test_a_reversed_payment_gives_its_penalty_back_last() -> None:
    row = a_row(110, penalty_idr=10)
    item = an_item(1, amount_idr=100)
    part = run([item], [row, a_reversal(row, 30, penalty_idr=None)])
    assert left(part)["R", "ref:" + row.bank_reference + "/1", "PENALTY"] == 10
    assert paid(part) == {(L1, 1): 70}
    most = run([item], [row, a_reversal(row, 105, penalty_idr=None)])
    assert left(most)["R", "ref:" + row.bank_reference + "/1", "PENALTY"] == 5
    named = run([item], [row, a_reversal(row, 30, penalty_idr=4)])
    assert left(named)["R", "ref:" + row.bank_reference + "/1", "PENALTY"] == 6


def test_a_pay_off_waives_the_interest_of_later_instalments() -> None:
    dues = [an_item(k, on) for k, on in ((1, day(10, 15)), (2, day(11, 15)), (3, day(12, 15)))]
    principal, interest = dues[0].principal_idr, dues[0].interest_idr
    whole = DUE + 2 * principal
    result = run(dues, [a_row(whole, day(10, 15), type=PAYOFF)])
    assert result.proof.by_code == {"WAIVED": (2 * interest, 0)}
    assert result.proof.expected_idr == 3 * DUE
    assert codes(result) == ["PREPAID", "PREPAID"]
    short = run(dues, [a_row(whole - 40, type=PAYOFF)])
    assert only(short, "PARTIAL").expected_idr == principal
    assert only(short, "PARTIAL").difference_idr == -40
    over = run(dues, [a_row(whole + 40, type=PAYOFF)], [a_loan(state=LoanState.REPAID)])
    assert only(over, "OVERPAID").difference_idr == 40


def test_an_ordinary_payment_before_the_pay_off_keeps_its_interest() -> None:
    dues = [an_item(1, day(10, 20)), an_item(2, day(11, 20))]
    rows = [a_row(DUE, day(10, 12), instalment_number=1)]
    rows.append(a_row(dues[1].principal_idr, day(10, 15), type=PAYOFF))
    result = run(dues, rows)
    assert result.proof.by_code == {"WAIVED": (dues[1].interest_idr, 0)}


def test_a_payment_stated_for_another_amount_pays_there_first() -> None:
    dues = [an_item(1, day(9, 15)), an_item(2, day(10, 15))]
    result = run(dues, [a_row(DUE + 100, instalment_number=2)])
    assert paid(result) == {(L1, 1): 100, (L1, 2): DUE}


def test_the_bank_can_be_overruled_by_age_or_be_all_that_counts() -> None:
    dues = [an_item(1, day(9, 15)), an_item(2, day(10, 15))]
    rows = [a_row(instalment_number=2)]
    assert paid(run(dues, rows, rules=ReconciliationRules(order="fifo"))) == {(L1, 1): DUE}
    strict = ReconciliationRules(order="stated_only")
    assert codes(run(dues, [a_row()], rules=strict)) == ["MISSING", "MISSING", "OVERPAID"]


def test_the_carried_rest_of_a_row_pays_and_its_row_sent_again_does_not() -> None:
    rest = a_row(50, day(9, 28), carried=True, file_sha256="a" * 64)
    again = replace(rest, amount_idr=DUE, carried=False, file_sha256=FILE, line=9)
    result = run([an_item(1, day(10, 1), 50)], [rest, again])
    assert paid(result) == {(L1, 1): 50}
    assert codes(result) == ["DUP_SAME"]
    assert result.proof.reported_idr == DUE + 50


def test_the_carried_rest_of_a_row_cannot_be_more_than_the_row() -> None:
    rest = a_row(500, carried=True)
    again = replace(rest, amount_idr=400, carried=False, line=9)
    assert codes(run([], [rest, again], [a_loan()])) == ["DUP_CONFLICT", "DUP_CONFLICT"]


def test_a_row_held_last_month_is_held_again_while_only_later_dues_are_open() -> None:
    twin = a_row(value_on=day(9, 15), carried=True, twin=True)
    result = run([an_item(2, day(10, 15))], [twin])
    assert paid(result) == {}
    assert codes(result) == ["MISSING", "POSSIBLE_DUP"]
    assert only(result, "POSSIBLE_DUP").reported_idr == DUE
    usual = run([an_item(2, day(10, 15))], [replace(twin, twin=False)])
    assert paid(usual) == {(L1, 2): DUE}


def test_a_row_held_last_month_leaves_a_due_to_the_payment_that_is_for_it() -> None:
    twin = a_row(value_on=day(9, 15), carried=True, twin=True, bank_reference="A")
    fresh = a_row(value_on=day(10, 15), bank_reference="B")
    result = run([an_item(2, day(10, 15))], [twin, fresh])
    assert [a.row_key for a in result.allocations] == ["ref:B/1"]
    assert codes(result) == ["POSSIBLE_DUP"]


def test_a_row_held_last_month_pays_once_a_due_up_to_its_day_is_open_for_it() -> None:
    dues = [an_item(1, day(9, 15)), an_item(2, day(10, 15))]
    result = run(dues, [a_row(value_on=day(9, 15), carried=True, twin=True)])
    assert paid(result) == {(L1, 1): DUE}
    assert codes(result) == ["MISSING"]


def test_a_row_like_one_held_last_month_is_suspect_itself() -> None:
    twin = a_row(value_on=day(9, 15), carried=True, twin=True, bank_reference="T2")
    third = a_row(value_on=day(9, 15), bank_reference="T1")
    result = run([an_item(2, day(10, 15))], [twin, third])
    assert paid(result) == {}
    assert codes(result).count("POSSIBLE_DUP") == 2


def test_a_released_row_of_last_month_still_sets_its_penalty_apart() -> None:
    twin = a_row(DUE + 500, day(9, 15), carried=True, twin=True, penalty_idr=500)
    result = run([an_item(1, day(9, 15)), an_item(2, day(10, 15))], [twin])
    assert paid(result) == {(L1, 1): DUE}
    assert result.proof.by_code["PENALTY"] == (0, 500)


def test_a_row_that_an_earlier_month_had_is_not_spent_again() -> None:
    result = run([an_item(2)], [a_row(sent_before="SAME")])
    assert paid(result) == {}
    assert codes(result) == ["DUP_SAME", "MISSING"]
    assert (result.proof.reported_idr, result.proof.balance_idr) == (DUE, 0)


def test_a_reference_that_an_earlier_month_had_for_something_else_is_held() -> None:
    row = a_row(sent_before="OTHER")
    again = replace(row, line=row.line + 1)
    result = run([an_item(2)], [row, again])
    assert paid(result) == {}
    assert codes(result) == ["DUP_CONFLICT", "DUP_CONFLICT", "MISSING"]
    a_month_later = run([an_item(2)], [replace(row, carried=True)])
    assert codes(a_month_later) == ["DUP_CONFLICT", "MISSING"]


@pytest.mark.parametrize(("sent_before", "said"), [("SAME", "DUP_SAME"), ("OTHER", "DUP_CONFLICT")])
@pytest.mark.parametrize("amount", [DUE, 40])
def test_the_carried_original_keeps_its_money_whatever_comes_again(
    sent_before: str, said: str, amount: int
) -> None:
    rest = a_row(50, day(9, 28), carried=True, file_sha256="a" * 64, bank_reference="T")
    again = replace(
        rest, amount_idr=amount, carried=False, file_sha256=FILE, sent_before=sent_before
    )
    result = run([an_item(1, day(10, 1), 50)], [rest, again])
    assert {a.row_key: a.amount_idr for a in result.allocations} == {"ref:T/1": 50}
    assert codes(result) == [said]
    assert left(result) == {("R", "ref:T/2", said): amount}


def test_a_reversal_sent_again_a_month_later_takes_nothing_back() -> None:
    row = a_row()
    result = run([an_item(1)], [row, a_reversal(row, sent_before="SAME")])
    assert paid(result) == {(L1, 1): DUE}
    assert codes(result) == ["DUP_SAME"]


def test_grace_decides_what_is_late() -> None:
    item = an_item(1, day(10, 15), grace_on=day(10, 20))
    assert codes(run([item], [a_row(value_on=day(10, 20))])) == []
    assert codes(run([item], [a_row(value_on=day(10, 21))])) == ["LATE"]


def test_a_week_is_not_early_and_eight_days_are() -> None:
    assert codes(run([an_item(1, day(10, 15))], [a_row(value_on=day(10, 8))])) == []
    assert codes(run([an_item(1, day(10, 15))], [a_row(value_on=day(10, 7))])) == ["PREPAID"]


def test_facts_stand_as_flags_on_the_other_rows_of_their_item() -> None:
    dues = [an_item(1, day(8, 15)), an_item(2, day(9, 15))]
    result = run(dues, [a_row(100, day(10, 15), instalment_number=2)])
    assert only(result, "PARTIAL").flags == ("LATE", "SEQ_GAP")
    assert only(result, "LATE").flags == ("SEQ_GAP",)


def test_untouched_later_instalments_are_not_in_the_proof() -> None:
    dues = [an_item(1), an_item(2, day(11, 1)), an_item(3, day(12, 1))]
    assert run(dues, [a_row()]).proof.expected_idr == DUE
