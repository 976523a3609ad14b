from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.errors import RuleError, StoreError
from gateway.store import Store, people
from gateway.store.people import User
from tests.store.builders import MINUTE, NOW

PASSWORD = "rahasia sekali"


@pytest.fixture
def city(store: Store) -> Store:
    with store.begin(NOW, "it") as tx:
        people.add_user(tx, "siti", ["bendahara", "auditor"], PASSWORD)
    return store


def test_a_user_has_roles_and_is_known_by_password(city: Store) -> None:
    siti = User(name="siti", roles=frozenset({"bendahara", "auditor"}))
    with city.begin(NOW, "web") as tx:
        assert people.check_password(tx, "siti", PASSWORD) == siti
        assert people.check_password(tx, "siti", PASSWORD + "!") is None
        assert people.check_password(tx, "budi", PASSWORD) is None
        assert people.load_user(tx, "siti") == siti
        assert people.load_user(tx, "budi") is None
        people.add_user(tx, "budi", ["it"], PASSWORD)
        assert [user.name for user in people.list_users(tx)] == ["budi", "siti"]


@pytest.mark.parametrize(
    ("name", "roles", "password"),
    [
        ("siti", ["it"], PASSWORD),
        ("", ["it"], PASSWORD),
        ("a b", ["it"], PASSWORD),
        ("x" * 41, ["it"], PASSWORD),
        ("budi", [], PASSWORD),
        ("budi", ["root"], PASSWORD),
        ("budi", ["it"], "pendek"),
        ("budi", ["it"], "x" * 1025),
    ],
)
def test_a_user_who_may_not_be_added_is_not(
    city: Store, name: str, roles: list[str], password: str
) -> None:
    with pytest.raises(RuleError), city.begin(NOW, "it") as tx:
        people.add_user(tx, name, roles, password)
    with city.read() as tx:
        assert [user.name for user in people.list_users(tx)] == ["siti"]


def test_five_failures_in_fifteen_minutes_lock_out_the_right_password_too(city: Store) -> None:
    for step in range(5):
        with city.begin(NOW + step * MINUTE, "web") as tx:
            assert people.check_password(tx, "siti", "salah salah") is None
    with city.begin(NOW + 14 * MINUTE, "web") as tx:
        assert people.is_locked(tx, "siti")
        assert people.check_password(tx, "siti", PASSWORD) is None
    with city.begin(NOW + 15 * MINUTE, "web") as tx:
        assert people.check_password(tx, "siti", PASSWORD) is not None
        assert not people.is_locked(tx, "siti")


def test_a_right_password_forgets_the_failures_before_it(city: Store) -> None:
    with city.begin(NOW, "web") as tx:
        for _ in range(2):
            for _ in range(4):
                people.check_password(tx, "siti", "salah salah")
            assert people.check_password(tx, "siti", PASSWORD) is not None


def test_a_token_is_shown_once_and_kept_as_a_digest(city: Store) -> None:
    with city.begin(NOW, "it") as tx:
        first = people.set_token(tx, "siti")
        found = people.check_token(tx, first)
        assert found is not None
        assert found.name == "siti"
        second = people.set_token(tx, "siti")
        assert people.check_token(tx, first) is None
        assert people.check_token(tx, second) is not None
        assert people.check_token(tx, "") is None
        kept = tx.conn.exec_driver_sql("SELECT token_sha256 FROM users").scalar()
        assert second not in str(kept)
        with pytest.raises(RuleError):
            people.set_token(tx, "budi")


def test_a_session_ends_after_thirty_idle_minutes(city: Store) -> None:
    with city.begin(NOW, "web") as tx:
        token = people.open_session(tx, "siti")
    for minutes in (29, 58, 87):
        with city.begin(NOW + minutes * MINUTE, "web") as tx:
            assert people.load_session(tx, token) is not None
    with city.read(NOW + 116 * MINUTE) as tx:
        assert people.load_session(tx, token) is not None
    with city.begin(NOW + 117 * MINUTE, "web") as tx:
        assert people.load_session(tx, token) is None


def test_a_session_ends_after_ten_hours_however_busy(city: Store) -> None:
    with city.begin(NOW, "web") as tx:
        token = people.open_session(tx, "siti")
    for step in range(1, 30):
        with city.begin(NOW + step * timedelta(minutes=20), "web") as tx:
            assert people.load_session(tx, token) is not None
    with city.begin(NOW + timedelta(hours=10), "web") as tx:
        assert people.load_session(tx, token) is None


def test_a_session_ends_when_it_is_closed_and_when_the_person_changes(city: Store) -> None:
    with city.begin(NOW, "web") as tx:
        token = people.open_session(tx, "siti")
        people.close_session(tx, token)
        people.close_session(tx, token)
        assert people.load_session(tx, token) is None
        token = people.open_session(tx, "siti")
        people.set_password(tx, "siti", "sandi yang baru")
        assert people.load_session(tx, token) is None
        assert people.check_password(tx, "siti", PASSWORD) is None
        assert people.check_password(tx, "siti", "sandi yang baru") is not None
        token = people.open_session(tx, "siti")
        people.set_roles(tx, "siti", ["it"])
        assert people.load_session(tx, token) is None
        assert people.load_user(tx, "siti") == User(name="siti", roles=frozenset({"it"}))
        assert people.load_session(tx, "nobody's") is None


def test_a_read_without_the_time_cannot_judge_a_session(city: Store) -> None:
    with pytest.raises(StoreError), city.read() as tx:
        people.load_session(tx, "x")
