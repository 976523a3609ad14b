"""What keeps watch: jobs, locks, alarms, people, and the chained audit trail."""

from __future__ import annotations

from sqlalchemy import DDL, CheckConstraint, Index, PrimaryKeyConstraint, event

from gateway.store.tables.columns import (
    digest,
    metadata,
    moment,
    one_of,
    refers,
    table,
    whole,
    words,
)

ROLES = ("bendahara", "verifikator", "auditor", "it", "bank")

jobs = table(
    "jobs",
    words("job"),
    words("partner_code"),
    moment("due_at"),
    words("claimed_by"),
    moment("claimed_at"),
    moment("finished_at", nullable=True),
    words("outcome"),
    words("error_code"),
    PrimaryKeyConstraint("job", "partner_code", "due_at"),
)

locks = table(
    "locks",
    words("name"),
    words("holder"),
    moment("until"),
    PrimaryKeyConstraint("name"),
)

alarms = table(
    "alarms",
    words("code"),
    words("partner_code"),
    moment("since"),
    moment("last_at"),
    whole("count"),
    words("message_en"),
    words("message_id"),
    PrimaryKeyConstraint("code", "partner_code"),
    CheckConstraint("count > 0", name="count_positive"),
)

users = table(
    "users",
    words("name"),
    words("password_hash"),
    words("token_sha256", nullable=True),
    moment("created_at"),
    moment("changed_at"),
    PrimaryKeyConstraint("name"),
)
Index("uq_users_token", users.c.token_sha256, unique=True)

user_roles = table(
    "user_roles",
    refers("name", "users.name"),
    *one_of("role", ROLES),
    PrimaryKeyConstraint("name", "role"),
)

login_failures = table(
    "login_failures",
    refers("name", "users.name"),
    moment("at"),
    whole("number"),
    PrimaryKeyConstraint("name", "at", "number"),
)

sessions = table(
    "sessions",
    *digest("token_sha256"),
    refers("name", "users.name"),
    moment("opened_at"),
    moment("seen_at"),
    PrimaryKeyConstraint("token_sha256"),
)

audit = table(
    "audit",
    whole("n"),
    moment("at"),
    words("actor"),
    words("act"),
    words("subject"),
    words("facts"),
    *digest("previous_hash"),
    *digest("hash"),
    PrimaryKeyConstraint("n"),
    CheckConstraint("n > 0", name="n_positive"),
)
Index("ix_audit_subject", audit.c.subject, audit.c.n)

audit_head = table(
    "audit_head",
    whole("one"),
    whole("n"),
    *digest("hash"),
    PrimaryKeyConstraint("one"),
    CheckConstraint("one = 1", name="one"),
)

APPEND_ONLY = ("audit", "blobs", "repayments")
FIRST_HASH = "0" * 64
START = f"INSERT INTO audit_head (one, n, hash) VALUES (1, 0, '{FIRST_HASH}')"  # noqa: S608  (built from a constant of this module)
REFUSE = """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"""


def guards(dialect: str, name: str) -> tuple[str, ...]:
    """The triggers that let a table only grow."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {name}_no_{act.lower()} BEFORE {act} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            for act in ("UPDATE", "DELETE")
        )
    return (
        f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {name} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    )


def statements(dialect: str) -> tuple[str, ...]:
    """What a fresh schema needs beside its tables, in order."""
    function = (REFUSE,) if dialect == "postgresql" else ()
    triggers = tuple(guard for name in APPEND_ONLY for guard in guards(dialect, name))
    return (*function, *triggers, START)


for _dialect in ("sqlite", "postgresql"):
    for _statement in statements(_dialect):
        _later = DDL(_statement)  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
        event.listen(metadata, "after_create", _later.execute_if(dialect=_dialect))
