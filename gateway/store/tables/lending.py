"""What banks report of loans: decisions, disbursements, schedules, repayments, positions."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text

from gateway.domain.loans import InterestMethod, RepaymentType
from gateway.domain.states import LoanState
from gateway.store.tables.columns import (
    belongs,
    day,
    flag,
    key,
    moment,
    money,
    one_of,
    sealed,
    table,
    whole,
    words,
)

MONTH = "length(period) = 7"

decisions = table(
    "decisions",
    key(),
    belongs("file_id", "files.id"),
    whole("line"),
    words("partner_code"),
    words("application_reference"),
    *flag("approved"),
    *money("approved_idr", least=0),
    whole("tenor_months", nullable=True),
    *one_of("method", ("", *InterestMethod)),
    whole("rate_bps", nullable=True),
    day("decided_on"),
    words("reason_code"),
    sealed("reason", nullable=True),
    UniqueConstraint("file_id", "line", "application_reference"),
)
Index("ix_decisions_application", decisions.c.application_reference, decisions.c.id)

loans = table(
    "loans",
    key(),
    words("partner_code"),
    words("loan_number"),
    words("application_reference"),
    *flag("is_group"),
    words("programme"),
    words("bank_reference"),
    *money("principal_idr"),
    day("disbursed_on"),
    day("first_due_on"),
    whole("tenor_months"),
    *one_of("method", InterestMethod),
    whole("rate_bps"),
    *one_of("state", LoanState),
    *flag("disputed"),
    sealed("note", nullable=True),
    belongs("file_id", "files.id"),
    whole("line"),
    moment("changed_at"),
    UniqueConstraint("partner_code", "loan_number"),
    CheckConstraint("tenor_months BETWEEN 1 AND 600", name="tenor_months_range"),
    CheckConstraint("rate_bps BETWEEN 0 AND 100000", name="rate_bps_range"),
)
Index(
    "uq_loans_application",
    loans.c.partner_code,
    loans.c.application_reference,
    unique=True,
    sqlite_where=text("application_reference <> ''"),
    postgresql_where=text("application_reference <> ''"),
)

instalments = table(
    "instalments",
    belongs("loan_id", "loans.id"),
    whole("number"),
    day("due_on"),
    *money("principal_idr", least=0),
    *money("interest_idr", least=0),
    belongs("file_id", "files.id"),
    PrimaryKeyConstraint("loan_id", "number"),
    CheckConstraint("number > 0", name="number_positive"),
    CheckConstraint("principal_idr + interest_idr > 0", name="amount_positive"),
)

repayments = table(
    "repayments",
    key(),
    belongs("file_id", "files.id"),
    whole("line"),
    words("partner_code"),
    words("period"),
    words("bank_reference"),
    day("booked_on"),
    day("value_on"),
    words("loan_number"),
    words("application_reference"),
    whole("instalment_number", nullable=True),
    *money("amount_idr"),
    *money("principal_idr", least=0, nullable=True),
    *money("interest_idr", least=0, nullable=True),
    *money("penalty_idr", least=0, nullable=True),
    *money("outstanding_idr", least=0, nullable=True),
    whole("collectability", nullable=True),
    whole("days_overdue", nullable=True),
    *one_of("type", RepaymentType),
    words("original_reference"),
    sealed("note", nullable=True),
    UniqueConstraint("file_id", "line"),
    CheckConstraint(MONTH, name="period_shape"),
)
Index("ix_repayments_period", repayments.c.partner_code, repayments.c.period)
Index("ix_repayments_loan", repayments.c.partner_code, repayments.c.loan_number)
Index("ix_repayments_application", repayments.c.partner_code, repayments.c.application_reference)
Index("ix_repayments_bank_reference", repayments.c.partner_code, repayments.c.bank_reference)

statement_totals = table(
    "statement_totals",
    belongs("file_id", "files.id"),
    words("partner_code"),
    words("period"),
    whole("stated_count"),
    whole("stated_net_idr"),
    PrimaryKeyConstraint("file_id"),
    CheckConstraint(MONTH, name="period_shape"),
)
Index("ix_statement_totals_period", statement_totals.c.partner_code, statement_totals.c.period)

shares = table(
    "shares",
    belongs("file_id", "files.id"),
    whole("line"),
    words("partner_code"),
    words("bank_reference"),
    words("application_reference"),
    *money("amount_idr"),
    *money("principal_idr", least=0, nullable=True),
    *money("interest_idr", least=0, nullable=True),
    PrimaryKeyConstraint("file_id", "line"),
)
Index("ix_shares_bank_reference", shares.c.partner_code, shares.c.bank_reference)

positions = table(
    "positions",
    belongs("file_id", "files.id"),
    whole("line"),
    words("partner_code"),
    words("period"),
    words("loan_number"),
    words("application_reference"),
    *money("outstanding_idr", least=0),
    whole("collectability", nullable=True),
    whole("days_overdue", nullable=True),
    *money("principal_arrears_idr", least=0),
    *money("interest_arrears_idr", least=0),
    *one_of("state", ("A", "L", "H")),
    PrimaryKeyConstraint("file_id", "line"),
    CheckConstraint(MONTH, name="period_shape"),
)
Index("ix_positions_loan", positions.c.partner_code, positions.c.loan_number)

position_totals = table(
    "position_totals",
    belongs("file_id", "files.id"),
    words("partner_code"),
    words("period"),
    *money("opening_idr", least=0),
    *money("disbursed_idr", least=0),
    *money("principal_repaid_idr", least=0),
    *money("closing_idr", least=0),
    PrimaryKeyConstraint("file_id"),
    CheckConstraint(MONTH, name="period_shape"),
)
