"""Signing in and out over sessions that live in the store."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from gateway.store import people
from gateway.web.access import Visitor
from gateway.web.context import Staff, desk, now, reading, text, visitor, writing

pages = Blueprint("login", __name__)
USED_AT = "used_at"
USE_STEP_SECONDS = 60
_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


def load_staff(token: str) -> Staff | None:
    """The person behind a session's token, or nobody once it was closed or ran out.

    A visit counts as a use at most once a minute, so that pages seldom wait for a writer.
    """
    moment = int(now().timestamp())
    used_at = session.get(USED_AT)
    due = not isinstance(used_at, int) or not 0 <= moment - used_at < USE_STEP_SECONDS
    with writing("web") if due else reading() as tx:
        user = people.load_session(tx, token)
    if user is None:
        return None
    if due:
        session[USED_AT] = moment
    return _staff(user, token)


def _staff(user: people.User, token: str) -> Staff:
    partner_code = desk().settings.bank_users.get(user.name, "")
    return Staff(Visitor(name=user.name, roles=user.roles, token=token, partner_code=partner_code))


@pages.get("/masuk")
def show_login() -> str | Response:
    """The form; whoever is already in goes on."""
    wanted = own_path(request.args.get("next", ""))
    if visitor():
        return redirect(wanted, 303)
    return render_template("login.html", next=wanted, name="", refused=False)


@pages.post("/masuk")
def enter() -> Response | tuple[str, int]:
    """Check the password; unknown, wrong and locked out get the same answer."""
    name, password = request.form.get("name", "")[:64], request.form.get("password", "")[:1024]
    wanted = own_path(request.form.get("next", ""))
    with writing("web") as tx:
        user = people.check_password(tx, name, password)
    if user is None:
        return render_template("login.html", next=wanted, name=name, refused=True), 401
    with writing(user.name) as tx:
        before = visitor()
        if before:
            people.close_session(tx, before.token)
        token = people.open_session(tx, user.name)
    session.clear()  # a fresh cookie and a fresh form token for every sign-in
    login_user(_staff(user, token))
    return redirect(wanted, 303)


@pages.post("/keluar")
def leave() -> Response:
    """Close the session in the store, so that a stolen cookie ends with it."""
    found = visitor()
    if found:
        with writing(found.name) as tx:
            people.close_session(tx, found.token)
    logout_user()
    session.clear()
    flash(text("login.left"), "good")
    return redirect(url_for("login.show_login"), 303)


def own_path(wanted: str) -> str:
    """A path of this page, or its home: never another site."""
    return wanted if _OWN_PATH.fullmatch(wanted) else url_for("home.show_home")
