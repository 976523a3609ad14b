"""The whole road, once: what the pretend banks did wrong on purpose is what the city finds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.app import open_gateway
from gateway.domain.states import MismatchState
from gateway.sandbox import demo
from gateway.sandbox.book import Planted
from gateway.sandbox.city import SandboxCity
from gateway.store import mismatches, periods

SEED = 42
COUNT = 90

Found = Counter[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    planted: tuple[Planted, ...]
    complaints: tuple[tuple[str, str, str], ...]
    found: Found
    summary: dict[str, object]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    root = tmp_path_factory.mktemp("road")
    home: Path = root / "home"
    city = SandboxCity(root / "bank", SEED)
    demo.prepare_home(home, city)
    with open_gateway(home) as gateway, city:
        demo.walk_the_road(gateway, city, SEED, COUNT)
        with gateway.store.read() as tx:
            months = {period for _, period in periods.list_periods(tx)}
            rows = [
                row
                for month in sorted(months)
                for row in mismatches.list_mismatches(
                    tx, period=month, include_info=True, limit=100_000
                )
            ]
        # A near miss is attributed to nobody; the loan it probably means is the suggestion.
        found = Counter(
            (
                row.partner_code,
                row.period,
                row.found.code,
                row.found.application_reference or row.found.suggestion,
            )
            for row in rows
            if row.state is not MismatchState.CLEARED
        )
        return Outcome(
            planted=tuple(city.planted),
            complaints=tuple(city.complaints),
            found=found,
            summary=demo.summarise(gateway),
        )


def test_every_planted_defect_is_found_in_its_month(outcome: Outcome) -> None:
    planted = Counter(
        (entry.partner, entry.period, entry.code, entry.loan_reference)
        for entry in outcome.planted
        if entry.code
    )
    assert len({code for _, _, code, _ in planted}) >= 10
    assert planted - outcome.found == Counter()


def test_nothing_is_found_in_a_first_month_that_was_not_planted(outcome: Outcome) -> None:
    planted = {(entry.partner, entry.loan_reference) for entry in outcome.planted}
    surplus = [key for key in outcome.found if (key[0], key[3]) not in planted]
    assert [key for key in surplus if key[1] <= "2026-09"] == []


def test_the_banks_could_use_everything_the_city_brought(outcome: Outcome) -> None:
    assert outcome.complaints == ()


def test_all_applications_got_somewhere(outcome: Outcome) -> None:
    states = outcome.summary["applications"]
    assert isinstance(states, dict)
    assert sum(states.values()) == COUNT
    assert states["DISBURSED"] > COUNT // 3
    assert states["ON_HOLD"] > COUNT // 5
