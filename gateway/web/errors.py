"""What a person sees when something is refused or broken: never how it is built."""

from __future__ import annotations

import secrets
import traceback
from types import TracebackType

import structlog
from flask import Flask, g, render_template, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from gateway.errors import GatewayError, StaleRecord
from gateway.web.context import lang
from gateway.web.words import LANGUAGES

KNOWN = (400, 403, 404, 405, 409, 413)
LOG = structlog.get_logger("gateway.web")


class QuietFlask(Flask):
    """A Flask that logs where a request broke and under which id, never what was in it."""

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        """One line: id, kind of error, place.  A message could carry personal data."""
        kind, _, trace = exc_info
        place = traceback.extract_tb(trace)[-1] if trace else None
        LOG.error(
            "request_failed",
            id=problem_id(),
            error=kind.__name__ if kind else "",
            place=f"{place.filename.rpartition('/')[2]}:{place.lineno}" if place else "",
        )


def problem_id() -> str:
    """The id of this request's failure: the same on the page and in the log."""
    if "problem_id" not in g:
        g.problem_id = secrets.token_hex(4)
    return str(g.problem_id)


def register(app: Flask) -> None:
    """Answer every refusal and failure with one of our own pages."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(CSRFError, show_http_error)
    app.register_error_handler(SecurityError, show_foreign_host)
    app.register_error_handler(StaleRecord, show_stale)
    app.register_error_handler(GatewayError, show_gateway_error)
    app.register_error_handler(500, show_failure)


def show_http_error(error: HTTPException) -> tuple[str, int]:
    """A refusal in words; anything without words of its own looks like a bad request."""
    code = error.code or 500
    if code >= 500:
        return show_failure(error)
    return _page(code if code in KNOWN else 400), code


def show_foreign_host(error: SecurityError) -> tuple[str, int]:  # noqa: ARG001 - Flask's
    """A host that is not ours: no page of ours can be drawn for it."""
    return "", 400


def show_stale(error: StaleRecord) -> tuple[str, int]:  # noqa: ARG001 - Flask hands it in
    """Somebody else was first."""
    return _page(409), 409


def show_gateway_error(error: GatewayError) -> tuple[str, int]:
    """One of our own errors that no page worded better."""
    LOG.error("request_failed", id=problem_id(), error=error.code, reason=error.reason)
    return _page(500, problem_id()), 500


def show_failure(error: HTTPException) -> tuple[str, int]:  # noqa: ARG001 - Flask hands it in
    """The generic page with its id."""
    return _page(500, problem_id()), 500


def _page(code: int, shown_id: str = "") -> str:
    other = next(one for one in LANGUAGES if one != lang())
    return render_template(
        "error.html",
        title=f"err.{code}.title",
        words=f"err.{code}.text",
        id=shown_id,
        # The address that was asked for stands nowhere on the page: it may carry a NIK, and what
        # is unknown must look like what is foreign.
        other_language_url=url_for("home.show_home", lang=other),
    )
