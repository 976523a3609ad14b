"""What the steps that write to a partner need beside the store and the connector."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from gateway.signing import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """How outbound bytes are frozen for one partner.

    :param container: ``zip`` (one container) or ``plain`` (the data file itself).
    :param environment: the gateway's stage; stands in the manifest so that a test batch can
        never be taken for a real one.
    :param limit: most applications in one batch.
    """

    signer: Signer = field(repr=False)
    container: str
    environment: str
    limit: int


def sha256_of(content: bytes) -> str:
    """Lower-case hex SHA-256."""
    return hashlib.sha256(content).hexdigest()
