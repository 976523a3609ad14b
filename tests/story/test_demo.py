"""The demo city that ./run starts: its numbers add up, and repeat."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gateway.app import open_gateway
from gateway.domain.regions import find_kelurahan
from gateway.sandbox.demo import blockers_counted
from gateway.store import applications

GATEWAY = Path(sys.executable).with_name("gateway")
BANKS = {"bank_jambi", "bpr_kenali", "bpr_batanghari"}


def run_demo(home: Path, *words: str) -> dict[str, Any]:
    done = subprocess.run(
        [GATEWAY, "demo", "--once", "--json", "--home", home, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    home = tmp_path_factory.mktemp("demo") / "kota"
    return home, run_demo(home)


def test_six_hundred_applications_are_the_sum_of_their_states(city) -> None:
    _, summary = city
    assert sum(summary["applications"].values()) == 600
    assert summary["applications"]["DISBURSED"] > 200


def test_the_proof_balances_and_the_log_verifies(city) -> None:
    _, summary = city
    proof = summary["proof"]
    assert proof["balance_idr"] == 0
    assert proof["expected_idr"] == proof["allocated_idr"] + proof["expected_residual_idr"]
    assert proof["reported_idr"] == proof["allocated_idr"] + proof["reported_residual_idr"]
    assert summary["audit"]["verified"] is True


def test_three_banks_took_their_batches_in(city) -> None:
    _, summary = city
    sent = {row["partner"]: row["state"] for row in summary["batches"]}
    assert {code: sent[code] for code in BANKS} == dict.fromkeys(BANKS, "ACKED")


def test_about_a_third_is_stopped_for_the_reasons_of_the_background(city) -> None:
    home, summary = city
    assert 0.25 <= summary["applications"]["ON_HOLD"] / 600 <= 0.40
    with open_gateway(home) as gateway:
        reasons = blockers_counted(gateway)
    assert {"ARREARS", "ONLINE_LOAN_ARREARS", "NO_CONSENT", "INCOMPLETE"} <= set(reasons)


def test_people_come_from_all_eleven_kecamatan_and_groups_are_among_them(city) -> None:
    home, _ = city
    with open_gateway(home) as gateway, gateway.store.read() as tx:
        rows = applications.list_applications(tx)
    places = Counter(row.application.applicant.kelurahan[:8] for row in rows)
    assert len(places) == 11
    assert all(find_kelurahan(row.application.applicant.kelurahan) for row in rows)
    assert 100 < sum(bool(row.application.group_reference) for row in rows) < 300


def test_planted_kinds_of_defect_are_found(city) -> None:
    _, summary = city
    expected = {"MISSING", "PARTIAL", "OVERPAID", "LATE", "UNKNOWN_LOAN", "REV_ORPHAN"}
    assert expected <= set(summary["mismatches"])


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(tmp_path: Path) -> None:
    def numbers(name: str, seed: str) -> dict[str, Any]:
        summary = run_demo(tmp_path / name, "--applications", "40", "--seed", seed)
        return {
            key: summary[key]
            for key in ("applications", "loans", "repayments", "mismatches", "proof")
        }

    first = numbers("a", "7")
    assert numbers("b", "7") == first
    assert numbers("c", "8") != first
