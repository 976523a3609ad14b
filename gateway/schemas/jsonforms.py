"""Reading a form that is JSON lines: one object a line, read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import NoReturn

from gateway.domain.identity import Problem
from gateway.schemas import problems
from gateway.schemas.cells import Cell
from gateway.schemas.columns import COLUMN_NAMES
from gateway.schemas.forms import (
    FormLimits,
    FormRow,
    decode,
    refuse_too_many,
)
from gateway.schemas.problems import RowError, row_error

LONGEST_NUMBER = 18


class _BadObject(ValueError):
    """A line that Python's reader would take and we do not."""


def read_json_lines(content: bytes, limits: FormLimits) -> list[FormRow]:
    """Read one row a line.  A broken line, or one with an unknown key, is refused alone."""
    rows: list[FormRow] = []
    for row, line in enumerate(decode(content).split("\n"), start=1):
        if line.strip():
            rows.append(_read_line(row, line))
            refuse_too_many(len(rows), limits)
    return rows


def read_object(row: int, item: Mapping[str, object]) -> FormRow:
    """Name the cells of one JSON object that was read strictly."""
    values: dict[str, Cell] = {}
    errors: list[RowError] = []
    for place, (column, cell) in enumerate(item.items(), start=1):
        if column not in COLUMN_NAMES:
            errors.append(_unknown_key(row, place, column))
        elif isinstance(cell, str) or (isinstance(cell, int) and not isinstance(cell, bool)):
            values[column] = cell
        elif cell is not None:
            errors.append(row_error(row, column, problems.NOT_TEXT))
    filled = {column: cell for column, cell in values.items() if cell != ""}
    return FormRow(row=row, values=filled, errors=tuple(errors))


def _unknown_key(row: int, place: int, key: str) -> RowError:
    """The key itself is not repeated: it may hold anything."""
    near = get_close_matches(key, COLUMN_NAMES, n=1)
    found = problems.UNKNOWN_COLUMN
    told = Problem(
        code=found.code,
        message_id=f"Kunci ke-{place} pada baris ini tidak dikenal.",
        message_en=f"Key {place} of this line is unknown.",
        how_id=f"Mungkin {near[0]}?" if near else found.how_id,
        how_en=f"Perhaps {near[0]}?" if near else found.how_en,
    )
    return row_error(row, near[0] if near else "", told)


def load_strictly(text: str) -> object:
    """Read JSON without repeated keys, NaN, or numbers with a fraction as binary fractions.

    :raises ValueError: for anything that is not strict JSON.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_refuse_repeats,
            parse_constant=_refuse_constant,
            parse_float=str,
            parse_int=_keep_long_numbers,
        )
    except RecursionError:
        raise _BadObject("nested too deeply") from None


def _read_line(row: int, line: str) -> FormRow:
    try:
        item = load_strictly(line)
    except ValueError:
        item = None
    if not isinstance(item, dict):
        return FormRow(row=row, values={}, errors=(row_error(row, "", problems.BAD_JSON),))
    return read_object(row, item)


def _refuse_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _BadObject("a key is repeated")
    return found


def _refuse_constant(_word: str) -> NoReturn:
    raise _BadObject("NaN and Infinity are no JSON")


def _keep_long_numbers(text: str) -> int | str:
    return int(text) if len(text) <= LONGEST_NUMBER else text
