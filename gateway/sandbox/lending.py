"""How a pretend bank judges papers and credit; every judgement is a throw that can be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from gateway.bankkit.answers import Row, Terms, approval_row, decline_row
from gateway.sandbox.book import Asked
from gateway.sandbox.dice import Dice

REFUSED_PER_CENT = 4
APPROVED_PER_CENT = 80
CUT_PER_CENT = 15
STEP_IDR = 500_000
METHOD = "FLAT"
RATE_BPS = 300
REFUSALS = (
    ("KTP", "KTP tidak terbaca"),
    ("TTD", "Formulir belum ditandatangani"),
    ("USH", "Foto tempat usaha tidak ada"),
)
DECLINES = (
    ("KAP", "Kemampuan bayar belum cukup"),
    ("USA", "Usaha berjalan kurang dari 6 bulan"),
    ("SRV", "Usaha tidak ditemukan saat survei"),
)


def group_up(rows: Sequence[Row]) -> list[Asked]:
    """The loans asked for: single applications, and groups under the group's reference."""
    members: dict[str, list[Row]] = {}
    for row in rows:
        members.setdefault(row["ref_kelompok"] or row["ref_pengajuan"], []).append(row)
    return [
        Asked(
            reference=reference,
            is_group=found[0]["jenis"] == "K",
            amount_idr=sum(int(row["plafon_diajukan"]) for row in found),
            tenor_months=int(found[0]["tenor_bulan"]),
            members=tuple(row["ref_pengajuan"] for row in found),
        )
        for reference, found in members.items()
    ]


def judge_papers(dice: Dice) -> tuple[str, str]:
    """Reason code and reason of a refusal, both empty when the papers are in order."""
    return dice.pick(REFUSALS) if dice.chance(REFUSED_PER_CENT) else ("", "")


def judge_credit(asked: Asked, today: date, dice: Dice) -> tuple[Row, Asked | None]:
    """The row of the decision, and what is granted, which may be less than asked."""
    if not dice.chance(APPROVED_PER_CENT):
        code, reason = dice.pick(DECLINES)
        return decline_row(asked.reference, today, code, reason), None
    less_idr = _cut(asked.amount_idr, dice) if dice.chance(CUT_PER_CENT) else 0
    granted = replace(asked, amount_idr=less_idr or asked.amount_idr)
    return approval_row(granted.reference, terms_of(granted), today), granted


def terms_of(asked: Asked) -> Terms:
    """On what a loan is granted."""
    return Terms(
        amount_idr=asked.amount_idr,
        tenor_months=asked.tenor_months,
        method=METHOD,
        rate_bps=RATE_BPS,
    )


def _cut(amount_idr: int, dice: Dice) -> int:
    """Less than asked, in whole steps; nothing if there is no smaller step."""
    steps = (amount_idr - 1) // STEP_IDR
    return dice.between(max(2, steps * 2 // 3), steps) * STEP_IDR if steps >= 2 else 0
