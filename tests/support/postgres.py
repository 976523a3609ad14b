"""A private PostgreSQL for tests: its own data folder and socket, gone when the run ends.

Binaries are looked for in ``$GATEWAY_PG_BIN``, then in Debian's ``/usr/lib/postgresql/*/bin``.
The server refuses to run as root, so root starts it as ``postgres`` or ``nobody``.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

OWNERS = ("postgres", "nobody")
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
}
SECONDS = 60


class PostgresMissing(Exception):
    """PostgreSQL's programs are not installed."""


def find_binaries() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``.

    :raises PostgresMissing: if there is none.
    """
    named = os.environ.get("GATEWAY_PG_BIN")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    for folder in [Path(named)] if named else debian:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise PostgresMissing(
        "PostgreSQL is missing: apt-get install postgresql, or set GATEWAY_PG_BIN to its bin folder"
    )


def _version(folder: Path) -> tuple[int, str]:
    name = folder.parent.name
    return (int(name) if name.isascii() and name.isdigit() else 0, name)


def _owner() -> str | None:
    """Who must run the server; ``None`` for ourselves."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    return next(name for name in OWNERS if name in known)


@dataclass(slots=True)
class Cluster:
    """A running server; every database is made from one template."""

    binaries: Path
    folder: Path
    owner: str | None
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        """The address of a database, as the gateway's configuration has it."""
        user = self.owner or pwd.getpwuid(os.geteuid()).pw_name
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """Make a fresh database and return its name."""
        name = f"t{next(self._numbers)}"
        self._admin(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        self._admin(f"DROP DATABASE {database} WITH (FORCE)")

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as conn:
            conn.execute(statement.encode())

    def start(self) -> None:
        state = self.folder / "state"
        self._run("initdb", "--no-sync", "--auth=trust", "--no-locale", "-E", "UTF8", "-D", state)
        options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        options += f" -c unix_socket_directories='{self.folder}'"
        log = self.folder / "log"
        self._run("pg_ctl", "-D", state, "-l", log, "-w", "-t", SECONDS, "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.folder / "state", "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self.binaries / program), *map(str, arguments)]
        done = subprocess.run(
            command,
            user=self.owner,
            group=pwd.getpwnam(self.owner).pw_gid if self.owner else None,
            extra_groups=[] if self.owner else None,
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if program == "initdb" else subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode:
            log = self.folder / "log"
            said = log.read_text() if log.exists() else (done.stdout or b"").decode()
            raise RuntimeError(f"{program} failed: {said[-500:]}")


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A server for the length of a ``with`` block."""
    binaries, owner = find_binaries(), _owner()
    folder = Path(tempfile.mkdtemp(prefix="gwpg"))
    try:
        if owner:
            shutil.chown(folder, owner)
        cluster = Cluster(binaries, folder, owner)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder)
