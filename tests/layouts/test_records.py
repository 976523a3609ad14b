"""From records to the domain, kind by kind, with the laws that a single row must keep."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gateway import layouts as codec
from gateway.domain.batches import Rejection
from gateway.domain.files import FileKind, InboundFile, Reading
from gateway.domain.loans import InterestMethod, RepaymentStatement
from gateway.errors import FileUnreadable, TotalsDisagree, WrongAnswer

if TYPE_CHECKING:
    from tests.layouts.conftest import StandardBank

K = FileKind
SHA = "a" * 64


def test_a_receipt_parts_what_was_taken_from_what_was_rejected(bank: StandardBank) -> None:
    rows = ["HRK1|T||", "HRK2|K|D01|KTP tidak terbaca"]
    file = bank.file(K.TANDATERIMA, rows, "1|1", more=f"|BATCH-1|{SHA}")
    receipt = codec.read_acknowledgement(bank.layout(K.TANDATERIMA), bank.partner, file).value
    assert (receipt.batch_reference, receipt.received_sha256) == ("BATCH-1", SHA)
    assert receipt.accepted == ("HRK1",)
    assert receipt.rejected == (
        Rejection(application_reference="HRK2", reason_code="D01", reason="KTP tidak terbaca"),
    )


@pytest.mark.parametrize("more", ["", "|BATCH-1", "|BATCH-1|", f"||{SHA}", "|BATCH-1|xyz"])
def test_a_receipt_names_its_batch_and_what_was_received(bank: StandardBank, more: str) -> None:
    file = bank.file(K.TANDATERIMA, [], "0|0", more=more)
    with pytest.raises(FileUnreadable):
        codec.read_acknowledgement(bank.layout(K.TANDATERIMA), bank.partner, file)


def test_a_rejection_has_a_reason_and_an_application_one_answer(bank: StandardBank) -> None:
    rows = ["HRK1|K||tanpa kode", "HRK2|T||", "HRK2|K|D01|"]
    file = bank.file(K.TANDATERIMA, rows, "1|2", more=f"|BATCH-1|{SHA}")
    reading = codec.read_acknowledgement(bank.layout(K.TANDATERIMA), bank.partner, file)
    assert [(defect.line, defect.column) for defect in reading.defects] == [
        (2, "kode_alasan"),
        (4, "ref_pengajuan"),
    ]
    assert reading.value.accepted == ("HRK2",)


def read_decisions(bank: StandardBank, rows: list[str], total: str) -> Reading[tuple[object, ...]]:
    file = bank.file(K.KEPUTUSAN, rows, total)
    reading = codec.read_decisions(bank.layout(K.KEPUTUSAN), bank.partner, file)
    return Reading(value=reading.value, defects=reading.defects)


def test_a_decision_approves_an_amount_or_declines_with_a_reason(bank: StandardBank) -> None:
    rows = ["HRK1|S|5000000|12|ANUITAS|300|20261029||", "HRK2|T|0||||20261029|K02|Usaha baru"]
    file = bank.file(K.KEPUTUSAN, rows, "5000000")
    yes, no = codec.read_decisions(bank.layout(K.KEPUTUSAN), bank.partner, file).value
    assert (yes.approved, yes.approved_idr, yes.method) == (True, 5_000_000, InterestMethod.ANNUITY)
    assert (no.approved, no.approved_idr, no.reason_code) == (False, 0, "K02")
    assert (no.tenor_months, no.method, no.rate_bps, no.line) == (None, None, None, 3)


@pytest.mark.parametrize(
    ("row", "total", "column"),
    [
        ("HRK1|T|||||20261029||", "0", "kode_alasan"),
        ("HRK1|T|||||20261029| |", "0", "kode_alasan"),
        ("HRK1|T|5||||20261029|K01|", "0", "plafon_disetujui"),
        ("HRK1|S|0|12|FLAT|300|20261029||", "0", "plafon_disetujui"),
        ("HRK1|S||12|FLAT|300|20261029||", "0", "plafon_disetujui"),
        ("HRK1|S|5|12|BUNGA|300|20261029||", "5", "metode"),
        ("HRK1|S|5|0|FLAT|300|20261029||", "5", "tenor_bulan"),
        ("HRK1|S|5|12|FLAT|10001|20261029||", "5", "suku_bunga_bps"),
    ],
)
def test_a_decision_that_contradicts_itself_is_a_defect(
    bank: StandardBank, row: str, total: str, column: str
) -> None:
    reading = read_decisions(bank, [row], total)
    assert reading.value == ()
    assert [defect.column for defect in reading.defects] == [column]


def test_a_disbursement_is_read_and_precedes_its_first_instalment(bank: StandardBank) -> None:
    good = "B1|BHT2600000002|0101|20261029|15000000|12|FLAT|300|20261130|"
    bad = "B2|HRK2600000011|0102|20261029|5000000|12|FLAT|300|20261028|"
    file = bank.file(K.PENCAIRAN, [good, bad], "20000000")
    reading = codec.read_disbursements(bank.layout(K.PENCAIRAN), bank.partner, file)
    (loan,) = reading.value
    assert (loan.loan_number, loan.amount_idr, loan.rate_bps) == ("0101", 15_000_000, 300)
    assert (loan.disbursed_on, loan.first_due_on) == (date(2026, 10, 29), date(2026, 11, 30))
    (defect,) = reading.defects
    assert (defect.column, defect.amount_idr) == ("tgl_angsuran_pertama", 5_000_000)


def test_a_schedule_gives_every_instalment_once(bank: StandardBank) -> None:
    rows = ["0101|1|20261130|416666|12500", "0101|1|20261230|1|1", "0102|1|20261130|1|0"]
    file = bank.file(K.JADWAL, rows, "416668|12501")
    reading = codec.read_schedule(bank.layout(K.JADWAL), bank.partner, file)
    assert [(row.loan_number, row.instalment.amount_idr) for row in reading.value] == [
        ("0101", 429_166),
        ("0102", 1),
    ]
    assert [defect.line for defect in reading.defects] == [3]


def repayments(
    bank: StandardBank, rows: list[str], totals: str, more: str = ""
) -> Reading[RepaymentStatement]:
    file = bank.file(K.ANGSURAN, rows, totals, more=more)
    return codec.read_repayments(bank.layout(K.ANGSURAN), bank.partner, file)


def a_repayment(nominal: str, split: str = "||", kind: str = "A", day: str = "20261030") -> str:
    return f"B1|20261030|{day}|0101||1|{nominal}|{split}||||{kind}||"


def test_a_repayment_without_an_account_or_a_split_is_sound(bank: StandardBank) -> None:
    rows = ["|20261030|20261030||BHT2600000002||150000|||||||A||"]
    reading = repayments(bank, rows, "150000|0|150000")
    (row,) = reading.value.rows
    assert (row.bank_reference, row.loan_number, row.instalment_number) == ("", "", None)
    assert (row.principal_idr, row.interest_idr, row.penalty_idr) == (None, None, None)


def test_totals_are_copied_as_stated(bank: StandardBank) -> None:
    rows = [a_repayment("500"), a_repayment("200", kind="R"), a_repayment("50", kind="P")]
    statement = repayments(bank, rows, "550|200|350").value
    assert (statement.stated_in_idr, statement.stated_corrections_idr) == (550, 200)
    assert (statement.stated_net_idr, statement.stated_count) == (350, 3)


def test_the_period_is_the_month_of_the_file_unless_its_header_says_another(
    bank: StandardBank,
) -> None:
    assert repayments(bank, [], "0|0|0").value.period == "2026-10"
    assert repayments(bank, [], "0|0|0", more="||202609").value.period == "2026-09"


@pytest.mark.parametrize(
    "split",
    ["400|99|0", "400|100|1", "400||", "|100|", "||501"],
)
def test_a_split_that_does_not_sum_is_a_defect_whose_money_counts(
    bank: StandardBank, split: str
) -> None:
    reading = repayments(bank, [a_repayment("500", split)], "500|0|500")
    assert reading.value.rows == ()
    assert [defect.amount_idr for defect in reading.defects] == [500]
    assert reading.value.stated_count == 1


@pytest.mark.parametrize("split", ["400|100|0", "400|100|", "400|90|10", "||", "||500"])
def test_a_split_that_sums_is_read(bank: StandardBank, split: str) -> None:
    assert repayments(bank, [a_repayment("500", split)], "500|0|500").defects == ()


def amounts(bank: StandardBank, rows: list[str], totals: str) -> list[int | None]:
    return [defect.amount_idr for defect in repayments(bank, rows, totals).defects]


def test_an_unreadable_amount_is_what_the_trailer_leaves(bank: StandardBank) -> None:
    rows = [a_repayment("500"), a_repayment("1.000")]
    assert amounts(bank, rows, "1500|0|1500") == [1000]


def test_an_unreadable_reversal_takes_money_away(bank: StandardBank) -> None:
    rows = [a_repayment("500"), a_repayment("1.00", kind="R")]
    assert amounts(bank, rows, "500|100|400") == [-100]
    rows = [a_repayment("500"), a_repayment("100", kind="R", day="20261330")]
    assert amounts(bank, rows, "500|100|400") == [-100]


def test_a_row_of_unknown_type_has_the_sign_that_the_trailer_needs(bank: StandardBank) -> None:
    rows = [a_repayment("500"), a_repayment("100", kind="X")]
    assert amounts(bank, rows, "500|100|400") == [-100]
    assert amounts(bank, rows, "600|0|600") == [100]


def test_all_rows_read_or_not_always_sum_to_the_stated_net(bank: StandardBank) -> None:
    rows = [
        a_repayment("500"),
        a_repayment("x"),
        a_repayment("300", day="x"),
        a_repayment("y"),
        a_repayment("200", kind="R"),
        "short",
    ]
    reading = repayments(bank, rows, "2000|200|1800")
    parts = [defect.amount_idr for defect in reading.defects]
    assert parts == [1200, 300, 0, 0]
    read = sum(row.signed_idr for row in reading.value.rows)
    assert read + sum(part or 0 for part in parts) == reading.value.stated_net_idr


def test_shares_keep_the_reference_they_split(bank: StandardBank) -> None:
    rows = ["B1|BHT3|700|600|100", "B1|BHT4|0||", "B1|BHT5|300|100|100"]
    file = bank.file(K.RINCIAN, rows, "1000")
    reading = codec.read_shares(bank.layout(K.RINCIAN), bank.partner, file)
    assert [(row.application_reference, row.amount_idr) for row in reading.value] == [
        ("BHT3", 700),
        ("BHT4", 0),
    ]
    assert [defect.line for defect in reading.defects] == [4]


def positions(bank: StandardBank, totals: str, more: str = "||202610") -> InboundFile:
    rows = ["0101|HRK1|700|1|0|0|0|A", "0102||0|1|0|||L"]
    return bank.file(K.POSISI, rows, totals, more=more)


def test_positions_keep_the_chain_as_stated_even_when_it_breaks(bank: StandardBank) -> None:
    file = positions(bank, "9|9|9|700")
    statement = codec.read_positions(bank.layout(K.POSISI), bank.partner, file).value
    assert (statement.opening_idr, statement.closing_idr, statement.period) == (9, 700, "2026-10")
    assert [row.state for row in statement.rows] == ["A", "L"]


def test_positions_that_do_not_sum_to_the_closing_balance_are_refused(bank: StandardBank) -> None:
    with pytest.raises(TotalsDisagree) as caught:
        codec.read_positions(bank.layout(K.POSISI), bank.partner, positions(bank, "700|0|0|701"))
    assert (caught.value.reason, caught.value.column) == ("F_CONTROL", "saldo_akhir")


def test_positions_must_state_their_period(bank: StandardBank) -> None:
    file = positions(bank, "700|0|0|700", more="")
    with pytest.raises(FileUnreadable) as caught:
        codec.read_positions(bank.layout(K.POSISI), bank.partner, file)
    assert caught.value.column == "periode"


def test_a_loan_has_one_position(bank: StandardBank) -> None:
    rows = ["0101||700|1|0|||A", "0101||5|1|0|||A"]
    file = bank.file(K.POSISI, rows, "0|0|0|705", more="||202610")
    reading = codec.read_positions(bank.layout(K.POSISI), bank.partner, file)
    assert [defect.line for defect in reading.defects] == [3]


THIRDS = [
    f"HRK1|0101|4583334|{start}|{end}|{days}|7.00|360|{amount}|1|0|Y"
    for start, end, days, amount in (
        ("20261001", "20261013", 12, 10694),
        ("20261013", "20261025", 12, 10694),
        ("20261025", "20261101", 7, 6238),
    )
]


def subsidy(bank: StandardBank, rows: list[str], total: str) -> InboundFile:
    return bank.file(K.SUBSIDI, rows, total, more="||202610")


@pytest.mark.parametrize("total", ["27626", "27627"])
def test_a_claim_is_the_sum_of_rows_or_of_once_rounded_loans(
    bank: StandardBank, total: str
) -> None:
    file = subsidy(bank, THIRDS, total)
    claim = codec.read_subsidy_claim(bank.layout(K.SUBSIDI), bank.partner, file).value
    assert (claim.stated_total_idr, claim.period) == (int(total), "2026-10")
    assert (claim.lines[0].rate_bps, claim.lines[0].instalment_recorded) == (700, True)


@pytest.mark.parametrize("total", ["27625", "27628", "0"])
def test_another_claim_total_is_refused(bank: StandardBank, total: str) -> None:
    with pytest.raises(TotalsDisagree):
        codec.read_subsidy_claim(bank.layout(K.SUBSIDI), bank.partner, subsidy(bank, THIRDS, total))


def test_a_claim_for_no_days_is_a_defect(bank: StandardBank) -> None:
    row = "HRK1|0101|5000000|20261013|20261013|0|7.00|360|0|1|0|T"
    file = subsidy(bank, [row], "0")
    reading = codec.read_subsidy_claim(bank.layout(K.SUBSIDI), bank.partner, file)
    assert [(defect.column, defect.amount_idr) for defect in reading.defects] == [("sampai", 0)]


def test_a_layout_that_lacks_what_its_kind_must_tell_is_refused(bank: StandardBank) -> None:
    layout = bank.layout(K.RINCIAN)
    bare = dataclasses.replace(layout, detail=layout.detail[:3])
    with pytest.raises(WrongAnswer) as caught:
        codec.read_shares(bare, bank.partner, bank.file(K.RINCIAN, [], "0"))
    assert "nominal" in caught.value.message_en
