"""An application for a micro-loan, by a person alone or as a member of a group."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Sex(StrEnum):
    """As the NIK tells it: L laki-laki, P perempuan."""

    MALE = "L"
    FEMALE = "P"


class GroupRole(StrEnum):
    """A member's role in a group: K ketua, A anggota (outside: ketua / anggota)."""

    LEADER = "K"
    MEMBER = "A"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who asks.  Printing one shows no personal data."""

    national_id: str = field(repr=False)
    name: str = field(repr=False)
    born_on: date = field(repr=False)
    sex: Sex = field(repr=False)
    address: str = field(repr=False)
    kelurahan: str
    """Kemendagri code such as ``15.71.07.1004``."""
    phone: str = field(repr=False)
    """Normalised ``+628…``."""
    rt: str = field(default="", repr=False)
    business_id: str = field(default="", repr=False)
    tax_number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """The micro-business behind an application."""

    name: str = field(repr=False)
    kbli: str = ""
    started_on: date | None = None
    monthly_turnover_idr: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Leave to ask the registry: given on a day, with evidence."""

    given_on: date
    evidence: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One request for a loan.  Group members each have their own, with the group's reference.

    :param amount_idr: whole rupiah asked for by this person.
    :param partner_code: the bank it is bound for; empty until the programme's rule chose one.
    """

    reference: str
    programme: str
    partner_code: str
    applicant: Applicant
    business: Business
    amount_idr: int
    tenor_months: int
    purpose: str = field(repr=False)
    received_on: date
    consent: Consent | None = None
    group_reference: str = ""
    group_role: GroupRole | None = None
    group_name: str = field(default="", repr=False)
    source_reference: str = ""

    @property
    def loan_reference(self) -> str:
        """The reference under which a bank speaks of the loan: the group's for a group."""
        return self.group_reference or self.reference


class BlockerCode(StrEnum):
    """Why an applicant cannot go on."""

    NO_CONSENT = "NO_CONSENT"
    INCOMPLETE = "INCOMPLETE"
    ARREARS = "ARREARS"
    COLLECTABILITY = "COLLECTABILITY"
    WRITTEN_OFF = "WRITTEN_OFF"
    ONLINE_LOAN_ARREARS = "ONLINE_LOAN_ARREARS"
    GROUP_CEILING = "GROUP_CEILING"
    GROUP_TOO_SMALL = "GROUP_TOO_SMALL"
    GROUP_NO_LEADER = "GROUP_NO_LEADER"
    GROUP_MEMBER_BLOCKED = "GROUP_MEMBER_BLOCKED"
    REPORT_TOO_OLD = "REPORT_TOO_OLD"
    NO_PARTNER = "NO_PARTNER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """Why an applicant cannot go on, with the sum and the next thing to do.

    :param amount_idr: the sum in the way, 0 where there is none.
    """

    code: BlockerCode
    amount_idr: int = 0
    detail: str = ""
    """A neutral detail such as missing columns; never personal data."""
