"""The table of rights, read back as a person would ask about it."""

from __future__ import annotations

import pytest

from gateway.web.access import ALLOWED, Action, Role, Visitor, may, visible_partners


def a_visitor(*roles: str, partner_code: str = "") -> Visitor:
    return Visitor(name="siti", roles=frozenset(roles), partner_code=partner_code)


def test_nobody_may_do_anything_without_signing_in() -> None:
    assert not any(may(None, action) for action in Action)


def test_an_unknown_action_is_refused_to_everyone() -> None:
    assert not any(may(a_visitor(role), "delete_everything") for role in Role)


def test_an_unknown_role_may_do_nothing() -> None:
    assert not any(may(a_visitor("kepala dinas"), action) for action in Action)


def test_every_action_stands_in_the_table() -> None:
    assert set(ALLOWED) == set(Action)


def test_no_single_role_may_both_propose_and_settle() -> None:
    assert not ALLOWED[Action.PROPOSE] & ALLOWED[Action.SETTLE]


@pytest.mark.parametrize("action", [Action.SEE_MISMATCHES, Action.SEE_PARTNERS, Action.SEE_HOME])
def test_a_bank_sees_its_own_rows_and_no_others(action: Action) -> None:
    bank = a_visitor("bank", partner_code="bpr_kenali")
    assert may(bank, action, "bpr_kenali")
    assert not may(bank, action, "bank_jambi")
    assert visible_partners(bank, action, ["bank_jambi", "bpr_kenali"]) == ["bpr_kenali"]


def test_a_bank_user_without_a_partner_sees_nothing() -> None:
    assert not any(may(a_visitor("bank"), action) for action in Action)


def test_a_bank_may_not_see_applications_even_its_own() -> None:
    bank = a_visitor("bank", partner_code="bpr_kenali")
    assert not may(bank, Action.SEE_APPLICATIONS, "bpr_kenali")


def test_city_staff_who_also_carry_the_bank_role_are_not_narrowed() -> None:
    assert may(a_visitor("bank", "auditor"), Action.SEE_MISMATCHES, "bank_jambi")
