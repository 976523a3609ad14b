"""What a treasurer, a checker and an auditor read on each page."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

from gateway.store import Store
from tests.web.city import (
    ACCOUNT,
    FORMULA,
    LONG,
    NAME,
    PERSON,
    REORDER,
    SCRIPT,
    every_mismatch,
    find_mismatch,
    seen,
)
from tests.web.conftest import SignIn


def every_page(store: Store) -> list[str]:
    return [
        "/",
        "/selisih",
        "/selisih?semua=1",
        "/selisih?mitra=bank_jambi&bulan=2026-10",
        *(f"/selisih/{number}" for number in every_mismatch(store)),
        "/mitra",
        "/pengajuan",
        "/pengajuan?keadaan=ON_HOLD",
        "/pengajuan?keadaan=DISBURSED",
        "/pengajuan/HRK2600000001",
        "/pengajuan/HRK2600000002",
        "/pengajuan/BHT2600000001",
    ]


def test_naughty_text_of_a_bank_is_harmless_on_every_page(store: Store, as_user: SignIn) -> None:
    client = as_user("siti")
    everything = ""
    for path in every_page(store):
        answer = client.get(path)
        assert answer.status_code == 200, path
        page = answer.text
        assert "<script" not in page.lower(), path
        assert "\u202e" not in page, path
        assert LONG not in page, path
        everything += page
    assert html.escape(SCRIPT) in everything
    assert html.escape(SCRIPT.upper()) in everything
    assert FORMULA.split("(")[0] in everything
    assert REORDER.replace("\u202e", "[U+202E]") in everything
    assert "Z" * 30 in everything


def test_no_national_id_and_no_account_number_is_on_any_page(store: Store, as_user: SignIn) -> None:
    for name in ("siti", "budi", "rina"):
        client = as_user(name)
        for path in every_page(store):
            answer = client.get(path)
            assert answer.status_code == 200, path
            page = answer.text
            assert PERSON not in page, path
            assert ACCOUNT not in page, path


def test_a_name_is_shown_to_those_who_work_with_people_and_masked_for_the_auditor(
    as_user: SignIn,
) -> None:
    assert NAME in as_user("siti").get("/pengajuan/HRK2600000001").text
    assert NAME in as_user("budi").get("/pengajuan?keadaan=ON_HOLD").text
    for path in ("/pengajuan/HRK2600000001", "/pengajuan?keadaan=ON_HOLD"):
        page = as_user("rina").get(path).text
        assert "Canary" not in page
        assert "S*** C*** M***" in page


def test_home_says_what_waits_for_each_person(as_user: SignIn) -> None:
    treasurer = seen(as_user("siti").get("/").text)
    assert "7 selisih terbuka, perlu usulan" in treasurer
    assert "1 pengajuan tertahan kendala" in treasurer
    assert "1 berkas dikarantina" in treasurer
    assert "usulan menunggu pengesahan" not in treasurer
    assert "7 selisih terbuka" not in seen(as_user("budi").get("/").text)


def test_home_shows_each_partner_with_its_open_mismatches_and_alarms(as_user: SignIn) -> None:
    home = seen(as_user("siti").get("/").text)
    assert "Bank Jambi Berkas masuk terakhir 1 Nov 2026 09.00 WIB" in home
    assert "Selisih terbuka 6 · Rp4.029.172" in home
    assert "Terhenti: Kunci host belum disematkan." in home
    assert "FILE_SET_ASIDE" in home


def test_city_it_sees_partners_but_no_money_and_no_applications(as_user: SignIn) -> None:
    home = seen(as_user("agus").get("/").text)
    assert "Bank Jambi" in home
    assert "Selisih terbuka" not in home
    assert "Pengajuan menurut keadaan" not in home
    assert "Jejak audit" in home


def test_the_list_shows_both_sums_and_the_proof(as_user: SignIn) -> None:
    page = seen(as_user("siti").get("/selisih?mitra=bank_jambi&bulan=2026-10").text)
    assert "6 selisih · kurang Rp29.166 · lebih Rp4.000.006" in page
    assert "Diharapkan Rp429.166 = Cocok Rp400.000 + Selisih Rp29.166" in page
    assert "Periksa nol: 0 ✓" in page
    assert "Baru dibayar Rp400.000 dari Rp429.166. Sisa Rp29.166." in page
    assert "*********5432" in page
    assert "-Rp29.166" in page
    assert "13 hari" not in page
    assert "Dibatalkan bank" not in page.partition("Daftar selisih")[2]


def test_without_a_month_the_newest_proof_of_every_partner_is_shown(as_user: SignIn) -> None:
    page = seen(as_user("siti").get("/selisih").text)
    assert page.count("Periksa nol: 0 ✓") == 2


def test_what_is_information_only_is_shown_on_request(as_user: SignIn) -> None:
    client = as_user("siti")
    assert "6 selisih ·" in seen(client.get("/selisih?mitra=bank_jambi").text)
    assert "7 selisih ·" in seen(client.get("/selisih?mitra=bank_jambi&semua=1").text)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("sebab=PARTIAL", 1),
        ("sebab=UNKNOWN_LOAN", 4),
        ("bulan=2026-09", 0),
        ("keadaan=OPEN", 7),
        ("keadaan=SETTLED", 0),
        ("mitra=bpr_kenali", 1),
        ("mitra=bpr_kenali&sebab=PARTIAL", 0),
        ("", 7),
    ],
)
def test_the_filter_narrows_list_and_sums_alike(query: str, count: int, as_user: SignIn) -> None:
    page = as_user("siti").get(f"/selisih?{query}").text
    assert f"{count} selisih ·" in seen(page)
    assert len(set(re.findall(r'href="/selisih/([0-9]+)"', page))) == count


def test_the_filter_stays_in_the_form(as_user: SignIn) -> None:
    page = as_user("siti").get("/selisih?mitra=bank_jambi&sebab=PARTIAL&semua=1").text
    assert '<option value="bank_jambi" selected>' in page
    assert '<option value="PARTIAL" selected>' in page
    assert 'name="semua" value="1" checked' in page


@pytest.mark.parametrize(
    "query", ["bulan=2026-13", "sebab=<x>", "keadaan=LOST", "setelah=-1", "setelah=٣", "mitra=x"]
)
def test_a_filter_that_means_nothing_is_not_found(query: str, as_user: SignIn) -> None:
    assert as_user("siti").get(f"/selisih?{query}").status_code == 404


def test_the_list_goes_on_after_its_last_row_and_counts_everything(
    as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.web.mismatches.PAGE_SIZE", 4)
    monkeypatch.setattr("gateway.web.mismatches.WEIGHED_AT_ONCE", 3)
    client = as_user("siti")
    first = client.get("/selisih?keadaan=OPEN").text
    where = re.search(r'rel="next" href="([^"]+)"', first)
    assert where
    second = client.get(html.unescape(where.group(1))).text
    rows = [re.findall(r'href="/selisih/([0-9]+)"', page) for page in (first, second)]
    assert [len(one) for one in rows] == [4, 3]
    assert not set(rows[0]) & set(rows[1])
    assert "keadaan=OPEN" in where.group(1)
    for page in (first, second):
        assert "7 selisih ·" in seen(page)
    assert 'rel="next"' not in second


def test_one_mismatch_shows_both_sides_the_raw_line_and_who_acts(
    store: Store, as_user: SignIn
) -> None:
    number = find_mismatch(store, "PARTIAL")
    page = seen(as_user("siti").get(f"/selisih/{number}").text)
    assert "Jumlah Rp429.166 Rp400.000" in page
    assert "Pokok Rp416.666" in page
    assert "D|1|TRX1|20261030|20261030|*********5432|HRK2600000001|1|400000|" in page
    assert "************0003" in page
    assert "Siapa yang bertindak Bendahara" in page
    assert "Pilih tindakan, tulis alasan" in page
    assert "Dibayar terlambat" in page


def test_partners_show_what_waits_and_what_went_out(as_user: SignIn) -> None:
    page = seen(as_user("agus").get("/mitra").text)
    assert "SHA256:uNiVztksCsDhcc0u9e8BrrJXuGDxh4j4T5GqDBLrDlo" in page
    assert "Dikarantina" in page
    assert "UNKNOWN" in page
    assert "KJ-bank_jambi-pengajuan-000001.zip 1 1 Rp5.000.000 Terkirim" in page
    assert "Terhenti: Kunci host belum disematkan." in page
    assert "Penyedia informasi debitur" in page


def test_english_is_a_choice_that_stays(app: Flask, as_user: SignIn) -> None:
    client = as_user("siti")
    assert "Mismatches" in client.get("/selisih?lang=en").text
    page = client.get("/selisih?mitra=bank_jambi").text
    assert '<html lang="en">' in page
    assert "Rp400,000 of Rp429,166 paid so far." in page
    assert 'href="/selisih?mitra=bank_jambi&amp;lang=id"' in page
    assert "Selisih" in client.get("/selisih?lang=id").text
    assert '<html lang="id">' in client.get("/selisih?lang=xx").text
