"""The road over a real OpenSSH server: real negotiation, real permissions, real renames."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.signing import make_ssh_key
from tests.story.town import Town, applicant, found_town, paid
from tests.support.openssh import OpenSsh, run_openssh

CHANNEL = """kind = "sftp"
host = "127.0.0.1"
port = {port}
user = "{user}"
key = {{ file = "keys/bank_jambi_ssh" }}
host_keys = ["{host_key}"]"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Town, OpenSsh]]:
    """A town whose bank stands behind OpenSSH's own server."""
    town = found_town(tmp_path)
    folder = tmp_path / "sshd"
    folder.mkdir()
    with run_openssh(folder, town.bank.root) as server:
        key = town.home / "keys" / "bank_jambi_ssh"
        key.write_bytes(server.private_key_pem)
        key.chmod(0o600)
        set_channel(town, server, server.host_key)
        yield town, server


def set_channel(town: Town, server: OpenSsh, host_key: str) -> None:
    path = town.home / "config" / "partners" / "bank_jambi.toml"
    before, _, rest = path.read_text("utf-8").partition("[channel]\n")
    _, _, after = rest.partition("[signing]")
    channel = CHANNEL.format(port=server.port, user=server.user, host_key=host_key)
    path.write_text(f"{before}[channel]\n{channel}\n[signing]{after}", "utf-8")


def test_the_whole_road_runs_over_openssh(served: tuple[Town, OpenSsh]) -> None:
    town, _ = served
    references = town.intake([applicant(1), applicant(2)]).json["references"]
    town.submit()
    assert len(town.bank.received()) == 1
    town.lend(dict(zip(references, ("0101099001", "0101099002"), strict=True)))
    town.bank.report(
        "2026-09-30", [paid("0101099001", references[0], "BJM1", "2026-09-14", instalment=1)]
    )
    assert town.run("step", "collect", at="2026-09-30T17:00").code == 0
    assert town.run("step", "reconcile", at="2026-09-30T18:00").code == 0
    assert (
        town.run("proof", "--partner", "bank_jambi", "--period", "2026-09").json["balance_idr"] == 0
    )
    left = sorted(path.name for path in town.bank.outbox.iterdir())
    assert left == ["selesai"], "what was taken in was moved, and nothing else lies there"
    assert not [path for path in town.bank.inbox.iterdir() if path.name.startswith(".")]
    assert town.run("doctor", "bank_jambi").code == 0


def test_a_server_with_another_host_key_is_never_logged_in_to(
    served: tuple[Town, OpenSsh],
) -> None:
    town, server = served
    _, stranger = make_ssh_key()
    set_channel(town, server, stranger)
    town.intake([applicant(1)])
    for step in ("screen", "batch"):
        town.run("step", step, at="2026-08-05T15:00")
    ran = town.run("step", "deliver", at="2026-08-05T15:30")
    assert ran.code == 3
    assert ran.json[0]["attention"][0]["code"] == "HOST_KEY_UNPINNED"
    assert "Accepted publickey" not in server.logged
    assert town.state()["batches"][0]["state"] == "SEALED"
    set_channel(town, server, server.host_key)
    assert town.run("step", "deliver", at="2026-08-05T15:40").code == 0
    assert len(town.bank.received()) == 1


def test_a_missing_folder_is_refused_and_never_called_sent(
    served: tuple[Town, OpenSsh],
) -> None:
    town, _ = served
    town.intake([applicant(1)])
    for step in ("screen", "batch"):
        town.run("step", step, at="2026-08-05T15:00")
    town.bank.inbox.rename(town.bank.root / "lain")
    ran = town.run("step", "deliver", at="2026-08-05T15:30")
    assert ran.code == 3
    assert town.state()["batches"][0]["state"] == "SEALED"
    assert len(town.state()["alarms"]) == 1
