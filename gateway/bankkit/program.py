"""``gateway-bank``: what a bank runs to read what the city sends and to answer it.

Exit codes: 0 good; 2 the command is wrong; 3 the file has problems; 4 the signature is not good.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from gateway.bankkit.answers import submission_in, write_receipt
from gateway.bankkit.arguments import make_parser
from gateway.bankkit.envelope import load_signer, sign_detached, verify_container, verify_signature
from gateway.bankkit.heads import WIB, Head, PipeFile, Written
from gateway.bankkit.pipe import NAME, check_pipe, read_pipe, write_pipe
from gateway.bankkit.problems import KitError, Problem, trouble
from gateway.bankkit.sheets import read_sheet

GOOD, WRONG_COMMAND, HAS_PROBLEMS, NOT_SIGNED = 0, 2, 3, 4
COMMAND_CODES = frozenset(
    {"AT", "FILE", "KEY", "KIND", "MISSING", "OPENSSL", "REFUSE", "SHEET", "STATED"}
)
"""Problems of the command rather than of a file."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; messages go to stderr, results to stdout."""
    chosen = make_parser().parse_args(arguments)
    try:
        return COMMANDS[chosen.command](chosen)
    except KitError as error:
        for problem in error.problems:
            sys.stderr.write(problem.text(chosen.lang) + "\n")
        return _exit_code({problem.code for problem in error.problems})


def _exit_code(codes: set[str]) -> int:
    if "SIGNATURE" in codes:
        return NOT_SIGNED
    return WRONG_COMMAND if codes & COMMAND_CODES else HAS_PROBLEMS


def _verify(chosen: argparse.Namespace) -> int:
    summary = _received(chosen)[0]
    sys.stdout.write(json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
    return GOOD


def _received(chosen: argparse.Namespace) -> tuple[dict[str, object], PipeFile | None]:
    """What the city sent, proven: a container, or the data file itself with its ``.p7s``."""
    path: Path = chosen.container
    if path.suffix != ".zip":
        verify_signature(path, Path(f"{path}.p7s"), chosen.city_cert)
        content = path.read_bytes()
        data = read_pipe(path.name, content)
        return {
            "file": path.name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "kind": data.kind,
            "batch_id": data.batch_id,
            "count": len(data.rows),
            "totals": dict(data.totals),
        }, data
    container = verify_container(path, chosen.city_cert)
    manifest = container.manifest
    return {
        "container": container.name,
        "sha256": container.sha256,
        "receiver": manifest.receiver,
        "kind": manifest.kind,
        "batch_id": manifest.batch_id,
        "sequence": manifest.sequence,
        "previous_sha256": manifest.previous_sha256,
        "count": manifest.count,
        "totals": dict(manifest.totals),
        "files": sorted(container.files),
    }, None


def _ack(chosen: argparse.Namespace) -> int:
    summary, submission = _received(chosen)
    if submission is None:
        submission = submission_in(verify_container(chosen.container, chosen.city_cert))
    head = Head(
        kind="TANDATERIMA",
        bank_code=chosen.bank,
        written_at=_moment(chosen.at),
        sequence=chosen.sequence,
        batch_id=str(summary["batch_id"]),
        extra=str(summary["sha256"]),
    )
    return _publish(chosen, write_receipt(head, submission, _refusals(chosen.refuse)))


def _refusals(words: Sequence[str]) -> dict[str, tuple[str, str]]:
    found = {}
    for word in words:
        reference, _, reason = word.partition("=")
        code, _, text = reason.partition(":")
        if not reference or not code:
            raise trouble(
                "REFUSE", "tulis --refuse REF=KODE:ALASAN", "write --refuse REF=CODE:REASON"
            )
        found[reference] = (code, text)
    return found


def _render(chosen: argparse.Namespace) -> int:
    head = Head(
        kind=chosen.kind.upper(),
        bank_code=chosen.bank,
        written_at=_moment(chosen.at),
        sequence=chosen.sequence,
        extra=chosen.period,
        version=chosen.version,
    )
    rows = read_sheet(head.kind, chosen.sheet)
    return _publish(chosen, write_pipe(head, rows, _stated(chosen.stated)))


def _stated(words: Sequence[str]) -> dict[str, int]:
    found = {}
    for word in words:
        name, _, figure = word.partition("=")
        if not figure.isascii() or not figure.isdigit():
            raise trouble("STATED", "tulis --stated NAMA=RUPIAH", "write --stated NAME=RUPIAH")
        found[name] = int(figure)
    return found


def _publish(chosen: argparse.Namespace, written: Written) -> int:
    """Write data file and signature, the signature last."""
    try:
        signer = load_signer(chosen.cert.read_bytes(), chosen.key.read_bytes())
        publish(chosen.out, written.name, written.content)
        publish(chosen.out, f"{written.name}.p7s", sign_detached(written.content, signer))
    except OSError as error:
        raise trouble("FILE", "berkas tidak dapat dibuka", "a file cannot be opened") from error
    sys.stdout.write(f"{chosen.out / written.name}\n")
    return GOOD


def publish(folder: Path, name: str, content: bytes) -> None:
    """Write under a hidden name, settle it, then rename: nobody sees half a file."""
    hidden = folder / f".{name}.part"
    with hidden.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    hidden.replace(folder / name)


def _check(chosen: argparse.Namespace) -> int:
    problems = check_file(chosen.file, chosen.bank_cert)
    for problem in problems:
        sys.stderr.write(problem.text(chosen.lang) + "\n")
    if problems:
        return _exit_code({problem.code for problem in problems})
    found = read_pipe(chosen.file.name, chosen.file.read_bytes())
    totals = ", ".join(f"{name} {figure}" for name, figure in found.totals.items())
    sys.stdout.write(f"{'good' if chosen.lang == 'en' else 'baik'}: {found.kind}, {totals}\n")
    return GOOD


def check_file(path: Path, bank_certificate: Path | None) -> tuple[Problem, ...]:
    """Every problem of a bank's file; with a certificate also of its ``.p7s``."""
    try:
        problems = check_pipe(path.name, path.read_bytes())
        if bank_certificate:
            verify_signature(path, path.with_name(f"{path.name}.p7s"), bank_certificate)
    except OSError as error:
        raise trouble("FILE", f"{path.name} tidak terbaca", f"{path.name} unreadable") from error
    except KitError as error:
        return (*problems, *error.problems)
    return problems


def _conformance(chosen: argparse.Namespace) -> int:
    """Check a folder as the city would meet it: each file, its signature, numbers without gaps."""
    numbers: dict[tuple[str, str], set[int]] = {}
    bad = 0
    for path in sorted(path for path in chosen.folder.glob("*.txt") if NAME.fullmatch(path.name)):
        problems = check_file(path, chosen.bank_cert)
        for problem in problems:
            sys.stderr.write(f"{path.name}: {problem.text(chosen.lang)}\n")
        bad += bool(problems)
        if not problems:
            found = read_pipe(path.name, path.read_bytes())
            numbers.setdefault((found.kind, found.day[:4]), set()).add(found.sequence)
    for (kind, year), seen in sorted(numbers.items()):
        for missing in sorted(set(range(1, max(seen) + 1)) - seen):
            word = "number missing" if chosen.lang == "en" else "nomor tidak ada"
            sys.stderr.write(f"{kind} {year}: {word}: {missing:03d}\n")
            bad += 1
    sys.stdout.write(f"{_counts(numbers)} {'OK' if not bad else 'X'}\n")
    return HAS_PROBLEMS if bad else GOOD


def _counts(numbers: Mapping[tuple[str, str], set[int]]) -> str:
    return ", ".join(f"{kind} {len(seen)}" for (kind, _), seen in sorted(numbers.items())) or "0"


def _moment(text: str) -> datetime:
    """``--at`` as an aware moment; empty is now, the only place of this program that asks."""
    if not text:
        return datetime.now(WIB)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise trouble("AT", "waktu --at tidak terbaca", "--at cannot be read") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=WIB)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "verify": _verify,
    "ack": _ack,
    "render": _render,
    "check": _check,
    "conformance": _conformance,
}


if __name__ == "__main__":
    sys.exit(main())
