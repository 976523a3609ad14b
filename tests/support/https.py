"""A bank's HTTPS server in a few lines of the standard library: mutual TLS over one folder."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.support.openssl import KeyFiles, run_openssl


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """An authority, the server's and the client's certificates, and a client of nobody's."""

    authority: KeyFiles
    server: KeyFiles
    client: KeyFiles
    stranger: KeyFiles


@dataclass(slots=True, kw_only=True)
class HttpFaults:
    """What the server does wrong, and what it was asked."""

    lose_answer_of: str = ""  # a method whose effect happens, but whose answer does not come
    lose_request_of: str = ""  # a method that is cut before anything happens
    answer_with: dict[str, int] = field(default_factory=dict)  # method -> code
    stop_body_after: int = -1  # bytes of a GET, then the connection ends
    dribble_seconds: float = 0  # between single bytes of a body
    corrupt_put: bool = False
    endless_body: bool = False
    redirect_to: str = ""
    raw_listing: bytes | None = None
    raw_head: str = ""  # instead of the head of a GET; its body is two bytes
    dribble_head: bool = False
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpsServer:
    """A running server."""

    port: int
    root: Path
    faults: HttpFaults

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


def make_tls_files(folder: Path) -> TlsFiles:
    """Keys and certificates by openssl, for 127.0.0.1."""
    authority = _issue(folder, "authority", None)
    return TlsFiles(
        authority=authority,
        server=_issue(folder, "server", authority),
        client=_issue(folder, "client", authority),
        stranger=_issue(folder, "stranger", None),
    )


def _issue(folder: Path, stem: str, authority: KeyFiles | None) -> KeyFiles:
    files = KeyFiles(certificate=folder / f"{stem}.pem", key=folder / f"{stem}.key")
    words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    words += ["-keyout", str(files.key), "-out", str(files.certificate), "-days", "30"]
    words += ["-subj", f"/CN={stem}", "-addext", "subjectAltName=IP:127.0.0.1"]
    if authority is not None:
        words += ["-CA", str(authority.certificate), "-CAkey", str(authority.key)]
        words += ["-addext", "basicConstraints=critical,CA:FALSE"]
    run_openssl(*words)
    return files


@contextmanager
def run_https(root: Path, tls: TlsFiles) -> Iterator[HttpsServer]:
    """Serve ``root`` to whoever shows a certificate of the authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.server.certificate, tls.server.key)
    context.load_verify_locations(tls.authority.certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    faults = HttpFaults()
    server = _Server(("127.0.0.1", 0), _handler(root, faults), context)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield HttpsServer(port=server.server_address[1], root=root, faults=faults)
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(
        self, address: tuple[str, int], handler: type[_Handler], context: ssl.SSLContext
    ) -> None:
        super().__init__(address, handler)
        self.handler, self.context = handler, context

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread."""
        request.settimeout(30)
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secure = self.context.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        with secure:
            try:
                secure.do_handshake()
            except OSError:
                self._hear_out(secure)
                return
            self.handler(secure, client_address, self)

    @staticmethod
    def _hear_out(secure: ssl.SSLSocket) -> None:
        """Close without a reset, which would overtake the alert that says why."""
        with suppress(OSError):
            socket.socket.shutdown(secure, socket.SHUT_WR)
            while socket.socket.recv(secure, 4096):
                continue

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up or was refused is what the tests are about."""


def _handler(served: Path, ordered: HttpFaults) -> type[_Handler]:
    class Handler(_Handler):
        root, faults = served, ordered

    return Handler


class _Handler(BaseHTTPRequestHandler):
    root: Path
    faults: HttpFaults
    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""

    def _path(self, address: str) -> Path:
        return self.root / unquote(urlsplit(address).path).lstrip("/")

    def _say(self, code: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        if self.command == self.faults.lose_answer_of:
            self.close_connection = True
            return
        self.send_response(code)
        if code != 204:
            self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(body)

    def _send_body(self, body: bytes) -> None:
        if 0 <= self.faults.stop_body_after < len(body):
            body = body[: self.faults.stop_body_after]
            self.close_connection = True
        if not self.faults.dribble_seconds:
            self.wfile.write(body)
            return
        for at in range(len(body)):
            self.wfile.write(body[at : at + 1])
            time.sleep(self.faults.dribble_seconds)

    def _is_ordered_otherwise(self) -> bool:
        self.faults.requests.append((self.command, self.path, dict(self.headers.items())))
        self.body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.command == self.faults.lose_request_of:
            self.close_connection = True
            return True
        if self.faults.dribble_head:
            for at in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100:
                self.wfile.write(bytes([at]))
                time.sleep(0.1)
        if self.faults.redirect_to:
            self._say(302, headers={"Location": self.faults.redirect_to})
            return True
        if self.command in self.faults.answer_with:
            self._say(self.faults.answer_with[self.command])
            return True
        return False

    def do_GET(self) -> None:
        if self._is_ordered_otherwise():
            return
        path = self._path(self.path)
        if self.path.endswith("/"):
            self._list(path)
        elif not path.is_file():
            self._say(404)
        elif self.faults.raw_head:
            self.wfile.write(f"HTTP/1.1 200 OK\r\n{self.faults.raw_head}\r\n\r\nab".encode())
            self.close_connection = True
        elif self.faults.endless_body:
            self._flood()
        else:
            self._say(200, path.read_bytes())

    def _flood(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while True:
            self.wfile.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")

    def _list(self, folder: Path) -> None:
        if self.faults.raw_listing is not None:
            self._say(200, self.faults.raw_listing)
            return
        if not folder.is_dir():
            self._say(404)
            return
        rows = []
        for one in folder.iterdir():
            facts = one.stat()
            row: dict[str, object] = {
                "name": one.name,
                "mtime": formatdate(facts.st_mtime, usegmt=True),
            }
            row |= (
                {"type": "directory"} if one.is_dir() else {"type": "file", "size": facts.st_size}
            )
            rows.append(row)
        self._say(200, json.dumps(rows).encode())

    def do_HEAD(self) -> None:
        if not self._is_ordered_otherwise():
            self._say(200 if self._path(self.path).is_file() else 404)

    def do_PUT(self) -> None:
        if self._is_ordered_otherwise():
            return
        path = self._path(self.path)
        if not path.parent.is_dir():
            self._say(409)
            return
        path.write_bytes(self.body[:-1] + b"?" if self.faults.corrupt_put else self.body)
        self._say(201)

    def do_MOVE(self) -> None:
        if self._is_ordered_otherwise():
            return
        source, target = self._path(self.path), self._path(self.headers["Destination"])
        if not source.is_file():
            self._say(404)
        elif not target.parent.is_dir():
            self._say(409)
        elif target.exists() and self.headers["Overwrite"] == "F":
            self._say(412)
        else:
            source.replace(target)
            self._say(201)

    def do_MKCOL(self) -> None:
        if not self._is_ordered_otherwise():
            self._path(self.path).mkdir()
            self._say(201)

    def do_DELETE(self) -> None:
        if self._is_ordered_otherwise():
            return
        path = self._path(self.path)
        found = path.is_file()
        path.unlink(missing_ok=True)
        self._say(204 if found else 404)
