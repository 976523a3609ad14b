"""One run of the demo city, shared by the tests that look at it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GATEWAY = Path(sys.executable).with_name("gateway")


@dataclass(frozen=True, kw_only=True)
class DemoCity:
    """What ``./run --once --json`` left and said.

    :param said: the text for people, on stderr.
    """

    home: Path
    summary: dict[str, Any]
    said: str


def run_demo(home: Path, *words: str) -> DemoCity:
    done = subprocess.run(
        [GATEWAY, "demo", "--once", "--json", "--home", home.name, *words],
        cwd=home.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    return DemoCity(home=home, summary=json.loads(done.stdout), said=done.stderr)
