"""Silence and deadlines: what did not happen is told, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.town import Town, applicant, found_town, paid


@pytest.fixture
def town(tmp_path: Path) -> Town:
    found = found_town(tmp_path)
    path = found.home / "config" / "partners" / "bank_jambi.toml"
    expected = 'expect = [{ kind = "ANGSURAN", by = "mon-fri 09:00" }]\n[settings]'
    path.write_text(path.read_text("utf-8").replace("[settings]", expected), "utf-8")
    return found


def alarms(town: Town) -> set[str]:
    return {alarm["code"] for alarm in town.state()["alarms"]}


def test_a_receipt_that_does_not_come_raises_an_alarm_that_ends_with_it(town: Town) -> None:
    town.intake([applicant(1)])
    town.submit("2026-08-05")
    assert town.run("step", "watch", at="2026-08-06T10:00").code == 0
    assert town.run("step", "watch", at="2026-08-08T10:00").code == 3
    assert alarms(town) == {"no_ack"}
    town.bank.acknowledge("2026-08-08")
    town.run("step", "collect", at="2026-08-08T11:00")
    assert town.run("step", "watch", at="2026-08-08T12:00").code == 0
    assert alarms(town) == set()


def test_an_approval_that_is_not_used_lapses_after_the_programmes_days(town: Town) -> None:
    references = town.intake([applicant(1)]).json["references"]
    town.submit()
    town.bank.acknowledge("2026-08-06")
    town.bank.decide("2026-08-12", references)
    town.run("step", "collect", at="2026-08-12T17:00")
    town.run("step", "watch", at="2026-09-11T16:00")
    assert town.state()["applications"] == {"APPROVED": 1}
    town.run("step", "watch", at="2026-09-12T16:00")
    assert town.state()["applications"] == {"LAPSED": 1}


def test_an_expected_file_that_does_not_come_is_told_on_bank_days_only(town: Town) -> None:
    references = town.intake([applicant(1)]).json["references"]
    town.submit()
    town.lend({references[0]: "0101099001"})
    assert town.run("step", "watch", at="2026-08-17T09:30").code == 0, "a national holiday"
    assert town.run("step", "watch", at="2026-08-18T09:30").code == 3
    assert alarms(town) == {"expected_file"}
    town.bank.report("2026-08-18", [paid("0101099001", references[0], "B1", "2026-08-18", 1)])
    town.run("step", "collect", at="2026-08-18T10:00")
    assert town.run("step", "watch", at="2026-08-18T10:30").code == 0
    assert alarms(town) == set()
