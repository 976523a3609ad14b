"""The pretend credit registry behind the SLIK partner: questions in, iDeb files out.

Answers go out on the first tick of a later day than the questions bear.  Their content follows
from (seed, NIK) alone; the ways in which real iDeb files are awkward are sprinkled over them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from gateway.bankkit.envelope import verify_signature
from gateway.bankkit.problems import KitError, trouble
from gateway.sandbox.bankdays import WIB, add_months, wib_day
from gateway.sandbox.dice import Dice
from gateway.sandbox.faults import NONE, Faults
from gateway.sandbox.ideb import (
    Facility,
    Question,
    Table,
    facilities_of,
    spell_facility,
    spell_person,
    spell_search,
    summarise,
)
from gateway.sandbox.inbox import signed_files
from gateway.sandbox.outbox import lay

D_FIELDS = 13
FEW = 25
"""Smaller inquiries are answered in full: a wrong or missing answer would be too large a share."""
EXOTIC_PER_CENT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirk:
    """One awkward answer: its inquiry reference and what is odd about it."""

    reference: str
    what: str


class PretendRegistry:
    """The registry on its own root folder.  Call :meth:`tick` when simulated time has moved."""

    def __init__(
        self,
        root: Path,
        *,
        folders: tuple[str, str],
        bank_code: str,
        city_certificates: Path,
        seed: int,
        faults: Faults = NONE,
    ) -> None:
        self.faults = faults
        self._incoming = root / folders[0]
        self._outgoing = root / folders[1]
        self._memory = root / "buku.json"
        self._bank_code = bank_code
        self._city_certificates = city_certificates
        self._seed = seed
        self._incoming.mkdir(parents=True, exist_ok=True)
        (self._outgoing / "selesai").mkdir(parents=True, exist_ok=True)
        kept = json.loads(self._memory.read_text()) if self._memory.exists() else {}
        self._answered: dict[str, str] = kept.get("answered", {})
        self._requests: int = kept.get("requests", 0)
        self.quirks = [Quirk(**entry) for entry in kept.get("quirks", [])]
        self.complaints: list[tuple[str, str]] = []

    def tick(self, now: datetime) -> list[str]:
        """Answer what was asked before today; gives the names of the files written."""
        if self.faults.silent:
            return []
        names: list[str] = []
        for path in signed_files(self._incoming):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if ".IDEB." not in path.name or self._answered.get(path.name) == digest:
                continue
            try:
                verify_signature(path, path.with_name(f"{path.name}.p7s"), self._city_certificates)
                asked_on, questions = read_inquiry(path.read_bytes())
            except KitError as error:
                self.complaints.append((path.name, str(error)))
                self._answered[path.name] = digest
                continue
            if asked_on < f"{wib_day(now):%Y%m%d}":
                names += self._answer_all(questions, now)
                self._answered[path.name] = digest
        self._save()
        return names

    def _save(self) -> None:
        quirks = [{"reference": quirk.reference, "what": quirk.what} for quirk in self.quirks]
        kept = {"answered": self._answered, "requests": self._requests, "quirks": quirks}
        self._memory.write_text(json.dumps(kept))

    def _answer_all(self, questions: Sequence[Question], now: datetime) -> list[str]:
        order = Dice(self._seed, "order", len(questions)).shuffle(questions)
        odd: dict[str, str] = {}
        if len(order) >= FEW:
            whats = ["WRONG_PERSON", "SILENT", "SILENT", "LATIN_1", "PARTS", "PARTS", "PARTS"]
            odd = {question.reference: what for question, what in zip(order, whats, strict=False)}
        return [
            name
            for question in questions
            for name in self._answer(question, odd.get(question.reference, ""), now)
        ]

    def _answer(self, question: Question, what: str, now: datetime) -> list[str]:
        self._requests += 1
        if what:
            self.quirks.append(Quirk(reference=question.reference, what=what))
        if what == "SILENT":
            return []
        facilities = facilities_of(self._seed, question.national_id)
        halves = [facilities]
        if what == "PARTS":
            halves = [facilities[:1], facilities[1:]]
        names = []
        for part, half in enumerate(halves, start=1):
            header = self._header(question, now, (part, len(halves)))
            content = self._content(question, what, (facilities, half), header, wib_day(now))
            day = f"{now.astimezone(WIB):%Y%m%d}"
            name = f"{self._bank_code}.157100.IDEB.{day}.{question.reference}.{part}.txt"
            lay(self._outgoing, name, content)
            names.append(name)
        return names

    def _header(self, question: Question, now: datetime, parts: tuple[int, int]) -> Table:
        moment = f"{now.astimezone(WIB):%Y%m%d%H%M%S}"
        return {
            "kodeReferensiPengguna": question.reference,
            "tanggalHasil": moment,
            "idPermintaan": str(700_000_000 + self._requests),
            "idPenggunaPermintaan": "4321",
            "dibuatOleh": "petugas.contoh",
            "kodeLJKPermintaan": self._bank_code,
            "kodeCabangPermintaan": "001",
            "kodeTujuanPermintaan": "01",
            "tanggalPermintaan": moment,
            "totalBagian": str(parts[1]),
            "nomorBagian": str(parts[0]),
        }

    def _content(
        self,
        question: Question,
        what: str,
        facilities: tuple[list[Facility], list[Facility]],
        header: Table,
        today: date,
    ) -> bytes:
        whole, here = facilities
        newest = add_months(today.replace(day=1), -1)
        found_id = question.national_id
        if what == "WRONG_PERSON":
            found_id = found_id[:-4] + f"{(int(found_id[-4:]) + 4999) % 9999 + 1:04d}"
        if what == "LATIN_1":
            question = replace(question, name=f"{question.name} né CONTOH")
        dice = Dice(self._seed, "style", question.national_id)
        lenders = dict.fromkeys(facility.lender for facility in whole)
        person = {
            "nomorLaporan": f"{self._requests:06d}/IDEB/{self._bank_code}/{today:%Y}",
            "posisiDataTerakhir": f"{newest:%Y%m}",
            "tanggalPermintaan": header["tanggalPermintaan"],
            "parameterPencarian": spell_search(question.national_id),
            "dataPokokDebitur": [spell_person(question, lender, found_id) for lender in lenders]
            or ([spell_person(question, ("", ""), found_id)] if what == "WRONG_PERSON" else []),
            "ringkasanFasilitas": summarise(whole, newest),
            "fasilitas": {
                "kreditPembiayan": [
                    _restyle(spell_facility(facility, newest, dice.digits(10)), dice)
                    for facility in here
                ],
                "lc": [],
                "garansiYgDiberikan": [],
                "fasilitasLain": [],
            },
        }
        text = json.dumps({"header": header, "individual": person}, ensure_ascii=False)
        return text.encode("latin-1" if what == "LATIN_1" else "utf-8")


def _restyle(table: Table, dice: Dice) -> Table:
    """The same credit in one of the awkward ways that real files show."""
    if not dice.chance(EXOTIC_PER_CENT * 3):
        return table
    style = dice.roll(3)
    if style == 0:
        return _months_backwards(table)
    if style == 1:
        return {name: None if value == "" else value for name, value in table.items()}
    figures = ("bakiDebet", "plafon", "plafonAwal", "tunggakanPokok", "tunggakanBunga", "denda")
    return {name: int(str(value)) if name in figures else value for name, value in table.items()}


def _months_backwards(table: Table) -> Table:
    """Month 01 is the newest instead of the oldest."""
    turned = dict(table)
    for place in range(1, 25):
        for ending in ("", "Kol", "Ht"):
            turned[f"tahunBulan{place:02d}{ending}"] = table[f"tahunBulan{25 - place:02d}{ending}"]
    return turned


def read_inquiry(content: bytes) -> tuple[str, list[Question]]:
    """The day (``yyyymmdd``) and the questions of an inquiry file; raises KitError."""
    lines = content.decode("utf-8").splitlines()
    head = lines[0].split("|") if lines else []
    rows = [line.split("|") for line in lines[1:] if line]
    sound = len(head) >= 6 and head[0] == "H" and head[4] == "IDEB" and head[5] == str(len(rows))
    if not sound or any(row[0] != "D" or len(row) < D_FIELDS - 1 for row in rows):
        raise trouble("INQUIRY", "berkas permintaan salah susun", "a malformed inquiry file")
    return head[3], [
        Question(reference=row[3], national_id=row[6], name=row[8], sex=row[9], born=row[11])
        for row in rows
    ]
