"""The kit around the laws: valid values, watching, golden answers."""

from __future__ import annotations

import json
import os
import random
import secrets
import socket
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gateway.connectors import connect_plugin
from gateway.domain.files import FileKind
from gateway.domain.loans import RepaymentType
from gateway.testing import builders
from gateway.testing.samples import find_samples, write_expected
from gateway.testing.watch import watched
from tests.support import honest

TOUCHES: dict[str, Callable[[], object]] = {
    "the clock": lambda: datetime.now(UTC),
    "today": date.today,
    "seconds since 1970": time.time,
    "lots": random.random,
    "a chosen one": lambda: random.choice([1, 2]),
    "a token": lambda: secrets.token_hex(4),
    "a random name": uuid.uuid4,
    "a file": lambda: Path(__file__).read_bytes(),
    "the screen": print,
    "the network": lambda: socket.getaddrinfo("127.0.0.1", 80),
    "the system": lambda: os.open(os.devnull, os.O_RDONLY),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_a_hook_that_touches_the_world_is_seen(touch: str) -> None:
    with watched() as seen:
        TOUCHES[touch]()
    assert seen != []


def test_pure_work_is_not_taken_for_touching() -> None:
    with watched() as seen:
        json.loads(json.dumps({"a": [1, 2]}))
        date(2026, 8, 3).strftime("%Y%m%d")
        datetime.strptime("20260803", "%Y%m%d").replace(tzinfo=UTC).isoformat()
        sorted({"b": 1, "a": 2})
    assert seen == []


def test_watching_ends_with_the_block_also_when_it_fails() -> None:
    with pytest.raises(KeyError), watched() as seen:
        raise KeyError
    time.time()
    assert seen == []


@pytest.mark.parametrize("serial", [1, 2, 40, 9999])
def test_a_made_up_person_has_a_nik_that_nobody_can_have(serial: int) -> None:
    person = builders.an_applicant(serial)
    assert person.national_id.startswith("157199")
    assert len(person.national_id) == 16
    day = int(person.national_id[6:8])
    assert day == person.born_on.day + (40 if person.sex == "P" else 0)


def test_two_made_up_people_have_different_niks() -> None:
    assert len({builders.an_applicant(serial).national_id for serial in range(1, 200)}) == 199


def test_a_batch_has_a_total_that_no_application_in_it_has() -> None:
    batch = builders.a_batch()
    amounts = {item.application.amount_idr for item in batch.items}
    assert batch.total_idr == 27_311_000
    assert not any(str(batch.total_idr) in str(amount) for amount in amounts)


def test_a_statement_states_the_totals_of_its_rows() -> None:
    statement = builders.a_statement(
        builders.a_repayment(),
        builders.a_repayment(type=RepaymentType.REVERSAL, amount_idr=100_000),
    )
    assert statement.stated_net_idr == sum(row.signed_idr for row in statement.rows)


def test_golden_answers_are_written_once_and_again_only_by_force(tmp_path: Path) -> None:
    folder = honest.write_samples(tmp_path, honest.BANK_SAMPLES)
    connector = connect_plugin(builders.a_partner(), {}, builders.a_plugin(**honest.BANK))
    assert len(write_expected(connector, folder)) == len(honest.BANK_SAMPLES)
    honest.spoil_expected(folder, "KEPUTUSAN-001.txt", approved_idr=1)
    spoilt = (folder / "KEPUTUSAN-001.txt.expected.json").read_text()
    assert write_expected(connector, folder) == []
    assert (folder / "KEPUTUSAN-001.txt.expected.json").read_text() == spoilt
    assert len(write_expected(connector, folder, force=True)) == len(honest.BANK_SAMPLES)
    assert (folder / "KEPUTUSAN-001.txt.expected.json").read_text() != spoilt


def test_a_sample_that_must_be_refused_is_golden_too(tmp_path: Path) -> None:
    folder = honest.write_samples(tmp_path, honest.BANK_SAMPLES)
    (folder / "KEPUTUSAN-003.txt").write_text("H\nD|HRK2600000009|5000000|\n")
    connector = connect_plugin(builders.a_partner(), {}, builders.a_plugin(**honest.BANK))
    write_expected(connector, folder)
    (refused,) = (sample for sample in find_samples(folder) if sample.is_refused)
    assert refused.name == "KEPUTUSAN-003.txt"
    assert refused.expected is not None
    assert refused.expected["error"]["code"] == "file_unreadable"


def test_every_builder_makes_a_value_that_a_plugin_may_answer() -> None:
    answers = {
        "read_acknowledgement": builders.an_acknowledgement(),
        "read_decisions": [builders.a_decision()],
        "read_disbursements": [builders.a_disbursement()],
        "read_repayments": builders.a_statement(),
    }
    hooks = {name: lambda file, one=answer: one for name, answer in answers.items()}
    bank = connect_plugin(builders.a_partner(), {}, builders.a_plugin(**(honest.BANK | hooks)))
    for name in answers:
        getattr(bank, name)(builders.an_inbound_file(kind=FileKind.KEPUTUSAN))
