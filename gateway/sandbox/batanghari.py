"""BPR Batanghari's own format: fixed width, ASCII, CRLF, days as yyyymmdd."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from gateway.bankkit.answers import Row
from gateway.bankkit.heads import WIB, Head, Written
from gateway.bankkit.problems import KitError, Problem, trouble
from gateway.bankkit.shapes import SHAPES, add_up
from gateway.sandbox.dialects import Submission

NAME = re.compile(r"BTG(PJ|TT|KP|CR|AG)([0-9]{8})([0-9]{3})(?:\.v([2-9]))?\.TXT")
WORDS = {
    "PENGAJUAN": "PJ",
    "TANDATERIMA": "TT",
    "KEPUTUSAN": "KP",
    "PENCAIRAN": "CR",
    "ANGSURAN": "AG",
}
HEAD_WIDTHS = (1, 2, 6, 8, 3, 14, 35, 64)
TRAILERS = {
    "PENGAJUAN": (6, 17),
    "TANDATERIMA": (6, 6, 6),
    "KEPUTUSAN": (6, 17),
    "PENCAIRAN": (6, 17),
    "ANGSURAN": (6, 17, 17, 17),
}
_NUMBER = "#"


def _columns(text: str) -> tuple[tuple[str, int, bool], ...]:
    """Columns from ``name:width`` words; a ``#`` after the width marks a number."""
    made = []
    for word in text.split():
        name, _, width = word.partition(":")
        made.append((name, int(width.removesuffix(_NUMBER)), width.endswith(_NUMBER)))
    return tuple(made)


COLUMNS: Mapping[str, tuple[tuple[str, int, bool], ...]] = {
    "PENGAJUAN": _columns(
        "ref_pengajuan:16 program:12 jenis:1 ref_kelompok:16 peran:1 nik:16 nama:40 tgl_lahir:8 "
        "jk:1 alamat:60 kelurahan:13 no_hp:15 nama_usaha:40 plafon_diajukan:15# tenor_bulan:3# "
        "tujuan:40 kualitas_terburuk:1 posisi_slik:6 tgl_persetujuan:8"
    ),
    "TANDATERIMA": _columns("ref_pengajuan:16 status:1 kode_alasan:6 keterangan:60"),
    "KEPUTUSAN": _columns(
        "ref_pengajuan:16 status:1 plafon_disetujui:15# tenor_bulan:3# metode:1 "
        "suku_bunga_bps:5# tgl_keputusan:8 kode_alasan:6 keterangan:60"
    ),
    "PENCAIRAN": _columns(
        "ref_bank:20 ref_pengajuan:16 no_rekening:20 tgl_cair:8 nominal:15# tenor_bulan:3# "
        "metode:1 suku_bunga_bps:5# tgl_angsuran_pertama:8 keterangan:40"
    ),
    "ANGSURAN": _columns(
        "ref_bank:20 tgl_transaksi:8 tgl_valuta:8 no_rekening:20 ref_pengajuan:35 angsuran_ke:3# "
        "nominal:15# pokok:15# bunga:15# denda:15# baki_debet_setelah:15# kualitas:1 "
        "hari_tunggakan:4# jenis:1 ref_asal:20 keterangan:40"
    ),
}
_METHODS = {"FLAT": "F", "ANUITAS": "A", "MENURUN": "M"}
CODES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("TANDATERIMA", "status"): {"T": "1", "K": "0"},
    ("KEPUTUSAN", "status"): {"S": "1", "T": "0"},
    ("KEPUTUSAN", "metode"): _METHODS,
    ("PENCAIRAN", "metode"): _METHODS,
}


class BatanghariDialect:
    """Writes answers and reads applications the way BPR Batanghari does."""

    kinds = frozenset(WORDS) - {"PENGAJUAN"}

    def write(
        self, head: Head, rows: Sequence[Row], stated: Mapping[str, int] | None = None
    ) -> Written:
        """A finished file; totals follow from the rows."""
        word = WORDS[head.kind]
        created = f"{head.written_at.astimezone(WIB):%Y%m%d%H%M%S}"
        head_values = ["0", word, head.bank_code, head.day, f"{head.sequence:03d}", created]
        head_values += [head.batch_id, head.extra]
        lines = ["".join(value.ljust(w) for value, w in zip(head_values, HEAD_WIDTHS, strict=True))]
        for number, row in enumerate(rows, start=1):
            shown = [
                _shown(head.kind, column, row.get(column[0], "")) for column in COLUMNS[head.kind]
            ]
            lines.append("".join([f"1{number:06d}", *shown]))
        body = "".join(f"{line}\r\n" for line in lines).encode("ascii")
        sums = _totals(head.kind, rows) | dict(stated or {})
        figures = [
            str(figure).zfill(width)
            for figure, width in zip(sums.values(), TRAILERS[head.kind], strict=True)
        ]
        last = "".join(["9", *figures, hashlib.sha256(body).hexdigest(), "\r\n"])
        version = f".v{head.version}" if head.version > 1 else ""
        name = f"BTG{word}{head.day}{head.sequence:03d}{version}.TXT"
        return Written(name=name, content=body + last.encode("ascii"))

    def is_submission(self, name: str) -> bool:
        """Whether this is a PJ file's name."""
        found = NAME.fullmatch(name)
        return found is not None and found.group(1) == "PJ"

    def read_submission(self, name: str, content: bytes) -> Submission:
        """The applications of a PJ file."""
        problems = self.check(name, content)
        if problems:
            raise KitError(problems)
        lines = content.decode("ascii").split("\r\n")[:-1]
        return Submission(
            batch_id=lines[0][34:69].rstrip(),
            rows=tuple(_row("PENGAJUAN", line) for line in lines[1:-1]),
        )

    def check(self, name: str, content: bytes) -> tuple[Problem, ...]:
        """The first thing that is wrong with a file, if any."""
        try:
            _check(name, content)
        except KitError as error:
            return error.problems
        return ()


def _shown(kind: str, column: tuple[str, int, bool], value: str) -> str:
    """One value at its width: numbers zero-filled, text and anything empty space-filled."""
    name, width, is_number = column
    text = CODES.get((kind, name), {}).get(value, value)
    text = text.zfill(width) if is_number and text else text.ljust(width)
    if len(text) != width or not text.isascii():
        raise trouble("WIDTH", f"kolom {name}: tidak muat", f"column {name}: does not fit")
    return text


def _row(kind: str, line: str) -> Row:
    """The values of a line in the city's writing."""
    row, at = {}, 7
    for name, width, is_number in COLUMNS[kind]:
        value = line[at : at + width].rstrip(" ")
        back = {shown: code for code, shown in CODES.get((kind, name), {}).items()}
        row[name] = str(int(value)) if is_number and value else back.get(value, value)
        at += width
    return row


def _totals(kind: str, rows: Sequence[Row]) -> dict[str, int]:
    columns = [column.name for column in SHAPES[kind].columns]
    return add_up(SHAPES[kind], [{name: row.get(name, "") for name in columns} for row in rows])


def _check(name: str, content: bytes) -> None:
    found = NAME.fullmatch(name)
    if not found or not content.isascii() or not content.endswith(b"\r\n"):
        raise trouble("NAME", "nama atau bentuk berkas salah", "wrong name or shape of file")
    kind = {word: kind for kind, word in WORDS.items()}[found.group(1)]
    lines = content.decode("ascii").split("\r\n")[:-1]
    stated = f"0{found.group(1)}"
    if len(lines) < 2 or len(lines[0]) != sum(HEAD_WIDTHS) or not lines[0].startswith(stated):
        raise trouble("HEADER", "baris kepala salah", "wrong header line", 1)
    if lines[0][9:20] != found.group(2) + found.group(3):
        raise trouble("HEADER", "tanggal atau nomor salah", "wrong day or number", 1)
    width = 7 + sum(width for _, width, _ in COLUMNS[kind])
    for number, line in enumerate(lines[1:-1], start=1):
        if len(line) != width or not line.startswith(f"1{number:06d}"):
            raise trouble("COLUMNS", "panjang atau urut salah", "wrong width or number", number + 1)
    rows = [_row(kind, line) for line in lines[1:-1]]
    figures = [
        str(figure).zfill(width)
        for figure, width in zip(_totals(kind, rows).values(), TRAILERS[kind], strict=True)
    ]
    if not lines[-1].startswith("".join(["9", *figures])):
        raise trouble("TOTAL", "baris penutup tidak cocok", "the trailer disagrees")
    body = content[: content.rindex(b"\r\n9") + 2]
    if hashlib.sha256(body).hexdigest() != lines[-1][-64:]:
        raise trouble("DIGEST", "sidik jari tidak cocok", "the digest disagrees")
