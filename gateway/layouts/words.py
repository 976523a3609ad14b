"""How a word of the city is written down: a field with its type, limits and labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.layouts.layout import Field, FieldType

Words = Mapping[str, Field]
T = FieldType

_FORMATS = {T.DATE: "%Y%m%d", T.MOMENT: "%Y%m%d%H%M%S"}


def word(
    name: str,
    type_: FieldType,
    label_id: str,
    label_en: str,
    *,
    required: bool = True,
    codes: str = "",
    low: int = 0,
    high: int | None = None,
    limit: int = 0,
    signed: bool = False,
) -> Field:
    """One of the city's words; ``codes`` are separated by spaces."""
    return Field(
        name=name,
        type=type_,
        label_id=label_id,
        label_en=label_en,
        required=required,
        codes={code: code for code in codes.split()},
        format=_FORMATS.get(type_, ""),
        minimum=low,
        maximum=high,
        limit=limit,
        signed=signed,
    )


def words(*fields: Field) -> Words:
    """Fields by their names."""
    return {field.name: field for field in fields}


def tag(constant: str) -> Field:
    """The first field of a record, by which it is known."""
    return replace(TAG, constant=constant)


def pick(words: Words, *names: str) -> tuple[Field, ...]:
    """Fields by the city's names, in the order given."""
    return tuple(words[name] for name in names)


def money(name: str, label_id: str, label_en: str, *, required: bool = True, low: int = 0) -> Field:
    """An amount in whole rupiah."""
    return word(name, T.RUPIAH, label_id, label_en, required=required, low=low)


def optional(field: Field) -> Field:
    """The same field, which may be empty."""
    return replace(field, required=False)


TAG = word("tanda", T.CONSTANT, "tanda rekaman", "record tag")
