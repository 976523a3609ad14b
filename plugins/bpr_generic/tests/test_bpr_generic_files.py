"""The demo banks' files, held against files written out by hand."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import gateway_bpr_generic
import pytest
from gateway_bpr_generic.settings import Settings

from gateway.domain.applications import Applicant, Application, Business, Sex
from gateway.domain.batches import Batch, ScreenedApplication
from gateway.domain.files import FileKind, InboundFile
from gateway.domain.partners import Partner
from gateway.errors import FileUnreadable, PartnerFileError, RuleError
from gateway.layouts import (
    Layout,
    Records,
    Row,
    identify_name,
    read_decisions,
    read_records,
    write_batch,
)

CONFIG = Path(__file__).parents[3] / "config" / "partners"
CREATED = datetime(2026, 8, 3, 8, 30, tzinfo=UTC)


def partner_of(code: str) -> Partner:
    raw = tomllib.loads((CONFIG / f"{code}.toml").read_text("utf-8"))
    return Partner(
        code=code,
        name=raw["name"],
        bank_code=raw["bank_code"],
        settings=Settings().load(raw["settings"]),
    )


def layout_of(partner: Partner, kind: FileKind) -> Layout:
    return next(one for one in gateway_bpr_generic.layouts(partner) if one.kind is kind)


def a_batch(name: str = "Siti Nuraéni", address: str = "Jl. Contoh; gang 1") -> Batch:
    application = Application(
        reference="HRK2600000011",
        programme="bank_harkat",
        partner_code="bpr",
        applicant=Applicant(
            national_id="1571074107900001",
            name=name,
            born_on=date(1990, 7, 1),
            sex=Sex.FEMALE,
            address=address,
            kelurahan="15.71.07.1004",
            phone="+628120000001",
        ),
        business=Business(name="Warung Contoh"),
        amount_idr=5_000_000,
        tenor_months=12,
        purpose="Menambah stok",
        received_on=date(2026, 7, 20),
    )
    item = ScreenedApplication(
        application=application, worst_collectability=1, data_period="202606"
    )
    return Batch(
        reference="KJ-BATCH-000001",
        partner_code="bpr",
        sequence=7,
        dated_on=date(2026, 8, 3),
        created_at=CREATED,
        items=(item,),
    )


def write(code: str, batch: Batch) -> tuple[str, bytes]:
    partner = partner_of(code)
    file = write_batch(layout_of(partner, FileKind.PENGAJUAN), partner, batch)
    return file.name, file.content


def test_a_batch_for_kenali_is_csv_with_headings() -> None:
    name, content = write("bpr_kenali", a_batch())
    body = (
        "KENALI;PERMOHONAN;600101;03/08/2026;0007;03/08/2026 15:30:00;KJ-BATCH-000001;\n"
        "NO;REF;PROGRAM;JENIS;REF_KELOMPOK;PERAN;NIK;NAMA;TGL_LAHIR;JK;ALAMAT;KELURAHAN;HP;"
        "NAMA_USAHA;PLAFON;TENOR;TUJUAN;KOL_TERBURUK;POSISI_SLIK;TGL_PERSETUJUAN\n"
        "1;HRK2600000011;bank_harkat;P;;;1571074107900001;Siti Nuraéni;01/07/1990;P;"
        "Jl. Contoh, gang 1;15.71.07.1004;+628120000001;Warung Contoh;5000000;12;Menambah stok;1;"
        "202606;\n"
    ).encode()
    assert name == "KENALI_PERMOHONAN_20260803_0007.csv"
    assert content == body + b"JUMLAH;1;5000000;%s\n" % hashlib.sha256(body).hexdigest().encode()


def test_a_batch_for_batanghari_is_fixed_width_ascii() -> None:
    name, content = write("bpr_batanghari", a_batch(address="Jl. " + "Panjang " * 20))
    head, row, trailer, rest = content.split(b"\r\n")
    assert name == "BTGPJ20260803007.TXT"
    assert rest == b""
    assert head == (
        b"0PJ6002022026080300720260803153000" + b"KJ-BATCH-000001".ljust(35) + b" " * 64
    )
    assert len(row) == 1 + 6 + 16 + 12 + 1 + 16 + 1 + 16 + 40 + 8 + 1 + 60 + 13 + 15 + 40 + 15 + (
        3 + 40 + 1 + 6 + 8
    )
    assert row.startswith(b"1000001HRK2600000011   bank_harkat P" + b" " * 17 + b"1571074107900001")
    assert b"Siti Nuraeni".ljust(40) + b"19900701P" + b"Jl. Panjang " in row
    assert b"000000005000000012Menambah stok" in row
    body = content[: content.index(b"9000001")]
    assert trailer == (b"900000100000000005000000" + hashlib.sha256(body).hexdigest().encode())


def test_a_letter_that_batanghari_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(RuleError) as caught:
        write("bpr_batanghari", a_batch(name="Siti 文"))
    assert caught.value.reason == "TEXT_UNMAPPABLE"


def test_the_same_decision_is_read_from_both_banks() -> None:
    said = []
    for code, name in (
        ("bpr_kenali", "KENALI_KEPUTUSAN_20260820_0001.csv"),
        ("bpr_batanghari", "BTGKP20260820001.TXT"),
    ):
        partner = partner_of(code)
        layout = layout_of(partner, FileKind.KEPUTUSAN)
        content = (Path(__file__).parent.parent / "samples" / code / name).read_bytes()
        identity = identify_name(layout, partner, name)
        assert identity is not None
        file = InboundFile(name=name, content=content, identity=identity)
        decisions = read_decisions(layout, partner, file).value
        said.append(
            [(one.application_reference, one.approved_idr, one.rate_bps) for one in decisions]
        )
    assert said[0] == said[1]
    assert said[0][0] == ("HRK2600000011", 5_000_000, 300)


def read_changed(code: str, name: str, old: bytes, new: bytes) -> Records[Row]:
    """Read a sample with one thing changed and its digest made right again."""
    content = (Path(__file__).parent.parent / "samples" / code / name).read_bytes()
    assert old in content
    content = content.replace(old, new, 1)
    end = b"\r\n" if content.endswith(b"\r\n") else b"\n"
    body = content[: content.rindex(end, 0, -1) + len(end)]
    figures = content[len(body) : -64 - len(end)]
    content = body + figures + hashlib.sha256(body).hexdigest().encode() + end
    partner = partner_of(code)
    layout = next(
        one for one in gateway_bpr_generic.layouts(partner) if identify_name(one, partner, name)
    )
    identity = identify_name(layout, partner, name)
    assert identity is not None
    return read_records(layout, InboundFile(name=name, content=content, identity=identity), partner)


KENALI = ("bpr_kenali", "KENALI_REALISASI_20260831_0001.csv")
BATANGHARI = ("bpr_batanghari", "BTGCR20260831001.TXT")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"NO;NO_BUKTI;REF", b"NO;REF;NO_BUKTI", "HEADINGS"),
        (b"KETERANGAN\n", b"KETERANGAN;\n", "HEADINGS"),
        (b"NO;NO_BUKTI", b"no;NO_BUKTI", "HEADINGS"),
        (b"KENALI;REALISASI;600101", b"KENALI;REALISASI;600102", "NOT_THIS_PARTNER"),
        (b"\n2;", b"\nJUMLAH;", "RECORD_REPEATED"),
        (b"\n2;", b"\n\n2;", "F_CONTROL"),
    ],
)
def test_a_csv_file_with_another_frame_is_refused(old: bytes, new: bytes, reason: str) -> None:
    with pytest.raises(PartnerFileError) as caught:
        read_changed(*KENALI, old, new)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        (b"000000005000000", b"5000000        ", "nominal"),
        (b"000000005000000", b"        5000000", "nominal"),
        (b"000000005000000", b"00000000500000x", "nominal"),
        (b"000000005000000", b"-00000005000000", "nominal"),
        (b"000000005000000", b"000000000000000", "nominal"),
        (b"20260831000", b"2026083 000", "tgl_cair"),
        (b"012F", b"  FF", "tenor_bulan"),
        (b"012F", b"012X", "metode"),
    ],
)
def test_a_number_of_a_fixed_width_file_is_filled_with_zeros(
    old: bytes, new: bytes, column: str
) -> None:
    records = read_changed(*BATANGHARI, old, new)
    assert [defect.column for defect in records.defects] == [column]


def test_a_fixed_width_line_of_another_length_is_a_broken_row() -> None:
    records = read_changed(*BATANGHARI, b"Kelompok  ", b"Kelompok ")
    assert [defect.line for defect in records.defects] == [3]
    assert "143 are agreed" in records.defects[0].message_en


def test_a_fixed_width_header_of_another_length_is_refused() -> None:
    with pytest.raises(FileUnreadable) as caught:
        read_changed(*BATANGHARI, b" \r\n", b"\r\n")
    assert (caught.value.reason, caught.value.line) == ("HEADER", 1)
