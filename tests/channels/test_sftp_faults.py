"""What an SFTP server may do wrong, and the one named outcome of each."""

from __future__ import annotations

import io
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import paramiko
import pytest

from gateway.channels import Reason, SftpChannel, SftpSettings
from gateway.errors import ChannelError, ChannelRefused, ChannelTimeout, ChannelUncertain
from gateway.signing import make_ssh_key
from gateway.testing.channel_suite import CONTENT, FINAL, TOKEN, PartnerSide, refusal
from tests.support.faulty_sftp import FaultySftp, run_faulty_sftp

KEY_PEM, _ = make_ssh_key()
BIG = os.urandom(300_000)
STEP = 0.4
PATIENCE = 8  # seconds: far from for ever, also on a busy machine


@pytest.fixture
def bank(side: PartnerSide) -> Iterator[FaultySftp]:
    key = paramiko.Ed25519Key.from_private_key(io.StringIO(KEY_PEM.decode()))
    with run_faulty_sftp(side.to_partner.parent, key) as server:
        yield server


def settings_for(bank: FaultySftp) -> SftpSettings:
    return SftpSettings(
        host="127.0.0.1",
        port=bank.port,
        user="kota-jambi",
        private_key_pem=KEY_PEM,
        host_keys=(bank.host_line,),
        to_partner="masuk",
        from_partner="keluar",
        step_seconds=STEP,
        io_seconds=STEP,
        job_seconds=10,
    )


@pytest.fixture
def channel(bank: FaultySftp) -> SftpChannel:
    return SftpChannel(settings_for(bank))


@contextmanager
def say_once(greeting: bytes) -> Iterator[int]:
    """A port where somebody says ``greeting`` and then nothing."""
    over = threading.Event()

    def speak() -> None:
        link, _ = listener.accept()
        with link:
            link.sendall(greeting)
            over.wait(20)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        speaker = threading.Thread(target=speak)
        speaker.start()
        yield listener.getsockname()[1]
        over.set()
        speaker.join()


def connect_once(channel: SftpChannel) -> None:
    with channel.connect():
        raise AssertionError("this had to be refused")


# Who is there -----------------------------------------------------------------------------


def test_an_unpinned_host_key_gets_no_login_attempt(bank: FaultySftp) -> None:
    other = paramiko.ECDSAKey.generate()
    pinned = (f"{other.get_name()} {other.get_base64()}",)
    channel = SftpChannel(replace(settings_for(bank), host_keys=pinned))
    error = refusal(connect_once, channel)
    assert isinstance(error, ChannelRefused)
    assert error.reason == Reason.HOST_KEY_UNPINNED
    assert bank.faults.login_attempts == []


def test_two_pins_serve_while_the_partner_changes_its_key(bank: FaultySftp) -> None:
    _, new_line = make_ssh_key()
    channel = SftpChannel(replace(settings_for(bank), host_keys=(new_line, bank.host_line)))
    with channel.connect() as session:
        assert session.list_incoming() == []


@pytest.mark.parametrize("lines", [(), ("ssh-ed25519",), ("ssh-ed25519 ***",), ("",)])
def test_without_a_readable_pin_nothing_is_dialled(
    bank: FaultySftp, lines: tuple[str, ...]
) -> None:
    error = refusal(connect_once, SftpChannel(replace(settings_for(bank), host_keys=lines, port=1)))
    assert isinstance(error, ChannelRefused)
    assert error.reason == Reason.HOST_KEY_MISSING


def test_a_key_that_the_server_does_not_know_is_refused_once(bank: FaultySftp) -> None:
    stranger, _ = make_ssh_key()
    channel = SftpChannel(replace(settings_for(bank), private_key_pem=stranger))
    error = refusal(connect_once, channel)
    assert isinstance(error, ChannelRefused)
    assert error.reason == Reason.LOGIN_REFUSED
    assert bank.faults.login_attempts == ["kota-jambi"]


@pytest.mark.parametrize("pem", [b"", b"no key", b"\xff"])
def test_an_unreadable_key_of_our_own_is_named(bank: FaultySftp, pem: bytes) -> None:
    error = refusal(connect_once, SftpChannel(replace(settings_for(bank), private_key_pem=pem)))
    assert error.reason == Reason.LOGIN_KEY_UNREADABLE


def test_no_secret_shows_in_a_repr_or_a_message(bank: FaultySftp) -> None:
    settings = settings_for(bank)
    assert "OPENSSH" not in repr(settings)
    assert settings.user not in SftpChannel(settings).describe()


# Silence ----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["auth", "channel", "subsystem", "version"])
def test_silence_while_connecting_ends_at_the_deadline(
    bank: FaultySftp, channel: SftpChannel, place: str
) -> None:
    bank.faults.stall = place
    begun = time.monotonic()
    error = refusal(connect_once, channel)
    assert isinstance(error, ChannelTimeout)
    assert error.retryable
    assert time.monotonic() - begun < PATIENCE


@pytest.mark.parametrize(
    "greeting", [b"", b"SSH-2.0-silent\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"]
)
def test_a_port_that_does_not_speak_ssh_ends_at_the_deadline(
    bank: FaultySftp, greeting: bytes
) -> None:
    begun = time.monotonic()
    with say_once(greeting) as port:
        error = refusal(connect_once, SftpChannel(replace(settings_for(bank), port=port)))
    assert error.reason in {Reason.DEADLINE, Reason.LINK_LOST}
    assert error.retryable
    assert time.monotonic() - begun < PATIENCE


def test_nobody_listening_is_unreachable(bank: FaultySftp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = refusal(connect_once, SftpChannel(replace(settings_for(bank), port=port)))
    assert error.reason == Reason.UNREACHABLE
    assert error.retryable


def test_a_server_without_sftp_is_a_lost_link(bank: FaultySftp, channel: SftpChannel) -> None:
    bank.faults.denied = frozenset({"subsystem"})
    assert refusal(connect_once, channel).reason == Reason.LINK_LOST


def test_silence_while_writing_ends_at_the_deadline(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    begun = time.monotonic()
    with channel.connect() as session:
        bank.faults.stall = "write"
        assert isinstance(refusal(session.put, TOKEN, BIG), ChannelTimeout)
    assert time.monotonic() - begun < PATIENCE
    assert side.visible() == set()


def test_silence_while_reading_ends_at_the_deadline(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    side.leave("a.txt", BIG)
    with channel.connect() as session:
        bank.faults.stall = "read"
        assert isinstance(refusal(session.fetch, "a.txt", len(BIG)), ChannelTimeout)


def test_after_a_timeout_nothing_more_is_tried_on_that_connection(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    """The late answer of the one question must never be taken for the next one's."""
    side.leave("a.txt", CONTENT)
    with channel.connect() as session:
        bank.faults.stall = "read"
        refusal(session.fetch, "a.txt", len(BIG))
        bank.freed.set()
        assert refusal(session.list_incoming).reason == Reason.DEADLINE


def test_a_drip_that_never_trips_a_timeout_ends_with_the_job(
    bank: FaultySftp, side: PartnerSide
) -> None:
    side.leave("a.txt", BIG)
    channel = SftpChannel(replace(settings_for(bank), job_seconds=1.0))
    bank.faults.short_read = 1
    begun = time.monotonic()
    with channel.connect() as session:
        assert isinstance(refusal(session.fetch, "a.txt", len(BIG)), ChannelTimeout)
    assert time.monotonic() - begun < PATIENCE


# Writing ----------------------------------------------------------------------------------


def test_a_full_disk_is_named_before_a_byte_is_sent(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    bank.faults.disk_full = True
    with channel.connect() as session:
        error = refusal(session.put, TOKEN, CONTENT)
    assert isinstance(error, ChannelRefused)
    assert error.reason == Reason.DISK_FULL
    assert (bank.written_bytes, side.everything()) == (0, set())


def test_one_refused_write_in_the_middle_fails_the_put(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    bank.faults.write_fails_at = 150_000
    with channel.connect() as session:
        assert refusal(session.put, TOKEN, BIG).reason == Reason.SERVER_FAILED
        assert side.everything() == set()
        bank.faults.write_fails_at = -1
        session.put(TOKEN, BIG)
        session.publish(TOKEN, FINAL)
    assert (side.to_partner / FINAL).read_bytes() == BIG


def test_a_write_acknowledged_but_lost_is_caught_by_reading_back(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    bank.faults.lost_write_at = 150_000
    with channel.connect() as session:
        error = refusal(session.put, TOKEN, BIG)
    assert error.reason == Reason.WRITE_DIFFERS
    assert error.retryable
    assert side.everything() == set()


def test_a_link_cut_in_the_middle_leaves_nothing_visible(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    bank.faults.cut_after_bytes = 150_000
    with channel.connect() as session:
        error = refusal(session.put, TOKEN, BIG)
        assert error.reason == Reason.LINK_LOST
        assert refusal(session.list_incoming).reason == Reason.LINK_LOST
    assert side.visible() == set()
    with channel.connect() as session:
        session.put(TOKEN, BIG)
        session.publish(TOKEN, FINAL)
    assert (side.to_partner / FINAL).read_bytes() == BIG


def test_answers_in_another_order_are_fine(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    with channel.connect() as session:
        bank.faults.answers_reversed = True
        session.put(TOKEN, BIG)
        bank.faults.answers_reversed = False
        session.publish(TOKEN, FINAL)
    assert (side.to_partner / FINAL).read_bytes() == BIG


def test_permission_denied_says_so(bank: FaultySftp, channel: SftpChannel) -> None:
    bank.faults.denied = frozenset({"open"})
    with channel.connect() as session:
        error = refusal(session.put, TOKEN, CONTENT)
    assert isinstance(error, ChannelRefused)
    assert error.reason == Reason.PERMISSION_DENIED


# Publishing -------------------------------------------------------------------------------


def test_a_lost_answer_is_settled_by_looking(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    with channel.connect() as session:
        session.put(TOKEN, CONTENT)
        bank.faults.rename_answer_lost = "done"
        session.publish(TOKEN, FINAL)
        assert side.everything() == {FINAL}
        session.put(TOKEN, b"next")  # the session goes on


def test_a_lost_rename_stays_uncertain_and_the_token_decides_later(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    with channel.connect() as session:
        session.put(TOKEN, CONTENT)
        bank.faults.rename_answer_lost = "undone"
        error = refusal(session.publish, TOKEN, FINAL)
    assert isinstance(error, ChannelUncertain)
    assert not error.retryable
    assert side.visible() == set()
    with channel.connect() as session:
        assert session.is_present(TOKEN)
        session.publish(TOKEN, FINAL)
    assert side.everything() == {FINAL}


def test_a_lost_answer_of_a_server_that_is_gone_is_uncertain(
    bank: FaultySftp, channel: SftpChannel
) -> None:
    with channel.connect() as session:
        session.put(TOKEN, CONTENT)
        bank.faults.rename_answer_lost, bank.faults.reset_after_rename = "done", True
        assert isinstance(refusal(session.publish, TOKEN, FINAL), ChannelUncertain)


def test_silence_at_the_rename_is_uncertain(bank: FaultySftp, channel: SftpChannel) -> None:
    with channel.connect() as session:
        session.put(TOKEN, CONTENT)
        bank.faults.stall = "rename"
        assert isinstance(refusal(session.publish, TOKEN, FINAL), ChannelUncertain)


def test_a_refused_atomic_rename_is_a_plain_failure(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    bank.faults.rename_refused = True
    with channel.connect() as session:
        assert session.atomic_rename
        session.put(TOKEN, CONTENT)
        error = refusal(session.publish, TOKEN, FINAL)
        assert error.reason == Reason.SERVER_FAILED
        assert error.retryable
    assert side.everything() == {TOKEN}


def test_without_the_extension_a_refused_rename_is_uncertain(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    bank.faults.no_posix_rename = True
    with channel.connect() as session:
        assert not session.atomic_rename
        session.put(TOKEN, CONTENT)
        bank.faults.rename_refused = True
        assert isinstance(refusal(session.publish, TOKEN, FINAL), ChannelUncertain)
        bank.faults.rename_refused = False
        session.publish(TOKEN, FINAL)
    assert side.everything() == {FINAL}


def test_a_server_without_any_extension_serves_too(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    bank.faults.no_extensions = True
    for content in (b"first", b"second"):
        side.leave("a.txt", content)
        with channel.connect() as session:
            session.put(TOKEN, BIG)
            session.publish(TOKEN, f"{content.decode()}.zip")
            session.retire("a.txt")
    assert (side.to_partner / "first.zip").read_bytes() == BIG
    assert (side.from_partner / "selesai" / "a.txt").read_bytes() == b"second"


# Reading ----------------------------------------------------------------------------------


def test_short_answers_are_asked_for_again(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    side.leave("a.txt", BIG)
    bank.faults.short_read = 10_007
    with channel.connect() as session:
        assert session.fetch("a.txt", len(BIG)) == BIG


def test_a_file_that_ends_early_is_not_taken_for_a_short_one(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    side.leave("a.txt", BIG)
    bank.faults.read_ends_at = 100_000
    with channel.connect() as session:
        error = refusal(session.fetch, "a.txt", len(BIG))
        assert error.reason == Reason.FILE_CHANGED
        assert error.retryable
        bank.faults.read_ends_at = -1
        assert session.fetch("a.txt", len(BIG)) == BIG  # the conversation is still in step


def test_the_stated_size_is_a_hint_and_the_bytes_are_counted(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    side.leave("a.txt", BIG)
    bank.faults.stated_bytes = 1000
    with channel.connect() as session:
        assert session.fetch("a.txt", len(BIG)) == BIG  # it grew since it was looked at
        assert refusal(session.fetch, "a.txt", len(BIG) - 1).reason == Reason.FILE_TOO_LARGE
        bank.faults.stated_bytes, bank.faults.stall = 1 << 50, "read"
        assert refusal(session.fetch, "a.txt", len(BIG)).reason == Reason.FILE_TOO_LARGE


def test_a_name_listed_twice_counts_once_and_a_ghost_vanishes(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide
) -> None:
    side.leave("a.txt", b"1")
    bank.faults.listed_twice, bank.faults.ghosts = True, ("ghost.txt",)
    with channel.connect() as session:
        assert [one.name for one in session.list_incoming()] == ["a.txt", "ghost.txt"]
        assert refusal(session.fetch, "ghost.txt", 10).reason == Reason.FILE_VANISHED


@pytest.mark.parametrize("at", [*range(0, 300_000, 33_000), 299_999, 300_000])
def test_a_link_cut_at_any_byte_leaves_nothing_half_visible(
    bank: FaultySftp, channel: SftpChannel, side: PartnerSide, at: int
) -> None:
    bank.faults.cut_after_bytes = at
    try:
        with channel.connect() as session:
            session.put(TOKEN, BIG)
            session.publish(TOKEN, FINAL)
    except ChannelError as error:
        outcome = error.reason
    else:
        outcome = "delivered"
    assert outcome == ("delivered" if at == len(BIG) else "LINK_LOST")
    assert all((side.to_partner / one).read_bytes() == BIG for one in side.visible())
    assert side.visible() == ({FINAL} if at == len(BIG) else set())


def test_a_partner_folder_that_does_not_exist_is_named(bank: FaultySftp, side: PartnerSide) -> None:
    Path.rmdir(side.to_partner)
    with SftpChannel(settings_for(bank)).connect() as session:
        assert refusal(session.put, TOKEN, CONTENT).reason == Reason.FOLDER_MISSING
        assert refusal(session.is_present, TOKEN).reason == Reason.FOLDER_MISSING
