from __future__ import annotations

import dataclasses
import hashlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from gateway.domain.applications import (
    Applicant,
    Application,
    Business,
    Consent,
    GroupRole,
    Sex,
)
from gateway.domain.batches import Batch, ScreenedApplication
from gateway.domain.files import FileIdentity, FileKind, InboundFile
from gateway.errors import RuleError
from gateway.layouts import Layout, read_records, write_batch, write_records

if TYPE_CHECKING:
    from tests.layouts.conftest import StandardBank


def an_application(
    reference: str = "HRK2600000011",
    *,
    group: str = "",
    role: GroupRole | None = None,
    name: str = "Siti Contoh",
    amount_idr: int = 5_000_000,
    rt: str = "",
    purpose: str = "Menambah stok",
) -> Application:
    return Application(
        reference=reference,
        programme="bank_harkat",
        partner_code="bank_jambi",
        applicant=Applicant(
            national_id="1571074107900001",
            name=name,
            born_on=date(1990, 7, 1),
            sex=Sex.FEMALE,
            address="Jl. Contoh 1",
            kelurahan="15.71.07.1004",
            phone="+628120000001",
            rt=rt,
        ),
        business=Business(name="Warung Contoh"),
        amount_idr=amount_idr,
        tenor_months=12,
        purpose=purpose,
        received_on=date(2026, 7, 20),
        group_reference=group,
        group_role=role,
    )


def a_batch(*applications: Application) -> Batch:
    return Batch(
        reference="KJ-BATCH-000001",
        partner_code="bank_jambi",
        sequence=7,
        dated_on=date(2026, 8, 3),
        created_at=datetime(2026, 8, 3, 8, 30, tzinfo=UTC),
        items=tuple(ScreenedApplication(application=one) for one in applications),
    )


def written(bank: StandardBank, batch: Batch, **changes: object) -> list[str]:
    layout: Layout = dataclasses.replace(bank.layout(FileKind.PENGAJUAN), **changes)  # type: ignore[arg-type]  # any of its fields
    return write_batch(layout, bank.partner, batch).content.decode().splitlines()


def test_a_batch_is_written_to_the_letter(bank: StandardBank) -> None:
    application = an_application()
    full = dataclasses.replace(
        application,
        applicant=dataclasses.replace(application.applicant, business_id="1234567890123"),
        business=Business(
            name="Warung Contoh",
            kbli="47112",
            started_on=date(2019, 2, 28),
            monthly_turnover_idr=8_000_000,
        ),
        consent=Consent(given_on=date(2026, 7, 19), evidence="formulir"),
    )
    batch = dataclasses.replace(
        a_batch(),
        items=(
            ScreenedApplication(application=full, worst_collectability=2, data_period="202606"),
            ScreenedApplication(application=an_application("HRK2600000012")),
        ),
    )
    file = write_batch(bank.layout(FileKind.PENGAJUAN), bank.partner, batch)
    body = (
        b"H|PENGAJUAN|1.0|115|157100|20260803|007|IDR|20260803153000|KJ-BATCH-000001\n"
        b"D|1|HRK2600000011|bank_harkat|P|||1571074107900001|Siti Contoh|19900701|P|Jl. Contoh 1"
        b"|15.71.07.1004|+628120000001|1234567890123|47112|Warung Contoh|20190228|8000000|5000000"
        b"|12|Menambah stok|2|202606|20260719\n"
        b"D|2|HRK2600000012|bank_harkat|P|||1571074107900001|Siti Contoh|19900701|P|Jl. Contoh 1"
        b"|15.71.07.1004|+628120000001|||Warung Contoh|||5000000|12|Menambah stok|||\n"
    )
    assert file.name == "115.157100.PENGAJUAN.20260803.007.txt"
    assert file.content == body + b"T|2|10000000|%s\n" % hashlib.sha256(body).hexdigest().encode()


def test_a_group_stands_together_with_its_leader_first(bank: StandardBank) -> None:
    group = {"group": "BHT2600000009"}
    lines = written(
        bank,
        a_batch(
            an_application("BHT2600000001", role=GroupRole.MEMBER, **group),
            an_application("HRK2600000011"),
            an_application("BHT2600000003", role=GroupRole.LEADER, **group),
            an_application("BHT2600000002", role=GroupRole.MEMBER, **group),
        ),
    )
    rows = [line.split("|")[2:7:1] for line in lines[1:-1]]
    assert [(row[0], row[2], row[3], row[4]) for row in rows] == [
        ("BHT2600000003", "K", "BHT2600000009", "K"),
        ("BHT2600000001", "K", "BHT2600000009", "A"),
        ("BHT2600000002", "K", "BHT2600000009", "A"),
        ("HRK2600000011", "P", "", ""),
    ]


def test_the_moment_of_writing_is_given_in_whole_seconds_of_wib(bank: StandardBank) -> None:
    created_at = datetime(2026, 8, 3, 8, 30, 59, 999_999, tzinfo=UTC)
    batch = dataclasses.replace(a_batch(an_application()), created_at=created_at)
    assert "|20260803153059|" in written(bank, batch)[0]


def test_the_rt_goes_with_the_address(bank: StandardBank) -> None:
    line = written(bank, a_batch(an_application(rt="005")))[1]
    assert "|Jl. Contoh 1, RT 005|" in line


@pytest.mark.parametrize(
    ("application", "changes", "reason"),
    [
        (an_application(name="Siti|Contoh"), {}, "TEXT_SEPARATOR"),
        (an_application(name="Siti\nContoh"), {}, "TEXT_CONTROL"),
        (an_application(name="Siti 文"), {"encoding": "ascii"}, "TEXT_UNMAPPABLE"),
        (an_application(name=""), {}, "EMPTY"),
        (an_application("HRK26000000110000"), {}, "VALUE"),
        (an_application(amount_idr=0), {}, "VALUE"),
    ],
)
def test_what_the_banks_file_cannot_hold_is_refused_by_name(
    bank: StandardBank, application: Application, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(RuleError) as caught:
        written(bank, a_batch(application), **changes)
    assert caught.value.reason == reason
    text = caught.value.text("id") + caught.value.text("en")
    assert "Siti" not in text
    assert "D 1" in text


def test_letters_that_the_bank_lacks_become_their_likeness(bank: StandardBank) -> None:
    line = written(bank, a_batch(an_application(name="Siti Nuraéni")), encoding="ascii")[1]
    assert "|Siti Nuraeni|" in line


def test_a_correction_is_named_and_marked(bank: StandardBank) -> None:
    layout = bank.layout(FileKind.RINCIAN)
    file = write_records(
        layout, bank.partner, header={}, rows=[], on=date(2026, 10, 30), sequence=1, version=2
    )
    assert file.name.endswith(".001.v2.txt")
    assert file.content.splitlines()[0].endswith(b"|20261030000000|||KOREKSI")
    identity = FileIdentity(kind=layout.kind, sequence=1, dated_on=date(2026, 10, 30), version=2)
    inbound = InboundFile(name=file.name, content=file.content, identity=identity)
    assert read_records(layout, inbound, bank.partner).rows == ()


def test_the_same_batch_gives_the_same_bytes(bank: StandardBank) -> None:
    batch = a_batch(an_application())
    layout = bank.layout(FileKind.PENGAJUAN)
    assert write_batch(layout, bank.partner, batch) == write_batch(layout, bank.partner, batch)
