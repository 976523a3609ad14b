"""Files as values: bytes with a name, before and after they mean something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar


class FileKind(StrEnum):
    """What a file reports.  The order of the inbound kinds is the order of reading (ruling 17)."""

    PENGAJUAN = "PENGAJUAN"
    PERMINTAAN = "PERMINTAAN"
    IDEB = "IDEB"
    TANDATERIMA = "TANDATERIMA"
    KEPUTUSAN = "KEPUTUSAN"
    PENCAIRAN = "PENCAIRAN"
    JADWAL = "JADWAL"
    ANGSURAN = "ANGSURAN"
    RINCIAN = "RINCIAN"
    POSISI = "POSISI"
    SUBSIDI = "SUBSIDI"


OUTBOUND = frozenset({FileKind.PENGAJUAN, FileKind.PERMINTAAN})
READING_ORDER = tuple(kind for kind in FileKind if kind not in OUTBOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIdentity:
    """What a file says of itself in its name and head, before its rows are read.

    :param sequence: its number within partner, kind and year; ``None`` if the kind has no numbers
        (an iDeb is one debtor's answer and stands alone).
    :param version: 1, or 2, 3 … for a correction of the same number.
    """

    kind: FileKind
    sequence: int | None = None
    dated_on: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundFile:
    """One partner's file, verified, as bytes.  ``name`` has no directory part."""

    name: str
    content: bytes
    identity: FileIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundFile:
    """One file for a partner.  ``name`` has no directory part and never starts with a dot."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDefect:
    """One row that breaks the format while its file is sound; it becomes ``F_ROW``.

    :param amount_idr: what the row claims, where it can still be read.
    """

    line: int
    column: str
    message_en: str
    message_id: str
    amount_idr: int | None = None


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[T]):
    """What a sound file says, and the rows of it that could not be read.

    A file defect (header, trailer, total, signature) is an error and yields no reading; a row
    defect is a value here, and the other rows go on.
    """

    value: T
    defects: tuple[RowDefect, ...] = ()
