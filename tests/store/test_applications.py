from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.domain.applications import Blocker, BlockerCode, GroupRole
from gateway.domain.states import ApplicationState
from gateway.errors import IllegalTransition, RuleError, StaleRecord, StoreError
from gateway.store import Store, Transaction, applications, batches
from tests.store.builders import BANK, NOW, a_batch, a_national_id, an_application, save, sha


def found_repeat(store: Store, **changes: Any) -> str | None:
    asked: dict[str, Any] = {
        "programme": "bank_harkat",
        "national_id": a_national_id(99),
        "source_sha256": "",
        "source_row": 0,
        "source_reference": "",
    }
    with store.read() as tx:
        return applications.find_repeat(tx, **{**asked, **changes})


def test_an_application_comes_back_as_it_was_saved(store: Store) -> None:
    application = an_application(source_reference="UMKM-7")
    with store.begin(NOW, "test") as tx:
        save(tx, application, 2, sha("form"))
    with store.read() as tx:
        stored = applications.load_application(tx, application.reference)
    assert stored is not None
    assert stored.application == application
    assert stored.state is ApplicationState.RECEIVED
    assert stored.received_at == stored.changed_at == NOW
    assert stored.blockers == ()
    assert not stored.bound


def test_an_application_without_the_optional_fields_comes_back_too(store: Store) -> None:
    whole = an_application(consent=None)
    bare = replace(
        whole,
        business=replace(whole.business, kbli="", started_on=None, monthly_turnover_idr=None),
        applicant=replace(whole.applicant, rt="", business_id="", tax_number=""),
    )
    with store.begin(NOW, "test") as tx:
        save(tx, bare)
        stored = applications.load_application(tx, bare.reference)
    assert stored is not None
    assert stored.application == bare


def take_and_fail(tx: Transaction) -> None:
    applications.next_reference(tx, "HRK")
    raise RuleError("stop", message_id="henti")


def test_references_have_no_gap_and_begin_again_each_year_in_jambi(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        first = [applications.next_reference(tx, "HRK") for _ in range(2)]
        other = applications.next_reference(tx, "BHT")
    with pytest.raises(RuleError), store.begin(NOW, "test") as tx:
        take_and_fail(tx)
    with store.begin(NOW, "test") as tx:
        third = applications.next_reference(tx, "HRK")
    # 31 December 17:30 UTC is already the new year in Jambi.
    with store.begin(datetime(2026, 12, 31, 17, 30, tzinfo=UTC), "test") as tx:
        next_year = applications.next_reference(tx, "HRK")
    assert first == ["HRK2600000001", "HRK2600000002"]
    assert (other, third, next_year) == ("BHT2600000001", "HRK2600000003", "HRK2700000001")


def test_the_same_source_reference_is_answered_with_the_first_result(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application(source_reference="UMKM-7"))
    assert found_repeat(store, source_reference="UMKM-7") == "HRK2600000001"
    assert found_repeat(store, source_reference="UMKM-8") is None
    assert found_repeat(store, source_reference="UMKM-7", programme="bang_harta") is None


def test_the_same_row_of_the_same_file_is_answered_with_the_first_result(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application(), 2, sha("form"))
    assert found_repeat(store, source_sha256=sha("form"), source_row=2) == "HRK2600000001"
    assert found_repeat(store, source_sha256=sha("form"), source_row=3) is None
    assert found_repeat(store) is None


def test_the_same_person_repeats_only_while_an_application_is_open(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
    assert found_repeat(store, national_id=a_national_id()) == "HRK2600000001"
    assert found_repeat(store, national_id=a_national_id(), programme="bang_harta") is None
    with store.begin(NOW, "test") as tx:
        applications.move_application(tx, "HRK2600000001", ApplicationState.WITHDRAWN)
    assert found_repeat(store, national_id=a_national_id()) is None
    with store.begin(NOW, "test") as tx:
        save(tx, an_application("HRK2600000002"))


def test_the_database_itself_refuses_a_second_open_application(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
    with pytest.raises(StaleRecord), store.begin(NOW, "test") as tx:
        save(tx, an_application("HRK2600000002"))


@pytest.mark.parametrize("amount_idr", [0, -1, 10**15 + 1, 2**63])
def test_the_database_refuses_an_impossible_amount(store: Store, amount_idr: int) -> None:
    with pytest.raises(StoreError) as refused, store.begin(NOW, "test") as tx:
        save(tx, an_application(amount_idr=amount_idr))
    assert refused.value.reason in {"CONSTRAINT", "NUMBER_TOO_LARGE", "DATABASE_FAILED"}
    assert "CANARY" not in str(refused.value)


def test_a_state_moves_through_its_table_only(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
    with pytest.raises(IllegalTransition), store.begin(NOW, "test") as tx:
        applications.move_application(tx, "HRK2600000001", ApplicationState.DISBURSED)
    with pytest.raises(RuleError), store.begin(NOW, "test") as tx:
        applications.move_application(tx, "HRK2600000009", ApplicationState.SCREENING)
    with store.begin(NOW, "test") as tx:
        applications.move_application(tx, "HRK2600000001", ApplicationState.SCREENING, why="cek")
        assert applications.count_states(tx) == {"SCREENING": 1}


def test_blockers_are_replaced_in_their_order(store: Store) -> None:
    first = [Blocker(code=BlockerCode.NO_CONSENT), Blocker(code=BlockerCode.ARREARS, amount_idr=7)]
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
        applications.save_blockers(tx, "HRK2600000001", first)
    with store.read() as tx:
        (stored,) = applications.list_applications(tx)
        assert list(stored.blockers) == first
    with store.begin(NOW, "test") as tx:
        applications.save_blockers(tx, "HRK2600000001", [])
        (stored,) = applications.list_applications(tx)
    assert stored.blockers == ()


def test_lists_are_ordered_and_filtered(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        for number in (3, 1, 2):
            save(tx, an_application(f"HRK260000000{number}", number))
        applications.assign_partner(tx, "HRK2600000002", BANK)
        applications.move_application(tx, "HRK2600000003", ApplicationState.SCREENING)
        applications.save_blockers(tx, "HRK2600000003", [Blocker(code=BlockerCode.NO_PARTNER)])

        def listed(**changes: Any) -> list[str]:
            rows = applications.list_applications(tx, **changes)
            return [row.application.reference[-1] for row in rows]

        assert listed() == ["1", "2", "3"]
        assert listed(limit=2) == ["1", "2"]
        assert listed(partner_code=BANK) == ["2"]
        assert listed(states=[ApplicationState.SCREENING]) == ["3"]
        assert listed(programme="bang_harta") == []
        assert applications.count_by_partner(tx, "bank_harkat") == {BANK: 1}


def test_a_person_is_found_again_by_nik_and_phone(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
        assert applications.find_by_national_id(tx, a_national_id()) == ["HRK2600000001"]
        assert applications.find_by_national_id(tx, a_national_id(2)) == []
        assert applications.find_by_phone(tx, "+6281277665544") == ["HRK2600000001"]


def test_withdrawn_consent_is_as_if_never_given(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
        applications.withdraw_consent(tx, "HRK2600000001")
        stored = applications.load_application(tx, "HRK2600000001")
        assert stored is not None
        assert stored.application.consent is None
    with pytest.raises(StaleRecord), store.begin(NOW, "test") as tx:
        applications.withdraw_consent(tx, "HRK2600000001")


def test_a_group_has_its_leader_first_and_its_partner_binds_all_members(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        applications.save_group(
            tx,
            reference="BHT2600000009",
            name="Melati",
            programme="bank_harkat",
            source_group="K1",
            source_sha256=sha("form"),
        )
        for number in (1, 2, 3):
            role = GroupRole.LEADER if number == 2 else GroupRole.MEMBER
            member = an_application(
                f"HRK260000000{number}",
                number,
                group_reference="BHT2600000009",
                group_role=role,
                group_name="Melati",
            )
            save(tx, member)
        applications.assign_partner(tx, "BHT2600000009", BANK)
    with store.read() as tx:
        group = applications.load_group(tx, "BHT2600000009")
        assert applications.load_group(tx, "BHT2600000008") is None
        found = applications.find_group(
            tx, programme="bank_harkat", source_group="K1", source_sha256=sha("form")
        )
        missing = applications.find_group(
            tx, programme="bank_harkat", source_group="K2", source_sha256=sha("form")
        )
    assert group is not None
    assert (group.name, group.partner_code) == ("Melati", BANK)
    assert [m.application.reference[-1] for m in group.members] == ["2", "1", "3"]
    assert {m.application.partner_code for m in group.members} == {BANK}
    assert (found, missing) == ("BHT2600000009", None)


def test_only_what_was_batched_for_a_partner_is_known_to_it(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        applications.save_group(tx, reference="BHT2600000009", name="M", programme="bank_harkat")
        member = an_application(group_reference="BHT2600000009", group_role=GroupRole.LEADER)
        save(tx, member)
        save(tx, an_application("HRK2600000002", 2))
        assert applications.known_references(tx, BANK) == frozenset()
        batches.save_sealed(tx, a_batch(), ["HRK2600000001"], 2026, 1)
    with store.read() as tx:
        known = applications.known_references(tx, BANK)
        assert applications.known_references(tx, "bpr_kenali") == frozenset()
        bound = [row.bound for row in applications.list_applications(tx)]
    assert known == {"HRK2600000001", "BHT2600000009"}
    assert bound == [True, False]


def test_an_abandoned_batch_binds_nobody(store: Store) -> None:
    with store.begin(NOW, "test") as tx:
        save(tx, an_application())
        batches.save_sealed(tx, a_batch(), ["HRK2600000001"], 2026, 1)
        batches.abandon_batch(tx, a_batch().reference, "consent withdrawn")
        (stored,) = applications.list_applications(tx)
        assert not stored.bound
        assert applications.known_references(tx, BANK) == frozenset()
