"""A channel that is two folders of this machine: for hand-carried files and for tests."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gateway.channels.base import (
    RETIRED_FOLDER,
    RemoteFile,
    check_name,
    check_token,
    publish_by_token,
)
from gateway.channels.outcomes import Reason, channel_error

CHUNK_BYTES = 1 << 20
# Never follow a link, never wait for the writer of a pipe.
READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
WRITE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSettings:
    """Where the two folders are; both stand under ``path``."""

    path: Path
    to_partner: str
    from_partner: str


class FolderChannel:
    """The two folders; connecting is only looking whether they are there."""

    kind = "folder"

    def __init__(self, settings: FolderSettings) -> None:
        self.settings = settings

    def describe(self) -> str:
        """The kind alone: the path is ours."""
        return "folder"

    @contextmanager
    def connect(self) -> Iterator[FolderSession]:
        """A session on both folders."""
        session = FolderSession(self.settings, self.describe())
        for folder in (session.outbox, session.inbox):
            if not folder.is_dir():
                raise channel_error(Reason.FOLDER_MISSING, self.describe())
        yield session


class FolderSession:
    """Work in the two folders; every change is on the disk before the call returns."""

    atomic_rename = True

    def __init__(self, settings: FolderSettings, where: str) -> None:
        self.where = where
        self.outbox = settings.path / settings.to_partner
        self.inbox = settings.path / settings.from_partner

    def close(self) -> None:
        """Nothing is held open."""

    def list_incoming(self, limit: int = 10_000) -> list[RemoteFile]:
        """At most ``limit`` regular files of ``from_partner``, by name."""
        found = []
        with self._named(Reason.FOLDER_MISSING), os.scandir(self.inbox) as entries:
            for entry in entries:
                if entry.name.startswith(".") or not entry.is_file(follow_symlinks=False):
                    continue
                facts = entry.stat(follow_symlinks=False)
                modified = datetime.fromtimestamp(facts.st_mtime, UTC)
                name = os.fsencode(entry.name).decode("utf-8", "backslashreplace")
                found.append(RemoteFile(name=name, size_bytes=facts.st_size, modified_at=modified))
                if len(found) >= limit:
                    break
        return sorted(found, key=lambda one: one.name)

    def fetch(self, name: str, max_bytes: int) -> bytes:
        """Exactly the file's bytes, to its end."""
        check_name(name, self.where)
        with self._named(Reason.FILE_VANISHED):
            return b"".join(self._read(self.inbox / name, max_bytes))

    def retire(self, name: str) -> None:
        """Move the file to ``selesai``; one that is gone already is fine."""
        check_name(name, self.where)
        source, target = self.inbox / name, self.inbox / RETIRED_FOLDER
        with self._named(Reason.FOLDER_MISSING):
            if not source.is_symlink() and not source.exists():
                return
            target.mkdir(exist_ok=True)
            source.replace(target / name)
            _sync_folder(target)
            _sync_folder(self.inbox)

    def put(self, token: str, content: bytes) -> None:
        """Write under a hidden name, onto the disk, and read it back."""
        check_token(token, self.where)
        path = self.outbox / token
        with self._named(Reason.FOLDER_MISSING):
            try:
                _write(path, content)
                _sync_folder(self.outbox)
                written = self.digest(token)
            except OSError:
                path.unlink(missing_ok=True)
                raise
        if written != hashlib.sha256(content).hexdigest():
            self.discard(token)
            raise channel_error(Reason.WRITE_DIFFERS, self.where)

    def is_present(self, name: str) -> bool:
        """Whether the name is in ``to_partner``, whatever it is."""
        check_name(name, self.where)
        with self._named(Reason.FOLDER_MISSING):
            if os.path.lexists(self.outbox / name):
                return True
        # "Not there" decides what was sent: a folder that is away must not look like it.
        if not self.outbox.is_dir():
            raise channel_error(Reason.FOLDER_MISSING, self.where)
        return False

    def publish(self, token: str, final: str) -> None:
        """Make the token visible as ``final``."""
        publish_by_token(self, token, final)

    def discard(self, token: str) -> None:
        """Remove a token; one that is gone already is fine."""
        check_token(token, self.where)
        with self._named(Reason.FOLDER_MISSING):
            (self.outbox / token).unlink(missing_ok=True)

    def digest(self, name: str) -> str:
        """SHA-256, hex, of a file in ``to_partner``."""
        running = hashlib.sha256()
        with self._named(Reason.TOKEN_GONE):
            for chunk in self._read(self.outbox / name, None):
                running.update(chunk)
        return running.hexdigest()

    def rename(self, token: str, final: str) -> None:
        """The one step that publishes; the caller looked that ``final`` is free."""
        with self._named(Reason.TOKEN_GONE):
            (self.outbox / token).rename(self.outbox / final)
        try:
            _sync_folder(self.outbox)
        except OSError as error:  # visible now, but perhaps not after a power cut
            raise channel_error(Reason.RENAME_ANSWER_LOST, self.where) from error

    def _read(self, path: Path, max_bytes: int | None) -> Iterator[bytes]:
        try:
            handle = os.open(path, READ_FLAGS)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise channel_error(Reason.FILE_NOT_REGULAR, self.where) from error
            raise
        with os.fdopen(handle, "rb") as source:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise channel_error(Reason.FILE_NOT_REGULAR, self.where)
            size_bytes = 0
            while chunk := source.read(CHUNK_BYTES):
                size_bytes += len(chunk)
                if max_bytes is not None and size_bytes > max_bytes:
                    raise channel_error(Reason.FILE_TOO_LARGE, self.where)
                yield chunk

    @contextmanager
    def _named(self, missing: Reason) -> Iterator[None]:
        """Errors of the operating system become ours; a missing name means ``missing``."""
        try:
            yield
        except FileNotFoundError as error:
            raise channel_error(missing, self.where) from error
        except PermissionError as error:
            raise channel_error(Reason.PERMISSION_DENIED, self.where) from error
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            reason = Reason.DISK_FULL if full else Reason.SERVER_FAILED
            raise channel_error(reason, self.where) from error


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, WRITE_FLAGS, 0o640), "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
