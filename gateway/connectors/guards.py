"""What a plugin may answer: the right types all the way down, sane numbers, safe file names.

The types are those of the hook's own annotation, so the contract is written once.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache

from gateway import hookspecs
from gateway.domain.files import OutboundFile
from gateway.errors import WrongAnswer

Check = Callable[[object, str], "str | None"]
"""Gives ``None``, or where the value is of the wrong type; never the value itself."""

MOST_IDR = 10**15
GRADES = frozenset({"collectability", "worst_now", "worst_active", "worst_24_months"})
MAY_BE_NEGATIVE = frozenset({"stated_net_idr"})
SAFE_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,99}")
RESERVED_ENDINGS = (".p7s", ".part", ".tmp", ".")


def wrong_answer(hook: str, where: str, *, reason: str = "") -> WrongAnswer:
    """The error for an answer that is not what the hook promises."""
    return WrongAnswer(
        f"The plugin's answer to {hook} is wrong: {where}.",
        message_id=f"Jawaban plugin atas {hook} salah: {where}.",
        how_en="Nothing was taken over; the plugin must be mended.",
        how_id="Tidak ada yang diambil; plugin harus diperbaiki.",
        reason=reason,
    )


def check_type(hook: str, answer: object) -> None:
    """Compare an answer with the hook's annotation, element by element.

    :raises WrongAnswer: naming the place, never the value.
    """
    fault = _checker(_return_type(hook))(answer, "answer")
    if fault is not None:
        raise wrong_answer(hook, fault, reason="WRONG_TYPE")


def may_be_none(hook: str) -> bool:
    """Whether ``None`` is an answer of this hook, and not "I do not do that"."""
    return type(None) in typing.get_args(_return_type(hook))


def check_numbers(hook: str, answer: object) -> None:
    """Refuse numbers that no honest file can hold.

    :raises WrongAnswer: for a negative or absurd amount, or a grade outside 1-5.
    """
    for item in answer if isinstance(answer, list | tuple) else (answer,):
        if not dataclasses.is_dataclass(item):
            continue
        for field in dataclasses.fields(item):
            value = getattr(item, field.name)
            if isinstance(value, tuple) or dataclasses.is_dataclass(value):
                check_numbers(hook, value)
            elif isinstance(value, int) and not isinstance(value, bool):
                _check_number(hook, field.name, value)


def _check_number(hook: str, name: str, value: int) -> None:
    if name in GRADES and not 1 <= value <= 5:
        raise wrong_answer(hook, f"{name} is not 1 to 5", reason="WRONG_GRADE")
    if value < 0 and name not in MAY_BE_NEGATIVE:
        raise wrong_answer(hook, f"{name} is less than 0", reason="WRONG_NUMBER")
    if abs(value) > MOST_IDR:
        raise wrong_answer(hook, f"{name} is absurdly large", reason="WRONG_NUMBER")


def is_safe_name(name: str) -> bool:
    """Whether a file of this name can be put anywhere: flat, visible, plain ASCII."""
    return SAFE_NAME.fullmatch(name) is not None and not name.lower().endswith(RESERVED_ENDINGS)


def check_files(hook: str, files: Sequence[OutboundFile]) -> tuple[OutboundFile, ...]:
    """Let through what may be signed and delivered.

    :raises WrongAnswer: for no file, an empty file, an unsafe name or the same name twice.
    """
    if not files:
        raise wrong_answer(hook, "no file at all", reason="NO_FILE")
    for number, file in enumerate(files, start=1):
        if not is_safe_name(file.name):
            raise wrong_answer(hook, f"file {number} has an unsafe name", reason="UNSAFE_NAME")
        if not file.content:
            raise wrong_answer(hook, f"file {number} is empty", reason="EMPTY_FILE")
    if len({file.name.lower() for file in files}) != len(files):
        raise wrong_answer(hook, "two files have one name", reason="UNSAFE_NAME")
    return tuple(files)


@cache
def _return_type(hook: str) -> object:
    return typing.get_type_hints(getattr(hookspecs, hook))["return"]


@cache
def _checker(hint: object) -> Check:
    """Make the check for one annotation; the contract uses few kinds of them."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (list, tuple, Sequence):
        return _check_items(_checker(inner[0]))
    if origin is frozenset:
        return _check_set(_checker(inner[0]))
    if origin is Mapping:
        return _check_mapping(_checker(inner[0]), _checker(inner[1]))
    if origin in (types.UnionType, typing.Union):
        return _check_either(tuple(_checker(one) for one in inner), hint)
    if origin is type:
        return _check_class(inner[0])
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _check_value(hint)
    return _check_plain(typing.cast("type", hint))


def _check_plain(kind: type) -> Check:
    def check(value: object, where: str) -> str | None:
        good = isinstance(value, kind)
        # True is an int and a moment is a date to Python; to a bank they are not.
        if kind is int:
            good = good and not isinstance(value, bool)
        if kind is date:
            good = good and not isinstance(value, datetime)
        return None if good else f"{where} is {type(value).__name__}, not {kind.__name__}"

    return check


def _check_class(base: type) -> Check:
    def check(value: object, where: str) -> str | None:
        good = isinstance(value, type) and issubclass(value, base)
        return None if good else f"{where} is not a {base.__name__} class"

    return check


def _check_items(check_one: Check) -> Check:
    def check(value: object, where: str) -> str | None:
        if not isinstance(value, list | tuple):
            return f"{where} is {type(value).__name__}, not list"
        faults = (check_one(one, f"{where}[{number}]") for number, one in enumerate(value))
        return next((fault for fault in faults if fault), None)

    return check


def _check_set(check_one: Check) -> Check:
    def check(value: object, where: str) -> str | None:
        if not isinstance(value, frozenset | set):
            return f"{where} is {type(value).__name__}, not frozenset"
        return next((fault for one in value if (fault := check_one(one, where))), None)

    return check


def _check_mapping(check_key: Check, check_one: Check) -> Check:
    def check(value: object, where: str) -> str | None:
        if not isinstance(value, Mapping):
            return f"{where} is {type(value).__name__}, not a mapping"
        faults = (check_key(key, where) or check_one(one, where) for key, one in value.items())
        return next((fault for fault in faults if fault), None)

    return check


def _check_either(checks: tuple[Check, ...], hint: object) -> Check:
    def check(value: object, where: str) -> str | None:
        good = any(check_one(value, where) is None for check_one in checks)
        return None if good else f"{where} is {type(value).__name__}, not {hint}"

    return check


def _check_value(kind: type) -> Check:
    checks: list[tuple[str, Check]] = []

    def check(value: object, where: str) -> str | None:
        if type(value) is not kind:
            return f"{where} is {type(value).__name__}, not {kind.__name__}"
        if not checks:
            hints = typing.get_type_hints(kind)
            checks.extend(
                (field.name, _checker(hints[field.name]))
                for field in dataclasses.fields(typing.cast("typing.Any", kind))
            )
        faults = (one(getattr(value, name), f"{where}.{name}") for name, one in checks)
        return next((fault for fault in faults if fault), None)

    return check
