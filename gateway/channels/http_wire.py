"""HTTPS with both certificates: bounded requests whose answers are looked at once."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

from gateway.channels.base import Deadline
from gateway.channels.outcomes import Reason, channel_error
from gateway.errors import ChannelError

CHUNK_BYTES = 1 << 16


class HttpWire:
    """One HTTPS session: no proxy, no redirect, no cookie of another place, no second try.

    :param read_seconds: between two pieces of an answer; the job's deadline holds beside it.
    """

    def __init__(
        self,
        *,
        client_certificate: Path,
        client_key: Path,
        ca_file: Path,
        connect_seconds: float,
        read_seconds: float,
        deadline: Deadline,
        where: str,
    ) -> None:
        self.where = where
        self._connect_seconds, self._read_seconds = connect_seconds, read_seconds
        self._deadline = deadline
        self._sockets: list[socket.socket] = []
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(ca_file)
        self._session.cert = (str(client_certificate), str(client_key))
        self._session.headers["Accept-Encoding"] = "identity"
        self._session.mount("https://", _Adapter(self._sockets))
        self._check_readable(client_certificate, client_key, ca_file)

    def _check_readable(self, *paths: Path) -> None:
        """Say at once that our own files are wrong; requests would blame the address."""
        certificate, key, ca_file = paths
        try:
            context = ssl.create_default_context(cafile=ca_file)
            context.load_cert_chain(certificate, key)
        except OSError as error:
            raise channel_error(Reason.LOGIN_KEY_UNREADABLE, self.where) from error

    def cut(self) -> None:
        """End every connection at once, also under a thread that waits in it."""
        for one in self._sockets:
            try:
                # SSLSocket's own would switch to clear text before it shuts anything down.
                socket.socket.shutdown(one, socket.SHUT_RDWR)
            except OSError:
                continue  # closed already

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    @contextmanager
    def ask(
        self, method: str, url: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Iterator[requests.Response]:
        """Send one request; the answer's body is not read yet.

        :raises ChannelError: no answer, in one of the ways that have a name.
        """
        with self._named():
            seconds = (
                self._deadline.left(self._connect_seconds),
                self._deadline.left(self._read_seconds),
            )
            answer = self._session.request(
                method,
                url,
                headers=headers,
                data=body or None,
                timeout=seconds,
                allow_redirects=False,
                stream=True,
            )
        try:
            yield answer
        finally:
            answer.close()

    def call(
        self, method: str, url: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> int:
        """Send one request and return the code of its answer, whose body is let go."""
        with self.ask(method, url, headers, body) as answer:
            self._read(answer)  # a body that is short leaves the connection usable
            return answer.status_code

    def pieces(self, answer: requests.Response, max_bytes: int) -> Iterator[bytes]:
        """The body exactly as long as its head says, counted while it comes in.

        :raises ChannelRefused: more than ``max_bytes``.
        """
        stated = answer.headers.get("Content-Length")
        chunked = answer.headers.get("Transfer-Encoding", "").lower() == "chunked"
        empty = answer.status_code in (204, 304)
        if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise channel_error(Reason.ANSWER_UNREADABLE, self.where)
        if stated is None and not chunked and not empty:
            # Such a body ends when the connection does: cut short or complete, it looks alike.
            raise channel_error(Reason.ANSWER_UNREADABLE, self.where)
        size_bytes = 0
        while piece := self._read(answer):
            size_bytes += len(piece)
            if size_bytes > max_bytes:
                raise channel_error(Reason.FILE_TOO_LARGE, self.where)
            yield piece

    def _read(self, answer: requests.Response) -> bytes:
        with self._named():
            self._deadline.left(self._read_seconds)
            piece: bytes = answer.raw.read(CHUNK_BYTES, decode_content=False)
        return piece

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._named_error(error) from error

    def _named_error(self, error: Exception) -> ChannelError:
        if self._deadline.passed:
            return channel_error(Reason.DEADLINE, self.where)
        causes = list(_causes(error))
        for cause in causes:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return channel_error(Reason.CERTIFICATE_REFUSED, self.where)
            if isinstance(cause, ssl.SSLError) and _is_about_us(cause):
                return channel_error(Reason.LOGIN_REFUSED, self.where)
        # Asked first: urllib3 counts a refused connection among the time-outs.
        if any(isinstance(cause, urllib3.exceptions.NewConnectionError) for cause in causes):
            return channel_error(Reason.UNREACHABLE, self.where)
        late = (TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError)
        if any(isinstance(cause, late) for cause in causes):
            return channel_error(Reason.DEADLINE, self.where)
        return channel_error(Reason.LINK_LOST, self.where)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """``error`` and all that it wraps: in ``args``, ``reason``, ``__cause__`` or context."""
    todo: list[object] = [error]
    seen: set[int] = set()
    while todo:
        one = todo.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]


def _is_about_us(error: ssl.SSLError) -> bool:
    """Whether the server's alert says that it does not take our certificate."""
    alert = error.reason or ""
    return "ALERT" in alert and ("CERTIFICATE" in alert or "UNKNOWN_CA" in alert)


class _Adapter(HTTPAdapter):
    """Keeps the sockets of its connections, so that the watchdog can cut them."""

    def __init__(self, sockets: list[socket.socket]) -> None:
        self._sockets = sockets
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """As the parent, with connections that report their sockets."""
        super().init_poolmanager(*args, **options)
        sockets = self._sockets

        class Connection(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                if isinstance(self.sock, socket.socket):
                    sockets.append(self.sock)

        class Pool(HTTPSConnectionPool):
            ConnectionCls = Connection

        self.poolmanager.pool_classes_by_scheme = {"https": Pool}
