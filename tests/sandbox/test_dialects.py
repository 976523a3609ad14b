"""The two BPRs' own formats: exact bytes, and every damage found."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from gateway.bankkit.answers import (
    Entry,
    Terms,
    approval_row,
    decline_row,
    disbursement_row,
    receipt_row,
    repayment_row,
)
from gateway.bankkit.heads import WIB, Head, Written
from gateway.bankkit.problems import KitError
from gateway.sandbox.batanghari import BatanghariDialect
from gateway.sandbox.kenali import KenaliDialect
from tests.sandbox.pretend_city import some_rows

DAY = date(2026, 10, 30)
MOMENT = datetime(2026, 10, 30, 17, 30, tzinfo=WIB)
TERMS = Terms(amount_idr=5_000_000, tenor_months=12, method="FLAT", rate_bps=300)
ENTRY = Entry(
    ref_bank="KNL261030000001",
    booked_on=DAY,
    value_on=DAY,
    loan_number="101123456789",
    reference="HRK2600000011",
    instalment=1,
    amount_idr=429_166,
    principal_idr=416_666,
    interest_idr=12_500,
    penalty_idr=0,
    outstanding_idr=4_583_334,
    collectability=1,
    days_overdue=0,
    note="ANGSURAN KE-1",
)


def head(kind: str, bank_code: str, extra: str = "") -> Head:
    return Head(
        kind=kind,
        bank_code=bank_code,
        written_at=MOMENT,
        sequence=7,
        batch_id="KJ-1",
        extra=extra,
    )


def test_kenali_writes_its_csv_to_the_letter() -> None:
    written = KenaliDialect().write(head("ANGSURAN", "600101", "202610"), [repayment_row(ENTRY)])
    assert written.name == "KENALI_BAYAR_20261030_0007.csv"
    assert written.content.decode().split("\n")[:3] == [
        "KENALI;BAYAR;600101;30/10/2026;0007;30/10/2026 17:30:00;KJ-1;202610",
        "NO;NO_BUKTI;TGL_TRANSAKSI;TGL_VALUTA;REKENING;REF;ANGSURAN_KE;NOMINAL;POKOK;BUNGA;DENDA;"
        "SISA_POKOK;KOL;HARI;JENIS;BUKTI_ASAL;KETERANGAN",
        "1;KNL261030000001;30/10/2026;30/10/2026;101123456789;HRK2600000011;1;429166;416666;12500;"
        "0;4583334;1;0;BAYAR;;ANGSURAN KE-1",
    ]
    assert written.content.decode().split("\n")[3].startswith("JUMLAH;1;429166;0;429166;")


def test_kenali_writes_rates_in_per_cent_and_words_of_its_own() -> None:
    rows = [
        approval_row("HRK2600000011", TERMS, DAY),
        decline_row("HRK2600000012", DAY, "KAP", "x"),
    ]
    text = KenaliDialect().write(head("KEPUTUSAN", "600101"), rows).content.decode()
    assert "1;HRK2600000011;SETUJU;5000000;12;F;3.00;30/10/2026;;\n" in text
    assert "2;HRK2600000012;TOLAK;0;;;;30/10/2026;KAP;x\n" in text
    assert "JUMLAH;2;5000000;" in text


def test_batanghari_writes_fixed_widths() -> None:
    written = BatanghariDialect().write(
        head("ANGSURAN", "600202", "202610"), [repayment_row(ENTRY)]
    )
    assert written.name == "BTGAG20261030007.TXT"
    first, row, last, end = written.content.decode("ascii").split("\r\n")
    assert first == "0AG60020220261030007" + "20261030173000" + "KJ-1".ljust(35) + "202610".ljust(
        64
    )
    assert row == (
        "1000001" + "KNL261030000001".ljust(20) + "20261030" * 2 + "101123456789".ljust(20)
        + "HRK2600000011".ljust(35) + "001" + "000000000429166" + "000000000416666"
        + "000000000012500" + "0" * 15 + "000000004583334" + "1" + "0000" + "A" + " " * 20
        + "ANGSURAN KE-1".ljust(40)
    )  # fmt: skip
    assert last[:58] == "9000001" + f"{429166:017d}" + "0" * 17 + f"{429166:017d}"
    assert end == ""


def test_batanghari_leaves_empty_numbers_blank_and_refuses_what_does_not_fit() -> None:
    row = decline_row("HRK2600000012", DAY, "KAP", "Kemampuan bayar")
    text = BatanghariDialect().write(head("KEPUTUSAN", "600202"), [row]).content.decode()
    detail = text.split("\r\n")[1]
    assert detail[7:39] == "HRK2600000012   " + "0" + "0" * 15
    assert detail[39:48] == " " * 9
    with pytest.raises(KitError, match="WIDTH"):
        BatanghariDialect().write(
            head("TANDATERIMA", "600202"), [receipt_row("HRK1", reason_code="TOOLONG")]
        )


@pytest.mark.parametrize("dialect", [KenaliDialect(), BatanghariDialect()])
def test_what_is_written_is_read_back(dialect: KenaliDialect | BatanghariDialect) -> None:
    rows = some_rows(3, 2)
    written = dialect.write(head("PENGAJUAN", "600101"), rows)
    assert dialect.is_submission(written.name)
    submission = dialect.read_submission(written.name, written.content)
    assert submission.batch_id == "KJ-1"
    assert [dict(row) for row in submission.rows] == rows


def damaged(written: Written, before: bytes, after: bytes) -> bytes:
    assert before in written.content
    return written.content.replace(before, after, 1)


@pytest.mark.parametrize("dialect", [KenaliDialect(), BatanghariDialect()])
@pytest.mark.parametrize(
    ("before", "after"), [(b"12", b"13"), (b"HRK", b"HRX"), (b"\n", b"\n\n"), (b"KJ-1", b"KJ-2")]
)
def test_every_damage_is_found(
    dialect: KenaliDialect | BatanghariDialect, before: bytes, after: bytes
) -> None:
    bank = "600101" if isinstance(dialect, KenaliDialect) else "600202"
    days = (DAY, date(2026, 11, 28))
    row = disbursement_row("HRK2600000011", "101123456789", "KNL1", TERMS, days)
    written = dialect.write(head("PENCAIRAN", bank), [row])
    assert dialect.check(written.name, written.content) == ()
    assert dialect.check(written.name, damaged(written, before, after)) != ()
