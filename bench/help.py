"""B9: `gateway --help` against a bare interpreter, as a ratio taken in one run.

.venv/bin/python bench/help.py [ROUNDS]
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 9
GATEWAY = Path(sys.executable).with_name("gateway")


def seconds(*command: str) -> float:
    """Wall seconds of one run."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def measure(rounds: int) -> dict[str, float]:
    """Medians, the two commands taken in turn so that both meet the same machine."""
    bare, helped = [], []
    for _ in range(rounds):
        bare.append(seconds(sys.executable, "-c", "pass"))
        helped.append(seconds(str(GATEWAY), "--help"))
    a, b = statistics.median(bare), statistics.median(helped)
    return {"bare_s": round(a, 3), "help_s": round(b, 3), "ratio": round(b / a, 1)}


if __name__ == "__main__":
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    print(platform.python_version(), measure(rounds))
