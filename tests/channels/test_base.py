"""Names, deadlines and what is said when something goes wrong."""

from __future__ import annotations

import threading

import pytest

from gateway.channels import FILE_REASONS, Reason, is_safe_name
from gateway.channels.base import Deadline, Watchdog
from gateway.channels.outcomes import channel_error
from gateway.errors import ChannelTimeout
from gateway.testing.channel_suite import refusal

WHERE = "sftp bank.example:22"


@pytest.mark.parametrize("name", ["a", "115.157100.ANGSURAN.20260803.001.txt", "_-.", "x" * 120])
def test_a_flat_plain_name_is_safe(name: str) -> None:
    assert is_safe_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "...",
        "a/b",
        "/a",
        "a\\b",
        "a b",
        "a\n",
        "a\0",
        "x" * 121,
        "\uff41",
        "\u202ea",
    ],
    ids=ascii,
)
def test_a_name_that_could_lead_elsewhere_is_not_safe(name: str) -> None:
    assert not is_safe_name(name)


def test_a_deadline_gives_what_is_left_and_then_says_that_it_passed() -> None:
    deadline = Deadline(60, WHERE)
    assert deadline.left(5) == 5
    assert 50 < deadline.left(100) <= 60
    assert not deadline.passed
    over = Deadline(-1, WHERE)
    assert over.passed
    assert isinstance(refusal(over.left, 5), ChannelTimeout)


def test_a_watchdog_bites_once_and_only_when_time_is_over() -> None:
    cut = threading.Event()
    with Watchdog(60, cut.set) as patient:
        assert not patient.bit
    assert not cut.is_set()
    with Watchdog(0.01, cut.set) as strict:
        assert cut.wait(5)
    assert strict.bit


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_speaks_both_languages_and_says_how_to_mend_it(reason: Reason) -> None:
    error = channel_error(reason, WHERE)
    assert error.reason == reason
    assert error.message_en != error.message_id
    assert error.message_en.startswith(WHERE)
    assert error.message_id.startswith(WHERE)
    assert error.how_en
    assert error.how_id
    assert error.how_en != error.how_id


def test_what_concerns_one_file_is_told_apart_from_what_stops_the_channel() -> None:
    assert Reason.FILE_TOO_LARGE in FILE_REASONS
    assert FILE_REASONS.isdisjoint({Reason.DEADLINE, Reason.LINK_LOST, Reason.LOGIN_REFUSED})
