"""The words of the command line of ``gateway-bank``."""

from __future__ import annotations

import argparse
from pathlib import Path

EXAMPLES = """contoh / examples:
  gateway-bank verify KJ-…-000001.zip --city-cert kota-jambi-signers.pem
  gateway-bank ack KJ-…-000001.zip --city-cert kota-jambi-signers.pem \\
      --bank KODE --sequence 1 --cert bank.pem --key bank.key --refuse "REF=KTP:KTP tidak terbaca"
  gateway-bank render KEPUTUSAN keputusan.xlsx \\
      --bank KODE --sequence 1 --cert bank.pem --key bank.key
  gateway-bank check BERKAS.txt --bank-cert bank.pem
  gateway-bank conformance FOLDER --bank-cert bank.pem
"""


def make_parser() -> argparse.ArgumentParser:
    """The parser; the chosen command stands in ``command``."""
    parser = argparse.ArgumentParser(
        prog="gateway-bank",
        description="Alat bank untuk gerbang Kota Jambi / A bank's kit for the city's gateway",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    verify = _add(commands, "verify", "periksa wadah dari kota / check the city's container")
    _add_container(verify)

    ack = _add(commands, "ack", "buat TANDATERIMA untuk wadah / acknowledge a container")
    _add_container(ack)
    ack.add_argument(
        "--refuse",
        action="append",
        default=[],
        metavar="REF=KODE:ALASAN",
        help="tolak berkas satu pengajuan; boleh berulang",
    )
    _add_writing(ack)

    render = _add(commands, "render", "buat berkas dari lembar XLSX / make a file from a sheet")
    render.add_argument("kind", metavar="KIND", help="KEPUTUSAN, PENCAIRAN, ANGSURAN, …")
    render.add_argument("sheet", type=Path, metavar="FILE.xlsx")
    render.add_argument("--period", default="", help="yyyymm (ANGSURAN, POSISI, SUBSIDI)")
    render.add_argument("--version", type=int, default=1, help="2, 3 … untuk koreksi")
    render.add_argument(
        "--stated", action="append", default=[], metavar="NAMA=RUPIAH", help="jumlah POSISI/SUBSIDI"
    )
    _add_writing(render)

    check = _add(commands, "check", "periksa berkas bank / check a bank's file")
    check.add_argument("file", type=Path)
    check.add_argument("--bank-cert", type=Path, help="periksa juga FILE.p7s")

    conformance = _add(commands, "conformance", "periksa satu folder / check a whole folder")
    conformance.add_argument("folder", type=Path)
    conformance.add_argument("--bank-cert", type=Path, required=True)
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=words, description=words)
    command.add_argument("--lang", choices=["id", "en"], default="id", help="bahasa / language")
    return command


def _add_container(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("container", type=Path)
    parser.add_argument("--city-cert", type=Path, required=True, help="kota-jambi-signers.pem")


def _add_writing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bank", required=True, help="kode bank, 3 sampai 6 angka")
    parser.add_argument("--sequence", type=int, required=True, help="nomor urut tahun ini")
    parser.add_argument("--cert", type=Path, required=True, help="sertifikat bank (PEM)")
    parser.add_argument("--key", type=Path, required=True, help="kunci bank (PEM)")
    parser.add_argument("--out", type=Path, default=Path(), help="folder tujuan")
    parser.add_argument("--at", default="", help="waktu dibuat, mis. 2026-10-30T17:30:00+07:00")
