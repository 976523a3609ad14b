"""A real OpenSSH server on 127.0.0.1, with its own configuration, keys and port."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.signing import make_ssh_key

START_SECONDS = 10
CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
PidFile none
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM {pam}
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication yes
MaxStartups 200
LogLevel VERBOSE
Subsystem sftp internal-sftp
ForceCommand {command} -d {root}
{extra}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSsh:
    """A running server; it serves ``root``, where sessions start."""

    port: int
    root: Path
    user: str
    host_key: str
    private_key_pem: bytes
    log: Path
    process: int

    host: str = "127.0.0.1"

    @property
    def logged(self) -> str:
        """What the server has said so far."""
        return self.log.read_text()

    def sessions(self) -> list[int]:
        """The processes that serve its open connections, the ones that speak SFTP."""
        found, todo = [], [self.process]
        while todo:
            one = todo.pop()
            children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
            todo += map(int, children)
            title = Path(f"/proc/{one}/cmdline").read_text()
            if not children and "@" in title:  # not one that is still shaking hands
                found.append(one)
        return found


def find_sshd() -> str:
    """The program, or one clear line on what is missing."""
    found = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        raise AssertionError("sshd is missing: install the package openssh-server")
    return found


@contextmanager
def run_openssh(
    folder: Path, root: Path, *, extra: str = "", command: str = "internal-sftp"
) -> Iterator[OpenSsh]:
    """Serve ``root``; ``folder`` is for the server's own files."""
    program = find_sshd()
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    host_pem, host_line = make_ssh_key()
    user_pem, user_line = make_ssh_key()
    _write_owner_only(folder / "host_key", host_pem)
    _write_owner_only(folder / "authorized_keys", user_line.encode() + b"\n")
    port, log = _free_port(), folder / "sshd.log"
    pam = "no" if os.geteuid() == 0 else "yes"  # without PAM a plain user counts as locked
    config = CONFIG.format(
        port=port, folder=folder, root=root, pam=pam, extra=extra, command=command
    )
    (folder / "sshd_config").write_text(config)
    words = [program, "-D", "-f", str(folder / "sshd_config"), "-E", str(log)]
    server = subprocess.Popen(words)
    try:
        _await_port(server, port, log)
        yield OpenSsh(
            port=port,
            root=root,
            user=getpass.getuser(),
            host_key=host_line,
            private_key_pem=user_pem,
            log=log,
            process=server.pid,
        )
    finally:
        server.terminate()
        server.wait(START_SECONDS)


def _write_owner_only(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _await_port(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    said = log.read_text() if log.exists() else ""
    raise AssertionError(f"sshd did not start: {said}")
