"""The page served by waitress on loopback, looked at by a real browser."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from waitress import wasyncore
from waitress.server import create_server

from gateway.web import create_app
from tests.web.city import NOW, PASSWORD, open_store, web_settings
from tests.web.seed import found_city

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


class Person:
    """Somebody at a screen; everything their browser complains about is kept."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda asked: self.complaints.append(asked.url))

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, name: str) -> Page:
        page = self.open("/masuk")
        page.fill("input[name=name]", name)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(self.address + "/")
        return page

    def take_picture(self, name: str) -> None:
        """Keep a picture of the whole page in ``GATEWAY_SCREENSHOTS``, if that names a folder."""
        folder = os.environ.get("GATEWAY_SCREENSHOTS")
        if folder:
            plain = re.sub(r"[^A-Za-z0-9]+", "-", name)
            self.page.screenshot(path=Path(folder) / f"{plain}.png", full_page=True)

    @property
    def overflow(self) -> int:
        """How many pixels the page is wider than the screen."""
        width = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert isinstance(width, int)
        return width


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    found_city(folder)
    return folder


@pytest.fixture
def address(founded: Path, tmp_path: Path) -> Iterator[str]:
    store = open_store(shutil.copytree(founded, tmp_path / "city"))
    app = create_app(store, web_settings(), clock=lambda: NOW)
    sockets: dict[int, object] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=4)
    stopped = threading.Event()
    thread = threading.Thread(target=_serve, args=(sockets, stopped))
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    stopped.set()
    thread.join()
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets)
    store.close()


def _serve(sockets: dict[int, object], stopped: threading.Event) -> None:
    """The server's own loop would wait for every browser to hang up."""
    while not stopped.is_set():
        wasyncore.loop(timeout=0.05, map=sockets, count=1)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield launched
    launched.close()
