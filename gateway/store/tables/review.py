"""What reconciliation found, and what people did about it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint

from gateway.domain.mismatches import Severity, Side
from gateway.domain.states import MismatchState
from gateway.store.tables.columns import (
    MOST_IDR,
    belongs,
    day,
    key,
    moment,
    money,
    one_of,
    sealed,
    table,
    whole,
    words,
)

runs = table(
    "runs",
    key(),
    words("run_id"),
    words("partner_code"),
    words("period"),
    day("as_of"),
    words("rules_sha256"),
    words("inputs_sha256"),
    whole("expected_idr"),
    whole("reported_idr"),
    whole("allocated_idr"),
    whole("expected_residual_idr"),
    whole("reported_residual_idr"),
    words("by_code"),
    moment("saved_at"),
    UniqueConstraint("partner_code", "period", "run_id"),
    CheckConstraint(
        "expected_idr - reported_idr - expected_residual_idr + reported_residual_idr = 0",
        name="balance_zero",
    ),
    CheckConstraint("length(period) = 7", name="period_shape"),
)

periods = table(
    "periods",
    words("partner_code"),
    words("period"),
    belongs("run", "runs.id"),
    moment("changed_at"),
    PrimaryKeyConstraint("partner_code", "period"),
)

allocations = table(
    "allocations",
    belongs("run", "runs.id"),
    words("loan_reference"),
    whole("number"),
    words("row_key"),
    words("rule"),
    *money("amount_idr"),
    PrimaryKeyConstraint("run", "loan_reference", "number", "row_key", "rule"),
)
Index("ix_allocations_row", allocations.c.run, allocations.c.row_key)

residuals = table(
    "residuals",
    belongs("run", "runs.id"),
    *one_of("side", Side),
    words("item"),
    words("code"),
    words("loan_reference", nullable=True),
    whole("number", nullable=True),
    *money("amount_idr", least=-MOST_IDR),
    PrimaryKeyConstraint("run", "side", "item", "code"),
    CheckConstraint("amount_idr <> 0", name="amount_not_zero"),
    CheckConstraint("(side = 'E') = (loan_reference IS NOT NULL)", name="item_split"),
)

mismatches = table(
    "mismatches",
    key(),
    words("partner_code"),
    words("period"),
    words("key"),
    words("code"),
    *one_of("severity", Severity),
    *one_of("state", MismatchState),
    day("since"),
    words("loan_number"),
    words("application_reference"),
    words("group_reference"),
    whole("instalment_number", nullable=True),
    whole("expected_idr"),
    whole("reported_idr"),
    day("due_on", nullable=True),
    day("value_on", nullable=True),
    words("bank_reference"),
    words("file_name"),
    whole("file_line", nullable=True),
    words("file_sha256"),
    words("flags"),
    words("suggestion"),
    words("detail"),
    words("proposed_by"),
    words("action"),
    sealed("reason", nullable=True),
    words("settled_by"),
    belongs("run", "runs.id"),
    moment("changed_at"),
    UniqueConstraint("partner_code", "period", "key"),
    CheckConstraint("length(period) = 7", name="period_shape"),
    CheckConstraint("settled_by = '' OR settled_by <> proposed_by", name="two_people"),
)
Index("ix_mismatches_state", mismatches.c.state, mismatches.c.severity, mismatches.c.id)
Index("ix_mismatches_code", mismatches.c.code, mismatches.c.state, mismatches.c.id)
