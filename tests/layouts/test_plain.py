from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from gateway.domain.batches import Acknowledgement, Rejection
from gateway.domain.loans import InterestMethod
from gateway.layouts import to_plain


def test_a_value_becomes_the_same_json_every_time() -> None:
    receipt = Acknowledgement(
        batch_reference="B1",
        received_sha256="ab",
        accepted=("A1", "A2"),
        rejected=(Rejection(application_reference="A3", reason_code="D01"),),
    )
    plain = to_plain(receipt)
    assert list(plain) == ["batch_reference", "received_sha256", "accepted", "rejected"]  # type: ignore[arg-type]  # an object
    assert json.loads(json.dumps(plain)) == plain


def test_enums_dates_and_mappings_have_a_plain_form() -> None:
    assert to_plain(InterestMethod.ANNUITY) == "ANUITAS"
    assert to_plain(date(2026, 10, 30)) == "2026-10-30"
    assert to_plain(datetime(2026, 10, 30, 1, tzinfo=UTC)) == "2026-10-30T01:00:00+00:00"
    assert list(to_plain({"b": 1, "a": True})) == ["a", "b"]  # type: ignore[arg-type]  # an object


@pytest.mark.parametrize("value", [0.1, b"bytes", {1, 2}, object()])
def test_a_value_without_a_plain_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_plain(value)
