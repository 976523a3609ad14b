"""An SFTP server on loopback, on paramiko: several partners, each in a root of its own.

It offers what a modern OpenSSH server offers (posix-rename, fsync, statvfs) and, to order,
fails the way servers fail.  Files are the plain files of each partner's root folder.
"""

from __future__ import annotations

import os
import socket
import threading
from typing import Protocol, cast

import paramiko
from paramiko import sftp
from paramiko.message import Message
from paramiko.sftp import CMD_EXTENDED, CMD_EXTENDED_REPLY, CMD_VERSION

from gateway.sandbox.sftp_files import Files, OpenFile
from gateway.sandbox.sftp_gate import Gate, Line, SftpUser

HOST = "127.0.0.1"
ACCEPT_SECONDS = 0.2
SFTP_VERSION = 3


class SftpServer:
    """The server; use it in a ``with`` statement or call :meth:`start` and :meth:`stop`."""

    def __init__(self, host_key: paramiko.PKey, users: list[SftpUser], port: int = 0) -> None:
        self.lines = {user.name: Line(user) for user in users}
        self._host_key = host_key
        self._socket = socket.create_server((HOST, port))
        self._socket.settimeout(ACCEPT_SECONDS)
        self.port: int = self._socket.getsockname()[1]
        self._stopping = threading.Event()
        self._transports: list[paramiko.Transport] = []
        self._thread = threading.Thread(target=self._accept, name="sandbox-sftp", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everybody and free the port."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()
        for transport in self._transports:
            transport.close()

    def __enter__(self) -> SftpServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            connection.settimeout(None)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._welcome(connection)

    def _welcome(self, connection: socket.socket) -> None:
        transport = paramiko.Transport(connection)
        transport.add_server_key(self._host_key)
        transport.set_subsystem_handler("sftp", Wire, Files)
        self._transports = [old for old in self._transports if old.is_active()] + [transport]
        try:
            # An event given here makes the negotiation run beside the accept loop.
            transport.start_server(
                event=threading.Event(), server=Gate(self.lines, transport, connection)
            )
        except (paramiko.SSHException, EOFError, OSError):
            transport.close()


class _Plumbing(Protocol):
    """Inner methods of paramiko's server that its stubs leave out."""

    def _read_packet(self) -> tuple[int, bytes]: ...

    def _send_packet(self, kind: int, packet: Message) -> None: ...

    def _send_status(self, request_number: int, code: int) -> None: ...


class Wire(paramiko.SFTPServer):
    """paramiko's protocol with the extensions that its own server lacks."""

    def _send_server_version(self) -> int:
        self._plumbing._read_packet()
        hello = Message()
        hello.add_int(SFTP_VERSION)
        offered = {"fsync@openssh.com": "1", "statvfs@openssh.com": "2"}
        if not self._files.line.user.faults.no_posix_rename:
            offered["posix-rename@openssh.com"] = "1"
        for name, version in offered.items():
            hello.add_string(name)
            hello.add_string(version)
        self._plumbing._send_packet(CMD_VERSION, hello)
        return SFTP_VERSION

    def _process(self, t: int, request_number: int, msg: Message) -> None:
        if t == CMD_EXTENDED:
            start = msg.packet.tell()
            tag = msg.get_text()
            if tag == "fsync@openssh.com":
                self._settle(request_number, msg)
                return
            if tag == "statvfs@openssh.com":
                self._tell_space(request_number, msg)
                return
            msg.packet.seek(start)
        super()._process(t, request_number, msg)  # type: ignore[misc]  # missing in the stubs

    @property
    def _plumbing(self) -> _Plumbing:
        return cast("_Plumbing", self)

    @property
    def _files(self) -> Files:
        return cast("Files", self.server)

    def _settle(self, request_number: int, message: Message) -> None:
        opened = self.file_table.get(message.get_binary())
        if not isinstance(opened, OpenFile):
            self._plumbing._send_status(request_number, sftp.SFTP_BAD_MESSAGE)
            return
        self._plumbing._send_status(
            request_number, self._files.do(lambda: os.fsync(opened.descriptor))
        )

    def _tell_space(self, request_number: int, message: Message) -> None:
        space = os.statvfs(self._files.place(message.get_text()))
        full = self._files.line.user.faults.disk_full_after_bytes >= 0
        free = 0 if full else space.f_bavail
        answer = Message()
        answer.add_int(request_number)
        for figure in (space.f_bsize, space.f_frsize, space.f_blocks, free, free, space.f_files):
            answer.add_int64(figure)
        for figure in (space.f_ffree, space.f_favail, space.f_fsid, 0, space.f_namemax):
            answer.add_int64(figure)
        self._plumbing._send_packet(CMD_EXTENDED_REPLY, answer)
