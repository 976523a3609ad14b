"""One cell in, one value or one problem out; digits are ASCII and dates are real."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from gateway.domain.applications import GroupRole, Sex
from gateway.domain.identity import Problem, check_business_id, check_kbli, check_phone
from gateway.domain.regions import find_kelurahan
from gateway.schemas import problems

Cell = str | int | date
"""Text, a whole number, or a real date cell of a spreadsheet."""

MAX_CELL = 500
MAX_MONEY_IDR = 10**15 - 1

MONEY_SHAPE = re.compile(r"(?:0|[1-9][0-9]{0,14}|Rp(?:0|[1-9][0-9]{0,2}(?:\.[0-9]{3}){0,4}))\Z")
INTEGER_SHAPE = re.compile(r"[1-9][0-9]{0,2}\Z")
DATE_SHAPE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
RT_SHAPE = re.compile(r"[0-9]{1,3}\Z")
REFERENCE_SHAPE = re.compile(r"[!-{}~]+\Z")
EXPONENT_SHAPE = re.compile(r"[0-9][.,][0-9]+[eE]\+[0-9]+\Z")
BLANKS = re.compile(" {2,}")
FIRST_YEAR, LAST_YEAR = 1900, 2199

V = TypeVar("V")


def clean(text: str) -> str:
    """Compose letters (NFC), make every kind of blank a plain one, and trim."""
    if text.isascii():
        return text.strip(" ")
    composed = unicodedata.normalize("NFC", text)
    blanks = (" " if unicodedata.category(sign) == "Zs" else sign for sign in composed)
    return "".join(blanks).strip(" ")


def find_text_problem(text: str, limit: int = MAX_CELL) -> Problem | None:
    """Find what no text of a form may hold."""
    if len(text) > limit:
        return problems.CELL_TOO_LONG
    if not text.isprintable():
        return problems.CONTROL_CHARACTER
    return problems.PIPE if "|" in text else None


def parse_text(limit: int = MAX_CELL) -> Callable[[Cell], str | Problem]:
    """Give a parser of free text with at most ``limit`` characters."""

    def parse(cell: Cell) -> str | Problem:
        if isinstance(cell, date):
            return problems.NOT_TEXT
        text = BLANKS.sub(" ", clean(str(cell)))
        return find_text_problem(text, limit) or text

    return parse


def parse_name(limit: int) -> Callable[[Cell], str | Problem]:
    """Give a parser of text that holds at least one letter."""
    parse_any = parse_text(limit)

    def parse(cell: Cell) -> str | Problem:
        text = parse_any(cell)
        if isinstance(text, Problem) or any(sign.isalpha() for sign in text):
            return text
        return problems.NO_LETTER

    return parse


def parse_digits(
    check: Callable[[str], V | Problem], as_number: Problem = problems.CELL_AS_NUMBER
) -> Callable[[Cell], V | Problem]:
    """Give a parser of an identity number, which must never come as a figure."""

    def parse(cell: Cell) -> V | Problem:
        if isinstance(cell, int) or (isinstance(cell, str) and EXPONENT_SHAPE.match(cell)):
            return as_number
        if isinstance(cell, date):
            return problems.NOT_TEXT
        text = clean(cell)
        return find_text_problem(text) or check(text)

    return parse


def parse_money(cell: Cell) -> int | Problem:
    """Read whole rupiah: ``5000000``, ``Rp5.000.000`` or a whole-number cell."""
    if isinstance(cell, int):
        return cell if 0 <= cell <= MAX_MONEY_IDR else problems.MONEY_FORMAT
    if isinstance(cell, date) or MONEY_SHAPE.match(clean(cell)) is None:
        return problems.MONEY_FORMAT
    return int(clean(cell).removeprefix("Rp").replace(".", ""))


def parse_months(cell: Cell) -> int | Problem:
    """Read a whole number from 1 to 999."""
    text = str(cell) if isinstance(cell, int) else cell
    if isinstance(text, date) or INTEGER_SHAPE.match(clean(text)) is None:
        return problems.INTEGER_FORMAT
    return int(clean(text))


def parse_date(cell: Cell) -> date | Problem:
    """Read a real day: a date cell, or ``yyyy-mm-dd``."""
    if isinstance(cell, date):
        return cell if FIRST_YEAR <= cell.year <= LAST_YEAR else problems.DATE_IMPOSSIBLE
    if isinstance(cell, int):
        return problems.DATE_AS_NUMBER
    found = DATE_SHAPE.match(clean(cell))
    if found is None:
        return problems.DATE_FORMAT
    year, month, day = (int(part) for part in found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return problems.DATE_IMPOSSIBLE
    try:
        return date(year, month, day)
    except ValueError:
        return problems.DATE_IMPOSSIBLE


def parse_sex(cell: Cell) -> Sex | Problem:
    """Read L or P."""
    word = str(cell).strip(" ").upper()
    return Sex(word) if word in {"L", "P"} else problems.SEX_CODE


def parse_role(cell: Cell) -> GroupRole | Problem:
    """Read ketua or anggota."""
    return ROLES.get(str(cell).strip(" ").lower(), problems.ROLE_CODE)


ROLES: dict[str, GroupRole] = {"ketua": GroupRole.LEADER, "anggota": GroupRole.MEMBER}


def parse_kelurahan(cell: Cell) -> str | Problem:
    """Read a kelurahan of Kota Jambi; gives its Kemendagri code."""
    if not isinstance(cell, str):
        return problems.NOT_TEXT
    text = clean(cell)
    found = find_text_problem(text) or find_kelurahan(text)
    return found if isinstance(found, Problem) else found.code


def parse_reference(limit: int) -> Callable[[Cell], str | Problem]:
    """Give a parser of a reference: printable ASCII without blanks or ``|``."""

    def parse(cell: Cell) -> str | Problem:
        if isinstance(cell, date):
            return problems.REFERENCE_FORMAT
        text = str(cell).strip(" ")
        if len(text) > limit:
            return problems.CELL_TOO_LONG
        return text if REFERENCE_SHAPE.match(text) else problems.REFERENCE_FORMAT

    return parse


def parse_rt(cell: Cell) -> str | Problem:
    """Read an RT, filled to three digits."""
    text = clean(str(cell))
    return text.zfill(3) if RT_SHAPE.match(text) else problems.RT_FORMAT


parse_business_id = parse_digits(check_business_id)
parse_phone = parse_digits(check_phone)


def parse_kbli(cell: Cell) -> str | Problem:
    """Read a KBLI code; five digits stay five digits even in a figure cell."""
    return check_kbli(clean(str(cell)))
