"""Audit entries as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from gateway.privacy import scrub
from gateway.store.trail import TraceEntry
from gateway.web import formats
from gateway.web.context import lang
from gateway.web.words import WORDS, say_code

_STATED = {"action": "action", "from_state": "application", "kind": "file", "code": "code"}
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry: when, who, what in words, about what else, and its facts."""

    at: datetime
    actor: str
    words: str
    subject: str
    facts: tuple[tuple[str, str], ...]


def read_timeline(entries: Iterable[TraceEntry], own: str) -> list[Line]:
    """The entries in words; digests, tokens and other facts for machines are left out.

    :param own: the subject whose page this is; another one, such as a file, is named.
    """
    tongue = lang()
    return [
        Line(
            at=entry.at,
            actor=entry.actor,
            words=say_code("act", entry.act, tongue),
            subject=scrub(entry.subject) if entry.subject != own else "",
            facts=tuple(
                (say_code("fact", name, tongue), _say_fact(name, value, tongue))
                for name, value in sorted(entry.facts.items())
                if value != "" and f"fact.{name}" in WORDS
            ),
        )
        for entry in entries
    ]


def _say_fact(name: str, value: str | int, tongue: str) -> str:
    """A fact as people write it; long runs of digits are blanked once more on the way out."""
    if name in _STATED:
        return say_code(_STATED[name], str(value), tongue)
    if isinstance(value, int):
        return formats.rupiah(value, tongue) if name.endswith("_idr") else str(value)
    if _DAY.fullmatch(value):
        return formats.day(date.fromisoformat(value), tongue)
    if _DIGEST.fullmatch(value):
        return formats.fingerprint(value)
    return scrub(value)
