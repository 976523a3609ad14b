"""Audit entries as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gateway.privacy import scrub
from gateway.store.trail import TraceEntry
from gateway.web.context import lang
from gateway.web.words import say_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry: when, who, what in words, and its facts."""

    at: datetime
    actor: str
    words: str
    facts: tuple[tuple[str, str], ...]


def read_timeline(entries: Iterable[TraceEntry]) -> list[Line]:
    """The entries in words; long runs of digits are blanked once more on the way out."""
    return [
        Line(
            at=entry.at,
            actor=entry.actor,
            words=say_code("act", entry.act, lang()),
            facts=tuple((name, scrub(str(value))) for name, value in sorted(entry.facts.items())),
        )
        for entry in entries
    ]
