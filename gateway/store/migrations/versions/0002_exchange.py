"""Batches out, files in, stored bytes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Day, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("reference", WORDS, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("container_name", WORDS, nullable=False),
        sa.Column("container_sha256", WORDS, nullable=False),
        sa.Column("signature_sha256", WORDS, nullable=False),
        sa.Column("previous_sha256", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("token", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("total_idr", WHOLE, nullable=False),
        sa.Column("file_year", WHOLE, nullable=False),
        sa.Column("file_sequence", WHOLE, nullable=False),
        sa.Column("sealed_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("acked_at", Moment(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('PENGAJUAN', 'PERMINTAAN', 'IDEB', 'TANDATERIMA', 'KEPUTUSAN', 'PENCAIRAN', 'JADWAL', 'ANGSURAN', 'RINCIAN', 'POSISI', 'SUBSIDI')",
            name=op.f("ck_batches_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('SEALED', 'SENDING', 'UNCERTAIN', 'SENT', 'ACKED', 'ABANDONED')",
            name=op.f("ck_batches_state_known"),
        ),
        sa.CheckConstraint("count > 0", name=op.f("ck_batches_count_positive")),
        sa.CheckConstraint(
            "length(container_sha256) = 64", name=op.f("ck_batches_container_sha256_length")
        ),
        sa.CheckConstraint(
            "length(previous_sha256) = 64", name=op.f("ck_batches_previous_sha256_length")
        ),
        sa.CheckConstraint(
            "length(signature_sha256) = 64", name=op.f("ck_batches_signature_sha256_length")
        ),
        sa.CheckConstraint(
            "sequence > 0 AND file_sequence > 0", name=op.f("ck_batches_sequence_positive")
        ),
        sa.CheckConstraint(
            "total_idr BETWEEN 0 AND 1000000000000000", name=op.f("ck_batches_total_idr_range")
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_batches")),
        sa.UniqueConstraint(
            "partner_code",
            "kind",
            "file_year",
            "file_sequence",
            name=op.f("uq_batches_partner_code_kind_file_year_file_sequence"),
        ),
        sa.UniqueConstraint(
            "partner_code", "kind", "sequence", name=op.f("uq_batches_partner_code_kind_sequence")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_batches_state", "batches", ["state", "partner_code"])
    op.create_table(
        "blobs",
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("size_bytes", WHOLE, nullable=False),
        sa.Column("stored_at", Moment(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_blobs_sha256_length")),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_blobs_size_bytes_range")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blobs")),
        sqlite_strict=True,
    )
    op.create_table(
        "files",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("partner_code", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=True),
        sa.Column("sequence", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("dated_on", Day(), nullable=True),
        sa.Column("year", WHOLE, nullable=True),
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("signature_sha256", WORDS, nullable=False),
        sa.Column("signer", WORDS, nullable=False),
        sa.Column("size_bytes", WHOLE, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("message_en", WORDS, nullable=False),
        sa.Column("message_id", WORDS, nullable=False),
        sa.Column("rows", WHOLE, nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "length(signature_sha256) = 64 OR signature_sha256 = ''",
            name=op.f("ck_files_signature_sha256_length"),
        ),
        sa.CheckConstraint(
            "state IN ('FETCHED', 'READ', 'PARKED', 'SET_ASIDE', 'DISCARDED')",
            name=op.f("ck_files_state_known"),
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_files_sha256_length")),
        sa.CheckConstraint("rows >= 0", name=op.f("ck_files_rows_range")),
        sa.CheckConstraint("version > 0", name=op.f("ck_files_version_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sqlite_strict=True,
    )
    op.create_index("ix_files_state", "files", ["partner_code", "state"])
    op.create_index(
        "uq_files_content",
        "files",
        ["partner_code", "sha256"],
        unique=True,
        sqlite_where=sa.text("state <> 'DISCARDED'"),
        postgresql_where=sa.text("state <> 'DISCARDED'"),
    )
    op.create_index(
        "uq_files_number",
        "files",
        ["partner_code", "kind", "year", "sequence", "version"],
        unique=True,
        sqlite_where=sa.text("state = 'READ' AND sequence IS NOT NULL"),
        postgresql_where=sa.text("state = 'READ' AND sequence IS NOT NULL"),
    )
    op.create_table(
        "batch_files",
        sa.Column("batch_reference", WORDS, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("sha256", WORDS, nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_batch_files_sha256_length")),
        sa.ForeignKeyConstraint(
            ["batch_reference"], ["batches.reference"], name=op.f("fk_batch_files_batch_reference")
        ),
        sa.PrimaryKeyConstraint("batch_reference", "position", name=op.f("pk_batch_files")),
        sqlite_strict=True,
    )
    op.create_table(
        "row_defects",
        sa.Column("file_id", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("line", WHOLE, nullable=False),
        sa.Column("column_name", WORDS, nullable=False),
        sa.Column("message_en", WORDS, nullable=False),
        sa.Column("message_id", WORDS, nullable=False),
        sa.Column("amount_idr", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_row_defects_file_id")),
        sa.PrimaryKeyConstraint("file_id", "position", name=op.f("pk_row_defects")),
        sqlite_strict=True,
    )
    op.create_table(
        "batch_items",
        sa.Column("batch_reference", WORDS, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("application_reference", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_reference"],
            ["applications.reference"],
            name=op.f("fk_batch_items_application_reference"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_reference"], ["batches.reference"], name=op.f("fk_batch_items_batch_reference")
        ),
        sa.PrimaryKeyConstraint("batch_reference", "position", name=op.f("pk_batch_items")),
        sa.UniqueConstraint(
            "batch_reference",
            "application_reference",
            name=op.f("uq_batch_items_batch_reference_application_reference"),
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_batch_items_application", "batch_items", ["application_reference"])


def downgrade() -> None:
    op.drop_table("batch_items")
    op.drop_table("row_defects")
    op.drop_table("batch_files")
    op.drop_table("files")
    op.drop_table("blobs")
    op.drop_table("batches")
