"""Reader and writer of the city's standard files: one ``H``, n ``D``, one ``T``.

UTF-8 without BOM, LF, ``|`` between fields.  The last field of ``T`` is the lower-case hex
SHA-256 of all bytes before the ``T`` line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from gateway.bankkit.heads import REGION, WIB, Head, PipeFile, Written
from gateway.bankkit.problems import KitError, Problem, trouble
from gateway.bankkit.rules import row_problems
from gateway.bankkit.shapes import SHAPES, Shape, add_up, is_day

NAME = re.compile(
    r"([0-9]{3,6})\.157100\.([A-Z]+)\.([0-9]{8})\.([0-9]{3,})(?:\.v([2-9]|[1-9][0-9]))?\.txt"
)
_H_FIELDS = 12
_MOMENT = re.compile(r"[0-9]{14}")


def write_pipe(
    head: Head,
    rows: Sequence[Mapping[str, str]],
    stated: Mapping[str, int] | None = None,
) -> Written:
    """Write one file; totals are added up here.

    :param stated: totals that do not follow from the rows (POSISI, SUBSIDI).
    :raises KitError: if a value does not fit its column.
    """
    shape = shape_of(head.kind)
    plain = [{column.name: row.get(column.name, "") for column in shape.columns} for row in rows]
    problems = [
        problem
        for number, row in enumerate(plain, start=1)
        for problem in row_problems(shape, row, number + 1)
    ]
    if problems:
        raise KitError(problems)
    sums = {**add_up(shape, list(plain)), **(stated or {})}
    created = f"{head.written_at.astimezone(WIB):%Y%m%d%H%M%S}"
    first = ["H", head.kind, "1.0", head.bank_code, REGION, head.day, f"{head.sequence:03d}"]
    first += ["IDR", created, head.batch_id, head.extra, "KOREKSI" if head.version > 1 else ""]
    lines = ["|".join(first).rstrip("|")]
    lines += ["|".join(["D", str(n), *row.values()]) for n, row in enumerate(plain, start=1)]
    body = "".join(f"{line}\n" for line in lines).encode()
    figures = [str(sums[total.name]) for total in shape.totals]
    last = "|".join(["T", *figures, hashlib.sha256(body).hexdigest()])
    return Written(name=head.name, content=body + last.encode() + b"\n")


def shape_of(kind: str) -> Shape:
    """The columns and totals of a kind.

    :raises KitError: for an unknown kind.
    """
    if kind not in SHAPES:
        known = ", ".join(SHAPES)
        raise trouble(
            "KIND",
            f"jenis berkas tidak dikenal; yang ada: {known}",
            f"unknown kind of file; known are: {known}",
        )
    return SHAPES[kind]


def read_pipe(name: str, content: bytes) -> PipeFile:
    """Take a file apart.

    :raises KitError: with every problem, if there is any.
    """
    reading = _Reading(name)
    found = reading.read(content)
    if reading.problems or found is None:
        raise KitError(reading.problems)
    return found


def check_pipe(name: str, content: bytes) -> tuple[Problem, ...]:
    """Every problem of a file; empty for a sound one."""
    reading = _Reading(name)
    reading.read(content)
    return tuple(reading.problems)


class _Reading:
    """One pass over a file, collecting problems instead of stopping at the first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []

    def note(self, code: str, message_id: str, message_en: str, line: int = 0) -> None:
        self.problems.append(
            Problem(code=code, line=line, message_id=message_id, message_en=message_en)
        )

    def read(self, content: bytes) -> PipeFile | None:
        lines = self._lines(content)
        if not lines:
            return None
        head = self._head(lines[0].split("|"))
        shape = SHAPES.get(head[1]) if head else None
        if head is None or shape is None:
            return None
        rows = self._rows(shape, lines[1:-1])
        totals = self._trailer(shape, rows, lines[-1].split("|"), content)
        return PipeFile(
            kind=shape.kind,
            bank_code=head[3],
            day=head[5],
            sequence=int(head[6]),
            batch_id=head[9],
            extra=head[10],
            correction=head[11] == "KOREKSI",
            rows=tuple(rows),
            totals=totals,
        )

    def _lines(self, content: bytes) -> list[str]:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            self.note("ENCODING", "berkas bukan UTF-8", "the file is not UTF-8")
            return []
        if text.startswith("\ufeff"):
            self.note("BOM", "berkas tidak boleh diawali BOM", "the file must not start with a BOM")
        if "\r" in text:
            self.note("LINE_END", "akhir baris harus LF saja", "lines must end with LF alone")
        if not text.endswith("\n"):
            self.note(
                "LINE_END", "baris terakhir tidak ditutup LF", "the last line has no LF at its end"
            )
        lines = text.removesuffix("\n").split("\n")
        if len(lines) < 2 or not lines[0].startswith("H|") or not lines[-1].startswith("T|"):
            self.note(
                "RECORDS",
                "berkas harus diawali baris H dan diakhiri baris T",
                "the file must start with an H line and end with a T line",
            )
            return []
        return lines

    def _head(self, fields: list[str]) -> list[str] | None:
        if not 9 <= len(fields) <= _H_FIELDS:
            self.note("HEADER", "baris H harus 9-12 kolom", "the H line must have 9-12 fields", 1)
            return None
        head = fields + [""] * (_H_FIELDS - len(fields))
        expected = {2: "1.0", 4: REGION, 7: "IDR"}
        sound = all(head[at] == value for at, value in expected.items())
        sound = sound and head[1] in SHAPES and is_day(head[5])
        sound = sound and re.fullmatch(r"[0-9]{3,6}", head[3]) is not None
        sound = sound and re.fullmatch(r"[0-9]{3,}", head[6]) is not None and int(head[6]) > 0
        sound = sound and _MOMENT.fullmatch(head[8]) is not None and head[11] in {"", "KOREKSI"}
        if not sound:
            self.note(
                "HEADER",
                "isi baris H salah: jenis, versi, bank, wilayah, tanggal, nomor, mata uang, "
                "waktu dibuat atau tanda koreksi",
                "the H line is wrong: kind, version, bank, region, date, number, currency, "
                "creation time or correction mark",
                1,
            )
            return None
        self._name(head)
        return head

    def _name(self, head: list[str]) -> None:
        found = NAME.fullmatch(self.name)
        stated = (head[3], head[1], head[5], head[6])
        if found is None or found.groups()[:4] != stated:
            self.note(
                "NAME",
                "nama berkas tidak sesuai dengan baris H",
                "the file's name does not agree with its H line",
            )
        elif (found.group(5) is not None) != (head[11] == "KOREKSI"):
            self.note(
                "NAME",
                "nama .v2 dan tanda KOREKSI di baris H harus ada bersama",
                "the name's .v2 and the KOREKSI mark in H belong together",
            )

    def _rows(self, shape: Shape, lines: list[str]) -> list[Mapping[str, str]]:
        rows: list[Mapping[str, str]] = []
        names = [column.name for column in shape.columns]
        for number, line in enumerate(lines, start=1):
            fields = line.split("|")
            if fields[0] != "D" or len(fields) != len(names) + 2:
                self.note(
                    "COLUMNS",
                    f"baris D harus {len(names) + 2} kolom",
                    f"a D line must have {len(names) + 2} fields",
                    number + 1,
                )
                continue
            if fields[1] != str(number):
                self.note(
                    "ORDINAL",
                    f"nomor urut harus {number}",
                    f"the row number must be {number}",
                    number + 1,
                )
            row = dict(zip(names, fields[2:], strict=True))
            self.problems.extend(row_problems(shape, row, number + 1))
            rows.append(row)
        return rows

    def _trailer(
        self, shape: Shape, rows: list[Mapping[str, str]], fields: list[str], content: bytes
    ) -> dict[str, int]:
        figures = fields[1:-1]
        if len(figures) != len(shape.totals) or not all(
            re.fullmatch(r"-?[0-9]{1,18}" if total.less else r"[0-9]{1,18}", figure)
            for total, figure in zip(shape.totals, figures, strict=False)
        ):
            self.note(
                "TRAILER",
                f"baris T harus {len(shape.totals)} angka dan satu sidik jari",
                f"the T line must have {len(shape.totals)} figures and one digest",
            )
            return {}
        totals = {
            total.name: int(figure) for total, figure in zip(shape.totals, figures, strict=True)
        }
        if not self.problems:
            self._compare(shape, rows, totals)
        body = content[: content.rindex(b"\nT|") + 1]
        if hashlib.sha256(body).hexdigest() != fields[-1]:
            self.note(
                "DIGEST",
                "sidik jari SHA-256 tidak sama dengan isi berkas",
                "the SHA-256 digest does not agree with the file",
            )
        return totals

    def _compare(
        self, shape: Shape, rows: list[Mapping[str, str]], totals: Mapping[str, int]
    ) -> None:
        for name, counted in add_up(shape, rows).items():
            if totals[name] != counted:
                self.note(
                    "TOTAL",
                    f"{name}: tertulis {totals[name]}, terhitung {counted}",
                    f"{name}: states {totals[name]}, counted {counted}",
                )
        if shape.kind == "POSISI":
            chain = totals["saldo_awal"] + totals["pencairan"] - totals["pokok_dibayar"]
            if chain != totals["saldo_akhir"]:
                self.note(
                    "TOTAL",
                    f"saldo_awal + pencairan - pokok_dibayar = {chain}, bukan saldo_akhir",
                    f"saldo_awal + pencairan - pokok_dibayar = {chain}, not saldo_akhir",
                )
