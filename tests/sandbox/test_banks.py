"""Pretend banks on the whole road: their files obey their own rules, their defects are as told."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from gateway.bankkit.envelope import verify_signature
from gateway.bankkit.heads import WIB, PipeFile
from gateway.bankkit.pipe import read_pipe
from gateway.bankkit.problems import KitError
from gateway.sandbox.banks import PretendBank
from gateway.sandbox.book import Planted
from gateway.sandbox.city import PROFILES
from gateway.sandbox.defects import DEFECTS
from gateway.sandbox.faults import Faults
from tests.sandbox.pretend_city import BATCH_DAY, ROAD, HandMadeCity, a_bank, some_rows

CODES = sorted(PROFILES)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> HandMadeCity:
    return HandMadeCity(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module", params=CODES)
def walked(
    request: pytest.FixtureRequest, city: HandMadeCity, tmp_path_factory: pytest.TempPathFactory
) -> PretendBank:
    """A bank that has gone the whole road once, with people and groups."""
    root = tmp_path_factory.mktemp(request.param)
    bank = a_bank(city, root, request.param)
    groups = 0 if request.param == "bpr_batanghari" else 8
    city.submit(request.param, root / "masuk", some_rows(70, groups))
    for moment in ROAD:
        bank.tick(moment)
    return bank


def answers(bank: PretendBank) -> list[Path]:
    folder = bank.book.path.parent / "keluar"
    return sorted(path for path in folder.iterdir() if path.suffix in {".txt", ".csv", ".TXT"})


def pipe_files(bank: PretendBank, kind: str) -> list[PipeFile]:
    return [
        read_pipe(path.name, path.read_bytes())
        for path in answers(bank)
        if f".{kind}." in path.name
    ]


def test_every_answer_is_sound_and_signed(walked: PretendBank) -> None:
    assert len(answers(walked)) >= 6
    for path in answers(walked):
        assert walked.profile.dialect.check(path.name, path.read_bytes()) == ()
        pem = walked.book.path.parent / "bank.pem"
        verify_signature(path, path.with_name(f"{path.name}.p7s"), pem)


def test_nothing_half_written_is_left_behind(walked: PretendBank) -> None:
    folder = walked.book.path.parent / "keluar"
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    assert walked.complaints == []


def test_each_month_has_every_defect_the_bank_had_room_for(walked: PretendBank) -> None:
    for period in ("2026-09", "2026-10"):
        found = {planted.what for planted in walked.planted if planted.period == period}
        assert found >= {defect.what for defect in DEFECTS} | {"UNKNOWN_LOAN"}
    assert [p for p in walked.planted if p.period == "2026-08"] == []


def test_groups_speak_with_one_voice_and_their_own_codes(walked: PretendBank) -> None:
    groups = {loan.number for loan in walked.book.loans.values() if loan.is_group}
    for loan in walked.book.loans.values():
        assert loan.reference.startswith("KLP" if loan.is_group else "HRK")
    for planted in walked.planted:
        if planted.loan_number in groups:
            assert planted.code not in {"MISSING", "PARTIAL", "OVERPAID"}


def test_decisions_are_about_four_fifths_yes_with_terms_of_the_programme(
    walked: PretendBank,
) -> None:
    case = walked.book.cases[0]
    assert 0.6 < len(case.granted) / len(case.asked) < 0.95
    asked = {entry.reference: entry.amount_idr for entry in case.asked}
    assert all(granted.amount_idr <= asked[granted.reference] for granted in case.granted)
    assert any(granted.amount_idr < asked[granted.reference] for granted in case.granted)
    assert {loan.terms.rate_bps for loan in walked.book.loans.values()} == {300}


def test_a_restart_continues_where_it_was(walked: PretendBank, city: HandMadeCity) -> None:
    root = walked.book.path.parent
    again = a_bank(city, root, walked.profile.code)
    assert again.planted == walked.planted
    assert again.book.loans == walked.book.loans
    assert again.book.cases == walked.book.cases
    assert again.tick(ROAD[-1] + timedelta(days=1)) == []


def _rows_by_loan(bank: PretendBank, period: str) -> dict[str, list[dict[str, str]]]:
    rows = defaultdict(list)
    for found in pipe_files(bank, "ANGSURAN"):
        if found.extra == period:
            for row in found.rows:
                rows[row["no_rekening"]].append(dict(row))
    return rows


@pytest.fixture(scope="module")
def jambi(city: HandMadeCity, tmp_path_factory: pytest.TempPathFactory) -> PretendBank:
    root = tmp_path_factory.mktemp("jambi")
    bank = a_bank(city, root, "bank_jambi")
    city.submit("bank_jambi", root / "masuk", some_rows(90, 10))
    for moment in ROAD:
        bank.tick(moment)
    return bank


def test_a_loan_without_a_defect_pays_exactly_what_is_due(jambi: PretendBank) -> None:
    rows = _rows_by_loan(jambi, "202609")
    wrong = {planted.loan_number for planted in jambi.planted if planted.period == "2026-09"}
    right = [loan for loan in jambi.book.loans.values() if loan.number not in wrong]
    assert len(right) > 40
    for loan in right:
        (row,) = rows[loan.number]
        assert int(row["nominal"]) == loan.due(1).amount_idr
        assert row["ref_pengajuan"] == loan.reference
        assert int(row["baki_debet_setelah"]) == loan.terms.amount_idr - loan.due(1).principal_idr


def planted_in(bank: PretendBank, what: str, period: str = "2026-09") -> Planted:
    return next(p for p in bank.planted if p.what == what and p.period == period)


def test_defects_look_in_the_file_as_they_were_planted(jambi: PretendBank) -> None:
    rows = _rows_by_loan(jambi, "202609")
    every = [row for found in rows.values() for row in found]
    counted = Counter(row["ref_bank"] for row in every)
    assert counted[planted_in(jambi, "DUP_SAME").bank_ref] == 2
    assert sum(n > 1 for n in counted.values()) == sum(
        p.what == "DUP_SAME" and p.period == "2026-09" for p in jambi.planted
    )
    missing = planted_in(jambi, "MISSING")
    assert rows[missing.loan_number] == []
    near = next(row for row in every if row["ref_bank"] == planted_in(jambi, "NEAR_REF").bank_ref)
    assert near["no_rekening"] not in jambi.book.loans
    assert near["ref_pengajuan"] == ""
    orphan = next(r for r in every if r["ref_bank"] == planted_in(jambi, "REV_ORPHAN").bank_ref)
    assert orphan["jenis"] == "R"
    assert orphan["ref_asal"] not in counted
    reversal = next(
        row for row in every if row["ref_asal"] == planted_in(jambi, "REVERSED").bank_ref
    )
    assert reversal["jenis"] == "R"
    payoff = next(row for row in every if row["ref_bank"] == planted_in(jambi, "PAYOFF").bank_ref)
    assert (payoff["jenis"], payoff["baki_debet_setelah"]) == ("P", "0")
    other = next(r for r in every if r["ref_bank"] == planted_in(jambi, "WRONG_ACCOUNT").bank_ref)
    assert other["no_rekening"] not in jambi.book.loans


def test_overpayment_cannot_reach_the_next_instalment(jambi: PretendBank) -> None:
    planted = planted_in(jambi, "OVERPAID")
    loan = jambi.book.loans[planted.loan_number]
    row = next(
        r for r in _rows_by_loan(jambi, "202609")[loan.number] if r["ref_bank"] == planted.bank_ref
    )
    value_on = datetime.strptime(row["tgl_valuta"], "%Y%m%d").date()  # noqa: DTZ007 - a day
    assert int(row["nominal"]) == loan.due(1).amount_idr + planted.amount_idr
    assert (loan.due(2).due_on - value_on).days > 35
    assert (loan.due(1).due_on - value_on).days <= 7


def test_positions_chain_from_month_to_month(jambi: PretendBank) -> None:
    statements = pipe_files(jambi, "POSISI")
    assert [found.extra for found in statements] == ["202608", "202609", "202610"]
    assert statements[0].totals["saldo_awal"] == 0
    for before, after in pairwise(statements):
        assert after.totals["saldo_awal"] == before.totals["saldo_akhir"]


def test_bank_references_are_never_used_for_two_things(jambi: PretendBank) -> None:
    seen: dict[str, dict[str, str]] = {}
    for kind in ("ANGSURAN", "PENCAIRAN"):
        for found in pipe_files(jambi, kind):
            for row in found.rows:
                plain = {name: value for name, value in row.items() if name != "urut"}
                assert seen.setdefault(row["ref_bank"], plain) == plain


def test_the_same_seed_plants_the_same(city: HandMadeCity, tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        bank = a_bank(city, tmp_path / name, "bpr_kenali")
        city.submit("bpr_kenali", tmp_path / name / "masuk", some_rows(40))
        for moment in ROAD:
            bank.tick(moment)
        found.append(([path.read_bytes() for path in answers(bank)], bank.planted))
    assert found[0][1] == found[1][1]
    assert found[0] == found[1]


def test_a_forged_batch_is_complained_of_and_not_answered(
    city: HandMadeCity, tmp_path: Path
) -> None:
    bank = a_bank(city, tmp_path / "bank", "bank_jambi")
    other = HandMadeCity(tmp_path / "other")
    other.submit("bank_jambi", tmp_path / "bank" / "masuk", some_rows(5))
    assert bank.tick(BATCH_DAY) == []
    assert "SIGNATURE" in bank.complaints[0][1]


def test_a_container_out_of_its_chain_is_complained_of(city: HandMadeCity, tmp_path: Path) -> None:
    bank = a_bank(city, tmp_path, "bank_jambi")
    city.submit("bank_jambi", tmp_path / "masuk", some_rows(5))
    city.submit("bank_jambi", tmp_path / "masuk", some_rows(5), number=2)
    (tmp_path / "masuk" / "KJ-bank_jambi-pengajuan-000001.zip.p7s").unlink()
    assert bank.tick(BATCH_DAY) == []
    assert "CHAIN" in bank.complaints[0][1]


def test_a_batch_without_its_signature_waits(city: HandMadeCity, tmp_path: Path) -> None:
    bank = a_bank(city, tmp_path, "bpr_kenali")
    name, _ = city.submit("bpr_kenali", tmp_path / "masuk", some_rows(5))
    signature = tmp_path / "masuk" / f"{name}.p7s"
    kept = signature.read_bytes()
    signature.unlink()
    assert bank.tick(BATCH_DAY) == []
    signature.write_bytes(kept)
    assert len(bank.tick(BATCH_DAY)) == 1


def a_faulty_bank(city: HandMadeCity, root: Path, faults: Faults) -> PretendBank:
    bank = a_bank(city, root, "bank_jambi", faults)
    city.submit("bank_jambi", root / "masuk", some_rows(20))
    return bank


def the_answer(bank: PretendBank) -> Path:
    (path,) = answers(bank)
    return path


def is_signed(bank: PretendBank, path: Path) -> bool:
    try:
        verify_signature(
            path, path.with_name(f"{path.name}.p7s"), bank.book.path.parent / "bank.pem"
        )
    except KitError:
        return False
    return True


@pytest.mark.parametrize("fault", ["unsigned", "flipped", "wrong_totals"])
def test_a_damaged_answer_is_mended_at_the_next_tick(
    city: HandMadeCity, tmp_path: Path, fault: str
) -> None:
    bank = a_faulty_bank(city, tmp_path, Faults(**{fault: "TANDATERIMA"}))
    bank.tick(BATCH_DAY)
    path = the_answer(bank)
    sound = bank.profile.dialect.check(path.name, path.read_bytes()) == ()
    assert (sound, is_signed(bank, path)) == {
        "unsigned": (True, False),
        "flipped": (False, False),
        "wrong_totals": (False, True),
    }[fault]
    assert bank.tick(BATCH_DAY + timedelta(hours=1)) == [path.name]
    assert bank.profile.dialect.check(path.name, path.read_bytes()) == ()
    assert is_signed(bank, path)


@pytest.mark.parametrize("code", CODES)
def test_wrong_totals_are_wrong_in_every_dialect(
    city: HandMadeCity, tmp_path: Path, code: str
) -> None:
    bank = a_bank(city, tmp_path, code, Faults(wrong_totals="TANDATERIMA", mends=False))
    city.submit(code, tmp_path / "masuk", some_rows(20))
    bank.tick(BATCH_DAY)
    path = the_answer(bank)
    problems = bank.profile.dialect.check(path.name, path.read_bytes())
    assert [problem.code for problem in problems] == ["TOTAL"]
    assert bank.tick(BATCH_DAY + timedelta(hours=1)) == []


def test_a_gap_is_filled_later_by_an_empty_file(city: HandMadeCity, tmp_path: Path) -> None:
    bank = a_faulty_bank(city, tmp_path, Faults(gap="TANDATERIMA"))
    assert bank.tick(BATCH_DAY) == ["115.157100.TANDATERIMA.20260805.002.txt"]
    filled = bank.tick(BATCH_DAY + timedelta(days=1))
    assert filled == ["115.157100.TANDATERIMA.20260806.001.txt"]


def test_a_number_used_twice_carries_other_bytes(city: HandMadeCity, tmp_path: Path) -> None:
    bank = a_faulty_bank(city, tmp_path, Faults(same_number="ANGSURAN"))
    for moment in ROAD:
        bank.tick(moment)
    numbers = [found.sequence for found in pipe_files(bank, "ANGSURAN")]
    assert numbers == [1, 1, 2]


def test_a_silent_bank_says_nothing_and_a_stray_file_is_just_there(
    city: HandMadeCity, tmp_path: Path
) -> None:
    assert a_faulty_bank(city, tmp_path / "a", Faults(silent=True)).tick(BATCH_DAY) == []
    bank = a_faulty_bank(city, tmp_path / "b", Faults(unknown_file=True))
    bank.tick(BATCH_DAY)
    assert (tmp_path / "b" / "keluar" / "catatan-teller.txt").exists()


def test_months_that_nobody_ticked_are_reported_one_by_one(
    city: HandMadeCity, tmp_path: Path
) -> None:
    bank = a_bank(city, tmp_path, "bpr_kenali")
    city.submit("bpr_kenali", tmp_path / "masuk", some_rows(10))
    for moment in (ROAD[0], ROAD[1], ROAD[2]):
        bank.tick(moment)
    names = bank.tick(datetime(2026, 10, 31, 9, tzinfo=WIB))
    assert names == [f"KENALI_BAYAR_20261031_{number:04d}.csv" for number in (1, 2, 3)]
