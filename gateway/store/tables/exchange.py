"""What goes to partners and what comes from them: batches, files, stored bytes."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text

from gateway.domain.files import FileKind
from gateway.domain.states import BatchState, InboundState
from gateway.store.tables.columns import (
    belongs,
    day,
    digest,
    key,
    moment,
    money,
    one_of,
    refers,
    table,
    whole,
    words,
)

blobs = table(
    "blobs",
    *digest("sha256"),
    whole("size_bytes"),
    moment("stored_at"),
    PrimaryKeyConstraint("sha256"),
    CheckConstraint("size_bytes >= 0", name="size_bytes_range"),
)

batches = table(
    "batches",
    words("reference"),
    words("partner_code"),
    *one_of("kind", FileKind),
    whole("sequence"),
    words("container_name"),
    *digest("container_sha256"),
    *digest("signature_sha256"),
    *digest("previous_sha256"),
    *one_of("state", BatchState),
    words("token"),
    words("reason"),
    whole("count"),
    *money("total_idr", least=0),
    whole("file_year"),
    whole("file_sequence"),
    moment("sealed_at"),
    moment("sent_at", nullable=True),
    moment("acked_at", nullable=True),
    moment("changed_at"),
    PrimaryKeyConstraint("reference"),
    UniqueConstraint("partner_code", "kind", "sequence"),
    UniqueConstraint("partner_code", "kind", "file_year", "file_sequence"),
    CheckConstraint("sequence > 0 AND file_sequence > 0", name="sequence_positive"),
    CheckConstraint("count > 0", name="count_positive"),
)
Index("ix_batches_state", batches.c.state, batches.c.partner_code)

batch_files = table(
    "batch_files",
    refers("batch_reference", "batches.reference"),
    whole("position"),
    words("name"),
    *digest("sha256"),
    PrimaryKeyConstraint("batch_reference", "position"),
)

batch_items = table(
    "batch_items",
    refers("batch_reference", "batches.reference"),
    whole("position"),
    refers("application_reference", "applications.reference"),
    PrimaryKeyConstraint("batch_reference", "position"),
    UniqueConstraint("batch_reference", "application_reference"),
)
Index("ix_batch_items_application", batch_items.c.application_reference)

files = table(
    "files",
    key(),
    words("partner_code"),
    words("name"),
    words("kind", nullable=True),
    whole("sequence", nullable=True),
    whole("version"),
    day("dated_on", nullable=True),
    whole("year", nullable=True),
    *digest("sha256"),
    *digest("signature_sha256", empty=True),
    words("signer"),
    whole("size_bytes"),
    *one_of("state", InboundState),
    words("reason"),
    words("message_en"),
    words("message_id"),
    whole("rows"),
    moment("received_at"),
    moment("changed_at"),
    CheckConstraint("version > 0", name="version_positive"),
    CheckConstraint("rows >= 0", name="rows_range"),
)
Index("ix_files_state", files.c.partner_code, files.c.state)
Index(
    "uq_files_content",
    files.c.partner_code,
    files.c.sha256,
    unique=True,
    sqlite_where=text("state <> 'DISCARDED'"),
    postgresql_where=text("state <> 'DISCARDED'"),
)
Index(
    "uq_files_number",
    files.c.partner_code,
    files.c.kind,
    files.c.year,
    files.c.sequence,
    files.c.version,
    unique=True,
    sqlite_where=text("state = 'READ' AND sequence IS NOT NULL"),
    postgresql_where=text("state = 'READ' AND sequence IS NOT NULL"),
)

row_defects = table(
    "row_defects",
    belongs("file_id", "files.id"),
    whole("position"),
    whole("line"),
    words("column_name"),
    words("message_en"),
    words("message_id"),
    whole("amount_idr", nullable=True),
    PrimaryKeyConstraint("file_id", "position"),
)
