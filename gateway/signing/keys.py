"""Make, load and name keys: the city's and the partners' certificates, and SSH keys."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from gateway.errors import ConfigError
from gateway.signing.sign import Signer

RSA_BITS = 3072
PEM_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.S)


def make_signer(common_name: str, now: datetime, years: int = 10) -> tuple[bytes, bytes]:
    """A new RSA-3072 key and its self-signed certificate: ``(certificate PEM, key PEM)``.

    Valid from the day before ``now``; the key is not encrypted, keep it owner-only.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    key_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(key_id, critical=False)
        .sign(key, hashes.SHA256())
    )
    key_pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM), key_pem


def load_signer(certificate_pem: bytes, key_pem: bytes) -> Signer:
    """The signer of a certificate and its key.

    :raises ConfigError: unreadable, of another kind, or not belonging together.
    """
    certificate = load_certificates(certificate_pem)[0]
    try:
        key = load_pem_private_key(key_pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigError(["The signing key is not a readable, unencrypted PEM key."]) from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ConfigError(["The signing key must be RSA or P-256; openssl 3.0 takes no other."])
    if key.public_key() != certificate.public_key():
        raise ConfigError(["The signing key does not belong to the signing certificate."])
    return Signer(certificate=certificate, private_key=key)


def load_certificates(pem: bytes) -> list[x509.Certificate]:
    """Every certificate of a PEM file, at least one (two while keys are being changed).

    :raises ConfigError: none, or one that cannot be read.
    """
    blocks = PEM_CERTIFICATE.findall(pem)
    if not blocks:
        raise ConfigError(["The file holds no PEM certificate (-----BEGIN CERTIFICATE-----)."])
    try:
        return [x509.load_pem_x509_certificate(block) for block in blocks]
    except ValueError as error:
        raise ConfigError(["The file holds a certificate that cannot be read."]) from error


def fingerprint(certificate: x509.Certificate) -> str:
    """The certificate's SHA-256, lower-case hex: how people compare it on the telephone."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def make_ssh_key() -> tuple[bytes, str]:
    """A new Ed25519 key: ``(OpenSSH private PEM, public line)``."""
    key = ed25519.Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return private, public.decode("ascii")


def ssh_fingerprint(public_line: str) -> str:
    """``SHA256:…`` of a public line, as ``ssh-keygen -l`` prints it.

    :raises ConfigError: not a public line.
    """
    parts = public_line.split()
    try:
        blob = base64.b64decode(parts[1], validate=True)
    except (ValueError, IndexError) as error:
        raise ConfigError(["Not an SSH public key line (type, then base64)."]) from error
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
