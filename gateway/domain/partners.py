"""A partner: a bank or a credit registry with which files are exchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

REGION = "157100"
"""Kota Jambi in six digits (Kemendagri 15.71), as it stands in file names and headers."""


class PartnerKind(StrEnum):
    """What a plugin speaks for; told from the hooks that it answers."""

    BANK = "bank"
    REGISTRY = "registry"


class PartnerStage(StrEnum):
    """How far a partner's format is proven; real batches go only when live."""

    DRAFTED = "drafted"
    REHEARSED = "rehearsed"
    LIVE = "live"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """What a plugin is told about its partner; no key, no address, no secret."""

    code: str
    name: str
    bank_code: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
