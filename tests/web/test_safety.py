"""Headers, cookies, form tokens, sizes, hosts, errors: what every answer owes."""

from __future__ import annotations

import re

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from gateway.domain.states import MismatchState
from gateway.errors import ConfigError, StaleRecord
from gateway.store import Store, mismatches
from gateway.web import WebSettings, create_app
from tests.web.city import NOW, PASSWORD, find_mismatch, form_token, web_settings
from tests.web.conftest import SignIn

PAGES = ("/", "/selisih", "/mitra", "/pengajuan", "/masuk", "/no/such/page", "/healthz")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(path: str, as_user: SignIn) -> None:
    headers = as_user("siti").get(path).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_no_page_has_a_script_an_inline_style_or_a_foreign_address(as_user: SignIn) -> None:
    client = as_user("siti")
    for path in PAGES:
        page = client.get(path).text
        assert not re.search(
            r"<script|\sstyle=|\son[a-z]+=|(?:src|href|action)=\"(?:https?:)?//", page
        )


def test_cookies_are_kept_from_scripts_and_from_other_sites(client: FlaskClient) -> None:
    for cookie in client.get("/masuk?lang=en").headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Secure" not in cookie


def test_behind_https_every_cookie_is_secure(store: Store) -> None:
    app = create_app(store, web_settings(secure_cookies=True), clock=lambda: NOW)
    answer = app.test_client().get("/masuk?lang=en", base_url="https://localhost")
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("Secure" in cookie for cookie in cookies)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_sign_in_over_https_passes_the_strict_referrer_check(store: Store) -> None:
    app = create_app(store, web_settings(secure_cookies=True), clock=lambda: NOW)
    client = app.test_client()
    page = client.get("/masuk", base_url="https://localhost").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token.group(1), "name": "siti", "password": PASSWORD}
    sent = {"base_url": "https://localhost", "data": form}
    assert client.post("/masuk", **sent).status_code == 400  # no referrer at all
    own = client.post("/masuk", headers={"Referer": "https://localhost/masuk"}, **sent)
    assert own.status_code == 303


@pytest.mark.parametrize(
    "path", ["/masuk", "/keluar", "/pengajuan", "/selisih/1/usul", "/selisih/1/sahkan"]
)
@pytest.mark.parametrize("token", [None, "", "made-up"])
def test_a_form_without_its_token_is_refused(path: str, token: str | None, as_user: SignIn) -> None:
    answer = as_user("dewi").post(path, data={} if token is None else {"csrf_token": token})
    assert answer.status_code == 400
    assert "Permintaan tidak dapat dibaca" in answer.text


def test_a_proposal_without_its_token_changes_nothing(store: Store, as_user: SignIn) -> None:
    number = find_mismatch(store, "PARTIAL")
    client = as_user("siti")
    client.post(f"/selisih/{number}/usul", data={"action": "CARRY", "reason": "menunggu"})
    with store.read() as tx:
        assert mismatches.load_mismatch(tx, number).state == MismatchState.OPEN


def test_another_host_is_refused(client: FlaskClient) -> None:
    assert client.get("/masuk", headers={"Host": "jahat.example"}).status_code == 400


def test_a_form_larger_than_the_limit_is_refused(as_user: SignIn) -> None:
    client = as_user("siti")
    form = {"csrf_token": form_token(client, "/"), "cari": "x" * 70_000}
    assert client.post("/pengajuan", data=form).status_code == 413


def test_a_page_without_hosts_or_with_a_short_key_does_not_start(store: Store) -> None:
    with pytest.raises(ConfigError) as caught:
        create_app(
            store,
            WebSettings(secret_key=b"short", hosts=(), secure_cookies=False, partners={}),
        )
    assert len(caught.value.problems) == 2


def test_a_failure_shows_an_id_and_nothing_else_and_logs_the_same_id(
    app: Flask, as_user: SignIn
) -> None:
    def break_down() -> str:
        raise RuntimeError("1571995002900003 Sari Canary")

    app.view_functions["partners.show_list"] = break_down
    with structlog.testing.capture_logs() as lines:
        answer = as_user("siti").get("/mitra")
    assert answer.status_code == 500
    shown = re.search(r'<code class="big">([0-9a-f]{8})</code>', answer.text)
    assert shown
    assert "RuntimeError" not in answer.text
    assert "Traceback" not in answer.text
    failed = [line for line in lines if line["event"] == "request_failed"]
    assert [line["id"] for line in failed] == [shown.group(1)]
    assert failed[0]["error"] == "RuntimeError"
    assert "Canary" not in str(lines)
    assert "1571995002900003" not in str(lines)


def test_a_change_by_somebody_else_is_told_and_asks_to_look_again(
    app: Flask, as_user: SignIn
) -> None:
    def come_late() -> str:
        raise StaleRecord("late", message_id="terlambat")

    app.view_functions["partners.show_list"] = come_late
    answer = as_user("siti").get("/mitra")
    assert answer.status_code == 409
    assert "Orang lain lebih dulu" in answer.text


def test_a_wrong_method_gets_a_page_and_not_a_trace(as_user: SignIn) -> None:
    answer = as_user("siti").get("/keluar")
    assert answer.status_code == 405
    assert "Tidak dapat dibuka begitu" in answer.text


def test_health_tells_nothing(client: FlaskClient) -> None:
    assert client.get("/healthz").data == client.get("/readyz").data == b"ok\n"


def test_readiness_fails_when_the_state_cannot_be_read(store: Store, client: FlaskClient) -> None:
    with store.begin(NOW, "test") as tx:
        tx.conn.exec_driver_sql("DROP TABLE audit_head")
    answer = client.get("/readyz")
    assert answer.status_code == 500
    assert "audit_head" not in answer.text
