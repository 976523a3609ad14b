"""Secrets by reference: read when needed, owner-only, never printed."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from gateway.config.values import Secret
from gateway.errors import ConfigError


def read_secret(secret: Secret, home: Path, environment: Mapping[str, str] | None = None) -> bytes:
    """The secret's bytes.

    :param environment: the process environment; handed in by tests.
    :raises ConfigError: if it is missing, or a file others may read.
    """
    seen = os.environ if environment is None else environment
    if secret.source == "env":
        if secret.name not in seen:
            raise ConfigError([f"environment variable {secret.name} is not set / belum diisi"])
        return seen[secret.name].encode()
    if secret.source == "credential":
        return read_private(Path(seen.get("CREDENTIALS_DIRECTORY", "/nonexistent")) / secret.name)
    return read_private(home / secret.name)


def read_private(path: Path) -> bytes:
    """A private file's bytes, refused when group or others may read it."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as missing:
        raise ConfigError([f"{path.name}: the key file is missing / berkas kunci tidak ada"]) from (
            missing
        )
    if stat.S_IMODE(mode) & 0o077:
        raise ConfigError(
            [f"{path.name}: others may read this key; run / jalankan: chmod 600 {path.name}"]
        )
    return path.read_bytes()
