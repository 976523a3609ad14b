"""The run itself: its name, its limits, its order, its floors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import duckdb
import pytest

from gateway.domain.programmes import ReconciliationRules
from gateway.errors import LimitExceeded, RuleError
from gateway.reconciliation import engine
from gateway.reconciliation.engine import reconcile
from tests.reconciliation.builders import (
    L1,
    RULES,
    a_loan,
    a_period,
    a_row,
    an_item,
    day,
    run,
)
from tests.reconciliation.worlds import a_random_period


def test_the_same_inputs_have_the_same_run_id_in_any_order() -> None:
    inputs = a_random_period(list(range(20)))
    turned = replace(
        inputs,
        loans=inputs.loans[::-1],
        expected=inputs.expected[::-1],
        reported=inputs.reported[::-1],
        totals=inputs.totals[::-1],
    )
    assert reconcile(turned, RULES) == reconcile(inputs, RULES)


def test_anything_that_matters_changes_the_run_id() -> None:
    loans = [a_loan(member_references=("M1", "M2"))]
    row = a_row()
    base = a_period([an_item(1)], [row], loans)
    others = [
        (replace(base, as_of=base.as_of - timedelta(days=1)), RULES),
        (replace(base, complete_until=None), RULES),
        (replace(base, partner_code="bpr_kenali"), RULES),
        (a_period([an_item(1)], [replace(row, line=row.line + 1)], loans), RULES),
        (a_period([an_item(1)], [replace(row, sent_before="SAME")], loans), RULES),
        (a_period([an_item(1)], [replace(row, sent_before="OTHER")], loans), RULES),
        (a_period([an_item(1)], [replace(row, carried=True)], loans), RULES),
        (a_period([an_item(1)], [replace(row, carried=True, twin=True)], loans), RULES),
        (a_period([an_item(1, grace_on=day(10, 16))], [row], loans), RULES),
        (a_period([an_item(1)], [row], [a_loan(member_references=("M1",))]), RULES),
        (base, replace(RULES, horizon_days=34)),
    ]
    names = {reconcile(inputs, rules).run_id for inputs, rules in [(base, RULES), *others]}
    assert len(names) == len(others) + 1
    members_turned = a_period([an_item(1)], [row], [a_loan(member_references=("M2", "M1"))])
    assert reconcile(members_turned, RULES).run_id in names


def test_an_empty_period_is_a_run_too() -> None:
    result = run([], [], [])
    assert (result.allocations, result.mismatches) == ((), ())
    assert result.proof.by_code == {}
    assert len(result.run_id) == 64


def test_an_order_that_does_not_exist_is_refused() -> None:
    with pytest.raises(RuleError, match="newest_first") as caught:
        run([an_item(1)], [], rules=ReconciliationRules(order="newest_first"))
    assert caught.value.reason == "ORDER_UNKNOWN"


def test_a_period_that_does_not_fit_into_memory_says_so() -> None:
    rows = [a_row(k, instalment_number=1) for k in range(1, 20_001)]
    with pytest.raises(LimitExceeded, match="5 MB"):
        reconcile(a_period([an_item(1)], rows), RULES, memory_limit_mb=5)


def test_the_database_reads_no_file_and_loads_no_extension() -> None:
    connection = engine._connect(64)
    with pytest.raises(duckdb.Error, match="disabled by configuration"):
        connection.execute("SELECT * FROM read_text('/etc/hostname')")
    with pytest.raises(duckdb.Error):
        connection.execute("SET enable_external_access = true")
    assert connection.execute("SELECT current_setting('threads')").fetchone() == (1,)
    connection.close()


def test_every_pass_on_disk_is_run() -> None:
    folder = files("gateway.reconciliation").joinpath("passes")
    on_disk = {path.name.removesuffix(".sql") for path in folder.iterdir()}
    assert on_disk == set(engine.SQL)


def test_two_rows_of_one_day_take_turns_by_reference_not_by_place() -> None:
    dues = [an_item(1, day(10, 1), 100), an_item(2, day(10, 2), 100)]
    rows = [a_row(90, bank_reference="B"), a_row(95, bank_reference="A")]
    result = run(dues, rows)
    first = [a.row_key for a in result.allocations if a.instalment_number == 1]
    assert first == ["ref:A/1", "ref:B/1"]


def test_a_key_is_stable_and_names_item_and_code() -> None:
    result = run([an_item(1)], [a_row(5, bank_reference="T/1"), a_row(5, loan="WHO")])
    keys = {found.key for found in result.mismatches}
    assert f"E|{L1}#1|PARTIAL" in keys
    later = run([an_item(1)], [a_row(5, bank_reference="T/1")], as_of=day(11, 30))
    assert {found.key for found in later.mismatches} == {f"E|{L1}#1|PARTIAL"}
