"""The demo city that ./run starts: its numbers add up, and repeat."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gateway.app import open_gateway
from gateway.domain.regions import find_kelurahan
from gateway.store import applications
from tests.story.demo_city import GATEWAY, DemoCity, run_demo

ROOT = Path(__file__).parents[2]
BANKS = {"bank_jambi", "bpr_kenali", "bpr_batanghari"}


def test_six_hundred_applications_are_the_sum_of_their_states(city: DemoCity) -> None:
    summary = city.summary
    assert sum(summary["applications"].values()) == 600
    assert summary["applications"]["DISBURSED"] > 200


def test_the_proof_balances_and_the_log_verifies(city: DemoCity) -> None:
    summary = city.summary
    proof = summary["proof"]
    assert proof["balance_idr"] == 0
    assert proof["expected_idr"] == proof["allocated_idr"] + proof["expected_residual_idr"]
    assert proof["reported_idr"] == proof["allocated_idr"] + proof["reported_residual_idr"]
    assert summary["audit"]["verified"] is True


def test_three_banks_took_their_batches_in(city: DemoCity) -> None:
    summary = city.summary
    sent = {row["partner"]: row["state"] for row in summary["batches"]}
    assert {code: sent[code] for code in BANKS} == dict.fromkeys(BANKS, "ACKED")


def test_about_a_third_is_stopped_for_the_reasons_of_the_background(city: DemoCity) -> None:
    summary = city.summary
    assert 0.25 <= summary["applications"]["ON_HOLD"] / 600 <= 0.40
    with open_gateway(city.home) as gateway, gateway.store.read() as tx:
        rows = applications.list_applications(tx)
    reasons = {blocker.code.value for row in rows for blocker in row.blockers}
    assert {"ARREARS", "ONLINE_LOAN_ARREARS", "NO_CONSENT", "INCOMPLETE"} <= reasons


def test_people_come_from_all_eleven_kecamatan_and_groups_are_among_them(city: DemoCity) -> None:
    with open_gateway(city.home) as gateway, gateway.store.read() as tx:
        rows = applications.list_applications(tx)
    places = Counter(row.application.applicant.kelurahan[:8] for row in rows)
    assert len(places) == 11
    assert all(find_kelurahan(row.application.applicant.kelurahan) for row in rows)
    assert 100 < sum(bool(row.application.group_reference) for row in rows) < 300


def test_planted_kinds_of_defect_are_found(city: DemoCity) -> None:
    summary = city.summary
    expected = {"MISSING", "PARTIAL", "OVERPAID", "LATE", "UNKNOWN_LOAN", "REV_ORPHAN"}
    assert expected <= set(summary["mismatches"])


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(tmp_path: Path) -> None:
    def numbers(name: str, seed: str) -> dict[str, Any]:
        summary = run_demo(tmp_path / name, "--applications", "40", "--seed", seed).summary
        return {
            key: summary[key]
            for key in ("applications", "loans", "repayments", "mismatches", "proof")
        }

    first = numbers("a", "7")
    assert numbers("b", "7") == first
    assert numbers("c", "8") != first


def load_readme_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("readme_tool", ROOT / "docs" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_road_in_six_commands_prints_what_the_readme_shows(city: DemoCity) -> None:
    tool = load_readme_tool()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    printed = tool.run_commands(city.home.parent, path)
    assert tool.mask(printed) == tool.mask(tool.written_block())


def test_the_first_command_prints_what_the_readme_shows(city: DemoCity) -> None:
    tool = load_readme_tool()
    block = tool.BLOCK.search((ROOT / "README.md").read_text("utf-8")).group()
    shown = block.partition(f"$ {tool.ROAD}\n")[2].partition("$ gateway")[0]
    assert tool.mask(city.said).splitlines() == tool.mask(shown).splitlines()


def test_the_served_demo_ends_with_one_ctrl_c_and_leaves_nothing_running(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    words = [GATEWAY, "demo", "--home", "kota", "--applications", "40", "--port", str(port)]
    with subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stderr is not None
        assert demo.stderr.readline().strip() == f"http://127.0.0.1:{port}/"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.status == 200
        demo.send_signal(signal.SIGINT)
        said, _ = demo.communicate(timeout=20)
    assert demo.returncode == 0
    assert said.count("kata sandi") == 5
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 2)
