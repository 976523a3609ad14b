"""The treasury's list of mismatches, and the decisions of two people on each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, RowMapping, func, or_, select, update

from gateway.domain.mismatches import FoundMismatch, Severity
from gateway.domain.states import MISMATCH_MOVES, MismatchState, move
from gateway.errors import SamePersonTwice
from gateway.store.failures import unknown
from gateway.store.findings import place_reason
from gateway.store.open_items import FINAL, UNREAD
from gateway.store.rows import swap
from gateway.store.tables import mismatches, periods
from gateway.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMismatch:
    """One row of the list.

    :param since: the first day it stood in any period's list.
    :param proposed_by: who made the standing proposal, empty if there is none.
    """

    id: int
    found: FoundMismatch
    partner_code: str
    period: str
    state: MismatchState
    since: date
    proposed_by: str
    action: str
    reason: str
    settled_by: str
    changed_at: datetime


def list_mismatches(
    tx: Transaction,
    *,
    partner_code: str | None = None,
    period: str | None = None,
    code: str | None = None,
    state: MismatchState | None = None,
    include_info: bool = False,
    after_id: int | None = None,
    limit: int = 200,
) -> list[StoredMismatch]:
    """One page of the list; cleared rows only when their state is asked for.

    Without a period: what stands today.  With one: what that month's newest run found.
    """
    wanted = _wanted(partner_code, period, code, state, include_info=include_info)
    if after_id is not None:
        wanted.append(mismatches.c.id > after_id)
    asked = select(mismatches).where(*wanted).order_by(mismatches.c.id).limit(limit)
    return [_read(tx, row) for row in tx.conn.execute(asked).mappings()]


def count_by_code(
    tx: Transaction,
    *,
    partner_code: str | None = None,
    period: str | None = None,
    code: str | None = None,
    state: MismatchState | None = None,
    include_info: bool = False,
) -> dict[str, int]:
    """How many rows of the list there are of each code."""
    wanted = _wanted(partner_code, period, code, state, include_info=include_info)
    asked = (
        select(mismatches.c.code, func.count())
        .where(*wanted)
        .group_by(mismatches.c.code)
        .order_by(mismatches.c.code)
    )
    return {row[0]: row[1] for row in tx.conn.execute(asked)}


def _wanted(
    partner_code: str | None,
    period: str | None,
    code: str | None,
    state: MismatchState | None,
    *,
    include_info: bool,
) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        mismatches.c.state == state.value
        if state is not None
        else mismatches.c.state != MismatchState.CLEARED.value
    ]
    asked = ((mismatches.c.partner_code, partner_code), (mismatches.c.period, period))
    wanted += [column == value for column, value in asked if value is not None]
    if period is None and state not in {MismatchState.SETTLED, MismatchState.CLEARED}:
        wanted.append(_stands_today())
    if code is not None:
        wanted.append(mismatches.c.code == code)
    elif not include_info:
        wanted.append(mismatches.c.severity != Severity.INFO.value)
    return wanted


def _stands_today() -> ColumnElement[bool]:
    """A remainder is carried into every later month, so only the newest month tells of it.

    Facts on matched money (both sides equal) and what no month carries on are told once, in
    their own month.
    """
    newest = (
        select(func.max(periods.c.period))
        .where(periods.c.partner_code == mismatches.c.partner_code)
        .correlate(mismatches)
        .scalar_subquery()
    )
    is_fact = mismatches.c.expected_idr == mismatches.c.reported_idr
    stays = mismatches.c.code.in_([*sorted(FINAL), UNREAD])
    return or_(is_fact, stays, mismatches.c.period == newest)


def load_mismatch(tx: Transaction, mismatch_id: int) -> StoredMismatch | None:
    """One row of the list."""
    row = _find(tx, mismatch_id)
    return _read(tx, row) if row is not None else None


def propose(tx: Transaction, mismatch_id: int, action: str, reason: str) -> None:
    """OPEN → PROPOSED: the maker says what to do and why."""
    _decide(tx, mismatch_id, MismatchState.PROPOSED, reason, proposed_by=tx.actor, action=action)


def settle(tx: Transaction, mismatch_id: int) -> None:
    """PROPOSED → SETTLED by the checker.

    :raises SamePersonTwice: if the maker and the checker are one person.
    """
    _decide(tx, mismatch_id, MismatchState.SETTLED, None, settled_by=tx.actor)


def return_to_open(tx: Transaction, mismatch_id: int, reason: str) -> None:
    """PROPOSED → OPEN: the proposal goes back to the maker with a reason."""
    _decide(tx, mismatch_id, MismatchState.OPEN, reason, proposed_by="", action="")


def _decide(
    tx: Transaction,
    mismatch_id: int,
    target: MismatchState,
    reason: str | None,
    **changes: str,
) -> None:
    row = _find(tx, mismatch_id)
    if row is None:
        raise unknown(f"Mismatch {mismatch_id}")
    current = MismatchState(row["state"])
    move(MISMATCH_MOVES, current, target)
    if target is MismatchState.SETTLED and row["proposed_by"] == tx.actor:
        raise SamePersonTwice(
            "Whoever proposed a decision may not settle it.",
            message_id="Pengusul tidak boleh mengesahkan usulannya sendiri.",
            how_en="Ask another person with the role verifikator.",
            how_id="Minta orang lain dengan peran verifikator.",
        )
    values: dict[str, object] = {**changes, "state": target.value, "changed_at": tx.now}
    if reason is not None:
        values["reason"] = tx.vault.seal(reason, place_reason(row))
    swap(
        tx,
        update(mismatches)
        .where(
            mismatches.c.id == mismatch_id,
            mismatches.c.state == current.value,
            mismatches.c.changed_at == row["changed_at"],
        )
        .values(**values),
        f"Mismatch {mismatch_id}",
    )
    tx.audit(
        f"MISMATCH_{target.value}",
        f"mismatch:{mismatch_id}",
        partner=row["partner_code"],
        period=row["period"],
        code=row["code"],
        application=row["application_reference"],
        difference_idr=row["reported_idr"] - row["expected_idr"],
        action=changes.get("action", row["action"]),
        # The words may name people: the chain keeps only what proves them unchanged.
        reason_index=tx.vault.index(reason) if reason else "",
    )


def _find(tx: Transaction, mismatch_id: int) -> RowMapping | None:
    asked = select(mismatches).where(mismatches.c.id == mismatch_id)
    return tx.conn.execute(asked).mappings().one_or_none()


def _read(tx: Transaction, row: RowMapping) -> StoredMismatch:
    return StoredMismatch(
        id=row["id"],
        found=FoundMismatch(
            key=row["key"],
            code=row["code"],
            severity=Severity(row["severity"]),
            loan_number=row["loan_number"],
            application_reference=row["application_reference"],
            group_reference=row["group_reference"],
            instalment_number=row["instalment_number"],
            expected_idr=row["expected_idr"],
            reported_idr=row["reported_idr"],
            due_on=row["due_on"],
            value_on=row["value_on"],
            bank_reference=row["bank_reference"],
            file_name=row["file_name"],
            file_line=row["file_line"],
            file_sha256=row["file_sha256"],
            flags=tuple(json.loads(row["flags"])),
            suggestion=row["suggestion"],
            detail=row["detail"],
        ),
        partner_code=row["partner_code"],
        period=row["period"],
        state=MismatchState(row["state"]),
        since=row["since"],
        proposed_by=row["proposed_by"],
        action=row["action"],
        reason=tx.vault.open(row["reason"], place_reason(row)) if row["reason"] else "",
        settled_by=row["settled_by"],
        changed_at=row["changed_at"],
    )
