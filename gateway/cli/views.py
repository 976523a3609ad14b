"""Commands that show: status, loans, mismatches, proof, trace, audit, quarantine."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from gateway.cli.common import (
    BROKEN,
    OK,
    PERSON,
    Scope,
    acting_user,
    command_options,
    opened,
    print_json,
    refuse,
)

if TYPE_CHECKING:
    from gateway.app import Gateway
    from gateway.store.files import StoredFile


@click.command()
@command_options
def status(scope: Scope) -> None:
    """Applications by state, batches, inbound files, quarantine, alarms, what is due next."""
    from gateway.cli.printing import status_lines
    from gateway.cli.shapes import status_json

    with opened(scope) as gateway:
        document = status_json(gateway, scope.now())
    if scope.as_json:
        print_json(document)
        return
    for line in status_lines(document, scope.lang):
        click.echo(line)


@click.command()
@click.option("--partner", help="Only this partner.")
@command_options
def loans(scope: Scope, partner: str | None) -> None:
    """Loans with principal, paid and outstanding, and totals per partner."""
    from gateway.cli.shapes import loans_json

    with opened(scope) as gateway:
        document = loans_json(gateway, partner)
    if scope.as_json:
        print_json(document)
        return
    for row in document:
        click.echo(
            f"{row['partner']:<16} {row['application']:<16} {row['principal_idr']:>12}"
            f" {row['paid_idr']:>12} {row['outstanding_idr']:>12} {row['state']}"
        )


@click.command()
@click.option("--partner")
@click.option("--period", help="yyyy-mm, in WIB.")
@click.option("--code")
@click.option("--state", help="OPEN, PROPOSED, SETTLED or CLEARED.")
@click.option("--all", "show_all", is_flag=True, help="With rows of severity Info.")
@command_options
def mismatches(
    scope: Scope,
    partner: str | None,
    period: str | None,
    code: str | None,
    state: str | None,
    show_all: bool,
) -> None:
    """What reconciliation found and a person must look at."""
    from gateway.cli.shapes import mismatches_json

    with opened(scope) as gateway:
        document = mismatches_json(
            gateway,
            scope.now(),
            partner_code=partner,
            period=period,
            code=code,
            state=state,
            include_info=show_all,
        )
    if scope.as_json:
        print_json(document)
        return
    for row in document:
        text = row["message_id"] if scope.lang == "id" else row["message_en"]
        item = f"{row['application'] or row['bank_ref']}"
        item += f" #{row['instalment']}" if row["instalment"] else ""
        click.echo(f"{row['id']:>5} {row['severity']:<7} {row['code']:<14} {item:<18} {text}")


@click.command()
@click.option("--partner", required=True)
@click.option("--period", required=True, help="yyyy-mm, in WIB.")
@command_options
def proof(scope: Scope, partner: str, period: str) -> None:
    """The zero-sum proof of the last run of one partner and month."""
    from gateway.cli.printing import proof_lines
    from gateway.cli.shapes import proof_json
    from gateway.store import periods

    with opened(scope) as gateway, gateway.store.read() as tx:
        found = periods.latest_run(tx, partner, period)
    if found is None:
        raise refuse(
            "NOT_RECONCILED",
            f"{partner} {period} is not reconciled yet.",
            f"{partner} {period} belum direkonsiliasi.",
        )
    document = proof_json(found)
    if scope.as_json:
        print_json(document)
    else:
        for line in proof_lines(found, scope.lang):
            click.echo(line)
    sys.exit(OK if found.balance_idr == 0 else BROKEN)


@click.command()
@click.argument("reference")
@command_options
def trace(scope: Scope, reference: str) -> None:
    """One application's road, from the audit log."""
    from gateway.cli.printing import blocker_lines, trace_lines
    from gateway.cli.shapes import trace_json
    from gateway.store import applications, trail

    with opened(scope) as gateway:
        document = trace_json(gateway, reference)
        with gateway.store.read() as tx:
            row = applications.load_application(tx, reference)
            entries = trail.trace(tx, reference)
    if scope.as_json:
        print_json(document)
        return
    click.echo(f"{document['reference']}  {document['state']}  {document['partner']}")
    for line in (*trace_lines(entries), *(blocker_lines(row, scope.lang) if row else ())):
        click.echo(line)


@click.group()
def audit() -> None:
    """The log: its head, and whether it verifies."""


@audit.command("head")
@command_options
def audit_head(scope: Scope) -> None:
    """Number and hash of the newest entry: print it, witness it."""
    from gateway.store import trail

    with opened(scope) as gateway, gateway.store.read() as tx:
        n, digest = trail.head(tx)
    if scope.as_json:
        print_json({"n": n, "hash": digest})
    else:
        click.echo(f"{n} {digest}")


@audit.command("verify")
@command_options
def audit_verify(scope: Scope) -> None:
    """Recompute the whole chain and every kept file; exit 4 when one is broken."""
    from gateway.store import kept, trail

    with opened(scope) as gateway, gateway.store.read() as tx:
        found = trail.verify(tx)
        broken_files = kept.find_broken_blobs(tx)
    sound = found.verified and not broken_files
    document = {
        "entries": found.entries,
        "head": found.head,
        "verified": sound,
        "broken_at": found.broken_at,
        "broken_files": broken_files,
    }
    if scope.as_json:
        print_json(document)
    else:
        click.echo(f"{found.entries} entri, kepala {found.head}, utuh: {sound}")
        for digest in broken_files:
            click.echo(f"  ! {digest}", err=True)
    sys.exit(OK if sound else BROKEN)


@click.group()
def quarantine() -> None:
    """Files set aside, each with its reason."""


@quarantine.command("list")
@command_options
def quarantine_list(scope: Scope) -> None:
    """Every file that is set aside or parked."""
    from gateway.cli.shapes import quarantine_json

    with opened(scope) as gateway:
        document = quarantine_json(gateway)
    if scope.as_json:
        print_json(document)
    else:
        for row in document:
            click.echo(f"{row['partner']:<16} {row['name']:<44} {row['reason']}")
    sys.exit(PERSON if document else OK)


@quarantine.command("discard")
@click.argument("sha256")
@click.option("--reason", required=True)
@command_options
def quarantine_discard(scope: Scope, sha256: str, reason: str) -> None:
    """Put a set-aside file away for good; its bytes stay in the keeping."""
    with opened(scope) as gateway:
        actor = acting_user(scope, gateway, "it", "verifikator")
        found = _discard(gateway, sha256, reason, scope, actor)
    if scope.as_json:
        print_json({"partner": found.partner_code, "name": found.name, "state": "DISCARDED"})
    scope.say(f"{found.name}: DISCARDED")


def _discard(gateway: Gateway, sha256: str, reason: str, scope: Scope, actor: str) -> StoredFile:
    from gateway.domain.states import InboundState
    from gateway.steps.file_alarms import settle_file_alarms
    from gateway.steps.holding import BY_PERSON
    from gateway.store import files

    with gateway.store.begin(scope.now(), actor) as tx:
        rows = [
            row
            for row in files.list_files(tx, None, [InboundState.SET_ASIDE])
            if row.sha256.startswith(sha256)
        ]
        if len(rows) != 1:
            raise refuse(
                "UNKNOWN_FILE",
                f"{len(rows)} files that are set aside begin with {sha256[:12]}.",
                f"{len(rows)} berkas karantina berawal {sha256[:12]}.",
            )
        files.move_file(tx, rows[0].id, InboundState.DISCARDED, reason=f"{BY_PERSON}{reason}")
        patience = timedelta(minutes=gateway.config.limits.unsigned_minutes)
        settle_file_alarms(tx, rows[0].partner_code, patience)
    return rows[0]
