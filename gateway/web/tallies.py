"""How many mismatches a choice holds and what they are worth, over all pages of the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A number of mismatches and their differences, in whole rupiah and never negative."""

    count: int = 0
    short_idr: int = 0
    over_idr: int = 0

    @property
    def gross_idr(self) -> int:
        """Everything that differs, whichever way."""
        return self.short_idr + self.over_idr


def tally(differences_idr: Iterable[int]) -> Tally:
    """Count and add up: what is missing and what is too much do not cancel each other."""
    listed = list(differences_idr)
    return Tally(
        count=len(listed),
        short_idr=-sum(one for one in listed if one < 0),
        over_idr=sum(one for one in listed if one > 0),
    )
