"""How a pretend bank writes and reads: the city's standard, or a format of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gateway.bankkit.answers import Row
from gateway.bankkit.heads import Head, Written
from gateway.bankkit.pipe import NAME, check_pipe, read_pipe, write_pipe
from gateway.bankkit.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A file of applications, its rows in the city's column names."""

    batch_id: str
    rows: tuple[Row, ...] = field(repr=False)


class Dialect(Protocol):
    """One bank's way of writing; rows always carry the city's column names."""

    kinds: frozenset[str]

    def write(
        self, head: Head, rows: Sequence[Row], stated: Mapping[str, int] | None = None
    ) -> Written:
        """A finished file."""
        ...

    def is_submission(self, name: str) -> bool:
        """Whether the city's applications come under such a name."""
        ...

    def read_submission(self, name: str, content: bytes) -> Submission:
        """The applications of a file; raises KitError if it is not sound."""
        ...

    def check(self, name: str, content: bytes) -> tuple[Problem, ...]:
        """Every problem of a file in this dialect."""
        ...


class PipeDialect:
    """The city's standard, by the bank's kit."""

    kinds = frozenset(
        {"TANDATERIMA", "KEPUTUSAN", "PENCAIRAN", "JADWAL", "ANGSURAN", "POSISI", "RINCIAN"}
    )

    def write(
        self, head: Head, rows: Sequence[Row], stated: Mapping[str, int] | None = None
    ) -> Written:
        """A finished file."""
        return write_pipe(head, rows, stated)

    def is_submission(self, name: str) -> bool:
        """Whether this is a PENGAJUAN file's name."""
        found = NAME.fullmatch(name)
        return found is not None and found.group(2) == "PENGAJUAN"

    def read_submission(self, name: str, content: bytes) -> Submission:
        """The applications of a PENGAJUAN file."""
        found = read_pipe(name, content)
        return Submission(batch_id=found.batch_id, rows=found.rows)

    def check(self, name: str, content: bytes) -> tuple[Problem, ...]:
        """Every problem of a file."""
        return check_pipe(name, content)
