"""A bank's format as settings: what is wrong is said with its place and the nearest word."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from gateway_bpr_generic.building import FormatProblem, read_date_format

from gateway.connectors import settings_problems

CONFIG = Path(__file__).parents[3] / "config" / "partners"
Settings = dict[str, Any]


def kenali() -> Settings:
    found: Settings = tomllib.loads((CONFIG / "bpr_kenali.toml").read_text("utf-8"))["settings"]
    return found


def batanghari() -> Settings:
    found: Settings = tomllib.loads((CONFIG / "bpr_batanghari.toml").read_text("utf-8"))["settings"]
    return found


def change(settings: Settings, *keys: str | int, to: object) -> Settings:
    changed: Any = copy.deepcopy(settings)
    place = changed
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = to
    return changed  # type: ignore[no-any-return]  # TOML as loaded


REPAID = ("kinds", "ANGSURAN")


@pytest.mark.parametrize("settings", [kenali(), batanghari()])
def test_the_demo_banks_are_described_without_a_problem(settings: Settings) -> None:
    assert settings_problems("bpr_generic", settings) == []


@pytest.mark.parametrize(
    ("settings", "place", "said"),
    [
        (change(kenali(), "sepatator", to=";"), "settings.sepatator", '"separator"'),
        (change(kenali(), "style", to="csv"), "settings.style", "delimited"),
        (change(kenali(), "newline", to="cr"), "settings.newline", "lf"),
        (change(kenali(), "headings", to="no"), "settings.headings", "boolean"),
        (change(kenali(), "sequence_digits", to="3"), "settings.sequence_digits", "integer"),
        (change(kenali(), "sequence_digits", to=0), "settings.sequence_digits", "1"),
        (change(kenali(), "date_format", to="dd MMM yyyy"), "settings.date_format", "yyyy mm dd"),
        (change(kenali(), "date_format", to="dd/mm"), "settings.date_format", "are needed"),
        (change(kenali(), "encoding", to="utf-16"), "settings.kinds.ANGSURAN", "encoding"),
        (change(kenali(), "kinds", to={}), "settings.kinds", "at least one"),
        (
            change(kenali(), "kinds", "ANGSURN", to={}),
            "settings.kinds.ANGSURN",
            '"ANGSURAN"',
        ),
        (
            change(kenali(), *REPAID, "row", 7, "field", to="nominl"),
            "settings.kinds.ANGSURAN",
            "did you mean 'nominal'?",
        ),
        (
            change(kenali(), *REPAID, "row", 7, "headnig", to="X"),
            "settings.kinds.ANGSURAN.row.7.headnig",
            '"heading"',
        ),
        (
            change(kenali(), *REPAID, "row", 7, "type", to="percent"),
            "settings.kinds.ANGSURAN",
            "nominal: its type is rupiah",
        ),
        (
            change(kenali(), *REPAID, "row", 14, "codes", "TUNAI", to="T"),
            "settings.kinds.ANGSURAN",
            "the city's codes are A, P, R",
        ),
        (
            change(kenali(), *REPAID, "row", 7, "codes", to={"x": "A"}),
            "settings.kinds.ANGSURAN",
            "it has no codes",
        ),
        (
            change(kenali(), *REPAID, "row", 7, "cut", to=True),
            "settings.kinds.ANGSURAN",
            "only text may be cut",
        ),
        (
            change(kenali(), *REPAID, "row", 7, "constant", to="5"),
            "settings.kinds.ANGSURAN",
            "it is not a constant",
        ),
        (
            change(kenali(), *REPAID, "trailer", 0, to={"field": "tanda"}),
            "settings.kinds.ANGSURAN",
            "constant is missing",
        ),
        (
            change(kenali(), *REPAID, "trailer", to=[{"field": "tanda", "constant": "J"}]),
            "settings.kinds.ANGSURAN",
            "the number of rows (jumlah) is missing",
        ),
        (
            change(kenali(), *REPAID, "word", to="REALISASI"),
            "settings.kinds",
            "give another word",
        ),
        (
            change(batanghari(), *REPAID, "row", 3, "width", to=6),
            "settings.kinds.ANGSURAN",
            "width must be 8",
        ),
        (
            change(batanghari(), *REPAID, "trailer", 5, "width", to=32),
            "settings.kinds.ANGSURAN",
            "width must be 64 or more",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(settings: Settings, place: str, said: str) -> None:
    problems = settings_problems("bpr_generic", settings)
    assert any(one.startswith(place) and said in one for one in problems), problems


@pytest.mark.parametrize("key", ["style", "file_name", "kinds"])
def test_what_cannot_be_guessed_must_be_given(key: str) -> None:
    settings = kenali()
    del settings[key]
    assert [one.partition(":")[0] for one in settings_problems("bpr_generic", settings)] == [
        f"settings.{key}"
    ]


def test_every_broken_kind_is_said_at_once() -> None:
    settings = change(kenali(), *REPAID, "row", 7, "field", to="nominl")
    settings = change(settings, "kinds", "KEPUTUSAN", "row", 1, "field", to="ref_pengajua")
    places = {one.partition(":")[0] for one in settings_problems("bpr_generic", settings)}
    assert places == {"settings.kinds.ANGSURAN", "settings.kinds.KEPUTUSAN"}


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("dd/mm/yyyy", "%d/%m/%Y"),
        ("yyyymmddHHMMSS", "%Y%m%d%H%M%S"),
        ("dd.mm.yyyy HH:MM", "%d.%m.%Y %H:%M"),
    ],
)
def test_date_formats_are_written_as_people_write_them(text: str, pattern: str) -> None:
    assert read_date_format(text) == pattern


@pytest.mark.parametrize("text", ["", "yyyy", "dd/mm/yy", "%d%m%Y", "dd/dd/mm/yyyy", "ddmmyyyyT"])
def test_no_other_letters_make_a_date(text: str) -> None:
    with pytest.raises(FormatProblem):
        read_date_format(text)
