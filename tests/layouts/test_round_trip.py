"""What is written is read back the same; what is read is written back byte for byte."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import gateway_bank_jambi.layout
import pytest
from gateway_bpr_generic.building import build_layouts
from gateway_bpr_generic.settings import Settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.clock import WIB
from gateway.domain.files import InboundFile
from gateway.domain.partners import Partner
from gateway.errors import FileUnreadable, PartnerFileError
from gateway.layouts import (
    Field,
    FieldType,
    Layout,
    Records,
    Row,
    Style,
    TotalKind,
    identify_name,
    read_records,
    write_records,
)
from gateway.layouts.values import Value

ROOT = Path(__file__).parents[2]
T = FieldType
MADE_BY_THE_CODEC = {T.ORDINAL, T.CONSTANT}


def _demo_bank(code: str) -> tuple[Partner, list[Layout]]:
    raw: Any = tomllib.loads((ROOT / f"config/partners/{code}.toml").read_text("utf-8"))
    partner = Partner(code=code, name=raw["name"], bank_code=raw["bank_code"])
    return partner, build_layouts(Settings().load(raw["settings"]))


JAMBI = Partner(code="bank_jambi", name="Bank Jambi", bank_code="115")
BANKS = (
    (JAMBI, list(gateway_bank_jambi.layout.LAYOUTS)),
    _demo_bank("bpr_kenali"),
    _demo_bank("bpr_batanghari"),
)
EVERY = [(partner, layout) for partner, layouts in BANKS for layout in layouts]
NAMES = [f"{partner.code}-{layout.kind}" for partner, layout in EVERY]
SAMPLES = [
    *(path for path in (ROOT / "plugins/bank_jambi/samples").iterdir() if path.suffix == ".txt"),
    *(
        path
        for path in (ROOT / "plugins/bpr_generic/samples").glob("*/*")
        if ".json" not in path.name
    ),
]


def texts(field: Field, layout: Layout) -> st.SearchStrategy[str]:
    most = min(size for size in (field.width, field.limit, 20) if size)
    fixed = layout.style is Style.FIXED
    letters = st.characters(
        codec=layout.encoding, exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    plain = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
    free = letters if field.type is T.TEXT else plain
    banned = layout.separator + "".join(layout.replace)
    texts = st.text(free.filter(lambda letter: letter not in banned), min_size=1, max_size=most)
    return texts.map(lambda text: text.rstrip(" ") or "x") if fixed else texts


def values(field: Field, layout: Layout) -> st.SearchStrategy[Value]:
    room = field.width if layout.style is Style.FIXED else 16
    digits = min(room, 16)
    days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
    whole_seconds = st.times().map(lambda time: time.replace(microsecond=0))
    highest = 10 ** min(digits, 13) - 1 if field.maximum is None else field.maximum
    strategies: Mapping[FieldType, st.SearchStrategy[Value]] = {
        T.DATE: days,
        T.MOMENT: st.builds(datetime.combine, days, whole_seconds, st.just(WIB)),
        T.RUPIAH: st.integers(field.minimum, highest),
        T.INTEGER: st.integers(field.minimum, highest),
        T.PERCENT: st.integers(0, field.maximum or 9999),
        T.DIGITS: st.text("0123456789", min_size=1, max_size=min(room, field.limit or 16)),
        T.LOAN_NUMBER: st.text("0123456789", min_size=1, max_size=min(room, 35)),
        T.PERIOD: days.map(lambda day: f"{day:%Y%m}"),
        T.CODE: st.sampled_from(sorted(field.codes.values()) or ["-"]),
        T.DIGEST: st.text("0123456789abcdef", min_size=64, max_size=64),
    }
    known = strategies.get(field.type, texts(field, layout))
    return known if field.required else st.none() | known


def records(layout: Layout) -> st.SearchStrategy[list[dict[str, Value]]]:
    row = {f.name: values(f, layout) for f in layout.detail if f.type not in MADE_BY_THE_CODEC}
    return st.lists(st.fixed_dictionaries(row), max_size=4)


def headers(layout: Layout) -> st.SearchStrategy[dict[str, Value]]:
    filled = {"kode_bank", "tanggal", "seq", "koreksi"}
    own = [f for f in layout.header if f.name not in filled and f.type not in MADE_BY_THE_CODEC]
    return st.fixed_dictionaries({field.name: values(field, layout) for field in own})


def inbound(layout: Layout, partner: Partner, name: str, content: bytes) -> InboundFile:
    identity = identify_name(layout, partner, name)
    assert identity is not None
    return InboundFile(name=name, content=content, identity=identity)


def rewritten(layout: Layout, partner: Partner, file: InboundFile, read: Records[Row]) -> bytes:
    identity = file.identity
    assert identity.dated_on is not None
    assert identity.sequence is not None
    written = write_records(
        layout,
        partner,
        header=read.header,
        rows=[row.values for row in read.rows],
        on=identity.dated_on,
        sequence=identity.sequence,
        version=identity.version,
        trailer=read.trailer,
    )
    assert written.name == file.name
    return written.content


@pytest.mark.parametrize(("partner", "layout"), EVERY, ids=NAMES)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(choice=st.data())
def test_what_is_written_is_read_back_and_written_again(
    partner: Partner, layout: Layout, choice: st.DataObject
) -> None:
    rows = choice.draw(records(layout))
    header = choice.draw(headers(layout))
    version = choice.draw(st.sampled_from([1, 2, 17]))
    stated = {t.name: 7 for t in layout.totals if t.kind is TotalKind.STATED}
    written = write_records(
        layout,
        partner,
        header=header,
        rows=rows,
        on=choice.draw(st.dates(date(2000, 1, 1), date(2199, 12, 31))),
        sequence=choice.draw(st.integers(1, 999)),
        version=version,
        trailer=stated,
    )
    file = inbound(layout, partner, written.name, written.content)
    read = read_records(layout, file, partner)
    assert read.defects == ()
    own = [f.name for f in layout.detail if f.type not in MADE_BY_THE_CODEC]
    assert [{name: row.values[name] for name in own} for row in read.rows] == rows
    assert {name: read.header[name] for name in header} == header
    assert rewritten(layout, partner, file, read) == written.content


def find_layout(path: Path) -> tuple[Partner, Layout]:
    return next(
        (partner, layout)
        for partner, layout in EVERY
        if identify_name(layout, partner, path.name) is not None
    )


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_no_changed_byte_of_a_sample_is_accepted(path: Path) -> None:
    partner, layout = find_layout(path)
    content, chance = path.read_bytes(), random.Random(path.name)
    for place in chance.sample(range(len(content)), 60):
        other = chance.choice([byte for byte in range(256) if byte != content[place]])
        changed = content[:place] + bytes([other]) + content[place + 1 :]
        with pytest.raises(PartnerFileError):
            read_records(layout, inbound(layout, partner, path.name, changed), partner)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_no_cut_sample_is_readable(path: Path) -> None:
    partner, layout = find_layout(path)
    lines = path.read_bytes().splitlines(keepends=True)
    for count in range(len(lines)):
        cut = b"".join(lines[:count])
        with pytest.raises(FileUnreadable):
            read_records(layout, inbound(layout, partner, path.name, cut), partner)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sound_sample_is_written_back_byte_for_byte(path: Path) -> None:
    partner, layout = find_layout(path)
    file = inbound(layout, partner, path.name, path.read_bytes())
    try:
        read = read_records(layout, file, partner)
    except PartnerFileError:
        assert '"error"' in path.with_name(f"{path.name}.expected.json").read_text("utf-8")
        return
    if not read.defects:
        assert rewritten(layout, partner, file, read) == file.content


@given(content=st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_refused_and_never_crash(content: bytes) -> None:
    for partner, layout in (EVERY[1], EVERY[-1]):
        name = next(path.name for path in SAMPLES if find_layout(path)[1] is layout)
        with pytest.raises(FileUnreadable):
            read_records(layout, inbound(layout, partner, name, content), partner)
