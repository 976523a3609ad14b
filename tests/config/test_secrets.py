from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config import Secret, read_secret
from gateway.errors import ConfigError


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "kunci"
    key.write_bytes(b"rahasia")
    key.chmod(0o640)
    with pytest.raises(ConfigError) as caught:
        read_secret(Secret(source="file", name="kunci"), tmp_path)
    assert "chmod 600 kunci" in str(caught.value)
    assert "rahasia" not in str(caught.value)


def test_an_owner_only_key_file_is_read(tmp_path: Path) -> None:
    key = tmp_path / "kunci"
    key.write_bytes(b"rahasia")
    key.chmod(0o600)
    assert read_secret(Secret(source="file", name="kunci"), tmp_path) == b"rahasia"


def test_a_secret_comes_from_the_environment_or_a_credential(tmp_path: Path) -> None:
    (tmp_path / "sftp").write_bytes(b"dari systemd")
    (tmp_path / "sftp").chmod(0o400)
    seen = {"KUNCI": "dari lingkungan", "CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert read_secret(Secret(source="env", name="KUNCI"), tmp_path, seen) == b"dari lingkungan"
    found = read_secret(Secret(source="credential", name="sftp"), tmp_path, seen)
    assert found == b"dari systemd"


def test_a_missing_environment_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_secret(Secret(source="env", name="KUNCI_BANK"), tmp_path, {})
    assert "KUNCI_BANK is not set" in str(caught.value)
