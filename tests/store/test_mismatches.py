from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.domain.mismatches import FoundMismatch, Proof, RunResult, Severity
from gateway.domain.states import MismatchState
from gateway.errors import IllegalTransition, RuleError, SamePersonTwice, StoreError
from gateway.store import Store, mismatches, periods, trail
from gateway.store.mismatches import StoredMismatch
from tests.store.builders import BANK, MINUTE, NOW, sha


def found(key: str = "E|HRK2600000001#1|MISSING", **changes: Any) -> FoundMismatch:
    whole = FoundMismatch(
        key=key,
        code=key.rpartition("|")[2],
        severity=Severity.MEDIUM,
        loan_number="100100120001",
        application_reference="HRK2600000001",
        group_reference="",
        instalment_number=1,
        expected_idr=403_000,
        reported_idr=0,
        due_on=date(2026, 9, 14),
        file_name="f.txt",
        file_line=2,
        file_sha256=sha("f"),
        flags=("LATE", "PREPAID"),
        suggestion="s",
        detail="d",
    )
    return replace(whole, **changes)


def save(store: Store, name: str, *rows: FoundMismatch, period: str = "2026-09") -> None:
    """A run that moved no money, with these rows."""
    as_of = date(int(period[:4]), int(period[5:]), 28)
    proof = Proof(
        partner_code=BANK,
        period=period,
        as_of=as_of,
        run_id=sha(name),
        expected_idr=0,
        reported_idr=0,
        allocated_idr=0,
        expected_residual_idr=0,
        reported_residual_idr=0,
        by_code={},
    )
    result = RunResult(
        partner_code=BANK,
        period=period,
        as_of=as_of,
        run_id=sha(name),
        rules_sha256=sha("rules"),
        inputs_sha256=sha(name),
        allocations=(),
        residuals=(),
        mismatches=rows,
        proof=proof,
    )
    with store.begin(NOW, "worker") as tx:
        assert periods.save_run(tx, result)


def only(store: Store, **changes: Any) -> StoredMismatch:
    with store.read() as tx:
        (row,) = mismatches.list_mismatches(tx, **changes)
    return row


def propose(store: Store, actor: str = "maker") -> int:
    mismatch_id = only(store).id
    with store.begin(NOW + MINUTE, actor) as tx:
        mismatches.propose(tx, mismatch_id, "carry", "tunggu setoran SITI")
    return mismatch_id


def settle(store: Store, mismatch_id: int, actor: str = "checker") -> None:
    with store.begin(NOW + 2 * MINUTE, actor) as tx:
        mismatches.settle(tx, mismatch_id)


def test_a_mismatch_comes_back_as_it_was_found(store: Store) -> None:
    save(store, "a", found())
    row = only(store)
    assert row.found == found()
    assert (row.partner_code, row.period, row.state) == (BANK, "2026-09", MismatchState.OPEN)
    assert (row.since, row.changed_at) == (date(2026, 9, 28), NOW)
    assert (row.proposed_by, row.action, row.reason, row.settled_by) == ("", "", "", "")
    with store.read() as tx:
        assert mismatches.load_mismatch(tx, row.id) == row
        assert mismatches.load_mismatch(tx, row.id + 1) is None


def test_two_people_settle_a_mismatch(store: Store) -> None:
    save(store, "a", found())
    mismatch_id = propose(store)
    row = only(store)
    assert (row.state, row.proposed_by, row.action) == (MismatchState.PROPOSED, "maker", "carry")
    assert row.reason == "tunggu setoran SITI"
    with pytest.raises(SamePersonTwice):
        settle(store, mismatch_id, "maker")
    settle(store, mismatch_id)
    row = only(store)
    assert (row.state, row.settled_by) == (MismatchState.SETTLED, "checker")
    with pytest.raises(IllegalTransition):
        settle(store, mismatch_id, "third")
    with store.read() as tx:
        road = trail.trace(tx, f"mismatch:{mismatch_id}")
    assert [(entry.act, entry.actor) for entry in road] == [
        ("MISMATCH_PROPOSED", "maker"),
        ("MISMATCH_SETTLED", "checker"),
    ]
    assert "SITI" not in str(road)


def test_the_database_itself_refuses_one_person_twice(store: Store) -> None:
    save(store, "a", found())
    propose(store)
    with pytest.raises(StoreError), store.begin(NOW, "maker") as tx:
        tx.conn.exec_driver_sql("UPDATE mismatches SET settled_by = 'maker', state = 'SETTLED'")


def test_a_proposal_may_go_back(store: Store) -> None:
    save(store, "a", found())
    mismatch_id = propose(store)
    with store.begin(NOW, "checker") as tx:
        mismatches.return_to_open(tx, mismatch_id, "bukti kurang")
    row = only(store)
    assert (row.state, row.proposed_by, row.reason) == (MismatchState.OPEN, "", "bukti kurang")
    with pytest.raises(IllegalTransition):
        settle(store, mismatch_id)
    with pytest.raises(RuleError):
        settle(store, 999)
    propose(store)


def test_a_decision_stands_while_code_and_amounts_are_the_same(store: Store) -> None:
    save(store, "a", found())
    mismatch_id = propose(store)
    save(store, "b", found(suggestion="other", severity=Severity.HIGH))
    row = only(store)
    assert (row.id, row.state, row.reason) == (
        mismatch_id,
        MismatchState.PROPOSED,
        "tunggu setoran SITI",
    )
    assert (row.found.suggestion, row.found.severity) == ("other", Severity.HIGH)
    settle(store, mismatch_id)
    save(store, "c", found())
    assert only(store).state is MismatchState.SETTLED


@pytest.mark.parametrize("settled", [False, True])
def test_a_decision_made_for_other_amounts_is_stale(store: Store, settled: bool) -> None:
    save(store, "a", found())
    mismatch_id = propose(store)
    if settled:
        settle(store, mismatch_id)
    save(store, "b", found(expected_idr=402_000))
    row = only(store)
    assert (row.id, row.state, row.reason) == (
        mismatch_id,
        MismatchState.OPEN,
        "DECISION_STALE",
    )
    assert (row.proposed_by, row.settled_by, row.since) == ("", "", date(2026, 9, 28))


def test_what_is_gone_is_cleared_and_may_come_back(store: Store) -> None:
    save(store, "a", found(), found("E|HRK2600000001#2|MISSING", instalment_number=2))
    save(store, "b", found())
    assert only(store).found.instalment_number == 1
    cleared = only(store, state=MismatchState.CLEARED)
    assert cleared.found.instalment_number == 2
    save(store, "c", found(), found("E|HRK2600000001#2|MISSING", instalment_number=2))
    with store.read() as tx:
        rows = mismatches.list_mismatches(tx)
    assert [row.state for row in rows] == [MismatchState.OPEN] * 2
    assert rows[1].id == cleared.id


def test_since_is_the_first_day_in_any_months_list(store: Store) -> None:
    save(store, "a", found())
    save(store, "b", found("E|HRK2600000001#1|PARTIAL", reported_idr=1), period="2026-10")
    assert only(store, period="2026-10").since == date(2026, 9, 28)


def test_the_list_is_paged_and_filtered(store: Store) -> None:
    save(
        store,
        "a",
        *(found(f"E|HRK2600000001#{n}|MISSING", instalment_number=n) for n in range(1, 6)),
        found("E|HRK2600000001#6|ROUNDING", instalment_number=6, severity=Severity.INFO),
    )
    save(store, "b", found(), period="2026-10")
    with store.read() as tx:
        month = "2026-09"
        first = mismatches.list_mismatches(tx, period=month, limit=2)
        second = mismatches.list_mismatches(tx, period=month, limit=2, after_id=first[-1].id)
        numbers = [row.found.instalment_number for row in (*first, *second)]
        assert numbers == [1, 2, 3, 4]
        assert len(mismatches.list_mismatches(tx, period="2026-09")) == 5
        assert len(mismatches.list_mismatches(tx, period="2026-09", include_info=True)) == 6
        assert len(mismatches.list_mismatches(tx, period=month, code="ROUNDING")) == 1
        assert mismatches.list_mismatches(tx, partner_code="bpr_kenali") == []
        assert mismatches.list_mismatches(tx, state=MismatchState.SETTLED) == []
        assert mismatches.count_by_code(tx, period=month) == {"MISSING": 5}
        counted = mismatches.count_by_code(tx, period=month, include_info=True)
        assert counted == {"MISSING": 5, "ROUNDING": 1}


def test_a_remainder_is_told_by_the_newest_month_only_and_a_fact_by_its_own(store: Store) -> None:
    fact = found("E|HRK2600000009#1|LATE", code="LATE", expected_idr=0, reported_idr=0)
    unread = found("R|row:1|F_ROW", instalment_number=None, expected_idr=0, reported_idr=5)
    save(store, "a", found(), fact, unread, period="2026-09")
    save(store, "b", found(), period="2026-10")
    with store.read() as tx:
        today = mismatches.list_mismatches(tx)
        counted = mismatches.count_by_code(tx)
        september = mismatches.list_mismatches(tx, period="2026-09")
    assert sorted((row.period, row.found.code) for row in today) == [
        ("2026-09", "F_ROW"),
        ("2026-09", "LATE"),
        ("2026-10", september[0].found.code),
    ]
    assert sum(counted.values()) == 3
    assert len(september) == 3
