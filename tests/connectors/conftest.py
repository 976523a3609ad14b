"""Plugins as other people would install them: a distribution with an entry point."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a plugin for one test: its code, its entry point, its distribution."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def put(name: str, code: str, *, attribute: str = "", distribution: str = "") -> None:
        module = f"plugin_of_{name}"
        (tmp_path / f"{module}.py").write_text(code, "utf-8")
        made = distribution or f"made_{name}"
        meta = tmp_path / f"{made}-1.2.dist-info"
        meta.mkdir()
        (meta / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {made}\nVersion: 1.2\n")
        target = f"{module}:{attribute}" if attribute else module
        (meta / "entry_points.txt").write_text(f"[gateway.plugins]\n{name} = {target}\n")

    yield put
    for name in set(sys.modules) - before:
        if name.startswith("plugin_of_"):
            del sys.modules[name]
