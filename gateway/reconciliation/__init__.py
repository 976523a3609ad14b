"""The matching engine: what the city expects against what a bank reports, with a proof."""

from gateway.reconciliation.codes import (
    BUCKETS,
    CODES,
    FINAL_CODES,
    CodeFacts,
    message,
    severity_of,
)
from gateway.reconciliation.engine import ENGINE_VERSION, reconcile

__all__ = [
    "BUCKETS",
    "CODES",
    "ENGINE_VERSION",
    "FINAL_CODES",
    "CodeFacts",
    "message",
    "reconcile",
    "severity_of",
]
