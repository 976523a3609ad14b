"""NIK, NPWP, NIB, KBLI and phone numbers: what is taken and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.domain.applications import Sex
from gateway.domain.identity import (
    JAMBI_DISTRICTS,
    NIK_DISTRICT_UNKNOWN,
    PROVINCES,
    NationalId,
    Problem,
    check_business_id,
    check_kbli,
    check_national_id,
    check_phone,
    check_tax_number,
    read_national_id,
    warn_district,
)

TODAY = date(2026, 11, 22)


def code_of(found: object) -> str:
    assert isinstance(found, Problem), found
    return found.code


@pytest.mark.parametrize(
    ("nik", "born_on", "sex"),
    [
        ("1571995205850003", date(1985, 5, 12), Sex.FEMALE),
        ("1571991205850003", date(1985, 5, 12), Sex.MALE),
        ("1571990101010001", date(2001, 1, 1), Sex.MALE),
        ("9301990101900001", date(1990, 1, 1), Sex.MALE),
        ("1571992902000001", date(2000, 2, 29), Sex.MALE),
        ("1571994101850001", date(1985, 1, 1), Sex.FEMALE),
        ("1571993101850001", date(1985, 1, 31), Sex.MALE),
    ],
)
def test_a_plausible_nik_tells_birth_and_sex(nik: str, born_on: date, sex: Sex) -> None:
    person = read_national_id(nik, TODAY)
    assert isinstance(person, NationalId)
    assert (person.digits, person.born_on, person.sex) == (nik, born_on, sex)
    assert nik not in repr(person)


@pytest.mark.parametrize(
    ("nik", "code"),
    [
        ("1571998105850003", "NIK_DATE"),
        ("1571990101900000", "NIK_SERIAL"),
        ("1571993002850001", "NIK_DATE"),
        ("1571997102850001", "NIK_DATE"),
        ("1571990001850001", "NIK_DATE"),
        ("1571994001850001", "NIK_DATE"),
        ("1571990113850001", "NIK_DATE"),
        ("1571992902010001", "NIK_DATE"),
        ("2071990101850001", "NIK_PROVINCE"),
        ("9771990101850001", "NIK_PROVINCE"),
        ("157199520585000", "NIK_FORMAT"),
        ("15719952058500031", "NIK_FORMAT"),
        ("1571995205850003\n", "NIK_FORMAT"),
        ("１５７１９９５２０５８５０００３", "NIK_FORMAT"),
        ("15719952O5850003", "NIK_FORMAT"),
        ("", "NIK_FORMAT"),
    ],
)
def test_an_impossible_nik_is_refused_by_its_reason(nik: str, code: str) -> None:
    assert code_of(check_national_id(nik, today=TODAY)) == code


def test_there_are_38_provinces_and_11_districts() -> None:
    assert (len(PROVINCES), len(JAMBI_DISTRICTS)) == (38, 11)


def test_the_century_is_the_latest_that_is_not_in_the_future() -> None:
    older = read_national_id("1571992311260001", TODAY)
    newer = read_national_id("1571992211260001", TODAY)
    assert isinstance(older, NationalId)
    assert isinstance(newer, NationalId)
    assert (older.born_on, newer.born_on) == (date(1926, 11, 23), date(2026, 11, 22))


def test_the_stated_birth_date_decides_the_century() -> None:
    nik = "1571990101010001"
    assert check_national_id(nik, today=TODAY, born_on=date(1901, 1, 1)) == nik
    for other in (date(2001, 1, 2), date(2001, 2, 1), date(2002, 1, 1)):
        found = check_national_id(nik, today=TODAY, born_on=other)
        assert code_of(found) == "NIK_BIRTH_DIFFERS"


def test_the_sex_inside_the_nik_must_be_the_stated_one() -> None:
    nik = "1571995205850003"
    assert check_national_id(nik, today=TODAY, sex=Sex.FEMALE) == nik
    assert code_of(check_national_id(nik, today=TODAY, sex=Sex.MALE)) == "NIK_SEX_DIFFERS"


def test_an_unknown_district_is_only_doubted() -> None:
    assert warn_district("1571995205850003") is NIK_DISTRICT_UNKNOWN
    assert warn_district("1571115205850003") is None
    assert warn_district("3171995205850003") is None
    assert isinstance(check_national_id("1571995205850003", today=TODAY), str)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("01.300.066.6-091.000", "0013000666091000"),
        ("013000666091000", "0013000666091000"),
        ("0013000666091000", "0013000666091000"),
        ("1571995205850003", "1571995205850003"),
    ],
)
def test_a_tax_number_is_stored_with_16_digits(text: str, stored: str) -> None:
    assert check_tax_number(text, TODAY) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("013000667091000", "NPWP_CHECK"),
        ("0013000667091000", "NPWP_CHECK"),
        ("1571998105850003", "NPWP_CHECK"),
        ("01.300.066.6.091.000", "NPWP_FORMAT"),
        ("01300066609100", "NPWP_FORMAT"),
        ("０13000666091000", "NPWP_FORMAT"),
    ],
)
def test_a_wrong_tax_number_is_refused(text: str, code: str) -> None:
    assert code_of(check_tax_number(text, TODAY)) == code


@pytest.mark.parametrize(
    "text", ["081234567890", "6281234567890", "+6281234567890", "0812-3456-7890", "0812 3456 7890"]
)
def test_a_mobile_number_is_stored_in_one_form(text: str) -> None:
    assert check_phone(text) == "+6281234567890"


@pytest.mark.parametrize(
    "text", ["0741123456", "08123456", "0812345678901234", "81234567890", "08１2345678901", "x"]
)
def test_other_phone_numbers_are_refused(text: str) -> None:
    assert code_of(check_phone(text)) == "PHONE_FORMAT"


def test_a_nib_has_13_digits_and_a_kbli_5_of_a_known_group() -> None:
    assert check_business_id("1234567890123") == "1234567890123"
    for wrong in ("123456789012", "1234567890123\n", "１234567890123"):
        assert code_of(check_business_id(wrong)) == "NIB_FORMAT"
    assert check_kbli("47112") == "47112"
    assert check_kbli("01111") == "01111"
    for wrong in ("4711", "471120", "34000", "00000", "4711２", "47112\n"):
        assert code_of(check_kbli(wrong)) == "KBLI_FORMAT"


@pytest.mark.parametrize("secret", ["1571998105850003", "2071990101850001", "1571990101900000"])
def test_no_problem_repeats_what_it_refused(secret: str) -> None:
    found = check_national_id(secret, today=TODAY)
    assert isinstance(found, Problem)
    assert secret not in str(found)
    assert all((found.message_id, found.message_en, found.how_id, found.how_en))
