"""Decisions, loans, schedules, repayments, positions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Day, Flag, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("file_id", WHOLE, nullable=False),
        sa.Column("line", WHOLE, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("application_reference", WORDS, nullable=False),
        sa.Column("approved", Flag(), nullable=False),
        sa.Column("approved_idr", WHOLE, nullable=False),
        sa.Column("tenor_months", WHOLE, nullable=True),
        sa.Column("method", WORDS, nullable=False),
        sa.Column("rate_bps", WHOLE, nullable=True),
        sa.Column("decided_on", Day(), nullable=False),
        sa.Column("reason_code", WORDS, nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "method IN ('', 'FLAT', 'ANUITAS', 'MENURUN')", name=op.f("ck_decisions_method_known")
        ),
        sa.CheckConstraint("approved IN (0, 1)", name=op.f("ck_decisions_approved")),
        sa.CheckConstraint(
            "approved_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_decisions_approved_idr_range"),
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_decisions_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint(
            "file_id",
            "line",
            "application_reference",
            name=op.f("uq_decisions_file_id_line_application_reference"),
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_decisions_application", "decisions", ["application_reference", "id"])
    op.create_table(
        "loans",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("loan_number", WORDS, nullable=False),
        sa.Column("application_reference", WORDS, nullable=False),
        sa.Column("is_group", Flag(), nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("bank_reference", WORDS, nullable=False),
        sa.Column("principal_idr", WHOLE, nullable=False),
        sa.Column("disbursed_on", Day(), nullable=False),
        sa.Column("first_due_on", Day(), nullable=False),
        sa.Column("tenor_months", WHOLE, nullable=False),
        sa.Column("method", WORDS, nullable=False),
        sa.Column("rate_bps", WHOLE, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("disputed", Flag(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("file_id", WHOLE, nullable=False),
        sa.Column("line", WHOLE, nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "method IN ('FLAT', 'ANUITAS', 'MENURUN')", name=op.f("ck_loans_method_known")
        ),
        sa.CheckConstraint(
            "state IN ('ACTIVE', 'REPAID', 'WRITTEN_OFF')", name=op.f("ck_loans_state_known")
        ),
        sa.CheckConstraint("disputed IN (0, 1)", name=op.f("ck_loans_disputed")),
        sa.CheckConstraint("is_group IN (0, 1)", name=op.f("ck_loans_is_group")),
        sa.CheckConstraint(
            "principal_idr BETWEEN 1 AND 1000000000000000",
            name=op.f("ck_loans_principal_idr_range"),
        ),
        sa.CheckConstraint("rate_bps BETWEEN 0 AND 100000", name=op.f("ck_loans_rate_bps_range")),
        sa.CheckConstraint(
            "tenor_months BETWEEN 1 AND 600", name=op.f("ck_loans_tenor_months_range")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_loans_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
        sa.UniqueConstraint(
            "partner_code", "loan_number", name=op.f("uq_loans_partner_code_loan_number")
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_loans_application",
        "loans",
        ["partner_code", "application_reference"],
        unique=True,
        sqlite_where=sa.text("application_reference <> ''"),
        postgresql_where=sa.text("application_reference <> ''"),
    )
    op.create_table(
        "position_totals",
        sa.Column("file_id", WHOLE, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("period", WORDS, nullable=False),
        sa.Column("opening_idr", WHOLE, nullable=False),
        sa.Column("disbursed_idr", WHOLE, nullable=False),
        sa.Column("principal_repaid_idr", WHOLE, nullable=False),
        sa.Column("closing_idr", WHOLE, nullable=False),
        sa.CheckConstraint(
            "closing_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_position_totals_closing_idr_range"),
        ),
        sa.CheckConstraint(
            "disbursed_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_position_totals_disbursed_idr_range"),
        ),
        sa.CheckConstraint("length(period) = 7", name=op.f("ck_position_totals_period_shape")),
        sa.CheckConstraint(
            "opening_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_position_totals_opening_idr_range"),
        ),
        sa.CheckConstraint(
            "principal_repaid_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_position_totals_principal_repaid_idr_range"),
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_position_totals_file_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_position_totals")),
        sqlite_strict=True,
    )
    op.create_table(
        "positions",
        sa.Column("file_id", WHOLE, nullable=False),
        sa.Column("line", WHOLE, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("period", WORDS, nullable=False),
        sa.Column("loan_number", WORDS, nullable=False),
        sa.Column("application_reference", WORDS, nullable=False),
        sa.Column("outstanding_idr", WHOLE, nullable=False),
        sa.Column("collectability", WHOLE, nullable=True),
        sa.Column("days_overdue", WHOLE, nullable=True),
        sa.Column("principal_arrears_idr", WHOLE, nullable=False),
        sa.Column("interest_arrears_idr", WHOLE, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.CheckConstraint("state IN ('A', 'L', 'H')", name=op.f("ck_positions_state_known")),
        sa.CheckConstraint(
            "interest_arrears_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_positions_interest_arrears_idr_range"),
        ),
        sa.CheckConstraint("length(period) = 7", name=op.f("ck_positions_period_shape")),
        sa.CheckConstraint(
            "outstanding_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_positions_outstanding_idr_range"),
        ),
        sa.CheckConstraint(
            "principal_arrears_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_positions_principal_arrears_idr_range"),
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_positions_file_id")),
        sa.PrimaryKeyConstraint("file_id", "line", name=op.f("pk_positions")),
        sqlite_strict=True,
    )
    op.create_index("ix_positions_loan", "positions", ["partner_code", "loan_number"])
    op.create_table(
        "repayments",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("file_id", WHOLE, nullable=False),
        sa.Column("line", WHOLE, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("period", WORDS, nullable=False),
        sa.Column("bank_reference", WORDS, nullable=False),
        sa.Column("booked_on", Day(), nullable=False),
        sa.Column("value_on", Day(), nullable=False),
        sa.Column("loan_number", WORDS, nullable=False),
        sa.Column("application_reference", WORDS, nullable=False),
        sa.Column("instalment_number", WHOLE, nullable=True),
        sa.Column("amount_idr", WHOLE, nullable=False),
        sa.Column("principal_idr", WHOLE, nullable=True),
        sa.Column("interest_idr", WHOLE, nullable=True),
        sa.Column("penalty_idr", WHOLE, nullable=True),
        sa.Column("outstanding_idr", WHOLE, nullable=True),
        sa.Column("collectability", WHOLE, nullable=True),
        sa.Column("days_overdue", WHOLE, nullable=True),
        sa.Column("type", WORDS, nullable=False),
        sa.Column("original_reference", WORDS, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("type IN ('A', 'P', 'R')", name=op.f("ck_repayments_type_known")),
        sa.CheckConstraint(
            "amount_idr BETWEEN 1 AND 1000000000000000", name=op.f("ck_repayments_amount_idr_range")
        ),
        sa.CheckConstraint(
            "interest_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_repayments_interest_idr_range"),
        ),
        sa.CheckConstraint("length(period) = 7", name=op.f("ck_repayments_period_shape")),
        sa.CheckConstraint(
            "outstanding_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_repayments_outstanding_idr_range"),
        ),
        sa.CheckConstraint(
            "penalty_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_repayments_penalty_idr_range"),
        ),
        sa.CheckConstraint(
            "principal_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_repayments_principal_idr_range"),
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_repayments_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repayments")),
        sa.UniqueConstraint("file_id", "line", name=op.f("uq_repayments_file_id_line")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_repayments_application", "repayments", ["partner_code", "application_reference"]
    )
    op.create_index(
        "ix_repayments_bank_reference", "repayments", ["partner_code", "bank_reference"]
    )
    op.create_index("ix_repayments_loan", "repayments", ["partner_code", "loan_number"])
    op.create_index("ix_repayments_period", "repayments", ["partner_code", "period"])
    op.create_table(
        "shares",
        sa.Column("file_id", WHOLE, nullable=False),
        sa.Column("line", WHOLE, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("bank_reference", WORDS, nullable=False),
        sa.Column("application_reference", WORDS, nullable=False),
        sa.Column("amount_idr", WHOLE, nullable=False),
        sa.Column("principal_idr", WHOLE, nullable=True),
        sa.Column("interest_idr", WHOLE, nullable=True),
        sa.CheckConstraint(
            "amount_idr BETWEEN 1 AND 1000000000000000", name=op.f("ck_shares_amount_idr_range")
        ),
        sa.CheckConstraint(
            "interest_idr BETWEEN 0 AND 1000000000000000", name=op.f("ck_shares_interest_idr_range")
        ),
        sa.CheckConstraint(
            "principal_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_shares_principal_idr_range"),
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_shares_file_id")),
        sa.PrimaryKeyConstraint("file_id", "line", name=op.f("pk_shares")),
        sqlite_strict=True,
    )
    op.create_index("ix_shares_bank_reference", "shares", ["partner_code", "bank_reference"])
    op.create_table(
        "statement_totals",
        sa.Column("file_id", WHOLE, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("period", WORDS, nullable=False),
        sa.Column("stated_count", WHOLE, nullable=False),
        sa.Column("stated_net_idr", WHOLE, nullable=False),
        sa.CheckConstraint("length(period) = 7", name=op.f("ck_statement_totals_period_shape")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_statement_totals_file_id")
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_statement_totals")),
        sqlite_strict=True,
    )
    op.create_index("ix_statement_totals_period", "statement_totals", ["partner_code", "period"])
    op.create_table(
        "instalments",
        sa.Column("loan_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("principal_idr", WHOLE, nullable=False),
        sa.Column("interest_idr", WHOLE, nullable=False),
        sa.Column("file_id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "interest_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_instalments_interest_idr_range"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_instalments_number_positive")),
        sa.CheckConstraint(
            "principal_idr + interest_idr > 0", name=op.f("ck_instalments_amount_positive")
        ),
        sa.CheckConstraint(
            "principal_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_instalments_principal_idr_range"),
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_instalments_file_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loans.id"], name=op.f("fk_instalments_loan_id")),
        sa.PrimaryKeyConstraint("loan_id", "number", name=op.f("pk_instalments")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("instalments")
    op.drop_table("statement_totals")
    op.drop_table("shares")
    op.drop_table("repayments")
    op.drop_table("positions")
    op.drop_table("position_totals")
    op.drop_table("loans")
    op.drop_table("decisions")
