"""The period's values as Arrow tables: pass 1, normalise, happens on the way."""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from datetime import date
from hashlib import sha256

import pyarrow as pa

from gateway.domain.programmes import ReconciliationRules
from gateway.domain.reconciling import ExpectedItem, LoanFacts, PeriodInputs, ReportedRow
from gateway.domain.states import LoanState

TEXT, MONEY, WHOLE, DAY, TRUTH = pa.string(), pa.int64(), pa.int32(), pa.date32(), pa.bool_()

LOAN_COLUMNS = {
    "loan_reference": TEXT,
    "loan_number": TEXT,
    "is_group": TRUTH,
    "state": TEXT,
    "closed": TRUTH,
    "barred": TRUTH,
}
ITEM_COLUMNS = {
    "loan_reference": TEXT,
    "number": WHOLE,
    "place": WHOLE,
    "due_on": DAY,
    "grace_on": DAY,
    "amount_idr": MONEY,
    "principal_idr": MONEY,
    "interest_idr": MONEY,
    "open_idr": MONEY,
}
ROW_COLUMNS = {
    "position": WHOLE,
    "file_sha256": TEXT,
    "file_name": TEXT,
    "line": WHOLE,
    "bank_reference": TEXT,
    "booked_on": DAY,
    "value_on": DAY,
    "loan_number": TEXT,
    "application_reference": TEXT,
    "number": WHOLE,
    "amount_idr": MONEY,
    "principal_idr": MONEY,
    "interest_idr": MONEY,
    "penalty_idr": MONEY,
    "outstanding_idr": MONEY,
    "type": TEXT,
    "original_reference": TEXT,
    "carried": TRUTH,
    "twin": TRUTH,
    "sent_before": TEXT,
    "core": TEXT,
    "content": TEXT,
}
RULE_COLUMNS = {
    "horizon_days": WHOLE,
    "early_days": WHOLE,
    "tolerance_idr": MONEY,
    "tolerance_cap_loan_idr": MONEY,
    "as_of": DAY,
    "period_first": DAY,
    "period_last": DAY,
    "complete_until": DAY,
}


def normalised(text: str) -> str:
    """NFKC, ASCII digits, no outer blanks, capitals: how identifiers are compared."""
    if text.isascii():
        return text.strip().upper()
    folded = unicodedata.normalize("NFKC", text)
    digits = "".join(
        character if (value := unicodedata.decimal(character, None)) is None else str(value)
        for character in folded
    )
    return digits.strip().upper()


def period_days(period: str) -> tuple[date, date]:
    """First and last day of ``yyyy-mm``."""
    year, month = int(period[:4]), int(period[5:7])
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _table(columns: dict[str, pa.DataType], rows: list[tuple[object, ...]]) -> pa.Table:
    """A table of these columns; rows are given in the columns' order."""
    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [
        pa.array(values, type=kind)
        for values, kind in zip(by_column, columns.values(), strict=True)
    ]
    return pa.table(dict(zip(columns, arrays, strict=True)))


def _loan(loan: LoanFacts) -> tuple[object, ...]:
    barred = loan.state is LoanState.WRITTEN_OFF
    closed = barred or loan.state is LoanState.REPAID
    number = normalised(loan.loan_number)
    return (loan.loan_reference, number, loan.is_group, loan.state.value, closed, barred)


def _aliases(loans: tuple[LoanFacts, ...]) -> list[tuple[object, ...]]:
    """Every reference that names a loan: its own, and a group's members'."""
    named = {
        (normalised(reference), loan.loan_reference)
        for loan in loans
        for reference in (loan.loan_reference, *loan.member_references)
    }
    return [(reference, loan_reference) for reference, loan_reference in sorted(named)]


def _items(expected: tuple[ExpectedItem, ...]) -> list[tuple[object, ...]]:
    """Items with their place in their loan: by due date, then number."""
    ordered = sorted(expected, key=lambda item: (item.loan_reference, item.due_on, item.number))
    return [
        (
            item.loan_reference,
            item.number,
            place,
            item.due_on,
            item.grace_on,
            item.amount_idr,
            item.principal_idr,
            item.interest_idr,
            item.open_idr,
        )
        for place, item in enumerate(ordered)
    ]


def _row(position: int, row: ReportedRow) -> tuple[object, ...]:
    """One reported row; ``core`` is its content without the amount, ``content`` its digest."""
    said = (
        normalised(row.bank_reference),
        row.booked_on,
        row.value_on,
        normalised(row.loan_number),
        normalised(row.application_reference),
        row.instalment_number,
    )
    rest = (
        row.principal_idr,
        row.interest_idr,
        row.penalty_idr,
        row.outstanding_idr,
        row.type.value,
        normalised(row.original_reference),
    )
    core = "\x1f".join(["" if value is None else str(value) for value in said + rest])
    content = sha256(f"{core}\x1f{row.amount_idr}".encode()).hexdigest()
    source = (position, row.file_sha256, row.file_name, row.line)
    past = (row.carried, row.twin, row.sent_before)
    return (*source, *said, row.amount_idr, *rest, *past, core, content)


def build_tables(inputs: PeriodInputs, rules: ReconciliationRules) -> dict[str, pa.Table]:
    """The tables that the passes read: rule, loan, alias, item, row_in."""
    first, last = period_days(inputs.period)
    rule = (
        rules.horizon_days,
        rules.early_days,
        rules.tolerance_idr,
        rules.tolerance_cap_loan_idr,
        inputs.as_of,
        first,
        last,
        inputs.complete_until,
    )
    rows = [_row(position, row) for position, row in enumerate(inputs.reported)]
    return {
        "rule": _table(RULE_COLUMNS, [rule]),
        "loan": _table(LOAN_COLUMNS, [_loan(loan) for loan in inputs.loans]),
        "alias": _table({"reference": TEXT, "loan_reference": TEXT}, _aliases(inputs.loans)),
        "item": _table(ITEM_COLUMNS, _items(inputs.expected)),
        "row_in": _table(ROW_COLUMNS, rows),
    }
