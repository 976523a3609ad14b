"""A new home: configuration copied, keys made, owner-only; nothing that exists is touched."""

from __future__ import annotations

import secrets
import shutil
import sys
import tomllib
from datetime import datetime
from pathlib import Path

import gateway
from gateway.app import CITY_CERTIFICATE, CITY_KEY, FIELD_KEY, INDEX_KEY, PAGE_KEY
from gateway.errors import ConfigError
from gateway.signing import make_signer, make_ssh_key

KEY_BYTES = 32


def template_folder() -> Path:
    """The configuration that ships with the gateway: beside the sources, or installed."""
    beside = Path(gateway.__file__).parents[1] / "config"
    if (beside / "gateway.toml").is_file():
        return beside
    return Path(sys.prefix) / "share" / "kotajambi-gateway" / "config"


def make_home(home: Path, now: datetime) -> list[str]:
    """Fill an empty folder; returns what was made, relative to it.

    :raises ConfigError: when the folder already is a home.
    """
    if (home / "config").exists() or (home / "keys").exists():
        raise ConfigError([f"{home}: already a gateway home / sudah berisi gateway"])
    home.mkdir(parents=True, exist_ok=True)
    shutil.copytree(template_folder(), home / "config")
    for name in ("keys", "state", "state/blobs"):
        (home / name).mkdir(mode=0o700, exist_ok=True)
    made = ["config/"]
    for name in (FIELD_KEY, INDEX_KEY, PAGE_KEY):
        made.append(_write_private(home, name, secrets.token_hex(KEY_BYTES).encode() + b"\n"))
    certificate, key = make_signer("Kota Jambi - Gateway Mitra Bank", now)
    made.append(_write_private(home, CITY_KEY, key))
    (home / CITY_CERTIFICATE).write_bytes(certificate)
    made.append(CITY_CERTIFICATE)
    for code in _sftp_partners(home):
        private, public = make_ssh_key()
        made.append(_write_private(home, f"keys/{code}_ssh", private))
        (home / f"keys/{code}_ssh.pub").write_text(f"{public} kota-jambi@{code}\n", "utf-8")
        made.append(f"keys/{code}_ssh.pub")
    return made


def _sftp_partners(home: Path) -> list[str]:
    found = []
    for path in sorted((home / "config" / "partners").glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        if table.get("channel", {}).get("kind") == "sftp":
            found.append(path.stem)
    return found


def _write_private(home: Path, name: str, content: bytes) -> str:
    path = home / name
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)
    return name


def export_public(home: Path, folder: Path) -> list[str]:
    """Copy what partners need: the city's certificates and the SSH public keys (ruling 27)."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [CITY_CERTIFICATE, *(f"keys/{p.name}" for p in (home / "keys").glob("*_ssh.pub"))]
    copied = []
    for name in sorted(names):
        shutil.copyfile(home / name, folder / Path(name).name)
        copied.append(Path(name).name)
    return copied
