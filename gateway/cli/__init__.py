"""The ``gateway`` command; every command's module is imported only when it is used."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "init": ("setup:init", "Fill an empty home: config, keys, state."),
    "config": ("setup:config", "Check the configuration; all problems at once."),
    "doctor": ("setup:doctor", "Clock, keys, calendar, plugins and each partner's channel."),
    "keys": ("setup:keys", "Export the public keys; show fingerprints."),
    "user": ("people:user", "People: add, role, token, list."),
    "plugins": ("plugins:plugins", "Installed plugins with hooks and load errors."),
    "plugin": ("plugins:plugin", "Make a new plugin, or check one against the contract."),
    "intake": ("work:intake", "Take applications in (XLSX, CSV, JSON lines)."),
    "step": ("work:step", "Run one step once."),
    "cycle": ("work:cycle", "Run all steps once."),
    "worker": ("work:worker", "The scheduler: run what is due, until stopped."),
    "serve": ("work:serve", "The treasury's page."),
    "status": ("views:status", "Applications, batches, files, alarms, what is next."),
    "loans": ("views:loans", "Loans with what was paid and what is left."),
    "mismatches": ("views:mismatches", "What reconciliation found."),
    "proof": ("views:proof", "The zero-sum proof of one partner and month."),
    "trace": ("views:trace", "One application's road."),
    "audit": ("views:audit", "The log: its head, and whether it verifies."),
    "quarantine": ("views:quarantine", "Files set aside: list, discard."),
    "decide": ("people:decide", "Propose, settle or return a mismatch."),
    "sandbox": ("sandbox:sandbox", "Pretend banks and registry, for rehearsal."),
    "demo": ("sandbox:demo", "The demo city that ./run starts."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when asked for: ``--help`` stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of use."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module behind a name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(f"gateway.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from their one-line texts, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup)
@click.option("--home", type=click.Path(), help="The gateway's home (else $GATEWAY_HOME).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--lang", type=click.Choice(["id", "en"]), help="Language of messages.")
@click.option("--at", help="Work as if it were this moment (not when live).")
@click.option("--user", help="Who acts; authenticated by $GATEWAY_TOKEN.")
@click.pass_context
def main(ctx: click.Context, /, **options: str | bool | None) -> None:
    """The gateway between Kota Jambi and its partner banks.

    Exit codes: 0 done; 2 command or configuration wrong; 3 something needs a person;
    4 integrity broken; 5 a partner or channel failed and will be tried again.
    """
    ctx.obj = {name: value for name, value in options.items() if value}
