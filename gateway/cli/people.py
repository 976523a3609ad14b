"""Commands about people: users, and their decisions on mismatches."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from gateway.cli.common import (
    SYSTEM_ACTOR,
    Scope,
    acting_user,
    command_options,
    opened,
    print_json,
    refuse,
)
from gateway.errors import AccessDenied

if TYPE_CHECKING:
    from gateway.app import Gateway

ROLES = ("bendahara", "verifikator", "auditor", "it", "bank")


def _administrator(scope: Scope, gateway: Gateway) -> str:
    """The first user may be made by whoever owns the home's keys; every other one by ``it``."""
    from gateway.store import people

    with gateway.store.read() as tx:
        nobody_yet = not people.list_users(tx)
    if nobody_yet or gateway.config.stage == "demo":
        return scope.user or SYSTEM_ACTOR
    return acting_user(scope, gateway, "it")


@click.group()
def user() -> None:
    """People who use the page and act by command."""


@user.command("add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@command_options
def user_add(scope: Scope, name: str, roles: tuple[str, ...]) -> None:
    """Add a user; the password is read from $GATEWAY_PASSWORD or asked for."""
    from gateway.store import people

    with opened(scope) as gateway:
        actor = _administrator(scope, gateway)
        password = os.environ.get("GATEWAY_PASSWORD") or click.prompt(
            "Kata sandi / password", hide_input=True, confirmation_prompt=True, err=True
        )
        with gateway.store.begin(scope.now(), actor) as tx:
            people.add_user(tx, name, roles, password)
    scope.say(f"{name}: {', '.join(roles)}")


@user.command("token")
@click.argument("name")
@command_options
def user_token(scope: Scope, name: str) -> None:
    """Issue a user's token for commands; it is shown once."""
    from gateway.store import people

    with opened(scope) as gateway:
        actor = _administrator(scope, gateway)
        with gateway.store.begin(scope.now(), actor) as tx:
            if people.load_user(tx, name) is None:
                raise refuse(
                    "UNKNOWN_USER", f"There is no user {name}.", f"Tidak ada pengguna {name}."
                )
            token = people.set_token(tx, name)
    if scope.as_json:
        print_json({"user": name, "token": token})
    else:
        click.echo(token)


@user.command("list")
@command_options
def user_list(scope: Scope) -> None:
    """Users with their roles."""
    from gateway.store import people

    with opened(scope) as gateway, gateway.store.read() as tx:
        rows = [{"name": u.name, "roles": sorted(u.roles)} for u in people.list_users(tx)]
    if scope.as_json:
        print_json(rows)
    for row in rows:
        scope.say(f"{row['name']}: {', '.join(row['roles'])}")


@click.command()
@click.argument("number", type=int)
@click.argument("action", type=click.Choice(["propose", "settle", "return"]))
@click.option("--what", default="accept", help="What is proposed: accept, carry, ask_bank …")
@click.option("--reason", required=True, help="Why, in words; kept in the log.")
@command_options
def decide(scope: Scope, number: int, action: str, what: str, reason: str) -> None:
    """Decide on a mismatch: bendahara proposes, another person (verifikator) settles."""
    from gateway.store import mismatches

    with opened(scope) as gateway:
        role = "bendahara" if action == "propose" else "verifikator"
        actor = acting_user(scope, gateway, role)
        with gateway.store.begin(scope.now(), actor) as tx:
            if mismatches.load_mismatch(tx, number) is None:
                raise AccessDenied(
                    f"No mismatch {number}.", message_id=f"Tidak ada selisih {number}."
                )
            if action == "propose":
                mismatches.propose(tx, number, what, reason)
            elif action == "settle":
                mismatches.settle(tx, number)
            else:
                mismatches.return_to_open(tx, number, reason)
            row = mismatches.load_mismatch(tx, number)
    if scope.as_json:
        print_json({"id": number, "state": row.state if row else ""})
    scope.say(f"{number}: {row.state if row else ''}")
