"""The contract says what it means: every hook its law, every error its owner."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest

from gateway import errors, hookspecs
from gateway.connectors.connector import HOOK_FOR
from gateway.errors import GatewayError
from gateway.testing.laws import LAWS
from tests.support.source import core, dotted, plugins

LAW = re.compile(r"Law: ([a-z0-9_,\s]+)\.")
HOOKS: dict[str, Callable[..., Any]] = {
    name: hook
    for name, hook in vars(hookspecs).items()
    if inspect.isfunction(hook) and hook.__module__ == hookspecs.__name__
}
OF_THE_PLUGIN_AS_A_WHOLE = {
    "answers_what_it_says",
    "every_kind_has_a_sample",
    "hooks_touch_nothing",
}


def laws_named_by(hook: Callable[..., Any]) -> set[str]:
    found = LAW.search(inspect.getdoc(hook) or "")
    return set(re.findall(r"[a-z0-9_]+", found[1])) if found else set()


def every_error(error: type[GatewayError] = GatewayError) -> Iterator[type[GatewayError]]:
    yield error
    for below in error.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from every_error(below)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_names_its_laws(name: str) -> None:
    assert laws_named_by(HOOKS[name])


def test_every_law_that_a_hook_names_exists_and_none_is_nameless() -> None:
    named = set().union(*(laws_named_by(hook) for hook in HOOKS.values()))
    assert named | OF_THE_PLUGIN_AS_A_WHOLE == set(LAWS)
    assert named.isdisjoint(OF_THE_PLUGIN_AS_A_WHOLE)


@pytest.mark.parametrize("name", HOOKS)
def test_a_law_concerns_every_hook_that_names_it(name: str) -> None:
    strangers = {
        law for law in laws_named_by(HOOKS[name]) if not LAWS[law].concerns(frozenset({name}))
    }
    assert strangers == set()


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_gives_one_answer(name: str) -> None:
    told = vars(HOOKS[name])["gateway_spec"]
    assert told["firstresult"] is True
    assert told["historic"] is False


def test_every_kind_of_hook_is_one_of_the_contract() -> None:
    assert set(HOOK_FOR.values()) | {"settings_schema", "layouts", "identify_file"} == set(HOOKS)


@pytest.mark.parametrize("error", list(every_error()), ids=lambda error: error.__name__)
def test_every_error_has_a_code_an_owner_and_an_answer_to_trying_again(
    error: type[GatewayError],
) -> None:
    assert "code" in vars(error)
    assert error.owner in get_args(errors.Owner)
    assert isinstance(error.retryable, bool)
    assert inspect.getdoc(error)


def test_no_two_errors_share_a_code() -> None:
    codes = [error.code for error in every_error()]
    assert len(set(codes)) == len(codes)


def test_every_error_that_is_raised_speaks_indonesian_too() -> None:
    names = {error.__name__ for error in every_error()} - {"ConfigError"}
    found = [
        module.at(call)
        for module in (*core(), *plugins())
        for call in module.calls()
        if dotted(call.func).split(".")[-1] in names
        and call.args
        and not {"message_id", None} & {keyword.arg for keyword in call.keywords}
    ]
    assert found == []
