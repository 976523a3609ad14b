from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from town import Town, found_town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return found_town(tmp_path)
