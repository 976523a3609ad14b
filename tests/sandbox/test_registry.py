"""The pretend registry: a whole answer for nearly everybody, awkward the way real ones are."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.bankkit.heads import WIB
from gateway.sandbox.ideb import HARMLESS, SHARES, History, facilities_of, history_of
from gateway.sandbox.registry import PretendRegistry
from tests.sandbox.pretend_city import FOLDERS, SEED, HandMadeCity

ASKED = datetime(2026, 8, 3, 9, tzinfo=WIB)
NEXT_DAY = datetime(2026, 8, 4, 9, tzinfo=WIB)
COUNT = 200


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> HandMadeCity:
    return HandMadeCity(tmp_path_factory.mktemp("city"))


def niks(count: int) -> list[str]:
    return [f"157199520585{number:04d}" for number in range(1, count + 1)]


def an_inquiry(count: int) -> bytes:
    lines = [f"H|0101|000115|20260803|IDEB|{count}|SLIK-260803-01"]
    for number, nik in enumerate(niks(count), start=1):
        reference = f"INQ{number:06d}"
        lines.append(f"D|{number}|I|{reference}|01|1|{nik}||SITI CONTOH|P|JAMBI|19850512")
    return "".join(f"{line}\n" for line in lines).encode()


def a_registry(city: HandMadeCity, root: Path, count: int) -> PretendRegistry:
    registry = PretendRegistry(
        root, folders=FOLDERS, bank_code="115", city_certificates=city.certificate, seed=SEED
    )
    city.bring(root / "masuk", "0101.000115.2026.08.IDEB.000001.txt", an_inquiry(count))
    return registry


@pytest.fixture(scope="module")
def answered(
    city: HandMadeCity, tmp_path_factory: pytest.TempPathFactory
) -> tuple[PretendRegistry, Path]:
    root = tmp_path_factory.mktemp("slik")
    registry = a_registry(city, root, COUNT)
    registry.tick(NEXT_DAY)
    return registry, root / "keluar"


def load(path: Path) -> dict[str, dict[str, Any]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


def test_questions_are_answered_on_a_later_day_and_once(city: HandMadeCity, tmp_path: Path) -> None:
    registry = a_registry(city, tmp_path, 5)
    assert registry.tick(ASKED) == []
    names = registry.tick(NEXT_DAY)
    assert names[0] == "115.157100.IDEB.20260804.INQ000001.1.txt"
    assert len(names) == 5
    assert registry.tick(NEXT_DAY) == []
    again = PretendRegistry(
        tmp_path, folders=FOLDERS, bank_code="115", city_certificates=city.certificate, seed=SEED
    )
    assert again.tick(NEXT_DAY) == []


def test_an_unsigned_or_forged_question_is_not_answered(city: HandMadeCity, tmp_path: Path) -> None:
    registry = a_registry(city, tmp_path, 5)
    question = tmp_path / "masuk" / "0101.000115.2026.08.IDEB.000001.txt"
    question.write_bytes(an_inquiry(4))
    assert registry.tick(NEXT_DAY) == []
    assert "SIGNATURE" in registry.complaints[0][1]


def test_every_answer_is_about_whom_was_asked_but_one(
    answered: tuple[PretendRegistry, Path],
) -> None:
    registry, folder = answered
    asked = dict(zip((f"INQ{n:06d}" for n in range(1, COUNT + 1)), niks(COUNT), strict=True))
    odd = {quirk.reference: quirk.what for quirk in registry.quirks}
    wrong = set()
    for path in folder.glob("*.txt"):
        ideb = load(path)
        reference = str(ideb["header"]["kodeReferensiPengguna"])
        person = ideb["individual"]
        assert person["parameterPencarian"]["noIdentitas"] == asked[reference]
        if any(row["noIdentitas"] != asked[reference] for row in person["dataPokokDebitur"]):
            wrong.add(reference)
    assert wrong == {reference for reference, what in odd.items() if what == "WRONG_PERSON"}
    assert len(wrong) == 1


def test_the_awkward_ones_are_all_there(answered: tuple[PretendRegistry, Path]) -> None:
    registry, folder = answered
    counted = Counter(quirk.what for quirk in registry.quirks)
    assert counted == {"WRONG_PERSON": 1, "SILENT": 2, "LATIN_1": 1, "PARTS": 3}
    names = [path.name for path in folder.glob("*.txt")]
    assert len(names) == COUNT - 2 + 3
    parts = Counter(load(path)["header"]["totalBagian"] for path in folder.glob("*.txt"))
    assert parts == {"1": COUNT - 5, "2": 6}
    facilities = [
        facility
        for path in folder.glob("*.txt")
        for facility in load(path)["individual"]["fasilitas"]["kreditPembiayan"]
    ]
    assert any(row["tahunBulan01"] > row["tahunBulan24"] for row in facilities)
    assert any(row["nilaiProyek"] is None for row in facilities)
    assert any(isinstance(row["bakiDebet"], int) for row in facilities)
    assert any(
        "krediturBPR/S" in load(path)["individual"]["ringkasanFasilitas"]
        for path in folder.glob("*.txt")
    )
    online = [row for row in facilities if row["jenisKreditPembiayaan"] == "Q99"]
    assert online
    assert all(row["kondisi"] == "03" for row in online)


def test_about_three_fifths_are_clean_or_unknown() -> None:
    people = [history_of(SEED, nik) for nik in niks(2000)]
    clean = sum(history in {History.NONE, History.CLEAN} for history in people)
    assert 0.57 < clean / 2000 < 0.67
    assert 0.2 < sum(history not in HARMLESS for history in people) / 2000 < 0.27
    assert sum(share for _, share in SHARES) == 100


def test_content_follows_from_seed_and_nik_alone() -> None:
    nik = niks(3)[2]
    assert facilities_of(SEED, nik) == facilities_of(SEED, nik)
    assert any(facilities_of(1, nik) != facilities_of(2, nik) for nik in niks(20))
