"""The page over a real store; each test gets its own copy of the same city."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache

from gateway.store import Store, people
from gateway.web import create_app
from tests.web.city import NOW, open_store, web_settings
from tests.web.seed import found_city

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


class CompiledOnce(BytecodeCache):
    """Templates compiled by one test serve the next: each has an application of its own."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledOnce()


@pytest.fixture
def app(store: Store) -> Flask:
    made = create_app(store, web_settings(), clock=lambda: NOW)
    made.jinja_env.bytecode_cache = COMPILED
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def as_user(app: Flask, store: Store) -> SignIn:
    """Somebody already signed in: a session of the store, without the slow password."""

    def enter(name: str) -> FlaskClient:
        with store.begin(NOW, name) as tx:
            token = people.open_session(tx, name)
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["used_at"] = int(NOW.timestamp())
        return client

    return enter
