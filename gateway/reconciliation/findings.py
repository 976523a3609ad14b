"""From the engine's tables back to values: allocations, remainders, and rows for the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import duckdb

from gateway.domain.mismatches import Allocation, FoundMismatch, Residual, Side
from gateway.domain.reconciling import PeriodInputs, UnreadRow
from gateway.reconciliation.codes import masked, severity_of
from gateway.reconciliation.proof import Outcome
from gateway.reconciliation.tables import normalised

# Facts on matched money: they stand as flags on the other rows of the same item (ruling 23).
FLAGS = frozenset(
    {
        "LATE",
        "PREPAID",
        "OUT_OF_PERIOD",
        "SEQ_GAP",
        "COMPONENT_DIFF",
        "WRONG_ACCOUNT",
        "REVERSED",
        "DUP_SAME",
    }
)

ROW_KEYS = "SELECT row_key FROM line ORDER BY position"
ALLOCATIONS = """
SELECT loan_reference, number, row_key, amount_idr, rule
FROM allocation
ORDER BY loan_reference, number, row_key, rule
"""
RESIDUALS = """
SELECT side, loan_reference, number, row_key, code, amount_idr
FROM residual
ORDER BY side, loan_reference NULLS LAST, number NULLS LAST, row_key NULLS LAST, code
"""
FINDINGS = """
SELECT
    side, code, loan_reference, number, expected_idr, reported_idr, loan_number, is_group, state,
    due_on, principal_idr, position, row_key, first_key, targets, original_key, suggestion
FROM finding
ORDER BY side, loan_reference NULLS LAST, number NULLS LAST, row_key NULLS LAST, code
"""


class _Finding(NamedTuple):
    """One row of the table ``finding``, in the order of :data:`FINDINGS`."""

    side: str
    code: str
    loan_reference: str | None
    number: int | None
    expected_idr: int
    reported_idr: int
    loan_number: str | None
    is_group: bool
    state: str
    due_on: date | None
    principal_idr: int | None
    position: int | None
    row_key: str | None
    first_key: str | None
    targets: int | None
    original_key: str | None
    suggestion: str | None

    @property
    def item(self) -> str:
        """The item it stands on: an instalment, or a reported row."""
        if self.side == Side.EXPECTED:
            return f"{self.loan_reference}#{self.number}"
        return self.row_key or ""

    @property
    def touched(self) -> tuple[str, ...]:
        """Items on which its flag shows: copies of a row share theirs, a pair of rows too."""
        if self.side == Side.EXPECTED:
            return (self.item,)
        return tuple(key for key in (self.first_key, self.original_key) if key)


def unread_key(row: UnreadRow) -> str:
    """Key of a row that could not be read: its place in its file."""
    return f"row:{row.file_sha256[:16]}:{row.line}"


def _detail(found: _Finding, inputs: PeriodInputs) -> str:
    """The neutral word that a code's text needs beside the row's amounts."""
    if found.code == "CLOSED_LOAN":
        return found.state
    if found.code == "AMBIGUOUS":
        return str(found.targets)
    if found.position is None:
        return ""
    row = inputs.reported[found.position]
    if found.code == "LATE" and found.due_on:
        return str((row.value_on - found.due_on).days)
    if found.code == "COMPONENT_DIFF":
        principal_idr = row.principal_idr
        if principal_idr is None:
            principal_idr = found.reported_idr - (row.interest_idr or 0)
        return f"{principal_idr}/{found.principal_idr}"
    if found.code in {"WRONG_ACCOUNT", "UNKNOWN_LOAN", "NEAR_REF"}:
        return masked(normalised(row.loan_number))
    if found.code in {"REVERSED", "REV_ORPHAN"}:
        return normalised(row.original_reference)
    return str(row.amount_idr) if found.code == "OVERPAID" else ""


def _mismatch(found: _Finding, inputs: PeriodInputs, flags: frozenset[str]) -> FoundMismatch:
    row = None if found.position is None else inputs.reported[found.position]
    named = normalised(row.loan_number) if row else ""
    return FoundMismatch(
        key=f"{found.side}|{found.item}|{found.code}",
        code=found.code,
        severity=severity_of(found.code, found.reported_idr - found.expected_idr),
        loan_number=named if found.loan_number is None else found.loan_number,
        application_reference=found.loan_reference or "",
        group_reference=(found.loan_reference or "") if found.is_group else "",
        instalment_number=found.number,
        expected_idr=found.expected_idr,
        reported_idr=found.reported_idr,
        due_on=found.due_on,
        value_on=row.value_on if row else None,
        bank_reference=normalised(row.bank_reference) if row else "",
        file_name=row.file_name if row else "",
        file_line=row.line if row else None,
        file_sha256=row.file_sha256 if row else "",
        flags=tuple(sorted(flags - {found.code})),
        suggestion=(found.suggestion or "") if found.code == "NEAR_REF" else "",
        detail=_detail(found, inputs),
    )


def _unread_mismatch(row: UnreadRow) -> FoundMismatch:
    return FoundMismatch(
        key=f"R|{unread_key(row)}|F_ROW",
        code="F_ROW",
        severity=severity_of("F_ROW", row.amount_idr),
        loan_number="",
        application_reference="",
        expected_idr=0,
        reported_idr=row.amount_idr,
        file_name=row.file_name,
        file_line=row.line,
        file_sha256=row.file_sha256,
    )


def _flags(findings: Iterable[_Finding]) -> dict[str, set[str]]:
    """Item -> facts that stand on it."""
    flags: dict[str, set[str]] = defaultdict(set)
    for found in findings:
        if found.code in FLAGS:
            for item in found.touched:
                flags[item].add(found.code)
    return flags


def _mismatches(connection: duckdb.DuckDBPyConnection, inputs: PeriodInputs) -> list[FoundMismatch]:
    findings = [_Finding(*values) for values in connection.execute(FINDINGS).fetchall()]
    flags = _flags(findings)
    rows = [
        _mismatch(
            found,
            inputs,
            frozenset().union(*(flags.get(item, ()) for item in found.touched)),
        )
        for found in findings
    ]
    return rows + [_unread_mismatch(row) for row in inputs.unread]


def _residuals(
    connection: duckdb.DuckDBPyConnection, unread: Sequence[UnreadRow]
) -> list[Residual]:
    found = [
        Residual(
            side=Side(side),
            item=f"{loan_reference}#{number}" if side == Side.EXPECTED else row_key,
            code=code,
            amount_idr=amount_idr,
        )
        for side, loan_reference, number, row_key, code, amount_idr in connection.execute(
            RESIDUALS
        ).fetchall()
    ]
    return found + [
        Residual(side=Side.REPORTED, item=unread_key(row), code="F_ROW", amount_idr=row.amount_idr)
        for row in unread
        if row.amount_idr
    ]


def gather(connection: duckdb.DuckDBPyConnection, inputs: PeriodInputs) -> Outcome:
    """Everything the passes left in their tables, in total orders."""
    row_keys = [key for (key,) in connection.execute(ROW_KEYS).fetchall()]
    allocations = tuple(
        Allocation(
            loan_reference=loan_reference,
            instalment_number=number,
            row_key=row_key,
            amount_idr=amount_idr,
            rule=rule,
        )
        for loan_reference, number, row_key, amount_idr, rule in connection.execute(
            ALLOCATIONS
        ).fetchall()
    )
    return Outcome(
        row_keys=row_keys + [unread_key(row) for row in inputs.unread],
        allocations=allocations,
        residuals=tuple(
            sorted(_residuals(connection, inputs.unread), key=lambda r: (r.side, r.item, r.code))
        ),
        mismatches=tuple(sorted(_mismatches(connection, inputs), key=lambda found: found.key)),
    )
