"""Keys are slow to make: one set per run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.signing import Signer, load_signer, make_signer
from tests.support.openssl import KeyFiles, write_key_files

NOW = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def bank_pems() -> tuple[bytes, bytes]:
    return make_signer("Bank Jambi", NOW)


@pytest.fixture(scope="session")
def bank(bank_pems: tuple[bytes, bytes]) -> Signer:
    return load_signer(*bank_pems)


@pytest.fixture(scope="session")
def stranger_pems() -> tuple[bytes, bytes]:
    return make_signer("Bank Jambi", NOW)


@pytest.fixture(scope="session")
def stranger(stranger_pems: tuple[bytes, bytes]) -> Signer:
    return load_signer(*stranger_pems)


@pytest.fixture
def bank_files(tmp_path: Path, bank_pems: tuple[bytes, bytes]) -> KeyFiles:
    return write_key_files(tmp_path, "bank", bank_pems)
