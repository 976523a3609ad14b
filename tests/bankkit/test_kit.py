"""The bank's kit against openssl and against files with planted damage."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from gateway.bankkit.answers import Entry, Terms, approval_row, decline_row, repayment_row
from gateway.bankkit.envelope import (
    load_signer,
    sign_detached,
    verify_container,
    verify_signature,
)
from gateway.bankkit.heads import WIB, Head
from gateway.bankkit.pipe import check_pipe, read_pipe, write_pipe
from gateway.bankkit.problems import KitError
from gateway.bankkit.program import main

NOON = datetime(2026, 10, 30, 17, 30, tzinfo=WIB)
SAMPLE = "\n".join(
    [
        "H|ANGSURAN|1.0|115|157100|20261030|001|IDR|20261030173000",
        "D|1|BJM2610300001|20261030|20261030|0101099001|HARKAT-2026-000011|1|429166|"
        "416666|12500|0|4583334|1|0|A||ANGSURAN KE-1",
        "D|2|BJM2610300002|20261030|20261030|0101099002|HARKAT-2026-000012|3|200000|"
        "187500|12500|0|3979168|2|21|A||BAYAR SEBAGIAN",
        "D|3|BJM2610300003|20261030|20261030|0101099003|HARKAT-2026-000013|2|429166|"
        "416666|12500|0|4166668|1|0|A||ANGSURAN KE-2",
        "D|4|BJM2610300004|20261030|20261030|0101099003|HARKAT-2026-000013|2|429166|"
        "416666|12500|0|4583334|1|0|R|BJM2610300003|KOREKSI SALAH REKENING",
        "D|5|BJM2610300005|20261030|20261030|0101099009|||150000|150000|0|0||||A||"
        "REKENING TIDAK DIKENAL",
        "T|5|1208332|429166|779166|"
        "88e0bab2888a60d553fc96bf5c1573857dce06e80f7d458625c126c42c56ff8a",
        "",
    ]
)
SAMPLE_NAME = "115.157100.ANGSURAN.20261030.001.txt"


def openssl(*words: object, inside: bytes | None = None) -> bytes:
    return subprocess.run(
        ["openssl", *map(str, words)], input=inside, capture_output=True, check=True
    ).stdout


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for who in ("kota", "bank"):
        openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", folder / f"{who}.key", "-out", folder / f"{who}.pem"),
            *("-days", "3650", "-subj", f"/CN={who}"),
        )
    return folder


def city_signs(path: Path, keys: Path, who: str = "kota") -> None:
    openssl(
        *("cms", "-sign", "-binary", "-md", "sha256", "-in", path, "-signer", keys / f"{who}.pem"),
        *("-inkey", keys / f"{who}.key", "-outform", "DER", "-out", f"{path}.p7s"),
    )


def a_submission() -> tuple[str, bytes]:
    head = Head(
        kind="PENGAJUAN", bank_code="115", written_at=NOON, sequence=1, batch_id="KJ-2026-1"
    )
    person = {
        "program": "bank_harkat",
        "jenis": "P",
        "nik": "1571995205850003",
        "nama": "SITI CONTOH",
        "tgl_lahir": "19850512",
        "jk": "P",
        "alamat": "JL CONTOH 1",
        "kelurahan": "15.71.07.1004",
        "no_hp": "+6281234567890",
        "nama_usaha": "WARUNG SITI",
        "tenor_bulan": "12",
        "tujuan": "MODAL",
    }
    rows = [
        {**person, "ref_pengajuan": "HRK2600000011", "plafon_diajukan": "5000000"},
        {**person, "ref_pengajuan": "HRK2600000012", "plafon_diajukan": "3000000"},
    ]
    written = write_pipe(head, rows)
    return written.name, written.content


def a_container(folder: Path, keys: Path, **changes: object) -> Path:
    """A container made by hand: zip by the standard library, signature by openssl."""
    name, content = a_submission()
    manifest = {
        "format": "kj-container/1",
        "sender": "kota_jambi",
        "receiver": "bank_jambi",
        "kind": "PENGAJUAN",
        "batch_id": "KJ-2026-1",
        "sequence": 1,
        "previous_sha256": "0" * 64,
        "created": "2026-10-30T17:30:00+07:00",
        "environment": "demo",
        "count": 2,
        "totals": {"plafon_diajukan": 8000000},
        "files": [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        ],
        "audit_head": {"n": 7, "hash": "a" * 64},
        **changes,
    }
    path = folder / "KJ-bank_jambi-pengajuan-000001.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr(name, content)
    city_signs(path, keys)
    return path


def test_a_container_made_by_hand_verifies(tmp_path: Path, keys: Path) -> None:
    container = verify_container(a_container(tmp_path, keys), keys / "kota.pem")
    assert container.manifest.count == 2
    assert list(container.files) == [a_submission()[0]]


def test_the_program_verifies_and_acknowledges(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_container(tmp_path, keys)
    city = ["--city-cert", str(keys / "kota.pem")]
    assert main(["verify", str(path), *city]) == 0
    assert json.loads(capsys.readouterr().out)["totals"] == {"plafon_diajukan": 8000000}
    writing = ["--bank", "115", "--sequence", "1", "--out", str(tmp_path), "--at", "2026-10-31"]
    writing += ["--cert", str(keys / "bank.pem"), "--key", str(keys / "bank.key")]
    refuse = ["--refuse", "HRK2600000012=KTP:KTP tidak terbaca"]
    assert main(["ack", str(path), *city, *writing, *refuse]) == 0
    answer = tmp_path / "115.157100.TANDATERIMA.20261031.001.txt"
    receipt = read_pipe(answer.name, answer.read_bytes())
    assert receipt.extra == hashlib.sha256(path.read_bytes()).hexdigest()
    assert receipt.batch_id == "KJ-2026-1"
    assert receipt.totals == {"jumlah": 2, "terima": 1, "tolak": 1}
    assert main(["check", str(answer), "--bank-cert", str(keys / "bank.pem")]) == 0
    assert main(["conformance", str(tmp_path), "--bank-cert", str(keys / "bank.pem")]) == 0


def test_a_plain_data_file_is_verified_and_acknowledged_too(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, content = a_submission()
    path = tmp_path / name
    path.write_bytes(content)
    city_signs(path, keys)
    city = ["--city-cert", str(keys / "kota.pem")]
    assert main(["verify", str(path), *city]) == 0
    assert json.loads(capsys.readouterr().out)["count"] == 2
    writing = ["--bank", "115", "--sequence", "1", "--out", str(tmp_path), "--at", "2026-10-31"]
    writing += ["--cert", str(keys / "bank.pem"), "--key", str(keys / "bank.key")]
    assert main(["ack", str(path), *city, *writing]) == 0
    answer = tmp_path / "115.157100.TANDATERIMA.20261031.001.txt"
    receipt = read_pipe(answer.name, answer.read_bytes())
    assert receipt.extra == hashlib.sha256(content).hexdigest()
    path.write_bytes(content.replace(b"|P|", b"|K|", 1))
    assert main(["verify", str(path), *city]) == 4


def test_a_changed_container_is_not_the_citys(tmp_path: Path, keys: Path) -> None:
    path = a_container(tmp_path, keys)
    path.write_bytes(path.read_bytes() + b"\0")
    assert main(["verify", str(path), "--city-cert", str(keys / "kota.pem")]) == 4


def test_a_container_signed_by_another_is_not_the_citys(tmp_path: Path, keys: Path) -> None:
    path = a_container(tmp_path, keys)
    city_signs(path, keys, who="bank")
    assert main(["verify", str(path), "--city-cert", str(keys / "kota.pem")]) == 4


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"format": "kj-container/2"}, "MANIFEST"),
        ({"previous_sha256": "x"}, "MANIFEST"),
        ({"sequence": 2}, "NAME"),
        ({"receiver": "bpr_kenali"}, "NAME"),
        ({"files": []}, "MEMBERS"),
        ({"count": "2"}, "MANIFEST"),
    ],
)
def test_a_manifest_that_disagrees_is_told(
    tmp_path: Path, keys: Path, changes: dict[str, object], code: str
) -> None:
    path = a_container(tmp_path, keys, **changes)
    with pytest.raises(KitError) as caught:
        verify_container(path, keys / "kota.pem")
    assert code in {problem.code for problem in caught.value.problems}


def test_the_published_sample_is_sound() -> None:
    assert check_pipe(SAMPLE_NAME, SAMPLE.encode()) == ()
    assert read_pipe(SAMPLE_NAME, SAMPLE.encode()).totals["neto"] == 779166


def resealed(text: str) -> str:
    """The text with its digest counted again, so that only the planted damage is wrong."""
    body, _, last = text.removesuffix("\n").rpartition("\n")
    fields = last.split("|")[:-1]
    return f"{body}\n{'|'.join(fields)}|{hashlib.sha256((body + chr(10)).encode()).hexdigest()}\n"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("D|2|BJM", "D|3|BJM", "ORDINAL"),
        ("|200000|187500|", "|200001|187500|", "SPLIT"),
        ("|150000|150000|0|0|", "|15O000|||0|", "RUPIAH"),
        ("|150000|150000|0|0|", "|１５0000|||0|", "RUPIAH"),
        ("|20261030|20261030|0101099001|", "|20261030|20261131|0101099001|", "DATE"),
        ("T|5|1208332|", "T|6|1208332|", "TOTAL"),
        ("T|5|1208332|", "T|5|1208333|", "TOTAL"),
        ("|779166|", "|779167|", "TOTAL"),
        ("|R|BJM2610300003|", "|R||", "REQUIRED"),
        ("|A||REKENING", "|B||REKENING", "CODE"),
        ("|A||REKENING TIDAK DIKENAL", "|A||REKENING|TIDAK DIKENAL", "COLUMNS"),
        ("H|ANGSURAN|1.0|115|", "H|ANGSURAN|1.0|116|", "NAME"),
        ("H|ANGSURAN|1.0|", "H|ANGSURAN|2.0|", "HEADER"),
        ("T|5|", "X|5|", "RECORDS"),
        ("\nD|1|", "\r\nD|1|", "LINE_END"),
    ],
)
def test_each_planted_damage_is_found(before: str, after: str, code: str) -> None:
    assert SAMPLE.count(before) >= 1
    damaged = resealed(SAMPLE.replace(before, after, 1))
    assert code in {problem.code for problem in check_pipe(SAMPLE_NAME, damaged.encode())}


def test_a_flipped_byte_breaks_the_digest() -> None:
    damaged = SAMPLE.replace("ANGSURAN KE-1", "ANGSURAN KE-7").encode()
    assert [problem.code for problem in check_pipe(SAMPLE_NAME, damaged)] == ["DIGEST"]


def test_a_byte_order_mark_and_another_encoding_are_found() -> None:
    assert "BOM" in {p.code for p in check_pipe(SAMPLE_NAME, b"\xef\xbb\xbf" + SAMPLE.encode())}
    latin = SAMPLE.replace("SEBAGIAN", "SEBAGIÉN").encode("latin-1")
    assert [p.code for p in check_pipe(SAMPLE_NAME, latin)] == ["ENCODING"]


def test_problems_speak_indonesian_first_and_english_on_choice() -> None:
    problem = check_pipe(SAMPLE_NAME, SAMPLE.replace("T|5|", "T|6|").encode())[0]
    assert problem.text("id") == "TOTAL: jumlah: tertulis 6, terhitung 5"
    assert problem.text("en") == "TOTAL: jumlah: states 6, counted 5"


def test_openssl_and_the_kit_agree_on_signatures(tmp_path: Path, keys: Path) -> None:
    path = tmp_path / SAMPLE_NAME
    path.write_text(SAMPLE)
    signer = load_signer((keys / "bank.pem").read_bytes(), (keys / "bank.key").read_bytes())
    signature = tmp_path / f"{SAMPLE_NAME}.p7s"
    signature.write_bytes(sign_detached(path.read_bytes(), signer))
    verify_signature(path, signature, keys / "bank.pem")
    with pytest.raises(KitError, match="SIGNATURE"):
        verify_signature(path, signature, keys / "kota.pem")


def test_a_key_of_another_certificate_is_refused(keys: Path) -> None:
    with pytest.raises(KitError, match="KEY"):
        load_signer((keys / "bank.pem").read_bytes(), (keys / "kota.key").read_bytes())


def test_a_spreadsheet_becomes_a_valid_signed_file(tmp_path: Path, keys: Path) -> None:
    sheet = tmp_path / "keputusan.xlsx"
    terms = Terms(amount_idr=5_000_000, tenor_months=12, method="FLAT", rate_bps=300)
    on = date(2026, 8, 12)
    rows = [approval_row("HRK2600000011", terms, on)]
    rows += [decline_row("HRK2600000012", on, "KAP", "Kemampuan bayar belum cukup")]
    with xlsxwriter.Workbook(str(sheet)) as book:
        page = book.add_worksheet()
        columns = list(dict.fromkeys(name for row in rows for name in row))
        for at, name in enumerate(columns):
            page.write_string(0, at, name)
            for line, row in enumerate(rows, start=1):
                value = row.get(name, "")
                if name == "plafon_disetujui":
                    page.write_number(line, at, int(value))
                else:
                    page.write_string(line, at, value)
    words = ["render", "keputusan", str(sheet), "--bank", "115", "--sequence", "4"]
    words += ["--cert", str(keys / "bank.pem"), "--key", str(keys / "bank.key")]
    assert main([*words, "--out", str(tmp_path), "--at", "2026-08-12T10:00:00"]) == 0
    made = tmp_path / "115.157100.KEPUTUSAN.20260812.004.txt"
    assert main(["check", str(made), "--bank-cert", str(keys / "bank.pem")]) == 0
    assert read_pipe(made.name, made.read_bytes()).totals["total_disetujui"] == 5_000_000


def test_the_writer_refuses_what_would_break_the_file() -> None:
    entry = Entry(
        ref_bank="B1",
        booked_on=NOON.date(),
        value_on=NOON.date(),
        loan_number="0101",
        reference="HRK2600000011",
        amount_idr=1000,
        note="a|b",
    )
    head = Head(kind="ANGSURAN", bank_code="115", written_at=NOON, sequence=1)
    with pytest.raises(KitError, match="CHARACTER"):
        write_pipe(head, [repayment_row(entry)])


def test_a_missing_number_is_told_by_conformance(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signer = load_signer((keys / "bank.pem").read_bytes(), (keys / "bank.key").read_bytes())
    for number in (1, 3):
        written = write_pipe(
            Head(kind="ANGSURAN", bank_code="115", written_at=NOON, sequence=number), []
        )
        (tmp_path / written.name).write_bytes(written.content)
        (tmp_path / f"{written.name}.p7s").write_bytes(sign_detached(written.content, signer))
    assert main(["conformance", str(tmp_path), "--bank-cert", str(keys / "bank.pem")]) == 3
    assert "002" in capsys.readouterr().err


def test_the_kit_imports_nothing_else_of_the_gateway() -> None:
    kit = Path(__file__).parents[2] / "gateway" / "bankkit"
    for path in kit.glob("*.py"):
        for line in path.read_text().splitlines():
            if line.startswith(("from gateway", "import gateway")):
                assert line.startswith("from gateway.bankkit"), f"{path.name}: {line}"


def test_a_wrong_command_is_told_apart_from_a_wrong_file(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = ["--city-cert", str(keys / "kota.pem")]
    assert main(["verify", str(tmp_path / "none.zip"), *city, "--lang", "en"]) == 2
    assert capsys.readouterr().err == "MISSING: none.zip is missing\n"
    assert main(["check", str(tmp_path / "none.txt")]) == 2
    damaged = tmp_path / SAMPLE_NAME
    damaged.write_text(SAMPLE.replace("T|5|", "T|6|"))
    assert main(["check", str(damaged)]) == 3
    damaged.write_text(SAMPLE)
    capsys.readouterr()
    assert main(["check", str(damaged)]) == 0
    assert capsys.readouterr().out.startswith("baik: ANGSURAN, jumlah 5, total_masuk 1208332")
