"""The folder channel where it touches the operating system."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from gateway.channels import FolderChannel, FolderSettings, Reason
from gateway.errors import ChannelRefused, ChannelUncertain
from gateway.testing.channel_suite import CONTENT, FINAL, TOKEN, PartnerSide, refusal


@pytest.fixture
def channel(side: PartnerSide) -> FolderChannel:
    path = side.to_partner.parent
    return FolderChannel(FolderSettings(path=path, to_partner="masuk", from_partner="keluar"))


def connect_once(channel: FolderChannel) -> None:
    with channel.connect():
        raise AssertionError("this had to be refused")


def test_a_stick_that_is_not_plugged_in_is_named(tmp_path: Path) -> None:
    settings = FolderSettings(path=tmp_path / "usb", to_partner="masuk", from_partner="keluar")
    error = refusal(connect_once, FolderChannel(settings))
    assert isinstance(error, ChannelRefused)
    assert error.reason == Reason.FOLDER_MISSING
    assert str(tmp_path) not in error.text("id") + error.text("en")


def test_links_and_pipes_are_neither_listed_nor_fetched(
    channel: FolderChannel, side: PartnerSide
) -> None:
    (side.from_partner / "link.txt").symlink_to("/etc/hostname")
    os.mkfifo(side.from_partner / "pipe.txt")
    with channel.connect() as session:
        assert session.list_incoming() == []
        for name in ("link.txt", "pipe.txt"):
            assert refusal(session.fetch, name, 1000).reason == Reason.FILE_NOT_REGULAR


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, Reason.DISK_FULL),
        (errno.EDQUOT, Reason.DISK_FULL),
        (errno.EIO, Reason.SERVER_FAILED),
        (errno.EACCES, Reason.PERMISSION_DENIED),
    ],
)
def test_a_disk_that_fails_while_settling_leaves_nothing(
    channel: FolderChannel,
    side: PartnerSide,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    reason: Reason,
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with channel.connect() as session:
        assert refusal(session.put, TOKEN, CONTENT).reason == reason
    assert side.everything() == set()


def test_a_disk_that_keeps_other_bytes_is_caught_by_reading_back(
    channel: FolderChannel, side: PartnerSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scribble(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.pwrite(descriptor, b"?", 0)

    monkeypatch.setattr(os, "fsync", scribble)
    with channel.connect() as session:
        assert refusal(session.put, TOKEN, CONTENT).reason == Reason.WRITE_DIFFERS
    assert side.everything() == set()


def test_a_rename_that_may_not_survive_a_power_cut_is_uncertain(
    channel: FolderChannel, side: PartnerSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, "input/output error")

    with channel.connect() as session:
        session.put(TOKEN, CONTENT)
        monkeypatch.setattr(os, "fsync", fail)
        assert isinstance(refusal(session.publish, TOKEN, FINAL), ChannelUncertain)


def test_a_link_planted_under_the_tokens_name_is_not_written_through(
    channel: FolderChannel, side: PartnerSide, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (side.to_partner / TOKEN).symlink_to(victim)
    with channel.connect() as session:
        refusal(session.put, TOKEN, CONTENT)
    assert victim.read_bytes() == b"mine"


def test_names_of_any_bytes_are_listed_as_unsafe(channel: FolderChannel, side: PartnerSide) -> None:
    raw = os.fsencode(side.from_partner)
    for name in (b"\xff\xfe.txt", "\u202egpj.txt".encode(), b"new\nline"):
        Path(os.fsdecode(raw + b"/" + name)).write_bytes(b"1")
    with channel.connect() as session:
        listed = session.list_incoming()
    assert [one.is_safe for one in listed] == [False] * 3
    assert all(one.name.encode() for one in listed)
