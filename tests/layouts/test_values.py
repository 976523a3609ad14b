from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clock import WIB
from gateway.domain.files import FileKind
from gateway.layouts import Field, FieldType, Layout
from gateway.layouts.printing import fit_charset, make_printer
from gateway.layouts.values import Value, ValueProblem, make_parser

T = FieldType


def a_field(type_: FieldType, **changes: object) -> Field:
    formats = {T.DATE: "%d/%m/%Y", T.MOMENT: "%Y%m%d%H%M%S"}
    values: dict[str, object] = {"format": formats.get(type_, ""), **changes}
    return Field(name="kolom", type=type_, **values)  # type: ignore[arg-type]  # any of its fields


def parse(type_: FieldType, text: str, **changes: object) -> Value:
    return make_parser(a_field(type_, **changes))(text)


def refusal(type_: FieldType, text: str, **changes: object) -> str:
    with pytest.raises(ValueProblem) as caught:
        parse(type_, text, **changes)
    return caught.value.en


@pytest.mark.parametrize(
    "text",
    [
        *("５", "１２", "1_000", "1.000", "1,000", "1000.50", "-5", "+5", "05", " 5", "5 ", "5\n"),
        *("1e3", "0x10", "٥", "²", "Rp5", "10000000000000000", "--", "-", "00", "1 000", "\u00a05"),
    ],
)
def test_an_amount_is_bare_ascii_digits(text: str) -> None:
    assert "bare digits" in refusal(T.RUPIAH, text)
    assert "bare digits" in refusal(T.INTEGER, text)


@pytest.mark.parametrize("number", [0, 1, 10**15 + 1, 10**16 - 1])
def test_an_amount_is_exact_to_sixteen_digits(number: int) -> None:
    assert parse(T.RUPIAH, str(number)) == number


def test_only_a_signed_figure_may_be_below_zero() -> None:
    assert parse(T.RUPIAH, "-429166", signed=True) == -429166
    assert "bare digits" in refusal(T.RUPIAH, "-0", signed=True)
    assert "bare digits" in refusal(T.RUPIAH, "-05", signed=True)


def test_a_number_stays_in_its_range() -> None:
    assert refusal(T.INTEGER, "6", minimum=1, maximum=5) == "it must be from 1 to 5"
    assert refusal(T.RUPIAH, "0", minimum=1) == "it must be 1 or more"


@pytest.mark.parametrize(
    "text",
    [
        *("31/02/2026", "2026/01/01", "1/1/2026", "01/01/1899", "01/13/2026", "０1/01/2026", "x"),
        *("01/01/2026x", "01/01/2026\n", "x01/01/2026", "01/01/02026"),
    ],
)
def test_a_date_is_real_and_written_as_agreed(text: str) -> None:
    assert refusal(T.DATE, text) == "it must be a real date as dd/mm/yyyy"


def test_a_leap_day_is_real_in_a_leap_year_only() -> None:
    assert parse(T.DATE, "29/02/2028") == date(2028, 2, 29)
    assert "real date" in refusal(T.DATE, "29/02/2026")


def test_a_moment_is_in_wib() -> None:
    moment = parse(T.MOMENT, "20261030003000")
    assert moment == datetime(2026, 10, 29, 17, 30, tzinfo=UTC)
    assert "real date" in refusal(T.MOMENT, "20261030250000")
    assert "real date" in refusal(T.MOMENT, "2026103000300")


@pytest.mark.parametrize(("text", "bps"), [("7.00", 700), ("0.05", 5), ("12.34", 1234)])
def test_a_rate_in_per_cent_has_two_decimals(text: str, bps: int) -> None:
    assert parse(T.PERCENT, text) == bps


@pytest.mark.parametrize("text", ["7", "7.0", "7.000", "7,00", "07.00", "-7.00", "７.00", ".50"])
def test_another_way_to_write_a_rate_is_refused(text: str) -> None:
    assert "two decimals" in refusal(T.PERCENT, text)


def test_a_rate_has_a_ceiling() -> None:
    assert "from 0 to 10000" in refusal(T.PERCENT, "100.01", maximum=10_000)


@pytest.mark.parametrize("text", ["a\x00b", "a\tb", "a\x7fb", "a\x85b", "a\u2028b", "a\u202eb"])
def test_text_may_not_hide_control_characters(text: str) -> None:
    assert refusal(T.TEXT, text) == "it holds a control character"


def test_text_keeps_every_letter() -> None:
    assert parse(T.TEXT, " Siti Nurhaliza é 🙂") == " Siti Nurhaliza é 🙂"


def test_loan_numbers_keep_their_zeros_and_two_spellings_are_two_loans() -> None:
    assert parse(T.LOAN_NUMBER, "0123") != parse(T.LOAN_NUMBER, "123")


def test_a_loan_number_in_full_width_digits_is_the_same_number() -> None:
    assert parse(T.LOAN_NUMBER, "０１２３") == "0123"


@pytest.mark.parametrize("text", ["1.23E+02", "12-34", "٠١٢", "①②", "12 34", "1" * 36])
def test_a_loan_number_is_digits(text: str) -> None:
    assert "digits" in refusal(T.LOAN_NUMBER, text)


def test_a_reference_is_at_most_35_plain_characters() -> None:
    assert parse(T.REFERENCE, "HARKAT-2026/000 011") == "HARKAT-2026/000 011"
    for text in ("x" * 36, "é", "a\n", "ＡＢ"):
        assert "35 plain" in refusal(T.REFERENCE, text)


def test_an_empty_field_is_nothing_or_a_problem() -> None:
    assert parse(T.RUPIAH, "", required=False) is None
    assert refusal(T.RUPIAH, "") == "it is empty"
    assert "bare digits" in refusal(T.RUPIAH, "-", required=False)


def test_a_code_is_one_of_its_list_and_becomes_the_citys() -> None:
    codes = {"BAYAR": "A", "LUNAS": "P"}
    assert parse(T.CODE, "LUNAS", codes=codes) == "P"
    assert refusal(T.CODE, "lunas", codes=codes) == "it must be one of BAYAR, LUNAS"


@pytest.mark.parametrize("text", ["202613", "202600", "2026-1", "20261", "２０2601", "189912"])
def test_a_period_is_a_month(text: str) -> None:
    assert "yyyymm" in refusal(T.PERIOD, text)


@pytest.mark.parametrize("text", ["A" * 64, "a" * 63, "a" * 65, "g" * 64])
def test_a_digest_is_small_hex(text: str) -> None:
    assert "SHA-256" in refusal(T.DIGEST, text)


@given(text=st.text(max_size=20))
def test_no_text_makes_a_number_but_its_own_digits(text: str) -> None:
    try:
        number = parse(T.RUPIAH, text)
    except ValueProblem:
        return
    assert str(number) == text


def a_layout(encoding: str = "utf-8", **changes: object) -> Layout:
    return Layout(  # type: ignore[arg-type]  # changes are fields of a layout
        kind=FileKind.PENGAJUAN,
        name="x",
        detail=(),
        trailer=(),
        totals=(),
        encoding=encoding,
        **changes,
    )


def printed(type_: FieldType, value: Value, layout: Layout, **changes: object) -> str:
    return make_printer(a_field(type_, **changes), layout)(value)


def test_text_for_an_ascii_bank_loses_its_accents_but_no_letter() -> None:
    assert fit_charset("Café “Ñandú” – Øster", "ascii") == 'Cafe "Nandu" - Oster'
    with pytest.raises(ValueProblem) as caught:
        fit_charset("文", "ascii")
    assert caught.value.reason == "TEXT_UNMAPPABLE"
    assert fit_charset("é", "latin-1") == "é"


def test_text_with_the_separator_is_refused_unless_a_likeness_is_agreed() -> None:
    with pytest.raises(ValueProblem) as caught:
        printed(T.TEXT, "Jl. A|B", a_layout())
    assert caught.value.reason == "TEXT_SEPARATOR"
    assert printed(T.TEXT, "Jl. A|B", a_layout(replace={"|": "/"})) == "Jl. A/B"


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (T.RUPIAH, "5"),
        (T.RUPIAH, True),
        (T.RUPIAH, -5),
        (T.RUPIAH, 10**16),
        (T.DATE, datetime(2026, 1, 1, tzinfo=WIB)),
        (T.DATE, "2026-01-01"),
        (T.MOMENT, datetime(2026, 1, 1)),  # noqa: DTZ001 - a naive moment is what is refused
        (T.CODE, "X"),
        (T.REFERENCE, "é"),
        (T.DIGITS, "12a"),
        (T.PERIOD, "2026-10"),
        (T.LOAN_NUMBER, "０１２"),
    ],
)
def test_a_value_that_the_field_cannot_hold_is_not_written(type_: FieldType, value: Value) -> None:
    with pytest.raises(ValueProblem):
        printed(type_, value, a_layout(), codes={"A": "A"} if type_ is T.CODE else {})
