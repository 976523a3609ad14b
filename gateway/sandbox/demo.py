"""The demo city: seeded applications walk the whole road once, on real parts.

Every act is the gateway's own step over a real SSH or HTTPS server on loopback; only the
calendar is moved on by hand, so that months pass in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gateway.app import Gateway
from gateway.clock import WIB
from gateway.homes import make_home
from gateway.jobs import run_step
from gateway.sandbox.city import SandboxCity
from gateway.sandbox.people import make_forms
from gateway.schemas import FormProblem
from gateway.steps.intake import take_in
from gateway.steps.summary import Summary
from gateway.store import applications, batches, loans, mismatches, periods, statements, trail

ACTOR = "demo"
STEPS = ("collect", "screen", "batch", "deliver")
PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One simulated working day: the partners work, then the gateway's steps run.

    :param steps: of the gateway, in this order.
    """

    at: str
    steps: tuple[str, ...] = STEPS


DAYS: Sequence[Day] = (
    Day(at="2026-08-03T09:00", steps=("screen", "deliver")),
    Day(at="2026-08-04T09:00"),
    Day(at="2026-08-05T15:30"),
    Day(at="2026-08-06T09:00", steps=("collect",)),
    Day(at="2026-08-12T09:00", steps=("collect",)),
    Day(at="2026-08-14T09:00", steps=("collect",)),
    Day(at="2026-08-21T09:00", steps=("collect",)),
    Day(at="2026-08-31T17:00", steps=("collect", "reconcile")),
    Day(at="2026-09-30T17:00", steps=("collect", "reconcile")),
    Day(at="2026-10-30T17:00", steps=("collect", "reconcile")),
    Day(at="2026-10-30T18:00", steps=("watch",)),
)
DEMO_CHECKLIST = 'required_columns = ["kbli", "mulai_usaha"]'
"""What the demo city's programmes want filled in; the shipped ones leave it to the city."""

DEMO_BANK_USER = 'bank_users = { bank = "bank_jambi" }'

FIRST_MORNING = "2026-08-03T08:00"


def moment(text: str) -> datetime:
    """A demo moment, in WIB."""
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def prepare_home(home: Path, city: SandboxCity) -> None:
    """Make a fresh home and let the city's banks write their addresses and keys into it."""
    now = moment(FIRST_MORNING)
    make_home(home, now)
    for path in (home / "config" / "programmes").glob("*.toml"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("required_columns = []", DEMO_CHECKLIST), "utf-8")
    main = home / "config" / "gateway.toml"
    text = main.read_text("utf-8")
    main.write_text(text.replace("bank_users = {}", DEMO_BANK_USER), "utf-8")
    city.prepare(home, now)


def walk_the_road(gateway: Gateway, city: SandboxCity, seed: int, count: int) -> list[Summary]:
    """Applications in, answers, batches, money, months, mismatches: everything once."""
    morning = moment(FIRST_MORNING)
    for form in make_forms(seed, count, morning.date()):
        programme = gateway.config.programmes[form.programme]
        result = take_in(gateway.store, programme, form.name, form.content, morning, ACTOR)
        if result.refused:
            first = result.errors[0]
            raise FormProblem(
                f"{form.name}, row {first.row}, {first.column}: {first.message_en}",
                message_id=f"{form.name}, baris {first.row}, {first.column}: {first.message_id}",
                reason=first.code,
            )
    done: list[Summary] = []
    for day in DAYS:
        city.tick(moment(day.at))
        for step in day.steps:
            done += run_step(gateway, step, None, moment(day.at), ACTOR)
    return done


def summarise(gateway: Gateway) -> dict[str, Any]:
    """The numbers of the road, as ``./run --json`` prints them."""
    with gateway.store.read() as tx:
        proofs = [
            proof
            for partner_code, period in periods.list_periods(tx)
            if (proof := periods.latest_run(tx, partner_code, period)) is not None
        ]
        checked = trail.verify(tx)
        return {
            "applications": applications.count_states(tx),
            "batches": [
                {
                    "partner": row.partner_code,
                    "number": row.sequence,
                    "sha256": row.container_sha256,
                    "state": row.state,
                    "kind": row.kind,
                }
                for row in batches.list_batches(tx)
            ],
            "loans": len(loans.list_loans(tx)),
            "repayments": statements.count_repayments(tx),
            "mismatches": mismatches.count_by_code(tx),
            "proof": {
                name: sum(getattr(proof, name) for proof in proofs)
                for name in (
                    "expected_idr",
                    "reported_idr",
                    "allocated_idr",
                    "expected_residual_idr",
                    "reported_residual_idr",
                    "balance_idr",
                )
            },
            "audit": {
                "entries": checked.entries,
                "head": checked.head,
                "verified": checked.verified,
            },
            "months": [f"{proof.partner_code} {proof.period}" for proof in proofs],
        }
