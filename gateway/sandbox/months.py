"""One month of a pretend bank's repayments: most are right, some are wrong on purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.bankkit.answers import Entry
from gateway.sandbox.bankdays import last_bank_day, on_or_after, shift
from gateway.sandbox.book import Planted
from gateway.sandbox.defects import DEFECTS, fits, near_number
from gateway.sandbox.desk import Desk
from gateway.sandbox.dice import Dice
from gateway.sandbox.ledger import Due, Loan

CATCH_UP_PER_CENT = 60
STRAY_IDR = 150_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A month's outcome: the loans after it, the file's rows, the defects among them."""

    loans: tuple[Loan, ...]
    entries: tuple[Entry, ...]
    planted: tuple[Planted, ...]


def play_month(
    loans: Sequence[Loan],
    period: str,
    *,
    dice: Dice,
    partner: str,
    rural: bool,
    next_reference: Callable[[date], str],
    kept_aside: frozenset[str] = frozenset(),
) -> Played:
    """Let every loan live through the month ``yyyymm``; the same dice give the same month.

    :param kept_aside: numbers of loans with money of earlier months still held: they just pay on,
        or one defect would cover up another.
    """
    until = last_bank_day(period)
    desk = Desk(
        loans=loans,
        period=period,
        until=until,
        partner=partner,
        rural=rural,
        next_reference=next_reference,
    )
    owing = [(loan, due) for loan in loans for due in _new_dues(loan, until)]
    regular = [
        (loan, due) for loan, due in owing if not _is_behind(loan) and loan.number not in kept_aside
    ]
    chosen = _choose_defects(regular, desk, dice)
    for loan, due in owing:
        if loan.number in chosen:
            chosen[loan.number](desk, loan, due, dice)
        elif _is_behind(loan):
            _live_on(desk, desk.loans[loan.number], due, dice)
        else:
            desk.pay(loan, due, _usual_day(due, until, dice))
    if len(owing) > len(DEFECTS) // 2:
        _stray_deposit(desk, dice)
    return Played(
        loans=tuple(desk.loans.values()),
        entries=tuple(sorted(desk.entries, key=lambda entry: entry.booked_on)),
        planted=tuple(desk.planted),
    )


def _new_dues(loan: Loan, until: date) -> list[Due]:
    """What falls due up to ``until`` and was in no month yet; nothing once the loan is closed."""
    if loan.is_closed:
        return []
    return [due for due in loan.dues if not due.mark and on_or_after(due.due_on) <= until]


def _is_behind(loan: Loan) -> bool:
    return any(due.mark and due.open_idr for due in loan.dues)


def _usual_day(due: Due, until: date, dice: Dice) -> date:
    """From two bank days before the due day to two after, mostly on it."""
    day = on_or_after(due.due_on)
    chosen = shift(day, dice.pick((-2, -1, 0, 0, 0, 0, 1, 2)))
    return chosen if chosen <= until else day


Play = Callable[[Desk, Loan, Due, Dice], None]


def _choose_defects(regular: Sequence[tuple[Loan, Due]], desk: Desk, dice: Dice) -> dict[str, Play]:
    """Which loans go wrong, and how: of each defect its share, at least one where there is room."""
    owed = Counter(loan.number for loan, _ in regular)
    waiting = dice.shuffle([(loan, due) for loan, due in regular if owed[loan.number] == 1])
    room = len(waiting) // 2
    chosen: dict[str, Play] = {}
    for defect in DEFECTS:
        wanted = min(max(1, len(waiting) * defect.per_mille // 1000), room - len(chosen))
        for loan, due in waiting:
            if wanted <= 0:
                break
            if loan.number not in chosen and fits(defect, desk, loan, due):
                chosen[loan.number] = defect.play
                wanted -= 1
    return chosen


def _live_on(desk: Desk, loan: Loan, due: Due, dice: Dice) -> None:
    """A loan that is behind catches up, stays silent, or pays on over a hole in its row."""
    holes = [old for old in loan.dues if old.mark and old.open_idr]
    if any(old.mark == "NEAR_REF" for old in holes):
        desk.plant("SEQ_GAP", loan, due.number)
        desk.pay(loan, due, on_or_after(due.due_on))
        return
    can_wait = shift(on_or_after(due.due_on), 3) <= desk.until
    if can_wait and not dice.chance(CATCH_UP_PER_CENT):
        desk.miss(loan, due)
        return
    day = on_or_after(desk.until.replace(day=dice.between(5, 9)))
    for old in holes:
        desk.plant("LATE", loan, old.number, amount_idr=old.open_idr)
        desk.pay(desk.loans[loan.number], old, day)
    desk.pay(desk.loans[loan.number], due, on_or_after(due.due_on))


def _stray_deposit(desk: Desk, dice: Dice) -> None:
    """Money for a loan that nobody knows."""
    number = dice.digits(12)
    while near_number(number, desk.loans):
        number = dice.digits(12)
    day = on_or_after(desk.until.replace(day=dice.between(8, 20)))
    entry = Entry(
        ref_bank=desk.next_reference(day),
        booked_on=day,
        value_on=day,
        loan_number=number,
        reference="",
        amount_idr=STRAY_IDR,
        note="REKENING TIDAK DIKENAL",
    )
    desk.entries.append(entry)
    desk.planted.append(
        Planted(
            partner=desk.partner,
            period=desk.label,
            what="UNKNOWN_LOAN",
            code="UNKNOWN_LOAN",
            loan_reference="",
            loan_number=number,
            bank_ref=entry.ref_bank,
            amount_idr=STRAY_IDR,
        )
    )
