"""Storing a run: its allocations, its remainders, its proof, and its rows for the list."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, and_, case, cast, func, insert, or_, select, union_all

from gateway.domain.mismatches import Residual, RunResult, Side
from gateway.errors import IntegrityBroken
from gateway.store.failures import stale
from gateway.store.findings import merge_findings
from gateway.store.open_items import UNREAD, carried_rows, open_items, reported_rows
from gateway.store.rows import insert_all, upsert
from gateway.store.tables import allocations, periods, residuals, runs
from gateway.store.tables.columns import Whole
from gateway.store.transaction import Transaction, write_canonical


def save_run(tx: Transaction, result: RunResult) -> bool:
    """Store a run as the newest of its period; false if the very same run is stored already.

    :raises IntegrityBroken: if its proof is not zero, or its parts do not add up to the items and
        rows of the state.
    :raises StaleRecord: if the state has other dues or rows than the run was given.
    """
    _check_proof(result)
    asked = select(runs.c.id).where(
        runs.c.partner_code == result.partner_code,
        runs.c.period == result.period,
        runs.c.run_id == result.run_id,
    )
    known = tx.conn.execute(asked).scalar()
    if known is not None:
        if known != _newest(tx, result):
            _make_newest(tx, result, known)
        return False
    run = _insert_run(tx, result)
    insert_all(tx, allocations, _allocations(run, result))
    insert_all(tx, residuals, [_residual(run, residual) for residual in result.residuals])
    _check_against_state(tx, run, result)
    _make_newest(tx, result, run)
    return True


def _newest(tx: Transaction, result: RunResult) -> int | None:
    asked = select(periods.c.run).where(
        periods.c.partner_code == result.partner_code, periods.c.period == result.period
    )
    return tx.conn.execute(asked).scalar()


def _make_newest(tx: Transaction, result: RunResult, run: int) -> None:
    counts = merge_findings(tx, result, run)
    row = {
        "partner_code": result.partner_code,
        "period": result.period,
        "run": run,
        "changed_at": tx.now,
    }
    upsert(tx, periods, row)
    tx.audit(
        "RUN_SAVED",
        f"{result.partner_code}/{result.period}",
        run_id=result.run_id,
        inputs=result.inputs_sha256,
        rules=result.rules_sha256,
        expected_idr=result.proof.expected_idr,
        reported_idr=result.proof.reported_idr,
        allocated_idr=result.proof.allocated_idr,
        mismatches=len(result.mismatches),
        **counts,
    )


def _insert_run(tx: Transaction, result: RunResult) -> int:
    proof = result.proof
    row = {
        "run_id": result.run_id,
        "partner_code": result.partner_code,
        "period": result.period,
        "as_of": result.as_of,
        "rules_sha256": result.rules_sha256,
        "inputs_sha256": result.inputs_sha256,
        "expected_idr": proof.expected_idr,
        "reported_idr": proof.reported_idr,
        "allocated_idr": proof.allocated_idr,
        "expected_residual_idr": proof.expected_residual_idr,
        "reported_residual_idr": proof.reported_residual_idr,
        "by_code": write_canonical({code: list(sums) for code, sums in proof.by_code.items()}),
        "saved_at": tx.now,
    }
    run: int = tx.conn.execute(insert(runs).values(**row).returning(runs.c.id)).scalar_one()
    return run


def _allocations(run: int, result: RunResult) -> list[dict[str, object]]:
    return [
        {
            "run": run,
            "loan_reference": allocation.loan_reference,
            "number": allocation.instalment_number,
            "row_key": allocation.row_key,
            "rule": allocation.rule,
            "amount_idr": allocation.amount_idr,
        }
        for allocation in result.allocations
    ]


def _residual(run: int, residual: Residual) -> dict[str, object]:
    loan_reference: str | None = None
    number: int | None = None
    if residual.side is Side.EXPECTED:
        loan_reference, _, digits = residual.item.rpartition("#")
        if not (digits.isascii() and digits.isdigit()):
            raise _broken("a remainder names no instalment", "sebuah sisa tanpa angsuran")
        number = int(digits)
    return {
        "run": run,
        "side": residual.side.value,
        "item": residual.item,
        "code": residual.code,
        "loan_reference": loan_reference,
        "number": number,
        "amount_idr": residual.amount_idr,
    }


def _check_proof(result: RunResult) -> None:
    """The proof is zero and is about the very rows that come with it."""
    proof = result.proof
    named = (proof.partner_code, proof.period, proof.run_id)
    if named != (result.partner_code, result.period, result.run_id):
        raise _broken("its proof is another run's", "buktinya milik hitungan lain")
    if proof.balance_idr != 0:
        raise _broken("its proof is not zero", "buktinya tidak nol")
    spent = sum(allocation.amount_idr for allocation in result.allocations)
    left = {side: _sum(result.residuals, side) for side in Side}
    if (spent, left[Side.EXPECTED], left[Side.REPORTED]) != (
        proof.allocated_idr,
        proof.expected_residual_idr,
        proof.reported_residual_idr,
    ):
        raise _broken("its rows miss its own sums", "barisnya tidak sesuai jumlahnya")
    if (spent + left[Side.EXPECTED], spent + left[Side.REPORTED]) != (
        proof.expected_idr,
        proof.reported_idr,
    ):
        raise _broken("its sides are not used up", "kedua sisinya tidak habis terbagi")


def _sum(found: Iterable[Residual], side: Side) -> int:
    return sum(residual.amount_idr for residual in found if residual.side is side)


def _check_against_state(tx: Transaction, run: int, result: RunResult) -> None:
    """I1 and I2 once more, from the state alone."""
    expected_idr, broken_items = _compare_items(tx, run, result)
    if (expected_idr, _reported_idr(tx, result)) != (
        result.proof.expected_idr,
        result.proof.reported_idr,
    ):
        raise stale(f"{result.partner_code} {result.period}")
    if broken_items or tx.conn.execute(_broken_rows(tx, run, result).limit(1)).first():
        raise _broken("an item's parts do not add up", "bagian sebuah pos tidak sesuai")


def _compare_items(tx: Transaction, run: int, result: RunResult) -> tuple[int, int]:
    """Open rupiah of all items that are due or in the run, and how many the run tells wrongly.

    Both sides are laid under each other and grouped: a join would cost rows times rows.
    """
    items = open_items(result.partner_code, result.period)
    spent = _spent_items(run).subquery("spent")
    due = case((items.c.due_on <= _last_day(result.period), 1), else_=0)
    sides = union_all(
        select(
            spent.c.loan_reference,
            spent.c.number,
            spent.c.spent_idr,
            cast(0, Whole).label("open_idr"),
            cast(1, Whole).label("in_run"),
            cast(0, Whole).label("due"),
        ),
        select(
            items.c.loan_reference,
            items.c.number,
            cast(0, Whole),
            items.c.open_idr,
            cast(0, Whole),
            cast(due, Whole),
        ),
    ).subquery("side")
    names = ("spent_idr", "open_idr", "in_run", "due")
    item = (
        select(*(cast(func.sum(sides.c[name]), Whole).label(name) for name in names))
        .group_by(sides.c.loan_reference, sides.c.number)
        .subquery("item")
    )
    counted = or_(item.c.in_run > 0, and_(item.c.due > 0, item.c.open_idr > 0))
    wrong = and_(item.c.in_run > 0, item.c.spent_idr != item.c.open_idr)
    asked = select(
        cast(func.coalesce(func.sum(case((counted, item.c.open_idr), else_=0)), 0), Whole),
        cast(func.coalesce(func.sum(case((wrong, 1), else_=0)), 0), Whole),
    )
    row = tx.conn.execute(asked).one()
    return row[0], row[1]


def _spent_items(run: int) -> Select[str, int, int]:
    parts = union_all(
        select(allocations.c.loan_reference, allocations.c.number, allocations.c.amount_idr).where(
            allocations.c.run == run
        ),
        select(residuals.c.loan_reference, residuals.c.number, residuals.c.amount_idr).where(
            residuals.c.run == run, residuals.c.side == Side.EXPECTED.value
        ),
    ).subquery("part")
    return select(
        parts.c.loan_reference,
        parts.c.number,
        cast(func.sum(parts.c.amount_idr), Whole).label("spent_idr"),
    ).group_by(parts.c.loan_reference, parts.c.number)


def _spent_rows(run: int) -> Select[str, int]:
    parts = union_all(
        select(allocations.c.row_key, allocations.c.amount_idr).where(allocations.c.run == run),
        select(residuals.c.item, residuals.c.amount_idr).where(
            residuals.c.run == run,
            residuals.c.side == Side.REPORTED.value,
            residuals.c.code != UNREAD,
        ),
    ).subquery("part")
    return select(
        parts.c.row_key, cast(func.sum(parts.c.amount_idr), Whole).label("spent_idr")
    ).group_by(parts.c.row_key)


def _reported_idr(tx: Transaction, result: RunResult) -> int:
    """Rupiah of the period's rows; of those that could not be read, what the run says."""
    rows = _source_rows(tx, result).subquery("source")
    asked = select(cast(func.sum(rows.c.signed_idr), Whole))
    unread = (residual for residual in result.residuals if residual.code == UNREAD)
    return (tx.conn.execute(asked).scalar() or 0) + sum(one.amount_idr for one in unread)


def _last_day(period: str) -> date:
    year, month = int(period[:4]), int(period[5:])
    return date(year, month, monthrange(year, month)[1])


def _source_rows(tx: Transaction, result: RunResult) -> Select[int]:
    carried = carried_rows(tx, result.partner_code, result.period).order_by(None).subquery("left")
    rows = reported_rows(result.partner_code, result.period).subquery("row")
    both = union_all(
        select(rows.c.signed_idr), select(carried.c.amount_idr.label("signed_idr"))
    ).subquery("both")
    return select(both.c.signed_idr)


def _broken_rows(tx: Transaction, run: int, result: RunResult) -> Select[int, int]:
    """Amounts that occur more or less often among the run's rows than in the files; must be none.

    Keys of rows are the reconciliation's own, so rows are compared as a multiset of amounts.
    """
    spent = _spent_rows(run).subquery("spent")
    rows = _source_rows(tx, result).subquery("source")
    sides = union_all(
        select(spent.c.spent_idr.label("amount_idr"), cast(1, Whole).label("count")),
        select(rows.c.signed_idr, cast(-1, Whole)),
    ).subquery("side")
    surplus = cast(func.sum(sides.c.count), Whole)
    return select(sides.c.amount_idr, surplus).group_by(sides.c.amount_idr).having(surplus != 0)


def _broken(what_en: str, what_id: str) -> IntegrityBroken:
    return IntegrityBroken(
        f"The run was not saved: {what_en}.",
        message_id=f"Hitungan tidak disimpan: {what_id}.",
        how_en="Keep the files and call the developers.",
        how_id="Simpan berkasnya dan hubungi pengembang.",
        reason="PROOF_FAILED",
    )
