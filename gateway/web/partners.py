"""The partners' page: how far each is, what waits, what went out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template

from gateway.domain.states import InboundState
from gateway.store import batches, files
from gateway.store.transaction import Transaction
from gateway.web.access import Action, visible_partners
from gateway.web.context import desk, reading, visitor
from gateway.web.settings import PartnerCard

pages = Blueprint("partners", __name__)
ROWS_PER_PARTNER = 50
NEEDS_A_LOOK = (InboundState.FETCHED, InboundState.PARKED, InboundState.SET_ASIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerView:
    """One partner with its files that wait and its batches, newest first."""

    card: PartnerCard
    files: tuple[files.StoredFile, ...]
    more_files: int
    batches: tuple[batches.StoredBatch, ...]
    more_batches: int


def name_partner(code: str) -> str:
    """The partner's name, or its code once it has left the configuration."""
    card = desk().settings.partners.get(code)
    return card.name if card else code or "–"


def shown_cards(action: Action) -> list[PartnerCard]:
    """The partners this visitor may see here."""
    cards = desk().settings.partners
    return [cards[code] for code in visible_partners(visitor(), action, cards)]


@pages.get("/mitra")
def show_list() -> str:
    """Every partner the visitor may see."""
    cards = shown_cards(Action.SEE_PARTNERS)
    with reading() as tx:
        views = [_view(tx, card) for card in cards]
    return render_template("partners.html", partners=views)


def _view(tx: Transaction, card: PartnerCard) -> PartnerView:
    waiting = files.list_files(tx, card.code, NEEDS_A_LOOK)
    sent = batches.list_batches(tx, partner_code=card.code)
    newest = sorted(sent, key=lambda one: (one.sealed_at, one.sequence), reverse=True)
    return PartnerView(
        card=card,
        files=tuple(waiting[:ROWS_PER_PARTNER]),
        more_files=max(0, len(waiting) - ROWS_PER_PARTNER),
        batches=tuple(newest[:ROWS_PER_PARTNER]),
        more_batches=max(0, len(newest) - ROWS_PER_PARTNER),
    )
