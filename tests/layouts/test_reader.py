"""Rows that break the format while their file is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gateway.domain.files import FileKind
from gateway.errors import FileUnreadable, TotalsDisagree
from gateway.layouts import read_records

if TYPE_CHECKING:
    from tests.layouts.conftest import StandardBank

GOOD = "B1|20261030|20261030|0101|HRK2600000011|1|429166|416666|12500|0|4583334|1|0|A||"


NAMES = (
    *("ref_bank", "tgl_transaksi", "tgl_valuta", "no_rekening", "ref_pengajuan", "angsuran_ke"),
    *("nominal", "pokok", "bunga", "denda", "baki_debet_setelah", "kualitas", "hari_tunggakan"),
    *("jenis", "ref_asal", "keterangan"),
)


def a_row(**changes: str) -> str:
    values = dict(zip(NAMES, GOOD.split("|"), strict=True)) | changes
    return "|".join(values.values())


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("nominal", "0"),
        ("nominal", "-5"),
        ("nominal", "1.000"),
        ("nominal", "1,000"),
        ("nominal", "1000.50"),
        ("nominal", "1_000"),
        ("nominal", "５"),
        ("nominal", ""),
        ("nominal", "10000000000000000"),
        ("tgl_valuta", "20261330"),
        ("tgl_valuta", "20260229"),
        ("tgl_transaksi", ""),
        ("no_rekening", "1.23E+02"),
        ("angsuran_ke", "0"),
        ("kualitas", "6"),
        ("hari_tunggakan", "-1"),
        ("jenis", "X"),
        ("jenis", ""),
        ("ref_pengajuan", "x" * 36),
        ("keterangan", "a\x00b"),
    ],
)
def test_a_broken_row_is_a_defect_and_the_rest_goes_on(
    bank: StandardBank, column: str, text: str
) -> None:
    rows = [a_row(), a_row(**{column: text}), a_row()]
    file = bank.file(FileKind.ANGSURAN, rows, f"{429166 * 3}|0|{429166 * 3}")
    records = read_records(bank.layout(FileKind.ANGSURAN), file, bank.partner)
    assert [row.line for row in records.rows] == [2, 4]
    (defect,) = records.defects
    assert (defect.line, defect.column) == (3, column)
    assert defect.message_en.startswith("Line 3 cannot be read: column ")
    assert defect.message_id.startswith("Baris 3 tidak terbaca: kolom ")


@pytest.mark.parametrize("row", ["", "B1", GOOD + "|", GOOD.replace("|A||", "|A|")])
def test_a_row_with_another_number_of_fields_is_a_defect(bank: StandardBank, row: str) -> None:
    file = bank.file(FileKind.ANGSURAN, [row, GOOD], f"{429166 * 2}|0|{429166 * 2}")
    records = read_records(bank.layout(FileKind.ANGSURAN), file, bank.partner)
    assert [defect.line for defect in records.defects] == [2]
    assert "18 are agreed" in records.defects[0].message_en
    assert len(records.rows) == 1


def test_an_amount_of_ten_to_the_fifteenth_and_one_is_exact(bank: StandardBank) -> None:
    amount = 10**15 + 1
    row = a_row(nominal=str(amount), pokok="", bunga="", denda="")
    file = bank.file(FileKind.ANGSURAN, [row], f"{amount}|0|{amount}")
    records = read_records(bank.layout(FileKind.ANGSURAN), file, bank.partner)
    assert records.rows[0].values["nominal"] == 1_000_000_000_000_001


def totals(bank: StandardBank, rows: list[str], stated: str) -> None:
    file = bank.file(FileKind.ANGSURAN, rows, stated)
    read_records(bank.layout(FileKind.ANGSURAN), file, bank.partner)


def test_a_total_may_exceed_what_can_be_read_but_not_fall_short(bank: StandardBank) -> None:
    rows = [a_row(), a_row(nominal="1.000")]
    totals(bank, rows, "429166|0|429166")
    totals(bank, rows, "500000|0|500000")
    with pytest.raises(TotalsDisagree):
        totals(bank, rows, "429165|0|429165")


def test_a_broken_row_whose_money_can_be_read_is_added_up_exactly(bank: StandardBank) -> None:
    rows = [a_row(), a_row(tgl_valuta="20261330")]
    totals(bank, rows, "858332|0|858332")
    for wrong in ("858333|0|858333", "858331|0|858331", "429166|429166|0"):
        with pytest.raises(TotalsDisagree):
            totals(bank, rows, wrong)


def test_the_difference_is_checked_even_when_rows_are_broken(bank: StandardBank) -> None:
    with pytest.raises(TotalsDisagree) as caught:
        totals(bank, [a_row(nominal="x")], "5|0|4")
    assert caught.value.column == "neto"


def test_a_file_of_reversals_has_a_net_below_zero(bank: StandardBank) -> None:
    totals(bank, [a_row(jenis="R", ref_asal="B0")], "0|429166|-429166")


def test_a_file_without_rows_is_sound(bank: StandardBank) -> None:
    totals(bank, [], "0|0|0")


def test_counts_by_code_allow_for_broken_rows_and_no_more(bank: StandardBank) -> None:
    rows = ["HRK1|T||", "HRK2|X||"]
    kind, more = FileKind.TANDATERIMA, f"|BATCH1|{'a' * 64}"
    for stated in ("1|0", "2|0", "1|1"):
        file = bank.file(kind, rows, stated, more=more)
        assert len(read_records(bank.layout(kind), file, bank.partner).defects) == 1
    for stated in ("0|1", "3|0", "1|2"):
        with pytest.raises(TotalsDisagree):
            read_records(bank.layout(kind), bank.file(kind, rows, stated, more=more), bank.partner)


def test_hostile_bytes_are_refused_without_a_crash(bank: StandardBank) -> None:
    layout = bank.layout(FileKind.ANGSURAN)
    name = "115.157100.ANGSURAN.20261030.001.txt"
    nasty = [
        *(b"\x00" * 1000, b"|" * 70_000 + b"\n", b"\n" * 10_000, b"T|" * 1000 + b"\n"),
        *("٣|５|𝟗\n".encode(), b"\x80\x81\n", b"\xed\xa0\x80\n", b"=cmd|'/C calc'!A0\n"),
        *(b"<?xml version='1.0'?>\n", b'{"H":1}\n', b"H|\nT|\n", b"H|ANGSURAN\nD\nT\n"),
    ]
    for content in nasty:
        with pytest.raises(FileUnreadable):
            read_records(layout, bank.named(FileKind.ANGSURAN, content, name), bank.partner)
