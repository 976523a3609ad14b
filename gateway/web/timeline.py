"""Audit entries as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gateway.privacy import scrub
from gateway.store.trail import TraceEntry
from gateway.web import formats
from gateway.web.context import lang
from gateway.web.words import say_code

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry: when, who, what in words, and its facts."""

    at: datetime
    actor: str
    words: str
    facts: tuple[tuple[str, str], ...]


def read_timeline(entries: Iterable[TraceEntry]) -> list[Line]:
    """The entries in words; facts that say nothing are left out."""
    tongue = lang()
    return [
        Line(
            at=entry.at,
            actor=entry.actor,
            words=say_code("act", entry.act, tongue),
            facts=tuple(
                (say_code("fact", name, tongue), _say_fact(name, value, tongue))
                for name, value in sorted(entry.facts.items())
                if value != "" and not name.endswith("_index")
            ),
        )
        for entry in entries
    ]


def _say_fact(name: str, value: str | int, tongue: str) -> str:
    """A fact as people write it; long runs of digits are blanked once more on the way out."""
    if isinstance(value, int):
        return formats.rupiah(value, tongue) if name.endswith("_idr") else str(value)
    if _DIGEST.fullmatch(value):
        return formats.fingerprint(value)
    return scrub(say_code("action", value, tongue) if name == "action" else value)
