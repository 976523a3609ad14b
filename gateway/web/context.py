"""What one request knows: the desk it works at, who asks, in which language, and when."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import current_app, g, request
from flask_login import current_user

from gateway.clock import wib_day
from gateway.store import Store, Transaction
from gateway.web.access import Visitor, may
from gateway.web.settings import WebSettings
from gateway.web.words import LANGUAGES, say

EXTENSION = "gateway"
LANGUAGE_COOKIE = "lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every page works with; made once per application."""

    store: Store
    settings: WebSettings
    clock: Callable[[], datetime]


class Staff:
    """Flask-Login's view of a visitor; its id is the server-side session's token."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    def get_id(self) -> str:
        """The token that the signed cookie carries."""
        return self.visitor.token


def desk() -> Desk:
    """The desk of the application that serves this request."""
    return cast("Desk", current_app.extensions[EXTENSION])


def now() -> datetime:
    """This request's one moment."""
    if "now" not in g:
        g.now = desk().clock()
    return cast("datetime", g.now)


def today() -> date:
    """This request's day in Jakarta."""
    return wib_day(now())


def visitor() -> Visitor | None:
    """Who asks, or nobody."""
    user = current_user._get_current_object()
    return user.visitor if isinstance(user, Staff) else None


def allowed(action: str, partner_code: str = "") -> bool:
    """Whether this request's visitor may do this."""
    return may(visitor(), action, partner_code)


def actor() -> str:
    """The name under which this request's choices are recorded."""
    found = visitor()
    return found.name if found else "web"


def reading() -> AbstractContextManager[Transaction]:
    """One reading transaction at this request's moment."""
    return desk().store.read(now())


def writing(name: str = "") -> AbstractContextManager[Transaction]:
    """One writing transaction in the visitor's name, or in the one given while signing in."""
    return desk().store.begin(now(), name or actor())


def lang() -> str:
    """The chosen language: the address wins, then the cookie, then Indonesian."""
    for wish in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wish in LANGUAGES:
            return wish
    return LANGUAGES[0]


def text(key: str, **values: object) -> str:
    """The page's words in this request's language."""
    return say(key, lang(), **values)
