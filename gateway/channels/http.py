"""A channel over HTTPS: a WebDAV subset with JSON listings, which nginx alone can serve."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import requests

from gateway.channels.base import (
    RETIRED_FOLDER,
    Deadline,
    RemoteFile,
    Watchdog,
    check_name,
    check_token,
    publish_by_token,
)
from gateway.channels.http_wire import HttpWire
from gateway.channels.outcomes import Reason, channel_error
from gateway.errors import ChannelError

MAX_LISTING_BYTES = 8 << 20
OK, CREATED, NO_CONTENT = 200, 201, 204
DONE = (OK, CREATED, NO_CONTENT)
NOT_FOUND, CONFLICT, TAKEN, METHOD_UNKNOWN = 404, 409, 412, 501
REFUSALS = {
    401: Reason.LOGIN_REFUSED,
    403: Reason.PERMISSION_DENIED,
    NOT_FOUND: Reason.FOLDER_MISSING,
    CONFLICT: Reason.FOLDER_MISSING,
    TAKEN: Reason.NAME_TAKEN,
    413: Reason.FILE_TOO_LARGE,
    422: Reason.WRITE_DIFFERS,
    507: Reason.DISK_FULL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """Where to, and the certificates of both sides.

    :param url: ``https://…``, to which the folders are appended.
    :param ca_file: PEM of the authority that the server's certificate must come from.
    :param job_seconds: for the whole session, whatever happens in it.
    """

    url: str
    client_certificate: Path
    client_key: Path
    ca_file: Path
    to_partner: str
    from_partner: str
    connect_seconds: float = 5
    read_seconds: float = 30
    job_seconds: float = 120


class HttpChannel:
    """HTTPS with a certificate of our own for this partner alone."""

    kind = "http"

    def __init__(self, settings: HttpSettings) -> None:
        self.settings = settings

    def describe(self) -> str:
        """Kind and address."""
        return f"http {urlsplit(self.settings.url).netloc.rpartition('@')[2]}"

    @contextmanager
    def connect(self) -> Iterator[HttpSession]:
        """A session; connections are made as they are needed."""
        settings, where = self.settings, self.describe()
        if urlsplit(settings.url).scheme != "https":
            raise channel_error(Reason.TLS_REQUIRED, where)
        wire = HttpWire(
            client_certificate=settings.client_certificate,
            client_key=settings.client_key,
            ca_file=settings.ca_file,
            connect_seconds=settings.connect_seconds,
            read_seconds=settings.read_seconds,
            deadline=Deadline(settings.job_seconds, where),
            where=where,
        )
        session = HttpSession(wire, settings.url, settings.to_partner, settings.from_partner)
        with Watchdog(settings.job_seconds, wire.cut):
            try:
                yield session
            finally:
                session.close()


class HttpSession:
    """Work in the two folders; see :class:`gateway.channels.base.Session` for the laws."""

    atomic_rename = True

    def __init__(self, wire: HttpWire, url: str, to_partner: str, from_partner: str) -> None:
        self.where = wire.where
        self._wire = wire
        self._outbox = f"{url.rstrip('/')}/{quote(to_partner)}/"
        self._inbox = f"{url.rstrip('/')}/{quote(from_partner)}/"

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def list_incoming(self, limit: int = 10_000) -> list[RemoteFile]:
        """At most ``limit`` files of ``from_partner``, by name, each once."""
        with self._wire.ask("GET", self._inbox) as answer:
            if answer.status_code != OK:
                raise self._refusal(answer.status_code)
            content = b"".join(self._wire.pieces(answer, MAX_LISTING_BYTES))
        try:
            rows = json.loads(content.decode("utf-8"))
            if not isinstance(rows, list):
                raise TypeError("not a listing")
            found = {one.name: one for one in map(_read_row, rows) if one is not None}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise channel_error(Reason.ANSWER_UNREADABLE, self.where) from error
        return sorted(found.values(), key=lambda one: one.name)[:limit]

    def fetch(self, name: str, max_bytes: int) -> bytes:
        """Exactly the file's bytes, counted while they come in."""
        check_name(name, self.where)
        return b"".join(self._read(self._inbox + name, max_bytes, Reason.FILE_VANISHED))

    def retire(self, name: str) -> None:
        """Move the file to ``selesai``; one that is gone already is fine."""
        check_name(name, self.where)
        folder = f"{self._inbox}{RETIRED_FOLDER}/"
        code = self._move(self._inbox + name, folder + name, name, overwrite="T")
        if code == CONFLICT:
            made = self._wire.call("MKCOL", folder)
            if made in DONE:
                code = self._move(self._inbox + name, folder + name, name, overwrite="T")
        if code not in (*DONE, NOT_FOUND):
            raise self._refusal(code)

    def put(self, token: str, content: bytes) -> None:
        """Write under a hidden name and read it back."""
        check_token(token, self.where)
        digest = hashlib.sha256(content).hexdigest()
        headers = {
            "Idempotency-Key": token,
            "X-Content-SHA256": digest,
            "Content-Type": "application/octet-stream",
        }
        try:
            code = self._wire.call("PUT", self._outbox + token, headers, content)
            if code not in DONE:
                raise self._refusal(code)
            if self.digest(token) != digest:
                raise channel_error(Reason.WRITE_DIFFERS, self.where)
        except ChannelError:
            # A leftover is hidden and never published; the error that counts is the first.
            with suppress(ChannelError):
                self.discard(token)
            raise

    def is_present(self, name: str) -> bool:
        """Whether the name is in ``to_partner``."""
        check_name(name, self.where)
        code = self._wire.call("HEAD", self._outbox + name)
        if code == OK:
            return True
        if code != NOT_FOUND:
            raise self._refusal(code)
        # "Not there" decides what was sent: a folder that is away must not look like it.
        if self._wire.call("GET", self._outbox) == NOT_FOUND:
            raise channel_error(Reason.FOLDER_MISSING, self.where)
        return False

    def publish(self, token: str, final: str) -> None:
        """Make the token visible as ``final``."""
        publish_by_token(self, token, final)

    def discard(self, token: str) -> None:
        """Remove a token; one that is gone already is fine."""
        check_token(token, self.where)
        code = self._wire.call("DELETE", self._outbox + token)
        if code not in (*DONE, NOT_FOUND):
            raise self._refusal(code)

    def digest(self, name: str) -> str:
        """SHA-256, hex, of a file in ``to_partner``, read back from the server."""
        running = hashlib.sha256()
        for piece in self._read(self._outbox + name, None, Reason.TOKEN_GONE):
            running.update(piece)
        return running.hexdigest()

    def rename(self, token: str, final: str) -> None:
        """The one step that publishes; the server refuses a name that is taken.

        :raises ChannelUncertain: the answer was lost and looking did not settle it.
        """
        try:
            code = self._move(self._outbox + token, self._outbox + final, token, overwrite="F")
            if code in DONE:
                return
            if code == NOT_FOUND:
                raise channel_error(Reason.TOKEN_GONE, self.where)
            if code < 500 or code == METHOD_UNKNOWN:
                raise self._refusal(code)
            lost = self._refusal(code)
        except ChannelError as error:
            if error.reason not in (Reason.LINK_LOST, Reason.DEADLINE, Reason.ANSWER_UNREADABLE):
                raise
            lost = error
        self._look(token, final, lost)

    def _look(self, token: str, final: str, cause: ChannelError) -> None:
        """Settle a lost answer: token gone and final there means done."""
        try:
            done = self.is_present(final) and not self.is_present(token)
        except ChannelError:
            done = False
        if not done:
            raise channel_error(Reason.RENAME_ANSWER_LOST, self.where) from cause

    def _move(self, source: str, target: str, key: str, overwrite: str) -> int:
        headers = {"Destination": target, "Overwrite": overwrite, "Idempotency-Key": key}
        return self._wire.call("MOVE", source, headers)

    def _read(self, url: str, max_bytes: int | None, missing: Reason) -> Iterator[bytes]:
        with self._wire.ask("GET", url) as answer:
            if answer.status_code == NOT_FOUND:
                raise channel_error(missing, self.where)
            if answer.status_code != OK:
                raise self._refusal(answer.status_code)
            limit = _stated_bytes(answer) if max_bytes is None else max_bytes
            yield from self._wire.pieces(answer, limit)

    def _refusal(self, code: int) -> ChannelError:
        """The error for an answer that is not the hoped-for one."""
        fallback = Reason.SERVER_FAILED if code >= 500 or code == 429 else Reason.ANSWER_UNREADABLE
        return channel_error(REFUSALS.get(code, fallback), self.where)


def _stated_bytes(answer: requests.Response) -> int:
    stated = answer.headers.get("Content-Length", "")
    return int(stated) if stated.isascii() and stated.isdigit() else MAX_LISTING_BYTES


def _read_row(row: dict[str, object]) -> RemoteFile | None:
    """One row of a listing; ``None`` for what is not a visible file.

    :raises ValueError: the row is not one.
    """
    name, size = row["name"], row.get("size", 0)
    if not isinstance(name, str) or not isinstance(size, int) or isinstance(size, bool):
        raise TypeError("not a row of a listing")
    if row.get("type") != "file" or name.startswith("."):
        return None
    return RemoteFile(name=name, size_bytes=size, modified_at=_moment(row.get("mtime")))


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    return parsedate_to_datetime(text).astimezone(UTC)
