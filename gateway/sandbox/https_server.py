"""A file server over mutual TLS on loopback: a small WebDAV subset on a partner's root folder.

``GET /<folder>/`` lists as nginx's JSON autoindex does; files are read, put under hidden names,
moved and deleted.  Nobody without a certificate of the sandbox's authority gets an answer.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import ssl
import threading
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from gateway.sandbox.faults import NONE, Faults

HOST = "127.0.0.1"
TALK_SECONDS = 30
MAX_BODY_BYTES = 200_000_000
_NAME = re.compile(r"\.?[A-Za-z0-9_][A-Za-z0-9._-]{0,199}")


class HttpsServer:
    """The server; use it in a ``with`` statement or call :meth:`start` and :meth:`stop`."""

    def __init__(
        self, root: Path, context: ssl.SSLContext, *, port: int = 0, faults: Faults = NONE
    ) -> None:
        self._server = _Server((HOST, port), root, context, faults)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.1},
            name="sandbox-https",
            daemon=True,
        )

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"https://{HOST}:{self.port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> HttpsServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def server_context(certificate: Path, key: Path, authority: Path) -> ssl.SSLContext:
    """TLS that asks for, and insists on, a certificate of ``authority``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], root: Path, context: ssl.SSLContext, faults: Faults
    ) -> None:
        super().__init__(address, _Talk)
        self.root = root.resolve()
        self.context = context
        self.faults = faults
        self.logins_to_refuse = faults.refuse_logins
        self.answers_to_lose = faults.lose_rename_answers
        self.bytes_left = faults.drop_after_bytes

    def finish_request(
        self, request: socket.socket | tuple[bytes, socket.socket], *rest: object
    ) -> None:
        """Shake hands in the connection's own thread, so that nobody else waits."""
        if not isinstance(request, socket.socket):
            return
        request.settimeout(TALK_SECONDS)
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with self.context.wrap_socket(request, server_side=True) as secure:
                _Talk(secure, rest[0], self)
        except (ssl.SSLError, OSError):
            # No certificate, a wrong one, or the other end hung up: there is nobody to tell.
            request.close()


class _Talk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: names of files are not for the log."""

    def do_GET(self) -> None:
        """A folder's list, or a file."""
        if self._is_refused():
            return
        if urlsplit(self.path).path.endswith("/"):
            self._list()
            return
        place = self._place(self.path)
        if place is None or not place.is_file():
            self._say(HTTPStatus.NOT_FOUND)
            return
        self._say(HTTPStatus.OK, place.read_bytes())

    def do_HEAD(self) -> None:
        """Whether a file is there."""
        if self._is_refused():
            return
        place = self._place(self.path)
        found = place is not None and place.is_file()
        self._say(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)

    def do_PUT(self) -> None:
        """Take a file in, whole or not at all."""
        content = self._body()
        place = self._place(self.path)
        if content is None or self._is_refused():
            return
        if place is None or not place.parent.is_dir():
            self._say(HTTPStatus.NOT_FOUND)
            return
        stated = self.headers.get("X-Content-SHA256", "")
        if stated and stated != hashlib.sha256(content).hexdigest():
            self._say(HTTPStatus.UNPROCESSABLE_ENTITY)
            return
        limit = self.server.faults.disk_full_after_bytes
        if 0 <= limit < len(content):
            self._say(HTTPStatus.INSUFFICIENT_STORAGE)
            return
        was_there = place.exists()
        arriving = place.with_name(f"{place.name}~{threading.get_ident()}")
        arriving.write_bytes(content)
        arriving.replace(place)
        self._say(HTTPStatus.NO_CONTENT if was_there else HTTPStatus.CREATED)

    def do_MOVE(self) -> None:
        """Rename at once; ``Overwrite: F`` never replaces what is there."""
        if self._is_refused():
            return
        source = self._place(self.path)
        target = self._place(urlsplit(self.headers.get("Destination", "")).path)
        if source is None or not source.is_file():
            self._say(HTTPStatus.NOT_FOUND)
            return
        if target is None or not target.parent.is_dir():
            self._say(HTTPStatus.CONFLICT)
            return
        was_there = target.exists()
        if was_there and self.headers.get("Overwrite", "T").upper() == "F":
            self._say(HTTPStatus.PRECONDITION_FAILED)
            return
        source.replace(target)
        if self.server.answers_to_lose > 0:
            self.server.answers_to_lose -= 1
            self._hang_up()
            return
        self._say(HTTPStatus.NO_CONTENT if was_there else HTTPStatus.CREATED)

    def do_DELETE(self) -> None:
        """Remove a file."""
        if self._is_refused():
            return
        place = self._place(self.path)
        if place is None or not place.is_file():
            self._say(HTTPStatus.NOT_FOUND)
            return
        place.unlink()
        self._say(HTTPStatus.NO_CONTENT)

    def _list(self) -> None:
        folder = self._place(self.path.rstrip("/"))
        if folder is None or not folder.is_dir():
            self._say(HTTPStatus.NOT_FOUND)
            return
        listed = []
        for entry in sorted(folder.iterdir()):
            if entry.name.startswith("."):
                continue
            found = entry.stat()
            changed = datetime.fromtimestamp(found.st_mtime, UTC)
            row: dict[str, str | int] = {
                "name": entry.name,
                "type": "directory" if entry.is_dir() else "file",
                "mtime": format_datetime(changed, usegmt=True),
            }
            if entry.is_file():
                row["size"] = found.st_size
            listed.append(row)
        self._say(HTTPStatus.OK, json.dumps(listed).encode(), "application/json")

    def _place(self, path: str) -> Path | None:
        """The file behind a URL path; ``None`` for anything but plain names below the root."""
        names = [unquote(name) for name in urlsplit(path).path.split("/") if name]
        if not 1 <= len(names) <= 3 or not all(_NAME.fullmatch(name) for name in names):
            return None
        place = self.server.root.joinpath(*names)
        return place if place.resolve().is_relative_to(self.server.root) else None

    def _body(self) -> bytes | None:
        """The request's body; ``None`` (and an answer) if it may not or cannot be read."""
        stated = self.headers.get("Content-Length", "")
        if not stated.isascii() or not stated.isdigit() or int(stated) > MAX_BODY_BYTES:
            self._say(HTTPStatus.LENGTH_REQUIRED)
            self.close_connection = True
            return None
        size = int(stated)
        if 0 <= self.server.bytes_left < size:
            self.rfile.read(self.server.bytes_left)
            self.server.bytes_left = -1
            self._hang_up()
            return None
        return self.rfile.read(size)

    def _is_refused(self) -> bool:
        if self.server.logins_to_refuse <= 0:
            return False
        self.server.logins_to_refuse -= 1
        self._say(HTTPStatus.FORBIDDEN)
        return True

    def _hang_up(self) -> None:
        """Break the connection without an answer."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _say(
        self, code: HTTPStatus, content: bytes = b"", kind: str = "application/octet-stream"
    ) -> None:
        self.send_response(code)
        if code is not HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if content and self.command != "HEAD":
            self.wfile.write(content)
