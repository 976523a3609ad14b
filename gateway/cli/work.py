"""Commands that do work: intake, step, cycle, worker, serve."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.common import (
    OK,
    PERSON,
    SYSTEM_ACTOR,
    Scope,
    command_options,
    opened,
    print_json,
    refuse,
    report_steps,
)

if TYPE_CHECKING:
    from gateway.schemas import RowError
    from gateway.steps.intake import IntakeResult


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", help="Code of the lending programme.")
@click.option("--template", type=click.Path(path_type=Path), help="Write the form and stop.")
@command_options
def intake(
    scope: Scope, files: tuple[Path, ...], programme: str | None, template: Path | None
) -> None:
    """Take applications in; a row with errors is refused alone, the others go in."""
    from gateway.schemas import FormProblem, write_template
    from gateway.steps.intake import refused_form, take_in

    with opened(scope) as gateway:
        known_codes = sorted(gateway.config.programmes)
        if template is not None and programme is None:
            programme = known_codes[0]
        chosen = gateway.config.programmes.get(programme or "")
        if chosen is None:
            known = ", ".join(known_codes)
            raise refuse(
                "UNKNOWN_PROGRAMME",
                f"--programme: choose one of: {known}.",
                f"--programme: pilih salah satu: {known}.",
            )
        if template is not None:
            template.write_bytes(write_template(chosen))
            scope.say(f"{template}")
            return
        results = []
        for path in files:
            content = path.read_bytes()
            actor = scope.user or SYSTEM_ACTOR
            try:
                results.append(
                    take_in(gateway.store, chosen, path.name, content, scope.now(), actor)
                )
            except FormProblem as problem:
                results.append(refused_form(path.name, problem))
    _tell_intake(scope, results)
    sys.exit(PERSON if any(result.errors for result in results) else OK)


def _tell_intake(scope: Scope, results: list[IntakeResult]) -> None:
    merged = {
        "accepted": sum(result.accepted for result in results),
        "refused": sum(result.refused for result in results),
        "repeated": sum(result.repeated for result in results),
        "errors": [
            {**_error_json(error, scope.lang), "file": result.file_name}
            for result in results
            for error in result.errors
        ],
        "references": [reference for result in results for reference in result.references],
    }
    if scope.as_json:
        print_json(merged)
    scope.say(
        f"diterima {merged['accepted']}, ditolak {merged['refused']}, berulang {merged['repeated']}"
        if scope.lang == "id"
        else f"accepted {merged['accepted']}, refused {merged['refused']},"
        f" repeated {merged['repeated']}"
    )
    for result in results:
        for error in result.errors:
            click.echo(f"  {result.file_name}: {_error_line(error, scope.lang)}", err=True)


def _error_json(error: RowError, lang: str) -> dict[str, object]:
    return {
        "row": error.row,
        "column": error.column,
        "code": error.code,
        "message": error.message_id if lang == "id" else error.message_en,
        "how": error.how_id if lang == "id" else error.how_en,
        "message_id": error.message_id,
        "message_en": error.message_en,
    }


def _error_line(error: RowError, lang: str) -> str:
    row = "baris" if lang == "id" else "row"
    text = _error_json(error, lang)
    return f"{row} {error.row}, {error.column}: {error.code}: {text['message']} {text['how']}"


@click.command()
@click.argument("name")
@click.option("--partner", help="Only this partner.")
@command_options
def step(scope: Scope, name: str, partner: str | None) -> None:
    """Run one step once: screen, batch, deliver, collect, reconcile or watch."""
    from gateway.jobs import run_step

    with opened(scope) as gateway:
        summaries = run_step(gateway, name, partner, scope.now(), scope.user or SYSTEM_ACTOR)
    report_steps(scope, summaries)


@click.command()
@command_options
def cycle(scope: Scope) -> None:
    """Run all steps once, in their natural order."""
    from gateway.jobs import run_cycle

    with opened(scope) as gateway:
        summaries = run_cycle(gateway, scope.now(), scope.user or SYSTEM_ACTOR)
    report_steps(scope, summaries)


@click.command()
@command_options
def worker(scope: Scope) -> None:
    """Run what is due, until stopped; several workers may share one PostgreSQL."""
    from gateway.schedule import work

    with opened(scope) as gateway:
        holder = f"pekerja-{socket.gethostname()}-{os.getpid()}"
        scheduler = work(gateway, holder)
        scope.say(f"worker {holder}")
        try:
            scheduler.start()
        except (KeyboardInterrupt, SystemExit):
            scheduler.shutdown(wait=True)


@click.command()
@click.option("--port", type=int, help="Port (else [page] port).")
@click.option("--with-worker", is_flag=True, help="Run the scheduler beside the page.")
@command_options
def serve(scope: Scope, port: int | None, with_worker: bool) -> None:
    """Serve the treasury's page on 127.0.0.1; put a TLS proxy in front for other machines."""
    from gateway.cli.serving import serve_page

    with opened(scope) as gateway:
        serve_page(gateway, port or gateway.config.page.port, with_worker=with_worker)
