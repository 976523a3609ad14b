"""The pretend city: every partner of a home, answering on loopback."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gateway.bankkit.envelope import load_signer
from gateway.errors import ConfigError
from gateway.sandbox.banks import BankProfile, PretendBank
from gateway.sandbox.batanghari import BatanghariDialect
from gateway.sandbox.book import Planted
from gateway.sandbox.dialects import PipeDialect
from gateway.sandbox.faults import NONE, Faults
from gateway.sandbox.https_server import HttpsServer, server_context
from gateway.sandbox.keeping import Keeping
from gateway.sandbox.kenali import KenaliDialect
from gateway.sandbox.keys import (
    keep_private,
    make_authority,
    make_caller_pair,
    make_server_pair,
    make_signing_pair,
)
from gateway.sandbox.partner_files import quoted, set_values
from gateway.sandbox.registry import PretendRegistry
from gateway.sandbox.sftp_gate import SftpUser
from gateway.sandbox.sftp_server import SftpServer

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
        self._keeping = Keeping(root / "kunci")
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

        :raises ConfigError: if one of them is missing, or the home is in real use.
        """
        _refuse_live(home)
        places = [place for place in _places(home) if place.code in {*PROFILES, REGISTRY}]
        _require(home, places)
        self._keeping.folder.mkdir(parents=True, exist_ok=True)
        (self.root / "dibuka.txt").write_text(f"{now.isoformat()}\n")
        self._open_sftp(home, places)
        for place in places:
            self._open_partner(home, place)
            text = place.file.read_text(encoding="utf-8")
            place.file.write_text(set_values(text, self._address(place)), encoding="utf-8")

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

    def _root_of(self, place: Place) -> Path:
        root = self.root / place.code
        for folder in (place.folders[0], f"{place.folders[1]}/selesai"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        return root

    def _open_sftp(self, home: Path, places: list[Place]) -> None:
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
            key = self._keeping.host_key()
            self._sftp = self._keeping.on_port("sftp", lambda port: SftpServer(key, users, port))

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
        name, use_rsa = f"Sandbox {place.code}", place.code == "bank_jambi"
        pair = self._keeping.pair(place.code, lambda: make_signing_pair(name, use_rsa=use_rsa))
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
        code, keys, ours = place.code, home / "keys", self._keeping.folder
        authority = self._keeping.pair(f"{code}_ca", lambda: make_authority(f"Sandbox {code}"))
        self._keeping.pair(f"{code}_server", lambda: make_server_pair(authority))
        caller = self._keeping.pair(
            f"{code}_tls", lambda: make_caller_pair(authority, "kota-jambi")
        )
        (keys / f"{code}_ca.pem").write_bytes(authority.certificate)
        (keys / f"{code}_tls.pem").write_bytes(caller.certificate)
        keep_private(keys / f"{code}_tls.key", caller.key)
        context = server_context(
            ours / f"{code}_server.pem", ours / f"{code}_server.key", ours / f"{code}_ca.pem"
        )
        root, faults = self._root_of(place), self._faults.get(code, NONE)
        self._https[code] = self._keeping.on_port(
            code, lambda port: HttpsServer(root, context, port=port, faults=faults)
        )

    def _address(self, place: Place) -> dict[tuple[str, str], str]:
        """What the partner file must say to reach its partner here."""
        values = {("", "stage"): quoted("live")}
        if place.code != REGISTRY:
            values["signing", "partner_certificates"] = f"[{quoted(f'keys/{place.code}.pem')}]"
        if place.kind == "sftp" and self._sftp:
            values["channel", "host"] = quoted(HOST)
            values["channel", "port"] = str(self._sftp.port)
            values["channel", "user"] = quoted(_user(place.code))
            values["channel", "key"] = f"{{ file = {quoted(f'keys/{place.code}_ssh')} }}"
            values["channel", "host_keys"] = f"[{quoted(self._keeping.host_key_line())}]"
        if place.kind == "http":
            values["channel", "url"] = quoted(self._https[place.code].url)
            values["channel", "client_certificate"] = quoted(f"keys/{place.code}_tls.pem")
            values["channel", "client_key"] = quoted(f"keys/{place.code}_tls.key")
            values["channel", "ca_file"] = quoted(f"keys/{place.code}_ca.pem")
        return values


def _user(code: str) -> str:
    """The name under which the city logs in for one partner: all share one server here."""
    return f"kota-{code}"


def _places(home: Path) -> list[Place]:
    """The home's partners, as far as this needs to know them."""
    places = []
    for path in sorted((home / "config" / "partners").glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        channel = table["channel"]
        places.append(
            Place(
                code=table["code"],
                kind=channel["kind"],
                bank_code=table["bank_code"],
                folders=(
                    channel.get("to_partner", "masuk"),
                    channel.get("from_partner", "keluar"),
                ),
                file=path,
            )
        )
    return places


def _refuse_live(home: Path) -> None:
    """A home in real use keeps its real partners: nothing is written into it."""
    path = home / "config" / "gateway.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if table.get("gateway", {}).get("stage") == "live":
        raise ConfigError(
            ["gateway.toml: stage = live: no sandbox here / rumah sungguhan, bukan untuk latihan"]
        )


def _require(home: Path, places: list[Place]) -> None:
    needed = [CITY_CERTIFICATES]
    needed += [f"{place.code}_ssh.pub" for place in places if place.kind == "sftp"]
    missing = [name for name in needed if not (home / "keys" / name).is_file()]
    if missing:
        raise ConfigError([f"keys/{name}: missing / tidak ada (gateway init)" for name in missing])
