"""Whole files over SFTP: many requests under way at once, every answer settled."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from gateway.channels.outcomes import Reason, channel_error
from gateway.channels.sftp_wire import Answer, Kind, RequestRefused, StatusCode, Wire, readable

WINDOW = 32
SAFE_CHUNK_BYTES = 32 * 1024
WANTED_CHUNK_BYTES = 128 * 1024


def chunk_bytes(wire: Wire) -> int:
    """How much one request may carry: more than 32 KiB only where the server permits it."""
    if "limits@openssh.com" not in wire.extensions:
        return SAFE_CHUNK_BYTES
    try:
        answer = wire.call(Kind.EXTENDED, "limits@openssh.com", expect=Kind.EXTENDED_REPLY)
    except RequestRefused:
        return SAFE_CHUNK_BYTES
    with readable(wire.where):
        _packet, read, write = answer.long(), answer.long(), answer.long()
    return min(WANTED_CHUNK_BYTES, read or SAFE_CHUNK_BYTES, write or SAFE_CHUNK_BYTES)


def write_all(wire: Wire, handle: bytes, content: bytes, chunk: int) -> None:
    """Write ``content`` from the start of an open file; returns when the server took all of it.

    :raises RequestRefused: the server refused one of the writes.
    """
    waiting: set[int] = set()
    try:
        for at in range(0, len(content), chunk):
            piece = content[at : at + chunk]
            tail = struct.pack(">QI", at, len(piece)) + piece
            waiting.add(wire.ask(Kind.WRITE, handle, tail=tail))
            if len(waiting) >= WINDOW:
                _settle(wire, waiting)
        while waiting:
            _settle(wire, waiting)
    finally:
        wire.abandon(waiting)


def _settle(wire: Wire, waiting: set[int]) -> None:
    number, answer = wire.next_answer()
    if number not in waiting:
        raise channel_error(Reason.ANSWER_UNREADABLE, wire.where)
    waiting.discard(number)
    wire.check(answer, Kind.STATUS)


def read_all(wire: Wire, handle: bytes, size_bytes: int, chunk: int) -> Iterator[bytes]:
    """The pieces of an open file, in order, to its very end.

    :param size_bytes: as the server stated it; a file that ends earlier has changed, what
        stands behind it is read too.
    """
    yield from _Reader(wire, handle, size_bytes, chunk).pieces()
    at = size_bytes
    while piece := _read_once(wire, handle, at, chunk):
        at += len(piece)
        yield piece


def _read_once(wire: Wire, handle: bytes, at: int, length: int) -> bytes:
    """One piece at ``at``; empty at the end of the file."""
    number = wire.ask(Kind.READ, handle, tail=struct.pack(">QI", at, length))
    answered, answer = wire.next_answer()
    if answered != number:
        raise channel_error(Reason.ANSWER_UNREADABLE, wire.where)
    return _piece(wire, answer, length)


def _piece(wire: Wire, answer: Answer, length: int) -> bytes:
    try:
        checked = wire.check(answer, Kind.DATA)
    except RequestRefused as error:
        if error.status_code == StatusCode.END:
            return b""
        raise
    with readable(wire.where):
        piece = checked.string()
    if not 0 < len(piece) <= length:
        raise channel_error(Reason.ANSWER_UNREADABLE, wire.where)
    return piece


class _Reader:
    """Reads the stated size of a file with many requests under way.

    Servers may answer short and in any order: what is missing is asked for again, what is
    early waits for its turn.
    """

    def __init__(self, wire: Wire, handle: bytes, size_bytes: int, chunk: int) -> None:
        self._wire, self._handle, self._size_bytes, self._chunk = wire, handle, size_bytes, chunk
        self._asked_to = 0
        self._waiting: dict[int, tuple[int, int]] = {}
        self._early: dict[int, bytes] = {}

    def pieces(self) -> Iterator[bytes]:
        """All pieces in order."""
        at = 0
        try:
            while at < self._size_bytes:
                self._fill_window()
                self._take_answer()
                while at in self._early:
                    piece = self._early.pop(at)
                    at += len(piece)
                    yield piece
        finally:
            self._wire.abandon(set(self._waiting))

    def _fill_window(self) -> None:
        while self._asked_to < self._size_bytes and self._under_way < WINDOW:
            length = min(self._chunk, self._size_bytes - self._asked_to)
            self._ask(self._asked_to, length)
            self._asked_to += length

    @property
    def _under_way(self) -> int:
        return len(self._waiting) + len(self._early)

    def _ask(self, at: int, length: int) -> None:
        tail = struct.pack(">QI", at, length)
        self._waiting[self._wire.ask(Kind.READ, self._handle, tail=tail)] = (at, length)

    def _take_answer(self) -> None:
        number, answer = self._wire.next_answer()
        if number not in self._waiting:
            raise channel_error(Reason.ANSWER_UNREADABLE, self._wire.where)
        at, length = self._waiting.pop(number)
        piece = _piece(self._wire, answer, length)
        if not piece:
            raise channel_error(Reason.FILE_CHANGED, self._wire.where)
        self._early[at] = piece
        if len(piece) < length:
            self._ask(at + len(piece), length - len(piece))
