"""Invented applicants of all 11 kecamatan, as the forms in which they reach the city.

Every row is good enough to be taken in.  Some lack consent or papers, some have a past at the
pretend registry: about a third of them end stopped, as in life.  The same seed gives the same
bytes.  NIKs bear district 99, which does not exist: nobody real can be meant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from gateway.sandbox.dice import Dice
from gateway.sandbox.formfiles import write_csv, write_json_lines, write_xlsx
from gateway.sandbox.ideb import HARMLESS, history_of
from gateway.sandbox.names import BUSINESSES, FAMILY, GROUPS, MEN, PURPOSES, STREETS, WOMEN
from gateway.sandbox.places import PLACES

COLUMNS = (
    "nik",
    "nama",
    "tgl_lahir",
    "jenis_kelamin",
    "alamat",
    "rt",
    "kelurahan",
    "no_hp",
    "nib",
    "npwp",
    "kbli",
    "nama_usaha",
    "mulai_usaha",
    "omzet_bulanan",
    "plafon_diajukan",
    "tenor_bulan",
    "tujuan",
    "bank",
    "persetujuan_slik_tgl",
    "persetujuan_slik_bukti",
    "ref_kelompok",
    "peran_kelompok",
    "nama_kelompok",
    "sumber_ref",
)
GROUP_PER_CENT = 27
GOOD_GROUP_PER_CENT = 78
NO_CONSENT_PER_CENT = 9
INCOMPLETE_PER_CENT = 7
GROUP_MAX_IDR = 20_000_000
STEP_IDR = 500_000
TENORS = (6, 10, 12, 12, 18, 24)
INDIVIDUALS, GROUPED = "bank_harkat", "bang_harta"

Applicant = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One application form: file name, programme to take it in for, bytes."""

    name: str
    programme: str
    content: bytes = field(repr=False)


def make_forms(seed: int, count: int, today: date) -> tuple[Form, ...]:
    """All applications as three forms: groups in XLSX, individuals in CSV and JSON lines."""
    people = make_applications(seed, count, today)
    grouped = [person for person in people if person["ref_kelompok"]]
    alone = [person for person in people if not person["ref_kelompok"]]
    half = (len(alone) + 1) // 2
    forms = (
        Form(name="bang-harta.xlsx", programme=GROUPED, content=write_xlsx(COLUMNS, grouped)),
        Form(
            name="bank-harkat-kecamatan.csv",
            programme=INDIVIDUALS,
            content=write_csv(COLUMNS, alone[:half]),
        ),
        Form(
            name="bank-harkat-online.jsonl",
            programme=INDIVIDUALS,
            content=write_json_lines(alone[half:]),
        ),
    )
    filled = (bool(grouped), bool(alone[:half]), bool(alone[half:]))
    return tuple(form for form, has_rows in zip(forms, filled, strict=True) if has_rows)


def make_applications(seed: int, count: int, today: date) -> list[Applicant]:
    """``count`` applications in the columns of the form; groups first, each complete."""
    maker = _Maker(seed, today)
    people: list[Applicant] = []
    for size in _group_sizes(Dice(seed, "sizes"), count):
        people += maker.make_group(size)
    people += [maker.make_single() for _ in range(count - len(people))]
    return people


def _group_sizes(dice: Dice, count: int) -> list[int]:
    """Sizes from 3 to 6 that together are about the share of people in groups."""
    left = count * GROUP_PER_CENT // 100
    sizes = []
    while left >= 3:
        size = min(dice.between(3, 6), left)
        sizes.append(size)
        left -= size
    return sizes


class _Maker:
    """Invents people one after the other, nobody twice."""

    def __init__(self, seed: int, today: date) -> None:
        self._seed = seed
        self._today = today
        self._used: set[str] = set()
        self._made = 0
        self._groups = 0

    def make_single(self) -> Applicant:
        """A person who asks alone."""
        dice = Dice(self._seed, "person", self._made)
        person = self._person(dice, self._place(dice, self._made))
        person["plafon_diajukan"] = str(dice.between(4, 40) * STEP_IDR)
        person["tenor_bulan"] = str(dice.pick(TENORS))
        person["bank"] = dice.pick(("", "", "", "", "", "", "", "bank_jambi", "bpr_kenali", ""))
        lack = dice.roll(100)
        if lack < NO_CONSENT_PER_CENT:
            _drop_consent(person)
        elif lack < NO_CONSENT_PER_CENT + INCOMPLETE_PER_CENT:
            _drop_papers(person, dice)
        return person

    def make_group(self, size: int) -> list[Applicant]:
        """A group with one leader, all of one kelurahan and one tenor."""
        self._groups += 1
        dice = Dice(self._seed, "group", self._groups)
        good = dice.chance(GOOD_GROUP_PER_CENT)
        place = self._place(dice, self._groups)
        most = GROUP_MAX_IDR // size // STEP_IDR
        shared = {
            "tenor_bulan": str(dice.pick(TENORS)),
            "bank": dice.pick(("", "", "", "", "bank_jambi")),
            "ref_kelompok": f"KLP-{self._groups:03d}",
            "nama_kelompok": f"Kelompok {dice.pick(GROUPS)} {self._groups}",
        }
        members = []
        for number in range(size):
            member = self._person(dice, place, harmless=good)
            amount_idr = dice.between(2, most) * STEP_IDR
            role = "anggota" if number else "ketua"
            member |= shared | {"plafon_diajukan": str(amount_idr), "peran_kelompok": role}
            members.append(member)
        if not good:
            unlucky = dice.pick(members)
            if dice.chance(50):
                _drop_consent(unlucky)
            else:
                _drop_papers(unlucky, dice)
        return members

    def _place(self, dice: Dice, turn: int) -> str:
        kecamatan = sorted(PLACES)[turn % len(PLACES)]
        return dice.pick(sorted(PLACES[kecamatan][1]))

    def _person(self, dice: Dice, kelurahan: str, *, harmless: bool = False) -> Applicant:
        self._made += 1
        is_woman = dice.chance(62)
        born = self._today - timedelta(days=dice.between(22 * 365, 58 * 365))
        nik = self._nik(dice, born, is_woman=is_woman, harmless=harmless)
        name = f"{dice.pick(WOMEN if is_woman else MEN)} {dice.pick(FAMILY)}"
        kbli, business = dice.pick(BUSINESSES)
        consented = self._today - timedelta(days=dice.between(1, 20))
        return {
            "nik": nik,
            "nama": name,
            "tgl_lahir": born.isoformat(),
            "jenis_kelamin": "P" if is_woman else "L",
            "alamat": f"Jl. {dice.pick(STREETS)} No. {dice.between(1, 180)}",
            "rt": f"{dice.between(1, 40):03d}",
            "kelurahan": kelurahan if dice.chance(60) else self._spoken(kelurahan),
            "no_hp": f"{dice.pick(('08', '+628', '628'))}{dice.digits(9)}",
            "nib": dice.digits(13) if dice.chance(60) else "",
            "npwp": nik if dice.chance(30) else "",
            "kbli": kbli,
            "nama_usaha": f"{business} {name.split(maxsplit=1)[0]}",
            "mulai_usaha": (self._today - timedelta(days=dice.between(300, 4000))).isoformat(),
            "omzet_bulanan": str(dice.between(4, 60) * 250_000),
            "plafon_diajukan": "",
            "tenor_bulan": "",
            "tujuan": dice.pick(PURPOSES),
            "bank": "",
            "persetujuan_slik_tgl": consented.isoformat(),
            "persetujuan_slik_bukti": f"SP-{self._made:05d}",
            "ref_kelompok": "",
            "peran_kelompok": "",
            "nama_kelompok": "",
            "sumber_ref": f"KEC-{self._made:05d}",
        }

    def _spoken(self, kelurahan: str) -> str:
        """The kelurahan by name, as people write it."""
        return PLACES[kelurahan[6:8]][1][kelurahan]

    def _nik(self, dice: Dice, born: date, *, is_woman: bool, harmless: bool) -> str:
        """District 99, the birth date with 40 more for women, and a serial nobody has yet."""
        day = born.day + (40 if is_woman else 0)
        while True:
            nik = f"157199{day:02d}{born:%m%y}{dice.between(1, 9999):04d}"
            fits = not harmless or history_of(self._seed, nik) in HARMLESS
            if nik not in self._used and fits:
                self._used.add(nik)
                return nik


def _drop_consent(person: Applicant) -> None:
    person["persetujuan_slik_tgl"] = person["persetujuan_slik_bukti"] = ""


def _drop_papers(person: Applicant, dice: Dice) -> None:
    for column in dice.pick((("kbli",), ("mulai_usaha",), ("kbli", "mulai_usaha"))):
        person[column] = ""
