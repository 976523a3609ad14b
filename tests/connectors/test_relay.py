"""A plugin is checked when it is registered, and each answer when it is given."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from gateway import hookimpl
from gateway.connectors.relay import Relay
from gateway.domain.files import FileIdentity, FileKind
from gateway.domain.partners import PartnerKind
from gateway.errors import FileUnreadable, HookMissing, PluginFailed, WrongAnswer
from gateway.testing.builders import a_decision, a_partner, a_plugin, an_inbound_file

A_NIK = "1571992205850003"


def relay(**hooks: Any) -> Relay:
    return Relay("contoh", a_plugin(**hooks).module)


def ask_decisions(answer: Any) -> Any:
    def read_decisions(partner: object, file: object) -> Any:
        return answer() if callable(answer) else answer

    asked = relay(read_decisions=read_decisions)
    return asked.ask("read_decisions", partner=a_partner(), file=an_inbound_file())


def test_a_hook_name_that_the_contract_does_not_have_is_refused() -> None:
    with pytest.raises(PluginFailed, match="read_decision"):
        relay(read_decision=lambda file: [])


def test_an_unknown_hook_marked_optional_is_refused_too() -> None:
    module = ModuleType("contoh")
    vars(module)["read_decision"] = hookimpl(optionalhook=True)(lambda file: [])
    with pytest.raises(PluginFailed, match="read_decision"):
        Relay("contoh", module)


def test_an_argument_that_the_contract_does_not_have_is_refused() -> None:
    with pytest.raises(PluginFailed, match="fille"):
        relay(read_decisions=lambda fille: [])


def test_a_wrapper_is_no_answer() -> None:
    def read_decisions(file: object) -> Any:
        return (yield)

    module = ModuleType("contoh")
    vars(module)["read_decisions"] = hookimpl(wrapper=True)(read_decisions)
    with pytest.raises(PluginFailed, match="wrapper"):
        Relay("contoh", module)


def test_a_module_without_hooks_is_no_plugin() -> None:
    with pytest.raises(PluginFailed, match="no hook"):
        relay()


def test_one_plugin_does_not_speak_for_a_bank_and_a_registry() -> None:
    with pytest.raises(PluginFailed, match="not both"):
        relay(render_batch=lambda batch: [], render_inquiries=lambda inquiries: [])


def test_the_kind_is_told_from_the_hooks() -> None:
    assert relay(layouts=lambda partner: []).kind is PartnerKind.BANK
    assert relay(read_credit_reports=lambda file: []).kind is PartnerKind.REGISTRY


def test_a_hook_that_is_not_there_is_missing() -> None:
    with pytest.raises(HookMissing):
        relay(read_decisions=lambda file: []).ask("read_repayments")


def test_none_means_that_the_partner_does_not_do_that() -> None:
    with pytest.raises(HookMissing):
        ask_decisions(None)


def test_a_partners_broken_file_passes_as_it_is() -> None:
    def fail() -> None:
        raise FileUnreadable("a.txt", "cut.", message_id="terpotong.", line=3)

    with pytest.raises(FileUnreadable, match="line 3"):
        ask_decisions(fail)


@pytest.mark.parametrize(
    "error", [ValueError(A_NIK), KeyError(A_NIK), SystemExit(A_NIK), RecursionError(A_NIK)]
)
def test_anything_else_is_the_plugins_failure_and_quotes_nobody(error: BaseException) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(PluginFailed, match=type(error).__name__) as caught:
        ask_decisions(fail)
    assert A_NIK not in caught.value.text("id") + caught.value.text("en")
    assert caught.value.__suppress_context__


def test_a_person_stopping_the_program_is_not_the_plugins_failure() -> None:
    def fail() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask_decisions(fail)


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ("text", "answer is str"),
        ({}, "answer is dict"),
        ([a_decision(), "text"], r"answer\[1\] is str"),
        ([a_decision(approved_idr="5000000")], r"answer\[0\].approved_idr is str, not int"),
        ([a_decision(approved_idr=5000000.0)], "approved_idr is float"),
        ([a_decision(approved_idr=True)], "approved_idr is bool"),
        ([a_decision(decided_on="20260803")], "decided_on is str, not date"),
        ([a_decision(tenor_months=12.0)], "tenor_months is float"),
        ([a_decision(method="FLAT")], "method is str"),
        ([a_decision(reason_code=None)], "reason_code is NoneType"),
    ],
)
def test_an_answer_of_another_type_is_refused_with_its_place(answer: Any, place: str) -> None:
    with pytest.raises(WrongAnswer, match=place) as caught:
        ask_decisions(answer)
    assert caught.value.reason == "WRONG_TYPE"
    assert "5000000" not in str(caught.value)


def test_a_moment_is_not_a_date() -> None:
    from datetime import UTC, datetime

    with pytest.raises(WrongAnswer, match="datetime, not date"):
        ask_decisions([a_decision(decided_on=datetime(2026, 8, 3, tzinfo=UTC))])


def test_a_right_answer_passes_as_it_is() -> None:
    answer = [a_decision(), a_decision(tenor_months=None, method=None, rate_bps=None)]
    assert ask_decisions(answer) is answer


def test_not_knowing_a_file_is_an_answer() -> None:
    asked = relay(identify_file=lambda name: None, read_decisions=lambda file: [])
    assert asked.ask("identify_file", partner=a_partner(), name="x", head=b"") is None


def test_an_identity_must_be_an_identity() -> None:
    asked = relay(identify_file=lambda name: FileKind.KEPUTUSAN, read_decisions=lambda file: [])
    with pytest.raises(WrongAnswer):
        asked.ask("identify_file", partner=a_partner(), name="x", head=b"")
    known = FileIdentity(kind=FileKind.KEPUTUSAN)
    asked = relay(identify_file=lambda name: known, read_decisions=lambda file: [])
    assert asked.ask("identify_file", partner=a_partner(), name="x", head=b"") is known
