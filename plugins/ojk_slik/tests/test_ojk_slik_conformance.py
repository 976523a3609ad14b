"""The contract's laws, held against the SLIK plugin."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import ClassVar

import gateway_ojk_slik

from gateway.domain.partners import Partner
from gateway.testing.conformance import RegistryConformance


class TestOjkSlik(RegistryConformance):
    plugin: ClassVar[ModuleType] = gateway_ojk_slik
    partner: ClassVar[Partner] = Partner(code="slik", name="SLIK", bank_code="115")
    samples: ClassVar[Path] = Path(__file__).parent.parent / "samples"
    hooks: ClassVar[frozenset[str]] = frozenset(
        {"settings_schema", "identify_file", "render_inquiries", "read_credit_reports"}
    )
