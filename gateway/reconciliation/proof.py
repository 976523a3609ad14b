"""Pass 14: the invariants I1–I4 and I7, recomputed from the inputs, before anything is returned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from gateway.domain.loans import RepaymentType
from gateway.domain.mismatches import Allocation, FoundMismatch, Proof, Residual, Side
from gateway.domain.reconciling import PeriodInputs, ReportedRow
from gateway.errors import IntegrityBroken
from gateway.reconciliation.codes import BUCKETS, CODES

# Sixty-four bits hold it nine times over; sums are wider.
LARGEST_IDR: Final = 10**18


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the passes found, still to be proved.

    :param row_keys: the key of each reported row, in the inputs' order; unread rows follow.
    """

    row_keys: Sequence[str]
    allocations: tuple[Allocation, ...]
    residuals: tuple[Residual, ...]
    mismatches: tuple[FoundMismatch, ...]


def _require(holds: bool, what: str) -> None:
    """
    :raises IntegrityBroken: unless it holds.
    """
    if not holds:
        raise IntegrityBroken(
            f"The reconciliation does not prove: {what}. Nothing was saved.",
            message_id=f"Rekonsiliasi tidak terbukti: {what}. Tidak ada yang disimpan.",
            how_en="Keep the files and call the developers.",
            how_id="Simpan berkasnya dan hubungi pengembang.",
            reason="PROOF_FAILED",
        )


def signed_idr(row: ReportedRow) -> int:
    """A row's money as it moves: negative for a reversal."""
    return -row.amount_idr if row.type is RepaymentType.REVERSAL else row.amount_idr


def check_inputs(inputs: PeriodInputs) -> None:
    """I4 and what the passes take for granted.

    :raises IntegrityBroken: if a file's rows do not add up to its own totals, an amount is not
        positive, or an item has no loan or stands twice.
    """
    loans = {loan.loan_reference for loan in inputs.loans}
    _require(len(loans) == len(inputs.loans), "a loan is given twice")
    items = {(item.loan_reference, item.number) for item in inputs.expected}
    _require(len(items) == len(inputs.expected), "an instalment is given twice")
    _require(all(loan in loans for loan, _ in items), "an instalment has no loan")
    _require(all(item.open_idr > 0 for item in inputs.expected), "an open item is empty")
    _require(all(row.amount_idr > 0 for row in inputs.reported), "a row has no amount")
    largest = max(map(abs, _all_amounts(inputs)), default=0)
    _require(largest <= LARGEST_IDR, "an amount is beyond all measure")
    _check_files(inputs)


def _all_amounts(inputs: PeriodInputs) -> Iterator[int]:
    """Every amount that the tables will hold."""
    for item in inputs.expected:
        yield from (item.open_idr, item.amount_idr, item.principal_idr, item.interest_idr)
    for row in inputs.reported:
        yield row.amount_idr
        yield from (
            part
            for part in (row.principal_idr, row.interest_idr, row.penalty_idr, row.outstanding_idr)
            if part is not None
        )


def _check_files(inputs: PeriodInputs) -> None:
    """I4: count and net of every admitted file, unread and held rows included."""
    counted: dict[str, int] = defaultdict(int)
    net: dict[str, int] = defaultdict(int)
    for row in inputs.reported:
        if not row.carried:
            counted[row.file_sha256] += 1
            net[row.file_sha256] += signed_idr(row)
    for unread in inputs.unread:
        counted[unread.file_sha256] += 1
        net[unread.file_sha256] += unread.amount_idr
    stated = {totals.file_sha256: totals for totals in inputs.totals}
    _require(len(stated) == len(inputs.totals), "I4, a file's totals are given twice")
    _require(counted.keys() <= stated.keys(), "I4, a file has rows and no totals")
    for sha256, totals in stated.items():
        _require(counted[sha256] == totals.stated_count, "I4, a file's rows are not all here")
        _require(net[sha256] == totals.stated_net_idr, "I4, a file's rows miss its net total")


def _item(loan_reference: str, number: int) -> str:
    return f"{loan_reference}#{number}"


def _row_amounts(inputs: PeriodInputs, row_keys: Sequence[str]) -> dict[str, int]:
    """Row key -> signed money, straight from the inputs."""
    amounts = [signed_idr(row) for row in inputs.reported]
    amounts += [unread.amount_idr for unread in inputs.unread]
    _require(len(row_keys) == len(amounts), "I2, rows were lost or made")
    by_key = dict(zip(row_keys, amounts, strict=True))
    _require(len(by_key) == len(amounts), "I2, two rows share one key")
    return by_key


def _spent(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    spent: dict[str, int] = defaultdict(int)
    for item, amount_idr in pairs:
        spent[item] += amount_idr
    return spent


def _check_items(
    amounts: Mapping[str, int], allocated: Mapping[str, int], left: Mapping[str, int], law: str
) -> None:
    """I1 or I2: amount = allocations + remainders, item by item."""
    _require(allocated.keys() <= amounts.keys(), f"{law}, an allocation has no item")
    _require(left.keys() <= amounts.keys(), f"{law}, a remainder has no item")
    for item, amount_idr in amounts.items():
        _require(
            amount_idr == allocated.get(item, 0) + left.get(item, 0),
            f"{law}, an item's parts do not add up",
        )


def _check_shape(outcome: Outcome) -> None:
    """I3: allocations are positive; a remainder is not empty and has one code, once."""
    _require(all(a.amount_idr > 0 for a in outcome.allocations), "I3, an empty allocation")
    pairs = {(a.loan_reference, a.instalment_number, a.row_key) for a in outcome.allocations}
    _require(len(pairs) == len(outcome.allocations), "I3, one row pays one item twice")
    _require(all(r.amount_idr != 0 for r in outcome.residuals), "I3, an empty remainder")
    _require(
        all(r.code in CODES or r.code in BUCKETS for r in outcome.residuals), "I3, an unknown code"
    )
    named = {(r.side, r.item, r.code) for r in outcome.residuals}
    _require(len(named) == len(outcome.residuals), "I3, one remainder twice")
    keys = {found.key for found in outcome.mismatches}
    _require(len(keys) == len(outcome.mismatches), "one mismatch twice")


def _by_code(residuals: Iterable[Residual]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for residual in residuals:
        expected_idr, reported_idr = sums.get(residual.code, (0, 0))
        if residual.side is Side.EXPECTED:
            expected_idr += residual.amount_idr
        else:
            reported_idr += residual.amount_idr
        sums[residual.code] = (expected_idr, reported_idr)
    return dict(sorted(sums.items()))


def _check_list(proof: Proof, mismatches: Iterable[FoundMismatch]) -> None:
    """The list tells of the same money as the proof, code by code."""
    listed = _spent((found.code, found.difference_idr) for found in mismatches)
    for code, (expected_idr, reported_idr) in proof.by_code.items():
        if code not in BUCKETS:
            _require(
                listed.get(code, 0) == reported_idr - expected_idr, "the list and the proof differ"
            )


def prove(inputs: PeriodInputs, run_id: str, outcome: Outcome, period_last: date) -> Proof:
    """The zero-sum proof of a run (ruling 25).

    :param period_last: last day of the period; items due up to it are in the proof.
    :raises IntegrityBroken: if any invariant fails; the run must then not be saved.
    """
    _check_shape(outcome)
    paid = _spent(
        (_item(a.loan_reference, a.instalment_number), a.amount_idr) for a in outcome.allocations
    )
    spent = _spent((a.row_key, a.amount_idr) for a in outcome.allocations)
    left = {
        side: _spent((r.item, r.amount_idr) for r in outcome.residuals if r.side is side)
        for side in Side
    }
    expected = {
        item: due.open_idr
        for due in inputs.expected
        if (item := _item(due.loan_reference, due.number)) in paid
        or item in left[Side.EXPECTED]
        or due.due_on <= period_last
    }
    reported = _row_amounts(inputs, outcome.row_keys)
    _check_items(expected, paid, left[Side.EXPECTED], "I1")
    _check_items(reported, spent, left[Side.REPORTED], "I2")
    proof = Proof(
        partner_code=inputs.partner_code,
        period=inputs.period,
        as_of=inputs.as_of,
        run_id=run_id,
        expected_idr=sum(expected.values()),
        reported_idr=sum(reported.values()),
        allocated_idr=sum(paid.values()),
        expected_residual_idr=sum(left[Side.EXPECTED].values()),
        reported_residual_idr=sum(left[Side.REPORTED].values()),
        by_code=_by_code(outcome.residuals),
    )
    _require(proof.balance_idr == 0, "I7, both sides do not balance")
    _check_list(proof, outcome.mismatches)
    return proof
