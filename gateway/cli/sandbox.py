"""The pretend banks, and the demo city that ``./run`` starts."""

from __future__ import annotations

import secrets
import signal
import sys
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.common import BROKEN, OK, Scope, command_options, print_json
from gateway.clock import read_clock
from gateway.errors import ConfigError

if TYPE_CHECKING:
    from gateway.app import Gateway

DEFAULT_SEED = 2026
DEFAULT_APPLICATIONS = 600
PASSWORD_BYTES = 9
TICK_SECONDS = 5.0


@click.group()
def sandbox() -> None:
    """Pretend banks and registry on loopback, for rehearsal."""


@sandbox.command("start")
@click.option("--faults", type=click.Path(exists=True, path_type=Path), help="Misbehaviour (TOML).")
@click.option("--root", type=click.Path(path_type=Path), help="Folder of the banks.")
@click.option("--seed", type=int, default=DEFAULT_SEED)
@command_options
def sandbox_start(scope: Scope, faults: Path | None, root: Path | None, seed: int) -> None:
    """Start banks and registry for this home, until stopped; they answer every few seconds."""
    from gateway.sandbox.city import SandboxCity
    from gateway.sandbox.faults import load_faults

    if not (scope.home / "config" / "gateway.toml").is_file():
        raise ConfigError([f"{scope.home}: run 'gateway --home DIR init' first / jalankan init"])
    folder = root or scope.home / "sandbox"
    city = SandboxCity(folder, seed, load_faults(faults) if faults else None)
    city.prepare(scope.home, scope.now())
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    with city:
        scope.say(f"sandbox: {folder}")
        while not stop.wait(TICK_SECONDS):
            city.tick(scope.now())


@click.command()
@click.option("--once", is_flag=True, help="Walk the road, print the summary, stop.")
@click.option("--port", type=int, default=8080)
@click.option("--seed", type=int, default=DEFAULT_SEED)
@click.option("--applications", type=click.IntRange(20, 20_000), default=DEFAULT_APPLICATIONS)
@click.option("--started", type=int, hidden=True, help="When ./run began, in seconds.")
@command_options
def demo(
    scope: Scope, once: bool, port: int, seed: int, applications: int, started: int | None
) -> None:
    """A demo city from nothing: the whole road once, then the page."""
    from gateway.app import open_gateway
    from gateway.sandbox.city import SandboxCity
    from gateway.sandbox.demo import prepare_home, summarise, walk_the_road

    began = read_clock() if started is None else datetime.fromtimestamp(started, UTC)
    home = _fresh_home(scope)
    city = SandboxCity(home / "sandbox", seed)
    prepare_home(home, city)
    with city, open_gateway(home) as gateway:
        walk_the_road(gateway, city, seed, applications)
        document = summarise(gateway)
        document["seconds"] = _seconds(began)
        document["home"] = str(home)
        if scope.as_json:
            print_json(document)
        _tell(scope, document, home)
        sound = document["proof"]["balance_idr"] == 0 and document["audit"]["verified"]
        if not once:
            _serve(scope, gateway, port)
    sys.exit(OK if sound else BROKEN)


def _seconds(since: datetime) -> float:
    """Seconds with one decimal, as the summary's JSON shows them."""
    tenths = (read_clock() - since) // timedelta(milliseconds=100)
    return tenths / 10


def _fresh_home(scope: Scope) -> Path:
    """``--home`` when given, else a new folder; an existing home is refused by ``init``."""
    import os

    if scope.home != Path.cwd().resolve() or os.environ.get("GATEWAY_HOME"):
        return scope.home
    return Path(tempfile.mkdtemp(prefix="kota-demo-"))


def _tell(scope: Scope, document: dict[str, Any], home: Path) -> None:
    total = sum(document["applications"].values())
    scope.say(f"{total} permohonan masuk: {_counted(document['applications'])}")
    scope.say(f"{document['loans']} pinjaman, {document['repayments']} pembayaran")
    scope.say(f"selisih: {_counted(document['mismatches'])}")
    audit = document["audit"]
    scope.say(
        f"periksa nol: {document['proof']['balance_idr']};"
        f" jejak audit {'utuh' if audit['verified'] else 'RUSAK'} ({audit['entries']} entri)"
    )
    here = Path.cwd()
    shown = home.relative_to(here) if home.is_relative_to(here) else home
    scope.say(f"rumah: {shown} ({document['seconds']} detik)")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _serve(scope: Scope, gateway: Gateway, port: int) -> None:
    from gateway.cli.people import ROLES
    from gateway.cli.serving import serve_page
    from gateway.store import people

    scope.say(f"\nHalaman: http://127.0.0.1:{port}/   (Ctrl-C menghentikan semuanya)")
    for role in ROLES:
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        with gateway.store.begin(scope.now(), "demo") as tx:
            people.add_user(tx, role, [role], password)
        scope.say(f"  pengguna {role:<12} kata sandi {password}")
    scope.say(
        "\nLihat dulu: masuk sebagai bendahara, buka Selisih, pilih satu baris, usulkan;"
        "\nlalu masuk sebagai verifikator dan sahkan."
    )
    serve_page(gateway, port, with_worker=False)
