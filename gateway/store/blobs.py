"""Files' bytes, kept for ever under their own SHA-256, sealed and synced to disk."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from gateway.errors import IntegrityBroken
from gateway.privacy import Vault


class BlobFolder:
    """Content-addressed files ``aa/<sha256>`` under one folder, each sealed by the vault."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def put(self, content: bytes) -> str:
        """Store bytes durably and return their SHA-256; the same bytes again change nothing."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if path.exists() and self._is_sound(sha256):
            return sha256
        self._make_folder(path.parent)
        sealed = self._vault.seal_bytes(content, f"blobs.content|{sha256}")
        draft = path.with_name(f".{sha256}.{self._vault.random_bytes(8).hex()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(path.parent)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Read bytes back.

        :raises IntegrityBroken: if they are gone or are not what was stored.
        """
        try:
            sealed = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise _broken(sha256, "BLOB_MISSING") from None
        content = self._vault.open_bytes(sealed, f"blobs.content|{sha256}")
        if hashlib.sha256(content).hexdigest() != sha256:
            raise _broken(sha256, "BLOB_CHANGED")
        return content

    def has(self, sha256: str) -> bool:
        """Whether bytes of this name are on the disk; :meth:`get` tells whether they are sound."""
        return self._path(sha256).exists()

    def size_bytes(self, sha256: str) -> int:
        """Size on the disk, sealed."""
        return self._path(sha256).stat().st_size

    def _is_sound(self, sha256: str) -> bool:
        try:
            self.get(sha256)
        except IntegrityBroken:
            return False
        return True

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise _broken("?", "BLOB_NAME")
        return self._folder / sha256[:2] / sha256

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _broken(sha256: str, reason: str) -> IntegrityBroken:
    return IntegrityBroken(
        f"Stored bytes {sha256[:12]}… are missing or changed.",
        message_id=f"Isi tersimpan {sha256[:12]}… hilang atau berubah.",
        how_en="Restore the folder of stored bytes from a backup.",
        how_id="Pulihkan folder isi tersimpan dari cadangan.",
        reason=reason,
    )
