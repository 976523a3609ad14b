"""A new plugin works before a line of it is changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.errors import ConfigError
from gateway.testing.scaffold import scaffold

ROOT = Path(__file__).parents[2]
KINDS = ("bank", "registry")


def write_plugin(folder: Path, kind: str) -> Path:
    for name, text in scaffold(f"{kind}_baru", kind).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_plugin_passes_its_own_conformance_at_once(tmp_path: Path, kind: str) -> None:
    done = run("pytest", "-q", "-p", "no:cacheprovider", cwd=write_plugin(tmp_path / "baru", kind))
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_plugin_meets_the_houses_style(tmp_path: Path, kind: str) -> None:
    folder = write_plugin(tmp_path / "plugins" / "baru", kind)
    # Seen from beside the gateway, as in this repository: its modules are the house's own.
    (tmp_path / "gateway").symlink_to(ROOT / "gateway")
    config = str(ROOT / "ruff.toml")
    checked = run("ruff", "check", "--no-cache", "--config", config, str(folder), cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout
    formatted = run(
        "ruff", "format", "--no-cache", "--check", "--config", config, str(folder), cwd=tmp_path
    )
    assert formatted.returncode == 0, formatted.stdout


@pytest.mark.parametrize("name", ["Bank", "1bank", "bank-baru", "bank__baru", "../bank", "b" * 41])
def test_a_name_that_is_no_package_is_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        scaffold(name, "bank")


def test_a_kind_that_does_not_exist_is_refused_with_the_two_that_do() -> None:
    with pytest.raises(ConfigError, match="bank or registry"):
        scaffold("baru", "koperasi")
