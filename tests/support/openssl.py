"""The ``openssl`` program, as a bank runs it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFiles:
    """A certificate and its key as PEM files."""

    certificate: Path
    key: Path


def write_key_files(folder: Path, stem: str, pems: tuple[bytes, bytes]) -> KeyFiles:
    files = KeyFiles(certificate=folder / f"{stem}.pem", key=folder / f"{stem}.key")
    files.certificate.write_bytes(pems[0])
    files.key.write_bytes(pems[1])
    return files


def run_openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


def make_key_files(folder: Path, stem: str, *newkey: str, days: int = 365) -> KeyFiles:
    """A self-signed certificate made by openssl, e.g. ``"ec", "-pkeyopt", "…:P-256"``."""
    files = KeyFiles(certificate=folder / f"{stem}.pem", key=folder / f"{stem}.key")
    request = ["req", "-x509", "-newkey", *newkey, "-nodes", "-days", str(days), "-sha256"]
    out = ["-keyout", str(files.key), "-out", str(files.certificate), "-subj", f"/CN={stem}"]
    run_openssl(*request, *out)
    return files


def sign_with_openssl(
    folder: Path, content: bytes, *signers: KeyFiles, options: tuple[str, ...] = ()
) -> bytes:
    """What ``openssl cms -sign -binary`` writes; DER and SHA-256 unless ``options`` say else."""
    source, target = folder / "content", folder / "content.p7s"
    source.write_bytes(content)
    words: list[str | Path] = ["cms", "-sign", "-binary", "-in", source, "-out", target]
    for one in signers:
        words += ["-signer", one.certificate, "-inkey", one.key]
    defaults: tuple[str, ...] = () if "-md" in options else ("-md", "sha256")
    outform: tuple[str, ...] = () if "-outform" in options else ("-outform", "DER")
    run_openssl(*words, *defaults, *outform, *options)
    return target.read_bytes()


def bank_accepts(folder: Path, content: bytes, signature: bytes, pinned: Path) -> bool:
    """The one verification line that banks are given."""
    (folder / "X.zip").write_bytes(content)
    (folder / "X.zip.p7s").write_bytes(signature)
    line = (
        "openssl cms -verify -binary -inform DER -in X.zip.p7s -content X.zip"
        " -CAfile kota-jambi-signers.pem -partial_chain -purpose any -out /dev/null"
    )
    (folder / "kota-jambi-signers.pem").write_bytes(pinned.read_bytes())
    done = subprocess.run(line.split(), cwd=folder, capture_output=True, check=False)
    return done.returncode == 0
