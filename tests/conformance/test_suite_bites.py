"""Plugins broken on purpose: each is caught by its law, and by no other."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gateway_bank_jambi
import pytest
from marshmallow import EXCLUDE, Schema

from gateway.connectors import LoadedPlugin, connect_plugin
from gateway.domain.batches import Acknowledgement, Batch, Rejection
from gateway.domain.credit import CreditInquiry
from gateway.domain.files import FileIdentity, FileKind, InboundFile, OutboundFile
from gateway.domain.loans import Decision, RepaymentStatement
from gateway.layouts import Layout, Total, TotalKind
from gateway.testing.builders import a_partner, a_plugin
from gateway.testing.conformance import BankConformance, judge, make_case, samples_folder
from gateway.testing.laws import LAWS
from gateway.testing.samples import write_expected
from tests.support import honest

Hooks = dict[str, Callable[..., Any]]


def broken_laws(
    plugin: LoadedPlugin, samples: Path, *, stated: frozenset[str] | None = None
) -> set[str]:
    case = make_case(plugin, a_partner(bank_code="115"), {}, samples, stated=stated)
    return {result.law for result in judge(case) if not result.passed}


@pytest.fixture
def bank_samples(tmp_path: Path) -> Path:
    """Samples of the honest bank, with its golden answers."""
    folder = honest.write_samples(tmp_path, honest.BANK_SAMPLES)
    write_expected(connect_plugin(a_partner(), {}, a_plugin(**honest.BANK)), folder)
    return folder


@pytest.fixture
def registry_samples(tmp_path: Path) -> Path:
    folder = honest.write_samples(tmp_path, honest.REGISTRY_SAMPLES)
    write_expected(connect_plugin(a_partner(), {}, a_plugin(**honest.REGISTRY)), folder)
    return folder


def test_an_honest_bank_breaks_no_law(bank_samples: Path) -> None:
    stated = frozenset(honest.BANK)
    assert broken_laws(a_plugin(**honest.BANK), bank_samples, stated=stated) == set()


def test_an_honest_registry_breaks_no_law(registry_samples: Path) -> None:
    stated = frozenset(honest.REGISTRY)
    assert broken_laws(a_plugin(**honest.REGISTRY), registry_samples, stated=stated) == set()


def restless() -> Hooks:
    """Writes other bytes every time."""
    counter = itertools.count()

    def render_batch(batch: Batch) -> list[OutboundFile]:
        (file,) = honest.render_batch(batch)
        note = f"N|{next(counter)}\n".encode()
        return [dataclasses.replace(file, content=file.content + note)]

    return {"render_batch": render_batch}


def curious() -> Hooks:
    """Looks at the clock, and throws away what it saw."""

    def read_decisions(file: InboundFile) -> list[Decision]:
        datetime.now(UTC)
        return honest.read_decisions(file)

    return {"read_decisions": read_decisions}


def forgetful() -> Hooks:
    """Leaves out the last application, and counts it all the same."""

    def render_batch(batch: Batch) -> list[OutboundFile]:
        (file,) = honest.render_batch(batch)
        lines = file.content.splitlines(keepends=True)
        return [dataclasses.replace(file, content=b"".join([*lines[:-2], lines[-1]]))]

    return {"render_batch": render_batch}


def uncounted() -> Hooks:
    """Writes no total."""

    def render_batch(batch: Batch) -> list[OutboundFile]:
        (file,) = honest.render_batch(batch)
        lines = file.content.splitlines(keepends=True)
        return [dataclasses.replace(file, content=b"".join(lines[:-1]))]

    return {"render_batch": render_batch}


def wandering() -> Hooks:
    """Names a file outside its folder."""

    def render_batch(batch: Batch) -> list[OutboundFile]:
        (file,) = honest.render_batch(batch)
        return [dataclasses.replace(file, name=f"../{file.name}")]

    return {"render_batch": render_batch}


def monotonous() -> Hooks:
    """Gives every batch's file the same name, so the second replaces the first."""

    def render_batch(batch: Batch) -> list[OutboundFile]:
        (file,) = honest.render_batch(batch)
        return [dataclasses.replace(file, name="PENGAJUAN.txt")]

    return {"render_batch": render_batch}


def greedy() -> Hooks:
    """Takes every file for its own."""

    def identify_file(name: str) -> FileIdentity:
        return honest.identify_file(name) or FileIdentity(kind=FileKind.KEPUTUSAN)

    return {"identify_file": identify_file}


def blind() -> Hooks:
    """Does not know the second file of a year."""

    def identify_file(name: str) -> FileIdentity | None:
        return None if "002" in name else honest.identify_file(name)

    return {"identify_file": identify_file}


def trusting() -> Hooks:
    """Reads whatever is left of a receipt."""

    def read_acknowledgement(file: InboundFile) -> Acknowledgement:
        rows = [line.split("|") for line in file.content.decode().split("\n")]
        return Acknowledgement(
            batch_reference="BATCH-2026-000001",
            received_sha256="0" * 64,
            accepted=tuple(row[1] for row in rows if row[0] == "D" and row[-1] == ""),
            rejected=tuple(
                Rejection(application_reference=row[1], reason_code=row[2])
                for row in rows
                if row[0] == "D" and row[-1]
            ),
        )

    return {"read_acknowledgement": read_acknowledgement}


def overgrading() -> Hooks:
    """Takes "no grade" for grade 0."""

    def read_repayments(file: InboundFile) -> RepaymentStatement:
        statement = honest.read_repayments(file)
        rows = tuple(dataclasses.replace(row, collectability=0) for row in statement.rows)
        return dataclasses.replace(statement, rows=rows)

    return {"read_repayments": read_repayments}


def recounting() -> Hooks:
    """Adds the rows up itself, and looks at the stated total never."""

    def read_repayments(file: InboundFile) -> RepaymentStatement:
        statement = honest.read_repayments(file)
        total = sum(row.amount_idr for row in statement.rows)
        return dataclasses.replace(statement, stated_in_idr=total, stated_net_idr=total)

    return {"read_repayments": read_repayments}


def welcoming() -> Hooks:
    """Takes every setting."""

    class Anything(Schema):
        class Meta:
            unknown = EXCLUDE

    return {"settings_schema": lambda: Anything}


TWINS: dict[str, tuple[Callable[[], Hooks], str]] = {
    "restless": (restless, "same_batch_same_bytes"),
    "curious": (curious, "hooks_touch_nothing"),
    "forgetful": (forgetful, "every_application_is_in_the_file"),
    "uncounted": (uncounted, "totals_are_carried"),
    "wandering": (wandering, "names_are_safe"),
    "monotonous": (monotonous, "names_are_safe"),
    "greedy": (greedy, "strangers_are_not_identified"),
    "blind": (blind, "every_sample_is_identified"),
    "trusting": (trusting, "cut_file_is_unreadable"),
    "overgrading": (overgrading, "collectability_is_1_to_5_or_none"),
    "recounting": (recounting, "totals_are_as_stated"),
    "welcoming": (welcoming, "schema_refuses_unknown_keys"),
}
ELSEWHERE = {
    "answers_what_it_says",
    "declines_have_reasons",
    "every_inquiry_is_in_the_file",
    "every_kind_has_a_sample",
    "layout_round_trips",
    "layouts_carry_totals",
    "samples_read_as_expected",
}
"""Laws whose broken twin needs a test of its own, below."""


@pytest.mark.parametrize("twin", TWINS)
def test_a_broken_twin_is_caught_by_its_law_alone(bank_samples: Path, twin: str) -> None:
    make, law = TWINS[twin]
    assert broken_laws(a_plugin(**(honest.BANK | make())), bank_samples) == {law}


def test_every_law_has_a_broken_twin() -> None:
    assert {law for _, law in TWINS.values()} | ELSEWHERE == set(LAWS)


def test_a_misread_sample_is_caught(bank_samples: Path) -> None:
    honest.spoil_expected(bank_samples, "KEPUTUSAN-001.txt", approved_idr=4_999_999)
    assert broken_laws(a_plugin(**honest.BANK), bank_samples) == {"samples_read_as_expected"}


def test_a_sample_that_nobody_wrote_an_answer_for_is_caught(bank_samples: Path) -> None:
    (bank_samples / "KEPUTUSAN-001.txt.expected.json").unlink()
    assert broken_laws(a_plugin(**honest.BANK), bank_samples) == {"samples_read_as_expected"}


def test_a_decline_without_a_reason_is_caught(tmp_path: Path) -> None:
    def read_decisions(file: InboundFile) -> list[Decision]:
        decisions = honest.read_decisions(file)
        return [dataclasses.replace(decision, reason_code="") for decision in decisions]

    twin = a_plugin(**(honest.BANK | {"read_decisions": read_decisions}))
    samples = honest.write_samples(tmp_path, honest.BANK_SAMPLES)
    write_expected(connect_plugin(a_partner(), {}, twin), samples)
    assert broken_laws(twin, samples) == {"declines_have_reasons"}


def test_decisions_without_one_decline_among_the_samples_are_caught(bank_samples: Path) -> None:
    (bank_samples / "KEPUTUSAN-001.txt").unlink()
    assert broken_laws(a_plugin(**honest.BANK), bank_samples) == {"declines_have_reasons"}


def test_a_kind_of_file_without_a_sample_is_caught(bank_samples: Path) -> None:
    (bank_samples / "ANGSURAN-001.txt").unlink()
    assert broken_laws(a_plugin(**honest.BANK), bank_samples) == {"every_kind_has_a_sample"}


def test_a_written_reason_stands_for_a_sample(bank_samples: Path) -> None:
    (bank_samples / "ANGSURAN-001.txt").unlink()
    reasons = bank_samples / "no_sample_because.toml"
    reasons.write_text('ANGSURAN = "the bank writes its first one in October"\n')
    assert broken_laws(a_plugin(**honest.BANK), bank_samples) == set()
    reasons.write_text('ANGSURAN = " "\n')
    assert broken_laws(a_plugin(**honest.BANK), bank_samples) == {"every_kind_has_a_sample"}


def test_a_reason_for_a_sample_that_is_there_is_caught(bank_samples: Path) -> None:
    (bank_samples / "no_sample_because.toml").write_text('ANGSURAN = "not yet"\n')
    assert broken_laws(a_plugin(**honest.BANK), bank_samples) == {"every_kind_has_a_sample"}


@pytest.mark.parametrize("stated", [{*honest.BANK, "read_subsidy_claim"}, {"render_batch"}])
def test_saying_other_hooks_than_there_are_is_caught(bank_samples: Path, stated: set[str]) -> None:
    found = broken_laws(a_plugin(**honest.BANK), bank_samples, stated=frozenset(stated))
    assert found == {"answers_what_it_says"}


def test_a_forgotten_inquiry_is_caught(registry_samples: Path) -> None:
    def render_inquiries(inquiries: Sequence[CreditInquiry]) -> list[OutboundFile]:
        return honest.render_inquiries(inquiries[:-1])

    twin = a_plugin(**(honest.REGISTRY | {"render_inquiries": render_inquiries}))
    assert broken_laws(twin, registry_samples) == {"every_inquiry_is_in_the_file"}


def with_layout(kind: FileKind, **changes: Any) -> LoadedPlugin:
    """The city's standard layouts, one of them changed."""

    def layouts() -> list[Layout]:
        return [
            dataclasses.replace(layout, **changes) if layout.kind is kind else layout
            for layout in gateway_bank_jambi.layout.LAYOUTS
        ]

    return a_plugin(layouts=layouts)


def test_a_layout_that_loses_letters_is_caught() -> None:
    samples = samples_folder(gateway_bank_jambi)
    assert broken_laws(with_layout(FileKind.KEPUTUSAN), samples) == set()
    lossy = with_layout(FileKind.KEPUTUSAN, replace={"O": "0"})
    assert broken_laws(lossy, samples) == {"layout_round_trips"}


def test_a_layout_that_does_not_add_its_money_up_is_caught() -> None:
    totals = (
        Total(name="jumlah", kind=TotalKind.COUNT),
        Total(name="total_pokok", kind=TotalKind.SUM, of="pokok"),
        Total(name="total_bunga", kind=TotalKind.STATED),
    )
    unsummed = with_layout(FileKind.JADWAL, totals=totals)
    samples = samples_folder(gateway_bank_jambi)
    assert broken_laws(unsummed, samples) == {"layouts_carry_totals"}


def test_a_suite_has_tests_for_the_stated_hooks_and_skips_none() -> None:
    class Suite(BankConformance):
        hooks = frozenset({"render_batch", "read_decisions"})

    tests = {name for name in dir(Suite) if name.startswith("test_") and getattr(Suite, name)}
    assert "test_declines_have_reasons" in tests
    assert "test_layout_round_trips" not in tests
    assert "test_every_inquiry_is_in_the_file" not in tests
    assert {f"test_{name}" for name, law in LAWS.items() if not law.hooks} <= tests
