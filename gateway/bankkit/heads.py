"""What stands around the rows of a file: its head, its name, its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
REGION = "157100"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the name and the ``H`` line say.

    :param written_at: aware; the name carries its day in WIB.
    :param extra: by kind: TANDATERIMA the SHA-256 of what was received; ANGSURAN, POSISI and
        SUBSIDI the period ``yyyymm``.
    :param version: 1, or 2, 3 … for a correction of the same number.
    """

    kind: str
    bank_code: str
    written_at: datetime
    sequence: int
    batch_id: str = ""
    extra: str = ""
    version: int = 1

    @property
    def day(self) -> str:
        """The day of writing in WIB, ``yyyymmdd``."""
        return f"{self.written_at.astimezone(WIB):%Y%m%d}"

    @property
    def name(self) -> str:
        """The file's name."""
        version = f".v{self.version}" if self.version > 1 else ""
        return f"{self.bank_code}.{REGION}.{self.kind}.{self.day}.{self.sequence:03d}{version}.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A finished file."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeFile:
    """A sound file, taken apart."""

    kind: str
    bank_code: str
    day: str
    sequence: int
    batch_id: str
    extra: str
    correction: bool
    rows: tuple[Mapping[str, str], ...]
    totals: Mapping[str, int]
