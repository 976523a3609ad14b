"""docs/reference/mismatch-codes.md: every code of reconciliation, in both languages."""

from __future__ import annotations

from pathlib import Path

from gateway.reconciliation.codes import BUCKETS, CODES
from pages.markdown import table

WHO = {
    "P": "treasury officer",
    "S": "second person",
    "B": "bank",
    "D": "programme office",
    "T": "city IT",
}


def page(_root: Path) -> str:
    """The whole page."""
    rows = [
        (
            f"`{facts.code}`",
            facts.severity.value,
            ", ".join(WHO[letter] for letter in facts.acts.split(",") if letter) or "nobody",
            facts.texts["id"],
            facts.texts["en"],
        )
        for facts in CODES.values()
    ]
    buckets = ", ".join(f"`{bucket}`" for bucket in sorted(BUCKETS))
    return "\n".join(
        [
            "# Mismatch codes\n",
            f"{len(rows)} codes. They are stable for ever: new ones may be added, none is used",
            "again for something else.\n",
            table(("code", "severity", "who acts", "Indonesian", "English"), rows),
            f"Buckets of the proof, which need nobody and are no rows of the list: {buckets}.\n",
        ]
    )
