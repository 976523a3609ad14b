"""Signing in: sessions of the store, lock-out, one answer for every refusal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.store import Store, people, trail
from gateway.web import create_app
from tests.web.city import NOW, PASSWORD, form_token, sign_in, web_settings
from tests.web.conftest import SignIn


def attempt(client: FlaskClient, name: str, password: str) -> tuple[int, str]:
    token = form_token(client)
    answer = client.post("/masuk", data={"csrf_token": token, "name": name, "password": password})
    shown = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)
    return answer.status_code, shown.replace(f'value="{name}"', "")


def test_unknown_wrong_and_locked_out_get_the_same_answer(app: Flask) -> None:
    unknown = attempt(app.test_client(), "nobody", PASSWORD)
    wrong = attempt(app.test_client(), "siti", "not the password")
    for _ in range(4):
        attempt(app.test_client(), "siti", "not the password")
    locked = attempt(app.test_client(), "siti", PASSWORD)
    assert wrong[0] == 401
    assert unknown == wrong == locked


def test_five_failures_lock_a_user_out_for_a_quarter_of_an_hour(store: Store) -> None:
    moment = [NOW]
    app = create_app(store, web_settings(), clock=lambda: moment[0])
    for _ in range(5):
        attempt(app.test_client(), "siti", "not the password")
    assert attempt(app.test_client(), "siti", PASSWORD)[0] == 401
    moment[0] = NOW + timedelta(minutes=16)
    assert attempt(app.test_client(), "siti", PASSWORD)[0] == 303


def test_the_password_is_never_written_back_into_the_page(client: FlaskClient) -> None:
    assert "not the password" not in attempt(client, "siti", "not the password")[1]


def test_each_sign_in_has_a_session_and_a_form_token_of_its_own(app: Flask) -> None:
    client = app.test_client()
    before = form_token(client)
    with client.session_transaction() as cookie:
        old = dict(cookie)
    sign_in(client, "siti")
    with client.session_transaction() as cookie:
        first = cookie["_user_id"]
        assert cookie.get("csrf_token") != old["csrf_token"]
    client.post("/keluar", data={"csrf_token": form_token(client, "/")})
    sign_in(client, "siti")
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != first
    assert before != form_token(client, "/")


def test_a_stolen_cookie_ends_when_its_owner_signs_out(app: Flask) -> None:
    client = sign_in(app.test_client(), "siti")
    stolen = client.get_cookie("gateway")
    assert stolen
    client.post("/keluar", data={"csrf_token": form_token(client, "/")})
    thief = app.test_client()
    thief.set_cookie("gateway", stolen.value)
    assert thief.get("/selisih").status_code == 303


def test_a_session_ends_after_half_an_hour_of_rest(store: Store) -> None:
    moment = [NOW]
    app = create_app(store, web_settings(), clock=lambda: moment[0])
    client = sign_in(app.test_client(), "siti")
    for minutes in (20, 40):
        moment[0] = NOW + timedelta(minutes=minutes)
        assert client.get("/").status_code == 200
    moment[0] = NOW + timedelta(minutes=71)
    assert client.get("/").status_code == 303


def test_a_role_taken_away_ends_at_once(app: Flask, store: Store, as_user: SignIn) -> None:
    client = as_user("siti")
    with store.begin(NOW, "test") as tx:
        people.set_roles(tx, "siti", ["it"])
    assert client.get("/selisih").status_code == 303


def test_a_session_is_read_and_not_written_within_a_minute(
    app: Flask, store: Store, as_user: SignIn
) -> None:
    client = as_user("siti")
    client.get("/")
    with store.begin(NOW, "a long job"):
        assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "wanted",
    ["https://jahat.example/", "//jahat.example", "/\\jahat.example", "javascript:x", "/a\nb", ""],
)
def test_signing_in_leads_to_no_other_site(wanted: str, client: FlaskClient) -> None:
    form = {
        "csrf_token": form_token(client),
        "name": "siti",
        "password": PASSWORD,
        "next": wanted,
    }
    assert client.post("/masuk", data=form).headers["Location"] == "/"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client: FlaskClient) -> None:
    asked = client.get("/selisih?mitra=bank_jambi&bulan=2026-10")
    where = asked.headers["Location"]
    assert "next=" in where
    form = client.get(where).text
    assert 'name="next" value="/selisih?mitra=bank_jambi&amp;bulan=2026-10"' in form


def test_signing_in_and_out_stands_in_the_audit_trail(store: Store, as_user: SignIn) -> None:
    client = as_user("siti")
    client.post("/keluar", data={"csrf_token": form_token(client, "/")})
    with store.read(NOW) as tx:
        acts = [entry.act for entry in trail.trace(tx, "user:siti")]
    assert acts[-2:] == ["SESSION_OPENED", "SESSION_CLOSED"]
