"""Only a detached DER signature by one pinned certificate over these very bytes is believed."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from gateway.errors import SignatureInvalid
from gateway.signing import (
    Refusal,
    Signer,
    fingerprint,
    load_certificates,
    sign_detached,
    verify_detached,
)
from gateway.signing import shapes as cms
from tests.signing.conftest import NOW
from tests.support.openssl import KeyFiles, make_key_files, sign_with_openssl, write_key_files

NAME = "115.157100.ANGSURAN.20260803.001.txt"
CONTENT = b"H|ANGSURAN|1.0|115|157100|20260803|001|IDR\nD|1|\nT|1|\n"
GOLDEN = Path(__file__).parent / "golden"


def refusal(
    signature: bytes,
    pinned: list[x509.Certificate],
    content: bytes = CONTENT,
    now: datetime = NOW,
) -> str:
    with pytest.raises(SignatureInvalid) as caught:
        verify_detached(NAME, content, signature, pinned, now)
    error = caught.value
    assert NAME in error.text("id")
    assert NAME in error.text("en")
    assert error.how_id
    assert error.how_en
    return error.reason


def test_our_own_signature_names_the_pinned_certificate(bank: Signer) -> None:
    signature = sign_detached(CONTENT, bank, NOW)
    assert verify_detached(NAME, CONTENT, signature, [bank.certificate], NOW) == fingerprint(
        bank.certificate
    )


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("-md", "sha384"),
        ("-md", "sha512"),
        ("-keyid",),
        ("-cades",),
        ("-nocerts",),
        ("-nosmimecap",),
    ],
    ids=" ".join,
)
def test_what_openssl_signs_is_accepted(
    tmp_path: Path, bank: Signer, bank_files: KeyFiles, options: tuple[str, ...]
) -> None:
    signature = sign_with_openssl(tmp_path, CONTENT, bank_files, options=options)
    verify_detached(NAME, CONTENT, signature, [bank.certificate], NOW)


@pytest.mark.parametrize("salt", ["digest", "max", "8"])
def test_rsa_pss_is_accepted_with_any_salt(
    tmp_path: Path, bank: Signer, bank_files: KeyFiles, salt: str
) -> None:
    words = ("-keyopt", "rsa_padding_mode:pss", "-keyopt", f"rsa_pss_saltlen:{salt}")
    signature = sign_with_openssl(tmp_path, CONTENT, bank_files, options=words)
    verify_detached(NAME, CONTENT, signature, [bank.certificate], NOW)


def test_rsa_pss_with_sha1_inside_is_refused(
    tmp_path: Path, bank: Signer, bank_files: KeyFiles
) -> None:
    words = ("-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_mgf1_md:sha1")
    signature = sign_with_openssl(tmp_path, CONTENT, bank_files, options=words)
    assert refusal(signature, [bank.certificate]) == Refusal.ALGORITHM


@pytest.mark.parametrize(("curve", "digest"), [("P-256", "sha256"), ("P-384", "sha384")])
def test_elliptic_curves_are_accepted(tmp_path: Path, curve: str, digest: str) -> None:
    files = make_key_files(tmp_path, "ec", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}")
    pinned = load_certificates(files.certificate.read_bytes())
    signature = sign_with_openssl(tmp_path, CONTENT, files, options=("-md", digest))
    now = pinned[0].not_valid_before_utc
    verify_detached(NAME, CONTENT, signature, pinned, now)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("-nodetach",), Refusal.ATTACHED),
        (("-noattr",), Refusal.NO_ATTRIBUTES),
        (("-md", "sha1"), Refusal.WEAK_DIGEST),
        (("-stream",), Refusal.NOT_DER),
        (("-outform", "PEM"), Refusal.NOT_DER),
        (("-outform", "SMIME"), Refusal.NOT_DER),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_what_openssl_would_take_is_refused_by_name(
    tmp_path: Path,
    bank: Signer,
    bank_files: KeyFiles,
    options: tuple[str, ...],
    reason: Refusal,
) -> None:
    signature = sign_with_openssl(tmp_path, CONTENT, bank_files, options=options)
    assert refusal(signature, [bank.certificate]) == reason


def test_a_second_signer_is_refused_even_when_both_are_pinned(
    tmp_path: Path,
    bank: Signer,
    bank_files: KeyFiles,
    stranger: Signer,
    stranger_pems: tuple[bytes, bytes],
) -> None:
    second = write_key_files(tmp_path, "second", stranger_pems)
    signature = sign_with_openssl(tmp_path, CONTENT, bank_files, second)
    assert refusal(signature, [bank.certificate, stranger.certificate]) == Refusal.SIGNERS


def test_an_unpinned_signer_is_refused_though_its_name_is_the_banks(
    bank: Signer, stranger: Signer
) -> None:
    assert bank.certificate.subject == stranger.certificate.subject
    signature = sign_detached(CONTENT, stranger, NOW)
    assert refusal(signature, [bank.certificate]) == Refusal.UNPINNED
    assert refusal(signature, []) == Refusal.UNPINNED


def test_a_certificate_that_only_looks_pinned_is_refused(bank: Signer, stranger: Signer) -> None:
    look_alike = (
        x509.CertificateBuilder()
        .subject_name(bank.certificate.subject)
        .issuer_name(bank.certificate.issuer)
        .public_key(stranger.certificate.public_key())
        .serial_number(bank.certificate.serial_number)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .sign(stranger.private_key, SHA256())
    )
    forger = Signer(certificate=look_alike, private_key=stranger.private_key)
    signature = sign_detached(CONTENT, forger, NOW)
    assert refusal(signature, [bank.certificate]) == Refusal.UNPINNED


def test_the_pinned_certificate_with_a_forgers_key_is_refused(
    bank: Signer, stranger: Signer
) -> None:
    forger = Signer(certificate=bank.certificate, private_key=stranger.private_key)
    assert refusal(sign_detached(CONTENT, forger, NOW), [bank.certificate]) == Refusal.BAD


def test_other_bytes_under_a_good_signature_are_refused(bank: Signer) -> None:
    signature = sign_detached(CONTENT, bank, NOW)
    for content in (b"", CONTENT + b"\n", CONTENT.replace(b"\n", b"\r\n")):
        assert refusal(signature, [bank.certificate], content) == Refusal.DIGEST_MISMATCH


def test_validity_is_that_of_now_and_not_of_the_signers_own_time(bank: Signer) -> None:
    signature = sign_detached(CONTENT, bank, NOW)
    pinned = [bank.certificate]
    assert refusal(signature, pinned, now=NOW - timedelta(days=2)) == Refusal.NOT_YET_VALID
    assert refusal(signature, pinned, now=NOW + timedelta(days=3651)) == Refusal.EXPIRED
    early = sign_detached(CONTENT, bank, datetime(1999, 1, 1, tzinfo=UTC))
    verify_detached(NAME, CONTENT, early, pinned, NOW)


def test_bytes_behind_the_signature_are_refused(bank: Signer) -> None:
    signature = sign_detached(CONTENT, bank, NOW)
    assert refusal(signature + b"\0", [bank.certificate]) == Refusal.TRAILING_BYTES
    assert refusal(signature + signature, [bank.certificate]) == Refusal.TRAILING_BYTES


def test_a_weak_key_is_refused_though_it_is_pinned(tmp_path: Path) -> None:
    files = make_key_files(tmp_path, "weak", "rsa:1024")
    pinned = load_certificates(files.certificate.read_bytes())
    signature = sign_with_openssl(tmp_path, CONTENT, files)
    now = pinned[0].not_valid_before_utc
    assert refusal(signature, pinned, now=now) == Refusal.WEAK_KEY


def test_an_uncommon_curve_is_refused_though_it_is_pinned(tmp_path: Path) -> None:
    files = make_key_files(tmp_path, "k1", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1")
    pinned = load_certificates(files.certificate.read_bytes())
    signature = sign_with_openssl(tmp_path, CONTENT, files)
    now = pinned[0].not_valid_before_utc
    assert refusal(signature, pinned, now=now) == Refusal.WEAK_KEY


def test_something_that_is_no_signature_is_refused(bank: Signer) -> None:
    pinned = [bank.certificate]
    for junk in (
        b"",
        b"0",
        b"\x30\x00",
        b"-----BEGIN CMS-----",
        CONTENT,
        b"\x30\x84" + b"\xff" * 9,
    ):
        assert refusal(junk, pinned) == Refusal.NOT_DER
    assert refusal(bytes(300_000), pinned) == Refusal.TOO_LARGE


def test_every_truncation_is_refused(bank: Signer) -> None:
    signature = sign_detached(CONTENT, bank, NOW)
    for length in range(0, len(signature), 7):
        refusal(signature[:length], [bank.certificate])


@pytest.mark.parametrize("options", [(), ("-keyid",), ("-keyopt", "rsa_padding_mode:pss")])
def test_no_flipped_bit_is_accepted(
    tmp_path: Path, bank: Signer, bank_files: KeyFiles, options: tuple[str, ...]
) -> None:
    """Every field is signed, compared with the pin, or refused when it says something else.

    The one exception is the length of a PSS salt, which the verifier reads from the signature.
    """
    signature = sign_with_openssl(tmp_path, CONTENT, bank_files, options=options)
    chosen = random.Random(7).sample(range(len(signature) * 8), 1200)
    accepted = []
    for bit in chosen:
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            verify_detached(NAME, CONTENT, bytes(changed), [bank.certificate], NOW)
        except SignatureInvalid:
            continue
        accepted.append(bit // 8)
    salt = signature.find(b"\xa2\x04\x02\x02")
    assert [at for at in accepted if not (salt > 0 and salt + 4 <= at < salt + 6)] == []


@pytest.mark.parametrize(("stem", "signer"), [("rsa", "signer"), ("p256", "signer_p256")])
def test_golden_signatures_of_openssl_3_0_still_verify(stem: str, signer: str) -> None:
    pinned = load_certificates((GOLDEN / f"{signer}.pem").read_bytes())
    content = (GOLDEN / "content.txt").read_bytes()
    now = pinned[0].not_valid_before_utc + timedelta(days=1)
    verify_detached(NAME, content, (GOLDEN / f"{stem}.p7s").read_bytes(), pinned, now)


def resigned(
    signature: bytes, signer: Signer, attributes: list[cms.Tlv], version: int = 1
) -> bytes:
    """The message with other attributes, honestly signed by its own signer."""
    assert isinstance(signer.private_key, rsa.RSAPrivateKey)
    message = asn1.decode_der(cms.ContentInfo, signature)
    old, listed = message.content.signers.as_list()[0], asn1.SetOf(attributes)
    proof = signer.private_key.sign(asn1.encode_der(listed), padding.PKCS1v15(), SHA256())
    info = cms.SignerInfo(
        version=version,
        signer=old.signer,
        digest=old.digest,
        attributes=listed,
        algorithm=old.algorithm,
        signature=proof,
        unsigned=None,
    )
    signed = cms.SignedData(
        version=version,
        digests=message.content.digests,
        encapsulated=message.content.encapsulated,
        certificates=message.content.certificates,
        revocations=None,
        signers=asn1.SetOf([info]),
    )
    return asn1.encode_der(cms.ContentInfo(type=message.type, content=signed))


def attributes_of(signature: bytes) -> list[cms.Tlv]:
    info = asn1.decode_der(cms.ContentInfo, signature).content.signers.as_list()[0]
    assert info.attributes is not None
    return info.attributes.as_list()


def test_attributes_that_are_missing_repeated_or_of_another_type_are_refused(bank: Signer) -> None:
    signature, pinned = sign_detached(CONTENT, bank, NOW), [bank.certificate]
    good = attributes_of(signature)
    verify_detached(NAME, CONTENT, resigned(signature, bank, good), pinned, NOW)
    other = cms.OidAttribute(type=cms.CONTENT_TYPE, values=asn1.SetOf([cms.ID_SIGNED_DATA]))
    twice = cms.OidAttribute(
        type=cms.CONTENT_TYPE, values=asn1.SetOf([cms.ID_DATA, cms.ID_SIGNED_DATA])
    )
    second = cms.BytesAttribute(type=cms.MESSAGE_DIGEST, values=asn1.SetOf([bytes(32)]))
    by_type = {cms.read_as(cms.Attribute, one).type: one for one in good}
    time, digest = by_type[cms.SIGNING_TIME], by_type[cms.MESSAGE_DIGEST]
    for attributes in (
        [cms.as_tlv(other), digest, time],
        [cms.as_tlv(twice), digest, time],
        [digest, time],
        [by_type[cms.CONTENT_TYPE], time],
        [*good, cms.as_tlv(second)],
        [cms.as_tlv(second), *good],
    ):
        forged = resigned(signature, bank, attributes)
        assert refusal(forged, pinned) == Refusal.ATTRIBUTES


def test_a_version_that_does_not_exist_is_refused(
    tmp_path: Path, bank: Signer, bank_files: KeyFiles
) -> None:
    signature = sign_with_openssl(tmp_path, CONTENT, bank_files, options=("-keyid",))
    good, pinned = attributes_of(signature), [bank.certificate]
    verify_detached(NAME, CONTENT, resigned(signature, bank, good, version=3), pinned, NOW)
    assert refusal(resigned(signature, bank, good, version=2), pinned) == Refusal.UNPINNED


def test_no_flipped_bit_of_an_elliptic_signature_is_accepted() -> None:
    pinned = load_certificates((GOLDEN / "signer_p256.pem").read_bytes())
    content, signature = (GOLDEN / "content.txt").read_bytes(), (GOLDEN / "p256.p7s").read_bytes()
    now = pinned[0].not_valid_before_utc
    for bit in range(len(signature) * 8):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        refusal(bytes(changed), pinned, content, now)
