"""Invented applicants: complete, plausible, and the same for the same seed."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from gateway.sandbox.ideb import HARMLESS, history_of
from gateway.sandbox.people import COLUMNS, make_applications, make_forms
from gateway.sandbox.places import PLACES

TODAY = date(2026, 8, 3)
SEED = 42
CODES = {code: kk for kk, (_, places) in PLACES.items() for code in places}
NAMES = {(kk, name): code for kk, (_, places) in PLACES.items() for code, name in places.items()}


@pytest.fixture(scope="module")
def people() -> list[dict[str, str]]:
    return make_applications(SEED, 600, TODAY)


def test_there_are_as_many_people_as_asked_for(people: list[dict[str, str]]) -> None:
    for count in (0, 1, 7, 40):
        assert len(make_applications(SEED, count, TODAY)) == count
    assert len(people) == 600


def test_nobody_is_there_twice(people: list[dict[str, str]]) -> None:
    assert len({person["nik"] for person in people}) == 600
    assert len({person["sumber_ref"] for person in people}) == 600


def test_every_nik_agrees_with_birth_and_sex_and_is_of_nobody(
    people: list[dict[str, str]],
) -> None:
    for person in people:
        nik, born = person["nik"], date.fromisoformat(person["tgl_lahir"])
        day = born.day + (40 if person["jenis_kelamin"] == "P" else 0)
        assert re.fullmatch(r"157199[0-9]{10}", nik)
        assert nik[6:12] == f"{day:02d}{born:%m%y}"
        assert nik[12:] != "0000"


def test_people_live_in_all_eleven_kecamatan(people: list[dict[str, str]]) -> None:
    names = {name: kk for kk, (_, places) in PLACES.items() for name in places.values()}
    found = {CODES.get(person["kelurahan"]) or names[person["kelurahan"]] for person in people}
    assert found == set(PLACES)


def test_required_columns_are_always_filled(people: list[dict[str, str]]) -> None:
    required = ["nik", "nama", "tgl_lahir", "jenis_kelamin", "alamat", "kelurahan", "no_hp"]
    required += ["nama_usaha", "plafon_diajukan", "tenor_bulan", "tujuan"]
    assert all(tuple(person) == COLUMNS for person in people)
    assert all(person[name] for person in people for name in required)
    assert all("|" not in value and value.isascii() for p in people for value in p.values())
    assert all(re.fullmatch(r"(\+62|62|0)8[0-9]{8,11}", person["no_hp"]) for person in people)


def test_groups_have_one_leader_three_to_six_members_and_at_most_twenty_million(
    people: list[dict[str, str]],
) -> None:
    groups = defaultdict(list)
    for person in people:
        if person["ref_kelompok"]:
            groups[person["ref_kelompok"]].append(person)
    assert 0.22 * 600 < sum(map(len, groups.values())) < 0.31 * 600
    for members in groups.values():
        assert 3 <= len(members) <= 6
        assert [m["peran_kelompok"] for m in members].count("ketua") == 1
        assert sum(int(member["plafon_diajukan"]) for member in members) <= 20_000_000
        for shared in ("tenor_bulan", "nama_kelompok", "bank"):
            assert len({member[shared] for member in members}) == 1


def test_amounts_and_tenors_fit_both_programmes(people: list[dict[str, str]]) -> None:
    for person in people:
        assert 1_000_000 <= int(person["plafon_diajukan"]) <= 50_000_000
        assert 3 <= int(person["tenor_bulan"]) <= 24


def test_about_a_third_end_stopped(people: list[dict[str, str]]) -> None:
    def stopped(person: dict[str, str]) -> bool:
        lacking = not (person["persetujuan_slik_tgl"] and person["kbli"] and person["mulai_usaha"])
        return lacking or history_of(SEED, person["nik"]) not in HARMLESS

    unlucky = {p["ref_kelompok"] for p in people if p["ref_kelompok"] and stopped(p)}
    count = sum(stopped(p) or (p["ref_kelompok"] in unlucky) for p in people)
    assert 150 <= count <= 250
    assert 30 <= sum(not person["persetujuan_slik_tgl"] for person in people) <= 70


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, second = make_forms(7, 60, TODAY), make_forms(7, 60, TODAY)
    assert [form.content for form in first] == [form.content for form in second]
    assert [form.content for form in first] != [form.content for form in make_forms(8, 60, TODAY)]


def test_the_three_forms_hold_everybody(people: list[dict[str, str]]) -> None:
    sheet, table, lines = make_forms(SEED, 600, TODAY)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0)
    in_sheet = [str(row[0]) for row in rows.to_python()[1:]]
    in_table = [
        row["nik"] for row in csv.DictReader(io.StringIO(table.content.decode()), delimiter=";")
    ]
    in_lines = [json.loads(line)["nik"] for line in lines.content.decode().splitlines()]
    assert in_sheet + in_table + in_lines == [person["nik"] for person in people]
    assert (sheet.programme, table.programme, lines.programme) == (
        "bang_harta",
        "bank_harkat",
        "bank_harkat",
    )
