"""The home page: what waits for this person, how each partner stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, url_for

from gateway.domain.states import ApplicationState, InboundState, MismatchState
from gateway.store import agenda, applications, batches, files, trail
from gateway.store.transaction import Transaction
from gateway.web.access import Action
from gateway.web.context import allowed, reading
from gateway.web.mismatches import Choice, weigh
from gateway.web.partners import shown_cards
from gateway.web.settings import PartnerCard
from gateway.web.tallies import Tally

pages = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerState:
    """One partner at a glance."""

    card: PartnerCard
    last_in: datetime | None
    last_out: datetime | None
    tally: Tally | None
    proposed: int
    set_aside: int
    alarms: tuple[agenda.Alarm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """Something that waits for this person, and where."""

    number: int
    words: str
    url: str


@pages.get("/")
def show_home() -> str:
    """Beranda."""
    cards = shown_cards(Action.SEE_HOME)
    with reading() as tx:
        alarms = agenda.list_alarms(tx)
        partners = [_look(tx, card, alarms) for card in cards]
        states = applications.count_states(tx) if allowed(Action.SEE_APPLICATIONS) else {}
        head = trail.head(tx) if allowed(Action.SEE_AUDIT) else None
    ordered = [(state.value, states.get(state.value, 0)) for state in ApplicationState]
    return render_template(
        "home.html",
        partners=partners,
        states=ordered if states else [],
        total=sum(states.values()),
        todo=[item for item in _list_todo(partners, states) if item.number],
        head=head,
    )


def _look(tx: Transaction, card: PartnerCard, alarms: list[agenda.Alarm]) -> PartnerState:
    received = files.list_files(tx, card.code)
    sent = batches.list_batches(tx, partner_code=card.code)
    sees_money = allowed(Action.SEE_MISMATCHES, card.code)
    proposed = Choice(partner_code=card.code, state=MismatchState.PROPOSED)
    return PartnerState(
        card=card,
        last_in=max((one.received_at for one in received), default=None),
        last_out=max((one.sent_at for one in sent if one.sent_at), default=None),
        tally=weigh(tx, Choice(partner_code=card.code, state=MismatchState.OPEN))
        if sees_money
        else None,
        proposed=weigh(tx, proposed).count if sees_money else 0,
        set_aside=sum(one.state == InboundState.SET_ASIDE for one in received),
        alarms=tuple(one for one in alarms if one.partner_code == card.code),
    )


def _list_todo(partners: list[PartnerState], states: dict[str, int]) -> Iterator[Todo]:
    if allowed(Action.PROPOSE):
        open_now = sum(one.tally.count for one in partners if one.tally)
        yield _todo(open_now, "open", "mismatches.show_list", MismatchState.OPEN)
    if allowed(Action.SETTLE):
        proposed = sum(one.proposed for one in partners)
        yield _todo(proposed, "proposed", "mismatches.show_list", MismatchState.PROPOSED)
    held, rejected = ApplicationState.ON_HOLD, ApplicationState.REJECTED
    yield _todo(states.get(held, 0), "held", "applications.show_list", held)
    yield _todo(states.get(rejected, 0), "rejected", "applications.show_list", rejected)
    set_aside = sum(one.set_aside for one in partners)
    yield Todo(number=set_aside, words="home.todo.set_aside", url=url_for("partners.show_list"))


def _todo(number: int, words: str, endpoint: str, state: str) -> Todo:
    return Todo(
        number=number, words=f"home.todo.{words}", url=url_for(endpoint, keadaan=str(state))
    )
