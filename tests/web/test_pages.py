"""What a treasurer, a checker and an auditor read on each page."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.domain.states import MismatchState
from gateway.store import Store, mismatches
from tests.web.city import (
    ACCOUNT,
    FORMULA,
    LONG,
    NAME,
    NOW,
    PERSON,
    REORDER,
    SCRIPT,
    every_mismatch,
    find_mismatch,
    form_token,
)
from tests.web.conftest import SignIn


def seen(page: str) -> str:
    """What a person reads: no tags, spaces folded."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page))).strip()


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


def decide(client: FlaskClient, number: int, step: str, **form: str) -> str:
    where = f"/selisih/{number}"
    form["csrf_token"] = form_token(client, where)
    return seen(client.post(f"{where}/{step}", data=form, follow_redirects=True).text)


def state_of(store: Store, number: int) -> MismatchState:
    with store.read(NOW) as tx:
        row = mismatches.load_mismatch(tx, number)
    assert row
    return row.state


def test_two_people_settle_a_mismatch_and_both_stand_in_its_history(
    store: Store, as_user: SignIn
) -> None:
    number = find_mismatch(store, "PARTIAL")
    maker, checker = as_user("siti"), as_user("budi")
    proposed = decide(maker, number, "usul", action="CARRY", reason="Dibayar bulan depan")
    assert "Usulan dicatat." in proposed
    assert state_of(store, number) == MismatchState.PROPOSED
    assert "1 usulan menunggu pengesahan" in seen(checker.get("/").text)
    waiting = seen(checker.get(f"/selisih/{number}").text)
    assert "Usulan Bawa ke bulan berikut Alasan Dibayar bulan depan Diusulkan oleh siti" in waiting
    settled = decide(checker, number, "sahkan")
    assert "Selisih disahkan." in settled
    assert "Disahkan oleh budi" in settled
    assert state_of(store, number) == MismatchState.SETTLED
    history = settled.partition("Riwayat")[2]
    assert "siti" in history
    assert "budi" in history


def test_the_same_person_may_not_settle_what_they_proposed(store: Store, as_user: SignIn) -> None:
    number = find_mismatch(store, "PARTIAL")
    both = as_user("dewi")
    decide(both, number, "usul", action="CARRY", reason="Dibayar bulan depan")
    answer = decide(both, number, "sahkan")
    assert "Anda yang mengusulkan. Mohon orang lain yang mengesahkan." in answer
    assert state_of(store, number) == MismatchState.PROPOSED


def test_a_returned_proposal_is_open_again_with_its_reason_in_the_history(
    store: Store, as_user: SignIn
) -> None:
    number = find_mismatch(store, "PARTIAL")
    decide(as_user("siti"), number, "usul", action="CARRY", reason="Dibayar bulan depan")
    answer = decide(as_user("budi"), number, "kembalikan", reason="Lampirkan surat")
    assert "Usulan dikembalikan." in answer
    assert state_of(store, number) == MismatchState.OPEN


@pytest.mark.parametrize(
    "form",
    [
        {"action": "CARRY", "reason": "x"},
        {"action": "CARRY", "reason": "x" * 501},
        {"action": "DELETE", "reason": "panjang cukup"},
        {"reason": "panjang cukup"},
        {},
    ],
)
def test_a_proposal_without_a_known_action_or_a_reason_is_not_recorded(
    form: dict[str, str], store: Store, as_user: SignIn
) -> None:
    number = find_mismatch(store, "PARTIAL")
    assert "Belum dicatat" in decide(as_user("siti"), number, "usul", **form)
    assert state_of(store, number) == MismatchState.OPEN


def test_settling_what_nobody_proposed_is_refused_in_words(store: Store, as_user: SignIn) -> None:
    number = find_mismatch(store, "PARTIAL")
    client = as_user("budi")
    answer = decide(client, number, "sahkan")
    assert state_of(store, number) == MismatchState.OPEN
    assert "Ada yang salah" not in answer


def test_a_national_id_typed_into_a_reason_is_blanked(store: Store, as_user: SignIn) -> None:
    number = find_mismatch(store, "PARTIAL")
    page = decide(as_user("siti"), number, "usul", action="CARRY", reason=f"orang {PERSON}")
    assert PERSON not in page
    assert "orang ****************" in page


def test_partners_show_what_waits_and_what_went_out(as_user: SignIn) -> None:
    page = seen(as_user("agus").get("/mitra").text)
    assert "SHA256:uNiVztksCsDhcc0u9e8BrrJXuGDxh4j4T5GqDBLrDlo" in page
    assert "Dikarantina" in page
    assert "UNKNOWN" in page
    assert "KJ-bank_jambi-pengajuan-000001.zip 1 1 Rp5.000.000 Terkirim" in page
    assert "Terhenti: Kunci host belum disematkan." in page
    assert "Penyedia informasi debitur" in page


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
    assert page.partition("Perjalanan")[2].count("WIB") >= 9


def test_english_is_a_choice_that_stays(app: Flask, as_user: SignIn) -> None:
    client = as_user("siti")
    assert "Mismatches" in client.get("/selisih?lang=en").text
    page = client.get("/selisih?mitra=bank_jambi").text
    assert '<html lang="en">' in page
    assert "Rp400,000 of Rp429,166 paid so far." in page
    assert 'href="/selisih?mitra=bank_jambi&amp;lang=id"' in page
    assert "Selisih" in client.get("/selisih?lang=id").text
    assert '<html lang="id">' in client.get("/selisih?lang=xx").text
