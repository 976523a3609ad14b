"""The pretend servers, met by other people's programs: OpenSSH's sftp, paramiko, curl's library."""

from __future__ import annotations

import hashlib
import io
import socket
import ssl
import subprocess
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import paramiko
import pytest

from gateway.sandbox.faults import Faults
from gateway.sandbox.https_server import HttpsServer, server_context
from gateway.sandbox.keys import (
    make_authority,
    make_caller_pair,
    make_host_key,
    make_server_pair,
)
from gateway.sandbox.sftp_gate import SftpUser
from gateway.sandbox.sftp_server import SftpServer

HOST_PRIVATE, HOST_LINE = make_host_key()
USER_PRIVATE, USER_LINE = make_host_key()


def an_sftp_server(tmp_path: Path, **faults: Any) -> SftpServer:
    users = []
    for name in ("bank_a", "bank_b"):
        (tmp_path / name / "masuk").mkdir(parents=True)
        (tmp_path / name / "keluar" / "selesai").mkdir(parents=True)
        users.append(
            SftpUser(
                name=name,
                root=tmp_path / name,
                public_keys=(USER_LINE,),
                faults=Faults(**faults),
            )
        )
    key = paramiko.Ed25519Key(file_obj=io.StringIO(HOST_PRIVATE.decode()))
    return SftpServer(key, users)


class Caller:
    """A paramiko connection for tests."""

    def __init__(self, port: int, user: str = "bank_a", private: bytes = USER_PRIVATE) -> None:
        self.transport = paramiko.Transport(("127.0.0.1", port))
        key = paramiko.Ed25519Key(file_obj=io.StringIO(private.decode()))
        self.transport.connect(username=user, pkey=key)
        sftp = self.transport.open_sftp_client()
        assert sftp is not None
        self.sftp = sftp

    def __enter__(self) -> paramiko.SFTPClient:
        return self.sftp

    def __exit__(self, *_: object) -> None:
        self.transport.close()


def test_openssh_puts_renames_lists_and_gets(tmp_path: Path) -> None:
    identity = tmp_path / "id"
    identity.touch(mode=0o600)
    identity.write_bytes(USER_PRIVATE)
    source = tmp_path / "source.bin"
    source.write_bytes(bytes(range(256)) * 4000)
    with an_sftp_server(tmp_path) as server:
        known = tmp_path / "known_hosts"
        known.write_text(f"[127.0.0.1]:{server.port} {HOST_LINE}\n")
        batch = (
            f"put -f {source} masuk/.part\nrename masuk/.part masuk/whole.bin\nls masuk\n"
            f"df\nget masuk/whole.bin {tmp_path}/back.bin\nrm masuk/whole.bin\n"
        )
        done = subprocess.run(
            [
                *("sftp", "-b", "-", "-P", str(server.port), "-i", str(identity)),
                *("-o", f"UserKnownHostsFile={known}", "-o", "StrictHostKeyChecking=yes"),
                *("-o", "IdentitiesOnly=yes", "-F", "none", "bank_a@127.0.0.1"),
            ],
            input=batch,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert "masuk/whole.bin" in done.stdout
    assert (tmp_path / "back.bin").read_bytes() == source.read_bytes()


def test_each_partner_sees_its_own_root_and_nothing_above(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not yours")
    with an_sftp_server(tmp_path) as server:
        (tmp_path / "bank_b" / "masuk" / "theirs").write_text("x")
        (tmp_path / "bank_a" / "masuk" / "way").symlink_to(tmp_path / "secret")
        (tmp_path / "bank_a" / "up").symlink_to(tmp_path)
        with Caller(server.port) as sftp:
            assert sorted(sftp.listdir("/")) == ["keluar", "masuk", "up"]
            for path in ("../secret", "/../../secret", "masuk/way", "up/secret", "../bank_b"):
                with pytest.raises(OSError):  # noqa: PT011 - paramiko has no finer class
                    sftp.open(path).read()


def test_rename_never_replaces_and_posix_rename_does(tmp_path: Path) -> None:
    with an_sftp_server(tmp_path) as server, Caller(server.port) as sftp:
        for name, text in (("a", b"1"), ("b", b"2")):
            with sftp.open(f"masuk/{name}", "w") as opened:
                opened.write(text)
        with pytest.raises(OSError, match="Failure"):
            sftp.rename("masuk/a", "masuk/b")
        sftp.posix_rename("masuk/a", "masuk/b")
        assert sftp.open("masuk/b").read() == b"1"
        assert sftp.stat("masuk/b").st_size == 1


def test_a_strange_key_and_a_strange_user_stay_outside(tmp_path: Path) -> None:
    other, _ = make_host_key()
    with an_sftp_server(tmp_path) as server:
        with pytest.raises(paramiko.AuthenticationException):
            Caller(server.port, private=other)
        with pytest.raises(paramiko.AuthenticationException):
            Caller(server.port, user="nobody")


def test_ordered_refusals_of_login_run_out(tmp_path: Path) -> None:
    with an_sftp_server(tmp_path, refuse_logins=1) as server:
        with pytest.raises(paramiko.AuthenticationException):
            Caller(server.port)
        with Caller(server.port) as sftp:
            assert sftp.listdir("masuk") == []


def test_a_full_disk_refuses_bytes_and_the_connection_lives(tmp_path: Path) -> None:
    with an_sftp_server(tmp_path, disk_full_after_bytes=10) as server, Caller(server.port) as sftp:
        with pytest.raises(OSError, match="Failure"), sftp.open("masuk/big", "w") as opened:
            opened.write(b"x" * 11)
        assert sftp.listdir("masuk") == ["big"]


def test_a_dropped_connection_drops_once(tmp_path: Path) -> None:
    with an_sftp_server(tmp_path, drop_after_bytes=1000) as server:
        with Caller(server.port) as sftp, pytest.raises((OSError, EOFError, paramiko.SSHException)):
            sftp.putfo(io.BytesIO(b"x" * 100_000), "masuk/cut")
        with Caller(server.port) as sftp:
            sftp.putfo(io.BytesIO(b"x" * 100_000), "masuk/cut")
            assert sftp.stat("masuk/cut").st_size == 100_000


def test_a_lost_answer_leaves_the_rename_done(tmp_path: Path) -> None:
    with an_sftp_server(tmp_path, lose_rename_answers=1) as server:
        with Caller(server.port) as sftp:
            sftp.putfo(io.BytesIO(b"x"), "masuk/.token")
            with pytest.raises((OSError, EOFError, paramiko.SSHException)):
                sftp.posix_rename("masuk/.token", "masuk/final")
        with Caller(server.port) as sftp:
            assert sftp.listdir("masuk") == ["final"]


def test_a_server_without_posix_rename_says_so(tmp_path: Path) -> None:
    with an_sftp_server(tmp_path, no_posix_rename=True) as server, Caller(server.port) as sftp:
        sftp.putfo(io.BytesIO(b"x"), "masuk/a")
        with pytest.raises(OSError, match="unsupported"):
            sftp.posix_rename("masuk/a", "masuk/b")
        sftp.rename("masuk/a", "masuk/b")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    authority, stranger = make_authority("Sandbox"), make_authority("Stranger")
    pairs = {
        "ca": authority,
        "server": make_server_pair(authority),
        "city": make_caller_pair(authority, "kota-jambi"),
        "strange": make_caller_pair(stranger, "kota-jambi"),
    }
    for name, pair in pairs.items():
        (folder / f"{name}.pem").write_bytes(pair.certificate)
        (folder / f"{name}.key").write_bytes(pair.key)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "masuk").mkdir()
    (tmp_path / "keluar" / "selesai").mkdir(parents=True)
    return tmp_path


def an_https_server(root: Path, tls: Path, **faults: Any) -> HttpsServer:
    context = server_context(tls / "server.pem", tls / "server.key", tls / "ca.pem")
    return HttpsServer(root, context, faults=Faults(**faults))


class Asker:
    """One kept-alive connection with the city's certificate."""

    def __init__(self, port: int, tls: Path, who: str = "city") -> None:
        context = ssl.create_default_context(cafile=str(tls / "ca.pem"))
        if who:
            context.load_cert_chain(tls / f"{who}.pem", tls / f"{who}.key")
        self.connection = HTTPSConnection("127.0.0.1", port, context=context, timeout=5)

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, body, named)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


@pytest.fixture
def asker(root: Path, tls: Path) -> Iterator[Asker]:
    with an_https_server(root, tls) as server, Asker(server.port, tls) as asker:
        yield asker


@pytest.mark.parametrize("who", ["", "strange"])
def test_nobody_without_the_citys_certificate_gets_an_answer(
    root: Path, tls: Path, who: str
) -> None:
    with (
        an_https_server(root, tls) as server,
        Asker(server.port, tls, who) as asker,
        pytest.raises(OSError),  # noqa: PT011 - TLS 1.3 says it late, in one of several ways
    ):
        asker.ask("GET", "/keluar/")


def test_a_file_goes_in_hidden_and_is_moved(asker: Asker, root: Path) -> None:
    digest = hashlib.sha256(b"abc").hexdigest()
    assert asker.ask("PUT", "/masuk/.token", b"abc", X_Content_SHA256=digest)[0] == 201
    assert asker.ask("PUT", "/masuk/.token", b"abc", X_Content_SHA256=digest)[0] == 204
    assert asker.ask("GET", "/masuk/") == (200, b"[]")
    assert asker.ask("HEAD", "/masuk/final")[0] == 404
    move = {"Destination": "/masuk/final", "Overwrite": "F"}
    assert asker.ask("MOVE", "/masuk/.token", **move)[0] == 201
    assert asker.ask("HEAD", "/masuk/final")[0] == 200
    assert asker.ask("MOVE", "/masuk/.token", **move)[0] == 404
    assert asker.ask("PUT", "/masuk/.token", b"other")[0] == 201
    assert asker.ask("MOVE", "/masuk/.token", **move)[0] == 412
    assert (root / "masuk" / "final").read_bytes() == b"abc"
    assert asker.ask("DELETE", "/masuk/.token")[0] == 204
    assert asker.ask("DELETE", "/masuk/.token")[0] == 404


def test_bytes_that_are_not_what_they_claim_are_refused(asker: Asker, root: Path) -> None:
    assert asker.ask("PUT", "/masuk/.token", b"abc", X_Content_SHA256="0" * 64)[0] == 422
    assert list((root / "masuk").iterdir()) == []


def test_a_file_is_listed_read_and_retired(asker: Asker, root: Path) -> None:
    (root / "keluar" / "a.txt").write_bytes(b"12345")
    code, listed = asker.ask("GET", "/keluar/")
    assert code == 200
    assert b'"name": "a.txt", "type": "file"' in listed
    assert b'"size": 5' in listed
    assert b'"name": "selesai", "type": "directory"' in listed
    assert asker.ask("GET", "/keluar/a.txt") == (200, b"12345")
    destination = f"https://127.0.0.1:{asker.connection.port}/keluar/selesai/a.txt"
    assert asker.ask("MOVE", "/keluar/a.txt", Destination=destination, Overwrite="T")[0] == 201
    assert (root / "keluar" / "selesai" / "a.txt").exists()
    assert asker.ask("GET", "/keluar/a.txt")[0] == 404


@pytest.mark.parametrize("path", ["/../x", "/keluar/../../x", "/keluar/%2e%2e/x", "/", "/a/b/c/d"])
def test_nothing_outside_the_root_can_be_named(asker: Asker, path: str) -> None:
    assert asker.ask("GET", path)[0] == 404


def test_https_faults_come_to_order_and_run_out(root: Path, tls: Path) -> None:
    faults = {"refuse_logins": 1, "disk_full_after_bytes": 50, "lose_rename_answers": 1}
    with an_https_server(root, tls, **faults) as server, Asker(server.port, tls) as asker:
        assert asker.ask("GET", "/keluar/")[0] == 403
        assert asker.ask("PUT", "/masuk/.t", b"x" * 51)[0] == 507
        assert asker.ask("PUT", "/masuk/.t", b"x" * 50)[0] == 201
        with pytest.raises(OSError):  # noqa: PT011 - the answer is lost on purpose
            asker.ask("MOVE", "/masuk/.t", Destination="/masuk/f", Overwrite="F")
        asker.connection.close()
        assert asker.ask("HEAD", "/masuk/f")[0] == 200


def test_a_dropped_https_connection_leaves_nothing_and_drops_once(root: Path, tls: Path) -> None:
    with (
        an_https_server(root, tls, drop_after_bytes=10) as server,
        Asker(server.port, tls) as asker,
    ):
        with pytest.raises(OSError):  # noqa: PT011 - the connection is cut on purpose
            asker.ask("PUT", "/masuk/.t", b"x" * 1000)
        assert list((root / "masuk").iterdir()) == []
        asker.connection.close()
        assert asker.ask("PUT", "/masuk/.t", b"x" * 1000)[0] == 201


def test_a_caller_that_says_nothing_keeps_nobody_waiting(root: Path, tls: Path) -> None:
    with (
        an_https_server(root, tls) as server,
        socket.create_connection(("127.0.0.1", server.port)),
        Asker(server.port, tls) as asker,
    ):
        assert asker.ask("GET", "/keluar/")[0] == 200
