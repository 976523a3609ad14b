from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.demo_city import DemoCity, run_demo
from tests.story.town import Town, found_town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return found_town(tmp_path)


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> DemoCity:
    """The demo city with its six hundred applications, walked once."""
    return run_demo(tmp_path_factory.mktemp("demo") / "kota")
