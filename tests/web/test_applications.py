"""Looking for applications, and what one of them shows."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.web.city import (
    PERSON,
    form_token,
    seen,
)
from tests.web.conftest import SignIn


def search(client: FlaskClient, asked: str) -> str:
    form = {"csrf_token": form_token(client, "/pengajuan"), "cari": asked}
    return client.post("/pengajuan", data=form, follow_redirects=True).text


@pytest.mark.parametrize("asked", ["HRK2600000002", " hrk2600000002 ", "1571995002900004"])
def test_an_application_is_found_by_reference_and_by_national_id(
    asked: str, as_user: SignIn
) -> None:
    page = seen(search(as_user("siti"), asked))
    assert "HRK2600000002 Tertahan kendala" in page
    assert "Ada tunggakan di lembaga lain. Rp750.000" in page
    assert "Langkah berikut: Pemohon melunasi tunggakan" in page


def test_a_group_is_found_with_its_members(as_user: SignIn) -> None:
    assert "BHT2600000002" in search(as_user("siti"), "BHT2600000001")


def test_an_auditor_may_not_search_by_national_id(as_user: SignIn) -> None:
    page = search(as_user("rina"), PERSON)
    assert "Tidak ditemukan." in page
    assert "HRK2600000001" not in page


@pytest.mark.parametrize("asked", ["157199500290000٣", "9" * 16, "HRK26'--", "", "x" * 40])
def test_a_search_that_finds_nothing_says_so(asked: str, as_user: SignIn) -> None:
    assert "Tidak ditemukan." in search(as_user("siti"), asked)


def test_a_national_id_in_an_address_is_never_answered(as_user: SignIn) -> None:
    client = as_user("siti")
    assert client.get(f"/pengajuan/{PERSON}").status_code == 404
    assert PERSON not in client.get(f"/pengajuan/{PERSON}").text


def test_an_application_shows_its_loan_its_instalments_and_its_road(as_user: SignIn) -> None:
    page = seen(as_user("siti").get("/pengajuan/HRK2600000001").text)
    assert "Sudah dicairkan" in page
    assert "157199******0003" in page
    assert "*********5432 Aktif" in page
    assert "20 Okt 2026 Rp416.666 Rp12.500 Rp429.166" in page
    road = page.partition("Perjalanan")[2]
    assert road.count("WIB") >= 9
    assert "Pengajuan: Disetujui bank" in road
    assert "Pencairan dicatat" in road
    assert not re.search(r"[A-Z]+_[A-Z]+", road)
