"""Commands that set up and examine: init, config, doctor, keys."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.common import OK, PERSON, Scope, command_options, opened, print_json

if TYPE_CHECKING:
    from gateway.app import Gateway


@click.command()
@command_options
def init(scope: Scope) -> None:
    """Fill an empty home: config (commented), keys (owner-only), state."""
    from gateway.app import open_gateway
    from gateway.homes import make_home

    made = make_home(scope.home, scope.now())
    with open_gateway(scope.home):
        pass
    if scope.as_json:
        print_json({"home": scope.home, "made": made})
    scope.say(f"{scope.home}: " + ", ".join(made))


@click.group()
def config() -> None:
    """The configuration."""


@config.command("check")
@click.option("--online", is_flag=True, help="Also connect to each partner.")
@command_options
def config_check(scope: Scope, online: bool) -> None:
    """Tell all problems at once, each with file, line and nearest key; exit 2 when wrong."""
    from gateway.app import wire_connectors
    from gateway.config import load_config

    if online:
        _examine(scope, None)
    loaded = load_config(scope.home)
    _, blocked = wire_connectors(loaded)
    document = {
        "partners": sorted(loaded.partners),
        "programmes": sorted(loaded.programmes),
        "blocked": {code: error.text(scope.lang) for code, error in blocked.items()},
    }
    if scope.as_json:
        print_json(document)
    scope.say(f"{len(loaded.partners)} mitra, {len(loaded.programmes)} program")
    for code, error in blocked.items():
        click.echo(f"  ! {code}: {error.text(scope.lang)}", err=True)
    sys.exit(PERSON if blocked else OK)


@click.command()
@click.argument("partner", required=False)
@command_options
def doctor(scope: Scope, partner: str | None) -> None:
    """Look at clock, calendar, plugins, and at each partner: connect, host key, login, list."""
    _examine(scope, partner)


def _examine(scope: Scope, partner: str | None) -> None:
    with opened(scope) as gateway:
        findings = [_calendar_finding(scope, gateway)]
        for code in [partner] if partner else sorted(gateway.config.partners):
            findings.append(_partner_finding(gateway, code, scope.lang))
    if scope.as_json:
        print_json(findings)
    for finding in findings:
        mark = "ok " if finding["ok"] else "!  "
        scope.say(f"{mark}{finding['what']}: {finding['detail']}")
    sys.exit(OK if all(finding["ok"] for finding in findings) else PERSON)


def _calendar_finding(scope: Scope, gateway: Gateway) -> dict[str, object]:
    from gateway.clock import WIB, wib_day

    today = wib_day(scope.now())
    following = gateway.config.calendar.next_bank_day(today)
    return {
        "what": "clock",
        "ok": True,
        "detail": f"{scope.now().astimezone(WIB):%Y-%m-%d %H:%M WIB}; hari bank: {following}",
    }


def _partner_finding(gateway: Gateway, code: str, lang: str) -> dict[str, object]:
    from gateway.errors import GatewayError

    try:
        if code in gateway.blocked:
            raise gateway.blocked[code]
        channel = gateway.channel(code)
        with channel.connect() as session:
            waiting = len(session.list_incoming())
        return {"what": code, "ok": True, "detail": f"{channel.describe()}; {waiting} berkas"}
    except GatewayError as error:
        return {"what": code, "ok": False, "detail": f"{error.reason}: {error.text(lang)}"}
    except KeyError:
        return {"what": code, "ok": False, "detail": "no such partner / tidak ada mitra ini"}


@click.group()
def keys() -> None:
    """The city's public keys."""


@keys.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@command_options
def keys_export(scope: Scope, folder: Path) -> None:
    """Write what partners need: kota-jambi-signers.pem and the SSH public keys."""
    from gateway.homes import export_public

    copied = export_public(scope.home, folder)
    if scope.as_json:
        print_json({"folder": folder, "files": copied})
    scope.say(f"{folder}: " + ", ".join(copied))


@keys.command("fingerprints")
@command_options
def keys_fingerprints(scope: Scope) -> None:
    """SHA-256 of each public key file, to compare by telephone."""
    rows = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((scope.home / "keys").glob("*"))
        if path.suffix in {".pem", ".pub"}
    }
    if scope.as_json:
        print_json(rows)
    for name, digest in rows.items():
        scope.say(f"{digest}  {name}")
