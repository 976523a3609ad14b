"""How money, days, moments and strangers' text are written on the page."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from gateway.clock import WIB
from gateway.privacy import mask_number, scrub

LONGEST_TEXT = 300
_LOCALES = {"id": "id_ID", "en": "en_GB"}
_LONG_DIGITS = re.compile(r"[0-9]{9,}")
_TOKEN = re.compile(r"[0-9A-Za-z]+")
_OUR_REFERENCE = re.compile(r"[A-Z]{2,6}[0-9]{10}")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")


def rupiah(amount_idr: int, lang: str) -> str:
    """``Rp20.000.000``, or ``Rp20,000,000`` in English."""
    return format_currency(
        amount_idr, "IDR", "¤#,##0", locale=_LOCALES[lang], currency_digits=False
    ).replace("IDR", "Rp")


def count(number: int, lang: str) -> str:
    """A count with its thousands separated."""
    return format_decimal(number, locale=_LOCALES[lang])


def day(value: date | None, lang: str) -> str:
    """``30 Okt 2026``, or a dash for no day."""
    return format_date(value, "d MMM y", locale=_LOCALES[lang]) if value else "–"


def moment(value: datetime | None, lang: str) -> str:
    """``30 Okt 2026 14.05 WIB``, or a dash for no moment."""
    if value is None:
        return "–"
    pattern = "d MMM y HH.mm" if lang == "id" else "d MMM y HH:mm"
    return format_datetime(value, pattern, tzinfo=WIB, locale=_LOCALES[lang]) + " WIB"


def month(period: str, lang: str) -> str:
    """``Oktober 2026`` for ``2026-10`` or ``202610``; anything else as it stands."""
    if len(period) == 6:
        period = f"{period[:4]}-{period[4:]}"
    if not _MONTH.fullmatch(period):
        return period
    return format_date(date.fromisoformat(f"{period}-01"), "MMMM y", locale=_LOCALES[lang])


def plain(text: str, longest: int = LONGEST_TEXT) -> str:
    """A stranger's text made harmless to read: no invisible or reordering character, not endless.

    Escaping for HTML is the template's; this shows what would otherwise hide, such as a
    right-to-left override, by its number.
    """
    shown = "".join(_visible(char) for char in text[: longest + 1])
    return shown if len(text) <= longest else shown[:longest] + "…"


def _visible(char: str) -> str:
    if unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"):
        return f"[U+{ord(char):04X}]"
    return char


def masked_line(line: str, hide: tuple[str, ...] = (), keep: tuple[str, ...] = ()) -> str:
    """A raw line without account numbers and NIK: those to hide, and every long run of digits.

    In a line without separators the figures touch each other; there only runs of 16 are blanked.

    :param keep: references that are shown beside the line anyway.
    """
    for number in hide:
        if number:
            line = line.replace(number, mask_number(number))
    if not any(separator in line for separator in "|;,\t"):
        return scrub(line)
    return _TOKEN.sub(
        lambda found: found.group() if found.group() in keep else _mask_runs(found.group()), line
    )


def _mask_runs(token: str) -> str:
    if _OUR_REFERENCE.fullmatch(token):
        return token
    return _LONG_DIGITS.sub(lambda run: mask_number(run.group()), token)


def fingerprint(digest: str) -> str:
    """The first twelve characters of a hash: enough to compare by eye."""
    return digest[:12] + "…" if len(digest) > 12 else digest
