"""Applications, groups, blockers, and what the credit registry said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Day, Flag, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("name", WORDS, nullable=False),
        sa.Column("value", WHOLE, nullable=False),
        sa.CheckConstraint("value > 0", name=op.f("ck_counters_value_positive")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
        sqlite_strict=True,
    )
    op.create_table(
        "groups",
        sa.Column("reference", WORDS, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("source_index", WORDS, nullable=False),
        sa.Column("source_sha256", WORDS, nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_groups")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_groups_source",
        "groups",
        ["programme", "source_sha256", "source_index"],
        unique=True,
        sqlite_where=sa.text("source_index <> ''"),
        postgresql_where=sa.text("source_index <> ''"),
    )
    op.create_table(
        "applications",
        sa.Column("reference", WORDS, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("nik_index", WORDS, nullable=False),
        sa.Column("phone_index", WORDS, nullable=False),
        sa.Column("national_id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("born_on", sa.LargeBinary(), nullable=False),
        sa.Column("sex", WORDS, nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("kelurahan", WORDS, nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("rt", sa.LargeBinary(), nullable=False),
        sa.Column("business_id", sa.LargeBinary(), nullable=False),
        sa.Column("tax_number", sa.LargeBinary(), nullable=False),
        sa.Column("business_name", sa.LargeBinary(), nullable=False),
        sa.Column("kbli", WORDS, nullable=False),
        sa.Column("started_on", Day(), nullable=True),
        sa.Column("monthly_turnover_idr", WHOLE, nullable=True),
        sa.Column("amount_idr", WHOLE, nullable=False),
        sa.Column("tenor_months", WHOLE, nullable=False),
        sa.Column("purpose", sa.LargeBinary(), nullable=False),
        sa.Column("received_on", Day(), nullable=False),
        sa.Column("consent_on", Day(), nullable=True),
        sa.Column("consent_evidence", sa.LargeBinary(), nullable=True),
        sa.Column("consent_withdrawn_at", Moment(), nullable=True),
        sa.Column("group_reference", WORDS, nullable=True),
        sa.Column("group_role", WORDS, nullable=False),
        sa.Column("group_name", sa.LargeBinary(), nullable=False),
        sa.Column("source_reference", sa.LargeBinary(), nullable=False),
        sa.Column("source_index", WORDS, nullable=False),
        sa.Column("source_sha256", WORDS, nullable=False),
        sa.Column("source_row", WHOLE, nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "group_role IN ('', 'K', 'A')", name=op.f("ck_applications_group_role_known")
        ),
        sa.CheckConstraint("sex IN ('L', 'P')", name=op.f("ck_applications_sex_known")),
        sa.CheckConstraint(
            "state IN ('RECEIVED', 'SCREENING', 'ELIGIBLE', 'ON_HOLD', 'BATCHED', 'DELIVERED', 'ACKNOWLEDGED', 'REJECTED', 'APPROVED', 'DISBURSED', 'DECLINED', 'WITHDRAWN', 'LAPSED')",
            name=op.f("ck_applications_state_known"),
        ),
        sa.CheckConstraint(
            "amount_idr BETWEEN 1 AND 1000000000000000",
            name=op.f("ck_applications_amount_idr_range"),
        ),
        sa.CheckConstraint(
            "length(reference) <= 16 AND reference = upper(reference)",
            name=op.f("ck_applications_reference_shape"),
        ),
        sa.CheckConstraint(
            "monthly_turnover_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_applications_monthly_turnover_idr_range"),
        ),
        sa.CheckConstraint(
            "tenor_months BETWEEN 1 AND 600", name=op.f("ck_applications_tenor_months_range")
        ),
        sa.ForeignKeyConstraint(
            ["group_reference"], ["groups.reference"], name=op.f("fk_applications_group_reference")
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_applications")),
        sqlite_strict=True,
    )
    op.create_index("ix_applications_group", "applications", ["group_reference"])
    op.create_index("ix_applications_nik", "applications", ["nik_index"])
    op.create_index("ix_applications_partner", "applications", ["partner_code", "reference"])
    op.create_index("ix_applications_phone", "applications", ["phone_index"])
    op.create_index("ix_applications_state", "applications", ["state", "reference"])
    op.create_index(
        "uq_applications_open",
        "applications",
        ["programme", "nik_index"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('DECLINED', 'DISBURSED', 'LAPSED', 'WITHDRAWN')"),
        postgresql_where=sa.text("state NOT IN ('DECLINED', 'DISBURSED', 'LAPSED', 'WITHDRAWN')"),
    )
    op.create_index(
        "uq_applications_row",
        "applications",
        ["programme", "source_sha256", "source_row"],
        unique=True,
        sqlite_where=sa.text("source_sha256 <> ''"),
        postgresql_where=sa.text("source_sha256 <> ''"),
    )
    op.create_index(
        "uq_applications_source",
        "applications",
        ["programme", "source_index"],
        unique=True,
        sqlite_where=sa.text("source_index <> ''"),
        postgresql_where=sa.text("source_index <> ''"),
    )
    op.create_table(
        "blockers",
        sa.Column("application_reference", WORDS, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("amount_idr", WHOLE, nullable=False),
        sa.Column("detail", WORDS, nullable=False),
        sa.CheckConstraint(
            "code IN ('NO_CONSENT', 'INCOMPLETE', 'ARREARS', 'COLLECTABILITY', 'WRITTEN_OFF', 'ONLINE_LOAN_ARREARS', 'GROUP_CEILING', 'GROUP_TOO_SMALL', 'GROUP_NO_LEADER', 'GROUP_MEMBER_BLOCKED', 'REPORT_TOO_OLD', 'NO_PARTNER')",
            name=op.f("ck_blockers_code_known"),
        ),
        sa.CheckConstraint(
            "amount_idr BETWEEN 0 AND 1000000000000000", name=op.f("ck_blockers_amount_idr_range")
        ),
        sa.ForeignKeyConstraint(
            ["application_reference"],
            ["applications.reference"],
            name=op.f("fk_blockers_application_reference"),
        ),
        sa.PrimaryKeyConstraint("application_reference", "position", name=op.f("pk_blockers")),
        sqlite_strict=True,
    )
    op.create_table(
        "inquiries",
        sa.Column("reference", WORDS, nullable=False),
        sa.Column("application_reference", WORDS, nullable=False),
        sa.Column("registry_code", WORDS, nullable=False),
        sa.Column("batch_reference", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('OPEN', 'ANSWERED')", name=op.f("ck_inquiries_state_known")),
        sa.ForeignKeyConstraint(
            ["application_reference"],
            ["applications.reference"],
            name=op.f("fk_inquiries_application_reference"),
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_inquiries")),
        sqlite_strict=True,
    )
    op.create_index("ix_inquiries_application", "inquiries", ["application_reference"])
    op.create_index(
        "uq_inquiries_open",
        "inquiries",
        ["registry_code", "application_reference"],
        unique=True,
        sqlite_where=sa.text("state = 'OPEN'"),
        postgresql_where=sa.text("state = 'OPEN'"),
    )
    op.create_table(
        "verdicts",
        sa.Column("application_reference", WORDS, nullable=False),
        sa.Column("data_period", WORDS, nullable=False),
        sa.Column("worst_now", WHOLE, nullable=True),
        sa.Column("worst_active", WHOLE, nullable=True),
        sa.Column("worst_24_months", WHOLE, nullable=True),
        sa.Column("active_facilities", WHOLE, nullable=False),
        sa.Column("active_outstanding_idr", WHOLE, nullable=False),
        sa.Column("arrears_idr", WHOLE, nullable=False),
        sa.Column("days_overdue", WHOLE, nullable=False),
        sa.Column("written_off", Flag(), nullable=False),
        sa.Column("online_loan", Flag(), nullable=False),
        sa.Column("clear", Flag(), nullable=False),
        sa.Column("checked_on", Day(), nullable=False),
        sa.CheckConstraint(
            "active_outstanding_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_verdicts_active_outstanding_idr_range"),
        ),
        sa.CheckConstraint(
            "arrears_idr BETWEEN 0 AND 1000000000000000", name=op.f("ck_verdicts_arrears_idr_range")
        ),
        sa.CheckConstraint("clear IN (0, 1)", name=op.f("ck_verdicts_clear")),
        sa.CheckConstraint("online_loan IN (0, 1)", name=op.f("ck_verdicts_online_loan")),
        sa.CheckConstraint("written_off IN (0, 1)", name=op.f("ck_verdicts_written_off")),
        sa.ForeignKeyConstraint(
            ["application_reference"],
            ["applications.reference"],
            name=op.f("fk_verdicts_application_reference"),
        ),
        sa.PrimaryKeyConstraint("application_reference", name=op.f("pk_verdicts")),
        sqlite_strict=True,
    )
    op.create_table(
        "credit_parts",
        sa.Column("inquiry_reference", WORDS, nullable=False),
        sa.Column("part", WHOLE, nullable=False),
        sa.Column("parts", WHOLE, nullable=False),
        sa.Column("national_id", sa.LargeBinary(), nullable=False),
        sa.Column("data_period", WORDS, nullable=False),
        sa.Column("request_id", WORDS, nullable=False),
        sa.Column("active_facilities", WHOLE, nullable=False),
        sa.Column("active_outstanding_idr", WHOLE, nullable=False),
        sa.Column("arrears_idr", WHOLE, nullable=False),
        sa.Column("worst_now", WHOLE, nullable=True),
        sa.Column("worst_active", WHOLE, nullable=True),
        sa.Column("worst_24_months", WHOLE, nullable=True),
        sa.Column("worst_24_months_period", WORDS, nullable=False),
        sa.Column("days_overdue", WHOLE, nullable=False),
        sa.Column("written_off", Flag(), nullable=False),
        sa.Column("written_off_idr", WHOLE, nullable=False),
        sa.Column("online_loan", Flag(), nullable=False),
        sa.Column("online_loan_arrears_idr", WHOLE, nullable=False),
        sa.Column("warnings", WORDS, nullable=False),
        sa.Column("file_sha256", WORDS, nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "active_outstanding_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_credit_parts_active_outstanding_idr_range"),
        ),
        sa.CheckConstraint(
            "arrears_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_credit_parts_arrears_idr_range"),
        ),
        sa.CheckConstraint(
            "length(file_sha256) = 64", name=op.f("ck_credit_parts_file_sha256_length")
        ),
        sa.CheckConstraint("online_loan IN (0, 1)", name=op.f("ck_credit_parts_online_loan")),
        sa.CheckConstraint(
            "online_loan_arrears_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_credit_parts_online_loan_arrears_idr_range"),
        ),
        sa.CheckConstraint("written_off IN (0, 1)", name=op.f("ck_credit_parts_written_off")),
        sa.CheckConstraint(
            "written_off_idr BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_credit_parts_written_off_idr_range"),
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_reference"],
            ["inquiries.reference"],
            name=op.f("fk_credit_parts_inquiry_reference"),
        ),
        sa.PrimaryKeyConstraint("inquiry_reference", "part", name=op.f("pk_credit_parts")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("credit_parts")
    op.drop_table("verdicts")
    op.drop_table("inquiries")
    op.drop_table("blockers")
    op.drop_table("applications")
    op.drop_table("groups")
    op.drop_table("counters")
