"""Applications closed, counted and bound for one partner, and the partner's receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from gateway.domain.applications import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenedApplication:
    """An application with the reduced verdict that travels with it.

    :param worst_collectability: 1–5, ``None`` for no history.
    :param data_period: ``yyyymm`` of the report, empty when none was asked for.
    """

    application: Application
    worst_collectability: int | None = None
    data_period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A sealed batch: never empty, every application is bound for ``partner_code``.

    :param reference: the ``batch_id``, at most 35 printable ASCII characters.
    :param sequence: of the data file, within partner, kind and calendar year, from 1.
    """

    reference: str
    partner_code: str
    sequence: int
    dated_on: date
    created_at: datetime
    items: tuple[ScreenedApplication, ...]

    @property
    def total_idr(self) -> int:
        """Whole rupiah asked for in the batch."""
        return sum(item.application.amount_idr for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """One application whose paper a partner would not take in."""

    application_reference: str
    reason_code: str
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """A partner's receipt for a batch.

    :param batch_reference: as it stands in the receipt's header.
    :param received_sha256: of the container or data file that the partner received.
    """

    batch_reference: str
    received_sha256: str
    accepted: tuple[str, ...]
    rejected: tuple[Rejection, ...]
