"""A new bank: three kinds of file described as data, which the gateway reads and writes."""

from __future__ import annotations

from collections.abc import Mapping

FILES: Mapping[str, str] = {
    "$package/__init__.py": '''\
"""$title: its files are described as data, so the gateway itself reads and writes them."""

from __future__ import annotations

from marshmallow import Schema

from gateway import hookimpl
from gateway.layouts import Layout
from $package.layout import make_layouts
from $package.settings import Settings


@hookimpl
def settings_schema() -> type[Schema]:
    """What a partner's file may set."""
    return Settings


@hookimpl
def layouts() -> list[Layout]:
    """One layout for each kind of file."""
    return make_layouts()
''',
    "$package/layout.py": '''\
"""$title's files as data: which of the city's words stand where."""

from __future__ import annotations

from gateway.domain.files import FileKind
from gateway.layouts import (
    Layout,
    detail_words,
    header_words,
    pick,
    tag,
    totals_for,
    trailer_words,
)

NAME = "{bank}.{region}.{kind}.{date}.{seq}{version}.txt"
HEADER = (
    "jenis_berkas",
    "versi",
    "kode_bank",
    "kode_wilayah",
    "tanggal",
    "seq",
    "valuta",
    "dibuat",
    "batch_id",
    "khusus",
    "koreksi",
)
ROWS: dict[FileKind, tuple[str, ...]] = {
    FileKind.PENGAJUAN: (
        "ref_pengajuan",
        "program",
        "jenis",
        "ref_kelompok",
        "peran",
        "nik",
        "nama",
        "tgl_lahir",
        "alamat",
        "no_hp",
        "plafon_diajukan",
        "tenor_bulan",
        "tujuan",
    ),
    FileKind.TANDATERIMA: ("ref_pengajuan", "status", "kode_alasan", "keterangan"),
    FileKind.KEPUTUSAN: (
        "ref_pengajuan",
        "status",
        "plafon_disetujui",
        "tenor_bulan",
        "metode",
        "suku_bunga_bps",
        "tgl_keputusan",
        "kode_alasan",
        "keterangan",
    ),
}
FIGURES: dict[FileKind, tuple[str, ...]] = {
    FileKind.PENGAJUAN: ("jumlah", "total_plafon"),
    FileKind.TANDATERIMA: ("jumlah", "terima", "tolak"),
    FileKind.KEPUTUSAN: ("jumlah", "total_disetujui"),
}


def make_layouts() -> list[Layout]:
    """One layout for each kind of file that is exchanged."""
    return [_make_layout(kind) for kind in ROWS]


def _make_layout(kind: FileKind) -> Layout:
    figures = FIGURES[kind]
    return Layout(
        kind=kind,
        name=NAME,
        header=(tag("H"), *pick(header_words(kind), *HEADER)),
        detail=(tag("D"), *pick(detail_words(kind), "urut", *ROWS[kind])),
        trailer=(tag("T"), *pick(trailer_words(kind), *figures, "sha256")),
        totals=totals_for(kind, figures),
    )
''',
}

_FRAME = "1.0|$bank_code|157100|20260804|001|IDR|20260804090000"
_DECIDED = {"tenor_months": 12, "method": "FLAT", "rate_bps": 300}
_UNDECIDED = {"tenor_months": None, "method": None, "rate_bps": None}


def _decision(line: int, reference: str, **changes: object) -> dict[str, object]:
    plain = {
        "application_reference": reference,
        "approved": True,
        "approved_idr": 5_000_000,
        **_DECIDED,
        "decided_on": "2026-08-04",
        "reason_code": "",
        "reason": "",
        "line": line,
    }
    return plain | changes


def _identity(kind: str) -> dict[str, object]:
    return {"kind": kind, "sequence": 1, "dated_on": "2026-08-04", "version": 1}


SAMPLES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "$bank_code.157100.TANDATERIMA.20260804.001.txt": (
        f"H|TANDATERIMA|{_FRAME}|BATCH-2026-000001|{'0' * 64}\n"
        "D|1|HRK2600000001|T||\n"
        "D|2|HRK2600000002|K|07|BERKAS TIDAK LENGKAP\n"
        "T|2|1|1|",
        {
            "identity": _identity("TANDATERIMA"),
            "value": {
                "batch_reference": "BATCH-2026-000001",
                "received_sha256": "0" * 64,
                "accepted": ["HRK2600000001"],
                "rejected": [
                    {
                        "application_reference": "HRK2600000002",
                        "reason_code": "07",
                        "reason": "BERKAS TIDAK LENGKAP",
                    }
                ],
            },
            "defects": [],
        },
    ),
    "$bank_code.157100.KEPUTUSAN.20260804.001.txt": (
        f"H|KEPUTUSAN|{_FRAME}\n"
        "D|1|HRK2600000001|S|5000000|12|FLAT|300|20260804||\n"
        "D|2|HRK2600000003|T|0||||20260804|12|USAHA BELUM CUKUP LAMA\n"
        "T|2|5000000|",
        {
            "identity": _identity("KEPUTUSAN"),
            "value": [
                _decision(2, "HRK2600000001"),
                _decision(
                    3,
                    "HRK2600000003",
                    approved=False,
                    approved_idr=0,
                    **_UNDECIDED,
                    reason_code="12",
                    reason="USAHA BELUM CUKUP LAMA",
                ),
            ],
            "defects": [],
        },
    ),
}
