"""One bank, a few people: each stretch of the road, by the commands that people use."""

from __future__ import annotations

import contextlib
import json
import subprocess
from pathlib import Path

from gateway.app import open_gateway
from gateway.bankkit import envelope
from gateway.steps.deliver import deliver_batches
from gateway.store import applications
from tests.story.town import START, Town, applicant, found_town, group, paid


def test_five_people_reach_the_bank_in_one_signed_container(town: Town) -> None:
    taken = town.intake([applicant(n) for n in range(5)])
    assert (taken.code, taken.json["accepted"]) == (0, 5)
    town.submit()
    (container,) = town.bank.received()
    assert container.name == "KJ-bank_jambi-pengajuan-000001.zip"
    state = town.state()
    assert state["applications"] == {"DELIVERED": 5}
    assert state["batches"][0]["state"] == "SENT"


def test_the_documented_openssl_line_accepts_a_batch_and_refuses_a_changed_byte(
    town: Town,
) -> None:
    town.intake([applicant(1)])
    town.submit()
    (container,) = town.bank.received()

    def verify() -> int:
        line = (
            f"openssl cms -verify -binary -inform DER -in {container}.p7s -content {container}"
            f" -CAfile {town.bank.city} -partial_chain -purpose any -out /dev/null"
        )
        return subprocess.run(line.split(), capture_output=True, check=False).returncode

    assert verify() == 0
    damaged = bytearray(container.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    container.write_bytes(damaged)
    assert verify() != 0


def test_a_loan_goes_from_application_to_a_proven_month(town: Town) -> None:
    references = town.intake([applicant(1), applicant(2)]).json["references"]
    town.submit()
    town.lend(dict(zip(references, ("0101099001", "0101099002"), strict=True)))
    town.bank.report(
        "2026-09-30",
        [
            paid("0101099001", references[0], "BJM1", "2026-09-14", instalment=1),
            paid("0101099002", references[1], "BJM2", "2026-09-14", 200_000, instalment=1),
            paid("0101099777", "", "BJM3", "2026-09-15", 150_000),
        ],
    )
    assert town.run("step", "collect", at="2026-09-30T17:00").code == 0
    assert town.run("step", "reconcile", at="2026-09-30T18:00").code == 0
    found = {row["code"]: row for row in town.run("mismatches").json}
    assert found["PARTIAL"]["difference_idr"] == 200_000 - 429_166
    assert found["UNKNOWN_LOAN"]["reported_idr"] == 150_000
    proof = town.run("proof", "--partner", "bank_jambi", "--period", "2026-09").json
    assert proof["balance_idr"] == 0
    assert proof["reported_idr"] == 429_166 + 200_000 + 150_000
    assert proof["expected_idr"] == proof["allocated_idr"] + proof["expected_residual_idr"]
    loans = town.run("loans").json
    assert {row["paid_idr"] for row in loans} == {429_166, 200_000}
    assert town.run("audit", "verify").json["verified"] is True


def test_repeating_every_step_changes_nothing(town: Town) -> None:
    references = town.intake([applicant(1)]).json["references"]
    town.submit()
    town.lend({references[0]: "0101099001"})
    town.bank.report("2026-09-30", [paid("0101099001", references[0], "B1", "2026-09-14")])
    for step in ("collect", "reconcile"):
        town.run("step", step, at="2026-09-30T17:00")
    before = (town.state(), town.run("audit", "head").json, town.run("mismatches", "--all").json)
    for step in ("screen", "batch", "deliver", "collect", "reconcile"):
        assert town.run("step", step, at="2026-09-30T17:30").code == 0
    after = (town.state(), town.run("audit", "head").json, town.run("mismatches", "--all").json)
    again = town.run("step", "reconcile", at="2026-09-30T17:45").json
    assert again[0]["counts"] == {"unchanged": 1}
    assert before[0]["batches"] == after[0]["batches"]
    assert before[1:] == after[1:]


def test_a_group_of_four_is_one_loan_under_its_leader(town: Town) -> None:
    taken = town.intake(group("A", [5_000_000] * 4), "bang_harta")
    assert taken.json["accepted"] == 4, taken.err
    town.submit()
    trace = town.run("trace", taken.json["references"][0]).json
    (group_reference,) = {row["reference"] for row in [town.run("trace", "KBHT2600000001").json]}
    assert trace["state"] == "DELIVERED"
    town.bank.acknowledge("2026-08-06")
    town.bank.decide("2026-08-12", [group_reference], 20_000_000)
    town.bank.disburse("2026-08-14", {group_reference: "0101099009"}, 20_000_000)
    assert town.run("step", "collect", at="2026-08-14T17:00").code == 0
    assert town.state()["applications"] == {"DISBURSED": 4}
    (loan,) = town.run("loans").json
    assert loan["group"] == group_reference
    assert loan["principal_idr"] == 20_000_000


def test_the_plain_container_sends_the_data_file_itself(tmp_path: Path) -> None:
    town = found_town(tmp_path, container="plain")
    town.intake([applicant(1)])
    town.submit()
    names = sorted(path.name for path in town.bank.inbox.iterdir())
    assert names == [
        "115.157100.PENGAJUAN.20260805.001.txt",
        "115.157100.PENGAJUAN.20260805.001.txt.p7s",
    ]


def test_what_a_crash_left_half_sent_is_finished_once(town: Town) -> None:
    class Died(Exception):
        pass

    for place in ("put", "claimed", "published", "recorded"):
        count = len(list(town.bank.inbox.glob("KJ-*.zip")))
        town.intake([applicant(hash(place) % 1000 + count)])
        for step in ("screen", "batch"):
            town.run("step", step, at="2026-08-05T15:00")

        def die(name: str, place: str = place) -> None:
            if name == place:
                raise Died

        with open_gateway(town.home) as gateway, contextlib.suppress(Died):
            deliver_batches(
                gateway.store,
                "bank_jambi",
                gateway.channel("bank_jambi"),
                START,
                "uji",
                new_token=gateway.new_token,
                checkpoint=die,
            )
        assert town.run("step", "deliver", at="2026-08-05T15:40").code == 0
        assert len(list(town.bank.inbox.glob("KJ-*.zip"))) == count + 1
        assert len(list(town.bank.inbox.glob("KJ-*.p7s"))) == count + 1
    assert town.state()["applications"] == {"DELIVERED": 4}


def test_no_person_is_named_in_log_file_names_or_audit(town: Town) -> None:
    row = applicant(7, nama="Kenanga Rahasiawati")
    town.intake([row])
    town.submit()
    shown = json.dumps(town.run("status").json) + json.dumps(
        town.run("trace", "HRK2600000001").json
    )
    names = "".join(str(path) for path in town.home.rglob("*"))
    for secret in (row["nik"], "Kenanga", "Rahasiawati", row["no_hp"][1:]):
        assert secret not in shown
        assert secret not in names
        for path in (town.home / "state").rglob("*"):
            if path.is_file():
                assert secret.encode() not in path.read_bytes(), path


def test_a_consent_withdrawn_after_screening_keeps_the_application_at_home(town: Town) -> None:
    references = town.intake([applicant(1), applicant(2)]).json["references"]
    town.run("step", "screen", at="2026-08-05T15:00")
    with open_gateway(town.home) as gateway, gateway.store.begin(START, "uji") as tx:
        applications.withdraw_consent(tx, references[0])
    town.submit()
    (container,) = town.bank.received()
    assert envelope.verify_container(container, town.bank.city).manifest.count == 1
    town.run("step", "screen", at="2026-08-05T16:00")
    assert town.state()["applications"] == {"DELIVERED": 1, "ON_HOLD": 1}
