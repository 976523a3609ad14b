"""Bytes to JSON values as iDeb files need it: kind to encodings, strict about everything else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NoReturn

ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")
AMOUNT = re.compile(r"([0-9]{1,15})(?:[.,]0{1,2})?\Z")
GRADE = re.compile(r"0?([1-5])\Z")
PERIOD = re.compile(r"[0-9]{4}(?:0[1-9]|1[0-2])\Z")

Node = Mapping[str, object]


class BadIdeb(Exception):
    """Why a file is refused; becomes ``FileUnreadable`` where the file's name is known."""

    def __init__(
        self,
        reason: str,
        message_en: str,
        message_id: str,
        *,
        line: int | None = None,
        how_en: str = "",
        how_id: str = "",
    ) -> None:
        super().__init__(message_en)
        self.reason, self.line = reason, line
        self.message_en, self.message_id = message_en, message_id
        self.how_en, self.how_id = how_en, how_id


def load(content: bytes) -> Node:
    """Read one JSON object; control characters inside text are allowed.

    Numbers come as their own text, so nothing is ever rounded.
    """
    text = _decode(content)
    try:
        found = json.loads(
            text,
            strict=False,
            object_pairs_hook=_refuse_repeats,
            parse_constant=_refuse_constant,
            parse_float=str,
            parse_int=str,
        )
    except json.JSONDecodeError as error:
        raise BadIdeb(
            "SLIK_JSON",
            "the JSON breaks off or is wrong",
            "JSON terpotong atau salah",
            line=error.lineno,
        ) from None
    except RecursionError:
        raise BadIdeb(
            "SLIK_JSON", "the JSON is nested too deeply", "JSON bersarang terlalu dalam"
        ) from None
    if not isinstance(found, dict):
        raise BadIdeb("SLIK_JSON", "the JSON is no object", "JSON bukan sebuah objek")
    return found


def node_of(parent: Node, name: str) -> Node:
    """A required object."""
    found = parent.get(name)
    if not isinstance(found, dict):
        raise BadIdeb("SLIK_SHAPE", f"object {name} is missing", f"objek {name} tidak ada")
    return found


def list_of(parent: Node, *names: str) -> list[Node]:
    """The array under the first of ``names`` that is there; absent or ``null`` is empty."""
    found = next((parent[name] for name in names if parent.get(name) is not None), [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise BadIdeb(
            "SLIK_SHAPE", f"{names[0]} is no list of objects", f"{names[0]} bukan daftar objek"
        )
    return found


def text_of(node: Node, *names: str) -> str:
    """The first filled value under ``names`` as trimmed text; ``""`` and ``null`` are empty."""
    for name in names:
        value = node.get(name)
        if value is not None and not isinstance(value, str):
            raise BadIdeb(
                "SLIK_SHAPE", f"{name} is neither text nor number", f"{name} bukan teks atau angka"
            )
        if value and value.strip():
            return value.strip()
    return ""


def amount_of(node: Node, *names: str) -> int:
    """Whole rupiah or whole days; empty is 0."""
    text = text_of(node, *names)
    found = AMOUNT.match(text)
    if text and found is None:
        raise BadIdeb(
            "SLIK_AMOUNT", f"{names[0]} is no whole amount", f"{names[0]} bukan bilangan bulat"
        )
    return int(found[1]) if found else 0


def grade_of(node: Node, *names: str) -> int | None:
    """A grade 1 to 5; empty is ``None``."""
    text = text_of(node, *names)
    found = GRADE.match(text)
    if text and found is None:
        raise BadIdeb("SLIK_GRADE", f"{names[0]} is not 1 to 5", f"{names[0]} bukan 1 sampai 5")
    return int(found[1]) if found else None


def period_of(node: Node, name: str) -> str:
    """A month ``yyyymm``, or empty."""
    text = text_of(node, name)
    if text and PERIOD.match(text) is None:
        raise BadIdeb("SLIK_PERIOD", f"{name} is no month yyyymm", f"{name} bukan bulan yyyymm")
    return text


def _decode(content: bytes) -> str:
    for encoding in ENCODINGS[:-1]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(ENCODINGS[-1])


def _refuse_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadIdeb("SLIK_JSON", "a key stands twice", "ada kunci yang ganda")
    return found


def _refuse_constant(_word: str) -> NoReturn:
    raise BadIdeb("SLIK_JSON", "NaN and Infinity are no JSON", "NaN dan Infinity bukan JSON")
