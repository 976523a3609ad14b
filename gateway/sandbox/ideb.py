"""What the pretend registry knows of a person: one iDeb, made up from (seed, NIK).

Keys and codes are those of OJK's iDeb; every person, lender and account here is invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gateway.sandbox.bankdays import add_months
from gateway.sandbox.dice import Dice

MONTHS = 24
SUMMARY_PARTS = ("KreditPembiayaan", "Lc", "Gyd", "Sec", "Lain")
LENDERS = (
    ("600991", "PT BPR CONTOH SEJAHTERA"),
    ("600992", "PT BPR CONTOH MAKMUR"),
    ("014999", "PT BANK CONTOH NUSANTARA"),
)
ONLINE_LENDER = ("900999", "PT PINDAR CONTOH DIGITAL")

Plain = str | int | None
Table = dict[str, object]


class History(StrEnum):
    """What kind of past a person has at the registry."""

    NONE = "none"
    CLEAN = "clean"
    OLD_TROUBLE = "old trouble"
    SMALL_ARREARS = "small arrears"
    ARREARS = "arrears"
    BAD_QUALITY = "bad quality"
    ONLINE_WRITTEN_OFF = "online written off"


SHARES = (
    (History.NONE, 36),
    (History.CLEAN, 26),
    (History.OLD_TROUBLE, 7),
    (History.SMALL_ARREARS, 8),
    (History.ARREARS, 8),
    (History.BAD_QUALITY, 7),
    (History.ONLINE_WRITTEN_OFF, 8),
)
"""Shares in a hundred; the last three are what stops an applicant."""
HARMLESS = frozenset({History.NONE, History.CLEAN, History.OLD_TROUBLE, History.SMALL_ARREARS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One ``D`` line of an inquiry file."""

    reference: str
    national_id: str = field(repr=False)
    name: str = field(repr=False)
    sex: str = field(repr=False)
    born: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """One credit of a person, before it is spelt out."""

    lender: tuple[str, str]
    kind: str
    plafond_idr: int
    outstanding_idr: int
    quality: int
    days: int
    principal_idr: int
    interest_idr: int
    penalty_idr: int
    condition: str
    grades: tuple[str, ...]
    """Quality of the last 24 months, oldest first, ``""`` where there was no credit yet."""


def history_of(seed: int, national_id: str) -> History:
    """What kind of past this person has; the same for ever for one seed."""
    throw = Dice(seed, "history", national_id).roll(100)
    for history, share in SHARES:
        throw -= share
        if throw < 0:
            return history
    return History.NONE


def facilities_of(seed: int, national_id: str) -> list[Facility]:
    """The person's credits."""
    history = history_of(seed, national_id)
    dice = Dice(seed, "facilities", national_id)
    if history is History.NONE:
        return []
    if history is History.ONLINE_WRITTEN_OFF:
        return [_clean(dice), _online(dice)] if dice.chance(50) else [_online(dice)]
    if history is History.OLD_TROUBLE:
        return [_settled(dice), *([_clean(dice)] if dice.chance(40) else [])]
    if history is History.CLEAN:
        return [_clean(dice) for _ in range(dice.between(1, 2))]
    return [_overdue(dice, history), *([_clean(dice)] if dice.chance(30) else [])]


def _clean(dice: Dice) -> Facility:
    plafond = dice.between(4, 40) * 500_000
    return Facility(
        lender=dice.pick(LENDERS),
        kind="P99",
        plafond_idr=plafond,
        outstanding_idr=plafond * dice.between(20, 90) // 100,
        quality=1,
        days=0,
        principal_idr=0,
        interest_idr=0,
        penalty_idr=0,
        condition="00",
        grades=_grades(dice.between(4, 20), ()),
    )


def _settled(dice: Dice) -> Facility:
    """Paid off long ago, after a bad year."""
    return Facility(
        lender=dice.pick(LENDERS),
        kind="P99",
        plafond_idr=dice.between(4, 20) * 500_000,
        outstanding_idr=0,
        quality=1,
        days=0,
        principal_idr=0,
        interest_idr=0,
        penalty_idr=0,
        condition="02",
        grades=("1", "2", "2", "3", "2", "1", "1", *[""] * (MONTHS - 7)),
    )


def _overdue(dice: Dice, history: History) -> Facility:
    small = history is History.SMALL_ARREARS
    bad = history is History.BAD_QUALITY
    plafond = dice.between(8, 40) * 500_000
    principal = dice.between(60, 150) * 1000 if small else dice.between(4, 25) * 100_000
    days = dice.between(95, 300) if bad else dice.between(35, 80)
    quality = (3 if days <= 180 else 4) if bad else 2
    worse = tuple("2" if step < 2 else str(quality) for step in range(4 if bad else 2))
    return Facility(
        lender=dice.pick(LENDERS[:2]),
        kind="P99",
        plafond_idr=plafond,
        outstanding_idr=plafond * dice.between(50, 80) // 100,
        quality=quality,
        days=days,
        principal_idr=principal,
        interest_idr=principal * 12 // 100,
        penalty_idr=5_000 * dice.between(0, 3),
        condition="00",
        grades=_grades(dice.between(8, 18), worse),
    )


def _online(dice: Dice) -> Facility:
    plafond = dice.between(2, 8) * 500_000
    owed = plafond * dice.between(40, 90) // 100
    return Facility(
        lender=ONLINE_LENDER,
        kind="Q99",
        plafond_idr=plafond,
        outstanding_idr=0,
        quality=5,
        days=dice.between(150, 400),
        principal_idr=owed,
        interest_idr=owed * 15 // 100,
        penalty_idr=0,
        condition="03",
        grades=(*[""] * 9, "1", "1", "1", "2", "2", "3", "4", "5", *[""] * 7),
    )


def _grades(months: int, worse: tuple[str, ...]) -> tuple[str, ...]:
    """So many months of quality 1, then what was worse, up to last month."""
    return (*[""] * (MONTHS - months - len(worse)), *["1"] * months, *worse)


def spell_facility(facility: Facility, newest: date, number: str) -> Table:
    """A credit as the registry writes it; ``newest`` is any day of the newest month."""
    closed = f"{add_months(newest, -12):%Y%m%d}" if facility.condition != "00" else ""
    table: Table = {
        "ljk": facility.lender[0],
        "ljkKet": facility.lender[1],
        "cabang": "001",
        "bakiDebet": str(facility.outstanding_idr),
        "tanggalUpdate": f"{newest:%Y%m%d}080000",
        "bulan": f"{newest:%m}",
        "tahun": f"{newest:%Y}",
        "sifatKreditPembiayaan": "9",
        "jenisKreditPembiayaan": facility.kind,
        "akadKreditPembiayaan": "000",
        "noRekening": number,
        "kreditProgramPemerintah": "10",
        "valutaKode": "IDR",
        "sukuBungaImbalan": "18.00",
        "jenisSukuBungaImbalan": "1",
        "kualitas": str(facility.quality),
        "jumlahHariTunggakan": str(facility.days),
        "nilaiProyek": "",
        "plafonAwal": str(facility.plafond_idr),
        "plafon": str(facility.plafond_idr),
        "tunggakanPokok": str(facility.principal_idr),
        "tunggakanBunga": str(facility.interest_idr),
        "frekuensiTunggakan": str(-(-facility.days // 30)),
        "denda": str(facility.penalty_idr),
        "kondisi": facility.condition,
        "kondisiKet": CONDITIONS[facility.condition],
        "tanggalKondisi": closed,
        "keterangan": "",
        "agunan": [],
        "penjamin": [],
    }
    for place, grade in enumerate(facility.grades, start=1):
        month = add_months(newest, place - MONTHS)
        table[f"tahunBulan{place:02d}"] = f"{month:%Y%m}"
        table[f"tahunBulan{place:02d}Kol"] = grade
        table[f"tahunBulan{place:02d}Ht"] = OVERDUE_DAYS[grade]
    return table


CONDITIONS = {"00": "Fasilitas Aktif", "02": "Lunas", "03": "Dihapusbukukan"}
OVERDUE_DAYS = {"": "", "1": "0", "2": "45", "3": "110", "4": "200", "5": "380"}


def summarise(facilities: Sequence[Facility], newest: date) -> Table:
    """``ringkasanFasilitas``: sums over open credits, and the worst quality of any."""
    running = [facility for facility in facilities if facility.condition == "00"]
    plafond = str(sum(facility.plafond_idr for facility in running))
    owed = str(sum(facility.outstanding_idr for facility in running))
    table: Table = {}
    for name, value in (("plafonEfektif", plafond), ("bakiDebet", owed)):
        for part in SUMMARY_PARTS:
            table[f"{name}{part}"] = value if part == "KreditPembiayaan" else "0"
        table[f"{name}Total"] = value
    grades = [
        (grade, add_months(newest, place - MONTHS))
        for facility in facilities
        for place, grade in enumerate(facility.grades, start=1)
        if grade
    ]
    worst = max(grades, default=("", newest))
    return table | {
        "krediturBankUmum": str(sum(f.lender[0].startswith("0") for f in facilities)),
        "krediturBPR/S": str(sum(f.lender[0].startswith("60") for f in facilities)),
        "krediturLp": "0",
        "krediturLainnya": str(sum(f.lender == ONLINE_LENDER for f in facilities)),
        "kualitasTerburuk": worst[0],
        "kualitasBulanDataTerburuk": f"{worst[1]:%Y%m}" if worst[0] else "",
    }


def spell_person(question: Question, lender: tuple[str, str], national_id: str) -> Table:
    """One row of ``dataPokokDebitur``."""
    return {
        "namaDebitur": question.name,
        "identitas": "1",
        "noIdentitas": national_id,
        "alamat": "JL CONTOH",
        "jenisKelamin": question.sex,
        "jenisKelaminKet": {"L": "Laki-laki", "P": "Perempuan"}.get(question.sex, ""),
        "npwp": "",
        "tempatLahir": "JAMBI",
        "tanggalLahir": question.born,
        "pelapor": lender[0],
        "pelaporKet": lender[1],
        "kabKota": "3191",
        "negara": "ID",
    }


def spell_search(national_id: str) -> Mapping[str, Plain]:
    """``parameterPencarian``."""
    names = ("namaDebitur", "jenisKelamin", "jenisKelaminKet", "npwp", "tempatLahir")
    return {**dict.fromkeys(names, ""), "noIdentitas": national_id, "tanggalLahir": ""}
