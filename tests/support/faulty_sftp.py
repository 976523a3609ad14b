"""An SFTP server on paramiko whose faults are ordered one by one.

Only for faults: the same library on both ends would hide what both get wrong, so everything
that should work is tested against OpenSSH.
"""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED
from paramiko.sftp import (
    CMD_EXTENDED,
    CMD_EXTENDED_REPLY,
    CMD_STATUS,
    CMD_VERSION,
    SFTP_EOF,
    SFTP_FAILURE,
    SFTP_OK,
    SFTP_OP_UNSUPPORTED,
    SFTP_PERMISSION_DENIED,
)

if TYPE_CHECKING:
    from typing_extensions import Buffer


@dataclass(slots=True, kw_only=True)
class Faults:
    """What goes wrong; -1 and empty for nothing."""

    stall: str = ""  # auth, channel, subsystem, version, write, read, rename
    disk_full: bool = False  # said by statvfs
    write_fails_at: int = -1  # one write is refused, later ones succeed
    lost_write_at: int = -1  # one write is acknowledged, but its bytes are zeros
    cut_after_bytes: int = -1  # of writes; then the connection is reset
    read_ends_at: int = -1  # the end of the file is claimed early
    stated_bytes: int = -1  # the size that an open file claims
    short_read: int = 0  # at most so many bytes per answer
    answers_reversed: bool = False  # neighbouring answers change places
    rename_answer_lost: str = ""  # "done": after the effect, "undone": instead of it
    reset_after_rename: bool = False  # nobody may come back after that
    no_posix_rename: bool = False
    no_extensions: bool = False
    rename_refused: bool = False
    listed_twice: bool = False
    ghosts: tuple[str, ...] = ()
    denied: frozenset[str] = frozenset()
    login_attempts: list[str] = field(default_factory=list)


class FaultySftp:
    """The server's state, shared by its connections."""

    def __init__(self, root: Path, user_key: paramiko.PKey) -> None:
        self.root, self.user_key, self.faults = root, user_key, Faults()
        self.host_key = paramiko.ECDSAKey.generate()
        self.freed, self.closing = threading.Event(), False
        self.written_bytes = 0
        self._live: list[tuple[paramiko.Transport, socket.socket]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def host_line(self) -> str:
        return f"{self.host_key.get_name()} {self.host_key.get_base64()}"

    def stalls_at(self, place: str) -> bool:
        """Wait there until the test is over, if that was ordered."""
        if self.faults.stall == place:
            self.freed.wait(20)
            return True
        return False

    def cut(self) -> None:
        """Reset every connection."""
        cut, self._live = self._live, []
        for transport, link in cut:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            link.close()
            transport.active = False  # type: ignore[attr-defined]  # not in the stubs

    def close(self) -> None:
        self.closing = True
        self.freed.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()
        for transport, _ in self._live:
            transport.close()

    def _serve(self) -> None:
        while not self.closing:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(link,), daemon=True).start()

    def _talk(self, link: socket.socket) -> None:
        transport = paramiko.Transport(link)
        transport.set_log_channel("gateway.channels.ssh")
        transport.add_server_key(self.host_key)
        transport.set_subsystem_handler("sftp", _Server, _Files, bank=self)
        self._live.append((transport, link))
        try:
            transport.start_server(server=_Gate(self))
        except (paramiko.SSHException, EOFError, OSError):
            transport.close()


@contextmanager
def run_faulty_sftp(root: Path, user_key: paramiko.PKey) -> Iterator[FaultySftp]:
    """Serve ``root``; order faults on ``.faults``."""
    bank = FaultySftp(root, user_key)
    try:
        yield bank
    finally:
        bank.close()


class _Gate(paramiko.ServerInterface):
    def __init__(self, bank: FaultySftp) -> None:
        self.bank = bank

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        self.bank.faults.login_attempts.append(username)
        self.bank.stalls_at("auth")
        return AUTH_SUCCESSFUL if key == self.bank.user_key else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        self.bank.stalls_at("channel")
        return OPEN_SUCCEEDED

    def check_channel_subsystem_request(self, channel: paramiko.Channel, name: str) -> bool:
        self.bank.stalls_at("subsystem")
        if "subsystem" in self.bank.faults.denied:
            return False
        return super().check_channel_subsystem_request(channel, name)


class _Handle(paramiko.SFTPHandle):
    def __init__(self, bank: FaultySftp, descriptor: int, flags: int) -> None:
        super().__init__(flags)
        self.bank, self.descriptor = bank, descriptor

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def stat(self) -> paramiko.SFTPAttributes:
        facts = paramiko.SFTPAttributes.from_stat(os.fstat(self.descriptor))
        if self.bank.faults.stated_bytes >= 0:
            facts.st_size = self.bank.faults.stated_bytes
        return facts

    def read(self, offset: int, length: int) -> bytes | int:
        faults = self.bank.faults
        self.bank.stalls_at("read")
        if 0 <= faults.read_ends_at <= offset:
            return SFTP_EOF
        return os.pread(self.descriptor, min(length, faults.short_read or length), offset)

    def write(self, offset: int, data: Buffer) -> int:
        faults = self.bank.faults
        content = bytes(data)
        self.bank.stalls_at("write")
        self.bank.written_bytes += len(content)
        if 0 <= faults.cut_after_bytes < self.bank.written_bytes:
            faults.cut_after_bytes = -1
            self.bank.cut()
            return SFTP_FAILURE
        if offset <= faults.write_fails_at < offset + len(content):
            return SFTP_FAILURE
        lost = offset <= faults.lost_write_at < offset + len(content)
        os.pwrite(self.descriptor, bytes(len(content)) if lost else content, offset)
        return SFTP_OK


class _Files(paramiko.SFTPServerInterface):
    def __init__(self, server: paramiko.ServerInterface, *rest: object, bank: FaultySftp) -> None:
        self.bank = bank

    def local(self, path: str) -> Path:
        return self.bank.root / path.lstrip("/")

    def _try(self, act: str, run: Callable[[], int | None]) -> int:
        if act in self.bank.faults.denied:
            return SFTP_PERMISSION_DENIED
        try:
            return run() or SFTP_OK
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        listed = []
        for one in sorted(self.local(path).iterdir()):
            facts = paramiko.SFTPAttributes.from_stat(one.lstat(), one.name)
            listed += [facts, facts] if self.bank.faults.listed_twice else [facts]
        for name in self.bank.faults.ghosts:
            ghost = paramiko.SFTPAttributes.from_stat(self.bank.root.stat(), name)
            ghost.st_mode = 0o100640
            listed.append(ghost)
        return listed

    def lstat(self, path: str) -> paramiko.SFTPAttributes | int:
        try:
            return paramiko.SFTPAttributes.from_stat(self.local(path).lstat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    def open(self, path: str, flags: int, attr: object) -> paramiko.SFTPHandle | int:
        if "open" in self.bank.faults.denied:
            return SFTP_PERMISSION_DENIED
        try:
            return _Handle(self.bank, os.open(self.local(path), flags, 0o640), flags)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    def remove(self, path: str) -> int:
        return self._try("remove", lambda: self.local(path).unlink())

    def mkdir(self, path: str, attr: object) -> int:
        return self._try("mkdir", lambda: self.local(path).mkdir())

    def rename(self, oldpath: str, newpath: str) -> int:
        if self.local(newpath).exists():
            return SFTP_FAILURE
        return self._rename(oldpath, newpath)

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        if self.bank.faults.no_posix_rename:
            return SFTP_OP_UNSUPPORTED
        return self._rename(oldpath, newpath)

    def _rename(self, oldpath: str, newpath: str) -> int:
        faults = self.bank.faults
        self.bank.stalls_at("rename")
        if faults.rename_refused:
            return SFTP_FAILURE
        lost, faults.rename_answer_lost = faults.rename_answer_lost, ""
        if lost != "undone":
            answer = self._try("rename", lambda: _moved(self.local(oldpath), self.local(newpath)))
        if lost:
            self.bank.cut()
            if faults.reset_after_rename:
                self.bank.close()
            return SFTP_FAILURE
        return answer


def _moved(source: Path, target: Path) -> None:
    source.replace(target)


class _Server(paramiko.SFTPServer):
    """paramiko's own announces no extensions and knows no statvfs and no fsync."""

    server: _Files
    held: tuple[int, paramiko.Message] | None = None

    def _send_server_version(self) -> int:
        self._read_packet()  # type: ignore[attr-defined]  # private, not in the stubs
        bank = self.server.bank
        bank.stalls_at("version")
        greeting = paramiko.Message()
        greeting.add_int(3)
        for name, version in (
            ("posix-rename@openssh.com", "1"),
            ("fsync@openssh.com", "1"),
            ("statvfs@openssh.com", "2"),
        ):
            left_out = bank.faults.no_posix_rename and name.startswith("posix")
            if not left_out and not bank.faults.no_extensions:
                greeting.add_string(name)
                greeting.add_string(version)
        self._send_packet(CMD_VERSION, greeting)
        return 3

    def _process(self, kind: int, number: int, message: paramiko.Message) -> None:
        if kind == CMD_EXTENDED:
            at = message.packet.tell()
            name = message.get_text()
            if name == "fsync@openssh.com":
                self._send_status(number, SFTP_OK)  # type: ignore[attr-defined]  # as above
                return
            if name == "statvfs@openssh.com":
                self._send_room(number)
                return
            message.packet.seek(at)
        super()._process(kind, number, message)  # type: ignore[misc]  # as above

    def _send_room(self, number: int) -> None:
        free = 0 if self.server.bank.faults.disk_full else 1 << 30
        answer = paramiko.Message()
        answer.add_int(number)
        for value in (4096, 4096, 1 << 31, free, free, 1, 1, 1, 0, 0, 255):
            answer.add_int64(value)
        self._send_packet(CMD_EXTENDED_REPLY, answer)

    def _send_packet(self, kind: int, packet: paramiko.Message) -> None:
        if kind == CMD_STATUS and self.server.bank.faults.answers_reversed:
            if self.held is None:
                self.held = (kind, packet)
                threading.Timer(0.1, self._let_go).start()
                return
            super()._send_packet(kind, packet)  # type: ignore[misc]  # as above
            self._let_go()
            return
        super()._send_packet(kind, packet)  # type: ignore[misc]  # as above

    def _let_go(self) -> None:
        held, self.held = self.held, None
        if held is not None:
            super()._send_packet(*held)  # type: ignore[misc]  # as above
