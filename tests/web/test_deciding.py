"""Two people decide on a mismatch."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from gateway.domain.states import MismatchState
from gateway.store import Store, mismatches
from tests.web.city import (
    NOW,
    PERSON,
    find_mismatch,
    form_token,
    seen,
)
from tests.web.conftest import SignIn


def decide(client: FlaskClient, number: int, step: str, **form: str) -> str:
    where = f"/selisih/{number}"
    form["csrf_token"] = form_token(client, where)
    return seen(client.post(f"{where}/{step}", data=form, follow_redirects=True).text)


def state_of(store: Store, number: int) -> MismatchState:
    with store.read(NOW) as tx:
        row = mismatches.load_mismatch(tx, number)
    assert row
    return row.state


def test_two_people_settle_a_mismatch_and_both_stand_in_its_history(
    store: Store, as_user: SignIn
) -> None:
    number = find_mismatch(store, "PARTIAL")
    maker, checker = as_user("siti"), as_user("budi")
    proposed = decide(maker, number, "usul", action="CARRY", reason="Dibayar bulan depan")
    assert "Usulan dicatat." in proposed
    assert state_of(store, number) == MismatchState.PROPOSED
    assert "1 usulan menunggu pengesahan" in seen(checker.get("/").text)
    waiting = seen(checker.get(f"/selisih/{number}").text)
    assert "Usulan Bawa ke bulan berikut Alasan Dibayar bulan depan Diusulkan oleh siti" in waiting
    settled = decide(checker, number, "sahkan")
    assert "Selisih disahkan." in settled
    assert "Disahkan oleh budi" in settled
    assert state_of(store, number) == MismatchState.SETTLED
    history = settled.partition("Riwayat")[2]
    assert "siti" in history
    assert "budi" in history


def test_the_same_person_may_not_settle_what_they_proposed(store: Store, as_user: SignIn) -> None:
    number = find_mismatch(store, "PARTIAL")
    both = as_user("dewi")
    decide(both, number, "usul", action="CARRY", reason="Dibayar bulan depan")
    answer = decide(both, number, "sahkan")
    assert "Anda yang mengusulkan. Mohon orang lain yang mengesahkan." in answer
    assert state_of(store, number) == MismatchState.PROPOSED


def test_a_returned_proposal_is_open_again_with_its_reason_in_the_history(
    store: Store, as_user: SignIn
) -> None:
    number = find_mismatch(store, "PARTIAL")
    decide(as_user("siti"), number, "usul", action="CARRY", reason="Dibayar bulan depan")
    answer = decide(as_user("budi"), number, "kembalikan", reason="Lampirkan surat")
    assert "Usulan dikembalikan." in answer
    assert state_of(store, number) == MismatchState.OPEN


@pytest.mark.parametrize(
    "form",
    [
        {"action": "CARRY", "reason": "x"},
        {"action": "CARRY", "reason": "x" * 501},
        {"action": "DELETE", "reason": "panjang cukup"},
        {"reason": "panjang cukup"},
        {},
    ],
)
def test_a_proposal_without_a_known_action_or_a_reason_is_not_recorded(
    form: dict[str, str], store: Store, as_user: SignIn
) -> None:
    number = find_mismatch(store, "PARTIAL")
    assert "Belum dicatat" in decide(as_user("siti"), number, "usul", **form)
    assert state_of(store, number) == MismatchState.OPEN


def test_settling_what_nobody_proposed_is_refused_in_words(store: Store, as_user: SignIn) -> None:
    number = find_mismatch(store, "PARTIAL")
    client = as_user("budi")
    answer = decide(client, number, "sahkan")
    assert state_of(store, number) == MismatchState.OPEN
    assert "Ada yang salah" not in answer


def test_a_national_id_typed_into_a_reason_is_blanked(store: Store, as_user: SignIn) -> None:
    number = find_mismatch(store, "PARTIAL")
    page = decide(as_user("siti"), number, "usul", action="CARRY", reason=f"orang {PERSON}")
    assert PERSON not in page
    assert "orang ****************" in page
