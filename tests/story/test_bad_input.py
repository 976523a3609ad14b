"""Bad input: a clear refusal with a code in both languages; the rest goes on; nothing is lost."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import xlsxwriter

from gateway.bankkit import answers, envelope
from gateway.bankkit.heads import Written
from gateway.bankkit.pipe import write_pipe
from gateway.clock import read_clock
from gateway.signing import make_signer
from tests.story.town import START, Town, applicant, found_town, group, paid


def codes(ran) -> set[str]:
    return {error["code"] for error in ran.json["errors"]}


def lend_one(town: Town) -> str:
    (reference,) = town.intake([applicant(1)]).json["references"]
    town.submit()
    town.lend({reference: "0101099001"})
    return reference


def quarantined(town: Town) -> dict[str, str]:
    return {row["name"]: row["reason"] for row in town.run("quarantine", "list").json}


# Forms ------------------------------------------------------------------------


def test_an_unknown_column_refuses_its_form_alone_and_names_the_nearest(town: Town) -> None:
    bad, good = town.home / "bad.csv", town.home / "good.jsonl"
    bad.write_text("nik,nama,tgl_lahr\n1,2,3\n", "utf-8")
    good.write_text(json.dumps(applicant(1)) + "\n", "utf-8")
    ran = town.run(
        "intake", str(bad), str(good), "--programme", "bank_harkat", at="2026-08-03T08:00"
    )
    assert (ran.code, ran.json["accepted"]) == (3, 1)
    (error,) = ran.json["errors"]
    assert (error["file"], error["row"], error["code"]) == ("bad.csv", 1, "UNKNOWN_COLUMN")
    assert "tgl_lahir" in error["message_id"]
    assert "tgl_lahir" in error["message_en"]


def test_a_nik_that_excel_stored_as_a_number_is_refused_by_name(town: Town) -> None:
    path = town.home / "form.xlsx"
    rows = [applicant(1), applicant(2)]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for column, name in enumerate(rows[0]):
            sheet.write_string(0, column, name)
            for line, row in enumerate(rows, start=1):
                sheet.write_string(line, column, row[name])
        sheet.write_number(1, 0, int(rows[0]["nik"]))
    ran = town.run("intake", str(path), "--programme", "bank_harkat", at="2026-08-03T08:00")
    assert ran.code == 3
    assert ran.json["accepted"] == 1
    assert ran.json["refused"] == 1
    (error,) = ran.json["errors"]
    assert (error["row"], error["column"], error["code"]) == (2, "nik", "NIK_AS_NUMBER")
    assert "Text" in error["how"]
    assert rows[0]["nik"] not in ran.out + ran.err


def test_an_impossible_date_refuses_its_row_alone(town: Town) -> None:
    ran = town.intake([applicant(1, mulai_usaha="2026-02-30"), applicant(2)])
    assert (ran.code, ran.json["accepted"], ran.json["refused"]) == (3, 1, 1)
    assert codes(ran) == {"DATE_IMPOSSIBLE"}
    assert ran.json["errors"][0]["message_en"]
    assert ran.json["errors"][0]["message_id"]


def test_one_rupiah_above_the_ceiling_refuses_the_whole_group(town: Town) -> None:
    rows = [*group("A", [5_000_000] * 3 + [5_000_001]), *group("B", [5_000_000] * 4, 700)]
    ran = town.intake(rows, "bang_harta")
    assert (ran.code, ran.json["accepted"], ran.json["refused"]) == (3, 4, 4)
    assert codes(ran) == {"GROUP_CEILING"}


def test_no_consent_is_a_blocker_and_not_a_refusal(town: Town) -> None:
    for path in (town.home / "config" / "programmes").glob("*.toml"):
        text = path.read_text("utf-8")
        path.write_text(text.replace('credit_check = "none"', 'credit_check = "registry"'), "utf-8")
    rows = [applicant(1, persetujuan_slik_tgl="", persetujuan_slik_bukti="")]
    ran = town.intake(rows)
    assert ran.json["accepted"] == 1
    town.run("step", "screen", at="2026-08-03T09:00")
    trace = town.run("trace", ran.json["references"][0]).json
    assert trace["state"] == "ON_HOLD"
    assert [blocker["code"] for blocker in trace["blockers"]] == ["NO_CONSENT"]


def test_nobody_without_consent_reaches_a_bank_even_without_a_credit_check(town: Town) -> None:
    town.intake([applicant(1, persetujuan_slik_tgl="", persetujuan_slik_bukti=""), applicant(2)])
    town.submit()
    (container,) = town.bank.received()
    sent = envelope.verify_container(container, town.bank.city)
    assert sent.manifest.count == 1
    assert town.state()["applications"] == {"DELIVERED": 1, "ON_HOLD": 1}


def test_batches_for_a_bank_that_is_not_live_wait_and_say_so(town: Town) -> None:
    path = town.home / "config" / "partners" / "bank_jambi.toml"
    path.write_text(path.read_text("utf-8").replace('"live"', '"rehearsed"'), "utf-8")
    town.intake([applicant(1)])
    for step in ("screen", "batch"):
        town.run("step", step, at="2026-08-05T15:00")
    ran = town.run("step", "deliver", at="2026-08-05T15:30")
    assert (ran.code, ran.json[0]["attention"][0]["code"]) == (3, "NOT_LIVE")
    assert town.bank.received() == []


def test_the_same_form_again_gives_the_first_answer_and_says_so(town: Town) -> None:
    first = town.intake([applicant(1), applicant(2)]).json
    again = town.intake([applicant(1), applicant(2)]).json
    assert (again["accepted"], again["repeated"]) == (0, 2)
    assert again["references"] == first["references"]


# Files from a bank ------------------------------------------------------------


def test_a_wrong_total_refuses_the_file_and_leaves_it_where_it_is(town: Town) -> None:
    reference = lend_one(town)
    good = town.bank.report(
        "2026-09-30", [paid("0101099001", reference, "B1", "2026-09-14")], signed=False
    )
    body = good.content.rsplit(b"T|", 1)[0]
    digest = hashlib.sha256(body).hexdigest()
    wrong = body + f"T|1|429167|0|429167|{digest}\n".encode()
    town.bank.lay(Written(name=good.name, content=wrong))
    ran = town.run("step", "collect", at="2026-09-30T17:00")
    assert ran.code == 3
    assert quarantined(town) == {good.name: "F_CONTROL"}
    assert (town.bank.outbox / good.name).read_bytes() == wrong
    assert town.run("loans").json[0]["paid_idr"] == 0
    town.bank.lay(good)
    assert town.run("step", "collect", at="2026-09-30T17:10").code == 0
    assert town.run("loans").json[0]["paid_idr"] == 429_166
    assert not (town.bank.outbox / good.name).exists()
    assert (town.bank.outbox / "selesai" / good.name).exists()


def test_an_unsigned_file_waits_in_quarantine_until_its_signature_comes(town: Town) -> None:
    reference = lend_one(town)
    written = town.bank.report(
        "2026-09-30", [paid("0101099001", reference, "B1", "2026-09-14")], signed=False
    )
    town.bank.lay(written, signed=False)
    assert town.run("step", "collect", at="2026-09-30T17:00").code == 3
    assert quarantined(town) == {written.name: "SIG_MISSING"}
    assert town.state()["alarms"] == []
    town.run("step", "collect", at="2026-09-30T17:11")
    (alarm,) = town.state()["alarms"]
    assert (alarm["partner"], alarm["code"]) == ("bank_jambi", "SIG_MISSING")
    town.bank.lay(written)
    assert town.run("step", "collect", at="2026-09-30T17:20").code == 0
    assert town.run("loans").json[0]["paid_idr"] == 429_166
    assert quarantined(town) == {}
    assert town.state()["alarms"] == []


def test_a_signature_by_another_certificate_is_refused(town: Town) -> None:
    reference = lend_one(town)
    stranger = envelope.load_signer(*make_signer("Orang lain", START))
    written = town.bank.report(
        "2026-09-30", [paid("0101099001", reference, "B1", "2026-09-14")], signed=False
    )
    town.bank.lay(written, signature=envelope.sign_detached(written.content, stranger))
    ran = town.run("step", "collect", at="2026-09-30T17:00")
    assert ran.code == 3
    assert quarantined(town) == {written.name: "SIG_UNPINNED"}
    note = ran.json[0]["attention"][0]
    assert note["message_id"]
    assert note["message_en"]


def test_a_rehearsed_day_may_lie_before_the_banks_certificate_was_made(town: Town) -> None:
    """With --at in the past; a certificate that starts in the real future stays refused."""
    reference = lend_one(town)
    for start, outcome in ((read_clock() + timedelta(days=9), 3), (read_clock(), 0)):
        certificate, key = make_signer("Tanda tangan baru", start)
        (town.home / "keys" / "bank_jambi.pem").write_bytes(certificate)
        signer = envelope.load_signer(certificate, key)
        written = town.bank.report(
            "2026-09-30",
            [paid("0101099001", reference, "B1", "2026-09-14")],
            signed=False,
            sequence=1,
        )
        town.bank.lay(written, signature=envelope.sign_detached(written.content, signer))
        assert town.run("step", "collect", at="2026-09-30T17:00").code == outcome
    assert town.run("loans").json[0]["paid_idr"] == 429_166


def test_an_unknown_file_is_set_aside_and_the_next_one_is_read(town: Town) -> None:
    reference = lend_one(town)
    town.bank.lay(Written(name="rekap-september.txt", content=b"halo\n"))
    town.bank.report("2026-09-30", [paid("0101099001", reference, "B1", "2026-09-14")])
    ran = town.run("step", "collect", at="2026-09-30T17:00")
    assert ran.code == 3
    assert quarantined(town) == {"rekap-september.txt": "UNKNOWN_FILE"}
    assert (town.bank.outbox / "rekap-september.txt").exists()
    assert town.run("loans").json[0]["paid_idr"] == 429_166


def test_a_link_or_a_strange_name_is_set_aside_and_the_next_file_is_read(town: Town) -> None:
    reference = lend_one(town)
    (town.bank.outbox / "baru\x1b[2Jnama.txt").write_bytes(b"x")
    (town.bank.outbox / "laporan 1571991205850003.txt").write_bytes(b"y")
    town.bank.report("2026-09-30", [paid("0101099001", reference, "B1", "2026-09-14")])
    ran = town.run("step", "collect", at="2026-09-30T17:00")
    assert ran.code == 3
    assert set(quarantined(town).values()) == {"NAME_UNSAFE"}
    assert town.run("loans").json[0]["paid_idr"] == 429_166
    said = ran.out + ran.err + town.run("status").out
    assert "1571991205850003" not in said
    assert "\x1b" not in said


def test_one_unreadable_row_leaves_the_others_to_be_applied(town: Town) -> None:
    reference = lend_one(town)
    good = town.bank.report(
        "2026-09-30",
        [
            paid("0101099001", reference, "B1", "2026-09-14"),
            paid("0101099001", reference, "B2", "2026-09-15", 100),
        ],
        signed=False,
    )
    body = good.content.rsplit(b"T|", 1)[0].replace(b"|20260915|20260915|", b"|20260915|20260931|")
    trailer = good.content.rsplit(b"T|", 1)[1].rsplit(b"|", 1)[0]
    bad = body + b"T|" + trailer + b"|" + hashlib.sha256(body).hexdigest().encode() + b"\n"
    town.bank.lay(Written(name=good.name, content=bad))
    ran = town.run("step", "collect", at="2026-09-30T17:00")
    assert ran.code == 3
    assert ran.json[0]["attention"][0]["code"] == "F_ROW"
    assert town.run("loans").json[0]["paid_idr"] == 429_166
    town.run("step", "reconcile", at="2026-09-30T18:00")
    found = {row["code"]: row["reported_idr"] for row in town.run("mismatches").json}
    assert found["F_ROW"] == 100
    proof = town.run("proof", "--partner", "bank_jambi", "--period", "2026-09").json
    assert (proof["balance_idr"], proof["reported_idr"]) == (0, 429_266)


def test_a_gap_parks_the_later_file_until_the_missing_one_comes(town: Town) -> None:
    reference = lend_one(town)
    first = town.bank.report(
        "2026-09-29", [paid("0101099001", reference, "B1", "2026-09-14")], signed=False
    )
    town.bank.report("2026-09-30", [paid("0101099001", reference, "B2", "2026-09-15", 5)])
    assert town.run("step", "collect", at="2026-09-30T17:00").code == 3
    assert set(quarantined(town).values()) == {"F_GAP"}
    assert town.run("loans").json[0]["paid_idr"] == 0
    town.bank.lay(first)
    assert town.run("step", "collect", at="2026-09-30T17:10").code == 0
    assert town.run("loans").json[0]["paid_idr"] == 429_171
    assert quarantined(town) == {}


def test_the_same_number_with_other_bytes_stops_that_kind_only(town: Town) -> None:
    reference = lend_one(town)
    town.bank.report("2026-09-29", [paid("0101099001", reference, "B1", "2026-09-14")])
    town.run("step", "collect", at="2026-09-29T17:00")
    town.bank.report(
        "2026-09-29", [paid("0101099001", reference, "B9", "2026-09-14", 7)], sequence=1
    )
    town.bank.report(
        "2026-09-30", [paid("0101099001", reference, "B2", "2026-09-15", 5)], sequence=2
    )
    assert town.run("step", "collect", at="2026-09-30T17:00").code == 3
    assert sorted(quarantined(town).values()) == ["F_SAME_SEQ", "F_SAME_SEQ"]
    assert town.run("loans").json[0]["paid_idr"] == 429_166


def test_a_file_may_not_speak_of_another_banks_applications(tmp_path: Path) -> None:
    town = found_town(tmp_path, second_bank=True)
    references = town.intake([applicant(1, bank="bank_jambi"), applicant(2, bank="bank_dua")]).json[
        "references"
    ]
    town.submit()
    for bank in town.banks.values():
        bank.acknowledge("2026-08-06")
    town.bank.decide("2026-08-12", [references[1]])
    assert town.run("step", "collect", at="2026-08-12T17:00").code == 3
    assert set(quarantined(town).values()) == {"MISDIRECTED"}
    assert town.run("trace", references[1]).json["state"] == "ACKNOWLEDGED"


def test_a_receipt_for_other_bytes_is_refused(town: Town) -> None:
    town.intake([applicant(1)])
    town.submit()
    (container,) = town.bank.received()
    original = container.read_bytes()
    town.bank.acknowledge("2026-08-06")
    (receipt,) = [p for p in town.bank.outbox.glob("*TANDATERIMA*") if p.suffix == ".txt"]
    body = receipt.read_bytes().replace(hashlib.sha256(original).hexdigest().encode(), b"0" * 64)
    body = body.rsplit(b"|", 1)[0].rsplit(b"T|", 1)[0]
    trailer = f"T|1|1|0|{hashlib.sha256(body).hexdigest()}\n".encode()
    town.bank.lay(Written(name=receipt.name, content=body + trailer))
    assert town.run("step", "collect", at="2026-08-06T17:00").code == 3
    assert set(quarantined(town).values()) == {"ACK_OTHER_BYTES"}
    assert town.state()["applications"] == {"DELIVERED": 1}


def test_a_receipt_that_forgets_somebody_leaves_the_batch_open_and_says_so(town: Town) -> None:
    references = town.intake([applicant(1), applicant(2)]).json["references"]
    town.submit()
    (container,) = town.bank.received()
    sent = envelope.verify_container(container, town.bank.city)

    def receipt(day: str, reference: str) -> None:
        head = town.bank.head(
            "TANDATERIMA", day, extra=sent.sha256, batch_id=sent.manifest.batch_id
        )
        town.bank.lay(write_pipe(head, [answers.receipt_row(reference)]))

    receipt("2026-08-06", references[0])
    ran = town.run("step", "collect", at="2026-08-06T17:00")
    assert (ran.code, ran.json[0]["attention"][0]["code"]) == (3, "ACK_PARTIAL")
    assert town.state()["batches"][0]["state"] == "SENT"
    receipt("2026-08-07", references[1])
    assert town.run("step", "collect", at="2026-08-07T17:00").code == 0
    assert town.state()["batches"][0]["state"] == "ACKED"
    assert town.state()["applications"] == {"ACKNOWLEDGED": 2}


def test_a_second_loan_for_one_application_is_a_refused_row_and_the_rest_goes_on(
    town: Town,
) -> None:
    reference = lend_one(town)
    town.bank.disburse("2026-08-20", {reference: "0101099555", "HRK2612345678": "0101099556"})
    ran = town.run("step", "collect", at="2026-08-20T17:00")
    assert (ran.code, {note["code"] for note in ran.json[0]["attention"]}) == (
        3,
        {"F_ROW", "DISB_NO_APPROVAL"},
    )
    assert [row["loan"] for row in town.run("loans").json] == ["0101099001", "0101099556"]
    assert quarantined(town) == {}


def test_the_same_disbursement_again_is_counted_once(town: Town) -> None:
    reference = lend_one(town)
    town.bank.disburse("2026-08-14", {reference: "0101099001"})
    ran = town.run("step", "collect", at="2026-08-20T17:00")
    assert (ran.code, ran.json[0]["counts"]["repeated_rows"]) == (0, 1)
    assert len(town.run("loans").json) == 1


def test_a_file_dated_tomorrow_waits_until_it_has_come(town: Town) -> None:
    reference = lend_one(town)
    town.bank.report("2026-10-01", [paid("0101099001", reference, "B1", "2026-09-14")])
    assert town.run("step", "collect", at="2026-09-30T17:00").code == 3
    assert set(quarantined(town).values()) == {"DATE_FUTURE"}
    assert town.run("step", "collect", at="2026-10-01T17:00").code == 0
    assert quarantined(town) == {}


def test_a_wrong_file_is_answered_by_the_right_one_under_another_day(town: Town) -> None:
    reference = lend_one(town)
    rows = [paid("0101099001", reference, "B1", "2026-09-14")]
    wrong = town.bank.report("2026-09-29", rows, signed=False)
    broken = wrong.content.replace(b"|429166|", b"|429167|", 1)
    town.bank.lay(Written(name=wrong.name, content=broken))
    assert town.run("step", "collect", at="2026-09-29T17:00").code == 3
    assert set(quarantined(town).values()) == {"F_CONTROL"}
    (town.bank.outbox / wrong.name).unlink()
    town.bank.report("2026-09-30", rows, sequence=1)
    assert town.run("step", "collect", at="2026-09-30T17:00").code == 0
    assert quarantined(town) == {}
    assert town.state()["alarms"] == []


def test_a_loan_without_approval_is_followed_as_disputed(town: Town) -> None:
    town.intake([applicant(1)])
    town.submit()
    town.bank.disburse("2026-08-14", {"HRK2612345678": "0101099001"})
    ran = town.run("step", "collect", at="2026-08-14T17:00")
    assert (ran.code, ran.json[0]["attention"][0]["code"]) == (3, "DISB_NO_APPROVAL")
    assert [row["disputed"] for row in town.run("loans").json] == [True]


def test_an_approval_above_the_ceiling_is_read_and_shown(town: Town) -> None:
    references = town.intake([applicant(1)]).json["references"]
    town.submit()
    town.bank.acknowledge("2026-08-06")
    town.bank.decide("2026-08-12", references, 50_000_001)
    ran = town.run("step", "collect", at="2026-08-12T17:00")
    assert (ran.code, ran.json[0]["attention"][0]["code"]) == (3, "APPROVED_ABOVE_CEILING")
    assert town.state()["applications"] == {"APPROVED": 1}


def test_a_correction_is_kept_and_shown_but_not_applied_yet(town: Town) -> None:
    reference = lend_one(town)
    town.bank.report("2026-09-29", [paid("0101099001", reference, "B1", "2026-09-14")])
    town.run("step", "collect", at="2026-09-29T17:00")
    town.bank.report(
        "2026-09-30",
        [paid("0101099001", reference, "B1", "2026-09-14", 429_000)],
        sequence=1,
        version=2,
    )
    assert town.run("step", "collect", at="2026-09-30T17:00").code == 3
    assert set(quarantined(town).values()) == {"F_CORRECTION"}


# Configuration and commands ---------------------------------------------------


def test_an_unpinned_host_key_blocks_that_partner_alone(tmp_path: Path) -> None:
    town = found_town(tmp_path, second_bank=True)
    path = town.home / "config" / "partners" / "bank_dua.toml"
    text = path.read_text("utf-8").replace(
        'kind = "folder"\npath = "bank_dua"',
        'kind = "sftp"\nhost = "127.0.0.1"\nuser = "u"\nkey = { file = "keys/index.key" }\n'
        "host_keys = []",
    )
    path.write_text(text, "utf-8")
    town.intake([applicant(1, bank="bank_jambi"), applicant(2, bank="bank_dua")])
    town.run("step", "screen", at="2026-08-05T15:00")
    town.run("step", "batch", at="2026-08-05T15:00")
    ran = town.run("step", "deliver", at="2026-08-05T15:30")
    assert ran.code == 3
    notes = [note for row in ran.json for note in row["attention"]]
    assert [note["code"] for note in notes] == ["HOST_KEY_MISSING"]
    assert len(town.bank.received()) == 1
    assert "HOST_KEY_MISSING" in {alarm["code"] for alarm in town.state()["alarms"]}


def test_a_missing_folder_is_never_sent_and_alarms_in_the_same_cycle(town: Town) -> None:
    town.intake([applicant(1)])
    for step in ("screen", "batch"):
        town.run("step", step, at="2026-08-05T15:00")
    town.bank.inbox.rename(town.bank.root / "hilang")
    ran = town.run("step", "deliver", at="2026-08-05T15:30")
    assert ran.code in (3, 5)
    assert town.state()["batches"][0]["state"] == "SEALED"
    assert len(town.state()["alarms"]) == 1
    (town.bank.root / "hilang").rename(town.bank.inbox)
    assert town.run("step", "deliver", at="2026-08-05T15:40").code == 0
    assert town.state()["alarms"] == []


def test_a_plugin_that_is_not_installed_blocks_that_partner_alone(tmp_path: Path) -> None:
    town = found_town(tmp_path, second_bank=True)
    path = town.home / "config" / "partners" / "bank_dua.toml"
    path.write_text(
        path.read_text("utf-8").replace('"bank_jambi"\nbank', '"bank_jmbi"\nbank'), "utf-8"
    )
    assert town.run("config", "check").code == 3
    town.intake([applicant(1, bank="bank_jambi")])
    assert town.run("step", "screen", at="2026-08-05T15:00").code == 0
    assert town.run("step", "batch", at="2026-08-05T15:00").code == 3
    assert town.state()["applications"] == {"BATCHED": 1}


def test_a_wrong_configuration_ends_with_two_and_a_live_home_refuses_at(town: Town) -> None:
    path = town.home / "config" / "gateway.toml"
    path.write_text(path.read_text("utf-8").replace('"demo"', '"live"', 1), "utf-8")
    assert town.run("status", at="2026-08-03T08:00").code == 2
    path.write_text(path.read_text("utf-8").replace("[page]", "[pge]"), "utf-8")
    ran = town.run("status")
    assert ran.code == 2
    assert "Did you mean 'page'" in ran.json["error"]["message_en"]


def test_a_changed_audit_entry_ends_with_four(town: Town) -> None:
    import sqlite3

    town.intake([applicant(1)])
    with sqlite3.connect(town.home / "state" / "gateway.db") as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute("UPDATE audit SET actor = 'orang lain' WHERE n = 1")
    assert town.run("audit", "verify").code == 4
