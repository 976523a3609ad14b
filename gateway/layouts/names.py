"""A partner's file names: a template both reads a name and writes one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gateway.domain.files import FileIdentity
from gateway.domain.partners import REGION, Partner
from gateway.errors import RuleError
from gateway.layouts.layout import Layout

PLACES = frozenset({"bank", "region", "kind", "date", "period", "seq", "version"})

_PLACE = re.compile(r"\{([a-z]+)\}")
_VERSION = r"(?:\.v(?P<version>[2-9]|[1-9][0-9]))?"
_HIGHEST_VERSION = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class NameParts:
    """What a name says; ``period`` (``yyyymm``) is empty where the template has none."""

    identity: FileIdentity
    period: str = ""


def identify_name(layout: Layout, partner: Partner, name: str) -> FileIdentity | None:
    """What a file of this layout says of itself in its name; ``None`` for a stranger's name."""
    parts = read_name(layout, partner, name)
    return parts.identity if parts else None


def read_name(layout: Layout, partner: Partner, name: str) -> NameParts | None:
    """As :func:`identify_name`, with the period that the name may carry."""
    found = re.fullmatch(_expression(layout, partner), name)
    if not found:
        return None
    said = found.groupdict()
    day = _day(said["date"]) if "date" in said else None
    sequence = int(said["seq"]) if "seq" in said else None
    if ("date" in said and day is None) or sequence == 0:
        return None
    identity = FileIdentity(
        kind=layout.kind,
        sequence=sequence,
        dated_on=day,
        version=int(said.get("version") or 1),
    )
    return NameParts(identity=identity, period=said.get("period", ""))


def render_name(
    layout: Layout,
    partner: Partner,
    *,
    on: date,
    sequence: int,
    version: int = 1,
    period: str = "",
) -> str:
    """The name of a file written ``on`` a day.

    :param period: ``yyyymm``, the month of ``on`` when left out.
    :raises RuleError: ``SEQUENCE_TOO_HIGH``, for a number that the name has no room for.
    """
    digits = f"{sequence:0{layout.sequence_digits}d}"
    if sequence < 1 or len(digits) > layout.sequence_digits or not 1 <= version <= _HIGHEST_VERSION:
        raise RuleError(
            f"File number {sequence} (version {version}) does not fit the name of {layout.kind}.",
            message_id=f"Nomor berkas {sequence} (versi {version}) tidak muat dalam nama "
            f"{layout.kind}.",
            how_en="Agree on more digits with the partner.",
            how_id="Sepakati lebih banyak angka dengan mitra.",
            reason="SEQUENCE_TOO_HIGH",
        )
    return layout.name.format(
        bank=partner.bank_code,
        region=REGION,
        kind=layout.kind_name or layout.kind.value,
        date=f"{on:%Y%m%d}",
        period=period or f"{on:%Y%m}",
        seq=digits,
        version="" if version == 1 else f".v{version}",
    )


def _expression(layout: Layout, partner: Partner) -> str:
    said = {
        "bank": re.escape(partner.bank_code),
        "region": REGION,
        "kind": re.escape(layout.kind_name or layout.kind.value),
        "date": "(?P<date>[0-9]{8})",
        "period": "(?P<period>[0-9]{4}(?:0[1-9]|1[0-2]))",
        "seq": f"(?P<seq>[0-9]{{{layout.sequence_digits}}})",
        "version": _VERSION,
    }
    pieces = _PLACE.split(layout.name)
    # Odd pieces are the names of places, even ones stand as written.
    return "".join(
        said[piece] if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)
    )


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
