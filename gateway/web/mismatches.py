"""The list of mismatches with its filter, its sums and the proof that nothing is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flask import Blueprint, abort, render_template, request, url_for

from gateway.domain.mismatches import Proof
from gateway.domain.states import MismatchState
from gateway.reconciliation import codes
from gateway.store import mismatches, periods
from gateway.store.mismatches import StoredMismatch
from gateway.store.transaction import Transaction
from gateway.web import formats
from gateway.web.access import Action, may
from gateway.web.context import allowed, desk, lang, reading, today, visitor
from gateway.web.partners import name_partner
from gateway.web.tallies import Tally, tally
from gateway.web.words import say_code

pages = Blueprint("mismatches", __name__)
PAGE_SIZE = 200
WEIGHED_AT_ONCE = 2000
NO_PARTNER = "-"
_PERIOD = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_CODE = re.compile(r"[A-Z0-9_]{1,40}")
_ID = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the filter asks for; empty means all, and no state means what still waits."""

    partner_code: str = ""
    period: str = ""
    code: str = ""
    state: MismatchState | None = None
    include_info: bool = False
    after_id: int | None = None

    def url(self, after_id: int | None = None) -> str:
        """The list's address with this filter."""
        return url_for(
            "mismatches.show_list",
            mitra=self.partner_code or None,
            bulan=self.period or None,
            sebab=self.code or None,
            keadaan=self.state,
            semua="1" if self.include_info else None,
            setelah=after_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProof:
    """The proof of one partner and month as the page shows it."""

    partner_name: str
    period: str
    run: Proof | None

    @property
    def sound(self) -> bool:
        """Whether everything expected is either matched or named as a mismatch."""
        run = self.run
        return run is None or (
            run.balance_idr == 0
            and run.expected_idr == run.allocated_idr + run.expected_residual_idr
        )


@pages.get("/selisih")
def show_list() -> str:
    """The chosen mismatches, with their sums and the proof."""
    with reading() as tx:
        known = [one for one in periods.list_periods(tx) if allowed(Action.SEE_MISMATCHES, one[0])]
        choice = read_choice({code for code, _ in known} | _own_codes())
        rows = find_rows(tx, choice, limit=PAGE_SIZE + 1)
        total = weigh(tx, choice)
        proofs = [prove(tx, *one) for one in _chosen_proofs(choice, known)]
    shown = rows[:PAGE_SIZE]
    return render_template(
        "mismatches.html",
        choice=choice,
        rows=shown,
        tally=total,
        proofs=proofs,
        page_size=PAGE_SIZE,
        next_url=choice.url(shown[-1].id) if len(rows) > PAGE_SIZE else "",
        first_url=choice.url(),
        message=message,
        age=age_days,
        **_options(known),
    )


def read_choice(partner_codes: set[str]) -> Choice:
    """The filter from the address; a partner that is foreign or unknown is not found."""
    asked = request.args
    partner_code, period, code = (asked.get(name, "") for name in ("mitra", "bulan", "sebab"))
    state, after = asked.get("keadaan", ""), asked.get("setelah", "")
    sound = (
        (not partner_code or partner_code in partner_codes)
        and (not period or _PERIOD.fullmatch(period))
        and (not code or _CODE.fullmatch(code))
        and (not state or state in MismatchState.__members__)
        and (not after or _ID.fullmatch(after))
    )
    if not sound:
        abort(404)
    return Choice(
        partner_code=partner_code or _only_partner(),
        period=period,
        code=code,
        state=MismatchState(state) if state else None,
        include_info=asked.get("semua") == "1",
        after_id=int(after) if after else None,
    )


def find_rows(tx: Transaction, choice: Choice, limit: int) -> list[StoredMismatch]:
    """One page of the choice, after its last row."""
    return mismatches.list_mismatches(
        tx,
        partner_code=choice.partner_code or None,
        period=choice.period or None,
        code=choice.code or None,
        state=choice.state,
        include_info=choice.include_info,
        after_id=choice.after_id,
        limit=limit,
    )


def weigh(tx: Transaction, choice: Choice) -> Tally:
    """Number and sums of the whole choice, whatever page is shown."""
    differences: list[int] = []
    after_id: int | None = None
    while True:
        rows = find_rows(tx, replace(choice, after_id=after_id), WEIGHED_AT_ONCE)
        differences.extend(row.found.difference_idr for row in rows)
        if len(rows) < WEIGHED_AT_ONCE:
            return tally(differences)
        after_id = rows[-1].id


def prove(tx: Transaction, partner_code: str, period: str) -> ShownProof:
    """The proof of the newest run of one partner and month."""
    return ShownProof(
        partner_name=name_partner(partner_code),
        period=period,
        run=periods.latest_run(tx, partner_code, period),
    )


def message(row: StoredMismatch) -> str:
    """What happened, in one sentence."""
    code = row.found.code
    if code not in codes.CODES:
        return code
    bank = name_partner(row.partner_code)
    return codes.message(code, lang(), row.found, bank=bank)


def age_days(row: StoredMismatch) -> int:
    """Whole days since it was first seen."""
    return max(0, (today() - row.since).days)


def _own_codes() -> set[str]:
    return {code for code in desk().settings.partners if allowed(Action.SEE_MISMATCHES, code)}


def _only_partner() -> str:
    """The partner a bank's user is kept to; empty for the city's staff."""
    found = visitor()
    if found is None or may(found, Action.SEE_MISMATCHES, NO_PARTNER):
        return ""
    return found.partner_code


def _chosen_proofs(choice: Choice, known: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The chosen month of each chosen partner; without a month, each one's newest."""
    own = [one for one in known if choice.partner_code in ("", one[0])]
    if choice.period:
        return [one for one in own if one[1] == choice.period] or (
            [(choice.partner_code, choice.period)] if choice.partner_code else []
        )
    newest: dict[str, str] = {}
    for partner_code, period in sorted(own):
        newest[partner_code] = period
    return list(newest.items())


def _options(known: list[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    tongue = lang()
    partner_codes = sorted(_own_codes() | {code for code, _ in known})
    months = sorted({period for _, period in known}, reverse=True)
    return {
        "partner_options": [(code, name_partner(code)) for code in partner_codes],
        "period_options": [(one, formats.month(one, tongue)) for one in months],
        "code_options": [(code, say_code("code", code, tongue)) for code in codes.CODES],
        "state_options": [(one.value, say_code("mismatch", one, tongue)) for one in MismatchState],
    }
