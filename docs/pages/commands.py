"""docs/reference/commands.md: every command with its options, from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from gateway.cli import main
from pages.markdown import table


def page(_root: Path) -> str:
    """The whole page."""
    context = click.Context(main, info_name="gateway")
    note = "The options of `gateway` itself may also stand after any command.\n"
    return "\n".join(["# Commands\n", note, *_sections(main, context)])


def _sections(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"## {context.command_path}\n\n    {usage}\n\n{inspect.cleandoc(command.help or '')}\n"
    if options := [_row(option) for option in _own_options(command)]:
        yield table(("option", "meaning"), options)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from _sections(below, click.Context(below, info_name=name, parent=context))


def _own_options(command: click.Command) -> list[click.Option]:
    """The options of this command alone; those of ``gateway`` itself go with every command."""
    shared = set() if command is main else {tuple(one.opts) for one in main.params}
    return [
        option
        for option in command.params
        if isinstance(option, click.Option)
        and not option.hidden
        and tuple(option.opts) not in shared
    ]


def _row(option: click.Option) -> tuple[str, str]:
    kind = "" if option.is_flag else option.type.name.upper()
    if isinstance(option.type, click.Choice):
        kind = "/".join(map(str, option.type.choices))
    return f"`{' '.join([*option.opts, kind]).strip()}`", option.help or ""
