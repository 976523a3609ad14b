"""Commands about people: users, and their decisions on mismatches."""

from __future__ import annotations

import os
import sys
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
from gateway.web.guidance import ACTIONS, REASON_LENGTH

if TYPE_CHECKING:
    from gateway.app import Gateway

CHECKS = ("SETTLE", "RETURN")
ROLES = ("bendahara", "verifikator", "auditor", "it", "bank")


def _administrator(scope: Scope, gateway: Gateway) -> str:
    """The first user may be made by whoever owns the home's keys; every other one by ``it``."""
    from gateway.store import people

    with gateway.store.read() as tx:
        nobody_yet = not people.list_users(tx)
    if nobody_yet or gateway.config.stage == "demo":
        return scope.user or SYSTEM_ACTOR
    return acting_user(scope, gateway, "it")


def _ask_password() -> str:
    """From $GATEWAY_PASSWORD, else typed twice at a terminal."""
    given = os.environ.get("GATEWAY_PASSWORD", "")
    if not given and sys.stdin.isatty():
        given = click.prompt(
            "Kata sandi / password", hide_input=True, confirmation_prompt=True, err=True
        )
    if not given:
        raise refuse(
            "PASSWORD_NEEDED",
            "Give the password in $GATEWAY_PASSWORD, or run this at a terminal.",
            "Isi kata sandi di $GATEWAY_PASSWORD, atau jalankan di terminal.",
        )
    return given


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
        password = _ask_password()
        with gateway.store.begin(scope.now(), actor) as tx:
            people.add_user(tx, name, roles, password)
    if scope.as_json:
        print_json({"user": name, "roles": sorted(roles)})
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
@click.argument("action")
@click.option("--reason", required=True, help="Why, in words; sealed in the state.")
@command_options
def decide(scope: Scope, number: int, action: str, reason: str) -> None:
    """Decide on a mismatch: bendahara proposes an ACTION, another person settles or returns.

    ACTION is settle, return, or what is proposed: ask_bank, carry, accept_bank, keep_city,
    both_real, assign_loan, return_money, joint_liability, refer_programme, noted.
    """
    from gateway.store import mismatches

    wanted = action.upper()
    _check_decision(wanted, reason)
    with opened(scope) as gateway:
        is_checking = wanted in CHECKS
        actor = acting_user(scope, gateway, "verifikator" if is_checking else "bendahara")
        with gateway.store.begin(scope.now(), actor) as tx:
            if mismatches.load_mismatch(tx, number) is None:
                raise refuse(
                    "UNKNOWN_MISMATCH",
                    f"There is no mismatch {number}.",
                    f"Tidak ada selisih {number}.",
                )
            if wanted == "SETTLE":
                mismatches.settle(tx, number)
            elif wanted == "RETURN":
                mismatches.return_to_open(tx, number, reason)
            else:
                mismatches.propose(tx, number, wanted, reason)
            row = mismatches.load_mismatch(tx, number)
    if scope.as_json:
        print_json({"id": number, "state": row.state if row else ""})
    scope.say(f"{number}: {row.state if row else ''}")


def _check_decision(action: str, reason: str) -> None:
    known = (*CHECKS, *ACTIONS)
    if action not in known:
        listed = ", ".join(word.lower() for word in known)
        raise refuse(
            "UNKNOWN_ACTION", f"ACTION is one of: {listed}.", f"ACTION salah satu dari: {listed}."
        )
    shortest, longest = 1, REASON_LENGTH[-1]
    if not shortest <= len(reason.strip()) <= longest:
        raise refuse(
            "REASON_LENGTH",
            f"--reason needs {shortest} to {longest} characters.",
            f"--reason perlu {shortest} sampai {longest} karakter.",
        )
