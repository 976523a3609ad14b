from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from gateway.domain.files import FileKind
from gateway.layouts import Field, FieldType, Layout, Style, layout_problems, pick, tag
from gateway.layouts.frames import header_words

if TYPE_CHECKING:
    from tests.layouts.conftest import StandardBank

Change = Callable[[Layout], Layout]


def with_(**changes: object) -> Change:
    return lambda layout: dataclasses.replace(layout, **changes)  # type: ignore[arg-type]  # any of its fields


def field(record: str, which: str, /, **changes: object) -> Change:
    def change(layout: Layout) -> Layout:
        fields: tuple[Field, ...] = getattr(layout, record)
        changed = [
            dataclasses.replace(one, **changes) if one.name == which else one  # type: ignore[arg-type]  # any of its fields
            for one in fields
        ]
        return dataclasses.replace(layout, **{record: tuple(changed)})  # type: ignore[arg-type]  # a record

    return change


def without(record: str, name: str) -> Change:
    return lambda layout: dataclasses.replace(
        layout,
        **{record: tuple(one for one in getattr(layout, record) if one.name != name)},  # type: ignore[arg-type]  # a record
    )


@pytest.mark.parametrize("kind", [k for k in FileKind if k not in {"PERMINTAAN", "IDEB"}])
def test_the_citys_standard_layouts_are_sound(bank: StandardBank, kind: FileKind) -> None:
    assert layout_problems(bank.layout(kind)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (with_(name="../{kind}.txt"), "letters, digits"),
        (with_(name=".{kind}.txt"), "letters, digits"),
        (with_(name="{kind}{number}{version}.txt"), "unknown place {number}"),
        (with_(name="{kind}{seq}{seq}{version}.txt"), "stands twice"),
        (with_(name="{kind}.{seq}.txt"), "{version} is missing"),
        (with_(sequence_digits=0), "sequence_digits"),
        (with_(encoding="utf-16"), "encoding"),
        (with_(newline="\r"), "newline"),
        (with_(separator="0"), "separator"),
        (with_(replace={"||": "x"}), "replace"),
        (with_(replace={";": "|"}), "replace"),
        (with_(style=Style.FIXED), "width is missing"),
        (with_(style=Style.FIXED), "one byte per character"),
        (with_(style=Style.FIXED, headings=True), "a fixed-width file has none"),
        (with_(headings=True), "heading is missing"),
        (without("detail", "nominal"), "nominal missing"),
        (without("trailer", "total_masuk"), "total_masuk missing"),
        (without("trailer", "jumlah"), "jumlah not in the trailer"),
        (field("header", "tanda", constant=""), "header: its first field must be a constant"),
        (without("trailer", "tanda"), "trailer: its first field must be a constant"),
        (field("detail", "tanda", constant="T"), "must begin differently"),
        (field("detail", "jenis", codes={}), "codes are missing"),
        (field("detail", "jenis", codes={"A": "A", "B": "A"}), "mean the same"),
        (field("detail", "jenis", codes={"A|": "A"}), "hold the separator"),
        (field("detail", "tgl_valuta", format="%d %B %Y"), "only %Y %m %d"),
        (field("detail", "tgl_valuta", format="%d%m"), "once each"),
        (field("detail", "nominal", name="pokok"), "'pokok' stands twice"),
        (field("trailer", "neto", name="bersih"), "no total says what it must be"),
        (with_(totals=()), "jumlah"),
        (with_(totals=()), "a total of the money is missing"),
    ],
)
def test_a_layout_that_could_not_be_trusted_is_refused(
    bank: StandardBank, change: Change, said: str
) -> None:
    problems = layout_problems(change(bank.layout(FileKind.ANGSURAN)))
    assert any(said in problem for problem in problems), problems


def test_a_digest_stands_last_and_once(bank: StandardBank) -> None:
    layout = bank.layout(FileKind.RINCIAN)
    first, count, total, digest = layout.trailer
    for trailer in ((first, count, digest, total), (first, count, total, digest, digest)):
        problems = layout_problems(dataclasses.replace(layout, trailer=trailer))
        assert any("digest must be the last" in problem for problem in problems)


def test_a_receipt_without_its_batch_is_refused(bank: StandardBank) -> None:
    layout = dataclasses.replace(
        bank.layout(FileKind.TANDATERIMA),
        header=(tag("H"), *pick(header_words(FileKind.TANDATERIMA), "jenis_berkas", "kode_bank")),
    )
    assert layout_problems(layout) == ["batch_id, sha256_diterima missing"]


def test_a_fixed_width_field_has_room_for_what_it_holds(bank: StandardBank) -> None:
    wide = [
        dataclasses.replace(one, width=10 if one.type is FieldType.DATE else 20)
        for one in bank.layout(FileKind.RINCIAN).trailer
    ]
    layout = dataclasses.replace(
        bank.layout(FileKind.RINCIAN), style=Style.FIXED, encoding="ascii", trailer=tuple(wide)
    )
    assert "trailer.sha256: width must be 64 or more" in layout_problems(layout)
