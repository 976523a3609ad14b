"""Composition root: a home becomes a wired :class:`Gateway`."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from cryptography import x509

from gateway.channels import (
    Channel,
    FolderChannel,
    FolderSettings,
    HttpChannel,
    HttpSettings,
    SftpChannel,
    SftpSettings,
)
from gateway.config import Config, PartnerConfig, load_config, read_private, read_secret
from gateway.connectors import Connector, connect
from gateway.domain.partners import PartnerKind, PartnerStage
from gateway.errors import ChannelRefused, ConfigError, GatewayError
from gateway.privacy import Vault
from gateway.signing import Signer, load_certificates, load_signer
from gateway.store import Store

CITY_KEY = "keys/kota-jambi.key"
CITY_CERTIFICATE = "keys/kota-jambi-signers.pem"
FIELD_KEY = "keys/fields.key"
INDEX_KEY = "keys/index.key"
PAGE_KEY = "keys/page.key"


@dataclass(kw_only=True)
class Gateway:
    """Everything wired: configuration, store, connectors, signer.

    :param blocked: partner code -> why it is blocked; the others work on.
    :param wall: what the clock on the wall said when a command opened it; lets ``--at`` rehearse
        a day on which a partner's certificate was not made yet.
    """

    config: Config
    store: Store
    connectors: Mapping[str, Connector]
    blocked: Mapping[str, GatewayError]
    wall: datetime | None = None

    @cached_property
    def signer(self) -> Signer:
        """The city's signer, loaded when first needed: checking an RSA key takes 0.1 s."""
        home = self.config.home
        return load_signer((home / CITY_CERTIFICATE).read_bytes(), read_private(home / CITY_KEY))

    def channel(self, partner_code: str) -> Channel:
        """A fresh channel to a partner.

        :raises ConfigError: when its key cannot be read.
        :raises ChannelRefused: when no host key is pinned.
        """
        return wire_channel(self.config.partners[partner_code], self.config.home)

    def certificates(self, partner_code: str) -> tuple[x509.Certificate, ...]:
        """The certificates pinned for what a partner signs."""
        return read_certificates(self.config.partners[partner_code], self.config.home)

    def banks(self) -> list[str]:
        """Codes of the partners that are banks and not blocked, in order."""
        return [
            code
            for code, connector in sorted(self.connectors.items())
            if connector.kind is PartnerKind.BANK
        ]

    def new_token(self) -> str:
        """A fresh random name part for one delivery."""
        return secrets.token_hex(8)


@contextmanager
def open_gateway(home: Path, *, wall: datetime | None = None) -> Iterator[Gateway]:
    """Open a home: configuration, database (migrated), plugins, keys.

    :raises ConfigError: with every problem of the configuration.
    """
    config = load_config(home)
    vault = Vault(
        field_key=bytes.fromhex(read_private(home / FIELD_KEY).decode().strip()),
        index_key=bytes.fromhex(read_private(home / INDEX_KEY).decode().strip()),
    )
    store = Store.open(config.database_url, home / "state" / "blobs", vault)
    try:
        store.migrate()
        connectors, blocked = wire_connectors(config)
        yield Gateway(config=config, store=store, connectors=connectors, blocked=blocked, wall=wall)
    finally:
        store.close()


def wire_connectors(config: Config) -> tuple[dict[str, Connector], dict[str, GatewayError]]:
    """One relay per partner; a partner that cannot be wired is blocked alone."""
    connectors: dict[str, Connector] = {}
    blocked: dict[str, GatewayError] = {}
    for code, partner in sorted(config.partners.items()):
        try:
            connectors[code] = connect(partner.partner, partner.settings, partner.plugin)
            reason = block_reason(partner, config.home)
        except GatewayError as error:
            reason = error
        if reason is not None:
            blocked[code] = reason
            connectors.pop(code, None)
    return connectors, blocked


def block_reason(partner: PartnerConfig, home: Path) -> GatewayError | None:
    """Why a partner may not be worked with now; ``None`` when it may."""
    if partner.stage is PartnerStage.SUSPENDED:
        return ConfigError([f"partners/{partner.code}.toml: stage = suspended / ditangguhkan"])
    if partner.channel.kind == "sftp" and not partner.channel.host_keys:
        return ChannelRefused(
            f"{partner.code}: no host key is pinned, so the server cannot be known.",
            message_id=f"{partner.code}: kunci host belum dipasang, server tidak dapat dikenali.",
            how_en="Get the key from the bank on paper and write it into host_keys.",
            how_id="Minta kunci host secara tertulis dari bank, lalu isi host_keys.",
            reason="HOST_KEY_MISSING",
        )
    try:
        read_certificates(partner, home)
        wire_channel(partner, home)
    except GatewayError as error:
        return error
    return None


def read_certificates(partner: PartnerConfig, home: Path) -> tuple[x509.Certificate, ...]:
    """The partner's pinned certificates from the home's key folder."""
    found: list[x509.Certificate] = []
    for name in partner.certificates:
        try:
            found += load_certificates((home / name).read_bytes())
        except (FileNotFoundError, ValueError) as problem:
            raise ConfigError(
                [f"partners/{partner.code}.toml: {name}: no readable certificate / tidak terbaca"]
            ) from problem
    return tuple(found)


def wire_channel(partner: PartnerConfig, home: Path) -> Channel:
    """The channel that a partner file describes."""
    channel = partner.channel
    if channel.kind == "folder":
        return FolderChannel(
            FolderSettings(
                path=home / channel.path,
                to_partner=channel.to_partner,
                from_partner=channel.from_partner,
            )
        )
    if channel.kind == "http":
        return HttpChannel(
            HttpSettings(
                url=channel.url,
                client_certificate=home / channel.client_certificate,
                client_key=home / channel.client_key,
                ca_file=home / channel.ca_file,
                to_partner=channel.to_partner,
                from_partner=channel.from_partner,
            )
        )
    if channel.key is None:
        raise ConfigError([f"partners/{partner.code}.toml: channel.key is missing / belum diisi"])
    return SftpChannel(
        SftpSettings(
            host=channel.host,
            port=channel.port,
            user=channel.user,
            private_key_pem=read_secret(channel.key, home),
            host_keys=channel.host_keys,
            to_partner=channel.to_partner,
            from_partner=channel.from_partner,
        )
    )
