from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.town import Town, found_town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return found_town(tmp_path)
