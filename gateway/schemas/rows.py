"""Checking one row of an application form: every error of it, or one draft.

The schema checks cell by cell; what joins several cells, or needs the programme and the day,
is checked after it on whatever cells were sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gateway.domain.applications import Applicant, Business, Consent
from gateway.domain.blockers import rupiah
from gateway.domain.identity import (
    NationalId,
    Problem,
    check_tax_number,
    compare_person,
    read_national_id,
    warn_district,
)
from gateway.domain.programmes import Borrower, Programme
from gateway.schemas import problems
from gateway.schemas.columns import COLUMN_NAMES, GROUP_COLUMNS
from gateway.schemas.drafts import ApplicationDraft, RowResult
from gateway.schemas.forms import FormRow
from gateway.schemas.problems import RowError, row_error
from gateway.schemas.rowschema import CheckedCells, Found, RowValues, check_cells

ADULT_YEARS = 17


def check_row(form_row: FormRow, programme: Programme, today: date) -> RowResult:
    """Check one row against the form's and the programme's rules.

    :param today: the WIB day on which ages and future dates are judged.
    """
    checked = check_cells(form_row.values)
    group = checked.values.get("ref_kelompok", "")
    unread = {error.column for error in form_row.errors}
    found = [] if "" in unread else _check_all(checked, programme, today)
    errors = (
        *form_row.errors,
        *(row_error(form_row.row, *item) for item in found if item[0] not in unread),
    )
    if errors:
        ordered = tuple(sorted(errors, key=_by_column))
        return RowResult(row=form_row.row, errors=ordered, source_group=group)
    draft = _make_draft(form_row.row, checked.values)
    return RowResult(row=form_row.row, draft=draft, source_group=group)


def _check_all(checked: CheckedCells, programme: Programme, today: date) -> list[Found]:
    return [
        *checked.found,
        *_check_person(checked.values, today),
        *_check_days(checked.values, today),
        *_check_programme(checked.values, programme),
        *_check_group_columns(checked, programme),
    ]


def _by_column(error: RowError) -> int:
    return COLUMN_NAMES.index(error.column) if error.column in COLUMN_NAMES else -1


def _check_person(values: RowValues, today: date) -> Iterator[Found]:
    born_on, sex = values.get("tgl_lahir"), values.get("jenis_kelamin")
    if "nik" in values:
        person = read_national_id(values["nik"], today)
        if isinstance(person, NationalId):
            for problem in compare_person(person, born_on=born_on, sex=sex):
                yield "nik", problem
        else:
            yield "nik", person
    if "npwp" in values:
        number = check_tax_number(values["npwp"], today)
        if isinstance(number, Problem):
            yield "npwp", number
    if born_on is not None and born_on > today:
        yield "tgl_lahir", problems.BORN_IN_FUTURE
    elif born_on is not None and _years_between(born_on, today) < ADULT_YEARS:
        yield "tgl_lahir", problems.TOO_YOUNG


def _years_between(born_on: date, today: date) -> int:
    has_had_birthday = (today.month, today.day) >= (born_on.month, born_on.day)
    return today.year - born_on.year - (not has_had_birthday)


def _check_days(values: RowValues, today: date) -> Iterator[Found]:
    for column, day in (
        ("mulai_usaha", values.get("mulai_usaha")),
        ("persetujuan_slik_tgl", values.get("persetujuan_slik_tgl")),
    ):
        if day is not None and day > today:
            yield column, problems.DATE_IN_FUTURE


def _check_programme(values: RowValues, programme: Programme) -> Iterator[Found]:
    amount_idr, months = values.get("plafon_diajukan"), values.get("tenor_bulan")
    if amount_idr is not None and not programme.min_idr <= amount_idr <= programme.max_idr:
        yield "plafon_diajukan", _amount_problem(programme)
    shortest, longest = programme.tenor_months
    if months is not None and not shortest <= months <= longest:
        yield "tenor_bulan", _tenor_problem(shortest, longest)
    if values.get("bank", "") not in {"", *programme.partners}:
        yield "bank", _bank_problem(programme)


def _check_group_columns(checked: CheckedCells, programme: Programme) -> Iterator[Found]:
    stated = {*checked.values, *(column for column, _ in checked.found)}
    for column in GROUP_COLUMNS:
        if programme.borrower is Borrower.GROUP and column not in stated:
            yield column, problems.REQUIRED
        elif programme.borrower is not Borrower.GROUP and column in stated:
            yield column, problems.GROUP_NOT_EXPECTED


def _amount_problem(programme: Programme) -> Problem:
    least, most = rupiah(programme.min_idr), rupiah(programme.max_idr)
    return Problem(
        code="AMOUNT_RANGE",
        message_id=f"Pinjaman harus {least} sampai {most} pada program {programme.name}.",
        message_en=f"The amount must be {least} to {most} under {programme.name}.",
        how_id="Ubah jumlahnya, atau pilih program lain.",
        how_en="Change the amount, or choose another programme.",
    )


def _tenor_problem(shortest: int, longest: int) -> Problem:
    return Problem(
        code="TENOR_RANGE",
        message_id=f"Jangka waktu harus {shortest} sampai {longest} bulan.",
        message_en=f"The tenor must be {shortest} to {longest} months.",
        how_id="Ubah jangka waktunya.",
        how_en="Change the tenor.",
    )


def _bank_problem(programme: Programme) -> Problem:
    listed = ", ".join(programme.partners)
    return Problem(
        code="UNKNOWN_BANK",
        message_id="Bank itu tidak ikut dalam program ini.",
        message_en="That bank does not take part in this programme.",
        how_id=f"Kosongkan, atau tulis salah satu: {listed}.",
        how_en=f"Leave it empty, or write one of: {listed}.",
    )


def _make_draft(row: int, values: RowValues) -> ApplicationDraft:
    doubt = warn_district(values["nik"])
    return ApplicationDraft(
        row=row,
        applicant=_make_applicant(values),
        business=Business(
            name=values["nama_usaha"],
            kbli=values.get("kbli", ""),
            started_on=values.get("mulai_usaha"),
            monthly_turnover_idr=values.get("omzet_bulanan"),
        ),
        amount_idr=values["plafon_diajukan"],
        tenor_months=values["tenor_bulan"],
        purpose=values["tujuan"],
        partner_code=values.get("bank", ""),
        consent=_make_consent(values),
        source_group=values.get("ref_kelompok", ""),
        group_role=values.get("peran_kelompok"),
        group_name=values.get("nama_kelompok", ""),
        source_reference=values.get("sumber_ref", ""),
        warnings=(doubt,) if doubt else (),
    )


def _make_applicant(values: RowValues) -> Applicant:
    tax_number = check_tax_number(values["npwp"], date.max) if "npwp" in values else ""
    return Applicant(
        national_id=values["nik"],
        name=values["nama"],
        born_on=values["tgl_lahir"],
        sex=values["jenis_kelamin"],
        address=values["alamat"],
        kelurahan=values["kelurahan"],
        phone=values["no_hp"],
        rt=values.get("rt", ""),
        business_id=values.get("nib", ""),
        tax_number=str(tax_number),
    )


def _make_consent(values: RowValues) -> Consent | None:
    given_on, evidence = (
        values.get("persetujuan_slik_tgl"),
        values.get("persetujuan_slik_bukti", ""),
    )
    return Consent(given_on=given_on, evidence=evidence) if given_on and evidence else None
