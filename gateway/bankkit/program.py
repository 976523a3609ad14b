"""``gateway-bank``: what a bank runs to read what the city sends and to answer it.

Exit codes: 0 good; 2 the command is wrong; 3 the file has problems; 4 the signature is not good.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from gateway.bankkit.answers import submission_in, write_receipt
from gateway.bankkit.envelope import load_signer, sign_detached, verify_container, verify_signature
from gateway.bankkit.heads import WIB, Head, Written
from gateway.bankkit.pipe import NAME, check_pipe, read_pipe, shape_of, write_pipe
from gateway.bankkit.problems import KitError, Problem, trouble

GOOD, WRONG_COMMAND, HAS_PROBLEMS, NOT_SIGNED = 0, 2, 3, 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; messages go to stderr, results to stdout."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except KitError as error:
        for problem in error.problems:
            sys.stderr.write(problem.text(chosen.lang) + "\n")
        signature = any(problem.code == "SIGNATURE" for problem in error.problems)
        return NOT_SIGNED if signature else HAS_PROBLEMS


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--lang", choices=["id", "en"], default="id", help="bahasa / language")
    parser = argparse.ArgumentParser(
        prog="gateway-bank",
        description="Alat bank untuk gerbang Kota Jambi / A bank's kit for the city's gateway",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    verify = commands.add_parser("verify", parents=[shared], help="periksa wadah dari kota")
    verify.add_argument("container", type=Path)
    verify.add_argument("--city-cert", type=Path, required=True, help="kota-jambi-signers.pem")
    verify.set_defaults(run=_verify)

    ack = commands.add_parser("ack", parents=[shared], help="buat TANDATERIMA untuk wadah")
    ack.add_argument("container", type=Path)
    ack.add_argument("--city-cert", type=Path, required=True)
    ack.add_argument(
        "--refuse",
        action="append",
        default=[],
        metavar="REF=KODE:ALASAN",
        help="tolak berkas satu pengajuan; boleh berulang",
    )
    _add_writing(ack)
    ack.set_defaults(run=_ack)

    render = commands.add_parser("render", parents=[shared], help="buat berkas dari lembar XLSX")
    render.add_argument("kind", metavar="KIND", help="KEPUTUSAN, PENCAIRAN, ANGSURAN, …")
    render.add_argument("sheet", type=Path, metavar="FILE.xlsx")
    render.add_argument("--period", default="", help="yyyymm (ANGSURAN, POSISI, SUBSIDI)")
    render.add_argument("--version", type=int, default=1, help="2, 3 … untuk koreksi")
    render.add_argument(
        "--stated", action="append", default=[], metavar="NAMA=RUPIAH", help="jumlah POSISI/SUBSIDI"
    )
    _add_writing(render)
    render.set_defaults(run=_render)

    check = commands.add_parser("check", parents=[shared], help="periksa berkas bank")
    check.add_argument("file", type=Path)
    check.add_argument("--bank-cert", type=Path, help="periksa juga FILE.p7s")
    check.set_defaults(run=_check)

    conformance = commands.add_parser(
        "conformance", parents=[shared], help="periksa semua berkas dalam satu folder"
    )
    conformance.add_argument("folder", type=Path)
    conformance.add_argument("--bank-cert", type=Path, required=True)
    conformance.set_defaults(run=_conformance)
    return parser


def _add_writing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bank", required=True, help="kode bank, mis. 115")
    parser.add_argument("--sequence", type=int, required=True, help="nomor urut tahun ini")
    parser.add_argument("--cert", type=Path, required=True, help="sertifikat bank (PEM)")
    parser.add_argument("--key", type=Path, required=True, help="kunci bank (PEM)")
    parser.add_argument("--out", type=Path, default=Path(), help="folder tujuan")
    parser.add_argument("--at", default="", help="waktu dibuat, mis. 2026-10-30T17:30:00+07:00")


def _verify(chosen: argparse.Namespace) -> int:
    container = verify_container(chosen.container, chosen.city_cert)
    manifest = container.manifest
    summary = {
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
    }
    sys.stdout.write(json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
    return GOOD


def _ack(chosen: argparse.Namespace) -> int:
    container = verify_container(chosen.container, chosen.city_cert)
    submission = submission_in(container)
    head = Head(
        kind="TANDATERIMA",
        bank_code=chosen.bank,
        written_at=_moment(chosen.at),
        sequence=chosen.sequence,
        batch_id=container.manifest.batch_id,
        extra=container.sha256,
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


def read_sheet(kind: str, path: Path) -> list[dict[str, str]]:
    """The rows of a spreadsheet's first sheet, whose first row names the columns.

    :raises KitError: for an unreadable sheet or a missing column.
    """
    try:
        table = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError) as error:
        raise trouble("SHEET", "lembar tidak terbaca", "the sheet cannot be read") from error
    headings = [str(cell).strip() for cell in table[0]] if table else []
    missing = [
        column.name
        for column in shape_of(kind).columns
        if column.required and column.name not in headings
    ]
    if missing:
        listed = ", ".join(missing)
        raise trouble("COLUMNS", f"kolom tidak ada: {listed}", f"columns missing: {listed}")
    return [
        {name: _cell(cell) for name, cell in zip(headings, line, strict=False)}
        for line in table[1:]
        if any(cell not in ("", None) for cell in line)
    ]


def _cell(value: object) -> str:
    """A cell as text: days as ``yyyymmdd``, whole numbers without a point."""
    if hasattr(value, "strftime"):
        return f"{value:%Y%m%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


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
    if any(problem.code == "SIGNATURE" for problem in problems):
        return NOT_SIGNED
    return HAS_PROBLEMS if problems else GOOD


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


if __name__ == "__main__":
    sys.exit(main())
