"""BPR Kenali's own format: CSV with semicolons, headings, days as dd/mm/yyyy."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from gateway.bankkit.answers import Row
from gateway.bankkit.heads import WIB, Head, Written
from gateway.bankkit.problems import KitError, Problem, trouble
from gateway.bankkit.shapes import SHAPES, add_up, is_day
from gateway.sandbox.dialects import Submission

NAME = re.compile(r"KENALI_([A-Z]+)_([0-9]{8})_([0-9]{4})(?:\.v([2-9]))?\.csv")
WORDS = {
    "PENGAJUAN": "PERMOHONAN",
    "TANDATERIMA": "TERIMA",
    "KEPUTUSAN": "KEPUTUSAN",
    "PENCAIRAN": "REALISASI",
    "ANGSURAN": "BAYAR",
}


def _columns(text: str) -> tuple[tuple[str, str], ...]:
    """Columns from ``HEADING=name`` words."""
    return tuple((heading, name) for heading, _, name in (w.partition("=") for w in text.split()))


COLUMNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "PENGAJUAN": _columns(
        "REF=ref_pengajuan PROGRAM=program JENIS=jenis REF_KELOMPOK=ref_kelompok PERAN=peran "
        "NIK=nik NAMA=nama TGL_LAHIR=tgl_lahir JK=jk ALAMAT=alamat KELURAHAN=kelurahan "
        "HP=no_hp NAMA_USAHA=nama_usaha PLAFON=plafon_diajukan TENOR=tenor_bulan "
        "TUJUAN=tujuan KOL_TERBURUK=kualitas_terburuk POSISI_SLIK=posisi_slik "
        "TGL_PERSETUJUAN=tgl_persetujuan"
    ),
    "TANDATERIMA": _columns(
        "REF=ref_pengajuan STATUS=status KODE=kode_alasan KETERANGAN=keterangan"
    ),
    "KEPUTUSAN": _columns(
        "REF=ref_pengajuan KEPUTUSAN=status PLAFON=plafon_disetujui TENOR=tenor_bulan "
        "METODE=metode BUNGA=suku_bunga_bps TANGGAL=tgl_keputusan KODE=kode_alasan "
        "KETERANGAN=keterangan"
    ),
    "PENCAIRAN": _columns(
        "NO_BUKTI=ref_bank REF=ref_pengajuan REKENING=no_rekening TGL_CAIR=tgl_cair "
        "NOMINAL=nominal TENOR=tenor_bulan METODE=metode BUNGA=suku_bunga_bps "
        "TGL_ANGSURAN_1=tgl_angsuran_pertama KETERANGAN=keterangan"
    ),
    "ANGSURAN": _columns(
        "NO_BUKTI=ref_bank TGL_TRANSAKSI=tgl_transaksi TGL_VALUTA=tgl_valuta "
        "REKENING=no_rekening REF=ref_pengajuan ANGSURAN_KE=angsuran_ke NOMINAL=nominal "
        "POKOK=pokok BUNGA=bunga DENDA=denda SISA_POKOK=baki_debet_setelah KOL=kualitas "
        "HARI=hari_tunggakan JENIS=jenis BUKTI_ASAL=ref_asal KETERANGAN=keterangan"
    ),
}
CODES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("TANDATERIMA", "status"): {"T": "DITERIMA", "K": "DITOLAK"},
    ("KEPUTUSAN", "status"): {"S": "SETUJU", "T": "TOLAK"},
    ("KEPUTUSAN", "metode"): {"FLAT": "F", "ANUITAS": "A", "MENURUN": "M"},
    ("PENCAIRAN", "metode"): {"FLAT": "F", "ANUITAS": "A", "MENURUN": "M"},
    ("ANGSURAN", "jenis"): {"A": "BAYAR", "P": "LUNAS", "R": "KOREKSI"},
}


class KenaliDialect:
    """Writes answers and reads applications the way BPR Kenali does."""

    kinds = frozenset(WORDS) - {"PENGAJUAN"}

    def write(
        self, head: Head, rows: Sequence[Row], stated: Mapping[str, int] | None = None
    ) -> Written:
        """A finished file; totals follow from the rows."""
        word, day = WORDS[head.kind], head.day
        first = f"KENALI;{word};{head.bank_code};{_spaced(day)};{head.sequence:04d}"
        first += f";{head.written_at.astimezone(WIB):%d/%m/%Y %H:%M:%S};{head.batch_id}"
        lines = [f"{first};{head.extra}"]
        lines.append(";".join(["NO", *(heading for heading, _ in COLUMNS[head.kind])]))
        for number, row in enumerate(rows, start=1):
            values = [_shown(head.kind, name, row.get(name, "")) for _, name in COLUMNS[head.kind]]
            lines.append(";".join([str(number), *values]))
        body = "".join(f"{line}\n" for line in lines).encode()
        figures = _totals(head.kind, rows) | dict(stated or {})
        last = ";".join(["JUMLAH", *map(str, figures.values()), hashlib.sha256(body).hexdigest()])
        version = f".v{head.version}" if head.version > 1 else ""
        name = f"KENALI_{word}_{day}_{head.sequence:04d}{version}.csv"
        return Written(name=name, content=body + last.encode() + b"\n")

    def is_submission(self, name: str) -> bool:
        """Whether this is a PERMOHONAN file's name."""
        found = NAME.fullmatch(name)
        return found is not None and found.group(1) == "PERMOHONAN"

    def read_submission(self, name: str, content: bytes) -> Submission:
        """The applications of a PERMOHONAN file."""
        problems = self.check(name, content)
        if problems:
            raise KitError(problems)
        lines = content.decode().splitlines()
        return Submission(
            batch_id=lines[0].split(";")[6],
            rows=tuple(_row("PENGAJUAN", line.split(";")) for line in lines[2:-1]),
        )

    def check(self, name: str, content: bytes) -> tuple[Problem, ...]:
        """The first thing that is wrong with a file, if any."""
        try:
            _check(name, content)
        except KitError as error:
            return error.problems
        return ()


def _spaced(day: str) -> str:
    return f"{day[6:]}/{day[4:6]}/{day[:4]}" if day else ""


def _bare(day: str) -> str:
    return f"{day[6:]}{day[3:5]}{day[:2]}" if day else ""


def _shown(kind: str, name: str, value: str) -> str:
    """One value as this bank writes it; a semicolon would start another column."""
    if name.startswith("tgl_"):
        return _spaced(value)
    if name == "suku_bunga_bps" and value:
        return f"{int(value) // 100}.{int(value) % 100:02d}"
    return CODES.get((kind, name), {}).get(value, value).replace(";", ",")


def _read(kind: str, name: str, value: str) -> str:
    """One value back in the city's writing."""
    if name.startswith("tgl_"):
        return _bare(value)
    if name == "suku_bunga_bps" and value:
        return str(int(value.replace(".", "")))
    back = {shown: code for code, shown in CODES.get((kind, name), {}).items()}
    return back.get(value, value)


def _row(kind: str, fields: Sequence[str]) -> Row:
    names = [name for _, name in COLUMNS[kind]]
    return {name: _read(kind, name, value) for name, value in zip(names, fields[1:], strict=True)}


def _totals(kind: str, rows: Sequence[Row]) -> dict[str, int]:
    columns = [column.name for column in SHAPES[kind].columns]
    return add_up(SHAPES[kind], [{name: row.get(name, "") for name in columns} for row in rows])


def _check(name: str, content: bytes) -> None:
    found = NAME.fullmatch(name)
    kind = {word: kind for kind, word in WORDS.items()}.get(found.group(1) if found else "", "")
    if not found or not kind or not is_day(found.group(2)):
        raise trouble("NAME", "nama berkas salah", "wrong file name")
    try:
        lines = content.decode().removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise trouble("ENCODING", "berkas bukan UTF-8", "the file is not UTF-8") from error
    rows = _rows(kind, lines, (found.group(1), _spaced(found.group(2)), found.group(3)))
    last = lines[-1].split(";")
    if last[0] != "JUMLAH" or last[1:-1] != [str(sum_) for sum_ in _totals(kind, rows).values()]:
        raise trouble("TOTAL", "baris JUMLAH tidak cocok", "the JUMLAH line disagrees")
    body = content[: content.rindex(b"\nJUMLAH;") + 1]
    if hashlib.sha256(body).hexdigest() != last[-1]:
        raise trouble("DIGEST", "sidik jari tidak cocok", "the digest disagrees")


def _rows(kind: str, lines: Sequence[str], stated: tuple[str, str, str]) -> list[Row]:
    head = lines[0].split(";")
    if len(lines) < 3 or len(head) != 8 or head[:2] + head[3:5] != ["KENALI", *stated]:
        raise trouble("HEADER", "baris kepala salah", "wrong header line", 1)
    headings = ["NO", *(heading for heading, _ in COLUMNS[kind])]
    if lines[1].split(";") != headings:
        raise trouble("COLUMNS", "judul kolom salah", "wrong column headings", 2)
    rows = []
    for number, line in enumerate(lines[2:-1], start=1):
        fields = line.split(";")
        if len(fields) != len(headings) or fields[0] != str(number):
            raise trouble("COLUMNS", "kolom atau NO salah", "wrong columns or NO", number + 2)
        rows.append(_row(kind, fields))
    return rows
