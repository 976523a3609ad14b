"""A run that does not add up never becomes part of the state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gateway.domain.mismatches import Residual, RunResult, Side
from gateway.errors import IntegrityBroken, StaleRecord
from gateway.store import Store, mismatches, periods
from tests.store.builders import NOW, a_repayment, lend, repay
from tests.store.months import found_city, run


@pytest.fixture
def city(store: Store) -> Store:
    return found_city(store)


def with_one_rupiah_more(result: RunResult) -> RunResult:
    return replace(result, proof=replace(result.proof, expected_idr=result.proof.expected_idr + 1))


def with_another_proof(result: RunResult) -> RunResult:
    return replace(result, proof=replace(result.proof, run_id="other"))


def with_money_lost(result: RunResult) -> RunResult:
    return replace(result, residuals=result.residuals[1:])


def with_money_made(result: RunResult) -> RunResult:
    made = replace(result.residuals[0], code="OVERPAID")
    return replace(result, residuals=(*result.residuals, made))


def with_sides_not_used_up(result: RunResult) -> RunResult:
    proof = result.proof
    more = replace(proof, expected_idr=proof.expected_idr + 1, reported_idr=proof.reported_idr + 1)
    return replace(result, proof=more)


def with_one_row_under_two_keys(result: RunResult) -> RunResult:
    """Sums agree, rows do not."""
    half = replace(result.allocations[0], amount_idr=200_000, row_key="ref:OTHER/1")
    rest = replace(result.allocations[0], amount_idr=203_000)
    return replace(result, allocations=(half, rest))


def with_an_item_too_large(result: RunResult) -> RunResult:
    """Two items of Rp403,000 told as Rp405,000 and Rp401,000: sums agree, items do not."""
    first = replace(result.allocations[0], amount_idr=400_000)
    second = replace(first, instalment_number=2, amount_idr=3_000)
    left = [
        Residual(side=Side.EXPECTED, item=f"HRK2600000001#{number}", code="PARTIAL", amount_idr=n)
        for number, n in ((1, 5_000), (2, 398_000))
    ]
    return replace(
        result,
        allocations=(first, second),
        residuals=(*result.residuals, *left),
        proof=replace(result.proof, expected_idr=806_000, expected_residual_idr=403_000),
    )


def with_a_nameless_item(result: RunResult) -> RunResult:
    nameless = Residual(side=Side.EXPECTED, item="HRK2600000001", code="PARTIAL", amount_idr=1)
    proof = replace(
        result.proof,
        expected_idr=result.proof.expected_idr + 1,
        expected_residual_idr=result.proof.expected_residual_idr + 1,
    )
    return replace(result, residuals=(*result.residuals, nameless), proof=proof)


@pytest.mark.parametrize(
    "break_it",
    [
        with_one_rupiah_more,
        with_another_proof,
        with_money_lost,
        with_money_made,
        with_sides_not_used_up,
        with_one_row_under_two_keys,
        with_an_item_too_large,
        with_a_nameless_item,
    ],
)
def test_a_run_that_does_not_add_up_is_not_saved(
    city: Store, break_it: Callable[[RunResult], RunResult]
) -> None:
    broken = break_it(run(city, "2026-09"))
    with pytest.raises(IntegrityBroken), city.begin(NOW, "worker") as tx:
        periods.save_run(tx, broken)
    with city.read() as tx:
        assert periods.list_periods(tx) == []
        assert tx.conn.exec_driver_sql("SELECT COUNT(*) FROM runs").scalar() == 0
        assert mismatches.list_mismatches(tx) == []


def test_a_run_that_leaves_out_a_due_item_is_stale(city: Store) -> None:
    result = run(city, "2026-09")
    with city.begin(NOW, "test") as tx:
        lend(tx, 2)
    with pytest.raises(StaleRecord), city.begin(NOW, "worker") as tx:
        periods.save_run(tx, result)


def test_a_proof_that_is_not_zero_says_so(city: Store) -> None:
    broken = with_one_rupiah_more(run(city, "2026-09"))
    with (
        pytest.raises(IntegrityBroken, match="proof is not zero"),
        city.begin(NOW, "worker") as tx,
    ):
        periods.save_run(tx, broken)


def test_a_run_of_yesterdays_rows_is_stale_not_broken(city: Store) -> None:
    result = run(city, "2026-09")
    with city.begin(NOW, "test") as tx:
        repay(tx, 2, a_repayment(4, bank_reference="TRX9"))
    with pytest.raises(StaleRecord), city.begin(NOW, "worker") as tx:
        periods.save_run(tx, result)
