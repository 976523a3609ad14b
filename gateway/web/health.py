"""Whether the page lives and can read its state; no login, no detail."""

from __future__ import annotations

from flask import Blueprint

from gateway.store import trail
from gateway.web.context import reading

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def show_health() -> tuple[str, int, dict[str, str]]:
    """The program answers."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@pages.get("/readyz")
def show_ready() -> tuple[str, int, dict[str, str]]:
    """The state can be read; otherwise the generic failure speaks."""
    with reading() as tx:
        trail.head(tx)
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
