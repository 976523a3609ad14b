"""What commands print for people: lines that fit a terminal, in the chosen language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from gateway.clock import WIB
from gateway.domain.blockers import explain, rupiah
from gateway.domain.mismatches import Proof
from gateway.store.applications import StoredApplication
from gateway.store.trail import TraceEntry

NEXT_SHOWN = 5
QUIET_FACTS = frozenset({"from_state", "row"})
HASH_LENGTH = 64


def status_lines(document: Mapping[str, Any], lang: str) -> Iterator[str]:
    """``gateway status``: what stands, what waits, what is next."""
    words = STATUS_WORDS[lang]
    total = sum(document["applications"].values())
    yield f"{words['applications']}: {total}"
    yield from (f"  {state:<13}{count:>7}" for state, count in document["applications"].items())
    yield f"{words['batches']}: {len(document['batches'])}"
    yield from (f"  {row['batch_id']:<42}{row['state']}" for row in document["batches"])
    read = sum(row["state"] == "READ" for row in document["inbound"])
    yield f"{words['inbound']}: {read}"
    yield f"{words['quarantine']}: {len(document['quarantine'])}"
    yield from (f"  {r['partner']:<16}{r['name']:<50}{r['reason']}" for r in document["quarantine"])
    text = "message" if lang == "id" else "message_en"
    yield f"{words['alarms']}: {len(document['alarms'])}"
    yield from (f"  {row['partner']:<16}{row[text]}" for row in document["alarms"])
    yield f"{words['next']}:"
    upcoming = sorted((row for row in document["next"] if row["due_at"]), key=_due_at)
    yield from (
        f"  {row['due_at']:%Y-%m-%d %H:%M}  {row['job']:<10}{row['partner']}"
        for row in upcoming[:NEXT_SHOWN]
    )


def _due_at(row: Mapping[str, Any]) -> datetime:
    moment: datetime = row["due_at"]
    return moment


STATUS_WORDS = {
    "id": {
        "applications": "Permohonan",
        "batches": "Berkas kolektif",
        "inbound": "Berkas mitra dibaca",
        "quarantine": "Dikarantina",
        "alarms": "Alarm",
        "next": "Jadwal berikutnya",
    },
    "en": {
        "applications": "Applications",
        "batches": "Batches",
        "inbound": "Partner files read",
        "quarantine": "Set aside",
        "alarms": "Alarms",
        "next": "Next",
    },
}


def trace_lines(entries: Iterable[TraceEntry]) -> Iterator[str]:
    """One application's road, a line per act, times in WIB; hashes by their first digits."""
    for entry in entries:
        facts = " ".join(
            f"{name}={_short(value)}"
            for name, value in entry.facts.items()
            if value != "" and name not in QUIET_FACTS
        )
        at = entry.at.astimezone(WIB)
        yield f"  {at:%Y-%m-%d %H:%M}  {entry.actor:<8}  {entry.act:<24} {facts}".rstrip()


def _short(value: object) -> str:
    text = str(value)
    return f"{text[:8]}…" if len(text) == HASH_LENGTH else text


def blocker_lines(row: StoredApplication, lang: str) -> Iterator[str]:
    """Why an applicant stands still, and the next thing to do."""
    for blocker in row.blockers:
        told = explain(blocker, lang)
        yield f"  ! {blocker.code}: {told.meaning}"
        yield f"    → {told.next_step}"


def proof_lines(proof: Proof, lang: str) -> Iterator[str]:
    """The zero-sum proof as people add it up."""
    words = PROOF_WORDS[lang]
    yield f"{proof.partner_code} {proof.period} ({words['as_of']} {proof.as_of})"
    for side, whole, rest in (
        ("expected", proof.expected_idr, proof.expected_residual_idr),
        ("reported", proof.reported_idr, proof.reported_residual_idr),
    ):
        yield (
            f"  {words[side]:<13}{rupiah(whole):>18} = {words['matched']}"
            f" {rupiah(proof.allocated_idr)} + {words['rest']} {rupiah(rest)}"
        )
    for code, (expected, reported) in sorted(proof.by_code.items()):
        yield f"    {code:<15}{rupiah(expected):>18}{rupiah(reported):>18}"
    yield f"  {words['zero']}: {proof.balance_idr}"


PROOF_WORDS = {
    "id": {
        "as_of": "keadaan",
        "expected": "Diharapkan",
        "reported": "Dilaporkan",
        "matched": "cocok",
        "rest": "sisa",
        "zero": "Periksa nol",
    },
    "en": {
        "as_of": "as of",
        "expected": "Expected",
        "reported": "Reported",
        "matched": "matched",
        "rest": "rest",
        "zero": "Zero check",
    },
}
