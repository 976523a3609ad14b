"""The page over a real store; each test gets its own copy of the same city."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.store import Store
from gateway.web import create_app
from tests.web.city import NOW, found_city, open_store, sign_in, web_settings

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    found_city(folder)
    return folder


@pytest.fixture
def store(founded: Path, tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "city"
    shutil.copytree(founded, folder)
    opened = open_store(folder)
    yield opened
    opened.close()


@pytest.fixture
def app(store: Store) -> Flask:
    return create_app(store, web_settings(), clock=lambda: NOW)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def as_user(app: Flask) -> SignIn:
    return lambda name: sign_in(app.test_client(), name)
