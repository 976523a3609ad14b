"""Who may do what: one function over one table, and what the table does not say is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A staff member's part.  A bank's user sees nothing but its own bank."""

    TREASURER = "bendahara"
    CHECKER = "verifikator"
    AUDITOR = "auditor"
    IT = "it"
    BANK = "bank"


class Action(StrEnum):
    """Something a page lets a person see or do."""

    SEE_HOME = "see_home"
    SEE_MISMATCHES = "see_mismatches"
    PROPOSE = "propose"
    SETTLE = "settle"
    SEE_PARTNERS = "see_partners"
    SEE_APPLICATIONS = "see_applications"
    FIND_PERSON = "find_person"
    SEE_NAMES = "see_names"
    SEE_AUDIT = "see_audit"


T, C, A, I, B = Role  # noqa: E741 - one letter per column keeps the table readable as a table

ALLOWED: Mapping[Action, frozenset[Role]] = {
    Action.SEE_HOME: frozenset({T, C, A, I, B}),
    Action.SEE_MISMATCHES: frozenset({T, C, A, B}),
    Action.PROPOSE: frozenset({T}),
    Action.SETTLE: frozenset({C}),
    Action.SEE_PARTNERS: frozenset({T, C, A, I, B}),
    Action.SEE_APPLICATIONS: frozenset({T, C, A}),
    Action.FIND_PERSON: frozenset({T, C}),
    Action.SEE_NAMES: frozenset({T, C}),
    Action.SEE_AUDIT: frozenset({T, C, A, I}),
}

PUBLIC = None
ENDPOINTS: Mapping[str, Action | None] = {
    "static": PUBLIC,
    "health.show_health": PUBLIC,
    "health.show_ready": PUBLIC,
    "login.show_login": PUBLIC,
    "login.enter": PUBLIC,
    "login.leave": PUBLIC,
    "home.show_home": Action.SEE_HOME,
    "mismatches.show_list": Action.SEE_MISMATCHES,
    "mismatch.show_one": Action.SEE_MISMATCHES,
    "mismatch.propose": Action.PROPOSE,
    "mismatch.settle": Action.SETTLE,
    "mismatch.give_back": Action.SETTLE,
    "partners.show_list": Action.SEE_PARTNERS,
    "applications.show_list": Action.SEE_APPLICATIONS,
    "applications.find": Action.SEE_APPLICATIONS,
    "applications.show_one": Action.SEE_APPLICATIONS,
}
"""What each route needs; a route that is not here can be reached by nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is asking, for the length of one request.

    :param token: of the server-side session; never shown.
    :param partner_code: the only partner a bank's user belongs to, empty for the city's staff.
    """

    name: str
    roles: frozenset[str]
    token: str = ""
    partner_code: str = ""


def may(visitor: Visitor | None, action: str, partner_code: str = "") -> bool:
    """Whether the visitor may do this, on this partner's rows where one is named."""
    if visitor is None or action not in ALLOWED:
        return False
    roles = ALLOWED[Action(action)] & visitor.roles
    if roles - {Role.BANK}:
        return True
    if Role.BANK not in roles or not visitor.partner_code:
        return False
    return partner_code in ("", visitor.partner_code)


def visible_partners(visitor: Visitor | None, action: str, codes: Iterable[str]) -> list[str]:
    """The partners of ``codes`` on whose rows the visitor may do this, in their order."""
    return [code for code in codes if may(visitor, action, code)]
