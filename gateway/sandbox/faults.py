"""Faults to order: what a pretend partner shall do wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from gateway.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """One partner's faults; the fresh value is a partner without any.

    Faults of the line count down: the first n times it fails, then it works.  Faults of answers
    name a kind of file (``"ANGSURAN"``) and hit its first file only.

    :param refuse_logins: so many logins are refused.
    :param drop_after_bytes: the connection is cut, once, after so many bytes came in; -1: never.
    :param disk_full_after_bytes: no file may grow beyond this; -1: no limit.
    :param lose_rename_answers: so many renames are done and their answer is lost.
    :param no_posix_rename: the server does not know OpenSSH's atomic rename.
    :param unsigned: the answer comes without its signature.
    :param flipped: one byte of the answer changes after signing.
    :param wrong_totals: the answer's trailer counts one row too many.
    :param gap: a number is left out before the answer.
    :param same_number: the second file of the kind takes the first one's number again.
    :param unknown_file: a file that nobody agreed on lies among the answers.
    :param silent: nothing is answered at all.
    :param mends: at its next tick the partner sends what was wrong again, right this time.
    """

    refuse_logins: int = 0
    drop_after_bytes: int = -1
    disk_full_after_bytes: int = -1
    lose_rename_answers: int = 0
    no_posix_rename: bool = False
    unsigned: str = ""
    flipped: str = ""
    wrong_totals: str = ""
    gap: str = ""
    same_number: str = ""
    unknown_file: bool = False
    silent: bool = False
    mends: bool = True


NONE = Faults()


def load_faults(path: Path) -> dict[str, Faults]:
    """Faults per partner code, from a TOML file with one table per partner.

    :raises ConfigError: for an unreadable file or an unknown or wrong key.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([f"{path.name}: {error}"]) from error
    problems: list[str] = []
    found = {code: read_faults(code, table, problems) for code, table in tables.items()}
    if problems:
        raise ConfigError(problems)
    return found


def read_faults(code: str, table: object, problems: list[str]) -> Faults:
    """One partner's table; what is wrong is added to ``problems``."""
    if not isinstance(table, Mapping):
        problems.append(f"[{code}]: write a table of faults / tulis tabel gangguan")
        return NONE
    known = {field.name: type(getattr(NONE, field.name)) for field in fields(Faults)}
    chosen = {}
    for name, value in table.items():
        if name not in known:
            problems.append(f"[{code}] {name}: unknown; known are / yang ada: {', '.join(known)}")
        elif type(value) is not known[name]:
            problems.append(f"[{code}] {name}: must be / harus {known[name].__name__}")
        else:
            chosen[name] = value
    return Faults(**chosen)
