"""Commands as people and scripts meet them: exit codes, one JSON document, who may do what."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.story.town import Town, applicant, found_town, paid

GATEWAY = Path(sys.executable).with_name("gateway")


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return found_town(tmp_path)


def with_mismatch(town: Town) -> int:
    """A town with one open mismatch and two users; its number."""
    (reference,) = town.intake([applicant(1)]).json["references"]
    town.submit()
    town.lend({reference: "0101099001"})
    town.bank.report("2026-09-30", [paid("0101099777", "", "B1", "2026-09-14", 5_000)])
    for step in ("collect", "reconcile"):
        town.run("step", step, at="2026-09-30T17:00")
    (row,) = [row for row in town.run("mismatches").json if row["code"] == "UNKNOWN_LOAN"]
    return row["id"]


def add_user(town: Town, name: str, *roles: str) -> dict[str, str]:
    words = [word for role in roles for word in ("--role", role)]
    added = town.run("user", "add", name, *words, env={"GATEWAY_PASSWORD": "sandi-uji-coba-9"})
    assert added.code == 0, added.err
    return {"GATEWAY_TOKEN": town.run("user", "token", name).json["token"]}


def test_who_proposed_may_not_settle_and_another_may(town: Town) -> None:
    number = str(with_mismatch(town))
    siti = add_user(town, "siti", "bendahara", "verifikator")
    budi = add_user(town, "budi", "verifikator")
    words = ("--reason", "dana titipan nasabah lain")
    done = town.run("decide", number, "ask_bank", *words, "--user", "siti", env=siti)
    assert (done.code, done.json["state"]) == (0, "PROPOSED")
    done = town.run("decide", number, "settle", *words, "--user", "siti", env=siti)
    assert (done.code, done.json["error"]["code"]) == (2, "same_person_twice")
    done = town.run("decide", number, "settle", *words, "--user", "budi", env=budi)
    assert (done.code, done.json["state"]) == (0, "SETTLED")


def test_a_decision_needs_a_token_a_role_a_reason_and_a_known_action(town: Town) -> None:
    number = str(with_mismatch(town))
    siti = add_user(town, "siti", "bendahara")
    good = ("--reason", "sudah dibicarakan", "--user", "siti")
    for words, env, code in (
        (("carry", *good), {}, "access_denied"),
        (("settle", *good), siti, "access_denied"),
        (("carry", "--reason", "sudah dibicarakan", "--user", "budi"), siti, "access_denied"),
        (("carry", "--reason", "", "--user", "siti"), siti, "REASON_LENGTH"),
        (("hapus", *good), siti, "UNKNOWN_ACTION"),
    ):
        done = town.run("decide", number, *words, env={"GATEWAY_TOKEN": "", **env})
        assert (done.code, done.json["error"]["code"]) == (2, code)
    assert town.run("decide", "999", "carry", *good, env=siti).json["error"]["code"] == (
        "UNKNOWN_MISMATCH"
    )


def test_a_discarded_file_ends_its_alarm(town: Town) -> None:
    (town.bank.outbox / "rekap.txt").write_bytes(b"halo\n")
    town.run("step", "collect", at="2026-08-05T09:00")
    town.run("step", "collect", at="2026-08-05T09:30")
    assert [alarm["code"] for alarm in town.state()["alarms"]] == ["SIG_MISSING"]
    (held,) = town.run("quarantine", "list").json
    ina = add_user(town, "ina", "it")
    done = town.run(
        "quarantine", "discard", held["sha256"], "--reason", "salah kirim", "--user", "ina", env=ina
    )
    assert (done.code, done.json["state"]) == (0, "DISCARDED")
    assert town.state()["alarms"] == []
    assert town.run("quarantine", "list").code == 0
    again = town.run("step", "collect", at="2026-08-05T10:00")
    assert (again.code, again.json[0]["counts"]["discarded"]) == (0, 1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("trace", "HRK2699999999"), "UNKNOWN_REFERENCE"),
        (("proof", "--partner", "bank_jambi", "--period", "2020-01"), "NOT_RECONCILED"),
        (("step", "terbang"), "UNKNOWN_STEP"),
        (("step", "collect", "--partner", "bank_lain"), "UNKNOWN_PARTNER"),
        (("mismatches", "--state", "ENTAH"), "UNKNOWN_STATE"),
        (("user", "token", "siapa"), "UNKNOWN_USER"),
        (("user", "add", "siapa", "--role", "it"), "PASSWORD_NEEDED"),
    ],
)
def test_asking_for_what_is_not_there_ends_with_two(
    town: Town, words: tuple[str, ...], code: str
) -> None:
    done = town.run(*words, env={"GATEWAY_PASSWORD": ""})
    assert (done.code, done.json["error"]["code"]) == (2, code)
    assert done.json["error"]["message_id"] != done.json["error"]["message_en"]


def test_a_folder_that_is_no_home_ends_with_two_and_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [GATEWAY, "--home", tmp_path, "status"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "init" in done.stderr


def test_init_touches_nothing_that_exists(town: Town) -> None:
    assert town.run("init").code == 2


def test_options_stand_before_or_after_the_command_and_home_in_the_environment(
    town: Town,
) -> None:
    def run(*words: str, **env: str) -> object:
        done = subprocess.run(
            [GATEWAY, *words], capture_output=True, text=True, check=True, env={"PATH": "", **env}
        )
        return json.loads(done.stdout)["applications"]

    town.intake([applicant(1)])
    home = str(town.home)
    assert run("--home", home, "--json", "status") == {"RECEIVED": 1}
    assert run("status", "--json", "--home", home) == {"RECEIVED": 1}
    assert run("status", "--json", GATEWAY_HOME=home) == {"RECEIVED": 1}


def test_the_public_keys_and_the_form_are_written(town: Town, tmp_path: Path) -> None:
    assert town.run("keys", "export", str(tmp_path / "out")).code == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert "kota-jambi-signers.pem" in names
    assert not any("PRIVATE" in path.read_text("utf-8") for path in (tmp_path / "out").iterdir())
    form = tmp_path / "form.xlsx"
    assert town.run("intake", "--programme", "bank_harkat", "--template", str(form)).code == 0
    assert form.read_bytes().startswith(b"PK")


def test_three_plugins_are_installed_and_keep_the_contract(town: Town) -> None:
    listed = town.run("plugins").json
    assert [row["name"] for row in listed] == ["bank_jambi", "bpr_generic", "ojk_slik"]
    assert all(row["error"] == "" for row in listed)
    for name in ("bank_jambi", "bpr_generic", "ojk_slik"):
        done = town.run("plugin", "check", name)
        assert done.code == 0, done.err
        assert all(row["passed"] for row in done.json)


def test_a_changed_kept_file_ends_with_four(town: Town) -> None:
    town.intake([applicant(1)])
    assert town.run("audit", "verify").code == 0
    (kept,) = [p for p in (town.home / "state" / "blobs").rglob("*") if p.is_file()]
    damaged = bytearray(kept.read_bytes())
    damaged[-1] ^= 1
    kept.chmod(0o600)
    kept.write_bytes(damaged)
    done = town.run("audit", "verify")
    assert (done.code, done.json["verified"], len(done.json["broken_files"])) == (4, False, 1)


def test_help_imports_no_web_and_no_database() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from gateway.cli import main;"
        "CliRunner().invoke(main, ['--help']);"
        "print([m for m in ('flask', 'sqlalchemy', 'duckdb', 'paramiko') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
