"""What a reconciliation run finds: allocations, remainders, mismatches and the proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    """How soon a person must look; words, never colours alone."""

    CRITICAL = "Kritis"
    HIGH = "Tinggi"
    MEDIUM = "Sedang"
    LOW = "Rendah"
    INFO = "Info"


class Side(StrEnum):
    """The city's expectation (E) or the bank's report (R)."""

    EXPECTED = "E"
    REPORTED = "R"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Money of one reported row spent on one expected item; always more than 0.

    :param loan_reference: ours; with ``instalment_number`` it names the expected item.
    :param row_key: identity of the reported row.
    :param rule: the pass that matched, such as ``"P5"``.
    """

    loan_reference: str
    instalment_number: int
    row_key: str
    amount_idr: int
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """What is left of an item, with exactly one code; never 0.

    :param item: ``"<loan reference>#<instalment>"`` or the row key.
    """

    side: Side
    item: str
    code: str
    amount_idr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMismatch:
    """One row for the treasury's list, before it has a database row of its own.

    ``difference_idr`` is always ``reported_idr - expected_idr`` (ruling 24).

    :param key: stable identity within (partner, period): same inputs give the same key.
    :param loan_number: the bank's account, empty if unknown.
    :param application_reference: ours (the group's for a group), empty if unknown.
    :param flags: codes of facts that stand on the same item.
    """

    key: str
    code: str
    severity: Severity
    loan_number: str = field(repr=False)
    application_reference: str
    group_reference: str = ""
    instalment_number: int | None = None
    expected_idr: int
    reported_idr: int
    due_on: date | None = None
    value_on: date | None = None
    bank_reference: str = ""
    file_name: str = ""
    file_line: int | None = None
    file_sha256: str = ""
    flags: tuple[str, ...] = ()
    suggestion: str = ""
    detail: str = ""
    """A neutral word for the text's {ref} or {n}."""

    @property
    def difference_idr(self) -> int:
        """Reported less expected."""
        return self.reported_idr - self.expected_idr


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The zero-sum proof of one run (ruling 25); all whole rupiah.

    :param by_code: code or bucket -> (expected residual, reported residual).
    """

    partner_code: str
    period: str
    as_of: date
    run_id: str
    expected_idr: int
    reported_idr: int
    allocated_idr: int
    expected_residual_idr: int
    reported_residual_idr: int
    by_code: dict[str, tuple[int, int]]

    @property
    def balance_idr(self) -> int:
        """``ΣE − ΣR − (ΣρE − ΣρR)``: 0, or the run may not be saved (I7)."""
        return (self.expected_idr - self.reported_idr) - (
            self.expected_residual_idr - self.reported_residual_idr
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """Everything one run found; the same inputs give the same bytes and the same ``run_id``."""

    partner_code: str
    period: str
    as_of: date
    run_id: str
    rules_sha256: str
    inputs_sha256: str
    allocations: tuple[Allocation, ...]
    residuals: tuple[Residual, ...]
    mismatches: tuple[FoundMismatch, ...]
    proof: Proof
