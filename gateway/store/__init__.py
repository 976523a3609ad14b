"""The state: applications, batches, files, loans, runs, people and the audit trail."""

from gateway.store.engine import Store
from gateway.store.transaction import Transaction

__all__ = ["Store", "Transaction"]
