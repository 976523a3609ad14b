"""Random small worlds, biased to what goes wrong: few amounts, few references, shared groups.

A world is a handful of loans that touch no other world's; an example is a list of seeds, so a
failure shrinks to one world.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from gateway.domain.loans import RepaymentType
from gateway.domain.programmes import ReconciliationRules
from gateway.domain.reconciling import ExpectedItem, LoanFacts, PeriodInputs, ReportedRow
from gateway.domain.states import LoanState
from tests.reconciliation.builders import LAST, a_loan, a_period, a_row, an_item

DUES = [date(2026, 8, 31), date(2026, 9, 15), date(2026, 10, 1), date(2026, 10, 15)]
DUES += [date(2026, 10, 31), date(2026, 11, 15), date(2026, 12, 15)]
# Days that meet a limit exactly: 11 October sees 15 November, 20 October ends a grace.
VALUES = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 11), date(2026, 10, 11)]
VALUES += [date(2026, 10, 15), date(2026, 10, 20), date(2026, 10, 31), date(2026, 11, 1)]
AMOUNTS = [100, 100, 100, 60, 99, 200, 40, 300, 101]
FILES = [("a" * 64, "ANGSURAN_115_20261031_001.txt"), ("b" * 64, "ANGSURAN_115_20261031_002.txt")]


def some_loans(seed: int, chance: Random) -> list[LoanFacts]:
    loans = []
    for n in range(chance.choice([1, 1, 2, 3])):
        tail = f"{seed % 10**6:06d}{n:02d}"
        group = chance.random() < 0.25
        members = tuple(f"M{m}{tail}" for m in range(2)) if group else ()
        states = [LoanState.ACTIVE] * 8 + [LoanState.REPAID, LoanState.WRITTEN_OFF]
        loans.append(
            a_loan(
                f"{'BHT' if group else 'HRK'}{tail}",
                loan_number=f"115{tail}",
                state=chance.choice(states),
                member_references=members,
            )
        )
    return loans


def some_items(loan: LoanFacts, chance: Random) -> list[ExpectedItem]:
    dues = sorted(chance.sample(DUES, chance.randint(0, 4)))
    usual = chance.choice([100, 100, 60, 101])
    items = []
    for number, due_on in enumerate(dues, 1):
        amount = usual if chance.random() < 0.8 else chance.choice(AMOUNTS)
        item = an_item(number, due_on, amount, loan.loan_reference)
        if chance.random() < 0.2:
            item = replace(item, open_idr=chance.randint(1, amount))
        items.append(replace(item, interest_idr=10, principal_idr=amount - 10))
    return items


def misspelt(name: str, chance: Random) -> str:
    """A slip of the pen, sometimes two."""
    at = chance.randrange(len(name) - 1)
    return chance.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + "7" + name[at:],
            name[:at] + "7" + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            name[1:] + "7",
        ]
    )


def some_row(loans: list[LoanFacts], tag: str, chance: Random) -> ReportedRow:
    loan, other = chance.choice(loans), chance.choice(loans)
    reference = chance.choice([loan.loan_reference] * 6 + ["", "NOBODY", other.loan_reference])
    if loan.member_references and chance.random() < 0.3:
        reference = loan.member_references[0]
    file_sha256, file_name = chance.choice(FILES)
    kind = chance.choice(["A"] * 12 + ["P", "R"])
    value_on = chance.choice(VALUES)
    number = chance.choice([loan.loan_number] * 6 + ["", "999"])
    if chance.random() < 0.12:
        number, reference = misspelt(loan.loan_number, chance), ""
    elif chance.random() < 0.05:
        number, reference = "", misspelt(loan.loan_reference, chance)
    carried = chance.random() < 0.1
    return a_row(
        chance.choice(AMOUNTS),
        value_on,
        file_sha256=file_sha256,
        file_name=file_name,
        bank_reference=chance.choice([f"{tag}{n}" for n in range(30)] + [""]),
        loan_number=number,
        application_reference=reference,
        instalment_number=chance.choice([None, None, 1, 2, 3, 9]),
        penalty_idr=chance.choice([None, None, None, 0, 5]),
        principal_idr=chance.choice([None, 90, 80]),
        outstanding_idr=chance.choice([None, None, 0, 90, 180]),
        type=RepaymentType(kind),
        original_reference=f"{tag}{chance.randint(0, 29)}" if kind == "R" else "",
        carried=carried,
        twin=carried and chance.random() < 0.4,
        sent_before=chance.choice([""] * 18 + ["SAME", "OTHER"]),
    )


def with_echoes(rows: list[ReportedRow], chance: Random) -> list[ReportedRow]:
    """Some rows come again: resent, in another file or month, booked twice, or taken back."""
    echoes = []
    for row in rows:
        luck = chance.random()
        if luck < 0.08:
            echoes.append(row)
        elif luck < 0.14:
            echoes.append(replace(row, bank_reference=""))
            echoes.append(replace(row, bank_reference=""))
        elif luck < 0.24:
            name = f"{row.bank_reference}X"
            held = chance.random() < 0.3
            echoes.append(replace(row, bank_reference=name, carried=held, twin=held))
        elif luck < 0.34 and row.type is not RepaymentType.REVERSAL:
            echoes.append(
                replace(
                    row,
                    bank_reference=f"{row.bank_reference}R",
                    type=RepaymentType.REVERSAL,
                    original_reference=row.bank_reference,
                    amount_idr=chance.choice([row.amount_idr, 1 + row.amount_idr // 2]),
                )
            )
        elif luck < 0.44:
            rest = replace(row, carried=True, amount_idr=1 + row.amount_idr // 2)
            echoes.append(chance.choice([row, rest]))
            echoes.append(replace(row, sent_before=chance.choice(["SAME", "OTHER"])))
    return rows + echoes


def a_world(seed: int) -> tuple[list[LoanFacts], list[ExpectedItem], list[ReportedRow]]:
    chance = Random(seed)
    loans = some_loans(seed, chance)
    items = [item for loan in loans for item in some_items(loan, chance)]
    rows = [some_row(loans, f"T{seed % 10**6}N", chance) for _ in range(chance.randint(0, 8))]
    echoed = with_echoes(rows, chance)
    return loans, items, [replace(row, line=100 * seed + n) for n, row in enumerate(echoed)]


def a_random_period(seeds: list[int]) -> PeriodInputs:
    """Many worlds side by side, judged on one day."""
    worlds = [a_world(seed) for seed in dict.fromkeys(seeds)]
    chance = Random(seeds[0])
    return a_period(
        [item for _, items, _ in worlds for item in items],
        [row for _, _, rows in worlds for row in rows],
        [loan for loans, _, _ in worlds for loan in loans],
        as_of=chance.choice([LAST, LAST, date(2026, 10, 20), date(2026, 11, 20)]),
        complete_until=chance.choice([LAST, LAST, date(2026, 10, 5), None]),
    )


def some_rules(seeds: list[int]) -> ReconciliationRules:
    chance = Random(seeds[0])
    return ReconciliationRules(
        order=chance.choice(["stated_then_fifo"] * 6 + ["fifo", "stated_only"]),
        tolerance_idr=chance.choice([0, 0, 1, 2]),
        tolerance_cap_loan_idr=chance.choice([1, 3]),
    )
