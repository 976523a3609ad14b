"""Jobs, locks, alarms, people, and the chained audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

APPEND_ONLY = ("audit", "blobs", "repayments")
FUNCTION = """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"""
START = f"INSERT INTO audit_head (one, n, hash) VALUES (1, 0, '{'0' * 64}')"


def guards(dialect: str, name: str) -> list[str]:
    """The triggers that let a table only grow."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name}_no_{act.lower()} BEFORE {act} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            for act in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {name} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def upgrade() -> None:
    op.create_table(
        "alarms",
        sa.Column("code", WORDS, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("message_en", WORDS, nullable=False),
        sa.Column("message_id", WORDS, nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_alarms_count_positive")),
        sa.PrimaryKeyConstraint("code", "partner_code", name=op.f("pk_alarms")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit",
        sa.Column("n", WHOLE, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("act", WORDS, nullable=False),
        sa.Column("subject", WORDS, nullable=False),
        sa.Column("facts", WORDS, nullable=False),
        sa.Column("previous_hash", WORDS, nullable=False),
        sa.Column("hash", WORDS, nullable=False),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_audit_hash_length")),
        sa.CheckConstraint(
            "length(previous_hash) = 64", name=op.f("ck_audit_previous_hash_length")
        ),
        sa.CheckConstraint("n > 0", name=op.f("ck_audit_n_positive")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_audit")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_subject", "audit", ["subject", "n"])
    op.create_table(
        "audit_head",
        sa.Column("one", WHOLE, nullable=False),
        sa.Column("n", WHOLE, nullable=False),
        sa.Column("hash", WORDS, nullable=False),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_audit_head_hash_length")),
        sa.CheckConstraint("one = 1", name=op.f("ck_audit_head_one")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_audit_head")),
        sqlite_strict=True,
    )
    op.create_table(
        "jobs",
        sa.Column("job", WORDS, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("claimed_by", WORDS, nullable=False),
        sa.Column("claimed_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("outcome", WORDS, nullable=False),
        sa.Column("error_code", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("job", "partner_code", "due_at", name=op.f("pk_jobs")),
        sqlite_strict=True,
    )
    op.create_table(
        "locks",
        sa.Column("name", WORDS, nullable=False),
        sa.Column("holder", WORDS, nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_locks")),
        sqlite_strict=True,
    )
    op.create_table(
        "users",
        sa.Column("name", WORDS, nullable=False),
        sa.Column("password_hash", WORDS, nullable=False),
        sa.Column("token_sha256", WORDS, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
        sqlite_strict=True,
    )
    op.create_index("uq_users_token", "users", ["token_sha256"], unique=True)
    op.create_table(
        "login_failures",
        sa.Column("name", WORDS, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["name"], ["users.name"], name=op.f("fk_login_failures_name")),
        sa.PrimaryKeyConstraint("name", "at", "number", name=op.f("pk_login_failures")),
        sqlite_strict=True,
    )
    op.create_table(
        "sessions",
        sa.Column("token_sha256", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "length(token_sha256) = 64", name=op.f("ck_sessions_token_sha256_length")
        ),
        sa.ForeignKeyConstraint(["name"], ["users.name"], name=op.f("fk_sessions_name")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sessions")),
        sqlite_strict=True,
    )
    op.create_table(
        "user_roles",
        sa.Column("name", WORDS, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.CheckConstraint(
            "role IN ('bendahara', 'verifikator', 'auditor', 'it', 'bank')",
            name=op.f("ck_user_roles_role_known"),
        ),
        sa.ForeignKeyConstraint(["name"], ["users.name"], name=op.f("fk_user_roles_name")),
        sa.PrimaryKeyConstraint("name", "role", name=op.f("pk_user_roles")),
        sqlite_strict=True,
    )
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql(FUNCTION)
    for name in APPEND_ONLY:
        for guard in guards(bind.dialect.name, name):
            bind.exec_driver_sql(guard)
    bind.exec_driver_sql(START)


def downgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql("DROP FUNCTION refuse_change() CASCADE")
    else:
        for name in APPEND_ONLY:
            for act in ("update", "delete"):
                bind.exec_driver_sql(f"DROP TRIGGER {name}_no_{act}")

    op.drop_table("user_roles")
    op.drop_table("sessions")
    op.drop_table("login_failures")
    op.drop_table("users")
    op.drop_table("locks")
    op.drop_table("jobs")
    op.drop_table("audit_head")
    op.drop_table("audit")
    op.drop_table("alarms")
