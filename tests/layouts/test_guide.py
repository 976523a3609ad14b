from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal

import pytest

from gateway.domain.files import FileKind
from gateway.layouts import guide

if TYPE_CHECKING:
    from tests.layouts.conftest import StandardBank

KINDS = [kind for kind in FileKind if kind not in {"PERMINTAAN", "IDEB"}]


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_kind_has_a_line_in_both_languages(
    bank: StandardBank, kind: FileKind, lang: Literal["id", "en"]
) -> None:
    layout = bank.layout(kind)
    text = guide(layout, lang)
    for field in (*layout.header, *layout.detail, *layout.trailer):
        assert f"| `{field.name}` |" in text
        assert (field.label_id if lang == "id" else field.label_en) in text
    rows = [line.count("|") for line in text.splitlines() if line.startswith("| ")]
    assert set(rows) == {6}


def test_the_guide_says_how_each_total_is_made(bank: StandardBank) -> None:
    text = guide(bank.layout(FileKind.ANGSURAN), "en")
    assert "sum of `nominal` where `jenis` = A/P" in text
    assert "`total_masuk` − `total_koreksi`" in text
    assert "as the bank states it" in guide(bank.layout(FileKind.POSISI), "en")
    assert "115.157100" not in text


def test_the_guide_shows_the_partners_own_headings_and_codes(bank: StandardBank) -> None:
    layout = bank.layout(FileKind.TANDATERIMA)
    detail = tuple(
        dataclasses.replace(one, heading=one.name.upper(), codes={"OK": "T"} if one.codes else {})
        for one in layout.detail
    )
    text = guide(dataclasses.replace(layout, detail=detail, headings=True), "id")
    assert "| `STATUS` |" in text
    assert "`OK` = T" in text
    assert "Baris 2 berisi judul kolom." in text
