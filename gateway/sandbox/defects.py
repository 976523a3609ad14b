"""What can go wrong with a repayment, each as a few rows that a bank would write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from gateway.bankkit.answers import Entry
from gateway.sandbox.bankdays import is_bank_day, on_or_after, shift
from gateway.sandbox.desk import Desk
from gateway.sandbox.dice import Dice
from gateway.sandbox.ledger import PAID, Due, Loan

GRACE_BANK_DAYS = 3
EXTRA_IDR = 50_000
EARLY_DAYS = 6
"""So early that the next due day lies beyond 35 days: what is too much can reach nothing."""


def _missing(desk: Desk, loan: Loan, due: Due, dice: Dice) -> None:
    del dice
    desk.miss(loan, due)


def _partial(desk: Desk, loan: Loan, due: Due, dice: Dice) -> None:
    part = due.amount_idr * dice.between(40, 80) // 100 // 1000 * 1000
    entry = desk.pay(loan, due, on_or_after(due.due_on), max(part, due.interest_idr + 1))
    desk.amend(entry, note="BAYAR SEBAGIAN")
    desk.plant("PARTIAL", loan, due.number, ref=entry.ref_bank, amount_idr=entry.amount_idr)


def _late(desk: Desk, loan: Loan, due: Due, dice: Dice) -> None:
    day = shift(on_or_after(due.due_on), GRACE_BANK_DAYS + 1 + dice.roll(2))
    entry = desk.pay(loan, due, min(day, desk.until))
    desk.plant("LATE", loan, due.number, ref=entry.ref_bank, amount_idr=entry.amount_idr)


def _overpaid(desk: Desk, loan: Loan, due: Due, dice: Dice) -> None:
    """Too much, so early that the rest reaches no other instalment; the bank keeps it aside."""
    value_on = due.due_on - timedelta(days=EARLY_DAYS)
    entry = desk.pay(loan, due, on_or_after(value_on))
    extra = EXTRA_IDR * dice.between(1, 3)
    desk.amend(
        entry,
        value_on=value_on,
        amount_idr=entry.amount_idr + extra,
        principal_idr=None,
        interest_idr=None,
        penalty_idr=None,
    )
    desk.plant("OVERPAID", loan, due.number, ref=entry.ref_bank, amount_idr=extra)


def _reversed(desk: Desk, loan: Loan, due: Due, dice: Dice) -> None:
    """Booked, taken back the next bank day, booked again on the due day."""
    del dice
    day = on_or_after(due.due_on)
    first = desk.pay(loan, due, shift(day, -2))
    desk.write(
        replace(
            first,
            ref_bank=desk.next_reference(shift(day, -1)),
            booked_on=shift(day, -1),
            value_on=shift(day, -1),
            type="R",
            original=first.ref_bank,
            outstanding_idr=loan.outstanding_idr,
            note="KOREKSI SALAH BUKU",
        )
    )
    desk.loans[loan.number] = loan
    desk.pay(loan, due, day)
    desk.plant("REVERSED", loan, due.number, ref=first.ref_bank, amount_idr=first.amount_idr)


def _orphan_reversal(desk: Desk, loan: Loan, due: Due, dice: Dice) -> None:
    entry = desk.pay(loan, due, on_or_after(due.due_on))
    day = min(shift(entry.booked_on, 1), desk.until)
    orphan = desk.write(
        Entry(
            ref_bank=desk.next_reference(day),
            booked_on=day,
            value_on=day,
            loan_number=loan.number,
            reference=loan.reference,
            amount_idr=100_000 + 1000 * dice.roll(100),
            type="R",
            original=f"{entry.ref_bank[:3]}000000{dice.digits(6)}",
            note="KOREKSI TANPA ASAL",
        )
    )
    desk.plant("REV_ORPHAN", loan, None, ref=orphan.ref_bank, amount_idr=orphan.amount_idr)


def _near_reference(desk: Desk, loan: Loan, due: Due, dice: Dice) -> None:
    """The teller swaps two digits of the account and leaves the reference out."""
    del dice
    entry = desk.pay(loan, due, on_or_after(due.due_on))
    entry = desk.amend(
        entry,
        loan_number=swapped_number(loan.number, desk.loans),
        reference="",
        instalment=None,
        principal_idr=None,
        interest_idr=None,
        penalty_idr=None,
        outstanding_idr=None,
        collectability=None,
        days_overdue=None,
        note="SETORAN TELLER",
    )
    desk.plant("NEAR_REF", loan, None, ref=entry.ref_bank, amount_idr=entry.amount_idr)
    desk.miss(loan, due, mark="NEAR_REF")


def _same_row_twice(desk: Desk, loan: Loan, due: Due, dice: Dice) -> None:
    del dice
    entry = desk.pay(loan, due, on_or_after(due.due_on))
    desk.write(entry)
    desk.plant("DUP_SAME", loan, due.number, ref=entry.ref_bank, amount_idr=entry.amount_idr)


def _two_equal_deposits(desk: Desk, loan: Loan, due: Due, dice: Dice) -> None:
    """The second one is kept aside by the bank: it moves no balance."""
    del dice
    entry = desk.pay(loan, due, on_or_after(due.due_on))
    second = desk.write(
        replace(
            entry,
            ref_bank=desk.next_reference(entry.booked_on),
            instalment=None,
            principal_idr=None,
            interest_idr=None,
            penalty_idr=None,
            outstanding_idr=None,
            note="SETORAN",
        )
    )
    desk.plant("POSSIBLE_DUP", loan, None, ref=second.ref_bank, amount_idr=second.amount_idr)


def _pay_off(desk: Desk, loan: Loan, due: Due, dice: Dice) -> None:
    """This month's due and all later principal; later interest is waived."""
    del dice
    day = on_or_after(due.due_on)
    amount_idr = loan.outstanding_idr + due.interest_idr
    dues = tuple(
        other
        if other.number < due.number
        else replace(
            other,
            interest_idr=other.interest_idr if other.number == due.number else 0,
            paid_idr=other.principal_idr
            + (other.interest_idr if other.number == due.number else 0),
            mark=PAID,
        )
        for other in loan.dues
    )
    desk.loans[loan.number] = replace(loan, dues=dues, outstanding_idr=0)
    entry = desk.write(
        Entry(
            ref_bank=desk.next_reference(day),
            booked_on=day,
            value_on=day,
            loan_number=loan.number,
            reference=loan.reference,
            amount_idr=amount_idr,
            principal_idr=loan.outstanding_idr,
            interest_idr=due.interest_idr,
            penalty_idr=0,
            outstanding_idr=0,
            collectability=1,
            days_overdue=0,
            type="P",
            note="PELUNASAN DIPERCEPAT",
        )
    )
    desk.plant("PAYOFF", loan, due.number, ref=entry.ref_bank, amount_idr=amount_idr)


def _other_account(desk: Desk, loan: Loan, due: Due, dice: Dice) -> None:
    entry = desk.pay(loan, due, on_or_after(due.due_on))
    number = f"77{dice.digits(8)}"
    desk.amend(entry, loan_number=number, note="MASUK REKENING LAIN")
    desk.plant("WRONG_ACCOUNT", loan, due.number, ref=entry.ref_bank, amount_idr=entry.amount_idr)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One way to go wrong and its share of the loans; a month has one of each where it fits."""

    what: str
    per_mille: int
    play: Callable[[Desk, Loan, Due, Dice], None]


DEFECTS = (
    Defect(what="NEAR_REF", per_mille=5, play=_near_reference),
    Defect(what="OVERPAID", per_mille=10, play=_overpaid),
    Defect(what="MISSING", per_mille=35, play=_missing),
    Defect(what="LATE", per_mille=30, play=_late),
    Defect(what="PARTIAL", per_mille=35, play=_partial),
    Defect(what="POSSIBLE_DUP", per_mille=5, play=_two_equal_deposits),
    Defect(what="REVERSED", per_mille=10, play=_reversed),
    Defect(what="REV_ORPHAN", per_mille=5, play=_orphan_reversal),
    Defect(what="DUP_SAME", per_mille=10, play=_same_row_twice),
    Defect(what="WRONG_ACCOUNT", per_mille=10, play=_other_account),
    Defect(what="PAYOFF", per_mille=15, play=_pay_off),
)


def fits(defect: Defect, desk: Desk, loan: Loan, due: Due) -> bool:
    """Whether the month has room for this defect on this loan, so that it means what it says."""
    day = on_or_after(due.due_on)
    judged = shift(day, GRACE_BANK_DAYS) <= desk.until
    last = due.number == len(loan.dues)
    rules: Mapping[str, bool] = {
        "NEAR_REF": judged and swapped_number(loan.number, desk.loans) != "",
        "MISSING": judged,
        "LATE": shift(day, GRACE_BANK_DAYS + 2) <= desk.until,
        "OVERPAID": is_bank_day(due.due_on)
        and due.due_on.day > EARLY_DAYS
        and due.due_on - timedelta(days=EARLY_DAYS) > loan.disbursed_on,
        "POSSIBLE_DUP": not last,
        "PAYOFF": not last,
        "REVERSED": f"{shift(day, -2):%Y%m}" == desk.period and shift(day, -2) > loan.disbursed_on,
        "REV_ORPHAN": day < desk.until,
    }
    return rules.get(defect.what, True)


def swapped_number(number: str, loans: Mapping[str, Loan]) -> str:
    """The number with two neighbours swapped, near to this loan's number and to no other."""
    for place in range(len(number) - 1):
        left, right = number[place], number[place + 1]
        if left == right:
            continue
        swapped = number[:place] + right + left + number[place + 2 :]
        if near_number(swapped, loans) == [number]:
            return swapped
    return ""


def near_number(text: str, loans: Mapping[str, Loan]) -> list[str]:
    """Loan numbers at most one slip of the hand away: a digit changed, swapped, lost or added."""
    return [number for number in loans if number == text or _one_slip(text, number)]


def _one_slip(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    left, right = one[same:], other[same:]
    if len(left) == len(right):
        swapped = len(left) > 1 and left[1] + left[0] + left[2:] == right
        return left[1:] == right[1:] or swapped
    return left[1:] == right or left == right[1:]
