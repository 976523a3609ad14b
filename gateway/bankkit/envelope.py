"""The city's containers and everybody's signatures.

Verifying is the ``openssl`` program's work, with the very command that the city hands out;
signing is ``cryptography``'s.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from gateway.bankkit.problems import KitError, Problem, trouble

CONTAINER_NAME = re.compile(r"KJ-([a-z0-9_]+)-([a-z]+)-([0-9]{6,})\.zip")
_FLAT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}")
_HEX = re.compile(r"[0-9a-f]{64}")
MAX_FILE_BYTES = 200_000_000
MAX_MEMBERS = 100
_OPENSSL_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """``manifest.json``, as it stands; ``files`` are (name, size, SHA-256)."""

    sender: str
    receiver: str
    kind: str
    batch_id: str
    sequence: int
    previous_sha256: str
    created: str
    environment: str
    count: int
    totals: Mapping[str, int]
    files: tuple[tuple[str, int, str], ...]
    audit_n: int
    audit_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container that holds what its manifest says."""

    name: str
    sha256: str
    manifest: Manifest
    files: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KitSigner:
    """A bank's certificate and key."""

    certificate: x509.Certificate
    private_key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)


def load_signer(certificate_pem: bytes, key_pem: bytes) -> KitSigner:
    """A signer from two PEM texts; the key is RSA or P-256 and not encrypted.

    :raises KitError: if they cannot be read or do not belong together.
    """
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem)
        key = serialization.load_pem_private_key(key_pem, password=None)
    except (ValueError, TypeError) as error:
        raise trouble(
            "KEY", "sertifikat atau kunci tidak terbaca", "certificate or key cannot be read"
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise trouble("KEY", "kunci harus RSA atau P-256", "the key must be RSA or P-256")
    if key.public_key() != certificate.public_key():
        raise trouble(
            "KEY", "kunci bukan milik sertifikat ini", "the key is not this certificate's"
        )
    return KitSigner(certificate=certificate, private_key=key)


def sign_detached(content: bytes, signer: KitSigner) -> bytes:
    """A detached CMS signature over ``content``: DER, SHA-256, one signer."""
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(content)
        .add_signer(signer.certificate, signer.private_key, hashes.SHA256())
        .sign(
            serialization.Encoding.DER,
            [
                pkcs7.PKCS7Options.DetachedSignature,
                pkcs7.PKCS7Options.Binary,
                pkcs7.PKCS7Options.NoCapabilities,
            ],
        )
    )


def verify_signature(path: Path, signature: Path, certificates: Path) -> None:
    """Verify a detached signature with openssl against pinned certificates.

    :raises KitError: ``SIGNATURE`` if it does not hold, ``OPENSSL`` if it cannot be asked.
    """
    for needed in (path, signature, certificates):
        if not needed.is_file():
            raise trouble("MISSING", f"{needed.name} tidak ada", f"{needed.name} is missing")
    program = shutil.which("openssl")
    if program is None:
        raise trouble("OPENSSL", "program openssl tidak ada", "the openssl program is missing")
    words = [program, "cms", "-verify", "-binary", "-inform", "DER", "-in", str(signature)]
    words += ["-content", str(path), "-CAfile", str(certificates)]
    words += ["-partial_chain", "-purpose", "any", "-out", "/dev/null"]
    try:
        answer = subprocess.run(words, capture_output=True, timeout=_OPENSSL_SECONDS, check=False)  # noqa: S603 - no shell reads these words
    except (OSError, subprocess.TimeoutExpired) as error:
        raise trouble("OPENSSL", "openssl tidak menjawab", "openssl gave no answer") from error
    if answer.returncode != 0:
        raise trouble(
            "SIGNATURE",
            f"{path.name}: tanda tangan tidak sah untuk sertifikat yang diberikan",
            f"{path.name}: the signature does not hold for the given certificate",
        )


def verify_container(path: Path, city_certificates: Path) -> Container:
    """Verify the city's signature, then open the container and check all it says of itself.

    :raises KitError: with the first reason not to use it.
    """
    verify_signature(path, path.with_name(f"{path.name}.p7s"), city_certificates)
    return open_container(path.name, path.read_bytes())


def open_container(name: str, content: bytes) -> Container:
    """Open a container and check manifest, names, sizes and hashes; the signature is not looked at.

    :raises KitError: if anything in it disagrees.
    """
    members = _unpack(content)
    manifest = _read_manifest(members.pop("manifest.json"))
    problems = [*_file_problems(manifest, members), *_name_problems(manifest, name)]
    if problems:
        raise KitError(problems)
    return Container(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        manifest=manifest,
        files=members,
    )


def _file_problems(manifest: Manifest, members: Mapping[str, bytes]) -> list[Problem]:
    listed = {name: (size, digest) for name, size, digest in manifest.files}
    problems = []
    if set(listed) != set(members) or len(listed) != len(manifest.files):
        problems.append(
            Problem(
                code="MEMBERS",
                message_id="isi wadah tidak sama dengan daftar di manifest.json",
                message_en="the container does not hold what manifest.json lists",
            )
        )
    for member, inside in members.items():
        if listed.get(member) != (len(inside), hashlib.sha256(inside).hexdigest()):
            problems.append(
                Problem(
                    code="HASH",
                    message_id=f"{member}: ukuran atau sidik jari tidak sama dengan manifest.json",
                    message_en=f"{member}: size or digest disagrees with manifest.json",
                )
            )
    return problems


def _name_problems(manifest: Manifest, name: str) -> list[Problem]:
    found = CONTAINER_NAME.fullmatch(name)
    stated = (manifest.receiver, manifest.kind.lower(), manifest.sequence)
    if found and (found.group(1), found.group(2), int(found.group(3))) == stated:
        return []
    return [
        Problem(
            code="NAME",
            message_id="nama wadah tidak sesuai dengan manifest.json",
            message_en="the container's name does not agree with manifest.json",
        )
    ]


def _unpack(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            sound = (
                0 < len(entries) <= MAX_MEMBERS
                and len(set(names)) == len(names)
                and names[0] == "manifest.json"
                and all(_FLAT.fullmatch(name) for name in names)
                and sum(entry.file_size for entry in entries) <= MAX_FILE_BYTES
            )
            if not sound:
                raise trouble(
                    "ZIP",
                    "susunan wadah salah: manifest.json harus pertama, nama datar dan unik",
                    "wrong container: manifest.json first, flat names, each once",
                )
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise trouble("ZIP", "wadah zip rusak", "the zip container is broken") from error


def _read_manifest(text: bytes) -> Manifest:
    try:
        found = json.loads(text)
        manifest = Manifest(
            receiver=_text(found["receiver"]),
            sender=_text(found["sender"]),
            kind=_text(found["kind"]),
            batch_id=_text(found["batch_id"]),
            sequence=_count(found["sequence"]),
            previous_sha256=_text(found["previous_sha256"]),
            created=_text(found["created"]),
            environment=_text(found["environment"]),
            count=_count(found["count"]),
            totals={_text(name): _count(figure) for name, figure in found["totals"].items()},
            files=tuple(
                (_text(entry["name"]), _count(entry["size"]), _text(entry["sha256"]))
                for entry in found["files"]
            ),
            audit_n=_count(found["audit_head"]["n"]),
            audit_hash=_text(found["audit_head"]["hash"]),
        )
        sound = found["format"] == "kj-container/1" and _HEX.fullmatch(manifest.previous_sha256)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _manifest_trouble() from error
    if not sound or manifest.sequence < 1:
        raise _manifest_trouble()
    return manifest


def _manifest_trouble() -> KitError:
    return trouble(
        "MANIFEST",
        "manifest.json tidak lengkap atau salah isi",
        "manifest.json lacks a key or has a wrong value",
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError
    return value
