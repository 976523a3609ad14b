"""The contract's laws, held against Bank Jambi's plugin."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import gateway_bank_jambi

from gateway.domain.partners import Partner
from gateway.testing.conformance import BankConformance


class TestBankJambi(BankConformance):
    plugin = gateway_bank_jambi
    partner = Partner(code="bank_jambi", name="Bank Jambi", bank_code="115")
    settings = MappingProxyType({"branch": "001"})
    samples = Path(__file__).parent.parent / "samples"
    hooks = frozenset({"settings_schema", "layouts"})
