"""Decisions that a person should look at, although the file is sound and is read."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.domain.loans import Decision
from gateway.domain.programmes import Borrower
from gateway.steps.reader import Reader
from gateway.steps.submission_effects import members_of
from gateway.steps.summary import Attention
from gateway.store import Transaction


def decision_doubts(
    tx: Transaction, partner_code: str, reader: Reader, decisions: Sequence[Decision]
) -> list[Attention]:
    """Approvals above what the programme allows; the bank's decision stands as it is."""
    doubts = []
    for decision in decisions:
        members = members_of(tx, decision.application_reference)
        if not decision.approved or not members:
            continue
        programme = reader.programmes[members[0].application.programme]
        is_member = programme.borrower is Borrower.GROUP and len(members) == 1
        if decision.approved_idr > programme.max_idr or is_member:
            doubts.append(_doubt(partner_code, decision, is_member=is_member))
    return doubts


def _doubt(partner_code: str, decision: Decision, *, is_member: bool) -> Attention:
    reference = decision.application_reference
    if is_member:
        return Attention(
            code="DECISION_MEMBER",
            partner_code=partner_code,
            subject=reference,
            message_en=f"{reference}: the bank decides on one member; a group is decided whole.",
            message_id=f"{reference}: bank memutus seorang anggota; kelompok diputus seluruhnya.",
        )
    return Attention(
        code="APPROVED_ABOVE_CEILING",
        partner_code=partner_code,
        subject=reference,
        message_en=f"{reference}: approved above the programme's ceiling. Ask the bank.",
        message_id=f"{reference}: disetujui melebihi pagu program. Tanyakan kepada bank.",
    )
