from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.domain.files import FileKind, RowDefect
from gateway.domain.loans import (
    Decision,
    Instalment,
    InterestMethod,
    LoanPosition,
    MemberShare,
    PositionStatement,
    Repayment,
    RepaymentType,
)
from gateway.domain.states import LoanState
from gateway.errors import IllegalTransition, RuleError, StaleRecord, StoreError
from gateway.store import Store, Transaction, files, loans
from tests.store.builders import (
    BANK,
    NOW,
    a_disbursement,
    a_repayment,
    lend,
    receive,
    repay,
    some_instalments,
)

NUMBER = a_disbursement().loan_number


def paid_and_owed(store: Store) -> tuple[int, int]:
    with store.read() as tx:
        loan = loans.find_loan(tx, BANK, NUMBER)
    assert loan is not None
    return loan.paid_idr, loan.outstanding_idr


def paid_in(tx: Transaction, number: str = NUMBER) -> int:
    loan = loans.find_loan(tx, BANK, number)
    assert loan is not None
    return loan.paid_idr


def position(outstanding_idr: int, period: str, line: int = 2) -> PositionStatement:
    row = LoanPosition(
        line=line,
        loan_number=NUMBER,
        application_reference="HRK2600000001",
        outstanding_idr=outstanding_idr,
        collectability=1,
        days_overdue=0,
        principal_arrears_idr=0,
        interest_arrears_idr=0,
        state="A",
    )
    return PositionStatement(
        period=period,
        rows=(row,),
        opening_idr=0,
        disbursed_idr=1_200_000,
        principal_repaid_idr=1_200_000 - outstanding_idr,
        closing_idr=outstanding_idr,
    )


def test_a_loan_comes_back_with_its_instalments(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
    with store.read() as tx:
        loan = loans.find_loan(tx, BANK, NUMBER)
        assert loan is not None
        assert loans.find_loan_by_reference(tx, BANK, "HRK2600000001") == loan
        assert loans.list_loans(tx) == loans.list_loans(tx, BANK) == [loan]
        assert loans.list_loans(tx, "bpr_kenali") == []
        assert loans.find_loan(tx, "bpr_kenali", NUMBER) is None
        assert loans.list_instalments(tx, BANK, NUMBER) == some_instalments()
    assert (loan.principal_idr, loan.method) == (1_200_000, InterestMethod.FLAT)
    assert (loan.state, loan.disputed, loan.is_group) == (LoanState.ACTIVE, False, False)
    assert (loan.paid_idr, loan.outstanding_idr) == (0, 1_200_000)


@pytest.mark.parametrize(
    "changes", [{"loan_number": NUMBER}, {"application_reference": "HRK2600000001"}]
)
def test_a_loan_number_and_a_reference_belong_to_one_loan(
    store: Store, changes: dict[str, str]
) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
    with pytest.raises(StaleRecord), store.begin(NOW, "test") as tx:
        lend(tx, 2, **changes)
    with store.begin(NOW, "test") as tx:
        lend(tx, 3, loan_number=NUMBER, partner_code="bpr_kenali")


def test_the_banks_schedule_takes_the_place_of_ours(store: Store) -> None:
    own = [Instalment(number=1, due_on=date(2026, 9, 30), principal_idr=1_200_000, interest_idr=0)]
    with store.begin(NOW, "test") as tx:
        lend(tx)
        file_id = receive(tx, kind=FileKind.JADWAL)
        loans.replace_schedule(tx, BANK, NUMBER, own, file_id)
        assert loans.list_instalments(tx, BANK, NUMBER) == own
        with pytest.raises(RuleError):
            loans.replace_schedule(tx, BANK, "999", own, file_id)


def test_a_loan_ends_once(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
        loans.set_loan_state(tx, BANK, NUMBER, LoanState.REPAID)
        with pytest.raises(IllegalTransition):
            loans.set_loan_state(tx, BANK, NUMBER, LoanState.WRITTEN_OFF)


def test_paid_is_the_sum_of_rows_with_reversals_taken_off(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
        repay(
            tx,
            1,
            a_repayment(2),
            a_repayment(3, amount_idr=100_000, outstanding_idr=None),
            a_repayment(
                4,
                amount_idr=100_000,
                type=RepaymentType.REVERSAL,
                original_reference="TRX000003",
                outstanding_idr=800_000,
            ),
        )
        assert loans.count_repayments(tx) == 3
    assert paid_and_owed(store) == (403_000, 800_000)


def test_a_row_sent_twice_is_paid_once(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
        repay(tx, 1, a_repayment(2))
        repay(tx, 2, a_repayment(2), a_repayment(3, bank_reference=""))
    assert paid_and_owed(store)[0] == 806_000


def a_taking_back(line: int, original_reference: str, **changes: Any) -> Repayment:
    named = {"type": RepaymentType.REVERSAL, "original_reference": original_reference}
    return a_repayment(line, **named, **changes)


OTHER_NUMBER = a_disbursement(2).loan_number


def test_a_reversal_counts_only_against_a_row_of_its_own_loan(store: Store) -> None:
    rows = [
        a_repayment(11),
        a_repayment(12, loan_number=""),
        a_repayment(13, loan_number=OTHER_NUMBER),
        a_repayment(14, bank_reference=""),
    ]
    # The last one names itself.
    named = {"TRX000011": 1, "TRX000012": 1, "TRX000013": 0, "NONE": 0, "": 0, "TRX000025": 0}
    with store.begin(NOW, "test") as tx:
        lend(tx)
        lend(tx, 2)
        repay(tx, 1, *rows)
        for sequence, (original_reference, counts) in enumerate(named.items()):
            before = paid_in(tx)
            repay(tx, 2 + sequence, a_taking_back(20 + sequence, original_reference))
            assert before - paid_in(tx) == counts * 403_000, original_reference


def test_a_reversal_of_a_row_that_a_corrected_file_left_out_does_not_count(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
        repay(tx, 1, a_repayment(2), a_repayment(3))
        repay(tx, 1, a_repayment(2), version=2)
        repay(tx, 2, a_taking_back(4, "TRX000003"))
        assert paid_in(tx) == 403_000


OTHER_CONTENTS: list[dict[str, Any]] = [
    {"amount_idr": 402_999},
    {"value_on": date(2026, 9, 13)},
    {"booked_on": date(2026, 9, 15)},
    {"loan_number": OTHER_NUMBER},
    {"application_reference": ""},
    {"instalment_number": None},
    {"type": RepaymentType.PAYOFF},
    {"original_reference": "TRX000009"},
]


def test_one_bank_reference_with_two_contents_counts_for_neither(store: Store) -> None:
    rows = [a_repayment(n) for n in range(10, 10 + len(OTHER_CONTENTS))]
    others = [replace(row, **changes) for row, changes in zip(rows, OTHER_CONTENTS, strict=True)]
    backs = [a_taking_back(n, row.bank_reference) for n, row in enumerate(rows, 30)]
    with store.begin(NOW, "test") as tx:
        lend(tx)
        lend(tx, 2)
        repay(tx, 1, a_repayment(2), *rows)
        repay(tx, 2, *others)
        repay(tx, 3, *backs, period="2026-10")
        assert (paid_in(tx), paid_in(tx, OTHER_NUMBER)) == (403_000, 0)
        repay(tx, 2, *rows, version=2)
        assert paid_in(tx) == 403_000
        repay(tx, 3, version=2, period="2026-10")
        assert paid_in(tx) == 403_000 * (1 + len(rows))


def test_rows_without_a_bank_reference_are_never_in_conflict(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
        repay(tx, 1, *(a_repayment(n, bank_reference="", amount_idr=n) for n in (2, 3)))
        assert paid_in(tx) == 5


def test_money_without_a_known_number_belongs_to_the_loan_of_its_reference(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
        lend(tx, 2)
        repay(
            tx,
            1,
            a_repayment(2, loan_number=""),
            a_repayment(3, loan_number=a_disbursement(2).loan_number),
            a_repayment(4, loan_number="", application_reference=""),
        )
    assert paid_and_owed(store)[0] == 403_000


def test_the_bank_stated_balance_of_the_latest_day_holds(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
        repay(tx, 1, a_repayment(2, value_on=date(2026, 9, 20), outstanding_idr=700_000))
        repay(tx, 2, a_repayment(3, value_on=date(2026, 9, 14), outstanding_idr=800_000))
    assert paid_and_owed(store)[1] == 700_000
    with store.begin(NOW, "test") as tx:
        file_id = receive(tx, kind=FileKind.POSISI)
        loans.save_positions(tx, BANK, position(650_000, "2026-08"), file_id)
    assert paid_and_owed(store)[1] == 700_000
    with store.begin(NOW, "test") as tx:
        file_id = receive(tx, 2, kind=FileKind.POSISI)
        loans.save_positions(tx, BANK, position(600_000, "2026-09"), file_id)
    assert paid_and_owed(store)[1] == 600_000


def test_without_a_stated_balance_the_banks_split_tells_what_is_owed(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
        repay(tx, 1, a_repayment(2, outstanding_idr=None))
    assert paid_and_owed(store) == (403_000, 800_000)


def test_rows_of_a_replaced_file_count_no_more(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        lend(tx)
        repay(tx, 1, a_repayment(2), a_repayment(3))
        repay(tx, 1, a_repayment(2, amount_idr=400_000, outstanding_idr=790_000), version=2)
        assert loans.count_repayments(tx) == 1
    assert paid_and_owed(store) == (400_000, 790_000)


def test_a_row_is_kept_once_per_file_and_line_and_never_changes(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        file_id = repay(tx, 1, a_repayment(2))
    with pytest.raises(StaleRecord), store.begin(NOW, "test") as tx:
        loans.save_repayments(tx, BANK, "2026-09", [a_repayment(2)], file_id)
    for statement in ("UPDATE repayments SET amount_idr = 1", "DELETE FROM repayments"):
        with pytest.raises(StoreError) as refused, store.begin(NOW, "test") as tx:
            tx.conn.exec_driver_sql(statement)
        assert refused.value.reason == "APPEND_ONLY"


def a_decision(**changes: Any) -> Decision:
    whole: dict[str, Any] = {
        "application_reference": "HRK2600000001",
        "approved": True,
        "approved_idr": 5_000_000,
        "tenor_months": 12,
        "method": InterestMethod.ANNUITY,
        "rate_bps": 300,
        "decided_on": date(2026, 8, 10),
        "line": 2,
    }
    return Decision(**{**whole, **changes})


def test_the_newest_decision_holds(store: Store) -> None:
    declined = a_decision(
        approved=False,
        approved_idr=0,
        tenor_months=None,
        method=None,
        rate_bps=None,
        reason_code="KAP",
        reason="usaha SITI terlalu baru",
    )
    with store.begin(NOW, "test") as tx:
        assert loans.load_decision(tx, "HRK2600000001") is None
        loans.save_decision(tx, BANK, declined, receive(tx, 1, kind=FileKind.KEPUTUSAN))
        assert loans.load_decision(tx, "HRK2600000001") == declined
        loans.save_decision(tx, BANK, a_decision(), receive(tx, 2, kind=FileKind.KEPUTUSAN))
        assert loans.load_decision(tx, "HRK2600000001") == a_decision()


def rows_of(tx: Transaction, file_id: int) -> int:
    file = files.load_file(tx, file_id)
    assert file is not None
    return file.rows


def test_a_file_counts_the_rows_that_were_taken_from_it(store: Store) -> None:
    share = MemberShare(
        line=2,
        bank_reference="TRX000002",
        application_reference="HRK2600000001",
        amount_idr=100,
        principal_idr=None,
        interest_idr=None,
    )
    defect = RowDefect(line=3, column="nominal", message_en="1571990505850001?", message_id="salah")
    with store.begin(NOW, "test") as tx:
        repaid = repay(tx, 1, a_repayment(2), a_repayment(3))
        loans.save_row_defects(tx, repaid, [defect])
        shared = receive(tx, 1, kind=FileKind.RINCIAN)
        loans.save_shares(tx, BANK, [share], shared)
        assert (rows_of(tx, repaid), rows_of(tx, shared)) == (2, 1)
        kept = tx.conn.exec_driver_sql("SELECT message_en FROM row_defects").scalar()
    assert kept == "****************?"
