"""The format of a bank's files as settings, checked word by word before a file is touched."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from gateway.layouts import Style
from gateway_bpr_generic.building import (
    KINDS,
    NEWLINES,
    TYPES,
    FormatProblem,
    format_problems,
    read_date_format,
)


def _date_format(text: str) -> None:
    try:
        read_date_format(text)
    except FormatProblem as problem:
        raise ValidationError(problem.text) from None


def _text(about: str, **options: Any) -> fields.String:
    return fields.String(metadata={"about": about}, **options)


def _whole(about: str, low: int, high: int, default: int) -> fields.Integer:
    return fields.Integer(
        strict=True,
        load_default=default,
        validate=validate.Range(low, high),
        metadata={"about": about},
    )


def _yes_or_no(about: str, default: bool | None) -> fields.Boolean:
    # Only true and false of TOML: "no", 0 and "off" are refused.
    return fields.Boolean(
        load_default=default, truthy={True}, falsy={False}, metadata={"about": about}
    )


def _texts(about: str) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        load_default=dict,
        metadata={"about": about},
    )


class Strict(Schema):
    """A table whose unknown keys are refused."""

    class Meta:
        """Unknown keys are refused."""

        unknown: ClassVar[str] = RAISE


class FieldTable(Strict):
    """One field of a record: the city's word for it, and how the bank writes it."""

    field = _text("The city's word.", required=True)
    heading = _text("The bank's column heading.", load_default="")
    width = _whole("Characters of a fixed-width field.", 1, 1000, 0)
    codes = _texts("The bank's code = the city's code.")
    type = _text(
        "How the bank writes a rate: percent (3.00) or integer (basis points).",
        load_default="",
        validate=validate.OneOf(sorted(TYPES)),
    )
    constant = _text("What always stands here.", load_default="")
    required = _yes_or_no("May not be empty; the city's rule when left out.", None)
    cut = _yes_or_no("Text too long for the width is cut, not refused.", default=False)


def _records(about: str, **options: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(FieldTable), metadata={"about": about}, **options)


class KindTable(Strict):
    """One kind of file."""

    word = _text("The bank's word for it.", required=True, validate=validate.Length(1, 40))
    file_name = _text("Its own file name template.", load_default="")
    headings = _yes_or_no("Its own answer to headings.", None)
    header = _records("Its own header.", load_default=list)
    row = _records("The fields of a row.", required=True, validate=validate.Length(1))
    trailer = _records("The fields of the trailer.", required=True, validate=validate.Length(1))


KindsTable = Strict.from_dict({kind.value: fields.Nested(KindTable) for kind in KINDS})


class Settings(Strict):
    """``[settings]`` of a partner whose plugin is ``bpr_generic``."""

    style = _text(
        "delimited or fixed.", required=True, validate=validate.OneOf([s.value for s in Style])
    )
    separator = _text("Between fields.", load_default=";", validate=validate.Length(equal=1))
    encoding = _text("utf-8, ascii or latin-1.", load_default="utf-8")
    newline = _text(
        "lf or crlf.", load_default="lf", validate=validate.OneOf(sorted(NEWLINES, reverse=True))
    )
    headings = _yes_or_no("Line 2 holds the column headings.", default=False)
    date_format = _text("Such as dd/mm/yyyy.", load_default="yyyymmdd", validate=_date_format)
    moment_format = _text(
        "Such as dd/mm/yyyy HH:MM:SS.", load_default="yyyymmddHHMMSS", validate=_date_format
    )
    file_name = _text("With {bank} {region} {kind} {date} {period} {seq} {version}.", required=True)
    sequence_digits = _whole("Digits of {seq}.", 1, 9, 3)
    trim_header = _yes_or_no("Leave out empty fields at the header's end.", default=True)
    replace = _texts("Characters the bank's text cannot hold = what is written instead.")
    header = _records("The first line; none when left out.", load_default=list)
    kinds = fields.Nested(KindsTable, required=True)

    @validates_schema
    def _describe_files(self, settings: dict[str, Any], **_options: Any) -> None:
        if not settings["kinds"]:
            raise ValidationError({"kinds": ["describe at least one kind of file"]})
        found = format_problems(settings)
        if found:
            raise ValidationError({"kinds": found})
