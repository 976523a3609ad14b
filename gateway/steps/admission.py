"""Admission of one remote file: bytes fetched, proven, unwrapped, identified and kept.

Nothing here changes the state; what is refused here is set aside by :mod:`gateway.steps.collect`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from gateway.connectors import Connector
from gateway.domain.files import InboundFile
from gateway.domain.states import InboundState
from gateway.errors import FileUnreadable, SignatureInvalid
from gateway.signing import read_container, verify_detached
from gateway.steps.outbox import sha256_of
from gateway.store import Store, files

SIGNATURE_SUFFIX = ".p7s"
HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """How one partner's files are taken in.

    :param trust: ``signed`` (a pinned certificate must have signed each file) or ``channel``.
    :param max_bytes: the largest file that is read.
    :param wall: the real moment, where the step works as if it were another one.
    """

    trust: str
    certificates: tuple[x509.Certificate, ...] = field(repr=False)
    max_bytes: int
    unsigned_minutes: int
    wall: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A verified file, not yet read.

    :param carrier: the remote name that is moved when everything inside was read.
    :param carrier_sha256: of the container that carried it, empty for a file that came alone.
    """

    carrier: str
    carrier_sha256: str
    file: InboundFile
    sha256: str
    signature_sha256: str
    signer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Proves and keeps what one partner sends."""

    store: Store
    connector: Connector
    inbox: Inbox
    now: datetime

    def admit(self, name: str, content: bytes, signature: bytes) -> list[Arrival]:
        """The verified files in one remote file; none when all of it was read before.

        :raises PartnerFileError: when it cannot be trusted or is not known.
        """
        is_read = self._is_read(content)
        signer = "" if is_read else self._verify(name, content, signature)
        fresh = [
            (member_name, member)
            for member_name, member in self._unwrap(name, content)
            if not (is_read if member is content else self._is_read(member))
        ]
        return [
            self._keep(name, member_name, member, content, signature, signer)
            for member_name, member in fresh
        ]

    def _is_read(self, content: bytes) -> bool:
        with self.store.read() as tx:
            known = files.find_content(tx, self.connector.partner.code, sha256_of(content))
        return known is not None and known.state is InboundState.READ

    def _verify(self, name: str, content: bytes, signature: bytes) -> str:
        if self.inbox.trust != "signed":
            return ""
        if not signature:
            raise SignatureInvalid(
                name,
                "the signature file is not there yet",
                message_id="berkas tanda tangan belum ada",
                how_en=f"The partner must put {name}{SIGNATURE_SUFFIX} beside it.",
                how_id=f"Mitra harus menaruh {name}{SIGNATURE_SUFFIX} di sampingnya.",
                reason="SIG_MISSING",
            )
        return verify_detached(name, content, signature, self.inbox.certificates, self._judged_at())

    def _judged_at(self) -> datetime:
        """The moment at which certificates must hold: ``now``.

        A rehearsal of a past day (``--at``) may use a certificate that was made since: then its
        own first moment, which the real clock has passed.
        """
        wall = self.inbox.wall
        begun = [c.not_valid_before_utc for c in self.inbox.certificates]
        return max([self.now, *(start for start in begun if wall is not None and start <= wall)])

    def _unwrap(self, name: str, content: bytes) -> Sequence[tuple[str, bytes]]:
        if not content.startswith(b"PK\x03\x04"):
            return [(name, content)]
        manifest, members = read_container(name, content)
        if manifest.sender != self.connector.partner.code:
            raise FileUnreadable(
                name,
                "the container names another sender",
                message_id="wadah menyebut pengirim lain",
                reason="CONTAINER_SENDER",
            )
        return [(member.name, member.content) for member in members]

    def _keep(
        self,
        carrier: str,
        name: str,
        member: bytes,
        content: bytes,
        signature: bytes,
        signer: str,
    ) -> Arrival:
        """Keep the bytes before anything is read from them."""
        identity = self.connector.identify(name, member[:HEAD_BYTES])
        if identity is None:
            raise FileUnreadable(
                name,
                "no format of this partner has such a name",
                message_id="tidak ada format mitra ini dengan nama seperti itu",
                how_en="Ask the partner what it is, or discard it.",
                how_id="Tanyakan kepada mitra berkas apa ini, atau buang.",
                reason="UNKNOWN_FILE",
            )
        blobs = self.store.blobs
        return Arrival(
            carrier=carrier,
            carrier_sha256=blobs.put(content) if member is not content else "",
            file=InboundFile(name=name, content=member, identity=identity),
            sha256=blobs.put(member),
            signature_sha256=blobs.put(signature) if signature else "",
            signer=signer,
        )
