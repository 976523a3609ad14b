"""What a step did, as a value: counts, what needs a person, what failed and is tried again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.errors import GatewayError
from gateway.privacy import scrub


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """One thing that needs a person.

    :param subject: a reference, a file name or a partner; never personal data.
    """

    code: str
    partner_code: str
    subject: str
    message_en: str
    message_id: str

    @classmethod
    def of(cls, error: GatewayError, partner_code: str, subject: str) -> Attention:
        """The attention that an error asks for."""
        return cls(
            code=error.reason,
            partner_code=partner_code,
            subject=scrub(subject),
            message_en=scrub(error.text("en")),
            message_id=scrub(error.text("id")),
        )


@dataclass(slots=True, kw_only=True)
class Summary:
    """What one step did for one partner (or for the city, when ``partner_code`` is empty)."""

    step: str
    partner_code: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    attention: list[Attention] = field(default_factory=list)
    failures: list[Attention] = field(default_factory=list)
    broken: list[Attention] = field(default_factory=list)

    def exit_code(self) -> int:
        """0 done, 3 needs a person, 4 integrity broken, 5 tried again later (3 wins over 5)."""
        if self.broken:
            return 4
        if self.attention:
            return 3
        return 5 if self.failures else 0


def worst_exit(summaries: Iterable[Summary]) -> int:
    """The exit code of several steps together: 4, then 3, then 5, then 0."""
    codes = {summary.exit_code() for summary in summaries}
    return next((code for code in (4, 3, 5) if code in codes), 0)
