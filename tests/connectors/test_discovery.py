"""Plugins are found one by one; what is wrong with one is told on its card."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway.connectors import connect, find_plugins, load_plugin
from gateway.domain.partners import PartnerKind
from gateway.errors import PluginFailed, PluginMissing
from gateway.testing.builders import a_partner

REGISTRY = """
from gateway import hookimpl

@hookimpl
def identify_file(name): return None

@hookimpl
def render_inquiries(inquiries): return []

@hookimpl
def read_credit_reports(file): return []
"""
Install = Callable[..., None]


def test_an_installed_plugin_has_a_card_with_its_hooks_and_version(install: Install) -> None:
    install("biro", REGISTRY)
    card = find_plugins()["biro"]
    assert card.kind is PartnerKind.REGISTRY
    assert card.hooks == {"identify_file", "render_inquiries", "read_credit_reports"}
    assert (card.distribution, card.version, card.error) == ("made_biro", "1.2", "")
    assert not card.has_layouts


@pytest.mark.parametrize(
    "code",
    [
        "raise RuntimeError('1571992205850003')",
        "import sys; sys.exit(3)",
        "import nothing_of_this_name",
        "this is not python",
    ],
)
def test_a_plugin_that_does_not_import_harms_no_other(install: Install, code: str) -> None:
    install("rusak", code)
    install("biro", REGISTRY)
    cards = find_plugins()
    assert cards["biro"].error == ""
    assert cards["rusak"].kind is None
    assert "plugin_of_rusak" in cards["rusak"].error or "Error" in cards["rusak"].error
    with pytest.raises(PluginFailed):
        load_plugin("rusak")


def test_the_text_of_a_foreign_error_is_never_repeated(install: Install) -> None:
    install("rusak", "raise RuntimeError('1571992205850003')")
    card = find_plugins()["rusak"]
    assert "1571992205850003" not in card.error
    assert "RuntimeError at plugin_of_rusak.py:1" in card.error


def test_a_plugin_that_nobody_installed_is_missing_with_the_names_of_those_that_are(
    install: Install,
) -> None:
    install("biro", REGISTRY)
    with pytest.raises(PluginMissing, match="biro"):
        connect(a_partner(), {}, "biru")


def test_one_name_from_two_distributions_is_refused(install: Install) -> None:
    install("biro", REGISTRY, distribution="made_one")
    install("biro", REGISTRY, distribution="made_two")
    assert "2 installed distributions" in find_plugins()["biro"].error
    with pytest.raises(PluginMissing) as caught:
        load_plugin("biro")
    assert caught.value.reason == "PLUGIN_TWICE"


def test_an_entry_point_that_is_no_module_is_refused(install: Install) -> None:
    install("fungsi", "def plugin(): pass", attribute="plugin")
    with pytest.raises(PluginFailed, match="function, not a module"):
        load_plugin("fungsi")


def test_a_module_that_answers_no_hook_is_refused(install: Install) -> None:
    install("kosong", "")
    assert "no hook at all" in find_plugins()["kosong"].error
