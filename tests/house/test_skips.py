"""A test that does not run did not pass: the suite's own conftest sees to it."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.support.source import ROOT

WAYS = {
    "mark": "@pytest.mark.skip\ndef test_it(): pass",
    "condition": "@pytest.mark.skipif(True, reason='no')\ndef test_it(): pass",
    "call": "def test_it(): pytest.skip('no')",
    "fixture": "@pytest.fixture\ndef it(): pytest.skip('no')\ndef test_it(it): pass",
    "expected_failure": "@pytest.mark.xfail\ndef test_it(): assert False",
    "unexpected_pass": "@pytest.mark.xfail\ndef test_it(): pass",
    "whole_module": "pytest.skip('no', allow_module_level=True)",
    "missing_module": "pytest.importorskip('nothing_of_this_name')",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest says of a folder with every way of not running, and one honest test."""
    folder = tmp_path_factory.mktemp("skips")
    shutil.copy(ROOT / "conftest.py", folder)
    for way, code in {**WAYS, "honest": "def test_it(): pass"}.items():
        (folder / f"test_{way}.py").write_text(f"import pytest\n{code}\n")
    options = ["-p", "no:cacheprovider", "--rootdir", ".", "--continue-on-collection-errors"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_not_running_fails(told: str, way: str) -> None:
    lines = [line for line in told.splitlines() if f" test_{way}.py" in f" {line}"]
    assert any(line.startswith(("FAILED", "ERROR")) for line in lines), told


def test_a_test_that_runs_passes_and_nothing_counts_as_skipped(told: str) -> None:
    assert "PASSED test_honest.py::test_it" in told
    closing = told.splitlines()[-1]
    assert "1 passed" in closing
    assert "skipped" not in closing
    assert "xpassed" not in closing
    assert "xfailed" not in closing
