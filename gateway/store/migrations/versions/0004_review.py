"""Runs, allocations, residuals, mismatches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Day, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("run_id", WORDS, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("period", WORDS, nullable=False),
        sa.Column("as_of", Day(), nullable=False),
        sa.Column("rules_sha256", WORDS, nullable=False),
        sa.Column("inputs_sha256", WORDS, nullable=False),
        sa.Column("expected_idr", WHOLE, nullable=False),
        sa.Column("reported_idr", WHOLE, nullable=False),
        sa.Column("allocated_idr", WHOLE, nullable=False),
        sa.Column("expected_residual_idr", WHOLE, nullable=False),
        sa.Column("reported_residual_idr", WHOLE, nullable=False),
        sa.Column("by_code", WORDS, nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "expected_idr - reported_idr - expected_residual_idr + reported_residual_idr = 0",
            name=op.f("ck_runs_balance_zero"),
        ),
        sa.CheckConstraint("length(period) = 7", name=op.f("ck_runs_period_shape")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint(
            "partner_code", "period", "run_id", name=op.f("uq_runs_partner_code_period_run_id")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "allocations",
        sa.Column("run", WHOLE, nullable=False),
        sa.Column("loan_reference", WORDS, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("row_key", WORDS, nullable=False),
        sa.Column("rule", WORDS, nullable=False),
        sa.Column("amount_idr", WHOLE, nullable=False),
        sa.CheckConstraint(
            "amount_idr BETWEEN 1 AND 1000000000000000",
            name=op.f("ck_allocations_amount_idr_range"),
        ),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_allocations_run")),
        sa.PrimaryKeyConstraint(
            "run", "loan_reference", "number", "row_key", "rule", name=op.f("pk_allocations")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_allocations_row", "allocations", ["run", "row_key"])
    op.create_table(
        "mismatches",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("period", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("severity", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("since", Day(), nullable=False),
        sa.Column("loan_number", WORDS, nullable=False),
        sa.Column("application_reference", WORDS, nullable=False),
        sa.Column("group_reference", WORDS, nullable=False),
        sa.Column("instalment_number", WHOLE, nullable=True),
        sa.Column("expected_idr", WHOLE, nullable=False),
        sa.Column("reported_idr", WHOLE, nullable=False),
        sa.Column("due_on", Day(), nullable=True),
        sa.Column("value_on", Day(), nullable=True),
        sa.Column("bank_reference", WORDS, nullable=False),
        sa.Column("file_name", WORDS, nullable=False),
        sa.Column("file_line", WHOLE, nullable=True),
        sa.Column("file_sha256", WORDS, nullable=False),
        sa.Column("flags", WORDS, nullable=False),
        sa.Column("suggestion", WORDS, nullable=False),
        sa.Column("detail", WORDS, nullable=False),
        sa.Column("proposed_by", WORDS, nullable=False),
        sa.Column("action", WORDS, nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("settled_by", WORDS, nullable=False),
        sa.Column("run", WHOLE, nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "settled_by = '' OR settled_by <> proposed_by", name=op.f("ck_mismatches_two_people")
        ),
        sa.CheckConstraint(
            "severity IN ('Kritis', 'Tinggi', 'Sedang', 'Rendah', 'Info')",
            name=op.f("ck_mismatches_severity_known"),
        ),
        sa.CheckConstraint(
            "state IN ('OPEN', 'PROPOSED', 'SETTLED', 'CLEARED')",
            name=op.f("ck_mismatches_state_known"),
        ),
        sa.CheckConstraint("length(period) = 7", name=op.f("ck_mismatches_period_shape")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_mismatches_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mismatches")),
        sa.UniqueConstraint(
            "partner_code", "period", "key", name=op.f("uq_mismatches_partner_code_period_key")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_mismatches_code", "mismatches", ["code", "state", "id"])
    op.create_index("ix_mismatches_state", "mismatches", ["state", "severity", "id"])
    op.create_table(
        "periods",
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("period", WORDS, nullable=False),
        sa.Column("run", WHOLE, nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_periods_run")),
        sa.PrimaryKeyConstraint("partner_code", "period", name=op.f("pk_periods")),
        sqlite_strict=True,
    )
    op.create_table(
        "residuals",
        sa.Column("run", WHOLE, nullable=False),
        sa.Column("side", WORDS, nullable=False),
        sa.Column("item", WORDS, nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("loan_reference", WORDS, nullable=True),
        sa.Column("number", WHOLE, nullable=True),
        sa.Column("amount_idr", WHOLE, nullable=False),
        sa.CheckConstraint(
            "(side = 'E') = (loan_reference IS NOT NULL)", name=op.f("ck_residuals_item_split")
        ),
        sa.CheckConstraint("side IN ('E', 'R')", name=op.f("ck_residuals_side_known")),
        sa.CheckConstraint("amount_idr <> 0", name=op.f("ck_residuals_amount_not_zero")),
        sa.CheckConstraint(
            "amount_idr BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_residuals_amount_idr_range"),
        ),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_residuals_run")),
        sa.PrimaryKeyConstraint("run", "side", "item", "code", name=op.f("pk_residuals")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("residuals")
    op.drop_table("periods")
    op.drop_table("mismatches")
    op.drop_table("allocations")
    op.drop_table("runs")
