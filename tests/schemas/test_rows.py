"""Checking rows: every error of a row at once, or one draft."""

from __future__ import annotations

import dataclasses
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from gateway.domain.applications import Consent, GroupRole, Sex
from gateway.domain.loans import InterestMethod
from gateway.domain.programmes import (
    Borrower,
    GroupRules,
    Programme,
    ReconciliationRules,
    ScreeningRules,
)
from gateway.schemas import (
    COLUMNS,
    ApplicationDraft,
    FormRow,
    RowError,
    RowResult,
    check_groups,
    check_row,
    read_form,
    write_template,
)
from gateway.schemas.columns import COLUMN_NAMES, REQUIRED_COLUMNS

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""

TODAY = date(2026, 11, 22)
HARKAT = Programme(
    code="bank_harkat",
    name="Bank Harkat",
    prefix="HRK",
    borrower=Borrower.INDIVIDUAL,
    max_idr=50_000_000,
    min_idr=1_000_000,
    tenor_months=(3, 36),
    method=InterestMethod.FLAT,
    rate_bps=300,
    day_basis=360,
    target_idr=110_000_000_000,
    partners=("bank_jambi", "bpr_kenali"),
    allocation="stated_then_rotate",
    approval_days=30,
    stages=(),
    group=GroupRules(),
    screening=ScreeningRules(),
    subsidy=(),
    reconciliation=ReconciliationRules(),
)
HARTA = dataclasses.replace(
    HARKAT,
    code="bang_harta",
    name="Bang Harta",
    borrower=Borrower.GROUP,
    max_idr=20_000_000,
    tenor_months=(3, 24),
)
SITI: dict[str, Any] = {
    "nik": "1571995205850003",
    "nama": "SITI CONTOH",
    "tgl_lahir": "1985-05-12",
    "jenis_kelamin": "P",
    "alamat": "JL CONTOH NO 1",
    "rt": "5",
    "kelurahan": "Kenali Asam",
    "no_hp": "081234567890",
    "nib": "1234567890123",
    "npwp": "01.300.066.6-091.000",
    "kbli": "47112",
    "nama_usaha": "WARUNG CONTOH",
    "mulai_usaha": "2021-03-01",
    "omzet_bulanan": "Rp6.000.000",
    "plafon_diajukan": "5000000",
    "tenor_bulan": "12",
    "tujuan": "MODAL KERJA",
    "bank": "bank_jambi",
    "persetujuan_slik_tgl": "2026-11-02",
    "persetujuan_slik_bukti": "SP-0001",
    "sumber_ref": "A-1",
}
LEAST = {column: SITI[column] for column in REQUIRED_COLUMNS}


def check(programme: Programme = HARKAT, /, **changes: Any) -> RowResult:
    cells = {**SITI, **changes}
    values = {name: cell for name, cell in cells.items() if cell is not None}
    return check_row(FormRow(row=7, values=values), programme, TODAY)


def draft_of(result: RowResult) -> ApplicationDraft:
    assert result.errors == ()
    assert result.draft is not None
    return result.draft


def codes(result: RowResult) -> list[tuple[str, str]]:
    assert result.draft is None
    return [(error.column, error.code) for error in result.errors]


def test_a_full_row_becomes_a_draft() -> None:
    draft = draft_of(check())
    person = draft.applicant
    assert (person.national_id, person.name, person.sex) == (SITI["nik"], SITI["nama"], Sex.FEMALE)
    assert (person.born_on, person.kelurahan) == (date(1985, 5, 12), "15.71.07.1012")
    assert (person.phone, person.rt) == ("+6281234567890", "005")
    assert (person.business_id, person.tax_number) == ("1234567890123", "0013000666091000")
    assert (draft.business.kbli, draft.business.started_on) == ("47112", date(2021, 3, 1))
    assert draft.business.monthly_turnover_idr == 6_000_000
    assert (draft.amount_idr, draft.tenor_months, draft.partner_code) == (
        5_000_000,
        12,
        "bank_jambi",
    )
    assert draft.consent == Consent(given_on=date(2026, 11, 2), evidence="SP-0001")
    assert (draft.source_reference, draft.row) == ("A-1", 7)
    assert [warning.code for warning in draft.warnings] == ["NIK_DISTRICT_UNKNOWN"]


def test_the_required_columns_alone_are_enough() -> None:
    draft = draft_of(check_row(FormRow(row=2, values=LEAST), HARKAT, TODAY))
    assert draft.consent is None
    assert (draft.partner_code, draft.business.kbli) == ("", "")


@pytest.mark.parametrize("column", REQUIRED_COLUMNS)
@pytest.mark.parametrize("empty", [None, "", "   ", "\u00a0"])
def test_a_required_column_may_not_be_empty(column: str, empty: str | None) -> None:
    assert codes(check(**{column: empty})) == [(column, "REQUIRED")]


@pytest.mark.parametrize("day", [None, "2026-11-02"])
@pytest.mark.parametrize("evidence", [None, "SP-1"])
def test_missing_consent_refuses_nothing(day: str | None, evidence: str | None) -> None:
    draft = draft_of(check(persetujuan_slik_tgl=day, persetujuan_slik_bukti=evidence))
    assert (draft.consent is not None) == bool(day and evidence)


def test_all_errors_of_a_row_are_told_at_once_in_the_order_of_the_form() -> None:
    result = check(
        nik="1571995205850003",
        tgl_lahir="1985-05-13",
        jenis_kelamin="L",
        alamat="JL | CONTOH",
        kelurahan="Menteng",
        no_hp="12",
        nib="1",
        npwp="013000667091000",
        kbli="4711",
        mulai_usaha="2026-02-30",
        plafon_diajukan="5.000.000",
        tenor_bulan="99",
        bank="bank_lain",
        persetujuan_slik_tgl="2026-11-23",
        tujuan=None,
    )
    assert codes(result) == [
        ("nik", "NIK_BIRTH_DIFFERS"),
        ("nik", "NIK_SEX_DIFFERS"),
        ("alamat", "PIPE"),
        ("kelurahan", "KELURAHAN_UNKNOWN"),
        ("no_hp", "PHONE_FORMAT"),
        ("nib", "NIB_FORMAT"),
        ("npwp", "NPWP_CHECK"),
        ("kbli", "KBLI_FORMAT"),
        ("mulai_usaha", "DATE_IMPOSSIBLE"),
        ("plafon_diajukan", "MONEY_FORMAT"),
        ("tenor_bulan", "TENOR_RANGE"),
        ("tujuan", "REQUIRED"),
        ("bank", "UNKNOWN_BANK"),
        ("persetujuan_slik_tgl", "DATE_IN_FUTURE"),
    ]
    assert {error.row for error in result.errors} == {7}


def test_no_error_repeats_what_stood_in_the_cell() -> None:
    secret = {
        "nik": "1571998105850003",
        "nama": "8125550001",
        "no_hp": "99998888",
        "kelurahan": "Gang Rahasia",
    }
    said = str(check(**secret).errors)
    assert not any(word in said for word in secret.values())


def test_a_nik_stored_as_a_number_is_refused_by_name() -> None:
    (error,) = check(nik=1571995205850003).errors
    assert (error.column, error.code) == ("nik", "NIK_AS_NUMBER")
    assert "15" in error.message_id
    assert "Text" in error.how_id
    assert codes(check(nik="1.57199520585E+15")) == [("nik", "NIK_AS_NUMBER")]


@pytest.mark.parametrize("column", ["no_hp", "nib", "npwp"])
def test_other_numbers_may_not_lose_their_zeros_either(column: str) -> None:
    assert codes(check(**{column: 81234567890})) == [(column, "CELL_AS_NUMBER")]


def test_a_kbli_typed_as_a_figure_counts_while_it_has_five_digits() -> None:
    assert draft_of(check(kbli=47112)).business.kbli == "47112"
    assert codes(check(kbli=1111)) == [("kbli", "KBLI_FORMAT")]


@pytest.mark.parametrize("amount", ["5000000", "Rp5.000.000", 5_000_000, " 5000000 "])
def test_money_is_written_in_two_ways(amount: object) -> None:
    assert draft_of(check(plafon_diajukan=amount)).amount_idr == 5_000_000


@pytest.mark.parametrize(
    "amount",
    [
        "5.000.000",
        "Rp 5.000.000",
        "Rp5000000",
        "rp5.000.000",
        "Rp5.00.000",
        "5,000,000",
        "5000000,00",
        "05000000",
        "+5000000",
        "-5000000",
        "5e6",
        "５００００００",
        "5_000_000",
        "5000000\n",
        "",
        "9" * 16,
        -5_000_000,
        10**15,
        date(2026, 1, 1),
    ],
)
def test_money_in_any_other_way_is_refused(amount: object) -> None:
    expected = "REQUIRED" if amount == "" else "MONEY_FORMAT"
    assert codes(check(plafon_diajukan=amount)) == [("plafon_diajukan", expected)]


@pytest.mark.parametrize(
    ("amount", "fits"),
    [("999999", False), ("1000000", True), ("50000000", True), ("50000001", False)],
)
def test_the_amount_keeps_to_the_programmes_limits(amount: str, fits: bool) -> None:
    result = check(plafon_diajukan=amount)
    assert (result.draft is not None) == fits
    if not fits:
        assert codes(result) == [("plafon_diajukan", "AMOUNT_RANGE")]
        assert "Rp50.000.000" in result.errors[0].message_id


@pytest.mark.parametrize(
    ("tenor", "code"),
    [
        ("2", "TENOR_RANGE"),
        ("37", "TENOR_RANGE"),
        ("0", "INTEGER_FORMAT"),
        ("12.7", "INTEGER_FORMAT"),
        ("１２", "INTEGER_FORMAT"),
        ("012", "INTEGER_FORMAT"),
        (-3, "INTEGER_FORMAT"),
        ("12 bulan", "INTEGER_FORMAT"),
    ],
)
def test_the_tenor_is_a_whole_number_of_months_in_range(tenor: object, code: str) -> None:
    assert codes(check(tenor_bulan=tenor)) == [("tenor_bulan", code)]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-02-30", "DATE_IMPOSSIBLE"),
        ("1985-13-01", "DATE_IMPOSSIBLE"),
        ("0000-00-00", "DATE_IMPOSSIBLE"),
        ("12-05-1985", "DATE_FORMAT"),
        ("85-05-12", "DATE_FORMAT"),
        ("1985/05/12", "DATE_FORMAT"),
        ("1985-5-12", "DATE_FORMAT"),
        ("１９８５-05-12", "DATE_FORMAT"),
        (31179, "DATE_AS_NUMBER"),
    ],
)
def test_a_day_that_is_none_is_refused(day: object, code: str) -> None:
    assert codes(check(tgl_lahir=day)) == [("tgl_lahir", code)]


def test_a_real_date_cell_is_taken() -> None:
    assert draft_of(check(tgl_lahir=date(1985, 5, 12))).applicant.born_on == date(1985, 5, 12)


@pytest.mark.parametrize(
    ("nik", "born_on", "code"),
    [
        ("1571992311090001", "2009-11-23", "TOO_YOUNG"),
        ("1571992211090001", "2009-11-22", None),
        ("1571992311260001", "2026-11-23", "BORN_IN_FUTURE"),
    ],
)
def test_an_applicant_is_at_least_17(nik: str, born_on: str, code: str | None) -> None:
    result = check(nik=nik, tgl_lahir=born_on, jenis_kelamin="L")
    if code is None:
        draft_of(result)
    else:
        assert codes(result) == [("tgl_lahir", code)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SITI|CONTOH", "PIPE"),
        ("SITI\nCONTOH", "CONTROL_CHARACTER"),
        ("SITI\x00", "CONTROL_CHARACTER"),
        ("SITI\u202eCONTOH", "CONTROL_CHARACTER"),
        ("SITI\u200bCONTOH", "CONTROL_CHARACTER"),
        ("\ud800", "CONTROL_CHARACTER"),
        ("S" * 101, "CELL_TOO_LONG"),
        ("S" * 501, "CELL_TOO_LONG"),
        ("12345", "NO_LETTER"),
    ],
)
def test_a_name_is_visible_text_in_one_line(text: str, code: str) -> None:
    assert codes(check(nama=text)) == [("nama", code)]


def test_letters_are_composed_and_blanks_are_made_plain() -> None:
    assert draft_of(check(nama=" RENE\u0301E\u00a0  CONTOH ")).applicant.name == "RENÉE CONTOH"


@pytest.mark.parametrize(("word", "code"), [("Perempuan", "SEX_CODE"), ("W", "SEX_CODE")])
def test_the_sex_is_l_or_p(word: str, code: str) -> None:
    assert codes(check(jenis_kelamin=word)) == [("jenis_kelamin", code)]
    assert draft_of(check(jenis_kelamin="p")).applicant.sex is Sex.FEMALE


def test_group_columns_are_for_groups_only() -> None:
    assert codes(check(ref_kelompok="K1")) == [("ref_kelompok", "GROUP_NOT_EXPECTED")]
    assert codes(check(HARTA)) == [
        ("ref_kelompok", "REQUIRED"),
        ("peran_kelompok", "REQUIRED"),
        ("nama_kelompok", "REQUIRED"),
    ]


def test_a_column_that_nobody_knows_is_refused_here_too() -> None:
    assert codes(check(warna="biru")) == [("warna", "UNKNOWN_COLUMN")]


def test_a_torn_row_says_only_that_it_is_torn() -> None:
    (row,) = read_form("a.jsonl", b'{"nik":')
    assert codes(check_row(row, HARKAT, TODAY)) == [("", "BAD_JSON")]


def test_a_cell_of_a_wrong_kind_is_not_also_called_empty() -> None:
    (row,) = read_form("a.jsonl", b'{"nama":true}')
    found = codes(check_row(row, HARKAT, TODAY))
    assert ("nama", "NOT_TEXT") in found
    assert ("nama", "REQUIRED") not in found
    assert ("alamat", "REQUIRED") in found


@CALM
@given(
    st.dictionaries(
        st.sampled_from(COLUMN_NAMES),
        st.one_of(st.text(max_size=30), st.integers(), st.dates()),
    )
)
def test_any_cells_give_a_draft_or_errors_and_never_a_crash(values: dict[str, Any]) -> None:
    result = check_row(FormRow(row=2, values={**LEAST, **values}), HARKAT, TODAY)
    assert (result.draft is None) == bool(result.errors)


# Groups ----------------------------------------------------------------------


def a_member(row: int, **changes: Any) -> ApplicationDraft:
    group = {
        "nik": f"157199520585{row:04}",
        "ref_kelompok": "KLP-1",
        "peran_kelompok": "ketua" if row == 2 else "anggota",
        "nama_kelompok": "MAWAR",
    }
    values = {**SITI, **group, **changes}
    return draft_of(check_row(FormRow(row=row, values=values), HARTA, TODAY))


def a_trio(**changes: Any) -> list[ApplicationDraft]:
    return [a_member(2), a_member(3), a_member(4, **changes)]


def group_codes(errors: list[RowError]) -> set[tuple[int, str, str]]:
    return {(error.row, error.column, error.code) for error in errors}


def on_all(column: str, code: str) -> set[tuple[int, str, str]]:
    return {(row, column, code) for row in (2, 3, 4)}


def test_a_group_in_order_passes() -> None:
    trio = a_trio(plafon_diajukan="10000000")
    assert check_groups(trio, HARTA) == []
    assert [draft.group_role for draft in trio] == [
        GroupRole.LEADER,
        GroupRole.MEMBER,
        GroupRole.MEMBER,
    ]


def test_a_group_of_one_rupiah_too_much_is_refused_whole() -> None:
    errors = check_groups(a_trio(plafon_diajukan="10000001"), HARTA)
    assert group_codes(errors) == on_all("plafon_diajukan", "GROUP_CEILING")
    assert "Rp20.000.001" in errors[0].message_id
    assert "Rp1" in errors[0].message_en


def test_a_member_alone_may_not_pass_the_ceiling() -> None:
    result = check(
        HARTA,
        ref_kelompok="K",
        peran_kelompok="ketua",
        nama_kelompok="M",
        plafon_diajukan="20000001",
    )
    assert codes(result) == [("plafon_diajukan", "AMOUNT_RANGE")]


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"peran_kelompok": "ketua"}, "peran_kelompok", "GROUP_LEADER"),
        ({"nik": "1571995205850003"}, "nik", "GROUP_SAME_PERSON"),
        ({"tenor_bulan": "6"}, "tenor_bulan", "GROUP_TENOR_DIFFERS"),
        ({"bank": None}, "bank", "GROUP_BANK_DIFFERS"),
        ({"nama_kelompok": "MELATI"}, "nama_kelompok", "GROUP_NAME_DIFFERS"),
    ],
)
def test_what_does_not_fit_refuses_the_whole_group(
    changes: dict[str, Any], column: str, code: str
) -> None:
    cells = {name: cell or "" for name, cell in changes.items()}
    assert group_codes(check_groups(a_trio(**cells), HARTA)) == on_all(column, code)


def test_a_group_without_leader_or_with_too_few_members_is_refused() -> None:
    errors = check_groups([a_member(3), a_member(4)], HARTA)
    assert {error.code for error in errors} == {"GROUP_LEADER", "GROUP_TOO_SMALL"}


def test_a_group_is_not_taken_in_without_its_refused_member() -> None:
    errors = check_groups(a_trio(), HARTA, refused={"KLP-1", "KLP-9"})
    assert group_codes(errors) == on_all("ref_kelompok", "GROUP_MEMBER_REFUSED")
    refused = check(HARTA, ref_kelompok="KLP-1", nama=None)
    assert refused.source_group == "KLP-1"


def test_one_bad_group_leaves_the_others_alone() -> None:
    bad = [a_member(row, ref_kelompok="KLP-2") for row in (7, 8)]
    errors = check_groups([*a_trio(), *bad], HARTA)
    assert {error.row for error in errors} == {7, 8}


def test_the_error_texts_are_complete_in_both_languages() -> None:
    errors = [
        *check_groups([a_member(3), a_member(3, plafon_diajukan="20000000")], HARTA),
        *check(nik="x", kelurahan="Sipin", tenor_bulan="99", bank="x").errors,
    ]
    for error in errors:
        assert all((error.message_id, error.message_en, error.how_id, error.how_en))


# The form that people fill in ------------------------------------------------


@pytest.mark.parametrize("programme", [HARKAT, HARTA])
def test_the_template_is_a_form_that_can_be_read_and_is_always_the_same(
    programme: Programme,
) -> None:
    form = write_template(programme)
    assert read_form("formulir.xlsx", form) == []
    assert form == write_template(programme)
    with zipfile.ZipFile(BytesIO(form)) as parts:
        assert b"2026-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_the_template_explains_every_column_it_has() -> None:
    for programme, count in ((HARKAT, 21), (HARTA, 24)):
        book = CalamineWorkbook.from_filelike(BytesIO(write_template(programme)))
        headings = book.get_sheet_by_name("Permohonan").to_python(skip_empty_area=False)[0]
        explained = book.get_sheet_by_name("Penjelasan").to_python()
        assert len(headings) == count
        assert [line[0] for line in explained[1:]] == headings
        assert all(all(line[:4]) for line in explained[1:])


def test_every_example_of_the_template_is_itself_correct() -> None:
    examples = {column.name: column.example for column in COLUMNS if column.example}
    draft_of(check_row(FormRow(row=2, values=examples), HARTA, TODAY))
