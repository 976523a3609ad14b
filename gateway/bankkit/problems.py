"""What can be wrong with a file, told in Indonesian and English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong, with its line (0: the whole file)."""

    code: str
    message_id: str
    message_en: str
    line: int = 0

    def text(self, lang: str) -> str:
        """The problem as one line of text, ``lang`` being ``"id"`` or ``"en"``."""
        message = self.message_en if lang == "en" else self.message_id
        word = "line" if lang == "en" else "baris"
        where = f"{word} {self.line}: " if self.line else ""
        return f"{self.code}: {where}{message}"


class KitError(Exception):
    """The file or the command cannot be used; carries every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.text("en") for problem in problems))
        self.problems = tuple(problems)


def trouble(code: str, message_id: str, message_en: str, line: int = 0) -> KitError:
    """An error with one problem."""
    return KitError([Problem(code=code, message_id=message_id, message_en=message_en, line=line)])
