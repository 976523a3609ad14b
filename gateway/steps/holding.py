"""Which files wait, which are looked at again, and which a later file makes good."""

from __future__ import annotations

from gateway.channels import Reason
from gateway.domain.files import FileIdentity
from gateway.store.files import StoredFile

COMES_BACK = frozenset({Reason.FILE_VANISHED, Reason.FILE_CHANGED})
"""The partner is still at work on this file: the next tick looks again."""

CONTRADICTIONS = frozenset({"ALREADY_STORED", "CONSTRAINT", "NUMBER_TOO_LARGE"})
"""What the state itself refuses: the file says something that cannot stand beside it."""

DISPUTES = frozenset({"F_SAME_SEQ", "F_CORRECTION"})
"""Reasons that a read file of the same number does not answer."""

BY_PERSON = "DISCARDED:"
"""Stands before a person's reason for putting a file away."""

NOT_FETCHED = b"not fetched: "
"""Stands, with the name, for the bytes of a file that was too large or no file at all."""


def is_replaced(held: StoredFile, name: str, read: FileIdentity) -> bool:
    """A wrong file is done with once the right one was read: same name, or same number."""
    if held.name == name:
        return True
    same_number = (held.kind, held.sequence) == (read.kind, read.sequence)
    same_year = (
        held.dated_on is not None
        and read.dated_on is not None
        and held.dated_on.year == read.dated_on.year
    )
    return same_number and same_year and held.reason not in DISPUTES
