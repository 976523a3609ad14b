"""The same rules told a second time, slowly: one row after another, plain loops, no SQL.

Written from the rulings, not from the engine.  It answers with money only: who paid what, what is
left under which name, and the rows of the list as (key, expected, reported).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from gateway.domain.loans import RepaymentType
from gateway.domain.programmes import ReconciliationRules
from gateway.domain.reconciling import ExpectedItem, LoanFacts, PeriodInputs, ReportedRow
from gateway.domain.states import LoanState

QUIET = {"NOT_DUE", "WAITING", "WAIVED", "PENALTY", "REVERSED"}
FACTS_OF_ITEMS = ("LATE", "PREPAID", "SEQ_GAP", "COMPONENT_DIFF")


@dataclass
class Slip:
    """A reported row on the oracle's desk."""

    row: ReportedRow
    key: str = ""
    loan: LoanFacts | None = None
    hits: int = 0
    other_account: bool = False
    copy_of: str = ""
    reversed_idr: int = 0
    reversed_penalty_idr: int = 0
    pair: Slip | None = None
    held: str = ""
    spent: int = 0
    rounded: int = 0

    @property
    def order(self) -> tuple[object, ...]:
        r = self.row

        def last(value: int | None) -> tuple[bool, int]:
            return (value is None, value or 0)

        return (
            r.value_on,
            r.bank_reference,
            r.booked_on,
            r.type.value,
            last(r.instalment_number),
            r.amount_idr,
            last(r.principal_idr),
            last(r.interest_idr),
            last(r.penalty_idr),
            last(r.outstanding_idr),
            r.original_reference,
            self.key,
        )

    @property
    def penalty(self) -> int:
        if self.row.carried and not self.row.twin:
            return 0
        whole = max(0, min(self.row.penalty_idr or 0, self.row.amount_idr))
        forced = self.reversed_idr - (self.row.amount_idr - whole)
        return whole - min(whole, max(self.reversed_penalty_idr, forced))

    @property
    def purse(self) -> int:
        return self.row.amount_idr - self.reversed_idr - self.penalty


@dataclass
class Hit:
    """Money of one slip on one item."""

    amount: int
    rule: str
    slip: Slip
    item: ExpectedItem


@dataclass
class Answer:
    paid: dict[tuple[str, int, str], tuple[int, str]] = field(default_factory=dict)
    left: dict[tuple[str, str, str], int] = field(default_factory=dict)
    listed: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass
class Desk:
    inputs: PeriodInputs
    rules: ReconciliationRules
    slips: list[Slip] = field(default_factory=list)
    paid: dict[tuple[str, int, str], Hit] = field(default_factory=dict)
    rest: dict[tuple[str, int], int] = field(default_factory=dict)
    waived: dict[tuple[str, int], int] = field(default_factory=dict)
    rounded: dict[tuple[str, int], int] = field(default_factory=dict)

    def items(self, loan: str) -> list[ExpectedItem]:
        mine = [i for i in self.inputs.expected if i.loan_reference == loan]
        return sorted(mine, key=lambda i: (i.due_on, i.number))


def text_of(row: ReportedRow) -> tuple[object, ...]:
    return (
        row.bank_reference,
        row.booked_on,
        row.value_on,
        row.loan_number,
        row.application_reference,
        row.instalment_number,
        row.principal_idr,
        row.interest_idr,
        row.penalty_idr,
        row.outstanding_idr,
        row.type.value,
        row.original_reference,
    )


def name_rows(desk: Desk) -> None:
    """Identity, copies, duplicates."""
    seen: dict[tuple[str, object], int] = defaultdict(int)
    named: dict[str, list[Slip]] = defaultdict(list)
    for row in sorted(desk.inputs.reported, key=lambda r: (r.file_sha256, r.line)):
        slip = Slip(row)
        desk.slips.append(slip)
        if row.bank_reference:
            name = "ref:" + row.bank_reference
        else:
            seen[row.file_sha256, (*text_of(row), row.amount_idr)] += 1
            said = "\x1f".join("" if v is None else str(v) for v in text_of(row))
            digest = hashlib.sha256(f"{said}\x1f{row.amount_idr}".encode()).hexdigest()
            name = f"sha:{digest}#{seen[row.file_sha256, (*text_of(row), row.amount_idr)]}"
        named[name].append(slip)
    for name, slips in named.items():
        slips.sort(
            key=lambda s: (
                bool(s.row.sent_before),
                not s.row.carried,
                s.row.file_name,
                s.row.file_sha256,
                s.row.line,
            )
        )
        for n, slip in enumerate(slips, 1):
            slip.key, slip.copy_of = f"{name}/{n}", f"{name}/1"
            if slip.row.sent_before:
                slip.held = "DUP_SAME" if slip.row.sent_before == "SAME" else "DUP_CONFLICT"
        first = [s for s in slips if not s.held]
        old = {s.row.amount_idr for s in first if s.row.carried}
        new = {s.row.amount_idr for s in first if not s.row.carried}
        texts = {text_of(s.row) for s in first}
        at_odds = len(texts) > 1 or len(old) > 1 or len(new) > 1
        at_odds = at_odds or bool(old and new and max(old) > min(new))
        for slip in first if at_odds else first[1:]:
            slip.held = "DUP_CONFLICT" if at_odds else "DUP_SAME"
    desk.slips.sort(key=lambda s: s.order)


def find_loans(desk: Desk) -> None:
    for slip in desk.slips:
        number, reference = slip.row.loan_number, slip.row.application_reference
        by_number = [x for x in desk.inputs.loans if number and x.loan_number == number]
        by_reference = [
            x
            for x in desk.inputs.loans
            if reference and reference in (x.loan_reference, *x.member_references)
        ]
        both = [x for x in by_number if x in by_reference]
        either = by_number + [x for x in by_reference if x not in by_number]
        slip.hits = len(either)
        if len(both) == 1:
            slip.loan = both[0]
        elif len(either) == 1:
            slip.loan = either[0]
            slip.other_account = bool(number and not by_number)


def pair_reversals(desk: Desk) -> None:
    for slip in desk.slips:
        if slip.held or slip.row.type is not RepaymentType.REVERSAL:
            continue
        slip.held = "REV_ORPHAN"
        for other in desk.slips:
            if (
                other.held
                or other.row.type is RepaymentType.REVERSAL
                or not other.row.bank_reference
                or other.row.bank_reference != slip.row.original_reference
                or slip.row.value_on < other.row.value_on
                or slip.row.amount_idr > other.row.amount_idr - other.reversed_idr
            ):
                continue
            same = slip.loan is not None and slip.loan is other.loan
            raw = (slip.row.loan_number, slip.row.application_reference)
            if same or raw == (other.row.loan_number, other.row.application_reference):
                other.reversed_idr += slip.row.amount_idr
                other.reversed_penalty_idr += slip.penalty
                slip.held, slip.pair = "REVERSED", other


def hold_strangers(desk: Desk) -> None:
    for slip in desk.slips:
        if slip.held:
            continue
        if slip.loan is None:
            slip.held = "AMBIGUOUS" if slip.hits else "UNKNOWN_LOAN"
        elif slip.loan.state is LoanState.WRITTEN_OFF:
            slip.held = "CLOSED_LOAN"


def pay(desk: Desk, slip: Slip, item: ExpectedItem, amount: int, rule: str) -> None:
    if amount > 0:
        desk.paid[item.loan_reference, item.number, slip.key] = Hit(amount, rule, slip, item)
        desk.rest[item.loan_reference, item.number] -= amount
        slip.spent += amount


def room(slip: Slip) -> int:
    return slip.purse - slip.spent - slip.rounded


def one_slip_of_the_pen(a: str, b: str) -> bool:
    """One substitution, insertion, deletion, or swap of neighbours apart."""
    if a == b or not a or not b or abs(len(a) - len(b)) > 1:
        return False
    if len(a) != len(b):
        short, long = sorted((a, b), key=len)
        return any(short == long[:n] + long[n + 1 :] for n in range(len(long)))
    wrong = [n for n in range(len(a)) if a[n] != b[n]]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        return a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]
    return len(wrong) == 1


def suspect_misspelling(desk: Desk) -> None:
    """Ruling 13, when all money is spent: a name for UNKNOWN_LOAN, never an action."""
    for slip in desk.slips:
        amount = slip.row.amount_idr - slip.reversed_idr
        near = [
            loan
            for loan in desk.inputs.loans
            if slip.held == "UNKNOWN_LOAN"
            and amount
            and loan.state is not LoanState.WRITTEN_OFF
            and any(
                desk.rest[i.loan_reference, i.number] == amount
                for i in desk.items(loan.loan_reference)
            )
            and (
                one_slip_of_the_pen(loan.loan_number, slip.row.loan_number)
                or any(
                    one_slip_of_the_pen(name, slip.row.application_reference)
                    for name in (loan.loan_reference, *loan.member_references)
                )
            )
        ]
        if near:
            slip.held = "NEAR_REF" if len(near) == 1 else "AMBIGUOUS"


def closing_day(desk: Desk, loan: str) -> date | None:
    days = [
        s.row.value_on
        for s in desk.slips
        if s.loan
        and s.loan.loan_reference == loan
        and s.row.type is RepaymentType.PAYOFF
        and s.purse > 0
        and s.held in ("", "POSSIBLE_DUP")
    ]
    return min(days, default=None)


def spend(desk: Desk) -> None:
    """All matching passes from a clean sheet."""
    desk.paid.clear()
    desk.waived.clear()
    desk.rounded.clear()
    for i in desk.inputs.expected:
        desk.rest[i.loan_reference, i.number] = i.open_idr
    for slip in desk.slips:
        slip.spent = slip.rounded = 0
    for loan in desk.inputs.loans:
        spend_on_loan(desk, loan.loan_reference)


def spend_on_loan(desk: Desk, loan: str) -> None:
    items = desk.items(loan)
    numbered = {i.number: i for i in items}
    last_day = closing_day(desk, loan)
    mine = [s for s in desk.slips if not s.held and s.loan and s.loan.loan_reference == loan]
    end = [
        s
        for s in mine
        if last_day and (s.row.type is RepaymentType.PAYOFF or s.row.value_on > last_day)
    ]
    usual = [s for s in mine if s not in end]

    def rest(item: ExpectedItem) -> int:
        return desk.rest[loan, item.number]

    def stated(slip: Slip) -> ExpectedItem | None:
        item = numbered.get(slip.row.instalment_number or 0)
        return item if item and rest(item) > 0 else None

    def reach(slip: Slip) -> list[ExpectedItem]:
        until = slip.row.value_on + timedelta(days=desk.rules.horizon_days)
        return [i for i in items if i.due_on <= until]

    honours = desk.rules.order != "fifo"
    guesses = desk.rules.order == "stated_then_fifo"
    for slip in usual if honours else ():
        item = stated(slip)
        if item and rest(item) == room(slip):
            pay(desk, slip, item, rest(item), "P5")
    free = [s for s in usual if room(s) > 0 and stated(s) is None]
    for slip in free if guesses else ():
        same = [i for i in reach(slip) if rest(i) == room(slip)]
        if same:
            pay(desk, slip, same[0], rest(same[0]), "P8")
    if honours and desk.rules.tolerance_idr:
        round_off(desk, usual, items, stated, reach)
    for slip in usual if honours else ():
        item = stated(slip)
        if item:
            pay(desk, slip, item, min(rest(item), room(slip)), "P7")
    for slip in usual if desk.rules.order != "stated_only" else ():
        for item in reach(slip):
            pay(desk, slip, item, min(rest(item), room(slip)), "P9A")
    for item in items if last_day else ():
        if last_day and item.due_on > last_day and min(rest(item), item.interest_idr) > 0:
            desk.waived[loan, item.number] = min(rest(item), item.interest_idr)
            desk.rest[loan, item.number] -= desk.waived[loan, item.number]
    for slip in end:
        for item in items:
            pay(desk, slip, item, min(rest(item), room(slip)), "PAYOFF")


def round_off(
    desk: Desk,
    usual: list[Slip],
    items: list[ExpectedItem],
    stated: Callable[[Slip], ExpectedItem | None],
    reach: Callable[[Slip], list[ExpectedItem]],
) -> None:
    rules, used = desk.rules, 0
    asked: set[int] = set()
    counted = 0
    for slip in usual:
        item = stated(slip)
        if item is None or room(slip) <= 0 or item.number in asked:
            continue
        off = desk.rest[item.loan_reference, item.number] - room(slip)
        if item.amount_idr != desk.rest[item.loan_reference, item.number]:
            continue
        if off == 0 or abs(off) > rules.tolerance_idr:
            continue
        asked.add(item.number)
        counted += abs(off)
        if counted <= rules.tolerance_cap_loan_idr:
            used += abs(off)
            settle_near(desk, slip, item, off)
    free = [s for s in usual if room(s) > 0 and stated(s) is None]
    opened = [i for i in items if desk.rest[i.loan_reference, i.number] > 0]
    for slip, item in zip(free, opened, strict=False):
        off = desk.rest[item.loan_reference, item.number] - room(slip)
        used += abs(off)
        if (
            item.amount_idr != desk.rest[item.loan_reference, item.number]
            or off == 0
            or abs(off) > rules.tolerance_idr
            or used > rules.tolerance_cap_loan_idr
            or item not in reach(slip)
        ):
            return
        settle_near(desk, slip, item, off)


def settle_near(desk: Desk, slip: Slip, item: ExpectedItem, off: int) -> None:
    pay(desk, slip, item, min(room(slip), desk.rest[item.loan_reference, item.number]), "P6")
    if off > 0:
        desk.rounded[item.loan_reference, item.number] = off
        desk.rest[item.loan_reference, item.number] -= off
    else:
        slip.rounded = -off


def hold_twins(desk: Desk) -> None:
    """Ruling 6, one loan and one day at a time, until nothing changes."""
    suspects = []
    alike: dict[object, list[Slip]] = defaultdict(list)
    for slip in desk.slips:
        fresh = slip.row.twin or not slip.row.carried
        if not slip.held and slip.loan and slip.purse > 0 and fresh:
            alike[slip.loan.loan_reference, slip.row.amount_idr, slip.row.value_on].append(slip)
    for group in alike.values():
        group.sort(key=lambda s: not s.row.twin)
        spoken: set[int] = set()
        for slip in [s for s in group if s.row.instalment_number is not None]:
            if slip.row.instalment_number in spoken or slip.row.twin:
                suspects.append(slip)
            spoken.add(slip.row.instalment_number or 0)
        silent = [s for s in group if s.row.instalment_number is None]
        suspects += [s for n, s in enumerate(silent) if n or spoken or s.row.twin]
    spend(desk)
    for slip in [s for s in suspects if not landed_in_time(desk, s)]:
        slip.held = "POSSIBLE_DUP"
    while release_some(desk):
        pass


def release_some(desk: Desk) -> bool:
    """Let held rows pay for which dues are open; whether any was let go."""
    spend(desk)
    asked: dict[str, int] = defaultdict(int)
    free = []
    for slip in desk.slips:
        if slip.held != "POSSIBLE_DUP" or slip.loan is None:
            continue
        loan = slip.loan.loan_reference
        last_day = closing_day(desk, loan)
        ends = slip.row.type is RepaymentType.PAYOFF
        ends = last_day is not None and (ends or slip.row.value_on > last_day)
        due = sum(
            desk.rest[loan, i.number]
            for i in desk.items(loan)
            if ends or i.due_on <= slip.row.value_on
        )
        if due:
            if asked[loan] < due:
                free.append(slip)
            asked[loan] += slip.purse
    for slip in free:
        slip.held = ""
    return bool(free)


def landed_in_time(desk: Desk, slip: Slip) -> bool:
    return any(
        hit.slip is slip and (hit.rule == "PAYOFF" or hit.item.due_on <= slip.row.value_on)
        for hit in desk.paid.values()
    )


def item_code(desk: Desk, item: ExpectedItem, got: int) -> str:
    inputs = desk.inputs
    loan = next(x for x in inputs.loans if x.loan_reference == item.loan_reference)
    short = "GROUP_SHORT" if loan.is_group else "PARTIAL"
    if closing_day(desk, item.loan_reference):
        return short
    if item.due_on > inputs.as_of:
        return "NOT_DUE"
    for (name, number, _), hit in desk.paid.items():
        if (name, number) == (item.loan_reference, item.number):
            balance = sum(i.principal_idr for i in desk.items(name) if i.number > number)
            owed = hit.slip.row.outstanding_idr
            if hit.slip.row.instalment_number == number and owed is not None and owed <= balance:
                return "AMOUNT_DIFF"
    if got:
        return short
    if inputs.complete_until is None or item.due_on > inputs.complete_until:
        return "WAITING"
    return "GROUP_SHORT" if loan.is_group else "MISSING"


def add_expected(desk: Desk, answer: Answer, last: date) -> None:
    for item in desk.inputs.expected:
        at = (item.loan_reference, item.number)
        name = f"{item.loan_reference}#{item.number}"
        hits = [hit for (a, b, _), hit in desk.paid.items() if (a, b) == at]
        got = sum(hit.amount for hit in hits)
        waived, rounded = desk.waived.get(at, 0), desk.rounded.get(at, 0)
        closing = closing_day(desk, item.loan_reference) is not None
        if desk.rest[at] and (item.due_on <= last or got or closing):
            code = item_code(desk, item, got)
            answer.left["E", name, code] = desk.rest[at]
            if code not in QUIET:
                answer.listed[f"E|{name}|{code}"] = (item.open_idr - waived, got)
        if waived:
            answer.left["E", name, "WAIVED"] = waived
        if rounded:
            answer.left["E", name, "ROUNDING"] = rounded
            answer.listed[f"E|{name}|ROUNDING"] = (item.open_idr - waived, got)
        older = [i for i in desk.items(at[0]) if (i.due_on, i.number) < (item.due_on, item.number)]
        gap = any(desk.rest[i.loan_reference, i.number] for i in older)
        for fact in FACTS_OF_ITEMS:
            amount = sum(h.amount for h in hits if has_fact(desk, fact, h, item, gap))
            if amount:
                answer.listed[f"E|{name}|{fact}"] = (amount, amount)


def has_fact(desk: Desk, fact: str, hit: Hit, item: ExpectedItem, gap: bool) -> bool:
    row = hit.slip.row
    if fact == "LATE":
        return bool(row.value_on > item.grace_on)
    if fact == "PREPAID":
        return bool((item.due_on - row.value_on).days > desk.rules.early_days)
    if fact == "SEQ_GAP":
        return gap and hit.rule in ("P5", "P6", "P7") and row.instalment_number == item.number
    whole = hit.amount == item.amount_idr == hit.slip.purse and not hit.slip.reversed_idr
    other = row.principal_idr not in (None, item.principal_idr)
    return bool(whole and (other or row.interest_idr not in (None, item.interest_idr)))


def add_reported(desk: Desk, answer: Answer, first: date, last: date) -> None:
    for slip in desk.slips:
        row, held = slip.row, slip.held
        sign = -1 if row.type is RepaymentType.REVERSAL else 1
        parts: dict[str, int] = {}
        if held in ("DUP_SAME", "DUP_CONFLICT", "REV_ORPHAN") or (held == "REVERSED" and sign < 0):
            parts[held] = sign * row.amount_idr
        else:
            parts["REVERSED"] = slip.reversed_idr
            if held:
                parts[held] = row.amount_idr - slip.reversed_idr
            elif slip.loan:
                parts["PENALTY"] = slip.penalty
                parts["ROUNDING"] = slip.rounded
                done = slip.loan.state is not LoanState.ACTIVE and not slip.spent
                over = "GROUP_OVER" if slip.loan.is_group else "OVERPAID"
                parts["CLOSED_LOAN" if done else over] = room(slip)
        for code, amount in parts.items():
            if amount:
                answer.left["R", slip.key, code] = amount
                if code not in QUIET:
                    answer.listed[f"R|{slip.key}|{code}"] = (0, amount)
        if held in ("DUP_SAME", "DUP_CONFLICT"):
            continue
        same = (slip.spent, slip.spent)
        if slip.pair:
            answer.listed[f"R|{slip.key}|REVERSED"] = (0, 0)
        if not row.carried and not first <= row.value_on <= last:
            answer.listed[f"R|{slip.key}|OUT_OF_PERIOD"] = same
        if slip.other_account and not held and row.amount_idr > slip.reversed_idr:
            answer.listed[f"R|{slip.key}|WRONG_ACCOUNT"] = same


def answer(inputs: PeriodInputs, rules: ReconciliationRules) -> Answer:
    """What the engine must say; identifiers are taken as already normal, no row unread."""
    desk = Desk(inputs, rules)
    name_rows(desk)
    find_loans(desk)
    pair_reversals(desk)
    hold_strangers(desk)
    hold_twins(desk)
    spend(desk)
    suspect_misspelling(desk)
    year, month = (int(part) for part in inputs.period.split("-"))
    first = date(year, month, 1)
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    result = Answer(paid={at: (hit.amount, hit.rule) for at, hit in desk.paid.items()})
    add_expected(desk, result, last)
    add_reported(desk, result, first, last)
    return result
