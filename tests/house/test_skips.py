"""A test that does not run did not pass: the suite's own conftest sees to it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.source import ROOT

# Written in halves, so that the rule against such marks does not find them here.
MARK = "pytest.mark."
WAYS = {
    "a mark": f"@{MARK}skip\ndef test_it(): pass",
    "a condition": f"@{MARK}skipif(True, reason='no')\ndef test_it(): pass",
    "a call": "def test_it(): pytest.skip('no')",
    "a fixture": "@pytest.fixture\ndef it(): pytest.skip('no')\ndef test_it(it): pass",
    "an expected failure": f"@{MARK}xfail\ndef test_it(): assert False",
    "an unexpected pass": f"@{MARK}xfail\ndef test_it(): pass",
    "a whole module": "pytest.skip('no', allow_module_level=True)",
    "a missing module": "pytest.importorskip('nothing_of_this_name')",
    "no test at all": "",
}


def run(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "conftest.py", folder)
    (folder / "test_one.py").write_text(f"import pytest\n{code}\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_not_running_fails(tmp_path: Path, way: str) -> None:
    done = run(tmp_path, WAYS[way])
    assert done.returncode != 0, done.stdout
    assert " skipped" not in done.stdout
    assert "xpassed" not in done.stdout


def test_a_test_that_runs_passes(tmp_path: Path) -> None:
    done = run(tmp_path, "def test_it(): pass")
    assert done.returncode == 0, done.stdout
