"""What a person may propose about a mismatch, and which proposals fit which cause."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS = (
    "ASK_BANK",
    "CARRY",
    "ACCEPT_BANK",
    "KEEP_CITY",
    "BOTH_REAL",
    "ASSIGN_LOAN",
    "RETURN_MONEY",
    "JOINT_LIABILITY",
    "REFER_PROGRAMME",
    "NOTED",
)
ADVISED: Mapping[str, tuple[str, ...]] = {
    "MISSING": ("CARRY", "REFER_PROGRAMME", "ASK_BANK"),
    "PARTIAL": ("CARRY", "REFER_PROGRAMME"),
    "OVERPAID": ("ASK_BANK", "RETURN_MONEY"),
    "AMOUNT_DIFF": ("ASK_BANK", "ACCEPT_BANK", "KEEP_CITY"),
    "COMPONENT_DIFF": ("ACCEPT_BANK", "ASK_BANK"),
    "LATE": ("NOTED", "REFER_PROGRAMME"),
    "SEQ_GAP": ("ACCEPT_BANK", "ASK_BANK"),
    "LATE_POSTING": ("ACCEPT_BANK", "ASK_BANK"),
    "UNKNOWN_LOAN": ("ASK_BANK", "ASSIGN_LOAN", "RETURN_MONEY"),
    "NEAR_REF": ("ASSIGN_LOAN", "ASK_BANK"),
    "AMBIGUOUS": ("ASSIGN_LOAN", "ASK_BANK"),
    "DUP_SAME": ("NOTED",),
    "POSSIBLE_DUP": ("BOTH_REAL", "ASK_BANK"),
    "CLOSED_LOAN": ("RETURN_MONEY", "ASK_BANK"),
    "GROUP_SHORT": ("JOINT_LIABILITY", "CARRY"),
    "GROUP_OVER": ("ASK_BANK", "RETURN_MONEY"),
    "SPLIT_SHARE": ("NOTED", "ASK_BANK"),
    "STATUS_DIFF": ("ACCEPT_BANK", "NOTED"),
    "SCHEDULE_DIFF": ("ASK_BANK", "ACCEPT_BANK"),
    "DISB_DIFF": ("ASK_BANK", "ACCEPT_BANK"),
    "DISB_NO_APPROVAL": ("REFER_PROGRAMME", "ASK_BANK"),
    "DISB_WAITING": ("REFER_PROGRAMME", "ASK_BANK"),
    "SUB_OVER": ("KEEP_CITY", "ASK_BANK"),
    "SUB_UNDER": ("ASK_BANK", "NOTED"),
    "SUB_BUDGET": ("REFER_PROGRAMME",),
}
REASON_LENGTH = range(5, 501)


def advised_actions(code: str) -> tuple[str, ...]:
    """What usually fits this cause; asking the bank where nothing is known better."""
    return ADVISED.get(code, ("ASK_BANK",))


def ordered_actions(code: str) -> tuple[tuple[str, bool], ...]:
    """Every action, the advised ones first, each with whether it is advised."""
    advised = advised_actions(code)
    rest = tuple(action for action in ACTIONS if action not in advised)
    return tuple((action, True) for action in advised) + tuple((action, False) for action in rest)
