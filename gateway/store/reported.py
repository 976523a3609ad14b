"""What a bank reported in a period: its rows, what they carried over, what could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import ColumnElement, RowMapping, and_, case, func, select

from gateway.domain.files import FileKind
from gateway.domain.loans import RepaymentType
from gateway.domain.reconciling import ReportedRow, StatementTotals, UnreadRow
from gateway.errors import IntegrityBroken
from gateway.store.balances import is_current, same_content
from gateway.store.open_items import carried_rows
from gateway.store.tables import files, repayments, row_defects, statement_totals
from gateway.store.transaction import Transaction

AT_ONCE = 500
"""Row numbers asked for at once."""
TWIN = "POSSIBLE_DUP"

_before = repayments.alias("before")

_ROWS = (
    select(repayments, files.c.name.label("file_name"), files.c.sha256.label("file_sha256"))
    .join(files, files.c.id == repayments.c.file_id)
    .order_by(files.c.name, files.c.sha256, repayments.c.line)
)


def load_reported(tx: Transaction, partner_code: str, period: str) -> tuple[ReportedRow, ...]:
    """The rows of a period's files, those of replaced files left out."""
    wanted = (
        repayments.c.partner_code == partner_code,
        repayments.c.period == period,
        is_current(repayments.c.file_id),
    )
    sent = _sent_before(tx, *wanted)
    return tuple(
        _row(row, sent_before=sent.get(row["id"], ""))
        for row in tx.conn.execute(_ROWS.where(*wanted)).mappings()
    )


def _sent_before(tx: Transaction, *wanted: ColumnElement[bool]) -> dict[int, str]:
    """Rows whose bank reference an earlier period than their own has: with which content.

    One equal row among the earlier ones is enough for ``SAME``: any other was told in its month.
    """
    asked = (
        select(repayments.c.id, func.max(case((same_content(repayments, _before), 1), else_=0)))
        .join(
            _before,
            and_(
                _before.c.partner_code == repayments.c.partner_code,
                _before.c.bank_reference == repayments.c.bank_reference,
                # As an expression: SQLite would else walk all earlier months for every row.
                _before.c.period.concat("") < repayments.c.period,
            ),
        )
        .where(*wanted, repayments.c.bank_reference != "", is_current(_before.c.file_id))
        .group_by(repayments.c.id)
    )
    return {number: "SAME" if same else "OTHER" for number, same in tx.conn.execute(asked)}


def load_carried(tx: Transaction, partner_code: str, period: str) -> Iterable[ReportedRow]:
    """Money that the period before left over, each with the row that it came in."""
    left = tx.conn.execute(carried_rows(tx, partner_code, period)).all()
    numbers = sorted({number for number, _, _ in left if number is not None})
    sources: dict[int, RowMapping] = {}
    sent: dict[int, str] = {}
    for start in range(0, len(numbers), AT_ONCE):
        wanted = repayments.c.id.in_(numbers[start : start + AT_ONCE])
        sources |= {row["id"]: row for row in tx.conn.execute(_ROWS.where(wanted)).mappings()}
        # A later copy that was held as a conflict must not turn into money a month later.
        sent |= _sent_before(tx, wanted)
    for number, signed_idr, code in left:
        if number is None:
            raise IntegrityBroken(
                f"Money carried into {period} has lost its source.",
                message_id=f"Uang yang dibawa ke {period} kehilangan sumbernya.",
                how_en="Run the earlier period again.",
                how_id="Jalankan lagi periode sebelumnya.",
                reason="CARRY_LOST",
            )
        yield replace(
            _row(sources[number], sent_before=sent.get(number, "")),
            amount_idr=abs(signed_idr),
            carried=True,
            twin=code == TWIN,
        )


def _row(row: RowMapping, *, sent_before: str) -> ReportedRow:
    return ReportedRow(
        file_sha256=row["file_sha256"],
        file_name=row["file_name"],
        line=row["line"],
        bank_reference=row["bank_reference"],
        booked_on=row["booked_on"],
        value_on=row["value_on"],
        loan_number=row["loan_number"],
        application_reference=row["application_reference"],
        instalment_number=row["instalment_number"],
        amount_idr=row["amount_idr"],
        principal_idr=row["principal_idr"],
        interest_idr=row["interest_idr"],
        penalty_idr=row["penalty_idr"],
        outstanding_idr=row["outstanding_idr"],
        type=RepaymentType(row["type"]),
        original_reference=row["original_reference"],
        sent_before=sent_before,
    )


def load_totals(tx: Transaction, partner_code: str, period: str) -> tuple[StatementTotals, ...]:
    """What the period's files state of themselves."""
    asked = (
        select(statement_totals, files.c.name, files.c.sha256)
        .join(files, files.c.id == statement_totals.c.file_id)
        .where(
            statement_totals.c.partner_code == partner_code,
            statement_totals.c.period == period,
            is_current(statement_totals.c.file_id),
        )
        .order_by(files.c.name, files.c.sha256)
    )
    return tuple(
        StatementTotals(
            file_sha256=row.sha256,
            file_name=row.name,
            stated_count=row.stated_count,
            stated_net_idr=row.stated_net_idr,
        )
        for row in tx.conn.execute(asked)
    )


def load_unread(
    tx: Transaction,
    partner_code: str,
    period: str,
    rows: Iterable[ReportedRow],
    totals: Iterable[StatementTotals],
) -> tuple[UnreadRow, ...]:
    """Rows that could not be read, with their money.

    Where even the amount is unreadable, the file's own total tells what it must be: the first
    such row of a file bears what the others leave.
    """
    asked = (
        select(row_defects, files.c.name, files.c.sha256)
        .join(statement_totals, statement_totals.c.file_id == row_defects.c.file_id)
        .join(files, files.c.id == row_defects.c.file_id)
        .where(
            statement_totals.c.partner_code == partner_code,
            statement_totals.c.period == period,
            files.c.kind == FileKind.ANGSURAN.value,
            is_current(row_defects.c.file_id),
        )
        .order_by(files.c.name, files.c.sha256, row_defects.c.line, row_defects.c.position)
    )
    kept = tx.conn.execute(asked).mappings().all()
    found = [
        UnreadRow(
            file_sha256=row["sha256"],
            file_name=row["name"],
            line=row["line"],
            amount_idr=0 if row["amount_idr"] is None else row["amount_idr"],
        )
        for row in kept
    ]
    blank = {row["sha256"]: row["line"] for row in reversed(kept) if row["amount_idr"] is None}
    if not blank:
        return tuple(found)
    rest = _unexplained(rows, totals, found)
    return tuple(
        replace(one, amount_idr=rest[one.file_sha256])
        if blank.get(one.file_sha256) == one.line
        else one
        for one in found
    )


def _unexplained(
    rows: Iterable[ReportedRow], totals: Iterable[StatementTotals], unread: Iterable[UnreadRow]
) -> dict[str, int]:
    """Per file, what its stated net has beyond its rows."""
    rest = {one.file_sha256: one.stated_net_idr for one in totals}
    for row in rows:
        sign = -1 if row.type is RepaymentType.REVERSAL else 1
        rest[row.file_sha256] = rest.get(row.file_sha256, 0) - sign * row.amount_idr
    for one in unread:
        rest[one.file_sha256] = rest.get(one.file_sha256, 0) - one.amount_idr
    return rest
