"""What every command shares: options, the opened home, one JSON document, exit codes."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from gateway.clock import WIB, read_clock
from gateway.errors import (
    AccessDenied,
    ChannelError,
    ConfigError,
    GatewayError,
    IntegrityBroken,
    RuleError,
)

if TYPE_CHECKING:
    from gateway.app import Gateway
    from gateway.steps.summary import Summary

OK, WRONG, PERSON, BROKEN, RETRY = 0, 2, 3, 4, 5
SYSTEM_ACTOR = "sistem"

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The options that every command takes."""

    home: Path
    as_json: bool
    lang: str
    at: datetime | None
    user: str

    def now(self) -> datetime:
        """The command's moment: read once, or as ``--at`` says."""
        return self.at if self.at is not None else read_clock()

    def say(self, text: str) -> None:
        """Text for people: stdout, or stderr when stdout carries JSON."""
        click.echo(text, err=self.as_json)


def command_options(function: F) -> F:
    """Add the shared options to a command and hand it a :class:`Scope` first."""

    @click.option("--home", type=click.Path(), help="The gateway's home (else $GATEWAY_HOME).")
    @click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
    @click.option("--lang", type=click.Choice(["id", "en"]), help="Language of messages.")
    @click.option("--at", help="Work as if it were this moment (not when live).")
    @click.option("--user", help="Who acts; authenticated by $GATEWAY_TOKEN.")
    @click.pass_context
    @functools.wraps(function)
    def wrapped(ctx: click.Context, /, **options: Any) -> Any:
        own = ("home", "as_json", "lang", "at", "user")
        merged = {**(ctx.obj or {}), **{name: options.pop(name) for name in own if options[name]}}
        for name in own:
            options.pop(name, None)
        scope = _scope(merged)
        try:
            return function(scope, **options)
        except GatewayError as error:
            fail(scope, error)

    return wrapped  # type: ignore[return-value]  # click's decorators widen the type


def _scope(options: Mapping[str, Any]) -> Scope:
    home = options.get("home") or os.environ.get("GATEWAY_HOME") or "."
    return Scope(
        home=Path(home).resolve(),
        as_json=bool(options.get("as_json")),
        lang=options.get("lang") or "id",
        at=_moment(options.get("at")),
        user=options.get("user") or "",
    )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise click.UsageError(
            f"--at: '{text}' is not a moment; write 2026-10-30T17:30:00+07:00"
        ) from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=WIB)


def refuse(reason: str, message_en: str, message_id: str) -> RuleError:
    """The command asks for something that is not there; ends with exit code 2."""
    return RuleError(message_en, message_id=message_id, reason=reason)


def fail(scope: Scope, error: GatewayError) -> NoReturn:
    """End a command with its error, in both languages' JSON or the chosen one's text."""
    if scope.as_json:
        print_json(
            {
                "error": {
                    "code": error.reason,
                    "owner": error.owner,
                    "message_id": error.text("id"),
                    "message_en": error.text("en"),
                }
            }
        )
    click.echo(f"{error.reason}: {error.text(scope.lang)}", err=True)
    sys.exit(exit_code_of(error))


def exit_code_of(error: GatewayError) -> int:
    """The documented exit code of an error that ended a command."""
    if isinstance(error, IntegrityBroken):
        return BROKEN
    if isinstance(error, ChannelError):
        return RETRY if error.retryable else PERSON
    return WRONG


def print_json(document: object) -> None:
    """The command's one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: object) -> str:
    """Moments in WIB, days, paths: as text; anything else is a defect of ours."""
    if isinstance(value, datetime):
        return value.astimezone(WIB).isoformat(timespec="seconds")
    if isinstance(value, date | Path):
        return str(value)
    raise TypeError(type(value).__name__)


@contextmanager
def opened(scope: Scope) -> Iterator[Gateway]:
    """The gateway of the command's home.

    :raises ConfigError: when there is no home, or ``--at`` is used on a live one.
    """
    from gateway.app import open_gateway

    if not (scope.home / "config" / "gateway.toml").is_file():
        raise ConfigError(
            [
                f"{scope.home}: no gateway home here; run 'gateway --home DIR init' first"
                " / belum ada; jalankan 'gateway --home DIR init'"
            ]
        )
    with open_gateway(scope.home, wall=read_clock()) as gateway:
        if scope.at is not None and gateway.config.stage == "live":
            raise ConfigError(["--at is refused while stage = live / ditolak saat stage = live"])
        yield gateway


def acting_user(scope: Scope, gateway: Gateway, *roles: str) -> str:
    """Who acts: the named user, proven by ``$GATEWAY_TOKEN``, with one of the roles.

    :raises AccessDenied: with the same words for unknown, wrong token and missing role.
    """
    from gateway.store import people

    with gateway.store.read() as tx:
        user = people.check_token(tx, os.environ.get("GATEWAY_TOKEN", ""))
    if user is None or user.name != scope.user or not (user.roles & set(roles)):
        raise AccessDenied(
            "This needs --user NAME with that user's token in $GATEWAY_TOKEN and a fitting role.",
            message_id="Perlu --user NAMA, token pengguna itu di $GATEWAY_TOKEN, dan peran sesuai.",
        )
    return user.name


def report_steps(scope: Scope, summaries: Iterable[Summary]) -> NoReturn:
    """Print what steps did and end with the documented exit code."""
    from gateway.steps.summary import worst_exit

    rows = list(summaries)
    if scope.as_json:
        print_json([summary_json(row) for row in rows])
    for row in rows:
        counted = ", ".join(f"{name} {n}" for name, n in sorted(row.counts.items())) or "-"
        scope.say(f"{row.step:<10} {row.partner_code:<16} {counted}")
        for note in (*row.broken, *row.attention, *row.failures):
            text = note.message_id if scope.lang == "id" else note.message_en
            click.echo(f"  ! {note.code}: {text}", err=True)
    sys.exit(worst_exit(rows))


def summary_json(row: Summary) -> dict[str, object]:
    """One step's summary as JSON."""
    return {
        "step": row.step,
        "partner": row.partner_code,
        "counts": dict(sorted(row.counts.items())),
        "attention": [
            {
                "code": note.code,
                "subject": note.subject,
                "message_id": note.message_id,
                "message_en": note.message_en,
            }
            for note in (*row.broken, *row.attention)
        ],
        "failures": [
            {"code": note.code, "message_id": note.message_id, "message_en": note.message_en}
            for note in row.failures
        ],
    }
