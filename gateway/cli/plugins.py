"""Commands about plugins: list, check against the contract, make a new one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gateway.cli.common import OK, WRONG, Scope, command_options, print_json
from gateway.errors import ConfigError


@click.command()
@command_options
def plugins(scope: Scope) -> None:
    """Every installed plugin, with version, kind, hooks and load error."""
    from gateway.connectors import find_plugins

    cards = [card for _, card in sorted(find_plugins().items())]
    if scope.as_json:
        print_json(
            [
                {
                    "name": card.name,
                    "distribution": card.distribution,
                    "version": card.version,
                    "kind": card.kind,
                    "hooks": sorted(card.hooks),
                    "error": card.error,
                }
                for card in cards
            ]
        )
    else:
        for card in cards:
            click.echo(
                f"{card.name:<14} {card.version:<8} {card.kind or '-':<9}"
                f" {card.error or ', '.join(sorted(card.hooks))}"
            )
    sys.exit(WRONG if any(card.error for card in cards) else OK)


@click.group()
def plugin() -> None:
    """One plugin."""


@plugin.command("check")
@click.argument("name")
@click.option("--samples", type=click.Path(path_type=Path), help="Folder of sample files.")
@command_options
def plugin_check(scope: Scope, name: str, samples: Path | None) -> None:
    """Run the conformance suite: each law of the contract by its name."""
    from gateway.cli.checking import check_plugin

    results = check_plugin(name, scope.home, samples)
    if scope.as_json:
        print_json(
            [{"law": row.law, "passed": row.passed, "detail": row.detail} for row in results]
        )
    for row in results:
        scope.say(f"{'ok ' if row.passed else '!  '}{row.law} {row.detail}".rstrip())
    failed = sum(not row.passed for row in results)
    scope.say(f"{name}: {len(results) - failed} hukum dipenuhi, {failed} dilanggar")
    sys.exit(WRONG if failed or not results else OK)


@plugin.command("new")
@click.argument("name")
@click.option("--kind", type=click.Choice(["bank", "registry"]), required=True)
@click.option("--into", type=click.Path(path_type=Path), default=Path("plugins"))
@command_options
def plugin_new(scope: Scope, name: str, kind: str, into: Path) -> None:
    """Write a working plugin folder that passes its own conformance at once."""
    from gateway.testing.scaffold import scaffold

    folder = into / name
    if folder.exists():
        raise ConfigError([f"{folder}: exists already / sudah ada"])
    for relative, text in sorted(scaffold(name, kind).items()):
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    scope.say(f"{folder}")
