"""A partner's plugin, asked in the gateway's own words: by layout first, by hook second."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any, TypeVar

from gateway import layouts as codec
from gateway.connectors import guards
from gateway.connectors.blame import blamed
from gateway.connectors.discovery import LoadedPlugin, load_plugin
from gateway.connectors.relay import Relay, hook_missing
from gateway.connectors.settings import load_settings
from gateway.domain.batches import Acknowledgement, Batch
from gateway.domain.credit import CreditInquiry, CreditReport
from gateway.domain.files import (
    OUTBOUND,
    FileIdentity,
    FileKind,
    InboundFile,
    OutboundFile,
    Reading,
)
from gateway.domain.loans import (
    Decision,
    Disbursement,
    MemberShare,
    PositionStatement,
    RepaymentStatement,
    ScheduledInstalment,
)
from gateway.domain.partners import Partner, PartnerKind
from gateway.domain.subsidy import SubsidyClaim
from gateway.layouts import Layout

HEAD_BYTES = 4096
HOOK_FOR: Mapping[FileKind, str] = {
    FileKind.PENGAJUAN: "render_batch",
    FileKind.TANDATERIMA: "read_acknowledgement",
    FileKind.KEPUTUSAN: "read_decisions",
    FileKind.PENCAIRAN: "read_disbursements",
    FileKind.ANGSURAN: "read_repayments",
    FileKind.SUBSIDI: "read_subsidy_claim",
    FileKind.PERMINTAAN: "render_inquiries",
    FileKind.IDEB: "read_credit_reports",
}
LAYOUT_ONLY = frozenset({FileKind.JADWAL, FileKind.RINCIAN, FileKind.POSISI})
BY_LAYOUT = LAYOUT_ONLY | (set(HOOK_FOR) - {FileKind.PERMINTAAN, FileKind.IDEB})
REQUIRED: Mapping[PartnerKind, tuple[FileKind, ...]] = {
    PartnerKind.BANK: (FileKind.PENGAJUAN, FileKind.TANDATERIMA, FileKind.KEPUTUSAN),
    PartnerKind.REGISTRY: (FileKind.PERMINTAAN, FileKind.IDEB),
}

T = TypeVar("T")
Read = Callable[[Layout, Partner, InboundFile], Reading[T]]


class Connector:
    """What steps ask of a partner.  Every answer was checked; every failure is one of ours.

    All reading raises :class:`~gateway.errors.PartnerFileError` for a file that breaks the
    format, :class:`~gateway.errors.HookMissing` for a kind the partner does not send, and
    another :class:`~gateway.errors.PluginError` for a plugin that must be mended.
    """

    def __init__(self, partner: Partner, plugin: LoadedPlugin, relay: Relay) -> None:
        self.partner = partner
        self.kind = relay.kind
        self.plugin_name = plugin.name
        self.plugin_version = plugin.version
        self.relay = relay
        self.hooks = relay.hooks
        self.layouts = _ask_layouts(relay, partner)
        _require(self)

    @property
    def kinds(self) -> frozenset[FileKind]:
        """The kinds of file that this partner's plugin writes or reads."""
        by_hook = {kind for kind, hook in HOOK_FOR.items() if hook in self.hooks}
        return frozenset(by_hook | set(self.layouts))

    def identify(self, name: str, head: bytes) -> FileIdentity | None:
        """Say what an inbound file reports, or ``None`` for a stranger."""
        for layout in self.layouts.values():
            if layout.kind in OUTBOUND:
                continue
            with self._guarded(layout):
                known = codec.identify_name(layout, self.partner, name)
            if known is not None:
                return known
        if "identify_file" not in self.hooks:
            return None
        told: FileIdentity | None = self.relay.ask(
            "identify_file", partner=self.partner, name=name, head=head[:HEAD_BYTES]
        )
        if told is not None and (told.kind in OUTBOUND or told.kind not in self.kinds):
            raise guards.wrong_answer(
                "identify_file", f"nobody reads a {told.kind} of this partner"
            )
        return told

    def render_batch(self, batch: Batch) -> tuple[OutboundFile, ...]:
        """Write a sealed batch as the partner's files, safe to sign and deliver."""
        layout = self.layouts.get(FileKind.PENGAJUAN)
        if layout is not None:
            with self._guarded(layout):
                written = codec.write_batch(layout, self.partner, batch)
            return guards.check_files("render_batch", [written])
        files: list[OutboundFile] = self.relay.ask(
            "render_batch", partner=self.partner, batch=batch
        )
        return guards.check_files("render_batch", files)

    def render_inquiries(
        self, batch_reference: str, dated_on: str, inquiries: Sequence[CreditInquiry]
    ) -> tuple[OutboundFile, ...]:
        """Write credit inquiries as the registry's files, safe to sign and deliver."""
        files: list[OutboundFile] = self.relay.ask(
            "render_inquiries",
            partner=self.partner,
            batch_reference=batch_reference,
            dated_on=dated_on,
            inquiries=tuple(inquiries),
        )
        return guards.check_files("render_inquiries", files)

    def read_acknowledgement(self, file: InboundFile) -> Reading[Acknowledgement]:
        """Read the partner's receipt for a batch."""
        if layout := self.layouts.get(FileKind.TANDATERIMA):
            return self._by_layout(codec.read_acknowledgement, layout, file)
        return self._by_hook("read_acknowledgement", file)

    def read_decisions(self, file: InboundFile) -> Reading[tuple[Decision, ...]]:
        """Read the bank's answers, one per application."""
        if layout := self.layouts.get(FileKind.KEPUTUSAN):
            return self._by_layout(codec.read_decisions, layout, file)
        return self._by_hook("read_decisions", file)

    def read_disbursements(self, file: InboundFile) -> Reading[tuple[Disbursement, ...]]:
        """Read the loans the bank has paid out."""
        if layout := self.layouts.get(FileKind.PENCAIRAN):
            return self._by_layout(codec.read_disbursements, layout, file)
        return self._by_hook("read_disbursements", file)

    def read_schedule(self, file: InboundFile) -> Reading[tuple[ScheduledInstalment, ...]]:
        """Read the bank's own schedules; by layout only."""
        return self._by_layout(codec.read_schedule, self._only(FileKind.JADWAL), file)

    def read_repayments(self, file: InboundFile) -> Reading[RepaymentStatement]:
        """Read the bank's repayments with the totals it states."""
        if layout := self.layouts.get(FileKind.ANGSURAN):
            return self._by_layout(codec.read_repayments, layout, file)
        return self._by_hook("read_repayments", file)

    def read_shares(self, file: InboundFile) -> Reading[tuple[MemberShare, ...]]:
        """Read how groups' payments split over their members; by layout only."""
        return self._by_layout(codec.read_shares, self._only(FileKind.RINCIAN), file)

    def read_positions(self, file: InboundFile) -> Reading[PositionStatement]:
        """Read the bank's monthly positions; by layout only."""
        return self._by_layout(codec.read_positions, self._only(FileKind.POSISI), file)

    def read_subsidy_claim(self, file: InboundFile) -> Reading[SubsidyClaim]:
        """Read the bank's bill for subsidised interest."""
        if layout := self.layouts.get(FileKind.SUBSIDI):
            return self._by_layout(codec.read_subsidy_claim, layout, file)
        return self._by_hook("read_subsidy_claim", file)

    def read_credit_reports(self, file: InboundFile) -> Reading[tuple[CreditReport, ...]]:
        """Read the registry's answers."""
        return self._by_hook("read_credit_reports", file)

    def _guarded(self, layout: Layout) -> AbstractContextManager[None]:
        return blamed(self.plugin_name, f"layouts ({layout.kind})", reason="LAYOUT_FAILED")

    def _only(self, kind: FileKind) -> Layout:
        if kind not in self.layouts:
            raise hook_missing(self.plugin_name, kind)
        return self.layouts[kind]

    def _by_layout(self, read: Read[T], layout: Layout, file: InboundFile) -> Reading[T]:
        with self._guarded(layout):
            return read(layout, self.partner, file)

    def _by_hook(self, hook: str, file: InboundFile) -> Reading[Any]:
        # The relay has compared the answer with the hook's annotation, down to each field.
        answer = self.relay.ask(hook, partner=self.partner, file=file)
        guards.check_numbers(hook, answer)
        return Reading(value=tuple(answer) if isinstance(answer, list) else answer)


def connect(partner: Partner, raw_settings: Mapping[str, object], plugin: str) -> Connector:
    """Join a partner with the installed plugin that it names.

    :raises PluginMissing: it is not installed.
    :raises HookMissing: it cannot do what its kind of partner must do.
    :raises PluginFailed: it does not import, or is no plugin.
    :raises ConfigError: the partner's settings, every problem at once.
    """
    return connect_plugin(partner, raw_settings, load_plugin(plugin))


def connect_plugin(
    partner: Partner, raw_settings: Mapping[str, object], plugin: LoadedPlugin
) -> Connector:
    """Join a partner with a plugin that is already imported; raises as :func:`connect`."""
    relay = Relay(plugin.name, plugin.module)
    settings = load_settings(relay, raw_settings)
    return Connector(dataclasses.replace(partner, settings=settings), plugin, relay)


def _ask_layouts(relay: Relay, partner: Partner) -> Mapping[FileKind, Layout]:
    if "layouts" not in relay.hooks:
        return MappingProxyType({})
    given: list[Layout] = relay.ask("layouts", partner=partner)
    layouts: dict[FileKind, Layout] = {layout.kind: layout for layout in given}
    if len(layouts) != len(given):
        raise guards.wrong_answer("layouts", "two layouts are of one kind")
    if strange := sorted(set(layouts) - BY_LAYOUT):
        raise guards.wrong_answer("layouts", f"{strange[0]} cannot be a layout")
    for layout in given:
        if problems := codec.layout_problems(layout):
            raise guards.wrong_answer("layouts", f"{layout.kind}: {'; '.join(problems)}")
    return MappingProxyType(layouts)


def _require(connector: Connector) -> None:
    missing = [
        f"{kind} ({HOOK_FOR[kind]})"
        for kind in REQUIRED[connector.kind]
        if kind not in connector.kinds
    ]
    read_by_hook = connector.kinds - OUTBOUND - set(connector.layouts)
    if read_by_hook and "identify_file" not in connector.hooks:
        missing.append("identify_file")
    if missing:
        raise hook_missing(connector.plugin_name, ", ".join(missing))
