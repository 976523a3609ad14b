"""Fetch a partner's files, prove where they come from, read them, and only then move them.

Bytes are kept and hashed before they are read.  A file that cannot be trusted or read is set
aside with a reason and stays where it is; the next file and the next partner go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.channels import FILE_REASONS, Channel, RemoteFile, Session
from gateway.connectors import Connector
from gateway.domain.files import READING_ORDER, FileIdentity, InboundFile
from gateway.domain.states import InboundState
from gateway.errors import (
    ChannelError,
    GatewayError,
    PartnerFileError,
    PluginError,
    RuleError,
    StoreError,
)
from gateway.privacy import scrub
from gateway.steps.admission import (
    HEAD_BYTES,
    SIGNATURE_SUFFIX,
    Admission,
    Arrival,
    Inbox,
)
from gateway.steps.deliver import note_channel_failure
from gateway.steps.effects import apply_file
from gateway.steps.file_alarms import settle_file_alarms
from gateway.steps.holding import (
    BY_PERSON,
    COMES_BACK,
    CONTRADICTIONS,
    NOT_FETCHED,
    is_replaced,
)
from gateway.steps.numbering import judge_number
from gateway.steps.outbox import sha256_of
from gateway.steps.reader import Reader
from gateway.steps.summary import Attention, Summary
from gateway.store import Store, Transaction, agenda, files, kept


def collect_files(
    store: Store,
    connector: Connector,
    channel: Channel,
    inbox: Inbox,
    reader: Reader,
    now: datetime,
    actor: str,
) -> Summary:
    """Take in everything that lies at the partner, in the order of reading (ruling 17)."""
    summary = Summary(step="collect", partner_code=connector.partner.code)
    collector = _Collector(
        store=store,
        connector=connector,
        inbox=inbox,
        admission=Admission(store=store, connector=connector, inbox=inbox, now=now),
        reader=reader,
        now=now,
        actor=actor,
        summary=summary,
    )
    try:
        with channel.connect() as session:
            arrivals = collector.admit_all(session)
            done = collector.read_all(arrivals)
            collector.retire_all(session, done)
        with store.begin(now, actor) as tx:
            agenda.clear_alarm(tx, "channel", connector.partner.code)
            patience = timedelta(minutes=inbox.unsigned_minutes)
            settle_file_alarms(tx, connector.partner.code, patience)
    except ChannelError as error:
        note_channel_failure(store, error, now, actor, summary)
    return summary


@dataclass(slots=True, kw_only=True)
class _Collector:
    store: Store
    connector: Connector
    inbox: Inbox
    admission: Admission
    reader: Reader
    now: datetime
    actor: str
    summary: Summary
    held_names: frozenset[str] = frozenset()

    @property
    def partner_code(self) -> str:
        return self.connector.partner.code

    # Admission: bytes → verified, identified, kept ---------------------------

    def admit_all(self, session: Session) -> list[Arrival]:
        listed = {remote.name: remote for remote in session.list_incoming()}
        arrivals: list[Arrival] = []
        for name in sorted(listed):
            if not name.endswith(SIGNATURE_SUFFIX):
                arrivals += self._admit(session, listed, name)
        return arrivals

    def _admit(self, session: Session, listed: dict[str, RemoteFile], name: str) -> list[Arrival]:
        """One remote file; its defect is its own and never stops the next one."""
        content, signature = b"", b""
        try:
            content = session.fetch(name, self.inbox.max_bytes)
            if name + SIGNATURE_SUFFIX in listed:
                signature = session.fetch(name + SIGNATURE_SUFFIX, 1 << 20)
            found = self.admission.admit(name, content, signature)
            if not found:
                self.summary.counts["repeated"] += 1
                self._retire(session, name)
            return found
        except (PartnerFileError, PluginError) as error:
            self._set_aside(name, content, signature, error)
        except ChannelError as error:
            if error.reason not in FILE_REASONS:
                raise
            if error.reason in COMES_BACK:
                self.summary.counts["waiting"] += 1
            else:
                self._set_aside(name, NOT_FETCHED + name.encode(), signature, error)
        return []

    def _record(self, tx: Transaction, arrival: Arrival) -> int:
        kept.note_blobs(tx, [arrival.carrier_sha256])
        return files.save_file(
            tx,
            partner_code=self.partner_code,
            name=scrub(arrival.file.name),
            identity=arrival.file.identity,
            sha256=arrival.sha256,
            signature_sha256=arrival.signature_sha256,
            signer=arrival.signer,
            size_bytes=len(arrival.file.content),
        )

    # Reading: verified → effects, in order -----------------------------------

    def read_all(self, arrivals: Sequence[Arrival]) -> list[str]:
        """Read what may be read now; returns the remote names that may be moved away."""
        waiting = [*arrivals, *self._parked({arrival.sha256 for arrival in arrivals})]
        with self.store.read() as tx:
            held = files.list_files(
                tx, self.partner_code, [InboundState.SET_ASIDE, InboundState.PARKED]
            )
        self.held_names = frozenset(row.name for row in held)
        unread: set[str] = set()
        for arrival in sorted(waiting, key=_reading_key):
            if not self._read(arrival):
                unread.add(arrival.carrier)
        return sorted({a.carrier for a in arrivals if a.carrier} - unread)

    def _parked(self, fresh: set[str]) -> list[Arrival]:
        """Files that waited for a missing number, from our own keeping."""
        with self.store.read() as tx:
            rows = files.list_files(tx, self.partner_code, [InboundState.PARKED])
        return [
            Arrival(
                carrier="",
                carrier_sha256="",
                file=InboundFile(
                    name=row.name,
                    content=self.store.blobs.get(row.sha256),
                    identity=FileIdentity(
                        kind=row.kind,
                        sequence=row.sequence,
                        dated_on=row.dated_on,
                        version=row.version,
                    ),
                ),
                sha256=row.sha256,
                signature_sha256=row.signature_sha256,
                signer=row.signer,
            )
            for row in rows
            if row.kind is not None and row.sha256 not in fresh
        ]

    def _read(self, arrival: Arrival) -> bool:
        """Read one file in one store transaction.  True when the partner's copy may be moved."""
        try:
            with self.store.begin(self.now, self.actor) as tx:
                identity, name = arrival.file.identity, arrival.file.name
                verdict = judge_number(tx, self.partner_code, identity, name)
                if verdict.error is None:
                    self._apply(tx, arrival)
                    return True
        except (PartnerFileError, PluginError, RuleError, StoreError) as error:
            if isinstance(error, StoreError) and error.reason not in CONTRADICTIONS:
                raise
            self._hold(arrival, InboundState.SET_ASIDE, error)
            return False
        self._hold(arrival, verdict.state, verdict.error)
        return verdict.state is InboundState.PARKED

    def _apply(self, tx: Transaction, arrival: Arrival) -> None:
        """Record what the file says; an earlier, wrong file of the same name is done with."""
        file_id = self._record(tx, arrival)
        effect = apply_file(tx, self.connector, self.reader, arrival.file, file_id)
        files.move_file(tx, file_id, InboundState.READ)
        name = scrub(arrival.file.name)
        if self.held_names:
            for held in files.list_files(tx, self.partner_code, [InboundState.SET_ASIDE]):
                if is_replaced(held, name, arrival.file.identity):
                    files.move_file(tx, held.id, InboundState.DISCARDED, reason="SUPERSEDED")
        self.summary.counts["read"] += 1
        self.summary.counts.update(effect.counts)
        self.summary.attention += effect.attention

    def _hold(self, arrival: Arrival, state: InboundState, error: GatewayError) -> None:
        with self.store.begin(self.now, self.actor) as tx:
            self._move(tx, self._record(tx, arrival), arrival.sha256, state, error)
        self.summary.counts[str(state).lower()] += 1
        self.summary.attention.append(Attention.of(error, self.partner_code, arrival.file.name))

    def _set_aside(self, name: str, content: bytes, signature: bytes, error: GatewayError) -> None:
        if self._is_discarded(content):
            self.summary.counts["discarded"] += 1
            return
        with self.store.begin(self.now, self.actor) as tx:
            file_id = files.save_file(
                tx,
                partner_code=self.partner_code,
                name=scrub(name),
                identity=self._name_identity(name, content),
                sha256=tx.blobs.put(content),
                signature_sha256=tx.blobs.put(signature) if signature else "",
                signer="",
                size_bytes=len(content),
            )
            self._move(tx, file_id, sha256_of(content), InboundState.SET_ASIDE, error)
        self.summary.counts["set_aside"] += 1
        self.summary.attention.append(Attention.of(error, self.partner_code, name))

    def _is_discarded(self, content: bytes) -> bool:
        """Whether a person put these very bytes away; the partner's copy may still lie there."""
        with self.store.read() as tx:
            known = files.find_content(tx, self.partner_code, sha256_of(content))
        return (
            known is not None
            and known.state is InboundState.DISCARDED
            and known.reason.startswith(BY_PERSON)
        )

    def _name_identity(self, name: str, content: bytes) -> FileIdentity | None:
        """What an unproven file claims to be, only to show it; nothing is read from it."""
        try:
            return self.connector.identify(name, content[:HEAD_BYTES])
        except (PartnerFileError, PluginError):
            return None

    def _move(
        self, tx: Transaction, file_id: int, sha256: str, state: InboundState, error: GatewayError
    ) -> None:
        """Move a file to where it waits; one that waits there already is left as it is."""
        known = files.find_content(tx, self.partner_code, sha256)
        if known is not None and (known.state, known.reason) == (state, error.reason):
            return
        files.move_file(
            tx,
            file_id,
            state,
            reason=error.reason,
            message_en=scrub(error.text("en")),
            message_id=scrub(error.text("id")),
        )

    # The partner's copy ------------------------------------------------------

    def retire_all(self, session: Session, names: Sequence[str]) -> None:
        for name in names:
            self._retire(session, name)

    def _retire(self, session: Session, name: str) -> None:
        session.retire(name)
        if self.inbox.trust == "signed":
            session.retire(name + SIGNATURE_SUFFIX)


def _reading_key(arrival: Arrival) -> tuple[int, int, int, int, str]:
    identity = arrival.file.identity
    year = identity.dated_on.year if identity.dated_on else 0
    return (
        READING_ORDER.index(identity.kind),
        year,
        identity.sequence or 0,
        identity.version,
        arrival.file.name,
    )
