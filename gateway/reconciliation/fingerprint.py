"""What a run is called: a digest of everything it was given, in no particular order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from hashlib import sha256
from operator import attrgetter

from gateway.domain.programmes import ReconciliationRules
from gateway.domain.reconciling import (
    ExpectedItem,
    LoanFacts,
    PeriodInputs,
    ReportedRow,
    StatementTotals,
    UnreadRow,
)


def _iso(value: object) -> str:
    """The only values JSON does not know here: days."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


_encode = json.JSONEncoder(default=_iso).encode


def _lines(kind: type, things: Iterable[object]) -> list[str]:
    """One canonical text per value, sorted: their order carries no meaning."""
    read = attrgetter(*(field.name for field in fields(kind)))
    return sorted(_encode(read(thing)) for thing in things)


def _members_sorted(loan: LoanFacts) -> LoanFacts:
    return replace(loan, member_references=tuple(sorted(loan.member_references)))


def inputs_sha256(inputs: PeriodInputs) -> str:
    """Digest of a period's inputs, its day of judgement (``as_of``) left out."""
    digest = sha256()
    until = inputs.complete_until.isoformat() if inputs.complete_until else None
    digest.update(json.dumps([inputs.partner_code, inputs.period, until]).encode())
    for kind, things in (
        (LoanFacts, [_members_sorted(loan) for loan in inputs.loans]),
        (ExpectedItem, inputs.expected),
        (ReportedRow, inputs.reported),
        (UnreadRow, inputs.unread),
        (StatementTotals, inputs.totals),
    ):
        digest.update(f"\n{kind.__name__}\n".encode())
        digest.update("\n".join(_lines(kind, things)).encode())
    return digest.hexdigest()


def rules_sha256(rules: ReconciliationRules) -> str:
    """Digest of the matching rules."""
    named = {field.name: getattr(rules, field.name) for field in fields(rules)}
    return sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()


def run_id(inputs_digest: str, rules_digest: str, as_of: date, engine_version: str) -> str:
    """The run's name: same inputs, rules, day and engine give the same one."""
    parts = json.dumps([engine_version, inputs_digest, rules_digest, as_of.isoformat()])
    return sha256(parts.encode()).hexdigest()
