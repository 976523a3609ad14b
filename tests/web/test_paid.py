"""How a loan's payments are laid on its instalments for the overview."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.domain.loans import Instalment
from gateway.web.applications import spread_paid


def schedule() -> list[Instalment]:
    return [
        Instalment(number=n, due_on=date(2026, n, 28), principal_idr=90, interest_idr=10)
        for n in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("paid_idr", "covered"),
    [
        (0, [0, 0, 0]),
        (99, [99, 0, 0]),
        (250, [100, 100, 50]),
        (300, [100, 100, 100]),
        (301, [100, 100, 100]),
        (-5, [0, 0, 0]),
    ],
)
def test_the_oldest_due_is_covered_first_and_none_twice(paid_idr: int, covered: list[int]) -> None:
    assert [row.paid_idr for row in spread_paid(schedule(), paid_idr)] == covered
