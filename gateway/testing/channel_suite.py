"""The laws of a channel, to be run against any server: ours, or a bank's own.

A bank's programmer writes one class and runs it with pytest::

    class TestOurServer(ChannelLaws):
        @pytest.fixture
        def channel(self) -> Channel:
            return SftpChannel(SftpSettings(host="sftp.bank.example", ...))

        @pytest.fixture
        def partner_side(self) -> PartnerSide:
            return PartnerSide(to_partner=Path("/srv/kota/masuk"), from_partner=...)

Both folders are empty at the start of each law and belong to the test alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec

from gateway.channels import RETIRED_FOLDER, Channel, Reason, Session
from gateway.errors import ChannelError, ChannelRefused

P = ParamSpec("P")
MANY_BYTES = 3_000_000
TOKEN, SECOND_TOKEN = ".KJ-0001.a1b2c3", ".KJ-0002.d4e5f6"
FINAL = "KJ-bank-pengajuan-000001.zip"
CONTENT = bytes(range(256)) * 5 + b"\r\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSide:
    """The two folders as the partner sees them, on its own disk."""

    to_partner: Path
    from_partner: Path

    def visible(self) -> set[str]:
        """What the partner may take up: all that has no leading dot."""
        return {one.name for one in self.to_partner.iterdir() if not one.name.startswith(".")}

    def everything(self) -> set[str]:
        """All names in ``to_partner``, hidden ones too."""
        return {one.name for one in self.to_partner.iterdir()}

    def leave(self, name: str, content: bytes) -> None:
        """Put a file into ``from_partner`` as the partner's own program would."""
        (self.from_partner / name).write_bytes(content)


def refusal(act: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> ChannelError:
    """The error that the call must raise, in both languages and with how to mend it."""
    try:
        act(*args, **kwargs)
    except ChannelError as error:
        caught = error
    else:
        raise AssertionError("this had to be refused")
    assert caught.how_id
    assert caught.how_en
    return caught


def put_and_publish(session: Session, content: bytes, final: str = FINAL) -> None:
    """What a delivery does, in two steps."""
    session.put(TOKEN, content)
    session.publish(TOKEN, final)


class ChannelLaws:
    """What every channel promises; inherit and give ``channel`` and ``partner_side``."""

    def test_what_was_published_is_what_the_partner_sees(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        for number, content in enumerate((CONTENT, b"", os.urandom(MANY_BYTES))):
            with channel.connect() as session:
                put_and_publish(session, content, f"file-{number}.txt")
            assert (partner_side.to_partner / f"file-{number}.txt").read_bytes() == content

    def test_nothing_is_visible_before_it_is_published(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        with channel.connect() as session:
            session.put(TOKEN, CONTENT)
            assert partner_side.visible() == set()
            session.publish(TOKEN, FINAL)
        assert partner_side.everything() == {FINAL}

    def test_a_token_is_used_up_by_publishing(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        with channel.connect() as session:
            put_and_publish(session, CONTENT)
            for name in (FINAL, "another.txt"):
                error = refusal(session.publish, TOKEN, name)
                assert error.reason == Reason.TOKEN_GONE
        assert (partner_side.to_partner / FINAL).read_bytes() == CONTENT
        assert partner_side.everything() == {FINAL}

    def test_a_token_is_there_until_it_is_published_and_never_after(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        with channel.connect() as session:
            assert not session.is_present(TOKEN)
            session.put(TOKEN, CONTENT)
        with channel.connect() as session:  # another process, after a crash
            assert session.is_present(TOKEN)
            assert not session.is_present(FINAL)
            session.publish(TOKEN, FINAL)
            assert not session.is_present(TOKEN)
            assert session.is_present(FINAL)
        assert partner_side.everything() == {FINAL}

    def test_a_taken_name_is_never_overwritten(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        taken = partner_side.to_partner / FINAL
        for other in (b"other", CONTENT[::-1]):
            taken.write_bytes(other)
            with channel.connect() as session:
                session.put(TOKEN, CONTENT)
                error = refusal(session.publish, TOKEN, FINAL)
                assert isinstance(error, ChannelRefused)
                assert error.reason == Reason.NAME_TAKEN
                assert session.is_present(TOKEN)
            assert taken.read_bytes() == other

    def test_the_very_same_bytes_under_the_name_count_as_published(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        (partner_side.to_partner / FINAL).write_bytes(CONTENT)
        with channel.connect() as session:
            put_and_publish(session, CONTENT)
        assert partner_side.everything() == {FINAL}

    def test_a_published_file_that_the_partner_took_away_is_not_sent_again(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        with channel.connect() as session:
            put_and_publish(session, CONTENT)
            (partner_side.to_partner / FINAL).unlink()
            assert refusal(session.publish, TOKEN, FINAL).reason == Reason.TOKEN_GONE
        assert partner_side.everything() == set()

    def test_a_discarded_token_leaves_nothing_behind(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        with channel.connect() as session:
            session.put(TOKEN, CONTENT)
            session.discard(TOKEN)
            session.discard(TOKEN)
        assert partner_side.everything() == set()

    def test_a_token_put_again_holds_the_new_bytes_only(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        with channel.connect() as session:
            session.put(TOKEN, CONTENT * 3)
            put_and_publish(session, CONTENT)
        assert (partner_side.to_partner / FINAL).read_bytes() == CONTENT

    def test_two_files_go_out_in_the_order_they_were_published(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        with channel.connect() as session:
            session.put(TOKEN, CONTENT)
            session.put(SECOND_TOKEN, b"signature")
            session.publish(TOKEN, FINAL)
            assert partner_side.visible() == {FINAL}
            session.publish(SECOND_TOKEN, FINAL + ".p7s")
        assert partner_side.everything() == {FINAL, FINAL + ".p7s"}

    def test_only_plain_names_are_put_and_published(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        with channel.connect() as session:
            session.put(TOKEN, CONTENT)
            for token in ("visible", "..", "./.x", ".", ""):
                assert refusal(session.put, token, CONTENT).reason == Reason.NAME_UNSAFE
                assert refusal(session.discard, token).reason == Reason.NAME_UNSAFE
            for final in ("../" + FINAL, ".hidden", "x" * 121, "a/b", ""):
                assert refusal(session.publish, TOKEN, final).reason == Reason.NAME_UNSAFE
            assert refusal(session.is_present, "/etc").reason == Reason.NAME_UNSAFE
        assert partner_side.everything() == {TOKEN}

    def test_a_folder_that_is_away_is_never_taken_for_a_published_token(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        with channel.connect() as session:
            session.put(TOKEN, CONTENT)
            moved = partner_side.to_partner.rename(partner_side.to_partner.with_name("away"))
            reasons = {
                refusal(session.is_present, TOKEN).reason,
                refusal(session.publish, TOKEN, FINAL).reason,
                refusal(session.put, SECOND_TOKEN, CONTENT).reason,
            }
            moved.rename(partner_side.to_partner)
            assert reasons == {Reason.FOLDER_MISSING}
            session.publish(TOKEN, FINAL)

    def test_fetch_returns_exactly_the_bytes(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        for content in (CONTENT, b"", os.urandom(MANY_BYTES)):
            partner_side.leave("answer.txt", content)
            with channel.connect() as session:
                assert session.fetch("answer.txt", MANY_BYTES) == content
            assert (partner_side.from_partner / "answer.txt").read_bytes() == content

    def test_a_file_at_the_limit_is_fetched_and_one_byte_more_is_refused(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        partner_side.leave("answer.txt", CONTENT)
        with channel.connect() as session:
            assert session.fetch("answer.txt", len(CONTENT)) == CONTENT
            error = refusal(session.fetch, "answer.txt", len(CONTENT) - 1)
            assert error.reason == Reason.FILE_TOO_LARGE
            assert not error.retryable
            assert session.fetch("answer.txt", len(CONTENT)) == CONTENT

    def test_files_are_listed_with_name_size_and_time(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        partner_side.leave("b.txt", CONTENT)
        partner_side.leave("a.txt", b"")
        with channel.connect() as session:
            listed = session.list_incoming()
        assert [one.name for one in listed] == ["a.txt", "b.txt"]
        assert [one.size_bytes for one in listed] == [0, len(CONTENT)]
        assert all(one.modified_at is None or one.modified_at.tzinfo for one in listed)

    def test_folders_and_hidden_files_are_not_listed(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        partner_side.leave("a.txt", CONTENT)
        partner_side.leave(".being-written", CONTENT)
        (partner_side.from_partner / "folder").mkdir()
        with channel.connect() as session:
            assert [one.name for one in session.list_incoming()] == ["a.txt"]

    def test_a_listing_is_never_longer_than_asked_for(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        for number in range(120):
            partner_side.leave(f"{number:03}.txt", b"")
        with channel.connect() as session:
            assert len(session.list_incoming(limit=100)) == 100
            assert len(session.list_incoming()) == 120

    def test_an_unsafe_name_is_listed_but_never_fetched(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        partner_side.leave("with space.txt", CONTENT)
        with channel.connect() as session:
            (listed,) = session.list_incoming()
            assert not listed.is_safe
            for name in (listed.name, "../keluar/x", "/etc/passwd", "..", "", "a\n"):
                error = refusal(session.fetch, name, 10)
                assert error.reason == Reason.NAME_UNSAFE
                error = refusal(session.retire, name)
                assert error.reason == Reason.NAME_UNSAFE

    def test_a_listed_name_that_vanished_is_asked_for_again_later(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        with channel.connect() as session:
            partner_side.leave("gone.txt", CONTENT)
            assert len(session.list_incoming()) == 1
            (partner_side.from_partner / "gone.txt").unlink()
            error = refusal(session.fetch, "gone.txt", 10)
        assert error.reason == Reason.FILE_VANISHED
        assert error.retryable

    def test_retiring_moves_the_file_and_is_harmless_twice(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        (partner_side.from_partner / RETIRED_FOLDER).mkdir(exist_ok=True)
        partner_side.leave("a.txt", CONTENT)
        with channel.connect() as session:
            session.retire("a.txt")
            session.retire("a.txt")
            assert session.list_incoming() == []
        retired = partner_side.from_partner / RETIRED_FOLDER / "a.txt"
        assert retired.read_bytes() == CONTENT

    def test_a_name_that_was_used_before_retires_again(
        self, channel: Channel, partner_side: PartnerSide
    ) -> None:
        (partner_side.from_partner / RETIRED_FOLDER).mkdir(exist_ok=True)
        for content in (b"first", b"second"):
            partner_side.leave("a.txt", content)
            with channel.connect() as session:
                session.retire("a.txt")
        assert (partner_side.from_partner / RETIRED_FOLDER / "a.txt").read_bytes() == b"second"
