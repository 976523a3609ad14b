"""A small town for tests: a real home, one bank in a folder, answered by the bank kit."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from gateway.bankkit import answers, envelope
from gateway.bankkit.heads import Head, Written
from gateway.bankkit.pipe import write_pipe
from gateway.cli import main
from gateway.clock import WIB
from gateway.homes import make_home
from gateway.signing import make_signer

START = datetime(2026, 8, 3, 8, 0, tzinfo=WIB)

PARTNER = """
code = "{code}"
name = "Bank Jambi"
plugin = "bank_jambi"
bank_code = "{bank_code}"
stage = "live"
programmes = ["bank_harkat", "bang_harta"]
trust = "signed"
container = "{container}"
[channel]
kind = "folder"
path = "{code}"
[signing]
partner_certificates = ["keys/{code}.pem"]
[schedule]
deliver = ["mon-fri 15:30"]
collect = ["mon-fri 08:00-17:00 every 10m"]
[settings]
branch = "001"
"""


def applicant(serial: int, **changes: str) -> dict[str, str]:
    """One valid row of the form; synthetic NIK (district 99 does not exist in Kota Jambi)."""
    row = {
        "nik": f"157199{1 + serial % 28:02d}0585{1 + serial:04d}",
        "nama": f"Warga Contoh {chr(65 + serial % 26)}",
        "tgl_lahir": f"1985-05-{1 + serial % 28:02d}",
        "jenis_kelamin": "L",
        "alamat": "Jl. Contoh 1",
        "kelurahan": "15.71.07.1004",
        "no_hp": f"0812{70000000 + serial}",
        "kbli": "47111",
        "nama_usaha": "Warung Contoh",
        "mulai_usaha": "2020-01-01",
        "plafon_diajukan": "5000000",
        "tenor_bulan": "12",
        "tujuan": "modal kerja",
        "persetujuan_slik_tgl": "2026-07-30",
        "persetujuan_slik_bukti": "formulir 17",
    }
    return {name: value for name, value in {**row, **changes}.items() if value}


def group(
    name: str, amounts: Sequence[int], first: int = 500, **changes: str
) -> list[dict[str, str]]:
    """The rows of one group, the leader first."""
    return [
        applicant(
            first + n,
            plafon_diajukan=str(amount),
            ref_kelompok=name,
            peran_kelompok="ketua" if n == 0 else "anggota",
            nama_kelompok=f"Kelompok {name}",
            **changes,
        )
        for n, amount in enumerate(amounts)
    ]


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(kw_only=True)
class Bank:
    """A bank in a folder; it writes with the bank kit, never with the gateway's code."""

    code: str
    bank_code: str
    root: Path
    signer: envelope.KitSigner
    city: Path
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def inbox(self) -> Path:
        return self.root / "masuk"

    @property
    def outbox(self) -> Path:
        return self.root / "keluar"

    def received(self) -> list[Path]:
        """Containers that lie in the bank's folder, verified with openssl."""
        found = sorted(self.inbox.glob("KJ-*.zip"))
        for path in found:
            envelope.verify_signature(path, Path(f"{path}.p7s"), self.city)
        return found

    def head(self, kind: str, day: str, extra: str = "", batch_id: str = "", **more: int) -> Head:
        number = self.numbers[kind] = more.get("sequence", self.numbers.get(kind, 0) + 1)
        return Head(
            kind=kind,
            bank_code=self.bank_code,
            written_at=datetime.fromisoformat(f"{day}T16:00").replace(tzinfo=WIB),
            sequence=number,
            extra=extra,
            batch_id=batch_id,
            version=more.get("version", 1),
        )

    def lay(self, written: Written, *, signed: bool = True, signature: bytes | None = None) -> None:
        (self.outbox / written.name).write_bytes(written.content)
        if signed:
            made = signature or envelope.sign_detached(written.content, self.signer)
            (self.outbox / f"{written.name}.p7s").write_bytes(made)

    def acknowledge(self, day: str, refused: Mapping[str, tuple[str, str]] | None = None) -> None:
        for path in self.received():
            container = envelope.verify_container(path, self.city)
            self.lay(
                answers.write_receipt(
                    self.head(
                        "TANDATERIMA",
                        day,
                        extra=container.sha256,
                        batch_id=container.manifest.batch_id,
                    ),
                    answers.submission_in(container),
                    refused or {},
                )
            )

    def decide(self, day: str, references: Sequence[str], amount_idr: int = 5_000_000) -> None:
        terms = self.terms(amount_idr)
        rows = [answers.approval_row(ref, terms, date.fromisoformat(day)) for ref in references]
        self.lay(write_pipe(self.head("KEPUTUSAN", day), rows))

    def disburse(self, day: str, loans: Mapping[str, str], amount_idr: int = 5_000_000) -> None:
        """``loans`` is reference -> bank account number."""
        paid_on = date.fromisoformat(day)
        first_due = date(paid_on.year, paid_on.month + 1, paid_on.day)
        rows = [
            answers.disbursement_row(
                ref, number, f"C{number}", self.terms(amount_idr), (paid_on, first_due)
            )
            for ref, number in loans.items()
        ]
        self.lay(write_pipe(self.head("PENCAIRAN", day), rows))

    def report(self, day: str, entries: Sequence[answers.Entry], **more: Any) -> Written:
        signed = more.pop("signed", True)
        head = self.head("ANGSURAN", day, extra=day[:4] + day[5:7], **more)
        written = write_pipe(head, [answers.repayment_row(entry) for entry in entries])
        if signed:
            self.lay(written)
        return written

    @staticmethod
    def terms(amount_idr: int) -> answers.Terms:
        return answers.Terms(amount_idr=amount_idr, tenor_months=12, method="FLAT", rate_bps=300)


def paid(
    number: str, ref: str, bank_ref: str, day: str, amount: int = 429_166, **more: Any
) -> answers.Entry:
    """One line of ANGSURAN."""
    on = date.fromisoformat(day)
    return answers.Entry(
        ref_bank=bank_ref,
        booked_on=on,
        value_on=on,
        loan_number=number,
        reference=ref,
        amount_idr=amount,
        **more,
    )


@dataclass(kw_only=True)
class Town:
    """A home with one bank (or two), driven by the real commands."""

    home: Path
    banks: dict[str, Bank]

    @property
    def bank(self) -> Bank:
        return self.banks["bank_jambi"]

    def run(self, *words: str, at: str = "", env: Mapping[str, str] | None = None) -> Ran:
        arguments = ["--home", str(self.home), "--json", *words]
        if at:
            arguments += ["--at", f"{at}+07:00"]
        done = CliRunner(env={**os.environ, **(env or {})}).invoke(main, arguments)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Ran(code=done.exit_code, out=done.stdout, err=done.stderr)

    def intake(self, rows: Sequence[Mapping[str, str]], programme: str = "bank_harkat") -> Ran:
        form = self.home / "form.jsonl"
        form.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        return self.run("intake", str(form), "--programme", programme, at="2026-08-03T08:00")

    def submit(self, day: str = "2026-08-05") -> None:
        """Screen (without the registry), seal and deliver."""
        for step in ("screen", "batch", "deliver"):
            done = self.run("step", step, at=f"{day}T15:30")
            assert done.code == 0, done.err

    def lend(self, references: Mapping[str, str]) -> None:
        """Acknowledged, decided and disbursed: reference -> bank account number."""
        self.bank.acknowledge("2026-08-06")
        self.bank.decide("2026-08-12", list(references))
        self.bank.disburse("2026-08-14", references)
        done = self.run("step", "collect", at="2026-08-14T17:00")
        assert done.code == 0, done.err

    def state(self) -> Any:
        return self.run("status").json


@cache
def _signer_pair(name: str) -> tuple[bytes, bytes]:
    """Keys are slow to make; a test run makes each once."""
    return make_signer(name, START)


@cache
def _blank_home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="kota-uji-")) / "rumah"
    make_home(home, START)
    atexit.register(shutil.rmtree, home.parent)
    return home


def found_town(tmp_path: Path, *, container: str = "zip", second_bank: bool = False) -> Town:
    """A fresh home; screening without the registry; banks in folders below the home."""
    home = tmp_path / "rumah"
    shutil.copytree(_blank_home(), home)
    for path in (home / "config" / "partners").glob("*.toml"):
        path.unlink()
    main_file = home / "config" / "gateway.toml"
    main_file.write_text(
        main_file.read_text("utf-8").replace('registry = "slik"', 'registry = ""'), "utf-8"
    )
    codes = {"bank_jambi": "115", **({"bank_dua": "116"} if second_bank else {})}
    for path in (home / "config" / "programmes").glob("*.toml"):
        text = path.read_text("utf-8").replace('credit_check = "registry"', 'credit_check = "none"')
        listed = ", ".join(f'"{code}"' for code in codes)
        path.write_text(re.sub(r"partners = \[[^\]]*\]", f"partners = [{listed}]", text), "utf-8")
    banks = {}
    for code, bank_code in codes.items():
        (home / "config" / "partners" / f"{code}.toml").write_text(
            PARTNER.format(code=code, bank_code=bank_code, container=container), "utf-8"
        )
        certificate, key = _signer_pair(f"Tanda tangan {code}")
        (home / "keys" / f"{code}.pem").write_bytes(certificate)
        for folder in ("masuk", "keluar"):
            (home / code / folder).mkdir(parents=True)
        banks[code] = Bank(
            code=code,
            bank_code=bank_code,
            root=home / code,
            signer=envelope.load_signer(certificate, key),
            city=home / "keys" / "kota-jambi-signers.pem",
        )
    return Town(home=home, banks=banks)
