"""Applications: search without a NIK in any address, list by state, one application's road."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from gateway.domain.loans import Instalment
from gateway.domain.states import ApplicationState
from gateway.store import applications, credit, loans, trail
from gateway.store.applications import StoredApplication
from gateway.store.loans import StoredLoan
from gateway.store.transaction import Transaction
from gateway.web.access import Action
from gateway.web.context import allowed, lang, reading
from gateway.web.timeline import read_timeline
from gateway.web.words import say_code

pages = Blueprint("applications", __name__)
ROWS = 200
OUR_REFERENCE = re.compile(r"[A-Z0-9]{1,16}")
_NATIONAL_ID = re.compile(r"[0-9]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """One instalment with what the loan's payments cover of it."""

    instalment: Instalment
    paid_idr: int


@pages.get("/pengajuan")
def show_list() -> str:
    """The applications in one state, or the search alone."""
    chosen = request.args.get("keadaan", "")
    if not chosen:
        return _list([], "app.choose")
    if chosen not in ApplicationState.__members__:
        abort(404)
    with reading() as tx:
        rows = applications.list_applications(tx, states=[ApplicationState(chosen)], limit=ROWS + 1)
    return _list(rows, "app.none", chosen)


@pages.post("/pengajuan")
def find() -> str | Response:
    """Find by our reference or by NIK; the question is in the form's body, never in an address."""
    asked = request.form.get("cari", "").strip().upper()
    if not OUR_REFERENCE.fullmatch(asked):
        return _list([], "app.search.none")
    with reading() as tx:
        rows = _search(tx, asked)
    if len(rows) == 1:
        reference = rows[0].application.reference
        return redirect(url_for("applications.show_one", reference=reference), 303)
    return _list(rows, "app.search.none")


@pages.get("/pengajuan/<reference>")
def show_one(reference: str) -> str:
    """One application's road from intake to the last instalment; a group shows its members."""
    if not OUR_REFERENCE.fullmatch(reference) or _NATIONAL_ID.fullmatch(reference):
        abort(404)
    with reading() as tx:
        row = applications.load_application(tx, reference)
        if row is None:
            return _list(_members(tx, reference) or abort(404), "app.none")
        loan = _find_loan(tx, row)
        schedule = loans.list_instalments(tx, loan.partner_code, loan.loan_number) if loan else []
        verdict = credit.load_verdict(tx, reference)
        history = trail.trace(tx, reference)
    return render_template(
        "application.html",
        row=row,
        loan=loan,
        dues=spread_paid(schedule, loan.paid_idr if loan else 0),
        verdict=verdict,
        history=read_timeline(history, own=reference),
    )


def spread_paid(instalments: Sequence[Instalment], paid_idr: int) -> list[DueRow]:
    """What was paid, laid on the oldest dues first; an overview, not the reconciliation."""
    rows, left_idr = [], max(0, paid_idr)
    for instalment in instalments:
        covered_idr = min(left_idr, instalment.amount_idr)
        left_idr -= covered_idr
        rows.append(DueRow(instalment=instalment, paid_idr=covered_idr))
    return rows


def _search(tx: Transaction, asked: str) -> list[StoredApplication]:
    if _NATIONAL_ID.fullmatch(asked):
        found = applications.find_by_national_id(tx, asked) if allowed(Action.FIND_PERSON) else []
        listed = [applications.load_application(tx, reference) for reference in found]
        return [row for row in listed if row]
    row = applications.load_application(tx, asked)
    return [row] if row else _members(tx, asked)


def _members(tx: Transaction, reference: str) -> list[StoredApplication]:
    group = applications.load_group(tx, reference)
    return list(group.members) if group else []


def _find_loan(tx: Transaction, row: StoredApplication) -> StoredLoan | None:
    application = row.application
    if not application.partner_code:
        return None
    return loans.find_loan_by_reference(tx, application.partner_code, application.loan_reference)


def _list(rows: list[StoredApplication], empty: str, chosen: str = "") -> str:
    tongue = lang()
    return render_template(
        "applications.html",
        rows=rows[:ROWS],
        cut=len(rows) > ROWS,
        empty=empty,
        chosen=chosen,
        state_options=[
            (state.value, say_code("application", state, tongue)) for state in ApplicationState
        ],
    )
