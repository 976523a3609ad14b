"""The configuration as values: what the TOML files say, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.domain.calendar import BankCalendar
from gateway.domain.partners import Partner, PartnerStage
from gateway.domain.programmes import Programme, ReconciliationRules
from gateway.domain.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where a secret lies; its text is read only when it is needed and never printed.

    :param source: ``file`` (relative to the home), ``env`` or ``credential``.
    """

    source: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelConfig:
    """How files travel to and from one partner.

    ``host_keys`` empty blocks an SFTP partner: an unknown server is never trusted.
    """

    kind: str
    to_partner: str
    from_partner: str
    host: str = ""
    port: int = 22
    user: str = ""
    key: Secret | None = None
    host_keys: tuple[str, ...] = ()
    path: str = ""
    url: str = ""
    client_certificate: str = ""
    client_key: str = ""
    ca_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """A file kind that must have come by a time of day on given days."""

    kind: str
    by: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerConfig:
    """One partner file."""

    code: str
    name: str
    plugin: str
    bank_code: str
    stage: PartnerStage
    programmes: tuple[str, ...]
    trust: str
    container: str
    channel: ChannelConfig
    certificates: tuple[str, ...]
    deliver: tuple[Window, ...]
    collect: tuple[Window, ...]
    expect: tuple[Expectation, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def partner(self) -> Partner:
        """What a plugin may know of this partner."""
        return Partner(code=self.code, name=self.name, bank_code=self.bank_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Written limits; past each, a named refusal."""

    batch_applications: int = 1000
    file_bytes: int = 209_715_200
    ack_hours: int = 48
    unsigned_minutes: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PageConfig:
    """The treasury's page.

    :param bank_users: user name -> the partner whose rows a user of role ``bank`` may see.
    """

    port: int = 8080
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    secure_cookies: bool = False
    bank_users: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that was configured under one home."""

    home: Path
    stage: str
    name: str
    database: str
    registry: str
    page: PageConfig
    limits: Limits
    windows: Mapping[str, tuple[Window, ...]]
    partners: Mapping[str, PartnerConfig]
    programmes: Mapping[str, Programme]
    calendar: BankCalendar

    def rules_of(self, partner_code: str) -> ReconciliationRules:
        """How this partner's money is matched: one rule, the same in all its programmes."""
        programmes = self.partners[partner_code].programmes
        return (
            self.programmes[programmes[0]].reconciliation if programmes else (ReconciliationRules())
        )

    @property
    def database_url(self) -> str:
        """The database URL with a relative SQLite path taken from the home."""
        prefix = "sqlite:///"
        if self.database.startswith(prefix) and not self.database.startswith(prefix + "/"):
            return f"{prefix}{self.home / self.database.removeprefix(prefix)}"
        return self.database
