"""The kelurahan of Kota Jambi, by code and by name."""

from __future__ import annotations

import pytest

from gateway.domain.identity import Problem
from gateway.domain.regions import KECAMATAN, KELURAHAN, Kelurahan, find_kelurahan


def test_there_are_11_kecamatan_and_68_kelurahan_with_codes_of_their_own() -> None:
    assert (len(KECAMATAN), len(KELURAHAN)) == (11, 68)
    assert len({place.code for place in KELURAHAN}) == 68


@pytest.mark.parametrize(
    "text",
    ["15.71.07.1012", "Kenali Asam", "kenali asam", "KENALIASAM", "  Kenali   Asam "],
)
def test_code_and_name_find_the_same_place(text: str) -> None:
    found = find_kelurahan(text)
    assert isinstance(found, Kelurahan)
    assert (found.code, found.name, found.kecamatan) == (
        "15.71.07.1012",
        "Kenali Asam",
        "Kota Baru",
    )


def test_every_place_is_found_by_its_own_code_and_name() -> None:
    for place in KELURAHAN:
        assert find_kelurahan(place.code) == place == find_kelurahan(place.name)


def test_a_shared_part_of_a_name_asks_for_the_code() -> None:
    found = find_kelurahan("Sipin")
    assert isinstance(found, Problem)
    assert found.code == "KELURAHAN_AMBIGUOUS"
    assert "15.71.01.1001 Simpang IV Sipin" in found.how_id
    assert "15.71.07.1002 Simpang III Sipin" in found.how_en


def test_a_name_that_two_places_bear_asks_for_the_code() -> None:
    twice = (*KELURAHAN, Kelurahan(code="15.71.12.1001", name="Murni", kecamatan="Baru"))
    found = find_kelurahan("murni", twice)
    assert isinstance(found, Problem)
    assert found.code == "KELURAHAN_AMBIGUOUS"
    assert "15.71.10.1002 Murni; 15.71.12.1001 Murni" in found.how_id


@pytest.mark.parametrize(
    ("text", "hint"),
    [("Talang Banjir", "15.71.03.1003 Talang Banjar"), ("Pasir Putihh", "Pasir Putih")],
)
def test_a_misspelt_name_is_refused_with_the_nearest(text: str, hint: str) -> None:
    found = find_kelurahan(text)
    assert isinstance(found, Problem)
    assert found.code == "KELURAHAN_UNKNOWN"
    assert hint in found.how_id
    assert hint in found.how_en


@pytest.mark.parametrize("text", ["1571010001", "15.71.07.1003", "Menteng", "", "x"])
def test_bps_codes_and_other_cities_are_refused(text: str) -> None:
    found = find_kelurahan(text)
    assert isinstance(found, Problem)
    assert found.code == "KELURAHAN_UNKNOWN"
