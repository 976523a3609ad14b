"""What an HTTPS server may do wrong, and the one named outcome of each."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.channels import HttpChannel, HttpSettings, Reason, Session
from gateway.errors import ChannelError, ChannelRefused, ChannelTimeout, ChannelUncertain
from gateway.testing.channel_suite import CONTENT, FINAL, TOKEN, PartnerSide, refusal
from tests.support.https import HttpFaults, HttpsServer, TlsFiles

PATIENCE = 8


@pytest.fixture
def settings(https: HttpsServer, tls: TlsFiles) -> HttpSettings:
    return HttpSettings(
        url=https.url,
        client_certificate=tls.client.certificate,
        client_key=tls.client.key,
        ca_file=tls.authority.certificate,
        to_partner="masuk",
        from_partner="keluar",
        connect_seconds=2,
        read_seconds=1,
        job_seconds=10,
    )


@pytest.fixture
def channel(settings: HttpSettings) -> HttpChannel:
    return HttpChannel(settings)


def list_once(channel: HttpChannel) -> object:
    with channel.connect() as session:
        return session.list_incoming()


# Who is there -----------------------------------------------------------------------------


def test_a_server_of_another_authority_hears_nothing_of_us(
    settings: HttpSettings, tls: TlsFiles, faults: HttpFaults
) -> None:
    channel = HttpChannel(replace(settings, ca_file=tls.stranger.certificate))
    error = refusal(list_once, channel)
    assert isinstance(error, ChannelRefused)
    assert error.reason == Reason.CERTIFICATE_REFUSED
    assert faults.requests == []


def test_a_server_under_another_name_is_refused(settings: HttpSettings) -> None:
    url = settings.url.replace("127.0.0.1", "localhost")
    assert (
        refusal(list_once, HttpChannel(replace(settings, url=url))).reason
        == Reason.CERTIFICATE_REFUSED
    )


def test_a_client_that_the_server_does_not_know_is_refused(
    settings: HttpSettings, tls: TlsFiles, faults: HttpFaults
) -> None:
    stranger = tls.stranger
    channel = HttpChannel(
        replace(settings, client_certificate=stranger.certificate, client_key=stranger.key)
    )
    error = refusal(list_once, channel)
    assert isinstance(error, ChannelRefused)
    assert error.reason == Reason.LOGIN_REFUSED
    assert faults.requests == []


@pytest.mark.parametrize("missing", ["client_certificate", "client_key", "ca_file"])
def test_an_unreadable_file_of_our_own_is_named(
    settings: HttpSettings, tmp_path: Path, missing: str
) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_bytes(b"")
    for path in (empty, tmp_path / "absent.pem"):
        channel = HttpChannel(replace(settings, **{missing: path}))  # type: ignore[arg-type]  # by name
        assert refusal(list_once, channel).reason == Reason.LOGIN_KEY_UNREADABLE


def test_clear_text_is_refused(settings: HttpSettings) -> None:
    channel = HttpChannel(replace(settings, url=settings.url.replace("https", "http")))
    assert refusal(list_once, channel).reason == Reason.TLS_REQUIRED


def test_the_environment_changes_neither_trust_nor_route(
    channel: HttpChannel, tls: TlsFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls.stranger.certificate))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tls.stranger.certificate))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert list_once(channel) == []


def test_a_user_in_the_address_is_not_repeated_in_messages(settings: HttpSettings) -> None:
    url = settings.url.replace("https://", "https://user:secret@")
    assert HttpChannel(replace(settings, url=url)).describe() == f"http {settings.url[8:]}"


# Silence ----------------------------------------------------------------------------------


def test_nobody_listening_is_unreachable(settings: HttpSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    channel = HttpChannel(replace(settings, url=f"https://127.0.0.1:{port}"))
    assert refusal(list_once, channel).reason == Reason.UNREACHABLE


def test_a_port_that_does_not_shake_hands_ends_at_the_deadline(settings: HttpSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"https://127.0.0.1:{mute.getsockname()[1]}"
        begun = time.monotonic()
        error = refusal(list_once, HttpChannel(replace(settings, url=url, connect_seconds=0.5)))
    assert isinstance(error, ChannelTimeout)
    assert time.monotonic() - begun < PATIENCE


def test_a_dribbled_body_ends_with_the_job(
    settings: HttpSettings, side: PartnerSide, faults: HttpFaults
) -> None:
    side.leave("a.txt", CONTENT)
    faults.dribble_seconds = 0.1
    begun = time.monotonic()
    with HttpChannel(replace(settings, job_seconds=1)).connect() as session:
        assert isinstance(refusal(session.fetch, "a.txt", len(CONTENT)), ChannelTimeout)
    assert time.monotonic() - begun < PATIENCE


def test_a_dribbled_head_ends_with_the_job(settings: HttpSettings, faults: HttpFaults) -> None:
    faults.dribble_head = True
    begun = time.monotonic()
    error = refusal(list_once, HttpChannel(replace(settings, job_seconds=1)))
    assert isinstance(error, ChannelTimeout)
    assert time.monotonic() - begun < PATIENCE


# Answers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (401, Reason.LOGIN_REFUSED),
        (403, Reason.PERMISSION_DENIED),
        (404, Reason.FOLDER_MISSING),
        (409, Reason.FOLDER_MISSING),
        (413, Reason.FILE_TOO_LARGE),
        (418, Reason.ANSWER_UNREADABLE),
        (429, Reason.SERVER_FAILED),
        (500, Reason.SERVER_FAILED),
        (503, Reason.SERVER_FAILED),
        (507, Reason.DISK_FULL),
    ],
)
def test_each_refusal_of_a_put_has_its_name(
    channel: HttpChannel, faults: HttpFaults, code: int, reason: Reason
) -> None:
    faults.answer_with = {"PUT": code}
    with channel.connect() as session:
        error = refusal(session.put, TOKEN, CONTENT)
    assert error.reason == reason
    assert error.retryable == (reason in {Reason.SERVER_FAILED, Reason.ANSWER_UNREADABLE})


def test_a_redirect_is_never_followed(
    channel: HttpChannel, faults: HttpFaults, https: HttpsServer
) -> None:
    faults.redirect_to = https.url + "/elsewhere/"
    assert refusal(list_once, channel).reason == Reason.ANSWER_UNREADABLE
    assert [path for _, path, _ in faults.requests] == ["/keluar/"]


@pytest.mark.parametrize(
    "listing",
    [
        b"<html></html>",
        b"{}",
        b'["a"]',
        b"[1]",
        b'[{"type":"file"}]',
        b'[{"name":1,"type":"file"}]',
        b'[{"name":"a","type":"file","size":"1"}]',
        b'[{"name":"a","type":"file","size":1,"mtime":"yesterday"}]',
        b"[" * 100_000,
        b"\xff",
    ],
    ids=range(10),
)
def test_a_listing_that_is_none_is_refused(
    channel: HttpChannel, faults: HttpFaults, listing: bytes
) -> None:
    faults.raw_listing = listing
    assert refusal(list_once, channel).reason == Reason.ANSWER_UNREADABLE


def test_an_endless_listing_is_cut(channel: HttpChannel, faults: HttpFaults) -> None:
    faults.raw_listing = b" " * (9 << 20)
    assert refusal(list_once, channel).reason == Reason.FILE_TOO_LARGE


def test_a_body_that_ends_early_is_a_lost_link(
    channel: HttpChannel, side: PartnerSide, faults: HttpFaults
) -> None:
    side.leave("a.txt", CONTENT)
    faults.stop_body_after = 100
    with channel.connect() as session:
        assert refusal(session.fetch, "a.txt", len(CONTENT)).reason == Reason.LINK_LOST


def test_an_endless_body_is_cut_at_the_limit(
    channel: HttpChannel, side: PartnerSide, faults: HttpFaults
) -> None:
    side.leave("a.txt", CONTENT)
    faults.endless_body = True
    with channel.connect() as session:
        assert refusal(session.fetch, "a.txt", 1_000_000).reason == Reason.FILE_TOO_LARGE


@pytest.mark.parametrize(
    "head", ["Content-Encoding: gzip\r\nContent-Length: 2", "Connection: close"]
)
def test_a_body_of_unknown_end_or_packing_is_not_read(
    channel: HttpChannel, side: PartnerSide, faults: HttpFaults, head: str
) -> None:
    side.leave("a.txt", CONTENT)
    faults.raw_head = head
    with channel.connect() as session:
        assert refusal(session.fetch, "a.txt", 1_000_000).reason == Reason.ANSWER_UNREADABLE


# Writing and publishing -------------------------------------------------------------------


def test_requests_carry_their_idempotency_keys(channel: HttpChannel, faults: HttpFaults) -> None:
    with channel.connect() as session:
        session.put(TOKEN, CONTENT)
        session.publish(TOKEN, FINAL)
    put = next(heads for method, _, heads in faults.requests if method == "PUT")
    move = next(heads for method, _, heads in faults.requests if method == "MOVE")
    assert put["Idempotency-Key"] == move["Idempotency-Key"] == TOKEN
    assert len(put["X-Content-SHA256"]) == 64
    assert move["Overwrite"] == "F"


def test_a_write_that_was_changed_is_caught_by_reading_back(
    channel: HttpChannel, side: PartnerSide, faults: HttpFaults
) -> None:
    faults.corrupt_put = True
    with channel.connect() as session:
        assert refusal(session.put, TOKEN, CONTENT).reason == Reason.WRITE_DIFFERS
    assert side.everything() == set()


def test_a_put_whose_answer_was_lost_leaves_nothing_behind(
    channel: HttpChannel, side: PartnerSide, faults: HttpFaults
) -> None:
    faults.lose_answer_of = "PUT"
    with channel.connect() as session:
        error = refusal(session.put, TOKEN, CONTENT)
    assert error.reason == Reason.LINK_LOST
    assert error.retryable
    assert side.everything() == set()


def test_a_lost_answer_is_settled_by_looking(
    channel: HttpChannel, side: PartnerSide, faults: HttpFaults
) -> None:
    faults.lose_answer_of = "MOVE"
    with channel.connect() as session:
        session.put(TOKEN, CONTENT)
        session.publish(TOKEN, FINAL)
    assert side.everything() == {FINAL}
    assert [method for method, _, _ in faults.requests].count("MOVE") == 1


def publish_uncertainly(session: Session) -> ChannelError:
    session.put(TOKEN, CONTENT)
    error = refusal(session.publish, TOKEN, FINAL)
    assert isinstance(error, ChannelUncertain)
    return error


def test_a_lost_request_stays_uncertain_and_the_token_decides_later(
    channel: HttpChannel, side: PartnerSide, faults: HttpFaults
) -> None:
    faults.lose_request_of = "MOVE"
    with channel.connect() as session:
        publish_uncertainly(session)
        assert side.everything() == {TOKEN}
        faults.lose_request_of = ""
        session.publish(TOKEN, FINAL)
    assert side.everything() == {FINAL}


@pytest.mark.parametrize("code", [500, 502, 504])
def test_a_failure_between_us_and_the_server_is_uncertain(
    channel: HttpChannel, faults: HttpFaults, code: int
) -> None:
    faults.answer_with = {"MOVE": code}
    with channel.connect() as session:
        publish_uncertainly(session)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (403, Reason.PERMISSION_DENIED),
        (404, Reason.TOKEN_GONE),
        (409, Reason.FOLDER_MISSING),
        (412, Reason.NAME_TAKEN),
    ],
)
def test_each_refusal_of_a_publish_has_its_name(
    channel: HttpChannel, faults: HttpFaults, code: int, reason: Reason
) -> None:
    faults.answer_with = {"MOVE": code}
    with channel.connect() as session:
        session.put(TOKEN, CONTENT)
        error = refusal(session.publish, TOKEN, FINAL)
    assert isinstance(error, ChannelRefused)
    assert error.reason == reason


def test_the_folder_for_retired_files_is_made_when_it_is_missing(
    channel: HttpChannel, side: PartnerSide
) -> None:
    side.leave("a.txt", CONTENT)
    with channel.connect() as session:
        session.retire("a.txt")
    assert (side.from_partner / "selesai" / "a.txt").read_bytes() == CONTENT


def test_a_server_that_cannot_make_the_folder_says_that_it_is_missing(
    channel: HttpChannel, side: PartnerSide, faults: HttpFaults
) -> None:
    side.leave("a.txt", CONTENT)
    faults.answer_with = {"MKCOL": 501}
    with channel.connect() as session:
        assert refusal(session.retire, "a.txt").reason == Reason.FOLDER_MISSING
    assert (side.from_partner / "a.txt").exists()
