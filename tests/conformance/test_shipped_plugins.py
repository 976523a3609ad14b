"""Every partner that is shipped keeps every law, asked as ``gateway plugin check`` asks."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from gateway.connectors import find_plugins
from gateway.domain.partners import Partner
from gateway.errors import PluginMissing
from gateway.testing.conformance import run_conformance

PARTNERS = sorted((Path(__file__).parents[2] / "config" / "partners").glob("*.toml"))


@pytest.mark.parametrize("path", PARTNERS, ids=lambda path: path.stem)
def test_a_shipped_partner_keeps_every_law(path: Path) -> None:
    told = tomllib.loads(path.read_text("utf-8"))
    partner = Partner(code=told["code"], name=told["name"], bank_code=told["bank_code"])
    results = run_conformance(told["plugin"], partner, told.get("settings", {}))
    assert len(results) >= 10
    assert [result for result in results if not result.passed] == []


def test_every_shipped_plugin_serves_a_shipped_partner() -> None:
    assert PARTNERS
    served = {tomllib.loads(path.read_text("utf-8"))["plugin"] for path in PARTNERS}
    assert served == {"bank_jambi", "bpr_generic", "ojk_slik"}
    assert served <= set(find_plugins())


def test_a_plugin_that_is_not_installed_cannot_be_judged() -> None:
    with pytest.raises(PluginMissing):
        run_conformance("tidak_ada", Partner(code="x", name="X"), {})
