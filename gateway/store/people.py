"""Users, their roles, passwords and tokens, and the sessions of the page."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import ColumnElement, delete, func, select, update

from gateway.errors import RuleError
from gateway.store.failures import unknown
from gateway.store.rows import insert_all, insert_new
from gateway.store.tables import login_failures, sessions, user_roles, users
from gateway.store.tables.watch import ROLES
from gateway.store.transaction import Transaction

MOST_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
SEEN_STEP = timedelta(minutes=1)
"""A session's last use is written at most this often."""
LEAST_PASSWORD = 8
MOST_PASSWORD = 1024
TOKEN_BYTES = 32

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
# OWASP's least memory for Argon2id: a login holds the one writer only for a moment.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Checked in place of a real one, so that an unknown name takes as long as a wrong password.
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$a290YS1qYW1iaS1kdW1teQ"  # pragma: allowlist secret
    "$6MIW1t70MV2/Gsh+oHIIqpm9oe6AhulmiaN9LjP2s1A"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who may act, with the roles that say what."""

    name: str
    roles: frozenset[str]


def add_user(tx: Transaction, name: str, roles: Sequence[str], password: str) -> None:
    """Add a person.

    :raises RuleError: for a name, role or password that is not allowed, or a name that is taken.
    """
    if not _NAME.fullmatch(name):
        raise _refused(
            "A user's name has 1 to 40 letters, digits, dots, dashes or underscores.",
            "Nama pengguna berisi 1 sampai 40 huruf, angka, titik, strip, atau garis bawah.",
            "USER_NAME",
        )
    row = {
        "name": name,
        "password_hash": _hash(tx, password),
        "token_sha256": None,
        "created_at": tx.now,
        "changed_at": tx.now,
    }
    if not insert_new(tx, users, row):
        raise _refused(
            f"The name {name} is taken.", f"Nama {name} sudah dipakai.", "USER_NAME_TAKEN"
        )
    _save_roles(tx, name, roles)
    tx.audit("USER_ADDED", _subject(name), roles=",".join(sorted(set(roles))))


def set_roles(tx: Transaction, name: str, roles: Sequence[str]) -> None:
    """Give a person other roles; their sessions end."""
    _require(tx, name)
    tx.conn.execute(delete(user_roles).where(user_roles.c.name == name))
    _save_roles(tx, name, roles)
    _end_sessions(tx, sessions.c.name == name)
    tx.audit("ROLES_SET", _subject(name), roles=",".join(sorted(set(roles))))


def set_password(tx: Transaction, name: str, password: str) -> None:
    """Give a person another password; their sessions end and their failures are forgotten."""
    _require(tx, name)
    _write(tx, name, password_hash=_hash(tx, password))
    tx.conn.execute(delete(login_failures).where(login_failures.c.name == name))
    _end_sessions(tx, sessions.c.name == name)
    tx.audit("PASSWORD_SET", _subject(name))


def set_token(tx: Transaction, name: str) -> str:
    """Issue a person's token for commands; it is shown this once, and the one before ends."""
    _require(tx, name)
    token = _make_token(tx)
    _write(tx, name, token_sha256=_digest(token))
    tx.audit("TOKEN_SET", _subject(name))
    return token


def check_password(tx: Transaction, name: str, password: str) -> User | None:
    """The person, if the password is right.

    Unknown, wrong and locked out (5 failures in 15 minutes) all answer ``None``, as slowly.
    """
    asked = select(users.c.password_hash).where(users.c.name == name)
    kept = tx.conn.execute(asked).scalar()
    open_to_try = kept is not None and not is_locked(tx, name)
    right = _is_right(kept if kept is not None and open_to_try else _NOBODY, password)
    if kept is None or not open_to_try:
        return None
    if not right:
        _count_failure(tx, name)
        return None
    tx.conn.execute(delete(login_failures).where(login_failures.c.name == name))
    if _HASHER.check_needs_rehash(kept):
        _write(tx, name, password_hash=_hash(tx, password))
    return load_user(tx, name)


def is_locked(tx: Transaction, name: str) -> bool:
    """Whether a name is locked out for now."""
    asked = (
        select(func.count())
        .select_from(login_failures)
        .where(login_failures.c.name == name, login_failures.c.at > tx.now - FAILURE_WINDOW)
    )
    return tx.conn.execute(asked).scalar_one() >= MOST_FAILURES


def check_token(tx: Transaction, token: str) -> User | None:
    """The person whose token for commands this is."""
    asked = select(users.c.name).where(users.c.token_sha256 == _digest(token))
    name = tx.conn.execute(asked).scalar()
    return load_user(tx, name) if name is not None else None


def load_user(tx: Transaction, name: str) -> User | None:
    """One person by name."""
    found = _load(tx, users.c.name == name)
    return found[0] if found else None


def list_users(tx: Transaction) -> list[User]:
    """Everybody, by name."""
    return _load(tx)


def open_session(tx: Transaction, name: str) -> str:
    """Start a session of the page and return its token; the state keeps only a digest."""
    _require(tx, name)
    _end_sessions(tx, _has_ended(tx))
    token = _make_token(tx)
    row = {
        "token_sha256": _digest(token),
        "name": name,
        "opened_at": tx.now,
        "seen_at": tx.now,
    }
    insert_all(tx, sessions, [row])
    tx.audit("SESSION_OPENED", _subject(name))
    return token


def load_session(tx: Transaction, token: str) -> User | None:
    """The person behind a session that is younger than 10 hours and was used within 30 minutes.

    In a writing transaction this counts as a use; in a read that was given the time it does not.
    """
    mine = sessions.c.token_sha256 == _digest(token)
    row = tx.conn.execute(select(sessions).where(mine, ~_has_ended(tx))).one_or_none()
    if row is None:
        if tx.may_write:
            _end_sessions(tx, mine)
        return None
    if tx.may_write and tx.now - row.seen_at >= SEEN_STEP:
        tx.conn.execute(update(sessions).where(mine).values(seen_at=tx.now))
    return load_user(tx, row.name)


def close_session(tx: Transaction, token: str) -> None:
    """End a session; one that ended already is fine."""
    mine = sessions.c.token_sha256 == _digest(token)
    name = tx.conn.execute(select(sessions.c.name).where(mine)).scalar()
    if name is None:
        return
    _end_sessions(tx, mine)
    tx.audit("SESSION_CLOSED", _subject(name))


def _has_ended(tx: Transaction) -> ColumnElement[bool]:
    return (sessions.c.seen_at <= tx.now - IDLE) | (sessions.c.opened_at <= tx.now - LONGEST)


def _end_sessions(tx: Transaction, which: ColumnElement[bool]) -> None:
    tx.conn.execute(delete(sessions).where(which))


def _count_failure(tx: Transaction, name: str) -> None:
    failures = login_failures
    old = delete(failures).where(failures.c.name == name, failures.c.at <= tx.now - FAILURE_WINDOW)
    tx.conn.execute(old)
    newest = select(func.max(failures.c.number)).where(failures.c.name == name)
    number = (tx.conn.execute(newest).scalar() or 0) + 1
    insert_all(tx, failures, [{"name": name, "at": tx.now, "number": number}])
    tx.audit("LOGIN_FAILED", _subject(name), failures=number)


def _is_right(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password[:MOST_PASSWORD])
    except VerifyMismatchError:
        return False


def _hash(tx: Transaction, password: str) -> str:
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise _refused(
            f"A password has at least {LEAST_PASSWORD} characters.",
            f"Kata sandi paling sedikit {LEAST_PASSWORD} karakter.",
            "PASSWORD_LENGTH",
        )
    return _HASHER.hash(password, salt=tx.vault.random_bytes(16))


def _make_token(tx: Transaction) -> str:
    return base64.urlsafe_b64encode(tx.vault.random_bytes(TOKEN_BYTES)).decode().rstrip("=")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _subject(name: str) -> str:
    return f"user:{name}"


def _require(tx: Transaction, name: str) -> None:
    if tx.conn.execute(select(users.c.name).where(users.c.name == name)).scalar() is None:
        raise unknown("The user")


def _write(tx: Transaction, name: str, **changes: str) -> None:
    tx.conn.execute(update(users).where(users.c.name == name).values(**changes, changed_at=tx.now))


def _save_roles(tx: Transaction, name: str, roles: Sequence[str]) -> None:
    foreign = sorted(set(roles) - set(ROLES))
    if foreign or not roles:
        known = ", ".join(ROLES)
        raise _refused(
            f"A user has one or more of these roles: {known}.",
            f"Pengguna memiliki satu atau lebih peran berikut: {known}.",
            "USER_ROLE",
        )
    insert_all(tx, user_roles, [{"name": name, "role": role} for role in sorted(set(roles))])


def _load(tx: Transaction, *wanted: ColumnElement[bool]) -> list[User]:
    asked = (
        select(users.c.name, user_roles.c.role)
        .join(user_roles, user_roles.c.name == users.c.name)
        .where(*wanted)
        .order_by(users.c.name, user_roles.c.role)
    )
    return _gather(tx.conn.execute(asked))


def _gather(pairs: Iterable[tuple[str, str]]) -> list[User]:
    roles: dict[str, set[str]] = {}
    for name, role in pairs:
        roles.setdefault(name, set()).add(role)
    return [User(name=name, roles=frozenset(held)) for name, held in roles.items()]


def _refused(message_en: str, message_id: str, reason: str) -> RuleError:
    return RuleError(message_en, message_id=message_id, reason=reason)
