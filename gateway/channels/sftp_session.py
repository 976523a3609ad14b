"""A partner's two folders over one SFTP connection."""

from __future__ import annotations

import hashlib
import posixpath
import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress

from gateway.channels.base import (
    RETIRED_FOLDER,
    RemoteFile,
    check_name,
    check_token,
    publish_by_token,
)
from gateway.channels.outcomes import Reason, channel_error
from gateway.channels.sftp_transfer import chunk_bytes, read_all, write_all
from gateway.channels.sftp_wire import (
    Answer,
    Attributes,
    Kind,
    RequestRefused,
    StatusCode,
    Wire,
    readable,
)
from gateway.errors import ChannelError

OPEN_READ = 0x01
OPEN_NEW = 0x02 | 0x08 | 0x10  # write, create, truncate
POSIX_RENAME = "posix-rename@openssh.com"
FSYNC = "fsync@openssh.com"
STATVFS = "statvfs@openssh.com"


class SftpSession:
    """Work in the two folders; see :class:`gateway.channels.base.Session` for the laws.

    :param reconnect: opens a second conversation, to look after an answer was lost.
    :param hang_up: closes all of them.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        to_partner: str,
        from_partner: str,
        reconnect: Callable[[], Wire],
        hang_up: Callable[[], None],
    ) -> None:
        self.where = wire.where
        self._wire, self._reconnect, self._hang_up = wire, reconnect, hang_up
        self._outbox, self._inbox = to_partner, from_partner
        self._chunk = chunk_bytes(wire)

    @property
    def atomic_rename(self) -> bool:
        """Whether the server renames in one step; without the extension it links, then unlinks."""
        return POSIX_RENAME in self._wire.extensions

    def close(self) -> None:
        """Hang up; the connection's deadlines end with it."""
        self._hang_up()

    def list_incoming(self, limit: int = 10_000) -> list[RemoteFile]:
        """At most ``limit`` regular files of ``from_partner``, by name, each once."""
        found: dict[str, RemoteFile] = {}
        with self._named(Reason.FOLDER_MISSING), closing(self._entries(self._inbox)) as entries:
            for name, facts in entries:
                if name.startswith(".") or not stat.S_ISREG(facts.mode):
                    continue
                found[name] = RemoteFile(
                    name=name, size_bytes=facts.size_bytes, modified_at=facts.modified_at
                )
                if len(found) >= limit:
                    break
        return sorted(found.values(), key=lambda one: one.name)

    def fetch(self, name: str, max_bytes: int) -> bytes:
        """Exactly the file's bytes, counted while they come in."""
        check_name(name, self.where)
        path = posixpath.join(self._inbox, name)
        pieces, size_bytes = [], 0
        with self._named(Reason.FILE_VANISHED), closing(self._read(path, max_bytes)) as incoming:
            for piece in incoming:
                size_bytes += len(piece)
                if size_bytes > max_bytes:
                    raise channel_error(Reason.FILE_TOO_LARGE, self.where)
                pieces.append(piece)
        return b"".join(pieces)

    def retire(self, name: str) -> None:
        """Move the file to ``selesai``; one that is gone already is fine."""
        check_name(name, self.where)
        folder = posixpath.join(self._inbox, RETIRED_FOLDER)
        source, target = posixpath.join(self._inbox, name), posixpath.join(folder, name)
        with self._named(Reason.FOLDER_MISSING):
            if self._facts(source) is None:
                return
            if self._facts(folder) is None:
                self._wire.call(Kind.MKDIR, folder, 0)
            if not self.atomic_rename and self._facts(target) is not None:
                self._wire.call(Kind.REMOVE, target)
            self._rename(source, target)

    def put(self, token: str, content: bytes) -> None:
        """Write under a hidden name, wait for every answer, and read it back."""
        check_token(token, self.where)
        if not self._has_room(len(content)):
            raise channel_error(Reason.DISK_FULL, self.where)
        try:
            self._write(posixpath.join(self._outbox, token), content)
            if self.digest(token) != hashlib.sha256(content).hexdigest():
                raise channel_error(Reason.WRITE_DIFFERS, self.where)
        except ChannelError:
            # A leftover is hidden and never published; the error that counts is the first.
            with suppress(ChannelError):
                self.discard(token)
            raise

    def is_present(self, name: str) -> bool:
        """Whether the name is in ``to_partner``, whatever it is."""
        check_name(name, self.where)
        with self._named(Reason.FOLDER_MISSING):
            if self._facts(posixpath.join(self._outbox, name)) is not None:
                return True
            # "Not there" decides what was sent: a folder that is away must not look like it.
            if self._facts(self._outbox) is None:
                raise channel_error(Reason.FOLDER_MISSING, self.where)
            return False

    def publish(self, token: str, final: str) -> None:
        """Make the token visible as ``final``."""
        publish_by_token(self, token, final)

    def discard(self, token: str) -> None:
        """Remove a token; one that is gone already is fine."""
        check_token(token, self.where)
        with self._named(Reason.FOLDER_MISSING):
            path = posixpath.join(self._outbox, token)
            if self._facts(path) is not None:
                self._wire.call(Kind.REMOVE, path)

    def digest(self, name: str) -> str:
        """SHA-256, hex, of a file in ``to_partner``, read back from the server."""
        running = hashlib.sha256()
        path = posixpath.join(self._outbox, name)
        with self._named(Reason.TOKEN_GONE), closing(self._read(path, None)) as incoming:
            for piece in incoming:
                running.update(piece)
        return running.hexdigest()

    def rename(self, token: str, final: str) -> None:
        """The one step that publishes; the caller looked that ``final`` is free.

        :raises ChannelUncertain: the answer was lost and looking did not settle it, or the
            server, which renames in two steps, said no.
        """
        source, target = (posixpath.join(self._outbox, name) for name in (token, final))
        try:
            with self._named(Reason.TOKEN_GONE):
                self._rename(source, target)
        except ChannelError as error:
            if error.reason in (Reason.LINK_LOST, Reason.DEADLINE, Reason.ANSWER_UNREADABLE):
                self._look(token, final, error)
            elif not self.atomic_rename:
                raise channel_error(Reason.RENAME_ANSWER_LOST, self.where) from error
            else:
                raise

    def _look(self, token: str, final: str, cause: ChannelError) -> None:
        """Settle a lost answer: token gone and final there means done."""
        try:
            self._wire = self._reconnect()
            done = self.is_present(final) and not self.is_present(token)
        except ChannelError:
            done = False
        if not done:
            raise channel_error(Reason.RENAME_ANSWER_LOST, self.where) from cause

    def _rename(self, source: str, target: str) -> None:
        if self.atomic_rename:
            self._wire.call(Kind.EXTENDED, POSIX_RENAME, source, target)
        else:
            self._wire.call(Kind.RENAME, source, target)

    def _write(self, path: str, content: bytes) -> None:
        try:
            with self._named(Reason.FOLDER_MISSING), self._opened(path, OPEN_NEW) as handle:
                write_all(self._wire, handle, content, self._chunk)
                if FSYNC in self._wire.extensions:
                    self._wire.call(Kind.EXTENDED, FSYNC, handle)
        except ChannelError as error:
            # OpenSSH calls a full disk "failure"; only its free space tells what it was.
            if error.reason == Reason.SERVER_FAILED and not self._has_room(self._chunk):
                raise channel_error(Reason.DISK_FULL, self.where) from error
            raise

    def _read(self, path: str, max_bytes: int | None) -> Generator[bytes]:
        # Looked at before it is opened: opening a pipe would wait for its writer.
        before = self._facts(path)
        if before is not None and not stat.S_ISREG(before.mode):
            raise channel_error(Reason.FILE_NOT_REGULAR, self.where)
        with self._opened(path, OPEN_READ) as handle:
            answer = self._wire.call(Kind.FSTAT, handle, expect=Kind.ATTRS)
            with readable(self.where):
                facts = answer.attributes()
            if not stat.S_ISREG(facts.mode):
                raise channel_error(Reason.FILE_NOT_REGULAR, self.where)
            if max_bytes is not None and facts.size_bytes > max_bytes:
                raise channel_error(Reason.FILE_TOO_LARGE, self.where)
            yield from read_all(self._wire, handle, facts.size_bytes, self._chunk)

    def _facts(self, path: str) -> Attributes | None:
        """What stands at ``path``, links not followed; ``None`` for nothing."""
        try:
            answer = self._wire.call(Kind.LSTAT, path, expect=Kind.ATTRS)
        except RequestRefused as error:
            if error.status_code == StatusCode.NO_SUCH_FILE:
                return None
            raise
        with readable(self.where):
            return answer.attributes()

    def _entries(self, folder: str) -> Generator[tuple[str, Attributes]]:
        opened = self._wire.call(Kind.OPENDIR, folder, expect=Kind.HANDLE)
        with self._closing(opened) as handle:
            while True:
                try:
                    answer = self._wire.call(Kind.READDIR, handle, expect=Kind.NAME)
                except RequestRefused as error:
                    if error.status_code == StatusCode.END:
                        return
                    raise
                with readable(self.where):
                    for _ in range(answer.number()):
                        name, _line = answer.string(), answer.string()
                        facts = answer.attributes()
                        yield name.decode("utf-8", "backslashreplace"), facts

    def _has_room(self, needed_bytes: int) -> bool:
        """Whether ``to_partner`` has room; a server that does not say is believed to."""
        if STATVFS not in self._wire.extensions:
            return True
        try:
            answer = self._wire.call(
                Kind.EXTENDED, STATVFS, self._outbox, expect=Kind.EXTENDED_REPLY
            )
        except RequestRefused:
            return True
        with readable(self.where):
            _size, fragment_bytes, _blocks, _free, available = (answer.long() for _ in range(5))
        return fragment_bytes * available >= needed_bytes

    @contextmanager
    def _opened(self, path: str, flags: int) -> Iterator[bytes]:
        answer = self._wire.call(Kind.OPEN, path, flags, 0, expect=Kind.HANDLE)
        with self._closing(answer) as handle:
            yield handle

    @contextmanager
    def _closing(self, opened: Answer) -> Iterator[bytes]:
        """Close a handle; a server that fails to close a file written did not settle it."""
        with readable(self.where):
            handle = opened.string()
        try:
            yield handle
        except BaseException:
            with suppress(ChannelError, RequestRefused):
                self._wire.call(Kind.CLOSE, handle)
            raise
        self._wire.call(Kind.CLOSE, handle)

    @contextmanager
    def _named(self, missing: Reason) -> Iterator[None]:
        """Refusals of the server become our errors; a missing name means ``missing``."""
        try:
            yield
        except RequestRefused as error:
            named = {
                int(StatusCode.NO_SUCH_FILE): missing,
                int(StatusCode.PERMISSION_DENIED): Reason.PERMISSION_DENIED,
            }
            reason = named.get(error.status_code, Reason.SERVER_FAILED)
            raise channel_error(reason, self.where) from error
