"""The state machines, as tables; :func:`move` is the only way to change a state."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from gateway.errors import IllegalTransition


class ApplicationState(StrEnum):
    """Where one application stands on its road."""

    RECEIVED = "RECEIVED"
    SCREENING = "SCREENING"
    ELIGIBLE = "ELIGIBLE"
    ON_HOLD = "ON_HOLD"
    BATCHED = "BATCHED"
    DELIVERED = "DELIVERED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    REJECTED = "REJECTED"
    APPROVED = "APPROVED"
    DISBURSED = "DISBURSED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"


class BatchState(StrEnum):
    """The life of one outbound container, sealing and delivery in one machine."""

    SEALED = "SEALED"
    SENDING = "SENDING"
    UNCERTAIN = "UNCERTAIN"
    SENT = "SENT"
    ACKED = "ACKED"
    ABANDONED = "ABANDONED"


class InboundState(StrEnum):
    """The life of one file from a partner."""

    FETCHED = "FETCHED"
    READ = "READ"
    PARKED = "PARKED"
    SET_ASIDE = "SET_ASIDE"
    DISCARDED = "DISCARDED"


class LoanState(StrEnum):
    """A disbursed loan, as the bank last reported it."""

    ACTIVE = "ACTIVE"
    REPAID = "REPAID"
    WRITTEN_OFF = "WRITTEN_OFF"


class MismatchState(StrEnum):
    """A mismatch on its way from found to settled by two people."""

    OPEN = "OPEN"
    PROPOSED = "PROPOSED"
    SETTLED = "SETTLED"
    CLEARED = "CLEARED"


class ClaimState(StrEnum):
    """A bank's bill for subsidised interest."""

    RECEIVED = "RECEIVED"
    ENDORSED = "ENDORSED"
    RETURNED = "RETURNED"
    PAID = "PAID"


A, B, F, L, M, C = (
    ApplicationState,
    BatchState,
    InboundState,
    LoanState,
    MismatchState,
    ClaimState,
)

APPLICATION_MOVES: Mapping[ApplicationState, frozenset[ApplicationState]] = {
    A.RECEIVED: frozenset({A.SCREENING, A.WITHDRAWN}),
    A.SCREENING: frozenset({A.ELIGIBLE, A.ON_HOLD, A.WITHDRAWN}),
    A.ON_HOLD: frozenset({A.SCREENING, A.WITHDRAWN, A.LAPSED}),
    A.ELIGIBLE: frozenset({A.BATCHED, A.SCREENING, A.WITHDRAWN}),
    A.BATCHED: frozenset({A.DELIVERED, A.ELIGIBLE}),
    A.DELIVERED: frozenset({A.ACKNOWLEDGED, A.REJECTED}),
    A.REJECTED: frozenset({A.SCREENING, A.WITHDRAWN, A.LAPSED}),
    A.ACKNOWLEDGED: frozenset({A.APPROVED, A.DECLINED}),
    A.APPROVED: frozenset({A.DISBURSED, A.WITHDRAWN, A.LAPSED}),
    A.DISBURSED: frozenset(),
    A.DECLINED: frozenset(),
    A.WITHDRAWN: frozenset(),
    A.LAPSED: frozenset(),
}
BATCH_MOVES: Mapping[BatchState, frozenset[BatchState]] = {
    B.SEALED: frozenset({B.SENDING, B.ABANDONED}),
    B.SENDING: frozenset({B.SENT, B.UNCERTAIN}),
    B.UNCERTAIN: frozenset({B.SENT, B.SEALED, B.ACKED}),
    B.SENT: frozenset({B.ACKED, B.UNCERTAIN}),
    B.ACKED: frozenset(),
    B.ABANDONED: frozenset(),
}
INBOUND_MOVES: Mapping[InboundState, frozenset[InboundState]] = {
    F.FETCHED: frozenset({F.READ, F.PARKED, F.SET_ASIDE}),
    F.PARKED: frozenset({F.READ, F.SET_ASIDE}),
    F.SET_ASIDE: frozenset({F.READ, F.PARKED, F.DISCARDED}),
    F.READ: frozenset(),
    F.DISCARDED: frozenset(),
}
LOAN_MOVES: Mapping[LoanState, frozenset[LoanState]] = {
    L.ACTIVE: frozenset({L.REPAID, L.WRITTEN_OFF}),
    L.REPAID: frozenset(),
    L.WRITTEN_OFF: frozenset(),
}
MISMATCH_MOVES: Mapping[MismatchState, frozenset[MismatchState]] = {
    M.OPEN: frozenset({M.PROPOSED, M.CLEARED}),
    M.PROPOSED: frozenset({M.SETTLED, M.OPEN}),
    M.SETTLED: frozenset(),
    M.CLEARED: frozenset(),
}
CLAIM_MOVES: Mapping[ClaimState, frozenset[ClaimState]] = {
    C.RECEIVED: frozenset({C.ENDORSED, C.RETURNED}),
    C.ENDORSED: frozenset({C.PAID}),
    C.RETURNED: frozenset(),
    C.PAID: frozenset(),
}

S = TypeVar("S", bound=StrEnum)


def move(table: Mapping[S, frozenset[S]], current: S, target: S) -> S:
    """Move a state through its table.

    :raises IllegalTransition: if the table has no such move.
    """
    if target not in table[current]:
        raise IllegalTransition(
            f"{type(current).__name__} cannot go from {current} to {target}.",
            message_id=f"{type(current).__name__} tidak dapat pindah dari {current} ke {target}.",
        )
    return target
