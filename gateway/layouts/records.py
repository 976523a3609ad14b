"""The typed maps between a layout's records and the values of the domain, one per kind of file."""

from gateway.layouts.applications import write_batch
from gateway.layouts.credit import (
    read_acknowledgement,
    read_decisions,
    read_disbursements,
    read_schedule,
)
from gateway.layouts.statements import (
    read_positions,
    read_repayments,
    read_shares,
    read_subsidy_claim,
)

__all__ = [
    "read_acknowledgement",
    "read_decisions",
    "read_disbursements",
    "read_positions",
    "read_repayments",
    "read_schedule",
    "read_shares",
    "read_subsidy_claim",
    "write_batch",
]
