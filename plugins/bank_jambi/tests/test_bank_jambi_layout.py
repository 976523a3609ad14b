"""The city's standard, held against files written out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import gateway_bank_jambi
import pytest
from gateway_bank_jambi.settings import Settings
from marshmallow import ValidationError

from gateway.domain.files import OUTBOUND, FileKind, InboundFile
from gateway.domain.partners import Partner
from gateway.layouts import (
    identify_name,
    layout_problems,
    read_repayments,
    read_subsidy_claim,
)

PARTNER = Partner(code="bank_jambi", name="Bank Jambi", bank_code="115")
LAYOUTS = {layout.kind: layout for layout in gateway_bank_jambi.layouts()}

REPAYMENTS = b"""\
H|ANGSURAN|1.0|115|157100|20261030|001|IDR|20261030173000
D|1|BJM2610300001|20261030|20261030|0101099001|HARKAT-2026-000011|1|429166|416666|12500|0|4583334|1|0|A||ANGSURAN KE-1
D|2|BJM2610300002|20261030|20261030|0101099002|HARKAT-2026-000012|3|200000|187500|12500|0|3979168|2|21|A||BAYAR SEBAGIAN
D|3|BJM2610300003|20261030|20261030|0101099003|HARKAT-2026-000013|2|429166|416666|12500|0|4166668|1|0|A||ANGSURAN KE-2
D|4|BJM2610300004|20261030|20261030|0101099003|HARKAT-2026-000013|2|429166|416666|12500|0|4583334|1|0|R|BJM2610300003|KOREKSI SALAH REKENING
D|5|BJM2610300005|20261030|20261030|0101099009|||150000|150000|0|0||||A||REKENING TIDAK DIKENAL
T|5|1208332|429166|779166|88e0bab2888a60d553fc96bf5c1573857dce06e80f7d458625c126c42c56ff8a
"""  # noqa: E501 - the file as it stands in the agreement with the bank


def a_file(kind: FileKind, name: str, content: bytes) -> InboundFile:
    identity = identify_name(LAYOUTS[kind], PARTNER, name)
    assert identity is not None
    return InboundFile(name=name, content=content, identity=identity)


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_every_layout_is_sound(kind: FileKind) -> None:
    assert layout_problems(LAYOUTS[kind]) == []


def test_every_kind_of_the_standard_has_a_layout() -> None:
    assert set(LAYOUTS) == set(FileKind) - {FileKind.PERMINTAAN, FileKind.IDEB}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        *(("PENGAJUAN", 25), ("TANDATERIMA", 6), ("KEPUTUSAN", 11), ("PENCAIRAN", 12)),
        *(("JADWAL", 7), ("POSISI", 10), ("RINCIAN", 7), ("ANGSURAN", 18), ("SUBSIDI", 14)),
    ],
)
def test_a_row_has_as_many_fields_as_agreed(kind: str, fields: int) -> None:
    assert len(LAYOUTS[FileKind(kind)].detail) == fields


def test_the_agreed_repayment_file_is_read() -> None:
    file = a_file(FileKind.ANGSURAN, "115.157100.ANGSURAN.20261030.001.txt", REPAYMENTS)
    reading = read_repayments(LAYOUTS[FileKind.ANGSURAN], PARTNER, file)
    assert reading.defects == ()
    assert [row.signed_idr for row in reading.value.rows] == [
        429_166,
        200_000,
        429_166,
        -429_166,
        150_000,
    ]
    assert reading.value.stated_net_idr == 779_166
    assert reading.value.rows[4].value_on == date(2026, 10, 30)


def test_the_agreed_subsidy_file_is_read() -> None:
    name = "115.157100.SUBSIDI.20261009.001.txt"
    content = (Path(__file__).parent.parent / "samples" / name).read_bytes()
    file = a_file(FileKind.SUBSIDI, name, content)
    claim = read_subsidy_claim(LAYOUTS[FileKind.SUBSIDI], PARTNER, file).value
    assert (claim.stated_total_idr, claim.period) == (27_870, "2026-09")


def test_outbound_and_inbound_names_are_told_apart() -> None:
    name = "115.157100.PENGAJUAN.20260803.001.txt"
    known = [kind for kind in LAYOUTS if identify_name(LAYOUTS[kind], PARTNER, name)]
    assert known == [FileKind.PENGAJUAN]
    assert set(known) <= OUTBOUND


@pytest.mark.parametrize(
    "raw", [{}, {"branch": "1"}, {"branch": "００１"}, {"branch": "001", "x": 1}]
)
def test_settings_are_a_branch_and_nothing_else(raw: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings().load(raw)
    assert Settings().load({"branch": "001"}) == {"branch": "001"}
