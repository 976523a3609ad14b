"""The contract's laws, held against the SLIK plugin."""

from __future__ import annotations

from pathlib import Path

import gateway_ojk_slik

from gateway.domain.partners import Partner
from gateway.testing.conformance import RegistryConformance


class TestOjkSlik(RegistryConformance):
    plugin = gateway_ojk_slik
    partner = Partner(code="slik", name="SLIK", bank_code="115")
    samples = Path(__file__).parent.parent / "samples"
    hooks = frozenset(
        {"settings_schema", "identify_file", "render_inquiries", "read_credit_reports"}
    )
