"""A row that is in order: everything of an application but what the gateway itself adds."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.domain.applications import Applicant, Business, Consent, GroupRole
from gateway.domain.identity import Problem
from gateway.schemas.problems import RowError


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDraft:
    """One row in order; reference, group reference and day of receipt are still to come.

    :param partner_code: the bank that the row states, empty for the programme's rule.
    :param consent: ``None`` unless both day and evidence are there; that holds the application
        up later, and is no reason to refuse the row.
    :param source_group: ``ref_kelompok`` as it stands in the form.
    :param warnings: doubts that refuse nothing.
    """

    row: int
    applicant: Applicant
    business: Business
    amount_idr: int
    tenor_months: int
    purpose: str = field(repr=False)
    partner_code: str = ""
    consent: Consent | None = None
    source_group: str = ""
    group_role: GroupRole | None = None
    group_name: str = field(default="", repr=False)
    source_reference: str = ""
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """Either a draft, or every error of the row.

    :param source_group: also of a refused row, so that its group is not taken in without it.
    """

    row: int
    draft: ApplicationDraft | None = None
    errors: tuple[RowError, ...] = ()
    source_group: str = ""
