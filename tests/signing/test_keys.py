"""Keys: made here, read by openssl and OpenSSH, refused when they do not fit."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.errors import ConfigError
from gateway.signing import (
    Signer,
    fingerprint,
    load_certificates,
    load_signer,
    make_ssh_key,
    ssh_fingerprint,
)
from tests.signing.conftest import NOW
from tests.support.openssl import KeyFiles, make_key_files


def test_a_new_signer_is_rsa_3072_and_valid_from_the_day_before(bank: Signer) -> None:
    assert isinstance(bank.private_key, rsa.RSAPrivateKey)
    assert bank.private_key.key_size == 3072
    assert bank.certificate.not_valid_before_utc == NOW - timedelta(days=1)
    assert bank.certificate.not_valid_after_utc > NOW + timedelta(days=3640)


def test_the_fingerprint_is_the_one_openssl_shows(bank: Signer, bank_files: KeyFiles) -> None:
    words = ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in"]
    shown = subprocess.run([*words, bank_files.certificate], capture_output=True, check=True)
    assert shown.stdout.decode().split("=")[1].strip().replace(":", "").lower() == fingerprint(
        bank.certificate
    )


def test_the_private_key_never_shows_in_a_repr(bank: Signer) -> None:
    assert "private_key" not in repr(bank)


def test_a_key_of_somebody_else_is_refused(
    bank_pems: tuple[bytes, bytes], stranger_pems: tuple[bytes, bytes]
) -> None:
    with pytest.raises(ConfigError, match="does not belong"):
        load_signer(bank_pems[0], stranger_pems[1])


def test_an_ed25519_key_is_refused_because_openssl_cannot_verify_it(tmp_path: Path) -> None:
    files = make_key_files(tmp_path, "ed", "ed25519")
    with pytest.raises(ConfigError, match="RSA or P-256"):
        load_signer(files.certificate.read_bytes(), files.key.read_bytes())


@pytest.mark.parametrize(
    "pem", [b"", b"no pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_an_unreadable_certificate_is_a_configuration_problem(pem: bytes) -> None:
    with pytest.raises(ConfigError):
        load_certificates(pem)


def test_an_unreadable_key_is_a_configuration_problem(bank_pems: tuple[bytes, bytes]) -> None:
    with pytest.raises(ConfigError, match="unencrypted PEM"):
        load_signer(bank_pems[0], b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")


def test_an_ssh_key_is_one_that_openssh_reads(tmp_path: Path) -> None:
    private, public = make_ssh_key()
    path = tmp_path / "key"
    path.write_bytes(private)
    path.chmod(0o600)
    shown = subprocess.run(["ssh-keygen", "-y", "-f", path], capture_output=True, check=True)
    assert shown.stdout.decode().split()[:2] == public.split()
    listed = subprocess.run(["ssh-keygen", "-l", "-f", path], capture_output=True, check=True)
    assert listed.stdout.decode().split()[1] == ssh_fingerprint(public)


@pytest.mark.parametrize("line", ["", "ssh-ed25519", "ssh-ed25519 ***"])
def test_something_that_is_no_public_line_has_no_fingerprint(line: str) -> None:
    with pytest.raises(ConfigError):
        ssh_fingerprint(line)
