"""Laws about what a plugin is: its hooks, its settings, its layouts, its purity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from marshmallow import Schema, ValidationError

from gateway.connectors.settings import ask_schema
from gateway.domain.files import OUTBOUND, FileIdentity, FileKind, InboundFile
from gateway.errors import PartnerFileError, PluginError
from gateway.layouts import Layout, TotalKind, read_records, write_records
from gateway.testing.builders import DAY
from gateway.testing.case import Case, LawBroken, NotJudged
from gateway.testing.layout_rows import TAKEN_BY_THE_CODEC, make_header, make_rows, make_trailer
from gateway.testing.samples import Sample, StrangerSample, read_sample
from gateway.testing.watch import watched

STRANGE_KEY = "kunci_tak_dikenal"
MONEY: Mapping[FileKind, tuple[str, ...]] = {
    FileKind.PENGAJUAN: ("plafon_diajukan",),
    FileKind.KEPUTUSAN: ("plafon_disetujui",),
    FileKind.PENCAIRAN: ("nominal",),
    FileKind.JADWAL: ("pokok", "bunga"),
    FileKind.ANGSURAN: ("nominal",),
    FileKind.RINCIAN: ("nominal",),
    FileKind.POSISI: ("baki_debet",),
    FileKind.SUBSIDI: ("subsidi_baris",),
}
"""The amounts of each kind that a trailer must add up."""
ADDS_UP = frozenset({TotalKind.SUM, TotalKind.SUBSIDY})


def answers_what_it_says(case: Case) -> None:
    """The hooks are those that the author states, and the kind is the one that is expected."""
    connector = case.connect()
    if connector.kind is not case.kind:
        raise LawBroken(f"it speaks for a {connector.kind}, not for a {case.kind}")
    if case.stated is None or connector.hooks == case.stated:
        return
    unsaid = ", ".join(sorted(connector.hooks - case.stated)) or "none"
    missing = ", ".join(sorted(case.stated - connector.hooks)) or "none"
    raise LawBroken(f"hooks without being stated: {unsaid}; stated without being there: {missing}")


def schema_refuses_unknown_keys(case: Case) -> None:
    """The plugin's own schema refuses a misspelt key, on every level of the settings."""
    schema = ask_schema(case.connect().relay)
    for place, raw in _misspelt(case.settings, "settings"):
        if _takes(schema, raw):
            raise LawBroken(f"an unknown key in {place} is taken in silence")


def every_kind_has_a_sample(case: Case) -> None:
    """Each kind of file that is read has a sample, or a written reason why not."""
    connector = case.connect()
    sampled: set[FileKind] = set()
    for sample in case.find_samples():
        identity = connector.identify(sample.name, sample.content)
        if identity is not None and not sample.is_refused:
            sampled.add(identity.kind)
    inbound = connector.kinds - OUTBOUND
    for kind in sorted(inbound - sampled):
        if not case.reasons.get(kind, "").strip():
            raise LawBroken(f"{kind} is read, but has neither a sample nor a reason for none")
    for name in sorted(set(case.reasons) - (inbound - sampled)):
        raise LawBroken(f"the reason for no sample of {name} is out of date")


def hooks_touch_nothing(case: Case) -> None:
    """No hook reads the clock, draws lots, opens a file or calls somebody."""
    samples = case.find_samples()
    # Whatever Python loads on first use is loaded now, unwatched.
    _exercise(case, samples)
    with watched() as seen:
        _exercise(case, samples)
    if seen:
        raise LawBroken(f"asked, the plugin touched {', '.join(seen)}")


def layout_round_trips(case: Case) -> None:
    """What a layout writes, it reads back the same, and writes again byte for byte."""
    connector = case.connect()
    for layout in connector.layouts.values():
        rows, header, trailer = make_rows(layout), make_header(layout), make_trailer(layout)
        try:
            first = write_records(
                layout,
                connector.partner,
                header=header,
                rows=rows,
                on=DAY,
                sequence=1,
                trailer=trailer,
            )
            identity = FileIdentity(kind=layout.kind, sequence=1, dated_on=DAY)
            file = InboundFile(name=first.name, content=first.content, identity=identity)
            read = read_records(layout, file, connector.partner)
        except PartnerFileError as error:
            raise LawBroken(f"{layout.kind} cannot read what it wrote: {error}") from error
        if read.defects:
            raise LawBroken(f"{layout.kind} finds a defect in what it wrote: {read.defects[0]}")
        back = [{name: row.values.get(name) for name in _own(layout)} for row in read.rows]
        wanted = [{name: row.get(name) for name in _own(layout)} for row in rows]
        if back != wanted:
            raise LawBroken(f"{layout.kind} reads other values than it wrote")


def layouts_carry_totals(case: Case) -> None:
    """Every layout counts its rows, and adds up the money that they move."""
    for layout in case.connect().layouts.values():
        kinds = {total.kind for total in layout.totals}
        if TotalKind.COUNT not in kinds:
            raise LawBroken(f"{layout.kind} does not state how many rows it has")
        added = {total.of for total in layout.totals if total.kind in ADDS_UP}
        for money in MONEY.get(layout.kind, ()):
            if money not in added:
                raise LawBroken(f"{layout.kind} states no total of {money}")


def _own(layout: Layout) -> list[str]:
    return [field.name for field in layout.detail if field.type not in TAKEN_BY_THE_CODEC]


def _takes(schema: Schema, raw: Mapping[str, object]) -> bool:
    try:
        schema.load(raw)
    except ValidationError as error:
        return STRANGE_KEY not in str(error.messages)
    return True


def _misspelt(raw: object, place: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The settings with one key too many, on each level in turn."""
    if not isinstance(raw, Mapping):
        return
    yield place, {**raw, STRANGE_KEY: 1}
    for key, below in raw.items():
        for deeper, changed in _misspelt(below, f"{place}.{key}"):
            yield deeper, {**raw, key: changed}


def _exercise(case: Case, samples: Sequence[Sample]) -> None:
    """Ask everything that a partner's day asks, once; other laws judge the answers."""
    connector = case.connect()
    with suppress(NotJudged, PluginError):
        case.write(connector)
    for sample in samples:
        with suppress(PartnerFileError, PluginError, StrangerSample):
            read_sample(connector, sample.name, sample.content)
