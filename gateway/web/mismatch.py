"""One mismatch: both sides, what it means, who acts, and the two people's choices."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from gateway.domain.loans import Instalment
from gateway.domain.states import MismatchState
from gateway.errors import IllegalTransition, RuleError, SamePersonTwice, StaleRecord
from gateway.privacy import mask_number, scrub
from gateway.reconciliation.codes import CODES
from gateway.store import loans, mismatches, trail
from gateway.store.mismatches import StoredMismatch
from gateway.store.transaction import Transaction
from gateway.web import formats
from gateway.web.access import Action
from gateway.web.applications import OUR_REFERENCE
from gateway.web.context import allowed, lang, reading, text, visitor, writing
from gateway.web.guidance import ACTIONS, REASON_LENGTH, ordered_actions
from gateway.web.mismatches import age_days, message, prove
from gateway.web.partners import name_partner
from gateway.web.timeline import read_timeline
from gateway.web.words import say_code

pages = Blueprint("mismatch", __name__)
_ID = re.compile(r"[0-9]{1,15}")
NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRow:
    """One line of the comparison."""

    words: str
    city: str
    bank: str
    differs: bool = False


@pages.get("/selisih/<mismatch_id>")
def show_one(mismatch_id: str) -> str:
    """Everything a person needs to decide on one screen."""
    with reading() as tx:
        row = _find(tx, mismatch_id)
        proof = prove(tx, row.partner_code, row.period)
        instalment = _find_instalment(tx, row)
        raw = _read_raw(tx, row)
        history = trail.trace(tx, _subject(row))
    return render_template(
        "mismatch.html",
        row=row,
        proof=proof,
        sides=_compare(row, instalment),
        raw=raw,
        history=read_timeline(history, own=_subject(row)),
        message=message,
        who=[say_code("acts", letter, lang()) for letter in _who_acts(row.found.code)],
        press=_press(row),
        actions=ordered_actions(row.found.code),
        can_propose=row.state == MismatchState.OPEN and allowed(Action.PROPOSE, row.partner_code),
        can_settle=row.state == MismatchState.PROPOSED and allowed(Action.SETTLE, row.partner_code),
        partner_name=name_partner(row.partner_code),
        application_url=_application_url(row),
        back_url=url_for("mismatches.show_list", mitra=row.partner_code, bulan=row.period),
        age=age_days,
    )


@pages.post("/selisih/<mismatch_id>/usul")
def propose(mismatch_id: str) -> Response:
    """The first person's choice."""
    action, reason = request.form.get("action", ""), _reason()
    if action not in ACTIONS or len(reason) not in REASON_LENGTH:
        return _back(mismatch_id, "one.bad_form", "bad")
    return _choose(
        mismatch_id, lambda tx, row: mismatches.propose(tx, row.id, action, reason), "one.proposed"
    )


@pages.post("/selisih/<mismatch_id>/sahkan")
def settle(mismatch_id: str) -> Response:
    """The second person's yes."""
    return _choose(mismatch_id, lambda tx, row: mismatches.settle(tx, row.id), "one.settled")


@pages.post("/selisih/<mismatch_id>/kembalikan")
def give_back(mismatch_id: str) -> Response:
    """The second person's no, with a reason."""
    reason = _reason()
    if len(reason) not in REASON_LENGTH:
        return _back(mismatch_id, "one.bad_form", "bad")
    return _choose(
        mismatch_id,
        lambda tx, row: mismatches.return_to_open(tx, row.id, reason),
        "one.returned",
    )


def _choose(
    mismatch_id: str, act: Callable[[Transaction, StoredMismatch], None], done: str
) -> Response:
    try:
        with writing() as tx:
            act(tx, _find(tx, mismatch_id))
    except SamePersonTwice:
        return _back(mismatch_id, "one.same_person", "bad")
    except (IllegalTransition, StaleRecord):
        return _back(mismatch_id, "one.changed", "bad")
    except RuleError as error:
        flash(error.text(lang()), "bad")
        return redirect(url_for("mismatch.show_one", mismatch_id=mismatch_id), 303)
    return _back(mismatch_id, done, "good")


def _back(mismatch_id: str, words: str, kind: str) -> Response:
    flash(text(words), kind)
    return redirect(url_for("mismatch.show_one", mismatch_id=mismatch_id), 303)


def _reason() -> str:
    return scrub(request.form.get("reason", "").strip())


def _find(tx: Transaction, mismatch_id: str) -> StoredMismatch:
    """The row, if there is one and this visitor may see it; one answer for both otherwise."""
    row = mismatches.load_mismatch(tx, int(mismatch_id)) if _ID.fullmatch(mismatch_id) else None
    if row is None or not allowed(Action.SEE_MISMATCHES, row.partner_code):
        abort(404)
    return row


def _find_instalment(tx: Transaction, row: StoredMismatch) -> Instalment | None:
    found = row.found
    if found.instalment_number is None:
        return None
    loan = None
    if found.loan_number:
        loan = loans.find_loan(tx, row.partner_code, found.loan_number)
    if loan is None and found.application_reference:
        loan = loans.find_loan_by_reference(tx, row.partner_code, found.application_reference)
    if loan is None:
        return None
    schedule = loans.list_instalments(tx, row.partner_code, loan.loan_number)
    return next((one for one in schedule if one.number == found.instalment_number), None)


def _read_raw(tx: Transaction, row: StoredMismatch) -> str:
    """The bank's line with numbers masked; empty where no single line is behind it."""
    found = row.found
    if not found.file_sha256 or not found.file_line:
        return ""
    lines = tx.blobs.get(found.file_sha256).split(b"\n")
    if found.file_line > len(lines):
        return ""
    line = lines[found.file_line - 1].rstrip(b"\r").decode("utf-8", "replace")
    shown_anyway = (found.bank_reference, found.application_reference)
    return formats.masked_line(line, hide=(found.loan_number,), keep=shown_anyway)


def _compare(row: StoredMismatch, instalment: Instalment | None) -> list[SideRow]:
    found, tongue = row.found, lang()
    number = str(found.instalment_number) if found.instalment_number is not None else NOTHING
    due_on = instalment.due_on if instalment else found.due_on
    rows = [
        SideRow(words="one.instalment", city=number, bank=NOTHING),
        SideRow(
            words="one.date",
            city=formats.day(due_on, tongue),
            bank=formats.day(found.value_on, tongue),
        ),
        SideRow(
            words="one.named",
            city=found.application_reference or NOTHING,
            bank=mask_number(found.loan_number) or NOTHING,
        ),
        SideRow(words="one.bank_ref", city=NOTHING, bank=found.bank_reference or NOTHING),
    ]
    if instalment:
        rows += [
            SideRow(
                words="one.principal",
                city=formats.rupiah(instalment.principal_idr, tongue),
                bank=NOTHING,
            ),
            SideRow(
                words="one.interest",
                city=formats.rupiah(instalment.interest_idr, tongue),
                bank=NOTHING,
            ),
        ]
    rows.append(
        SideRow(
            words="one.amount",
            city=formats.rupiah(found.expected_idr, tongue),
            bank=formats.rupiah(found.reported_idr, tongue),
            differs=found.difference_idr != 0,
        )
    )
    return rows


def _who_acts(code: str) -> list[str]:
    facts = CODES.get(code)
    return facts.acts.split(",") if facts and facts.acts else []


def _application_url(row: StoredMismatch) -> str:
    """Where its application or group can be seen, by whoever may."""
    reference = row.found.application_reference
    if not OUR_REFERENCE.fullmatch(reference) or not allowed(Action.SEE_APPLICATIONS):
        return ""
    return url_for("applications.show_one", reference=reference)


def _press(row: StoredMismatch) -> str:
    found = visitor()
    mine = found is not None and found.name == row.proposed_by
    if row.state == MismatchState.OPEN:
        return f"one.press.open.{'maker' if allowed(Action.PROPOSE) else 'other'}"
    if row.state == MismatchState.PROPOSED:
        checks = allowed(Action.SETTLE) and not mine
        return f"one.press.proposed.{'checker' if checks else 'other'}"
    return "one.press.done"


def _subject(row: StoredMismatch) -> str:
    return f"mismatch:{row.id}"
