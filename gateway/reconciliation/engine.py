"""The matching engine: values in, values out, no clock, no randomness, no floats.

The passes are standard SQL over tables, run on DuckDB in memory; each sees what the earlier ones
left.  Any order of the inputs gives the same result.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import duckdb

from gateway.domain.mismatches import RunResult
from gateway.domain.programmes import ReconciliationRules
from gateway.domain.reconciling import PeriodInputs
from gateway.errors import LimitExceeded, RuleError
from gateway.reconciliation.findings import gather
from gateway.reconciliation.fingerprint import inputs_sha256, rules_sha256, run_id
from gateway.reconciliation.proof import check_inputs, prove
from gateway.reconciliation.tables import build_tables, period_days

# Part of every run's name: raise it when a pass decides anything differently.
ENGINE_VERSION: Final = "2"
MEMORY_LIMIT_MB: Final = 1024

PREPARING: Final = ("p00_tables", "p01_resolve", "p02_duplicates", "p03_reversals", "p03_money")
# Ruling 8; what the bank states may be left out of account, or be all that counts.
MATCHING: Final[Mapping[str, tuple[str, ...]]] = {
    "stated_then_fifo": (
        "p05_stated_exact",
        "p08_loan_and_amount",
        "p06_tolerance",
        "p07_stated_other",
        "p09a_overlay",
        "p09c_payoff",
    ),
    "fifo": ("p09a_overlay", "p09c_payoff"),
    "stated_only": ("p05_stated_exact", "p06_tolerance", "p07_stated_other", "p09c_payoff"),
}
CLASSIFYING: Final = ("p13_classify", "p13_facts", "p13_findings")
LANDING: Final = "p09_landing"
RELEASE: Final = "p09_release"
SUGGESTING: Final = "p10_near"

_PASSES: Final = files(__package__).joinpath("passes")
SQL: Final[Mapping[str, str]] = {
    name: _PASSES.joinpath(f"{name}.sql").read_text(encoding="utf-8")
    for name in (
        *PREPARING,
        *dict.fromkeys(name for order in MATCHING.values() for name in order),
        *CLASSIFYING,
        LANDING,
        RELEASE,
        SUGGESTING,
    )
}

# After these two nothing can reach a file, or undo them.
LOCK = "SET enable_external_access = false; SET lock_configuration = true"
CLEAR = """
DELETE FROM allocation; DELETE FROM waived; DELETE FROM rounded; DELETE FROM in_play;
"""
PUT_SUSPECTS_IN_PLAY = """
INSERT INTO in_play
SELECT m.row_key FROM money AS m
WHERE m.loan_reference IN (SELECT loan_reference FROM scope)
    AND m.row_key NOT IN (SELECT row_key FROM held_twin)
"""
PUT_ALL_IN_PLAY = """
INSERT INTO in_play
SELECT m.row_key FROM money AS m WHERE m.row_key NOT IN (SELECT row_key FROM held_twin)
"""
NARROW_SCOPE = """
DELETE FROM scope
WHERE loan_reference NOT IN (
    SELECT s.loan_reference FROM suspect AS s JOIN held_twin AS h ON h.row_key = s.row_key
)
"""
COUNT_SCOPE = "SELECT COUNT(*) FROM scope"
COUNT_PAYOFFS = "SELECT COUNT(*) FROM payoff"
COUNT_STRANGERS = "SELECT COUNT(*) FROM purse WHERE held = 'UNKNOWN_LOAN'"
COUNT_HELD = "SELECT COUNT(*) FROM held_twin"


def _connect(memory_limit_mb: int) -> duckdb.DuckDBPyConnection:
    """A database in memory that reads no file, loads no extension and runs on one thread."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "memory_limit": f"{memory_limit_mb}MB",
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        },
    )
    connection.execute(LOCK)
    return connection


def _load(
    connection: duckdb.DuckDBPyConnection, inputs: PeriodInputs, rules: ReconciliationRules
) -> None:
    """Hand the inputs to the database as Arrow tables."""
    for name, table in build_tables(inputs, rules).items():
        connection.register(f"{name}_arrow", table)


def _count(connection: duckdb.DuckDBPyConnection, question: str) -> int:
    answer = connection.execute(question).fetchone()
    return int(answer[0]) if answer else 0


def _match(connection: duckdb.DuckDBPyConnection, order: tuple[str, ...]) -> None:
    for name in order:
        connection.execute(SQL[name])


def _rehearse(connection: duckdb.DuckDBPyConnection, order: tuple[str, ...], verdict: str) -> int:
    """Match the loans with suspects, let ``verdict`` judge, wipe the slate; count the held."""
    connection.execute(PUT_SUSPECTS_IN_PLAY)
    _match(connection, order)
    connection.execute(SQL[verdict])
    connection.execute(CLEAR)
    connection.execute(NARROW_SCOPE)
    return _count(connection, COUNT_HELD)


def _hold_twins(connection: duckdb.DuckDBPyConnection, order: tuple[str, ...]) -> None:
    """Ruling 6: no row stays held while dues are open for it."""
    if not _count(connection, COUNT_SCOPE):
        return
    held, before = _rehearse(connection, order, LANDING), 0
    while held and held != before:
        held, before = _rehearse(connection, order, RELEASE), held


def _needed(connection: duckdb.DuckDBPyConnection, rules: ReconciliationRules) -> tuple[str, ...]:
    """The matching passes that can find anything: most months need no tolerance, no pay-off."""
    idle = set()
    if not rules.tolerance_idr:
        idle.add("p06_tolerance")
    if not _count(connection, COUNT_PAYOFFS):
        idle.add("p09c_payoff")
    return tuple(name for name in MATCHING[rules.order] if name not in idle)


def _run_passes(connection: duckdb.DuckDBPyConnection, rules: ReconciliationRules) -> None:
    for name in PREPARING:
        connection.execute(SQL[name])
    order = _needed(connection, rules)
    _hold_twins(connection, order)
    connection.execute(PUT_ALL_IN_PLAY)
    _match(connection, order)
    if _count(connection, COUNT_STRANGERS):
        connection.execute(SQL[SUGGESTING])
    for name in CLASSIFYING:
        connection.execute(SQL[name])


def _check_order(rules: ReconciliationRules) -> None:
    """
    :raises RuleError: if the rules name an order that does not exist.
    """
    if rules.order not in MATCHING:
        known = ", ".join(MATCHING)
        raise RuleError(
            f"There is no matching order {rules.order!r}; there are {known}.",
            message_id=f"Urutan pencocokan {rules.order!r} tidak ada; yang ada: {known}.",
            reason="ORDER_UNKNOWN",
        )


def _too_large(memory_limit_mb: int) -> LimitExceeded:
    return LimitExceeded(
        f"The period does not fit into {memory_limit_mb} MB of memory.",
        message_id=f"Data bulan ini tidak muat dalam memori {memory_limit_mb} MB.",
        how_en="Give the reconciliation more memory.",
        how_id="Tambah memori untuk rekonsiliasi.",
        reason="MEMORY_LIMIT",
    )


def name_run(inputs: PeriodInputs, rules: ReconciliationRules) -> str:
    """What a run of these inputs is called, without running it."""
    return run_id(inputs_sha256(inputs), rules_sha256(rules), inputs.as_of, ENGINE_VERSION)


def reconcile(
    inputs: PeriodInputs, rules: ReconciliationRules, *, memory_limit_mb: int = MEMORY_LIMIT_MB
) -> RunResult:
    """Match one period of one partner and prove that no rupiah was made or lost.

    :raises IntegrityBroken: if a file misses its own totals or an invariant fails.
    :raises RuleError: if the rules name an order that does not exist.
    :raises LimitExceeded: if the period does not fit into the memory limit.
    """
    _check_order(rules)
    check_inputs(inputs)
    try:
        with _connect(memory_limit_mb) as connection:
            _load(connection, inputs, rules)
            _run_passes(connection, rules)
            outcome = gather(connection, inputs)
    except duckdb.OutOfMemoryException as error:
        raise _too_large(memory_limit_mb) from error
    inputs_digest, rules_digest = inputs_sha256(inputs), rules_sha256(rules)
    run = run_id(inputs_digest, rules_digest, inputs.as_of, ENGINE_VERSION)
    return RunResult(
        partner_code=inputs.partner_code,
        period=inputs.period,
        as_of=inputs.as_of,
        run_id=run,
        rules_sha256=rules_digest,
        inputs_sha256=inputs_digest,
        allocations=outcome.allocations,
        residuals=outcome.residuals,
        mismatches=outcome.mismatches,
        proof=prove(inputs, run, outcome, period_days(inputs.period)[1]),
    )
