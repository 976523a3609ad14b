"""Runs as the real reconciliation makes them, stored and carried from month to month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.domain.files import RowDefect
from gateway.domain.loans import RepaymentType
from gateway.domain.states import LoanState, MismatchState
from gateway.store import Store, loans, mismatches, periods, trail
from tests.store.builders import BANK, NOW, a_disbursement, a_repayment, lend, receive, repay
from tests.store.months import DAYS, OCTOBER, codes, found_city, inputs_of, run_and_save


@pytest.fixture
def city(store: Store) -> Store:
    return found_city(store)


def test_the_inputs_are_everything_open_and_everything_reported(city: Store) -> None:
    with city.read() as tx:
        inputs = inputs_of(tx, "2026-09")
        assert periods.list_open_periods(tx, BANK, until="2026-10") == ["2026-09", "2026-10"]
        assert periods.list_open_periods(tx, "bpr_kenali", until="2026-10") == []
    (loan,) = inputs.loans
    assert (loan.loan_reference, loan.state) == ("HRK2600000001", LoanState.ACTIVE)
    assert [(item.number, item.open_idr) for item in inputs.expected] == [
        (1, 403_000),
        (2, 403_000),
        (3, 403_000),
    ]
    first = inputs.expected[0]
    assert (first.due_on, first.grace_on, first.since) == (
        date(2026, 9, 14),
        date(2026, 9, 17),
        date(2026, 9, 14),
    )
    assert [(row.line, row.amount_idr, row.carried) for row in inputs.reported] == [
        (2, 403_000, False),
        (3, 77_000, False),
    ]
    assert [(one.stated_count, one.stated_net_idr) for one in inputs.totals] == [(2, 480_000)]
    assert inputs.unread == ()


def test_a_run_is_stored_once_and_its_proof_comes_back(city: Store) -> None:
    result = run_and_save(city, "2026-09")
    with city.begin(NOW, "worker") as tx:
        entries = trail.count(tx)
        assert not periods.save_run(tx, result)
        assert trail.count(tx) == entries
        counted = tx.conn.exec_driver_sql("SELECT COUNT(*) FROM allocations").scalar()
    with city.read() as tx:
        assert periods.latest_run(tx, BANK, "2026-09") == result.proof
        assert periods.latest_run(tx, BANK, "2026-10") is None
        assert periods.list_periods(tx) == [(BANK, "2026-09")]
    assert counted == len(result.allocations) == 1
    assert codes(city, "2026-09") == {"UNKNOWN_LOAN": 1}


def test_what_is_paid_is_closed_and_what_is_left_is_carried(city: Store) -> None:
    run_and_save(city, "2026-09")
    with city.read() as tx:
        inputs = inputs_of(tx, "2026-10")
    assert [item.number for item in inputs.expected] == [2, 3]
    (carried,) = inputs.reported
    assert (carried.carried, carried.amount_idr, carried.line) == (True, 77_000, 3)
    run_and_save(city, "2026-10")
    assert codes(city, "2026-10") == {"MISSING": 1, "UNKNOWN_LOAN": 1}
    with city.read() as tx:
        (carried,) = inputs_of(tx, "2026-11").reported
        assert carried.amount_idr == 77_000
        (item,) = [item for item in inputs_of(tx, "2026-11").expected if item.number == 2]
        assert item.since == DAYS["2026-10"]
        stray = mismatches.list_mismatches(tx, period="2026-10", code="UNKNOWN_LOAN")
    assert [row.since for row in stray] == [DAYS["2026-09"]]


def test_settled_money_is_not_carried(city: Store) -> None:
    run_and_save(city, "2026-09")
    with city.begin(NOW, "maker") as tx:
        (row,) = mismatches.list_mismatches(tx, code="UNKNOWN_LOAN")
        mismatches.propose(tx, row.id, "return_to_bank", "uang nasabah lain")
    with city.begin(NOW, "checker") as tx:
        mismatches.settle(tx, row.id)
    with city.read() as tx:
        assert inputs_of(tx, "2026-10").reported == ()
    run_and_save(city, "2026-10")


def test_a_partial_payment_leaves_its_rest_open_next_month(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
        repay(tx, 1, a_repayment(2, amount_idr=300_000, outstanding_idr=900_000))
    run_and_save(store, "2026-09")
    assert codes(store, "2026-09") == {"PARTIAL": 1}
    with store.read() as tx:
        first = inputs_of(tx, "2026-10").expected[0]
    assert (first.number, first.open_idr, first.amount_idr) == (1, 103_000, 403_000)


def test_a_payoff_waives_interest_for_good(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
        payoff = a_repayment(
            2,
            type=RepaymentType.PAYOFF,
            amount_idr=1_203_000,
            principal_idr=1_200_000,
            outstanding_idr=0,
            instalment_number=None,
        )
        repay(tx, 1, payoff)
    result = run_and_save(store, "2026-09")
    assert result.proof.by_code["WAIVED"] == (6_000, 0)
    with store.read() as tx:
        assert inputs_of(tx, "2026-10").expected == ()


def test_an_unread_row_keeps_its_money_in_its_own_month(store: Store) -> None:
    defect = RowDefect(line=4, column="nominal", message_en="x", message_id="x", amount_idr=None)
    with store.begin(NOW, "test") as tx:
        lend(tx)
        file_id = receive(tx)
        loans.save_repayments(tx, BANK, "2026-09", [a_repayment(2)], file_id)
        loans.save_row_defects(tx, file_id, [defect, replace(defect, line=5, amount_idr=1_000)])
        loans.save_statement_totals(
            tx, BANK, "2026-09", stated_count=3, stated_net_idr=454_000, file_id=file_id
        )
    with store.read() as tx:
        unread = inputs_of(tx, "2026-09").unread
    assert [(row.line, row.amount_idr) for row in unread] == [(4, 50_000), (5, 1_000)]
    run_and_save(store, "2026-09")
    assert codes(store, "2026-09") == {"F_ROW": 2}
    with store.read() as tx:
        assert inputs_of(tx, "2026-10").reported == ()


def test_a_reversal_without_its_original_is_carried_as_a_reversal(store: Store) -> None:
    orphan = a_repayment(2, type=RepaymentType.REVERSAL, original_reference="NONE")
    with store.begin(NOW, "test") as tx:
        lend(tx)
        repay(tx, 1, orphan)
    run_and_save(store, "2026-09")
    assert codes(store, "2026-09")["REV_ORPHAN"] == 1
    with store.read() as tx:
        (carried,) = inputs_of(tx, "2026-10").reported
    assert (carried.type, carried.amount_idr) == (RepaymentType.REVERSAL, 403_000)
    run_and_save(store, "2026-10")


def test_a_corrected_file_takes_the_place_of_the_first(city: Store) -> None:
    run_and_save(city, "2026-09")
    with city.begin(NOW, "test") as tx:
        repay(tx, 1, a_repayment(2), version=2)
    with city.read() as tx:
        assert len(inputs_of(tx, "2026-09").reported) == 1
        assert len(inputs_of(tx, "2026-09").totals) == 1
    run_and_save(city, "2026-09")
    assert codes(city, "2026-09") == {}
    assert codes(city, "2026-09", state=MismatchState.CLEARED) == {"UNKNOWN_LOAN": 1}


def test_a_group_is_known_with_its_members_and_a_nameless_loan_by_its_number(
    store: Store,
) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx, 2, application_reference="")
        repay(tx, 1, a_repayment(2, loan_number=a_disbursement(2).loan_number))
    with store.read() as tx:
        inputs = inputs_of(tx, "2026-09")
    assert inputs.loans[0].loan_reference == "@100100120002"
    result = run_and_save(store, "2026-09")
    assert [a.loan_reference for a in result.allocations] == ["@100100120002"]
    with store.read() as tx:
        assert [item.number for item in inputs_of(tx, "2026-10").expected] == [2, 3]


def test_the_same_run_again_becomes_the_newest_again(city: Store) -> None:
    first = run_and_save(city, "2026-09")
    with city.begin(NOW, "test") as tx:
        repay(tx, 2, a_repayment(4, **OCTOBER, bank_reference="TRX9", instalment_number=2))
    run_and_save(city, "2026-09")
    assert codes(city, "2026-09", include_info=True) != {"UNKNOWN_LOAN": 1}
    with city.begin(NOW, "worker") as tx:
        assert not periods.save_run(tx, first)
        assert periods.latest_run(tx, BANK, "2026-09") == first.proof
    assert codes(city, "2026-09", include_info=True) == {"UNKNOWN_LOAN": 1}


def test_a_possible_duplicate_is_held_month_after_month_until_a_person_settles_it(
    store: Store,
) -> None:
    again = a_repayment(3, instalment_number=None)
    with store.begin(NOW, "test") as tx:
        lend(tx)
        repay(tx, 1, a_repayment(2), again)
    run_and_save(store, "2026-09")
    assert codes(store, "2026-09") == {"POSSIBLE_DUP": 1}
    with store.read() as tx:
        (held,) = inputs_of(tx, "2026-10").reported
    assert (held.carried, held.twin, held.amount_idr) == (True, True, 403_000)
    result = run_and_save(store, "2026-10")
    assert result.allocations == ()
    assert codes(store, "2026-10") == {"MISSING": 1, "POSSIBLE_DUP": 1}
    with store.begin(NOW, "maker") as tx:
        (row,) = mismatches.list_mismatches(tx, period="2026-10", code="POSSIBLE_DUP")
        assert row.since == DAYS["2026-09"]
        mismatches.propose(tx, row.id, "return_to_bank", "dua kali disetor")
    with store.begin(NOW, "checker") as tx:
        mismatches.settle(tx, row.id)
        assert inputs_of(tx, "2026-11").reported == ()


def test_other_money_that_is_carried_is_no_possible_duplicate(city: Store) -> None:
    run_and_save(city, "2026-09")
    with city.read() as tx:
        assert [row.twin for row in inputs_of(tx, "2026-10").reported] == [False]


def test_a_row_that_was_spent_and_comes_again_next_month_counts_once(city: Store) -> None:
    run_and_save(city, "2026-09")
    with city.begin(NOW, "test") as tx:
        repay(tx, 2, a_repayment(7), period="2026-10")
        repay(tx, 3, a_repayment(2), period="2026-10")
    with city.read() as tx:
        sent = {row.bank_reference: row.sent_before for row in inputs_of(tx, "2026-10").reported}
        assert {row.sent_before for row in inputs_of(tx, "2026-09").reported} == {""}
    assert sent == {"TRX000007": "", "TRX000002": "SAME", "TRX000003": ""}
    result = run_and_save(city, "2026-10")
    assert {a.row_key for a in result.allocations} == {"ref:TRX000007/1"}
    told = codes(city, "2026-10", include_info=True)
    assert told["DUP_SAME"] == 1
    with city.read() as tx:
        carried = inputs_of(tx, "2026-11").reported
    assert {row.bank_reference for row in carried} == {"TRX000003"}


OTHER_CONTENTS: list[dict[str, Any]] = [
    {"amount_idr": 402_999},
    {"value_on": date(2026, 9, 13)},
    {"booked_on": date(2026, 9, 15)},
    {"loan_number": "999"},
    {"application_reference": ""},
    {"instalment_number": None},
    {"type": RepaymentType.PAYOFF},
    {"original_reference": "TRX000009"},
]


def test_a_reference_that_comes_again_with_other_content_is_held_and_stays_held(
    city: Store,
) -> None:
    rows = [a_repayment(n) for n in range(10, 10 + len(OTHER_CONTENTS))]
    others = [replace(row, **changes) for row, changes in zip(rows, OTHER_CONTENTS, strict=True)]
    with city.begin(NOW, "test") as tx:
        repay(tx, 2, *rows)
    run_and_save(city, "2026-09")
    with city.begin(NOW, "test") as tx:
        repay(tx, 3, *others, period="2026-10")
    run_and_save(city, "2026-10")
    assert codes(city, "2026-10")["DUP_CONFLICT"] == len(others)
    with city.read() as tx:
        held = [row for row in inputs_of(tx, "2026-11").reported if row.sent_before]
    assert {row.bank_reference for row in held} == {row.bank_reference for row in others}
    assert {(row.carried, row.sent_before) for row in held} == {(True, "OTHER")}
    with city.begin(NOW, "test") as tx:
        repay(tx, 4, *others, period="2026-11")
    result = run_and_save(city, "2026-11")
    told = codes(city, "2026-11", include_info=True)
    assert (told["DUP_CONFLICT"], told["DUP_SAME"]) == (len(others), len(others))
    assert result.allocations == ()


def test_what_the_bank_says_beside_the_payment_makes_no_conflict(city: Store) -> None:
    run_and_save(city, "2026-09")
    aside = a_repayment(2, outstanding_idr=1, collectability=2, note="lain", penalty_idr=7)
    with city.begin(NOW, "test") as tx:
        repay(tx, 2, aside, period="2026-10")
    with city.read() as tx:
        assert inputs_of(tx, "2026-10").reported[0].sent_before == "SAME"


def test_a_carried_original_keeps_its_money_and_its_copy_is_told_once(city: Store) -> None:
    run_and_save(city, "2026-09")
    with city.begin(NOW, "test") as tx:
        stray = a_repayment(
            3,
            loan_number="999",
            application_reference="",
            instalment_number=None,
            amount_idr=77_000,
        )
        repay(tx, 2, stray, period="2026-10")
    run_and_save(city, "2026-10")
    told = codes(city, "2026-10", include_info=True)
    assert (told["UNKNOWN_LOAN"], told["DUP_SAME"]) == (1, 1)
    assert "DUP_CONFLICT" not in told
    with city.read() as tx:
        (only_one,) = inputs_of(tx, "2026-11").reported
    assert (only_one.file_name, only_one.sent_before) == (
        inputs_name(city, "2026-09", "TRX000003"),
        "",
    )


def inputs_name(store: Store, period: str, bank_reference: str) -> str:
    """The file in which a row of a month came."""
    with store.read() as tx:
        rows = inputs_of(tx, period).reported
    return next(row.file_name for row in rows if row.bank_reference == bank_reference)


def test_only_earlier_months_current_files_and_named_rows_make_a_copy(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
        repay(tx, 1, a_repayment(2), a_repayment(3, bank_reference=""))
        repay(tx, 2, a_repayment(2), a_repayment(4))
        repay(tx, 2, a_repayment(5), version=2)
        repay(tx, 3, a_repayment(2), period="2026-11")
        repay(tx, 4, a_repayment(4), a_repayment(3, bank_reference=""), period="2026-10")
    with store.read() as tx:
        for period in ("2026-09", "2026-10"):
            assert {row.sent_before for row in inputs_of(tx, period).reported} == {""}
        assert [row.sent_before for row in inputs_of(tx, "2026-11").reported] == ["SAME"]
