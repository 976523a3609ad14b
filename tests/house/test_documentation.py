"""The reference is what the code says, and the scripts are sound."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.source import ROOT

SCRIPTS = ["run", "test", ".ci/run", ".ci/install", ".ci/servers"]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def test_the_reference_is_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_sound_bash(name: str) -> None:
    subprocess.run(["bash", "-n", ROOT / name], check=True)


def pages() -> list[Path]:
    return [path for path in ROOT.glob("**/*.md") if ".venv" not in path.parts]


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages()
        for target in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_without_gaps_and_say_why() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert numbers == [f"{number:04}" for number in range(len(DECISIONS))]
    for path in DECISIONS:
        text = path.read_text("utf-8")
        assert text.startswith("# ")
        assert "**Why.**" in text, path.name
