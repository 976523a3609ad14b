"""What we sign, a bank with openssl alone can verify."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.signing import Signer, load_certificates, load_signer, sign_detached, verify_detached
from tests.signing.conftest import NOW
from tests.support.openssl import KeyFiles, bank_accepts, make_key_files

CONTENT = b"H|PENGAJUAN|1.0|115|157100|20260803|001|IDR\nT|0|0|" + bytes(range(256))


def test_the_banks_verification_line_passes(
    tmp_path: Path, bank: Signer, bank_files: KeyFiles
) -> None:
    signature = sign_detached(CONTENT, bank, NOW)
    assert bank_accepts(tmp_path, CONTENT, signature, bank_files.certificate)


def test_the_banks_verification_line_fails_after_one_changed_byte(
    tmp_path: Path, bank: Signer, bank_files: KeyFiles
) -> None:
    signature = sign_detached(CONTENT, bank, NOW)
    changed = CONTENT[:-1] + b"\0"
    assert not bank_accepts(tmp_path, changed, signature, bank_files.certificate)


def test_the_banks_verification_line_fails_for_another_signer(
    tmp_path: Path, stranger: Signer, bank_files: KeyFiles
) -> None:
    signature = sign_detached(CONTENT, stranger, NOW)
    assert not bank_accepts(tmp_path, CONTENT, signature, bank_files.certificate)


@pytest.mark.parametrize("content", [b"", b"\r\n\n\r", bytes(3_000_000)])
def test_empty_and_binary_and_large_content_signs(
    tmp_path: Path, bank: Signer, bank_files: KeyFiles, content: bytes
) -> None:
    signature = sign_detached(content, bank, NOW)
    assert bank_accepts(tmp_path, content, signature, bank_files.certificate)
    verify_detached("X", content, signature, [bank.certificate], NOW)


@pytest.mark.parametrize("curve", ["P-256", "P-384"])
def test_a_p256_key_signs_too(tmp_path: Path, curve: str) -> None:
    files = make_key_files(tmp_path, "kota", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}")
    signer = load_signer(files.certificate.read_bytes(), files.key.read_bytes())
    now = signer.certificate.not_valid_before_utc + timedelta(days=1)
    signature = sign_detached(CONTENT, signer, now)
    assert bank_accepts(tmp_path, CONTENT, signature, files.certificate)
    verify_detached("X", CONTENT, signature, [signer.certificate], now)


def test_a_bank_holds_two_certificates_while_the_city_changes_its_key(
    tmp_path: Path, bank_files: KeyFiles, stranger: Signer, stranger_pems: tuple[bytes, bytes]
) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(bank_files.certificate.read_bytes() + stranger_pems[0])
    assert len(load_certificates(both.read_bytes())) == 2
    assert bank_accepts(tmp_path, CONTENT, sign_detached(CONTENT, stranger, NOW), both)


def test_the_same_bytes_at_the_same_time_get_the_same_signature(bank: Signer) -> None:
    assert sign_detached(CONTENT, bank, NOW) == sign_detached(CONTENT, bank, NOW)
