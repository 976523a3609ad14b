"""Money, days and strangers' text as the page writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gateway.web import formats


@pytest.mark.parametrize(
    ("amount_idr", "shown"),
    [(0, "Rp0"), (20_000_000, "Rp20.000.000"), (-50, "-Rp50"), (10**13, "Rp10.000.000.000.000")],
)
def test_money_is_written_as_the_city_writes_it(amount_idr: int, shown: str) -> None:
    assert formats.rupiah(amount_idr, "id") == shown


def test_english_money_has_english_separators() -> None:
    assert formats.rupiah(-20_000_000, "en") == "-Rp20,000,000"


def test_a_moment_late_in_the_utc_day_is_the_next_day_in_jambi() -> None:
    moment = datetime(2026, 10, 30, 20, 5, tzinfo=UTC)
    assert formats.moment(moment, "id") == "31 Okt 2026 03.05 WIB"
    assert formats.moment(moment, "en") == "31 Oct 2026 03:05 WIB"


def test_nothing_is_shown_as_a_dash() -> None:
    assert formats.day(None, "id") == formats.moment(None, "en") == "–"


def test_days_and_months_speak_the_chosen_language() -> None:
    assert formats.day(date(2026, 8, 3), "id") == "3 Agu 2026"
    assert formats.month("2026-10", "id") == "Oktober 2026"
    assert formats.month("2026-10", "en") == "October 2026"
    assert formats.month("2026-13", "id") == "2026-13"


def test_characters_that_hide_or_reorder_text_are_shown_by_their_number() -> None:
    assert formats.plain("BAYAR\u202e000.1pR") == "BAYAR[U+202E]000.1pR"
    assert formats.plain("a\x00b\tc\u200bd") == "a[U+0000]b[U+0009]c[U+200B]d"


def test_endless_text_is_cut() -> None:
    assert formats.plain("x" * 10_000) == "x" * 300 + "…"
    assert formats.plain("x" * 300) == "x" * 300


def test_a_raw_line_shows_neither_account_nor_national_id_but_the_money() -> None:
    line = "D|1|TRX1|20261030|20261030|1150012345678|HRK2600000011|3|429166|1571990101900003||"
    shown = formats.masked_line(line, ("1150012345678",))
    assert "1150012345678" not in shown
    assert "1571990101900003" not in shown
    assert "|429166|" in shown
    assert shown.startswith("D|1|TRX1|20261030|20261030|*********5678|HRK2600000011")


def test_an_account_the_city_does_not_know_is_masked_as_well() -> None:
    assert formats.masked_line("D|1|TRX1|9988776655|429166") == "D|1|TRX1|******6655|429166"


def test_a_fixed_width_line_hides_runs_as_long_as_a_national_id() -> None:
    shown = formats.masked_line("1000001TRX1      1571990101900003000000000429166", ())
    assert "1571990101900003" not in shown
