"""Makes the Flask application: settings, guard, headers, words for the templates, routes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, abort, redirect, request, url_for
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response

from gateway import privacy
from gateway.clock import read_clock
from gateway.errors import ConfigError
from gateway.store import Store
from gateway.web import (
    applications,
    errors,
    formats,
    health,
    home,
    login,
    mismatch,
    mismatches,
    partners,
)
from gateway.web.access import ENDPOINTS, Action
from gateway.web.context import (
    EXTENSION,
    LANGUAGE_COOKIE,
    Desk,
    allowed,
    desk,
    lang,
    now,
    text,
    visitor,
)
from gateway.web.settings import WebSettings
from gateway.web.words import LANGUAGES, say_code

FOLDER = Path(__file__).parent
LARGEST_FORM_BYTES = 64 * 1024
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: over https the form tokens are checked against the referrer as well.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
MENU = (
    (Action.SEE_HOME, "home.show_home", "nav.home"),
    (Action.SEE_MISMATCHES, "mismatches.show_list", "nav.mismatches"),
    (Action.SEE_APPLICATIONS, "applications.show_list", "nav.applications"),
    (Action.SEE_PARTNERS, "partners.show_list", "nav.partners"),
)


def create_app(
    store: Store, settings: WebSettings, clock: Callable[[], datetime] = read_clock
) -> Flask:
    """The page over this store, as a WSGI application.

    :raises ConfigError: without a host name or with a short secret key.
    """
    _check(settings)
    app = errors.QuietFlask("gateway.web", static_folder="static", template_folder="templates")
    app.extensions[EXTENSION] = Desk(store=store, settings=settings, clock=clock)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.hosts),
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
        MAX_FORM_PARTS=50,
        SESSION_COOKIE_NAME="__Host-gateway" if settings.secure_cookies else "gateway",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.before_request(_guard)
    app.after_request(_seal)
    app.context_processor(_words)
    _add_filters(app)
    _add_login(app)
    for pages in (login, home, mismatches, mismatch, partners, applications, health):
        app.register_blueprint(pages.pages)
    errors.register(app)
    return app


def _check(settings: WebSettings) -> None:
    problems = []
    if not settings.hosts:
        problems.append("web: no host name is allowed / belum ada nama host yang diizinkan")
    if len(settings.secret_key) < 32:
        problems.append("web: the secret key is shorter than 32 bytes / kunci rahasia < 32 byte")
    if problems:
        raise ConfigError(problems)


def _add_login(app: Flask) -> None:
    CSRFProtect(app)
    manager = LoginManager(app)
    manager.user_loader(login.load_staff)
    manager.session_protection = None  # the session lives in the store and is closed there


def _guard() -> Response | None:
    """Ask for a sign-in or refuse, before any view runs."""
    if request.endpoint is None:
        return None
    if request.endpoint not in ENDPOINTS:
        abort(403)
    action = ENDPOINTS[request.endpoint]
    if action is None:
        return None
    if visitor() is None:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("login.show_login", next=wanted), 303)
    if not allowed(action):
        abort(403)
    return None


def _seal(response: Response) -> Response:
    """The headers of every answer, and the chosen language for the next ones."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if desk().settings.secure_cookies:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            lang(),
            max_age=timedelta(days=365),
            httponly=True,
            samesite="Lax",
            secure=desk().settings.secure_cookies,
        )
    return response


def _words() -> dict[str, object]:
    """What every template may say, in the language of the request."""
    tongue = lang()
    other = next(one for one in LANGUAGES if one != tongue)
    return {
        "t": text,
        "lang": tongue,
        "other_language": other,
        "other_language_url": _same_page(other),
        "visitor": visitor(),
        "now": now(),
        "menu": _menu(),
        "may": allowed,
        "word": lambda family, code: say_code(family, code, tongue),
        "day": lambda value: formats.day(value, tongue),
        "moment": lambda value: formats.moment(value, tongue),
        "month": lambda value: formats.month(value, tongue),
        "count": lambda value: formats.count(value, tongue),
        "partner_name": partners.name_partner,
        "static_url": _static_url,
    }


def _menu() -> list[tuple[str, str, bool]]:
    """Address, words and whether we are there, of each page this visitor may open."""
    urls = [(url_for(endpoint), key) for action, endpoint, key in MENU if allowed(action)]
    here = "/" + request.path.split("/")[1]
    return [(url, key, url == here) for url, key in urls]


def _same_page(tongue: str) -> str:
    """This page's own path in another language, with its filter."""
    values = {**request.args.to_dict(), "lang": tongue}
    if request.endpoint is None or request.method != "GET":
        return url_for("home.show_home", lang=tongue)
    return url_for(request.endpoint, **{**(request.view_args or {}), **values})


def _static_url(name: str) -> str:
    return url_for("static", filename=name, v=STAMPS[name])


def _stamp(name: str) -> str:
    return hashlib.sha256((FOLDER / "static" / name).read_bytes()).hexdigest()[:10]


STAMPS = {path.name: _stamp(path.name) for path in sorted((FOLDER / "static").iterdir())}
"""A short hash per static file, so that a new version is fetched at once."""


def _add_filters(app: Flask) -> None:
    app.jinja_env.filters.update(
        rupiah=lambda amount_idr: formats.rupiah(amount_idr, lang()),
        plain=formats.plain,
        fingerprint=formats.fingerprint,
        number_mask=privacy.mask_number,
        national_id_mask=privacy.mask_national_id,
        person=lambda name: formats.plain(
            name if allowed(Action.SEE_NAMES) else privacy.mask_name(name)
        ),
    )
