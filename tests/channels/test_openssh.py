"""What only a real OpenSSH server can show."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.channels import Reason, SftpChannel, SftpSettings
from gateway.errors import ChannelRefused, ChannelTimeout
from gateway.signing import make_ssh_key
from gateway.testing.channel_suite import CONTENT, FINAL, TOKEN, PartnerSide, refusal
from tests.channels.test_sftp_faults import connect_once
from tests.support.openssh import OpenSsh, run_openssh


def settings_for(server: OpenSsh, side: PartnerSide) -> SftpSettings:
    return SftpSettings(
        host=server.host,
        port=server.port,
        user=server.user,
        private_key_pem=server.private_key_pem,
        host_keys=(server.host_key,),
        to_partner=str(side.to_partner),
        from_partner=str(side.from_partner),
    )


def session_of(server: OpenSsh) -> int:
    """The process that serves the one open connection."""
    (number,) = server.sessions()
    return number


def test_the_extensions_that_matter_are_used(openssh: OpenSsh, side: PartnerSide) -> None:
    with SftpChannel(settings_for(openssh, side)).connect() as session:
        assert session.atomic_rename


def test_an_unpinned_server_learns_nothing_of_us(openssh: OpenSsh, side: PartnerSide) -> None:
    before = len(openssh.logged)
    _, other = make_ssh_key()
    channel = SftpChannel(replace(settings_for(openssh, side), host_keys=(other,), user="nobody-7"))
    assert refusal(connect_once, channel).reason == Reason.HOST_KEY_UNPINNED
    assert "nobody-7" not in openssh.logged[before:]


def test_a_stranger_is_refused_and_tries_once(openssh: OpenSsh, side: PartnerSide) -> None:
    stranger, _ = make_ssh_key()
    channel = SftpChannel(replace(settings_for(openssh, side), private_key_pem=stranger))
    assert refusal(connect_once, channel).reason == Reason.LOGIN_REFUSED


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_pin_of_another_type_makes_the_server_show_that_key(
    tmp_path: Path, side: PartnerSide, kind: str
) -> None:
    key = tmp_path / "more"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", key], check=True)
    own = tmp_path / "own"
    own.mkdir()
    with run_openssh(own, Path("/"), extra=f"HostKey {key}") as server:
        pinned = (key.with_suffix(".pub").read_text().strip(),)
        settings = replace(settings_for(server, side), host_keys=pinned)
        with SftpChannel(settings).connect() as session:
            assert session.list_incoming() == []


@pytest.mark.parametrize(
    "extra",
    ["Ciphers aes256-cbc,3des-cbc", "MACs hmac-sha1", "KexAlgorithms diffie-hellman-group14-sha1"],
)
def test_a_server_with_weak_algorithms_only_gets_no_login_attempt(
    tmp_path: Path, side: PartnerSide, extra: str
) -> None:
    if extra.startswith("MACs"):
        extra += "\nCiphers aes128-ctr"  # GCM brings its own
    with run_openssh(tmp_path, Path("/"), extra=extra) as server:
        error = refusal(connect_once, SftpChannel(settings_for(server, side)))
        assert isinstance(error, ChannelRefused)
        assert error.reason == Reason.ALGORITHMS_REFUSED
        assert server.user not in server.logged


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path, side: PartnerSide) -> None:
    with (
        run_openssh(tmp_path, Path("/"), command="internal-sftp -R") as server,
        SftpChannel(settings_for(server, side)).connect() as session,
    ):
        side.leave("a.txt", CONTENT)
        assert session.fetch("a.txt", 10_000) == CONTENT
        assert refusal(session.put, TOKEN, CONTENT).reason == Reason.PERMISSION_DENIED
        assert refusal(session.retire, "a.txt").reason == Reason.PERMISSION_DENIED
    assert side.everything() == set()


def test_links_pipes_and_folders_are_neither_listed_nor_fetched(
    openssh: OpenSsh, side: PartnerSide
) -> None:
    (side.from_partner / "link.txt").symlink_to("/etc/hostname")
    os.mkfifo(side.from_partner / "pipe.txt")
    (side.from_partner / "folder.txt").mkdir()
    with SftpChannel(settings_for(openssh, side)).connect() as session:
        assert session.list_incoming() == []
        for name in ("link.txt", "pipe.txt", "folder.txt"):
            assert refusal(session.fetch, name, 1000).reason == Reason.FILE_NOT_REGULAR


@pytest.fixture
def lonely(tmp_path: Path) -> Iterator[OpenSsh]:
    """A server whose only session is ours."""
    own = tmp_path / "lonely"
    own.mkdir()
    with run_openssh(own, Path("/")) as server:
        yield server


def test_a_server_that_stops_answering_ends_at_the_deadline(
    lonely: OpenSsh, side: PartnerSide
) -> None:
    settings = replace(settings_for(lonely, side), io_seconds=0.5, job_seconds=10)
    with SftpChannel(settings).connect() as session:
        session.put(TOKEN, CONTENT)
        server = session_of(lonely)
        os.kill(server, signal.SIGSTOP)
        begun = time.monotonic()
        try:
            assert isinstance(refusal(session.fetch, "a.txt", 10), ChannelTimeout)
            assert time.monotonic() - begun < 5
        finally:
            os.kill(server, signal.SIGCONT)
    assert side.visible() == set()


def test_a_server_that_is_killed_is_a_lost_link_and_nothing_is_half(
    lonely: OpenSsh, side: PartnerSide
) -> None:
    channel = SftpChannel(settings_for(lonely, side))
    with channel.connect() as session:
        session.put(TOKEN, CONTENT)
        os.kill(session_of(lonely), signal.SIGKILL)
        assert refusal(session.put, TOKEN + ".2", CONTENT).reason == Reason.LINK_LOST
    with channel.connect() as session:
        session.publish(TOKEN, FINAL)
    assert side.everything() == {FINAL}


@pytest.mark.parametrize(
    "words", [("rsa", "-m", "PEM"), ("rsa",), ("ecdsa", "-m", "PKCS8")], ids=" ".join
)
def test_keys_of_other_kinds_and_forms_log_in_too(
    tmp_path: Path, lonely: OpenSsh, side: PartnerSide, words: tuple[str, ...]
) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", *words, "-N", "", "-f", key], check=True)
    (lonely.log.parent / "authorized_keys").write_bytes(key.with_suffix(".pub").read_bytes())
    settings = replace(settings_for(lonely, side), private_key_pem=key.read_bytes())
    with SftpChannel(settings).connect() as session:
        assert session.list_incoming() == []


def test_relative_folders_start_where_the_login_lands(tmp_path: Path, side: PartnerSide) -> None:
    with run_openssh(tmp_path, side.to_partner.parent) as server:
        settings = replace(settings_for(server, side), to_partner="masuk", from_partner="keluar")
        with SftpChannel(settings).connect() as session:
            session.put(TOKEN, CONTENT)
            session.publish(TOKEN, FINAL)
    assert side.everything() == {FINAL}


def test_names_of_any_bytes_are_listed_as_unsafe(openssh: OpenSsh, side: PartnerSide) -> None:
    raw = os.fsencode(side.from_partner)
    for name in (b"\xff\xfe.txt", "\u202egpj.txt".encode(), b"new\nline", b"a" * 200):
        Path(os.fsdecode(raw + b"/" + name)).write_bytes(b"1")
    with SftpChannel(settings_for(openssh, side)).connect() as session:
        listed = session.list_incoming()
    assert len(listed) == 4
    assert not any(one.is_safe for one in listed)
