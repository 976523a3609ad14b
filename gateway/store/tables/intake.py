"""Applications, their groups and blockers, and what the credit registry said."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, text

from gateway.domain.applications import BlockerCode, GroupRole, Sex
from gateway.domain.states import ApplicationState
from gateway.store.tables.columns import (
    day,
    digest,
    flag,
    moment,
    money,
    one_of,
    refers,
    sealed,
    table,
    whole,
    words,
)

CLOSED = ("DECLINED", "DISBURSED", "LAPSED", "WITHDRAWN")
OPEN_ONLY = text("state NOT IN ({})".format(", ".join(f"'{state}'" for state in CLOSED)))

counters = table(
    "counters",
    words("name"),
    whole("value"),
    PrimaryKeyConstraint("name"),
    CheckConstraint("value > 0", name="value_positive"),
)

groups = table(
    "groups",
    words("reference"),
    words("programme"),
    words("partner_code"),
    sealed("name"),
    words("source_index"),
    words("source_sha256"),
    moment("received_at"),
    PrimaryKeyConstraint("reference"),
)
Index(
    "uq_groups_source",
    groups.c.programme,
    groups.c.source_sha256,
    groups.c.source_index,
    unique=True,
    sqlite_where=text("source_index <> ''"),
    postgresql_where=text("source_index <> ''"),
)

applications = table(
    "applications",
    words("reference"),
    words("programme"),
    words("partner_code"),
    *one_of("state", ApplicationState),
    words("nik_index"),
    words("phone_index"),
    sealed("national_id"),
    sealed("name"),
    sealed("born_on"),
    *one_of("sex", Sex),
    sealed("address"),
    words("kelurahan"),
    sealed("phone"),
    sealed("rt"),
    sealed("business_id"),
    sealed("tax_number"),
    sealed("business_name"),
    words("kbli"),
    day("started_on", nullable=True),
    *money("monthly_turnover_idr", least=0, nullable=True),
    *money("amount_idr"),
    whole("tenor_months"),
    sealed("purpose"),
    day("received_on"),
    day("consent_on", nullable=True),
    sealed("consent_evidence", nullable=True),
    moment("consent_withdrawn_at", nullable=True),
    refers("group_reference", "groups.reference", nullable=True),
    *one_of("group_role", ("", *GroupRole)),
    sealed("group_name"),
    sealed("source_reference"),
    words("source_index"),
    words("source_sha256"),
    whole("source_row"),
    moment("received_at"),
    moment("changed_at"),
    PrimaryKeyConstraint("reference"),
    CheckConstraint("tenor_months BETWEEN 1 AND 600", name="tenor_months_range"),
    CheckConstraint(
        "length(reference) <= 16 AND reference = upper(reference)", name="reference_shape"
    ),
)
Index("ix_applications_state", applications.c.state, applications.c.reference)
Index("ix_applications_partner", applications.c.partner_code, applications.c.reference)
Index("ix_applications_group", applications.c.group_reference)
Index("ix_applications_nik", applications.c.nik_index)
Index("ix_applications_phone", applications.c.phone_index)
Index(
    "uq_applications_open",
    applications.c.programme,
    applications.c.nik_index,
    unique=True,
    sqlite_where=OPEN_ONLY,
    postgresql_where=OPEN_ONLY,
)
Index(
    "uq_applications_source",
    applications.c.programme,
    applications.c.source_index,
    unique=True,
    sqlite_where=text("source_index <> ''"),
    postgresql_where=text("source_index <> ''"),
)
Index(
    "uq_applications_row",
    applications.c.programme,
    applications.c.source_sha256,
    applications.c.source_row,
    unique=True,
    sqlite_where=text("source_sha256 <> ''"),
    postgresql_where=text("source_sha256 <> ''"),
)

blockers = table(
    "blockers",
    refers("application_reference", "applications.reference"),
    whole("position"),
    *one_of("code", BlockerCode),
    *money("amount_idr", least=0),
    words("detail"),
    PrimaryKeyConstraint("application_reference", "position"),
)

inquiries = table(
    "inquiries",
    words("reference"),
    refers("application_reference", "applications.reference"),
    words("registry_code"),
    words("batch_reference"),
    *one_of("state", ("OPEN", "ANSWERED")),
    moment("asked_at"),
    moment("answered_at", nullable=True),
    PrimaryKeyConstraint("reference"),
)
Index("ix_inquiries_application", inquiries.c.application_reference)
Index(
    "uq_inquiries_open",
    inquiries.c.registry_code,
    inquiries.c.application_reference,
    unique=True,
    sqlite_where=text("state = 'OPEN'"),
    postgresql_where=text("state = 'OPEN'"),
)

credit_parts = table(
    "credit_parts",
    refers("inquiry_reference", "inquiries.reference"),
    whole("part"),
    whole("parts"),
    sealed("national_id"),
    words("data_period"),
    words("request_id"),
    whole("active_facilities"),
    *money("active_outstanding_idr", least=0),
    *money("arrears_idr", least=0),
    whole("worst_now", nullable=True),
    whole("worst_active", nullable=True),
    whole("worst_24_months", nullable=True),
    words("worst_24_months_period"),
    whole("days_overdue"),
    *flag("written_off"),
    *money("written_off_idr", least=0),
    *flag("online_loan"),
    *money("online_loan_arrears_idr", least=0),
    words("warnings"),
    *digest("file_sha256"),
    moment("saved_at"),
    PrimaryKeyConstraint("inquiry_reference", "part"),
)

verdicts = table(
    "verdicts",
    refers("application_reference", "applications.reference"),
    words("data_period"),
    whole("worst_now", nullable=True),
    whole("worst_active", nullable=True),
    whole("worst_24_months", nullable=True),
    whole("active_facilities"),
    *money("active_outstanding_idr", least=0),
    *money("arrears_idr", least=0),
    whole("days_overdue"),
    *flag("written_off"),
    *flag("online_loan"),
    *flag("clear"),
    day("checked_on"),
    PrimaryKeyConstraint("application_reference"),
)
