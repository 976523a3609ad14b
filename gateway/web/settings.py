"""What the page is given by the floor below: its secrets, its hosts, its partners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.domain.partners import PartnerKind, PartnerStage


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCard:
    """One partner as the page shows it; no key, no address, no secret.

    :param channel: one line such as ``sftp 127.0.0.1:2222``.
    :param blocked: why this partner is stopped, empty when it works.
    :param fingerprints: of the pinned host keys, ``SHA256:…``.
    """

    code: str
    name: str
    plugin: str
    kind: PartnerKind
    stage: PartnerStage
    channel: str
    blocked: str = ""
    fingerprints: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """How the page is served.

    :param secret_key: signs the cookie and the form tokens; at least 32 bytes.
    :param hosts: names under which the page may be asked for; never empty.
    :param secure_cookies: cookies over https only; off for a demo on loopback.
    :param bank_users: user name -> the partner whose rows that bank's user may see.
    """

    secret_key: bytes = field(repr=False)
    hosts: tuple[str, ...]
    secure_cookies: bool
    partners: Mapping[str, PartnerCard]
    bank_users: Mapping[str, str] = field(default_factory=dict)
