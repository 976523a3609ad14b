"""Chance that can be repeated: the same words give the same throws, on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Throws drawn from SHA-256 of the seed words and a counter."""

    def __init__(self, *words: str | int) -> None:
        self._seed = "\x1f".join(map(str, words)).encode()
        self._thrown = 0

    def roll(self, sides: int) -> int:
        """A number from 0 to ``sides - 1``."""
        self._thrown += 1
        digest = hashlib.sha256(self._seed + self._thrown.to_bytes(8, "big")).digest()
        return int.from_bytes(digest[:8], "big") % sides

    def between(self, low: int, high: int) -> int:
        """A number from ``low`` to ``high``, both included."""
        return low + self.roll(high - low + 1)

    def chance(self, per_cent: int) -> bool:
        """True in ``per_cent`` of a hundred throws."""
        return self.roll(100) < per_cent

    def pick(self, things: Sequence[T]) -> T:
        """One of the things."""
        return things[self.roll(len(things))]

    def shuffle(self, things: Sequence[T]) -> list[T]:
        """All of the things in another order."""
        keyed = [(self.roll(1 << 60), place) for place in range(len(things))]
        return [things[place] for _, place in sorted(keyed)]

    def digits(self, length: int) -> str:
        """So many digits, the first never 0."""
        first = str(self.between(1, 9))
        return first + "".join(str(self.roll(10)) for _ in range(length - 1))
