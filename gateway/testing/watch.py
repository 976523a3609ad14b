"""See whether a plugin reads the clock, draws lots, opens a file or calls somebody.

Python tells a profile function of every call into C, and all of these end in C, by whatever
name the plugin imported them.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import FrameType
from typing import Any

CLOCK = frozenset({"now", "utcnow", "today"})
FORBIDDEN = frozenset(
    {
        ("time", "time"),
        ("time", "time_ns"),
        ("time", "sleep"),
        ("posix", "urandom"),
        ("posix", "open"),
        ("posix", "system"),
        ("posix", "getenv"),
        ("io", "open"),
        ("_io", "open"),
        ("builtins", "open"),
        ("builtins", "print"),
        ("builtins", "input"),
        ("_socket", "getaddrinfo"),
    }
)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Run a block and list what it touched; the list fills while the block runs."""
    seen: list[str] = []

    def note(_frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and (touched := _touch(called)) and touched not in seen:
            seen.append(touched)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(before)


def _touch(called: Any) -> str:
    owner, name = getattr(called, "__self__", None), getattr(called, "__name__", "")
    if isinstance(owner, type) and issubclass(owner, date) and name in CLOCK:
        return f"{owner.__name__}.{name}"
    if isinstance(owner, random.Random):
        return f"random.{name}"
    if type(owner).__module__ == "socket" or type(owner).__module__ == "_socket":
        return f"socket.{name}"
    if (getattr(called, "__module__", ""), name) in FORBIDDEN:
        return f"{called.__module__}.{name}"
    return ""
