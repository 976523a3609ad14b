"""A connector asks layouts first and hooks second, and lets nothing unsafe through."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import gateway_bank_jambi
import pytest

from gateway.connectors import Connector, connect, connect_plugin
from gateway.domain.files import FileIdentity, FileKind, InboundFile, OutboundFile
from gateway.domain.partners import PartnerKind
from gateway.errors import FileUnreadable, HookMissing, PluginFailed, RuleError, WrongAnswer
from gateway.layouts import Total, TotalKind
from gateway.testing import builders
from gateway.testing.conformance import samples_folder
from tests.support import honest

Hooks = dict[str, Callable[..., Any]]
DECISIONS = FileIdentity(kind=FileKind.KEPUTUSAN, sequence=1)
REQUIRED = ("render_batch", "read_acknowledgement", "read_decisions", "identify_file")


def bank(**changes: Callable[..., Any]) -> Connector:
    return connect_plugin(builders.a_partner(), {}, builders.a_plugin(**(honest.BANK | changes)))


def registry(**changes: Callable[..., Any]) -> Connector:
    return connect_plugin(
        builders.a_partner(), {}, builders.a_plugin(**(honest.REGISTRY | changes))
    )


def layout_bank(layouts: Callable[..., Any], **hooks: Callable[..., Any]) -> Connector:
    plugin = builders.a_plugin(layouts=layouts, **hooks)
    return connect_plugin(builders.a_partner(bank_code="115"), {}, plugin)


def standard_layouts() -> list[Any]:
    return list(gateway_bank_jambi.layout.LAYOUTS)


def one_file(name: str = "a.txt", content: bytes = b"x") -> Callable[..., Any]:
    return lambda batch: [OutboundFile(name=name, content=content)]


def test_an_installed_bank_is_joined_with_its_settings() -> None:
    connector = connect(builders.a_partner(code="bank_jambi"), {"branch": "001"}, "bank_jambi")
    assert connector.kind is PartnerKind.BANK
    assert connector.plugin_name == "bank_jambi"
    assert connector.plugin_version
    assert connector.partner.settings["branch"] == "001"
    assert FileKind.ANGSURAN in connector.kinds


@pytest.mark.parametrize("missing", REQUIRED)
def test_a_bank_without_a_required_hook_is_refused(missing: str) -> None:
    hooks = {name: hook for name, hook in honest.BANK.items() if name != missing}
    with pytest.raises(HookMissing, match=missing):
        connect_plugin(builders.a_partner(), {}, builders.a_plugin(**hooks))


@pytest.mark.parametrize("missing", sorted(honest.REGISTRY))
def test_a_registry_without_a_required_hook_is_refused(missing: str) -> None:
    hooks = {name: hook for name, hook in honest.REGISTRY.items() if name != missing}
    with pytest.raises(HookMissing, match=missing):
        connect_plugin(builders.a_partner(), {}, builders.a_plugin(**hooks))


def test_layouts_alone_are_enough_for_a_bank() -> None:
    connector = layout_bank(standard_layouts)
    assert connector.hooks == {"layouts"}
    assert connector.identify("115.157100.KEPUTUSAN.20260804.001.txt", b"") is not None


def test_a_kind_of_file_without_a_layout_falls_to_the_hook() -> None:
    def layouts() -> list[Any]:
        return [one for one in standard_layouts() if one.kind is not FileKind.KEPUTUSAN]

    with pytest.raises(HookMissing, match="KEPUTUSAN"):
        layout_bank(layouts)
    answer = [builders.a_decision()]
    connector = layout_bank(
        layouts, read_decisions=lambda file: answer, identify_file=lambda name: DECISIONS
    )
    assert connector.identify("anything", b"") == DECISIONS
    assert connector.read_decisions(builders.an_inbound_file()).value == tuple(answer)


def test_a_layout_is_asked_before_the_hook() -> None:
    def never(**_: object) -> None:
        raise AssertionError

    connector = layout_bank(
        standard_layouts, read_decisions=lambda file: never(), identify_file=lambda name: never()
    )
    name = "115.157100.KEPUTUSAN.20260804.001.txt"
    assert connector.identify(name, b"") is not None
    with pytest.raises(FileUnreadable):
        connector.read_decisions(builders.an_inbound_file(b"x\n", name=name))


def test_a_file_that_we_write_ourselves_is_a_stranger_when_it_comes_in() -> None:
    connector = layout_bank(standard_layouts)
    assert connector.identify("115.157100.PENGAJUAN.20260804.001.txt", b"") is None


@pytest.mark.parametrize("kind", [FileKind.PENGAJUAN, FileKind.POSISI, FileKind.SUBSIDI])
def test_a_hook_may_not_identify_what_nobody_reads(kind: FileKind) -> None:
    connector = bank(identify_file=lambda name: FileIdentity(kind=kind))
    with pytest.raises(WrongAnswer, match=kind):
        connector.identify("a.txt", b"")


def test_a_hook_sees_the_first_4096_bytes_only() -> None:
    seen: list[int] = []

    def identify_file(head: bytes) -> None:
        seen.append(len(head))

    assert bank(identify_file=identify_file).identify("a.txt", b"x" * 5000) is None
    assert seen == [4096]


def test_a_kind_that_the_partner_does_not_send_is_a_missing_hook() -> None:
    file = builders.an_inbound_file()
    for read in (bank().read_schedule, bank().read_subsidy_claim, bank().read_positions):
        with pytest.raises(HookMissing):
            read(file)
    with pytest.raises(HookMissing):
        bank().read_shares(file)
    with pytest.raises(HookMissing):
        bank().render_inquiries("R", "20260803", [builders.an_inquiry()])


def test_two_layouts_of_one_kind_are_refused() -> None:
    with pytest.raises(WrongAnswer, match="one kind"):
        layout_bank(lambda: standard_layouts() * 2)


def test_a_layout_for_a_file_that_has_no_typed_form_is_refused() -> None:
    def layouts() -> list[Any]:
        first, *others = standard_layouts()
        return [first, *others, dataclasses.replace(first, kind=FileKind.IDEB)]

    with pytest.raises(WrongAnswer, match="IDEB"):
        layout_bank(layouts)


def test_a_layout_with_a_problem_is_refused_with_the_problem() -> None:
    def layouts() -> list[Any]:
        return [dataclasses.replace(one, totals=()) for one in standard_layouts()]

    with pytest.raises(WrongAnswer, match="jumlah"):
        layout_bank(layouts)


def test_a_layout_whose_fields_are_of_a_wrong_type_is_refused_with_its_place() -> None:
    def layouts() -> list[Any]:
        return [dataclasses.replace(one, sequence_digits="3") for one in standard_layouts()]

    with pytest.raises(WrongAnswer, match=r"answer\[0\].sequence_digits"):
        layout_bank(layouts)


def test_a_batch_that_does_not_fit_the_layout_is_a_rule_and_not_the_plugins_failure() -> None:
    application = builders.an_application(purpose="A|B")
    with pytest.raises(RuleError) as caught:
        layout_bank(standard_layouts).render_batch(builders.a_batch(application))
    assert not isinstance(caught.value, PluginFailed)


def test_what_a_bank_is_sent_passes_as_it_is() -> None:
    (file,) = bank().render_batch(builders.a_batch())
    assert file.name == "PENGAJUAN-001.txt"
    (written,) = layout_bank(standard_layouts).render_batch(builders.a_batch())
    assert written.name == "115.157100.PENGAJUAN.20260803.001.txt"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".tersembunyi.txt",
        "../luar.txt",
        "a/b.txt",
        "a\\b.txt",
        "a..b.txt",
        "a b.txt",
        "a\n.txt",
        "a.txt\n",
        "á.txt",
        "a.txt.p7s",
        "a.txt.PART",
        "a.",
        "a" * 102,
    ],
)
def test_an_unsafe_file_name_is_refused(name: str) -> None:
    with pytest.raises(WrongAnswer) as caught:
        bank(render_batch=one_file(name)).render_batch(builders.a_batch())
    assert caught.value.reason == "UNSAFE_NAME"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([], "NO_FILE"),
        ([OutboundFile(name="a.txt", content=b"")], "EMPTY_FILE"),
        (
            [OutboundFile(name="a.txt", content=b"x"), OutboundFile(name="A.TXT", content=b"y")],
            "UNSAFE_NAME",
        ),
        ([OutboundFile(name="a.txt", content="x")], "WRONG_TYPE"),  # type: ignore[arg-type]  # wrong on purpose
    ],
)
def test_an_answer_that_cannot_be_sent_is_refused(files: list[OutboundFile], reason: str) -> None:
    with pytest.raises(WrongAnswer) as caught:
        bank(render_batch=lambda batch: files).render_batch(builders.a_batch())
    assert caught.value.reason == reason
    with pytest.raises(WrongAnswer) as caught:
        registry(render_inquiries=lambda inquiries: files).render_inquiries(
            "R-1", "20260803", [builders.an_inquiry()]
        )
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"approved_idr": -1}, "approved_idr is less than 0"),
        ({"tenor_months": -12}, "tenor_months is less than 0"),
        ({"approved_idr": 10**15 + 1}, "absurdly large"),
    ],
)
def test_a_number_that_no_honest_file_holds_is_refused(changes: Any, place: str) -> None:
    connector = bank(read_decisions=lambda file: [builders.a_decision(**changes)])
    with pytest.raises(WrongAnswer, match=place):
        connector.read_decisions(builders.an_inbound_file())


@pytest.mark.parametrize("grade", [0, 6])
def test_a_grade_outside_1_to_5_is_refused_however_deep(grade: int) -> None:
    statement = builders.a_statement(builders.a_repayment(collectability=grade))
    with pytest.raises(WrongAnswer, match="collectability"):
        bank(read_repayments=lambda file: statement).read_repayments(builders.an_inbound_file())
    report = builders.a_report(worst_active=grade)
    with pytest.raises(WrongAnswer, match="worst_active"):
        registry(read_credit_reports=lambda file: [report]).read_credit_reports(
            builders.an_inbound_file()
        )


def test_corrections_may_outweigh_what_came_in() -> None:
    statement = builders.a_statement(stated_net_idr=-5_000_000)
    reading = bank(read_repayments=lambda file: statement).read_repayments(
        builders.an_inbound_file()
    )
    assert reading.value == statement


def test_a_plugin_cannot_reach_another_partners_settings() -> None:
    seen: list[str] = []

    def read_decisions(partner: Any, file: InboundFile) -> list[Any]:
        seen.append(partner.code)
        return []

    plugin = builders.a_plugin(**(honest.BANK | {"read_decisions": read_decisions}))
    first = connect_plugin(builders.a_partner(code="satu"), {}, plugin)
    second = connect_plugin(builders.a_partner(code="dua"), {}, plugin)
    first.read_decisions(builders.an_inbound_file())
    assert seen == ["satu"]
    second.read_decisions(builders.an_inbound_file())
    assert seen == ["satu", "dua"]


def test_a_layout_that_breaks_the_codec_is_the_plugins_failure() -> None:
    def layouts() -> list[Any]:
        # Nobody checks that a difference has two parts only.
        neto = Total(
            name="neto", kind=TotalKind.MINUS, of="total_masuk-total_koreksi-total_koreksi"
        )
        return [
            dataclasses.replace(one, totals=(*one.totals[:-1], neto))
            if one.kind is FileKind.ANGSURAN
            else one
            for one in standard_layouts()
        ]

    sample = samples_folder(gateway_bank_jambi) / "115.157100.ANGSURAN.20260930.001.txt"
    file = builders.an_inbound_file(sample.read_bytes(), name=sample.name)
    with pytest.raises(PluginFailed, match="ANGSURAN") as caught:
        layout_bank(layouts).read_repayments(file)
    assert caught.value.reason == "LAYOUT_FAILED"
