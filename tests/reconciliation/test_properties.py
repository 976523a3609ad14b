"""Laws that hold for any period, on random worlds; P-numbers are those of the matching rules."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.mismatches import Residual, RunResult
from gateway.domain.reconciling import PeriodInputs, ReportedRow
from gateway.domain.states import LoanState
from gateway.reconciliation.codes import BUCKETS
from gateway.reconciliation.engine import reconcile
from tests.reconciliation import oracle
from tests.reconciliation.builders import RULES, a_reversal, a_row, day, paid, totals_of
from tests.reconciliation.worlds import a_random_period, some_rules

HELD = {"DUP_SAME", "DUP_CONFLICT", "UNKNOWN_LOAN", "AMBIGUOUS", "POSSIBLE_DUP"}
HELD |= {"REV_ORPHAN", "F_ROW", "NEAR_REF"}

# Worlds do not touch each other, so one run judges many; a failure shrinks to few of them.
seeds = st.lists(st.integers(0, 10**6 - 1), min_size=1, max_size=40)
many = st.lists(st.integers(0, 10**6 - 1), min_size=10, max_size=40)
often = settings(max_examples=25, deadline=None)
sometimes = settings(max_examples=5, deadline=None)


def with_rows(inputs: PeriodInputs, rows: list[ReportedRow]) -> PeriodInputs:
    return replace(inputs, reported=tuple(rows), totals=totals_of(rows))


@often
@given(seeds)
def test_p14_the_slow_oracle_agrees_to_the_rupiah(worlds: list[int]) -> None:
    inputs, rules = a_random_period(worlds), some_rules(worlds)
    result, told = reconcile(inputs, rules), oracle.answer(inputs, rules)
    allocated = {
        (a.loan_reference, a.instalment_number, a.row_key): (a.amount_idr, a.rule)
        for a in result.allocations
    }
    assert allocated == told.paid
    assert {(r.side, r.item, r.code): r.amount_idr for r in result.residuals} == told.left
    listed = {f.key: (f.expected_idr, f.reported_idr) for f in result.mismatches}
    assert listed == told.listed
    check_locality(inputs, result)
    check_age(inputs, result)


def check_locality(inputs: PeriodInputs, result: RunResult) -> None:
    """P1 and P4: nothing held ever pays, and money stays with a loan that the row names."""
    proof = result.proof
    assert proof.balance_idr == 0
    assert proof.expected_idr == proof.allocated_idr + proof.expected_residual_idr
    assert proof.reported_idr == proof.allocated_idr + proof.reported_residual_idr
    spent = {a.row_key for a in result.allocations}
    assert not spent & {r.item for r in result.residuals if r.code in HELD}
    names = {
        loan.loan_reference: {
            loan.loan_number,
            loan.loan_reference,
            *loan.member_references,
        }
        for loan in inputs.loans
    }
    rows = {
        f"ref:{row.bank_reference}/1": row
        for row in inputs.reported
        if row.bank_reference and not row.sent_before
    }
    for a in result.allocations:
        row = rows.get(a.row_key)
        if row is not None:
            assert {row.loan_number, row.application_reference} & names[a.loan_reference]
    due = {f"{i.loan_reference}#{i.number}": i.due_on for i in inputs.expected}
    for r in result.residuals:
        if r.code == "MISSING":
            assert inputs.complete_until is not None
            assert due[r.item] <= min(inputs.as_of, inputs.complete_until)


def check_age(inputs: PeriodInputs, result: RunResult) -> None:
    """P3: no later instalment gets money by age while an earlier one is open.

    Nor is money held as a possible duplicate while dues are open for it (ruling 6).
    """
    rest = {(i.loan_reference, i.number): i.open_idr for i in inputs.expected}
    for at, amount in paid(result).items():
        rest[at] -= amount
    for r in result.residuals:
        if r.side == "E" and r.code in ("WAIVED", "ROUNDING"):
            loan, number = r.item.split("#")
            rest[loan, int(number)] -= r.amount_idr
    due = {(i.loan_reference, i.number): (i.due_on, i.number) for i in inputs.expected}
    opened: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for at, left_idr in rest.items():
        if left_idr:
            opened[at[0]].append(due[at])
    for a in result.allocations:
        if a.rule in ("P9A", "PAYOFF"):
            mine = due[a.loan_reference, a.instalment_number]
            assert all(mine <= other for other in opened[a.loan_reference])
    for found in result.mismatches:
        if found.code == "POSSIBLE_DUP" and found.value_on:
            later = [on for on, _ in opened[found.application_reference]]
            assert all(found.value_on < on for on in later)


@sometimes
@given(many, st.randoms())
def test_p2_any_order_of_the_inputs_gives_the_same_result(
    worlds: list[int], chance: Random
) -> None:
    inputs = a_random_period(worlds)

    def mixed(things: tuple) -> tuple:  # type: ignore[type-arg]  # any of the four collections
        return tuple(chance.sample(things, len(things)))

    shuffled = replace(
        inputs,
        loans=mixed(inputs.loans),
        expected=mixed(inputs.expected),
        reported=mixed(inputs.reported),
        totals=mixed(inputs.totals),
    )
    assert reconcile(shuffled, some_rules(worlds)) == reconcile(inputs, some_rules(worlds))


@sometimes
@given(many)
def test_p6_a_file_sent_twice_changes_nothing_but_its_copies(worlds: list[int]) -> None:
    inputs = a_random_period(worlds)
    fresh = [replace(row, carried=False, twin=False) for row in inputs.reported]
    copies = [
        replace(row, file_sha256=f"z{row.file_sha256[1:]}", file_name=f"Z{row.file_name}")
        for row in fresh
    ]
    once = reconcile(with_rows(inputs, fresh), RULES)
    twice = reconcile(with_rows(inputs, fresh + copies), RULES)
    assert twice.allocations == once.allocations

    def owed(result: RunResult) -> list[object]:
        return [r for r in result.residuals if r.side == "E"]

    assert owed(twice) == owed(once)


@sometimes
@given(many)
def test_p8_renamed_loans_give_the_same_result_renamed(worlds: list[int]) -> None:
    inputs = a_random_period(worlds)
    rows = [
        replace(row, bank_reference=row.bank_reference or f"B{row.line}") for row in inputs.reported
    ]

    def new(reference: str) -> str:
        return f"Z{reference[::-1]}" if reference else ""

    renamed = replace(
        inputs,
        loans=tuple(
            replace(
                loan,
                loan_reference=new(loan.loan_reference),
                loan_number=new(loan.loan_number),
                member_references=tuple(new(m) for m in loan.member_references),
            )
            for loan in inputs.loans
        ),
        expected=tuple(replace(i, loan_reference=new(i.loan_reference)) for i in inputs.expected),
    )
    moved = [
        replace(
            row,
            loan_number=new(row.loan_number),
            application_reference=new(row.application_reference),
        )
        for row in rows
    ]
    before = reconcile(with_rows(inputs, rows), RULES)
    after = reconcile(with_rows(renamed, moved), RULES)
    expected = {
        (new(a.loan_reference), a.instalment_number, a.row_key, a.amount_idr, a.rule)
        for a in before.allocations
    }
    assert expected == {
        (a.loan_reference, a.instalment_number, a.row_key, a.amount_idr, a.rule)
        for a in after.allocations
    }
    assert before.proof.by_code == after.proof.by_code


@sometimes
@given(many, st.integers(2, 10**9))
def test_p9_amounts_times_k_give_the_same_codes_times_k(worlds: list[int], k: int) -> None:
    inputs, rules = a_random_period(worlds), some_rules(worlds)

    def times(thing, *names: str):  # type: ignore[no-untyped-def]  # any of our frozen values
        old = {name: getattr(thing, name) for name in names}
        return replace(thing, **{n: None if v is None else v * k for n, v in old.items()})

    parts = ("amount_idr", "principal_idr", "interest_idr")
    larger = replace(inputs, expected=tuple(times(i, "open_idr", *parts) for i in inputs.expected))
    rows = [times(row, "penalty_idr", "outstanding_idr", *parts) for row in inputs.reported]
    raised = times(rules, "tolerance_idr", "tolerance_cap_loan_idr")
    before, after = reconcile(inputs, rules), reconcile(with_rows(larger, rows), raised)
    scaled = {code: (e * k, r * k) for code, (e, r) in before.proof.by_code.items()}
    assert after.proof.by_code == scaled
    assert paid(after) == {at: amount * k for at, amount in paid(before).items()}


@sometimes
@given(many)
def test_p10_the_exact_missing_payment_removes_its_remainder_alone(worlds: list[int]) -> None:
    inputs = a_random_period(worlds)
    # Twins aside: a payment more may make the second of two like rows a possible duplicate.
    alone = [row for row in inputs.reported if not row.twin]
    single = {(row.line // 100, row.amount_idr, row.value_on): row for row in alone}
    rows = list(single.values())
    before = reconcile(with_rows(inputs, rows), RULES)
    numbers = {loan.loan_reference: loan.loan_number for loan in inputs.loans}
    states = {loan.loan_reference: loan.state for loan in inputs.loans}
    missing = [r for r in before.residuals if r.code == "MISSING"]
    extra: list[ReportedRow] = []
    gone: set[str] = set()
    for residual in missing:
        loan, number = residual.item.split("#")
        if states[loan] is LoanState.ACTIVE and loan not in {item.split("#")[0] for item in gone}:
            gone.add(residual.item)
            extra.append(
                a_row(
                    residual.amount_idr,
                    day(10, 27),
                    loan_number=numbers[loan],
                    application_reference=loan,
                    instalment_number=int(number),
                )
            )
    after = reconcile(with_rows(inputs, [*rows, *extra]), RULES)

    def named(residuals: tuple[Residual, ...]) -> set[Residual]:
        """A due that is paid is no longer what a misspelt name may have meant."""
        strangers = {"NEAR_REF", "AMBIGUOUS"}
        return {replace(r, code="UNKNOWN_LOAN") if r.code in strangers else r for r in residuals}

    kept = tuple(r for r in before.residuals if r.item not in gone)
    assert named(after.residuals) == named(kept)
    assert set(before.allocations) <= set(after.allocations)


@sometimes
@given(many)
def test_p11_a_payment_and_its_reversal_leave_everything_as_it_was(worlds: list[int]) -> None:
    inputs = a_random_period(worlds)
    before = reconcile(inputs, RULES)
    extra = []
    for loan in inputs.loans:
        row = a_row(100, day(10, 10), loan_number=loan.loan_number, application_reference="")
        extra += [row, a_reversal(row)]
    after = reconcile(with_rows(inputs, [*inputs.reported, *extra]), RULES)
    assert after.allocations == before.allocations
    assert [r for r in after.residuals if r.side == "E"] == [
        r for r in before.residuals if r.side == "E"
    ]
    assert after.proof.reported_idr == before.proof.reported_idr


@sometimes
@given(many)
def test_every_remainder_that_is_a_break_has_its_row_in_the_list(worlds: list[int]) -> None:
    result = reconcile(a_random_period(worlds), some_rules(worlds))
    listed = {found.key: found for found in result.mismatches}
    for r in result.residuals:
        if r.code not in BUCKETS | {"REVERSED"}:
            found = listed[f"{r.side}|{r.item}|{r.code}"]
            sign = -1 if r.side == "E" else 1
            assert found.difference_idr == sign * r.amount_idr
    assert not [found for found in result.mismatches if found.code in found.flags]
