"""The sandbox's own drawer: keys, certificates and ports that stay the same after a restart."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import paramiko

from gateway.sandbox.keys import Pair, keep_private, make_host_key


class _Listening(Protocol):
    port: int


S = TypeVar("S", bound=_Listening)


class Keeping:
    """A folder of the sandbox's own secrets, which guard nothing but pretend files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pair(self, name: str, make: Callable[[], Pair]) -> Pair:
        """The certificate and key of this name, made at the first call."""
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        if not certificate.exists():
            made = make()
            keep_private(key, made.key)
            certificate.write_bytes(made.certificate)
        return Pair(certificate=certificate.read_bytes(), key=key.read_bytes())

    def host_key(self) -> paramiko.PKey:
        """The SSH host key."""
        path = self.folder / "host_key"
        if not path.exists():
            private, line = make_host_key()
            keep_private(path, private)
            (self.folder / "host_key.pub").write_text(line + "\n")
        return paramiko.Ed25519Key(file_obj=io.StringIO(path.read_text()))

    def host_key_line(self) -> str:
        """Its public half, to be pinned."""
        return (self.folder / "host_key.pub").read_text().strip()

    def on_port(self, name: str, listen: Callable[[int], S]) -> S:
        """Listen on the port of last time, or on any other if somebody took it."""
        path = self.folder / f"{name}.port"
        last = int(path.read_text()) if path.exists() else 0
        try:
            server = listen(last)
        except OSError:
            server = listen(0)
        path.write_text(str(server.port))
        return server
