"""The benches run on small sizes; nothing here is timed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

BENCH = Path(__file__).parents[2] / "bench"


def test_the_help_bench_gives_a_ratio() -> None:
    spec = importlib.util.spec_from_file_location("bench_help", BENCH / "help.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    measured = module.measure(1)
    assert set(measured) == {"bare_s", "help_s", "ratio"}
    assert measured["ratio"] > 1
