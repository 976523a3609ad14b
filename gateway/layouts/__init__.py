"""A bank's file as data: :class:`Layout`, its reader, its writer, its field guide."""

from gateway.layouts.checks import layout_problems
from gateway.layouts.frames import header_words, totals_for, trailer_words
from gateway.layouts.guide import guide
from gateway.layouts.layout import Field, FieldType, Layout, Style, Total, TotalKind
from gateway.layouts.names import identify_name, render_name
from gateway.layouts.plain import to_plain
from gateway.layouts.reader import Records, Row, read_records
from gateway.layouts.records import (
    read_acknowledgement,
    read_decisions,
    read_disbursements,
    read_positions,
    read_repayments,
    read_schedule,
    read_shares,
    read_subsidy_claim,
    write_batch,
)
from gateway.layouts.vocabulary import detail_words
from gateway.layouts.words import pick, tag
from gateway.layouts.writer import write_records

__all__ = [
    "Field",
    "FieldType",
    "Layout",
    "Records",
    "Row",
    "Style",
    "Total",
    "TotalKind",
    "detail_words",
    "guide",
    "header_words",
    "identify_name",
    "layout_problems",
    "pick",
    "read_acknowledgement",
    "read_decisions",
    "read_disbursements",
    "read_positions",
    "read_records",
    "read_repayments",
    "read_schedule",
    "read_shares",
    "read_subsidy_claim",
    "render_name",
    "tag",
    "to_plain",
    "totals_for",
    "trailer_words",
    "write_batch",
    "write_records",
]
