"""SFTP version 3 over an SSH channel: requests out, answers in, every status looked at.

paramiko carries the bytes, but its SFTP client is not used: its ``put`` throws the answers of
pipelined writes away and can report success for a file with a hole in it, its ``get`` for a file
that is short, and it waits for ever where a server does not answer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

import paramiko

from gateway.channels.base import Deadline
from gateway.channels.outcomes import Reason, channel_error
from gateway.errors import ChannelError

LOST = (EOFError, OSError, paramiko.SSHException)
"""What a cut link was seen to raise."""
MAX_PACKET_BYTES = 1 << 20
VERSION = 3


class Kind(IntEnum):
    """Packet types of the protocol."""

    INIT = 1
    VERSION = 2
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    LSTAT = 7
    FSTAT = 8
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    MKDIR = 14
    RENAME = 18
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105
    EXTENDED = 200
    EXTENDED_REPLY = 201


class StatusCode(IntEnum):
    """Answers to a request; OpenSSH says FAILURE for all that has no code of its own."""

    OK = 0
    END = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    FAILURE = 4
    BAD_MESSAGE = 5
    UNSUPPORTED = 8


class RequestRefused(Exception):
    """The server answered a request with a status other than OK; stays inside this package."""

    def __init__(self, status_code: int) -> None:
        super().__init__(f"status {status_code}")
        self.status_code = status_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """What the server says of a file; 0 and ``None`` where it says nothing."""

    size_bytes: int
    mode: int
    modified_at: datetime | None


class Answer:
    """The body of one packet, read from front to back.

    :raises struct.error: it ends too early.
    """

    def __init__(self, kind: int, body: bytes) -> None:
        self.kind, self._body, self._at = kind, body, 0

    def number(self) -> int:
        """32 bits."""
        return self._take(">I", 4)

    def long(self) -> int:
        """64 bits."""
        return self._take(">Q", 8)

    def string(self) -> bytes:
        """Bytes with their length before them."""
        length = self.number()
        found = self._body[self._at : self._at + length]
        if len(found) != length:
            raise struct.error
        self._at += length
        return found

    @property
    def more(self) -> bool:
        """Whether anything is left."""
        return self._at < len(self._body)

    def attributes(self) -> Attributes:
        """What the server says of a file."""
        flags = self.number()
        size_bytes = self.long() if flags & 1 else 0
        if flags & 2:
            self.long()  # user and group
        mode = self.number() if flags & 4 else 0
        modified = (self.number(), self.number())[1] if flags & 8 else None
        if flags & 0x80000000:
            for _ in range(self.number()):
                self.string()
                self.string()
        moment = None if modified is None else datetime.fromtimestamp(modified, UTC)
        return Attributes(size_bytes=size_bytes, mode=mode, modified_at=moment)

    def _take(self, layout: str, width: int) -> int:
        (value,) = struct.unpack_from(layout, self._body, self._at)
        self._at += width
        return int(value)


class Wire:
    """One SFTP conversation.  Only :class:`ChannelError` and :class:`RequestRefused` leave it.

    :param io_seconds: how long one answer may take; the job's deadline holds beside it.
    """

    def __init__(
        self, channel: paramiko.Channel, deadline: Deadline, io_seconds: float, where: str
    ) -> None:
        self._channel, self._deadline, self._io_seconds = channel, deadline, io_seconds
        self.where = where
        self._last_id = 0
        self._abandoned: set[int] = set()
        self._broken: Reason | None = None
        self.extensions = self._greet()

    def _greet(self) -> dict[str, bytes]:
        self._send(bytes([Kind.INIT]) + struct.pack(">I", VERSION))
        answer = self._receive()
        found = {}
        with readable(self.where):
            if answer.kind != Kind.VERSION or answer.number() != VERSION:
                raise channel_error(Reason.ANSWER_UNREADABLE, self.where)
            while answer.more:
                name, told = answer.string(), answer.string()
                found[name.decode("latin-1")] = told
        return found

    def ask(self, kind: Kind, *parts: bytes | str | int, tail: bytes = b"") -> int:
        """Send a request and return its number; strings get their length, ints are 32 bits."""
        self._last_id += 1
        body = b"".join(_pack(part) for part in parts)
        self._send(bytes([kind]) + struct.pack(">I", self._last_id) + body + tail)
        return self._last_id

    def next_answer(self) -> tuple[int, Answer]:
        """The next answer that somebody still waits for, and the number of its request."""
        while True:
            answer = self._receive()
            with readable(self.where):
                number = answer.number()
            if number not in self._abandoned:
                return number, answer
            self._abandoned.discard(number)

    def abandon(self, numbers: set[int]) -> None:
        """Nobody waits for the answers to these requests any more."""
        self._abandoned |= numbers

    def call(self, kind: Kind, *parts: bytes | str | int, expect: Kind = Kind.STATUS) -> Answer:
        """Send one request and wait for its answer.

        :raises RequestRefused: the answer is a status other than OK.
        """
        wanted = self.ask(kind, *parts)
        number, answer = self.next_answer()
        if number != wanted:
            raise channel_error(Reason.ANSWER_UNREADABLE, self.where)
        return self.check(answer, expect)

    def check(self, answer: Answer, expect: Kind) -> Answer:
        """``answer`` if it is of the expected kind.

        :raises RequestRefused: it is a status other than OK.
        """
        if answer.kind == Kind.STATUS:
            with readable(self.where):
                status_code = answer.number()
            if status_code != StatusCode.OK:
                raise RequestRefused(status_code)
        if answer.kind != expect:
            raise channel_error(Reason.ANSWER_UNREADABLE, self.where)
        return answer

    def _lost(self, error: Exception) -> ChannelError:
        """The error for a link that raised ``error``; nothing is tried on it again."""
        late = isinstance(error, TimeoutError) or self._deadline.passed
        self._broken = Reason.DEADLINE if late else Reason.LINK_LOST
        return channel_error(self._broken, self.where)

    def _send(self, packet: bytes) -> None:
        if self._broken is not None:
            raise channel_error(self._broken, self.where)
        try:
            self._channel.settimeout(self._deadline.left(self._io_seconds))
            self._channel.sendall(struct.pack(">I", len(packet)) + packet)
        except LOST as error:
            raise self._lost(error) from error

    def _receive(self) -> Answer:
        (length,) = struct.unpack(">I", self._receive_exactly(4))
        if not 1 <= length <= MAX_PACKET_BYTES:
            raise channel_error(Reason.ANSWER_UNREADABLE, self.where)
        packet = self._receive_exactly(length)
        return Answer(packet[0], packet[1:])

    def _receive_exactly(self, length: int) -> bytes:
        found = bytearray()
        while len(found) < length:
            try:
                self._channel.settimeout(self._deadline.left(self._io_seconds))
                piece = self._channel.recv(length - len(found))
            except LOST as error:
                raise self._lost(error) from error
            if not piece:
                raise self._lost(EOFError())
            found += piece
        return bytes(found)


@contextmanager
def readable(where: str) -> Iterator[None]:
    """Turns an answer that ends too early into our error."""
    try:
        yield
    except struct.error as error:
        raise channel_error(Reason.ANSWER_UNREADABLE, where) from error


def _pack(part: bytes | str | int) -> bytes:
    if isinstance(part, int):
        return struct.pack(">I", part)
    raw = part.encode() if isinstance(part, str) else part
    return struct.pack(">I", len(raw)) + raw
