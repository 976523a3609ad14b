"""The floors of the house hold, and the tool that says so bites."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.source import ROOT

LINT = Path(sys.executable).with_name("lint-imports")
PLUGINS = sorted(
    path.parent
    for path in ROOT.glob("plugins/*/*/__init__.py")
    if path.parent.name.startswith("gateway_")
)
BREACHES = {
    "gateway/domain/planted.py": ("import sqlite3\n", "The domain touches no disk"),
    "gateway/connectors/planted.py": (
        "import gateway.store\n",
        "a floor imports only from floors below it",
    ),
    "gateway/newroom.py": ("", "a floor imports only from floors below it"),
    "gateway/steps/planted.py": ("import gateway_bank_jambi\n", "knows no plugin by name"),
    "gateway/steps/planted_kit.py": ("import gateway.testing\n", "imports the test kit"),
    "gateway/steps/planted_sql.py": ("import sqlalchemy\n", "SQL lives in the store"),
    "gateway/steps/planted_net.py": ("import paramiko\n", "Only channels call a partner"),
    "gateway/bankkit/planted.py": ("import gateway.errors\n", "imports nothing of the gateway"),
    "gateway_bank_jambi/planted.py": ("import gateway.store\n", "Plugins see the contract"),
    "gateway_ojk_slik/planted.py": ("import gateway_bank_jambi\n", "No plugin knows another"),
}


def lint(folder: Path, *paths: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-logo", "--no-cache", "--config", str(folder / "setup.cfg")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (folder, *paths)))},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_floor_imports_only_from_below() -> None:
    done = lint(ROOT, *(package.parent for package in PLUGINS))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def breached(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the tool says of a copy of the house with every breach planted in it."""
    folder = tmp_path_factory.mktemp("house")
    ignored = shutil.ignore_patterns("__pycache__", "static", "templates")
    shutil.copy(ROOT / "setup.cfg", folder)
    shutil.copytree(ROOT / "gateway", folder / "gateway", ignore=ignored)
    for package in PLUGINS:
        shutil.copytree(package, folder / package.name, ignore=ignored)
    for name, (code, _) in BREACHES.items():
        (folder / name).write_text(code)
    done = lint(folder)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", BREACHES)
def test_a_planted_breach_is_found(breached: str, name: str) -> None:
    _, contract = BREACHES[name]
    broken = [line for line in breached.splitlines() if line.endswith("BROKEN")]
    assert any(contract in line for line in broken)
    assert name.removesuffix(".py").replace("/", ".") in breached
