"""Every route × every role, against a matrix written by hand."""

from __future__ import annotations

import pytest
from flask import Flask

from gateway.store import Store
from gateway.web.access import ENDPOINTS
from tests.web.city import KENALI, find_mismatch, form_token
from tests.web.conftest import SignIn

OUT, OK, NO, GONE, DONE = "sign in", 200, 403, 404, 303
#            nobody siti  budi  rina  agus  kenali yatim
USERS = ("", "siti", "budi", "rina", "agus", "kenali", "yatim")
MATRIX: dict[tuple[str, str], tuple[int | str, ...]] = {
    ("GET", "/"): (OUT, OK, OK, OK, OK, OK, NO),
    ("GET", "/selisih"): (OUT, OK, OK, OK, NO, OK, NO),
    ("GET", "/selisih?mitra=bank_jambi"): (OUT, OK, OK, OK, NO, GONE, NO),
    ("GET", "/selisih?mitra=bpr_kenali"): (OUT, OK, OK, OK, NO, OK, NO),
    ("GET", "/selisih?mitra=unheard_of"): (OUT, GONE, GONE, GONE, NO, GONE, NO),
    ("GET", "/selisih/{jambi}"): (OUT, OK, OK, OK, NO, GONE, NO),
    ("GET", "/selisih/{kenali}"): (OUT, OK, OK, OK, NO, OK, NO),
    ("GET", "/selisih/999999"): (OUT, GONE, GONE, GONE, NO, GONE, NO),
    ("GET", "/mitra"): (OUT, OK, OK, OK, OK, OK, NO),
    ("GET", "/pengajuan"): (OUT, OK, OK, OK, NO, NO, NO),
    ("GET", "/pengajuan?keadaan=ON_HOLD"): (OUT, OK, OK, OK, NO, NO, NO),
    ("GET", "/pengajuan/HRK2600000001"): (OUT, OK, OK, OK, NO, NO, NO),
    ("GET", "/pengajuan/HRK2699999999"): (OUT, GONE, GONE, GONE, NO, NO, NO),
    ("POST", "/pengajuan"): (OUT, OK, OK, OK, NO, NO, NO),
    ("POST", "/selisih/{kenali}/usul"): (OUT, DONE, NO, NO, NO, NO, NO),
    ("POST", "/selisih/{kenali}/sahkan"): (OUT, NO, DONE, NO, NO, NO, NO),
    ("POST", "/selisih/{kenali}/kembalikan"): (OUT, NO, DONE, NO, NO, NO, NO),
    ("GET", "/masuk"): (OK, DONE, DONE, DONE, DONE, DONE, DONE),
    ("GET", "/healthz"): (OK, OK, OK, OK, OK, OK, OK),
    ("GET", "/readyz"): (OK, OK, OK, OK, OK, OK, OK),
    ("GET", "/static/page.css"): (OK, OK, OK, OK, OK, OK, OK),
    ("POST", "/masuk"): (401, 401, 401, 401, 401, 401, 401),
    ("GET", "/no/such/page"): (GONE, GONE, GONE, GONE, GONE, GONE, GONE),
    ("POST", "/keluar"): (DONE, DONE, DONE, DONE, DONE, DONE, DONE),
}


@pytest.mark.parametrize("column", range(len(USERS)), ids=lambda column: USERS[column] or "nobody")
def test_each_role_reaches_exactly_what_the_matrix_says(
    column: int, app: Flask, store: Store, as_user: SignIn
) -> None:
    places = {
        "jambi": find_mismatch(store, "PARTIAL"),
        "kenali": find_mismatch(store, "MISSING", KENALI),
    }
    client = as_user(USERS[column]) if USERS[column] else app.test_client()
    token = form_token(client, "/no/such/page" if USERS[column] else "/masuk")
    expected, got = {}, {}
    for (method, path), row in MATRIX.items():
        answer = client.open(
            path.format(**places),
            method=method,
            data={"csrf_token": token} if method == "POST" else None,
        )
        outside = answer.headers.get("Location", "").partition("?")[0] == "/masuk"
        expected[method, path] = row[column]
        got[method, path] = OUT if outside and path != "/keluar" else answer.status_code
        answer.close()
    assert got == expected


def test_every_route_is_in_the_table_of_rights_and_the_table_has_no_others(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ENDPOINTS)


def test_every_route_is_in_the_matrix(app: Flask) -> None:
    asked = set()
    adapter = app.url_map.bind("127.0.0.1")
    for method, path in MATRIX:
        if path != "/no/such/page":
            asked.add(adapter.match(path.partition("?")[0].format(jambi=1, kenali=1), method)[0])
    assert asked == set(ENDPOINTS)


def test_a_route_outside_the_table_is_refused_even_to_the_treasurer(
    store: Store, as_user: SignIn, app: Flask
) -> None:
    app.add_url_rule("/baru", "new.page", lambda: "rahasia")
    assert as_user("siti").get("/baru").status_code == 403


def test_foreign_and_unknown_look_the_same_to_a_bank(store: Store, as_user: SignIn) -> None:
    client = as_user("kenali")
    foreign = client.get(f"/selisih/{find_mismatch(store, 'PARTIAL')}")
    unknown = client.get("/selisih/999999")
    nonsense = client.get("/selisih/abc")
    assert foreign.status_code == unknown.status_code == nonsense.status_code == 404
    assert foreign.data == unknown.data == nonsense.data


def test_a_bank_sees_nothing_of_another_bank_anywhere(as_user: SignIn) -> None:
    client = as_user("kenali")
    for path in ("/", "/selisih", "/selisih?semua=1", "/mitra"):
        shown = client.get(path).text
        assert "BPR Kenali" in shown
        assert "Bank Jambi" not in shown
        assert "HRK2600000001" not in shown
        assert "Pengajuan menurut keadaan" not in shown


@pytest.mark.parametrize("tail", ["٣", "1" * 16, "-1", "1e3", "0x1", "%00"])
def test_a_number_that_is_no_number_is_simply_not_found(tail: str, as_user: SignIn) -> None:
    assert as_user("siti").get(f"/selisih/{tail}").status_code == 404
