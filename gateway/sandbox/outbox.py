"""Where a pretend bank lays its answers: numbered, signed, the signature last; faults to order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from gateway.bankkit.answers import Row
from gateway.bankkit.envelope import KitSigner, sign_detached
from gateway.bankkit.heads import Head, Written
from gateway.sandbox.bankdays import wib_day
from gateway.sandbox.book import Book, Mend
from gateway.sandbox.dialects import Dialect
from gateway.sandbox.faults import Faults

_FIRST_FIGURE = re.compile(rb"(?m)^(T\||JUMLAH;|9)([0-9]{1,6})(?=[|;]|[0-9]{11})")
RIGHT = "arsip"
"""Folder in the bank's root that keeps every answer as it should be."""


def lay(folder: Path, name: str, content: bytes) -> None:
    """Write under a hidden name, then rename: nobody sees half a file."""
    hidden = folder / f".{name}.part"
    hidden.write_bytes(content)
    hidden.replace(folder / name)


class Outbox:
    """Numbers, writes, signs and, to order, damages a bank's answers."""

    def __init__(
        self, *, root: Path, folder: Path, bank_code: str, dialect: Dialect, signer: KitSigner
    ) -> None:
        self.folder = folder
        self.right = root / RIGHT
        self.right.mkdir(parents=True, exist_ok=True)
        self._bank_code = bank_code
        self._dialect = dialect
        self._signer = signer

    def answer(
        self,
        book: Book,
        faults: Faults,
        head: Head,
        rows: Sequence[Row],
        stated: Mapping[str, int] | None = None,
    ) -> str:
        """Write one answer with the next number; gives its name."""
        number = self._number(book, faults, head)
        head = _numbered(head, self._bank_code, number)
        written = self._dialect.write(head, rows, stated)
        self._publish(book, faults, head.kind, written)
        return written.name

    def mend(self, book: Book, now: datetime) -> list[str]:
        """Send again what was wrong, or was left out."""
        names = []
        for mend in book.mends:
            name, kept = mend.name, self.right / mend.name
            if not name:
                head = Head(kind=mend.kind, bank_code="", written_at=now, sequence=0)
                empty = self._dialect.write(_numbered(head, self._bank_code, mend.number), [])
                name, kept = empty.name, self.right / empty.name
                kept.write_bytes(empty.content)
            self._lay_signed(name, kept.read_bytes())
            names.append(name)
        book.mends.clear()
        return names

    def stray(self, book: Book) -> None:
        """Lay a file that nobody agreed on."""
        if "unknown_file" not in book.faults_done:
            book.faults_done.append("unknown_file")
            lay(self.folder, "catatan-teller.txt", b"Mohon hubungi kami.\n")

    def _number(self, book: Book, faults: Faults, head: Head) -> int:
        year = wib_day(head.written_at).year
        used = book.numbers.get(f"{head.kind}/{year}", 0)
        if used and _strikes(book, "same_number", faults.same_number, head.kind):
            return used
        number = book.next_number(head.kind, year)
        if _strikes(book, "gap", faults.gap, head.kind):
            if faults.mends:
                book.mends.append(Mend(name="", kind=head.kind, number=number))
            number = book.next_number(head.kind, year)
        return number

    def _publish(self, book: Book, faults: Faults, kind: str, written: Written) -> None:
        (self.right / written.name).write_bytes(written.content)
        content, signed = written.content, True
        signature = sign_detached(content, self._signer)
        damaged = False
        if _strikes(book, "wrong_totals", faults.wrong_totals, kind):
            content, damaged = _one_more(content), True
            signature = sign_detached(content, self._signer)
        if _strikes(book, "flipped", faults.flipped, kind):
            middle = len(content) // 2
            content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            damaged = True
        if _strikes(book, "unsigned", faults.unsigned, kind):
            signed, damaged = False, True
        lay(self.folder, written.name, content)
        if signed:
            lay(self.folder, f"{written.name}.p7s", signature)
        if damaged and faults.mends:
            book.mends.append(Mend(name=written.name, kind=kind, number=0))

    def _lay_signed(self, name: str, content: bytes) -> None:
        (self.folder / f"{name}.p7s").unlink(missing_ok=True)
        lay(self.folder, name, content)
        lay(self.folder, f"{name}.p7s", sign_detached(content, self._signer))


def _numbered(head: Head, bank_code: str, number: int) -> Head:
    return Head(
        kind=head.kind,
        bank_code=bank_code,
        written_at=head.written_at,
        sequence=number,
        batch_id=head.batch_id,
        extra=head.extra,
        version=head.version,
    )


def _strikes(book: Book, fault: str, ordered: str, kind: str) -> bool:
    """Whether an ordered fault hits this file; each hits once."""
    if ordered != kind or fault in book.faults_done:
        return False
    book.faults_done.append(fault)
    return True


def _one_more(content: bytes) -> bytes:
    """The file with one row too many in its trailer, and otherwise sound."""

    def add_one(found: re.Match[bytes]) -> bytes:
        figure = found.group(2)
        return found.group(1) + str(int(figure) + 1).zfill(len(figure)).encode()

    head, _, last = content.rstrip(b"\r\n").rpartition(b"\n")
    ending = content[len(content.rstrip(b"\r\n")) :]
    return head + b"\n" + _FIRST_FIGURE.sub(add_one, last, count=1) + ending
