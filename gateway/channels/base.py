"""The way to a partner's two folders: what every channel promises, whatever carries it.

``to_partner`` is where we put files, ``from_partner`` where the partner leaves them.  A file is
put under a hidden name, its *token*, and becomes visible by one rename that uses the token up;
so at most one publish of a token can ever succeed.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol

from gateway.channels.outcomes import Reason, channel_error

SAFE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,120}")
RETIRED_FOLDER = "selesai"
"""Sub-folder of ``from_partner`` where files go once they were taken in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """One regular file in ``from_partner``; its name and size are claims of the partner's.

    :param modified_at: aware, or ``None`` where the server does not say.
    """

    name: str
    size_bytes: int
    modified_at: datetime | None

    @property
    def is_safe(self) -> bool:
        """Whether the name may be fetched; others are listed so that they can be set aside."""
        return is_safe_name(self.name)


class Session(Protocol):
    """One connection.  Only errors of the :class:`gateway.errors.ChannelError` family leave it."""

    @property
    def atomic_rename(self) -> bool:
        """``False`` where the server renames in two steps: a failed publish is uncertain there."""
        ...

    def list_incoming(self, limit: int = 10_000) -> list[RemoteFile]:
        """At most ``limit`` regular files of ``from_partner`` by name, without hidden ones."""
        ...

    def fetch(self, name: str, max_bytes: int) -> bytes:
        """Exactly the file's bytes; more than ``max_bytes`` are refused."""
        ...

    def retire(self, name: str) -> None:
        """Move the file to ``selesai``; one that is gone already is fine."""
        ...

    def put(self, token: str, content: bytes) -> None:
        """Write ``content`` under a hidden name, settled and read back; raises, never half."""
        ...

    def is_present(self, name: str) -> bool:
        """Whether a name, final or hidden, is in ``to_partner``."""
        ...

    def publish(self, token: str, final: str) -> None:
        """Make the token's bytes visible as ``final``; the token is used up."""
        ...

    def discard(self, token: str) -> None:
        """Remove a token; one that is gone already is fine."""
        ...

    def close(self) -> None:
        """Hang up; harmless twice."""
        ...


class Channel(Protocol):
    """A partner's folders, not yet connected."""

    @property
    def kind(self) -> str:
        """``sftp``, ``http`` or ``folder``."""
        ...

    def connect(self) -> AbstractContextManager[Session]:
        """A session, for ``with``; hung up at its end."""
        ...

    def describe(self) -> str:
        """Kind and address for messages; never a key, a user or a path of ours."""
        ...


def is_safe_name(name: str) -> bool:
    """Whether ``name`` is one flat, plain name; ``.`` and ``..`` are not."""
    return SAFE_NAME.fullmatch(name) is not None and name.strip(".") != ""


def check_name(name: str, where: str) -> None:
    """Refuse a name that could lead elsewhere."""
    if not is_safe_name(name):
        raise channel_error(Reason.NAME_UNSAFE, where)


def check_token(token: str, where: str) -> None:
    """Refuse a token that the partner could take for a file."""
    if not is_safe_name(token) or not token.startswith("."):
        raise channel_error(Reason.NAME_UNSAFE, where)


def check_final(final: str, where: str) -> None:
    """Refuse a final name that the partner would not see."""
    if not is_safe_name(final) or final.startswith("."):
        raise channel_error(Reason.NAME_UNSAFE, where)


class Outbox(Protocol):
    """What a channel must be able to do in ``to_partner`` to publish by token."""

    @property
    def where(self) -> str:
        """The channel, for messages."""
        ...

    def is_present(self, name: str) -> bool:
        """Whether the name is there; a folder that is away is an error, not a no."""
        ...

    def digest(self, name: str) -> str:
        """SHA-256, hex, of what stands under the name."""
        ...

    def rename(self, token: str, final: str) -> None:
        """Rename in one step, never onto something."""
        ...

    def discard(self, token: str) -> None:
        """Remove the token."""
        ...


def publish_by_token(outbox: Outbox, token: str, final: str) -> None:
    """One publish, the same rule for every channel: never overwrite, never twice.

    A final name that already holds the very same bytes counts as published.
    """
    check_token(token, outbox.where)
    check_final(final, outbox.where)
    if not outbox.is_present(token):
        raise channel_error(Reason.TOKEN_GONE, outbox.where)
    if outbox.is_present(final):
        if outbox.digest(token) != outbox.digest(final):
            raise channel_error(Reason.NAME_TAKEN, outbox.where)
        outbox.discard(token)
        return
    outbox.rename(token, final)


class Deadline:
    """When work must be over, on the monotonic clock."""

    def __init__(self, seconds: float, where: str) -> None:
        self._end, self._where = time.monotonic() + seconds, where

    def left(self, at_most: float) -> float:
        """Seconds that one step may still take.

        :raises ChannelTimeout: none are left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise channel_error(Reason.DEADLINE, self._where)
        return min(left, at_most)

    @property
    def passed(self) -> bool:
        """Whether none is left."""
        return time.monotonic() >= self._end


class Watchdog:
    """Cuts a connection that outlives its time, for the waits that take no time-out.

    Used with ``with``: the body ended in time, or ``cut`` was called and ``bit`` is true.
    """

    def __init__(self, seconds: float, cut: Callable[[], None]) -> None:
        self.bit = False
        self._cut = cut
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True

    def _bite(self) -> None:
        self.bit = True
        self._cut()

    def __enter__(self) -> Watchdog:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
