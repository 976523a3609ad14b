"""Nothing about a person can be read from the raw state, nor guessed from a plain digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gateway.domain.files import FileKind, RowDefect
from gateway.store import Store, agenda, applications, credit, loans, mismatches
from tests.store.builders import (
    NOW,
    a_national_id,
    a_repayment,
    an_application,
    lend,
    receive,
    repay,
    save,
)
from tests.store.test_credit import a_report, ask
from tests.store.test_loans import a_decision
from tests.store.test_mismatches import found, propose
from tests.store.test_mismatches import save as save_mismatches

PERSON = an_application().applicant
CANARIES = (
    "CANARY",
    "Canary",
    PERSON.national_id,
    PERSON.phone,
    PERSON.phone.removeprefix("+62"),
    PERSON.business_id,
    PERSON.tax_number,
    "1985-05-05",
    "UMKM-7-CANARY",
)


def live_a_little(store: Store) -> None:
    nik = a_national_id()
    with store.begin(NOW, "test") as tx:
        applications.save_group(
            tx, reference="BHT2600000009", name="Canary", programme="x", source_group=nik
        )
        save(tx, an_application(source_reference="UMKM-7-CANARY", group_name="Canary"))
        ask(tx)
        credit.save_report_part(tx, a_report(), file_sha256="a" * 64)
        lend(tx, note="pencairan Canary")
        decided = receive(tx, kind=FileKind.KEPUTUSAN)
        loans.save_decision(tx, "bank_jambi", a_decision(reason="CANARY baru"), decided)
        file_id = repay(tx, 1, a_repayment(note=f"setoran CANARY {nik}"))
        defect = RowDefect(line=9, column="x", message_en=nik, message_id=f"baris {nik}")
        loans.save_row_defects(tx, file_id, [defect])
        agenda.raise_alarm(tx, "file", "bank_jambi", f"x {nik}", f"y {nik}")
        tx.audit("NOTED", nik, word=nik)
    store.blobs.put(f"D|1|{nik}|SITI CANARY|{PERSON.phone}".encode())
    save_mismatches(store, "a", found(), period="2026-08")
    propose_with_a_name(store)


def propose_with_a_name(store: Store) -> None:
    propose(store)
    with store.begin(NOW, "checker") as tx:
        (row,) = mismatches.list_mismatches(tx)
        mismatches.return_to_open(tx, row.id, "tanya SITI CANARY dulu")


def needles() -> dict[bytes, str]:
    """What must not be found: the texts, their hexadecimal, and their plain digests."""
    wanted: dict[bytes, str] = {}
    for text in CANARIES:
        content = text.encode()
        wanted[content] = text
        wanted[content.hex().encode()] = f"hex of {text}"
        for name in ("md5", "sha1", "sha256"):
            digest = hashlib.new(name, content)
            wanted[digest.digest()] = f"{name} of {text}"
            wanted[digest.hexdigest().encode()] = f"{name} of {text}"
            wanted[digest.hexdigest()[:32].encode()] = f"short {name} of {text}"
    return wanted


def everything(store: Store, folder: Path) -> bytes:
    """All bytes that the state has on disk, or that the server holds in its tables."""
    with store.begin(NOW, "test") as tx:
        if tx.dialect == "sqlite":
            tables = b""
        else:
            names = tx.conn.exec_driver_sql(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).scalars()
            rows = [
                tx.conn.exec_driver_sql(f"SELECT t::text FROM {name} t").scalars().all()
                for name in list(names)
            ]
            tables = "\n".join(text for table in rows for text in table).encode()
    files = [path for path in folder.rglob("*") if path.is_file()]
    return tables + b"".join(path.name.encode() + path.read_bytes() for path in files)


def test_no_canary_can_be_read_from_the_raw_state(store: Store, folder: Path) -> None:
    live_a_little(store)
    raw = everything(store, folder)
    assert b"HRK2600000001" in raw  # the search does look at the right bytes
    assert {name for needle, name in needles().items() if needle in raw} == set()


def test_printing_a_person_shows_nothing() -> None:
    printed = repr(an_application())
    assert not any(text in printed for text in CANARIES)
