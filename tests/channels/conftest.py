"""The servers that channels are tested against, started once, with fresh folders per test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.testing.channel_suite import PartnerSide
from tests.support.https import HttpFaults, HttpsServer, TlsFiles, make_tls_files, run_https
from tests.support.openssh import OpenSsh, run_openssh


def make_folders(root: Path) -> PartnerSide:
    side = PartnerSide(to_partner=root / "masuk", from_partner=root / "keluar")
    side.to_partner.mkdir(parents=True)
    side.from_partner.mkdir()
    return side


@pytest.fixture
def side(tmp_path: Path) -> PartnerSide:
    """The partner's two folders, empty."""
    return make_folders(tmp_path / "served")


@pytest.fixture(scope="session")
def openssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSsh]:
    with run_openssh(tmp_path_factory.mktemp("sshd"), Path("/")) as server:
        yield server


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    return make_tls_files(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def https(side: PartnerSide, tls: TlsFiles) -> Iterator[HttpsServer]:
    with run_https(side.to_partner.parent, tls) as server:
        yield server


@pytest.fixture
def faults(https: HttpsServer) -> HttpFaults:
    return https.faults
