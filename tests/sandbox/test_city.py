"""The whole pretend city: it writes itself into a home and answers on loopback."""

from __future__ import annotations

import io
import ssl
import tomllib
from datetime import datetime
from http.client import HTTPSConnection
from pathlib import Path

import paramiko
import pytest
from cryptography import x509

from gateway.bankkit.heads import WIB
from gateway.errors import ConfigError
from gateway.sandbox.city import SandboxCity
from gateway.sandbox.faults import Faults, load_faults
from gateway.sandbox.keys import make_host_key
from gateway.sandbox.partner_files import set_values
from tests.sandbox.pretend_city import HandMadeCity, some_rows

NOW = datetime(2026, 8, 3, 8, tzinfo=WIB)
CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "keys").mkdir(parents=True)
    partners = home / "config" / "partners"
    partners.mkdir(parents=True)
    for path in (CONFIG / "partners").glob("*.toml"):
        (partners / path.name).write_bytes(path.read_bytes())
        private, public = make_host_key()
        (home / "keys" / f"{path.stem}_ssh").write_bytes(private)
        (home / "keys" / f"{path.stem}_ssh.pub").write_text(public)
    return home


def the_citys_key(home: Path) -> HandMadeCity:
    city = HandMadeCity(home.parent / "hand")
    (home / "keys" / "kota-jambi-signers.pem").write_bytes(city.certificate.read_bytes())
    return city


def partner(home: Path, code: str) -> dict[str, dict[str, object]]:
    return tomllib.loads((home / "config" / "partners" / f"{code}.toml").read_text())


def test_the_city_writes_itself_into_the_partner_files(home: Path) -> None:
    the_citys_key(home)
    before = partner(home, "bpr_kenali")
    with_comments = (home / "config" / "partners" / "bpr_kenali.toml").read_text().count("#")
    city = SandboxCity(home.parent / "bank", seed=1)
    city.prepare(home, NOW)
    city.stop()
    after = partner(home, "bpr_kenali")
    assert after["settings"] == before["settings"]
    assert after["schedule"] == before["schedule"]
    assert after["channel"]["host"] == "127.0.0.1"
    assert str(after["channel"]["host_keys"]).startswith("['ssh-ed25519 ")
    assert after["stage"] == "live"
    text = (home / "config" / "partners" / "bpr_kenali.toml").read_text()
    assert text.count("#") >= with_comments - 2
    http = partner(home, "bpr_batanghari")["channel"]
    assert str(http["url"]).startswith("https://127.0.0.1:")
    for name in ("client_certificate", "client_key", "ca_file"):
        assert (home / str(http[name])).is_file()
    assert (home / "keys" / "bpr_batanghari_tls.key").stat().st_mode & 0o077 == 0
    assert "signing" not in partner(home, "slik")


def test_certificates_are_valid_for_twenty_years(home: Path) -> None:
    the_citys_key(home)
    city = SandboxCity(home.parent / "bank", seed=1)
    city.prepare(home, NOW)
    city.stop()
    made = [*home.glob("keys/bank_jambi.pem"), *home.glob("keys/bpr_*.pem")]
    assert len(made) == 5
    for path in made:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        assert certificate.not_valid_before_utc.year == 2026
        assert certificate.not_valid_after_utc.year == 2046


def test_a_home_without_its_keys_is_told_which(home: Path) -> None:
    (home / "keys" / "slik_ssh.pub").unlink()
    with pytest.raises(ConfigError, match=r"slik_ssh\.pub") as caught:
        SandboxCity(home.parent / "bank", seed=1).prepare(home, NOW)
    assert "kota-jambi-signers.pem" in str(caught.value)


def test_a_home_in_real_use_is_left_alone(home: Path) -> None:
    the_citys_key(home)
    (home / "config" / "gateway.toml").write_text('[gateway]\nstage = "live"\n')
    before = (home / "config" / "partners" / "bank_jambi.toml").read_bytes()
    with pytest.raises(ConfigError, match="live"):
        SandboxCity(home.parent / "bank", seed=1).prepare(home, NOW)
    assert (home / "config" / "partners" / "bank_jambi.toml").read_bytes() == before


def test_a_batch_brought_over_the_wire_is_acknowledged(home: Path) -> None:
    hand = the_citys_key(home)
    city = SandboxCity(home.parent / "bank", seed=1)
    city.prepare(home, NOW)
    with city:
        channel = partner(home, "bank_jambi")["channel"]
        key = paramiko.Ed25519Key(
            file_obj=io.StringIO((home / "keys" / "bank_jambi_ssh").read_text())
        )
        transport = paramiko.Transport(("127.0.0.1", int(str(channel["port"]))))
        transport.connect(username=str(channel["user"]), pkey=key)
        sftp = paramiko.SFTPClient.from_transport(transport)
        assert sftp is not None
        local = home.parent / "out"
        local.mkdir()
        name, _ = hand.submit("bank_jambi", local, some_rows(3))
        for file in (name, f"{name}.p7s"):
            sftp.put(str(local / file), f"masuk/{file}")
        assert city.tick(NOW)["bank_jambi"] == ["115.157100.TANDATERIMA.20260803.001.txt"]
        assert sorted(sftp.listdir("keluar")) == [
            "115.157100.TANDATERIMA.20260803.001.txt",
            "115.157100.TANDATERIMA.20260803.001.txt.p7s",
            "selesai",
        ]
        transport.close()
        assert city.complaints == []


def test_a_restart_keeps_keys_and_ports(home: Path) -> None:
    the_citys_key(home)
    seen = []
    for _ in range(2):
        city = SandboxCity(home.parent / "bank", seed=1)
        city.prepare(home, NOW)
        with city:
            http = partner(home, "bpr_batanghari")["channel"]
            context = ssl.create_default_context(cafile=str(home / str(http["ca_file"])))
            context.load_cert_chain(
                home / str(http["client_certificate"]), home / str(http["client_key"])
            )
            port = int(str(http["url"]).rpartition(":")[2])
            asked = HTTPSConnection("127.0.0.1", port, context=context, timeout=5)
            asked.request("GET", "/keluar/")
            assert asked.getresponse().status == 200
            asked.close()
        seen.append([path.read_bytes() for path in sorted(home.glob("keys/*.pem"))])
        seen.append([partner(home, "bank_jambi")["channel"]["host_keys"]])
    assert seen[:2] == seen[2:]


def test_lines_of_a_partner_file_change_alone() -> None:
    text = (
        'a = 1 # one\n[channel]\n# note\nhosts = [\n  "x",\n]\nport = 22\n\n[settings]\nport = 5\n'
    )
    changed = set_values(
        text, {("channel", "hosts"): '["y"]', ("channel", "user"): '"u"', ("new", "k"): "1"}
    )
    assert changed == (
        'a = 1 # one\n[channel]\n# note\nhosts = ["y"]\nport = 22\nuser = "u"\n\n[settings]\n'
        "port = 5\n\n[new]\nk = 1\n"
    )


def test_faults_come_from_a_file_and_wrong_ones_are_told(tmp_path: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text('[bank_jambi]\nrefuse_logins = 2\nunsigned = "KEPUTUSAN"\n')
    assert load_faults(path) == {
        "bank_jambi": Faults(refuse_logins=2, unsigned="KEPUTUSAN"),
    }
    path.write_text('[bank_jambi]\nrefuse_logins = "2"\nexplode = true\n')
    with pytest.raises(ConfigError) as caught:
        load_faults(path)
    assert len(caught.value.problems) == 2
