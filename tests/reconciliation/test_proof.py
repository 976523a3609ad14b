"""A run that does not add up is never returned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gateway.domain.mismatches import Allocation, Residual, Side
from gateway.domain.reconciling import PeriodInputs, StatementTotals, UnreadRow
from gateway.errors import IntegrityBroken
from gateway.reconciliation.engine import reconcile
from gateway.reconciliation.proof import Outcome, prove
from tests.reconciliation.builders import (
    FILE,
    L1,
    LAST,
    RULES,
    a_loan,
    a_period,
    a_row,
    an_item,
)

KEY = "ref:T1/1"


def a_sound_period() -> PeriodInputs:
    return a_period([an_item(1, amount_idr=100)], [a_row(130, bank_reference="T1")])


def a_sound_outcome() -> Outcome:
    result = reconcile(a_sound_period(), RULES)
    return Outcome(
        row_keys=[KEY],
        allocations=result.allocations,
        residuals=result.residuals,
        mismatches=result.mismatches,
    )


def test_a_sound_outcome_proves() -> None:
    proof = prove(a_sound_period(), "run", a_sound_outcome(), LAST)
    assert (proof.balance_idr, proof.allocated_idr) == (0, 100)
    assert proof.by_code == {"OVERPAID": (0, 30)}


def with_allocation(**changes: Any) -> Callable[[Outcome], Outcome]:
    return lambda o: replace(o, allocations=(replace(o.allocations[0], **changes),))


def with_residual(**changes: Any) -> Callable[[Outcome], Outcome]:
    return lambda o: replace(o, residuals=(replace(o.residuals[0], **changes),))


BROKEN: dict[str, tuple[Callable[[Outcome], Outcome], str]] = {
    "too much paid": (with_allocation(amount_idr=101), "I1"),
    "too little paid": (with_allocation(amount_idr=99), "I1"),
    "paid to nobody": (with_allocation(loan_reference="GHOST"), "I1"),
    "paid by nobody": (with_allocation(row_key="ref:T2/1"), "I2"),
    "nothing paid": (with_allocation(amount_idr=0), "I3"),
    "remainder too large": (with_residual(amount_idr=31), "I2"),
    "remainder of nobody": (with_residual(item="ref:T2/1"), "I2"),
    "remainder on the other side": (with_residual(side=Side.EXPECTED), "I1"),
    "remainder empty": (with_residual(amount_idr=0), "I3"),
    "remainder without a known code": (with_residual(code="HMM"), "I3"),
    "remainder lost": (lambda o: replace(o, residuals=()), "I2"),
    "remainder twice": (lambda o: replace(o, residuals=o.residuals * 2), "I3"),
    "one slice twice": (lambda o: replace(o, allocations=o.allocations * 2), "I3"),
    "a row lost": (lambda o: replace(o, row_keys=[]), "I2"),
    "mismatch lost": (lambda o: replace(o, mismatches=()), "the list and the proof"),
    "mismatch twice": (lambda o: replace(o, mismatches=o.mismatches * 2), "twice"),
    "mismatch of another amount": (
        lambda o: replace(o, mismatches=(replace(o.mismatches[0], reported_idr=29),)),
        "the list and the proof",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_outcome_that_was_tampered_with_does_not_prove(name: str) -> None:
    break_it, law = BROKEN[name]
    with pytest.raises(IntegrityBroken, match=law) as caught:
        prove(a_sound_period(), "run", break_it(a_sound_outcome()), LAST)
    assert caught.value.reason == "PROOF_FAILED"
    assert "Tidak ada yang disimpan" in caught.value.message_id


def test_two_rows_may_not_share_a_key() -> None:
    rows = [a_row(50, bank_reference="T1"), a_row(50, bank_reference="T2")]
    inputs = a_period([an_item(1, amount_idr=100)], rows)
    outcome = Outcome(row_keys=[KEY, KEY], allocations=(), residuals=(), mismatches=())
    with pytest.raises(IntegrityBroken, match="I2"):
        prove(inputs, "run", outcome, LAST)


def test_an_untouched_item_may_not_vanish() -> None:
    inputs = a_period([an_item(1)], [])
    outcome = Outcome(row_keys=[], allocations=(), residuals=(), mismatches=())
    with pytest.raises(IntegrityBroken, match="I1"):
        prove(inputs, "run", outcome, LAST)


def totals(count: int, net_idr: int) -> tuple[StatementTotals, ...]:
    return (
        StatementTotals(
            file_sha256=FILE, file_name="F", stated_count=count, stated_net_idr=net_idr
        ),
    )


@pytest.mark.parametrize(
    ("changes", "law"),
    [
        ({"totals": totals(2, 100)}, "I4"),
        ({"totals": totals(1, 99)}, "I4"),
        ({"totals": totals(1, 100) * 2}, "I4"),
        ({"totals": ()}, "I4"),
        ({"loans": ()}, "no loan"),
        ({"loans": (a_loan(), a_loan())}, "a loan is given twice"),
        ({"expected": (an_item(1), an_item(1))}, "an instalment is given twice"),
        ({"expected": (an_item(1, open_idr=0),)}, "an open item is empty"),
        ({"reported": (a_row(0),), "totals": totals(1, 0)}, "a row has no amount"),
        ({"expected": (an_item(1, amount_idr=10**18 + 1),)}, "beyond all measure"),
        ({"reported": (a_row(100, penalty_idr=-(10**18) - 1),)}, "beyond all measure"),
    ],
)
def test_inputs_that_cannot_be_true_are_refused(changes: dict[str, Any], law: str) -> None:
    inputs = replace(a_period([an_item(1)], [a_row(100)]), **changes)
    with pytest.raises(IntegrityBroken, match=law):
        reconcile(inputs, RULES)


def test_unread_and_held_rows_count_in_their_file_and_carried_money_does_not() -> None:
    unread = UnreadRow(file_sha256=FILE, file_name="F", line=3, amount_idr=7)
    rows = [a_row(100), a_row(5, loan="WHO"), a_row(40, carried=True)]
    inputs = a_period([an_item(1)], rows, unread=(unread,), totals=totals(3, 112))
    assert reconcile(inputs, RULES).proof.reported_idr == 152


def test_two_unread_rows_on_one_line_are_refused() -> None:
    unread = UnreadRow(file_sha256=FILE, file_name="F", line=3, amount_idr=7)
    with pytest.raises(IntegrityBroken, match="I3"):
        reconcile(a_period([], [], [a_loan()], unread=(unread, unread)), RULES)


def test_the_error_carries_no_number_of_anybody() -> None:
    with pytest.raises(IntegrityBroken) as caught:
        reconcile(replace(a_period([an_item(1)], [a_row(100)]), totals=totals(1, 99)), RULES)
    assert L1 not in caught.value.text("id") + caught.value.text("en")


def test_names_of_the_parts_are_what_the_store_joins_on() -> None:
    outcome = a_sound_outcome()
    assert outcome.allocations[0] == Allocation(
        loan_reference=L1, instalment_number=1, row_key=KEY, amount_idr=100, rule="P9A"
    )
    assert outcome.residuals[0] == Residual(
        side=Side.REPORTED, item=KEY, code="OVERPAID", amount_idr=30
    )
