"""The contract's laws, held against the generic plugin, once for each demo bank."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import MappingProxyType
from typing import Any

import gateway_bpr_generic

from gateway.domain.partners import Partner
from gateway.testing.conformance import BankConformance

PLUGIN = Path(__file__).parent.parent
CONFIG = PLUGIN.parent.parent / "config" / "partners"


def _partner_file(code: str) -> dict[str, Any]:
    return tomllib.loads((CONFIG / f"{code}.toml").read_text("utf-8"))


class TestBprKenali(BankConformance):
    plugin = gateway_bpr_generic
    partner = Partner(code="bpr_kenali", name="BPR Kenali", bank_code="600101")
    settings = MappingProxyType(_partner_file("bpr_kenali")["settings"])
    samples = PLUGIN / "samples" / "bpr_kenali"
    hooks = frozenset({"settings_schema", "layouts"})


class TestBprBatanghari(BankConformance):
    plugin = gateway_bpr_generic
    partner = Partner(code="bpr_batanghari", name="BPR Batanghari", bank_code="600202")
    settings = MappingProxyType(_partner_file("bpr_batanghari")["settings"])
    samples = PLUGIN / "samples" / "bpr_batanghari"
    hooks = frozenset({"settings_schema", "layouts"})
