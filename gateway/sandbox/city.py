"""The pretend city: every partner of a home, answering on loopback."""

from __future__ import annotations

import io
import json
import socket
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import paramiko

from gateway.bankkit.envelope import load_signer
from gateway.errors import ConfigError
from gateway.sandbox.banks import BankProfile, PretendBank
from gateway.sandbox.batanghari import BatanghariDialect
from gateway.sandbox.book import Planted
from gateway.sandbox.dialects import PipeDialect
from gateway.sandbox.faults import NONE, Faults
from gateway.sandbox.https_server import HttpsServer, server_context
from gateway.sandbox.keys import (
    Pair,
    keep_private,
    make_authority,
    make_caller_pair,
    make_host_key,
    make_server_pair,
    make_signing_pair,
)
from gateway.sandbox.kenali import KenaliDialect
from gateway.sandbox.partner_files import quoted, set_values
from gateway.sandbox.registry import PretendRegistry
from gateway.sandbox.sftp_server import SftpServer
from gateway.sandbox.sftp_gate import SftpUser

HOST = "127.0.0.1"
CITY_CERTIFICATES = "kota-jambi-signers.pem"
PROFILES: Mapping[str, BankProfile] = {
    profile.code: profile
    for profile in (
        BankProfile(
            code="bank_jambi",
            bank_code="115",
            prefix="BJM",
            rural=False,
            dialect=PipeDialect(),
            extras=frozenset({"JADWAL", "POSISI"}),
        ),
        BankProfile(
            code="bpr_kenali",
            bank_code="600101",
            prefix="KNL",
            rural=True,
            dialect=KenaliDialect(),
        ),
        BankProfile(
            code="bpr_batanghari",
            bank_code="600202",
            prefix="BTG",
            rural=True,
            dialect=BatanghariDialect(),
        ),
    )
}
REGISTRY = "slik"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One partner of the home as its file describes it."""

    code: str
    kind: str
    bank_code: str
    folders: tuple[str, str]
    file: Path


class SandboxCity:
    """Pretend banks and a registry under ``root``.

    Call :meth:`prepare` once for a home, then use it in a ``with`` statement (or
    :meth:`start` and :meth:`stop`) and :meth:`tick` it whenever simulated time has moved.
    """

    def __init__(self, root: Path, seed: int, faults: Mapping[str, Faults] | None = None) -> None:
        self.root = root
        self.seed = seed
        self.banks: dict[str, PretendBank] = {}
        self.registry: PretendRegistry | None = None
        self._faults = dict(faults or {})
        self._sftp: SftpServer | None = None
        self._https: dict[str, HttpsServer] = {}

    @property
    def planted(self) -> list[Planted]:
        """Everything done wrong on purpose so far, in the order of banks and months."""
        return [planted for bank in self.banks.values() for planted in bank.planted]

    @property
    def complaints(self) -> list[tuple[str, str, str]]:
        """Files of the city that a partner could not use: (partner, name, reason)."""
        found = [
            (code, name, reason)
            for code, bank in self.banks.items()
            for name, reason in bank.complaints
        ]
        if self.registry:
            found += [(REGISTRY, name, reason) for name, reason in self.registry.complaints]
        return found

    def prepare(self, home: Path, now: datetime) -> None:
        """Make keys and folders, open the ports, and write both into the home's partner files.

        Needs the city's certificate and SSH public keys in ``home/keys``.

        :raises ConfigError: if one of them is missing.
        """
        places = [place for place in _places(home) if place.code in {*PROFILES, REGISTRY}]
        _require(home, places)
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / "dibuka.txt").write_text(f"{now.isoformat()}\n")
        host_key, host_line = self._host_key()
        self._open_sftp(home, places, host_key)
        for place in places:
            self._open_partner(home, place)
            values = self._address(place, host_line)
            text = place.file.read_text(encoding="utf-8")
            place.file.write_text(set_values(text, values), encoding="utf-8")

    def start(self) -> None:
        """Begin to answer on every port."""
        for server in self._servers():
            server.start()

    def stop(self) -> None:
        """Hang up and free the ports."""
        for server in self._servers():
            server.stop()

    def tick(self, now: datetime) -> dict[str, list[str]]:
        """Let every partner do what is due at ``now``; gives the files written, by partner."""
        written = {code: bank.tick(now) for code, bank in self.banks.items()}
        if self.registry:
            written[REGISTRY] = self.registry.tick(now)
        return written

    def __enter__(self) -> SandboxCity:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _servers(self) -> list[SftpServer | HttpsServer]:
        return [*([self._sftp] if self._sftp else []), *self._https.values()]

    def _host_key(self) -> tuple[paramiko.PKey, str]:
        private, public = self.root / "host_key", self.root / "host_key.pub"
        if not private.exists():
            pem, line = make_host_key()
            keep_private(private, pem)
            public.write_text(line + "\n")
        key = paramiko.Ed25519Key(file_obj=io.StringIO(private.read_text()))
        return key, public.read_text().strip()

    def _open_sftp(self, home: Path, places: list[Place], host_key: paramiko.PKey) -> None:
        users = [
            SftpUser(
                name=_user(place.code),
                root=self._root_of(place),
                public_keys=((home / "keys" / f"{place.code}_ssh.pub").read_text().strip(),),
                faults=self._faults.get(place.code, NONE),
            )
            for place in places
            if place.kind == "sftp"
        ]
        if users:
            self._sftp = SftpServer(host_key, users, self._port("sftp"))
            self._keep_port("sftp", self._sftp.port)

    def _open_partner(self, home: Path, place: Place) -> None:
        root, faults = self._root_of(place), self._faults.get(place.code, NONE)
        city_certificates = home / "keys" / CITY_CERTIFICATES
        if place.kind == "http":
            self._open_https(home, place)
        if place.code == REGISTRY:
            self.registry = PretendRegistry(
                root,
                folders=place.folders,
                bank_code=place.bank_code,
                city_certificates=city_certificates,
                seed=self.seed,
                faults=faults,
            )
            return
        pair = self._kept_pair(place.code, lambda: make_signing_pair(
            f"Sandbox {place.code}", use_rsa=place.code == "bank_jambi"
        ))
        (home / "keys" / f"{place.code}.pem").write_bytes(pair.certificate)
        self.banks[place.code] = PretendBank(
            PROFILES[place.code],
            root,
            folders=place.folders,
            signer=load_signer(pair.certificate, pair.key),
            city_certificates=city_certificates,
            seed=self.seed,
            faults=faults,
        )

    def _open_https(self, home: Path, place: Place) -> None:
        code, keys = place.code, home / "keys"
        authority = self._kept_pair(f"{code}_ca", lambda: make_authority(f"Sandbox CA {code}"))
        self._kept_pair(f"{code}_server", lambda: make_server_pair(authority))
        caller = self._kept_pair(f"{code}_tls", lambda: make_caller_pair(authority, "kota-jambi"))
        (keys / f"{code}_ca.pem").write_bytes(authority.certificate)
        (keys / f"{code}_tls.pem").write_bytes(caller.certificate)
        keep_private(keys / f"{code}_tls.key", caller.key)
        ours = self.root / "kunci"
        context = server_context(
            ours / f"{code}_server.pem", ours / f"{code}_server.key", ours / f"{code}_ca.pem"
        )
        server = HttpsServer(
            self._root_of(place),
            context,
            port=self._port(code),
            faults=self._faults.get(code, NONE),
        )
        self._keep_port(code, server.port)
        self._https[code] = server
