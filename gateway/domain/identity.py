"""Identity numbers: NIK, NPWP, NIB, KBLI and mobile numbers, checked by shape.

No check digit proves a NIK: a number that passes here is plausible, not verified.  A check
gives the normalised value or a :class:`Problem`; a problem never repeats what it refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from gateway.domain.applications import Sex


def _two_digit_codes(*ranges: tuple[int, int]) -> frozenset[str]:
    return frozenset(f"{code:02d}" for first, last in ranges for code in range(first, last + 1))


PROVINCES = _two_digit_codes(
    *((11, 19), (21, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82), (91, 96))
)
"""The 38 provinces of Kemendagri."""

KBLI_GROUPS = _two_digit_codes(
    *((1, 3), (5, 9), (10, 33), (35, 39), (41, 43), (45, 47), (49, 53), (55, 56)),
    *((58, 66), (68, 75), (77, 82), (84, 88), (90, 99)),
)
"""The 2-digit groups of KBLI 2020."""

JAMBI_DISTRICTS = frozenset(f"1571{number:02d}" for number in range(1, 12))
"""The 11 kecamatan of Kota Jambi; districts get split, so others are only doubted."""

WOMEN_DAY = 40
"""What a woman's NIK adds to the day of birth."""

NIK_SHAPE = re.compile(r"[0-9]{16}\Z")
NPWP_SHAPES = (
    re.compile(r"[0-9]{15}\Z"),
    re.compile(r"[0-9]{16}\Z"),
    re.compile(r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9]-[0-9]{3}\.[0-9]{3}\Z"),
)
NIB_SHAPE = re.compile(r"[0-9]{13}\Z")
KBLI_SHAPE = re.compile(r"[0-9]{5}\Z")
PHONE_SHAPE = re.compile(r"(?:\+62|62|0)(8[0-9]{8,11})\Z")
PHONE_SPACERS = str.maketrans("", "", " -.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a value is refused, and how to mend it; holds nothing of the value itself."""

    code: str
    message_id: str
    message_en: str
    how_id: str
    how_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalId:
    """A plausible NIK and what it says of its owner.

    :param born_on: in the latest century that is not in the future.
    """

    digits: str = field(repr=False)
    born_on: date = field(repr=False)
    sex: Sex = field(repr=False)


HOW_KTP_ID = "Salin NIK persis seperti pada KTP."
HOW_KTP_EN = "Copy the NIK exactly as it stands on the KTP."

NIK_FORMAT = Problem(
    code="NIK_FORMAT",
    message_id="NIK harus tepat 16 angka.",
    message_en="A NIK has exactly 16 digits.",
    how_id=HOW_KTP_ID + " Tanpa spasi, titik atau tanda petik.",
    how_en=HOW_KTP_EN + " No blanks, dots or quotes.",
)
NIK_PROVINCE = Problem(
    code="NIK_PROVINCE",
    message_id="Dua angka pertama NIK bukan kode provinsi.",
    message_en="The first two digits of the NIK are no province.",
    how_id=HOW_KTP_ID,
    how_en=HOW_KTP_EN,
)
NIK_DATE = Problem(
    code="NIK_DATE",
    message_id="Angka ke-7 sampai ke-12 NIK bukan tanggal lahir yang ada.",
    message_en="Digits 7 to 12 of the NIK are no real date of birth.",
    how_id=HOW_KTP_ID + " Untuk perempuan, tanggal ditambah 40.",
    how_en=HOW_KTP_EN + " For women 40 is added to the day.",
)
NIK_SERIAL = Problem(
    code="NIK_SERIAL",
    message_id="Empat angka terakhir NIK tidak boleh 0000.",
    message_en="The last four digits of a NIK are never 0000.",
    how_id=HOW_KTP_ID,
    how_en=HOW_KTP_EN,
)
NIK_BIRTH_DIFFERS = Problem(
    code="NIK_BIRTH_DIFFERS",
    message_id="Tanggal lahir di dalam NIK berbeda dari tgl_lahir.",
    message_en="The date of birth inside the NIK differs from tgl_lahir.",
    how_id="Cocokkan NIK dan tanggal lahir dengan KTP.",
    how_en="Compare NIK and date of birth with the KTP.",
)
NIK_SEX_DIFFERS = Problem(
    code="NIK_SEX_DIFFERS",
    message_id="Jenis kelamin di dalam NIK berbeda dari jenis_kelamin.",
    message_en="The sex inside the NIK differs from jenis_kelamin.",
    how_id="Cocokkan NIK dan jenis kelamin dengan KTP.",
    how_en="Compare NIK and sex with the KTP.",
)
NIK_DISTRICT_UNKNOWN = Problem(
    code="NIK_DISTRICT_UNKNOWN",
    message_id="NIK menyebut kecamatan Kota Jambi yang tidak dikenal (hanya peringatan).",
    message_en="The NIK names an unknown kecamatan of Kota Jambi (a warning only).",
    how_id="Periksa sekali lagi dengan KTP; kecamatan lama atau baru boleh diteruskan.",
    how_en="Look at the KTP once more; an old or a new kecamatan may go on.",
)
NPWP_FORMAT = Problem(
    code="NPWP_FORMAT",
    message_id="NPWP harus 15 atau 16 angka.",
    message_en="An NPWP has 15 or 16 digits.",
    how_id="Tulis 16 angka (perorangan: NIK) atau bentuk lama 99.999.999.9-999.999.",
    how_en="Write 16 digits (persons: the NIK) or the old form 99.999.999.9-999.999.",
)
NPWP_CHECK = Problem(
    code="NPWP_CHECK",
    message_id="Angka periksa NPWP tidak cocok.",
    message_en="The check digit of the NPWP is wrong.",
    how_id="Salin ulang dari kartu NPWP.",
    how_en="Copy it again from the NPWP card.",
)
NIB_FORMAT = Problem(
    code="NIB_FORMAT",
    message_id="NIB harus tepat 13 angka.",
    message_en="A NIB has exactly 13 digits.",
    how_id="Salin dari dokumen NIB (OSS), atau kosongkan bila belum ada.",
    how_en="Copy it from the NIB paper (OSS), or leave it empty if there is none yet.",
)
KBLI_FORMAT = Problem(
    code="KBLI_FORMAT",
    message_id="KBLI harus 5 angka dari golongan yang ada.",
    message_en="A KBLI code has 5 digits and a group that exists.",
    how_id="Lihat kode 5 angka pada NIB, misalnya 47112.",
    how_en="See the 5-digit code on the NIB, such as 47112.",
)
PHONE_FORMAT = Problem(
    code="PHONE_FORMAT",
    message_id="Nomor HP harus nomor seluler Indonesia.",
    message_en="The phone number must be an Indonesian mobile number.",
    how_id="Tulis 08… atau +628…, 9 sampai 12 angka sesudah 0 atau +62.",
    how_en="Write 08… or +628…, 9 to 12 digits after the 0 or +62.",
)


def read_national_id(text: str, today: date) -> NationalId | Problem:
    """Read a NIK by its own rules; the district is not judged."""
    if NIK_SHAPE.match(text) is None:
        return NIK_FORMAT
    if text[:2] not in PROVINCES:
        return NIK_PROVINCE
    if text[12:] == "0000":
        return NIK_SERIAL
    stated_day, month, year = int(text[6:8]), int(text[8:10]), int(text[10:12])
    is_woman = stated_day > WOMEN_DAY
    day = stated_day - WOMEN_DAY if is_woman else stated_day
    born_on = _latest_birth(year, month, day, today)
    if born_on is None:
        return NIK_DATE
    return NationalId(digits=text, born_on=born_on, sex=Sex.FEMALE if is_woman else Sex.MALE)


def compare_person(
    person: NationalId, *, born_on: date | None, sex: Sex | None
) -> tuple[Problem, ...]:
    """Find where a NIK contradicts what was stated; ``None`` was not stated.

    The stated date decides the century, so only day, month and two digits of the year count.
    """
    problems = []
    if born_on is not None and not _same_short_date(person.born_on, born_on):
        problems.append(NIK_BIRTH_DIFFERS)
    if sex is not None and person.sex is not sex:
        problems.append(NIK_SEX_DIFFERS)
    return tuple(problems)


def check_national_id(
    text: str, *, today: date, born_on: date | None = None, sex: Sex | None = None
) -> str | Problem:
    """Give the NIK back, or the first problem with it."""
    person = read_national_id(text, today)
    if isinstance(person, Problem):
        return person
    problems = compare_person(person, born_on=born_on, sex=sex)
    return problems[0] if problems else person.digits


def warn_district(national_id: str) -> Problem | None:
    """Doubt a kecamatan of Kota Jambi that is not in the list; never a reason to refuse."""
    if national_id.startswith("1571") and national_id[:6] not in JAMBI_DISTRICTS:
        return NIK_DISTRICT_UNKNOWN
    return None


def check_tax_number(text: str, today: date) -> str | Problem:
    """Give an NPWP as 16 digits; the old 15 get a zero in front."""
    if not any(shape.match(text) for shape in NPWP_SHAPES):
        return NPWP_FORMAT
    digits = text.replace(".", "").replace("-", "").zfill(16)
    if not digits.startswith("0"):
        return digits if isinstance(read_national_id(digits, today), NationalId) else NPWP_CHECK
    return digits if _passes_luhn(digits[:10]) else NPWP_CHECK


def check_business_id(text: str) -> str | Problem:
    """Give a NIB back; only its 13 digits can be checked."""
    return text if NIB_SHAPE.match(text) else NIB_FORMAT


def check_kbli(text: str) -> str | Problem:
    """Give a KBLI code back; lists of codes disagree, so only its group is looked up."""
    return text if KBLI_SHAPE.match(text) and text[:2] in KBLI_GROUPS else KBLI_FORMAT


def check_phone(text: str) -> str | Problem:
    """Give an Indonesian mobile number as ``+628…``."""
    found = PHONE_SHAPE.match(text.translate(PHONE_SPACERS))
    return f"+62{found.group(1)}" if found else PHONE_FORMAT


def _latest_birth(year: int, month: int, day: int, today: date) -> date | None:
    for century in (2000, 1900):
        born_on = _real_date(century + year, month, day)
        if born_on is not None and born_on <= today:
            return born_on
    return None


def _real_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _same_short_date(one: date, other: date) -> bool:
    return (one.day, one.month, one.year % 100) == (other.day, other.month, other.year % 100)


def _passes_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
