"""Merging what a new run found with what people have decided about the run before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import RowMapping, bindparam, func, select, update

from gateway.domain.mismatches import FoundMismatch, RunResult
from gateway.domain.states import MismatchState
from gateway.store.rows import insert_all
from gateway.store.tables import mismatches
from gateway.store.transaction import Transaction, write_canonical

STALE_DECISION = "DECISION_STALE"
"""The reason that stands on a row whose earlier decision no longer fits the amounts."""

_Item = tuple[str, int | None, str, int | None]


@dataclass(slots=True)
class _Merge:
    tx: Transaction
    result: RunResult
    run: int
    first_seen: dict[_Item, date]
    new: list[dict[str, object]]
    changed: list[dict[str, object]]
    counts: Counter[str]


def merge_findings(tx: Transaction, result: RunResult, run: int) -> dict[str, int]:
    """Bring the list of a period up to a run; returns how many rows came, went and stayed.

    A decision stands while the row's code and amounts are the same; else the row is open again.
    """
    known = _load_known(tx, result)
    work = _Merge(tx, result, run, _first_seen(tx, result), [], [], Counter())
    for found in result.mismatches:
        before = known.pop(found.key, None)
        if before is None:
            _add(work, found)
        else:
            _renew(work, found, before)
    for before in known.values():
        _clear(work, before)
    insert_all(tx, mismatches, work.new)
    _write_changes(tx, work.changed)
    return {name: work.counts[name] for name in ("appeared", "cleared", "reopened")}


def _load_known(tx: Transaction, result: RunResult) -> dict[str, RowMapping]:
    asked = (
        select(mismatches)
        .where(
            mismatches.c.partner_code == result.partner_code,
            mismatches.c.period == result.period,
        )
        .order_by(mismatches.c.id)
    )
    return {row["key"]: row for row in tx.conn.execute(asked).mappings()}


def _first_seen(tx: Transaction, result: RunResult) -> dict[_Item, date]:
    """Since when the same due or the same reported row has stood in earlier periods' lists."""
    columns = (
        mismatches.c.application_reference,
        mismatches.c.instalment_number,
        mismatches.c.file_sha256,
        mismatches.c.file_line,
    )
    asked = (
        select(*columns, func.min(mismatches.c.since))
        .where(
            mismatches.c.partner_code == result.partner_code,
            mismatches.c.period < result.period,
            mismatches.c.state != MismatchState.CLEARED.value,
        )
        .group_by(*columns)
    )
    seen: dict[_Item, date] = {}
    for reference, number, sha256, line, since in tx.conn.execute(asked):
        item = _item(reference, number, sha256, line)
        seen[item] = min(since, seen.get(item, since))
    return seen


def _item(reference: str, number: int | None, sha256: str, line: int | None) -> _Item:
    """A due is named by its loan and number; anything else by the row it came in."""
    return (reference, number, "", None) if number is not None else ("", None, sha256, line)


def _content(found: FoundMismatch) -> dict[str, object]:
    return {
        "code": found.code,
        "severity": found.severity.value,
        "loan_number": found.loan_number,
        "application_reference": found.application_reference,
        "group_reference": found.group_reference,
        "instalment_number": found.instalment_number,
        "expected_idr": found.expected_idr,
        "reported_idr": found.reported_idr,
        "due_on": found.due_on,
        "value_on": found.value_on,
        "bank_reference": found.bank_reference,
        "file_name": found.file_name,
        "file_line": found.file_line,
        "file_sha256": found.file_sha256,
        "flags": write_canonical(list(found.flags)),
        "suggestion": found.suggestion,
        "detail": found.detail,
    }


_UNDECIDED: dict[str, object] = {
    "state": MismatchState.OPEN.value,
    "proposed_by": "",
    "action": "",
    "reason": None,
    "settled_by": "",
}


def _add(work: _Merge, found: FoundMismatch) -> None:
    item = _item(
        found.application_reference, found.instalment_number, found.file_sha256, found.file_line
    )
    work.new.append(
        _content(found)
        | _UNDECIDED
        | {
            "partner_code": work.result.partner_code,
            "period": work.result.period,
            "key": found.key,
            "since": work.first_seen.get(item, work.result.as_of),
            "run": work.run,
            "changed_at": work.tx.now,
        }
    )
    work.counts["appeared"] += 1


def _renew(work: _Merge, found: FoundMismatch, before: RowMapping) -> None:
    content = _content(found)
    state = MismatchState(before["state"])
    same = all(before[name] == content[name] for name in ("code", "expected_idr", "reported_idr"))
    decision = {name: before[name] for name in _UNDECIDED}
    if state is MismatchState.CLEARED or (state is not MismatchState.OPEN and not same):
        stale = state is not MismatchState.CLEARED
        place = place_reason(before)
        reason = work.tx.vault.seal(STALE_DECISION, place) if stale else None
        decision = _UNDECIDED | {"reason": reason}
        work.counts["reopened"] += 1
    after = content | decision
    if all(before[name] == value for name, value in after.items()):
        return
    _change(work, before, after)


def _clear(work: _Merge, before: RowMapping) -> None:
    if before["state"] == MismatchState.CLEARED.value:
        return
    kept = {name: before[name] for name in (*_CONTENT, *_UNDECIDED)}
    _change(work, before, kept | {"state": MismatchState.CLEARED.value})
    work.counts["cleared"] += 1


def _change(work: _Merge, before: RowMapping, after: dict[str, object]) -> None:
    work.changed.append(
        {f"new_{name}": value for name, value in after.items()}
        | {"which": before["id"], "new_run": work.run, "new_changed_at": work.tx.now}
    )


_CONTENT = (
    "code",
    "severity",
    "loan_number",
    "application_reference",
    "group_reference",
    "instalment_number",
    "expected_idr",
    "reported_idr",
    "due_on",
    "value_on",
    "bank_reference",
    "file_name",
    "file_line",
    "file_sha256",
    "flags",
    "suggestion",
    "detail",
)


def _write_changes(tx: Transaction, changed: list[dict[str, object]]) -> None:
    if not changed:
        return
    names = (*_CONTENT, *_UNDECIDED, "run", "changed_at")
    statement = (
        update(mismatches)
        .where(mismatches.c.id == bindparam("which"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    tx.conn.execute(statement, changed)


def place_reason(row: RowMapping) -> str:
    """Where the words of a decision belong."""
    return f"mismatches.reason|{row['partner_code']}:{row['period']}:{row['key']}"
