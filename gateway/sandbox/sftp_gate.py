"""Who may come in to the pretend SFTP server, and what of the ordered faults awaits them."""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import paramiko
from paramiko import common

from gateway.sandbox.faults import NONE, Faults


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpUser:
    """One partner's place: its root folder and the public keys that may log in.

    :param public_keys: lines such as ``ssh-ed25519 AAAA…``.
    """

    name: str
    root: Path
    public_keys: tuple[str, ...]
    faults: Faults = NONE


class Line:
    """What of a user's faults is still to come; shared by all its connections."""

    def __init__(self, user: SftpUser) -> None:
        self.user = user
        self.logins_to_refuse = user.faults.refuse_logins
        self.answers_to_lose = user.faults.lose_rename_answers
        self.bytes_left = user.faults.drop_after_bytes

    def takes(self, size: int) -> bool:
        """Whether so many more bytes get through before the connection is cut, once."""
        if self.bytes_left < 0:
            return True
        self.bytes_left -= size
        return self.bytes_left >= 0

    def keeps(self, size: int) -> bool:
        """Whether a file of this size still fits on the disk."""
        limit = self.user.faults.disk_full_after_bytes
        return limit < 0 or size <= limit


class Gate(paramiko.ServerInterface):
    """Lets a partner in by its key alone."""

    def __init__(
        self, lines: Mapping[str, Line], transport: paramiko.Transport, connection: socket.socket
    ) -> None:
        self._lines = lines
        self._transport = transport
        self._connection = connection
        self.line: Line | None = None

    def get_allowed_auths(self, username: str) -> str:
        """Keys only."""
        del username
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        """Known user, known key, and no ordered refusal."""
        line = self._lines.get(username)
        known = line.user.public_keys if line else ()
        if line is None or key.get_base64() not in {text.split()[1] for text in known}:
            return common.AUTH_FAILED
        if line.logins_to_refuse > 0:
            line.logins_to_refuse -= 1
            return common.AUTH_FAILED
        self.line = line
        return common.AUTH_SUCCESSFUL

    def check_channel_request(self, kind: str, chanid: int) -> int:
        """Sessions only."""
        del chanid
        if kind == "session":
            return common.OPEN_SUCCEEDED
        return common.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED

    def cut(self) -> None:
        """Break the connection as a failing network does: a reset, no goodbye."""
        linger = struct.pack("ii", 1, 0)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._connection.close()
        self._transport.close()
