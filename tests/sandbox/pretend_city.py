"""A city made by hand: openssl signs, the standard library zips; nothing of the gateway."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

from gateway.bankkit.envelope import load_signer
from gateway.bankkit.heads import WIB, Head
from gateway.sandbox.banks import PretendBank
from gateway.sandbox.city import PROFILES
from gateway.sandbox.faults import NONE, Faults
from gateway.sandbox.keys import make_signing_pair

SEED = 42
FOLDERS = ("masuk", "keluar")
BATCH_DAY = datetime(2026, 8, 5, 15, 30, tzinfo=WIB)
ROAD = [
    datetime(2026, 8, 6, 9, tzinfo=WIB),
    datetime(2026, 8, 12, 9, tzinfo=WIB),
    datetime(2026, 8, 21, 9, tzinfo=WIB),
    datetime(2026, 8, 31, 17, tzinfo=WIB),
    datetime(2026, 9, 30, 17, tzinfo=WIB),
    datetime(2026, 10, 30, 17, tzinfo=WIB),
]


class HandMadeCity:
    """The city's key, and the two ways in which it brings applications."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate, self._key = folder / "kota.pem", folder / "kota.key"
        self._openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", self._key, "-out", self.certificate, "-days", "3650", "-subj", "/CN=kota"),
        )

    @staticmethod
    def _openssl(*words: object) -> None:
        subprocess.run(["openssl", *map(str, words)], capture_output=True, check=True)

    def bring(self, folder: Path, name: str, content: bytes) -> Path:
        path = folder / name
        path.write_bytes(content)
        self._openssl(
            *("cms", "-sign", "-binary", "-md", "sha256", "-in", path, "-outform", "DER"),
            *("-signer", self.certificate, "-inkey", self._key, "-out", f"{path}.p7s"),
        )
        return path

    def submit(
        self, code: str, masuk: Path, rows: list[dict[str, str]], number: int = 1
    ) -> tuple[str, bytes]:
        """A batch in the bank's own way: a container for Bank Jambi, a plain file for a BPR."""
        profile = PROFILES[code]
        head = Head(
            kind="PENGAJUAN",
            bank_code=profile.bank_code,
            written_at=BATCH_DAY,
            sequence=number,
            batch_id=f"KJ-{code}-{number}",
        )
        written = profile.dialect.write(head, rows)
        name, content = written.name, written.content
        if code == "bank_jambi":
            name, content = self._container(written.name, written.content, len(rows), number)
        self.bring(masuk, name, content)
        return name, content

    def _container(self, name: str, content: bytes, count: int, number: int) -> tuple[str, bytes]:
        previous = "0" * 64 if number == 1 else self._last
        manifest = {
            "format": "kj-container/1",
            "sender": "kota_jambi",
            "receiver": "bank_jambi",
            "kind": "PENGAJUAN",
            "batch_id": f"KJ-bank_jambi-{number}",
            "sequence": number,
            "previous_sha256": previous,
            "created": "2026-08-05T15:30:00+07:00",
            "environment": "demo",
            "count": count,
            "totals": {"plafon_diajukan": 0},
            "files": [
                {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            ],
            "audit_head": {"n": 1, "hash": "a" * 64},
        }
        path = self.certificate.with_name("container.zip")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("manifest.json", json.dumps(manifest))
            archive.writestr(name, content)
        made = path.read_bytes()
        self._last = hashlib.sha256(made).hexdigest()
        return f"KJ-bank_jambi-pengajuan-{number:06d}.zip", made


def a_bank(city: HandMadeCity, root: Path, code: str, faults: Faults = NONE) -> PretendBank:
    """One pretend bank with a fresh (or, on the same root, the same) key."""
    root.mkdir(parents=True, exist_ok=True)
    pem, key = root / "bank.pem", root / "bank.key"
    if not pem.exists():
        pair = make_signing_pair(code, use_rsa=False)
        pem.write_bytes(pair.certificate)
        key.write_bytes(pair.key)
    return PretendBank(
        PROFILES[code],
        root,
        folders=FOLDERS,
        signer=load_signer(pem.read_bytes(), key.read_bytes()),
        city_certificates=city.certificate,
        seed=SEED,
        faults=faults,
    )


def some_rows(singles: int, groups: int = 0) -> list[dict[str, str]]:
    """PENGAJUAN rows: groups of four first, then people alone."""
    rows = []
    for number in range(groups * 4 + singles):
        group = number // 4 + 1 if number < groups * 4 else 0
        rows.append(
            {
                "ref_pengajuan": f"{'BHT' if group else 'HRK'}26{number + 1:08d}",
                "program": "bang_harta" if group else "bank_harkat",
                "jenis": "K" if group else "P",
                "ref_kelompok": f"KLP26{group:08d}" if group else "",
                "peran": ("A" if number % 4 else "K") if group else "",
                "nik": f"1571995205850{number + 1:03d}",
                "nama": "SITI CONTOH",
                "tgl_lahir": "19850512",
                "jk": "P",
                "alamat": "JL CONTOH 1",
                "kelurahan": "15.71.07.1004",
                "no_hp": "+6281234567890",
                "nama_usaha": "WARUNG SITI",
                "plafon_diajukan": str(2_000_000 + number % 7 * 500_000),
                "tenor_bulan": "12",
                "tujuan": "MODAL",
                "kualitas_terburuk": "1" if number % 3 else "",
                "posisi_slik": "202607",
                "tgl_persetujuan": "20260801",
            }
        )
    return rows
