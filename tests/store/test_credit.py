from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.domain.credit import CreditReport
from gateway.errors import StaleRecord
from gateway.store import Store, Transaction, credit
from gateway.store.credit import InquiryState, StoredVerdict
from tests.store.builders import MINUTE, NOW, a_national_id, an_application, save, sha


def ask(tx: Transaction, number: int = 1, application: int = 1) -> None:
    credit.save_inquiry(
        tx,
        reference=f"Q{number}",
        application_reference=f"HRK260000000{application}",
        registry_code="slik",
        batch_reference="KJ-slik-permintaan-000001",
    )


def a_report(part: int = 1, **changes: Any) -> CreditReport:
    whole: dict[str, Any] = {
        "inquiry_reference": "Q1",
        "national_id": a_national_id(),
        "data_period": "202609",
        "part": part,
        "parts": 2,
        "active_facilities": 3,
        "active_outstanding_idr": 9_000_000,
        "arrears_idr": 250_000,
        "worst_now": 2,
        "worst_active": None,
        "written_off": True,
        "warnings": ("nama berbeda", "x"),
    }
    return CreditReport(**{**whole, **changes})


def test_an_inquiry_is_open_until_it_is_answered_once(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
        ask(tx)
        inquiry = credit.find_inquiry(tx, "Q1")
        assert inquiry is not None
        assert (inquiry.state, inquiry.registry_code) == (InquiryState.OPEN, "slik")
        assert credit.list_open_inquiries(tx, "slik") == [inquiry]
        assert credit.list_open_inquiries(tx, "other") == []
        assert credit.find_inquiry(tx, "Q2") is None
        credit.mark_answered(tx, "Q1")
        assert credit.list_open_inquiries(tx, "slik") == []
        with pytest.raises(StaleRecord):
            credit.mark_answered(tx, "Q1")
        ask(tx, 2)


def test_one_applicant_has_one_open_inquiry(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
        ask(tx)
    with pytest.raises(StaleRecord), store.begin(NOW, "test") as tx:
        ask(tx, 2)


def test_report_parts_come_back_in_order_and_the_last_one_sent_holds(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
        ask(tx)
        for report in (a_report(2), a_report(1, arrears_idr=1), a_report(1)):
            credit.save_report_part(tx, report, file_sha256=sha("ideb"))
        assert credit.list_report_parts(tx, "Q1") == [a_report(1), a_report(2)]
        assert credit.list_report_parts(tx, "Q2") == []


def test_the_newest_verdict_holds(store: Store) -> None:
    verdict = StoredVerdict(
        data_period="202609",
        worst_now=None,
        worst_active=1,
        worst_24_months=2,
        active_facilities=0,
        active_outstanding_idr=0,
        arrears_idr=0,
        days_overdue=0,
        written_off=False,
        online_loan=True,
        clear=True,
        checked_on=date(2026, 10, 5),
    )
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
        assert credit.load_verdict(tx, "HRK2600000001") is None
        credit.save_verdict(tx, "HRK2600000001", replace(verdict, clear=False))
        credit.save_verdict(tx, "HRK2600000001", verdict)
        assert credit.load_verdict(tx, "HRK2600000001") == verdict


def test_an_answered_question_is_asked_again_and_its_old_answer_goes(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
        ask(tx)
        credit.save_report_part(tx, a_report(), file_sha256=sha("ideb"))
        credit.mark_answered(tx, "Q1")
    with store.begin(NOW + MINUTE, "test") as tx:
        ask(tx)
        inquiry = credit.find_inquiry(tx, "Q1")
        assert inquiry is not None
        assert (inquiry.state, inquiry.asked_at) == (InquiryState.OPEN, NOW + MINUTE)
        assert credit.list_report_parts(tx, "Q1") == []
        with pytest.raises(StaleRecord):
            ask(tx)
