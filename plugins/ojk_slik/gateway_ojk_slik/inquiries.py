"""The inquiry file: one ``H`` line, one ``D`` line a person, typed into SLIK or loaded there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.domain.credit import CreditInquiry
from gateway.domain.files import OutboundFile
from gateway.domain.partners import Partner
from gateway.errors import RuleError
from gateway_ojk_slik.settings import Settings, read_settings

SEPARATOR = "|"
PERSON = "I"
MOST_DIGITS = 12
UNSAFE = re.compile(r"[^A-Za-z0-9-]+")


def write_inquiries(
    partner: Partner, batch_reference: str, dated_on: str, inquiries: Sequence[CreditInquiry]
) -> OutboundFile:
    """Write all inquiries into one file; the count stands in its head.

    :raises RuleError: a field holds the separator or an invisible character.
    """
    settings = read_settings(partner)
    head = (
        *("H", settings.reporter_type, settings.reporter_code, dated_on),
        *(settings.file_word, str(len(inquiries)), batch_reference),
    )
    rows = (_row(place, inquiry, settings) for place, inquiry in enumerate(inquiries, start=1))
    text = "".join(_line(fields, settings.newline) for fields in (head, *rows))
    return OutboundFile(
        name=_name(settings, batch_reference, dated_on), content=text.encode("utf-8")
    )


def _row(place: int, inquiry: CreditInquiry, settings: Settings) -> tuple[str, ...]:
    known = {
        "D": "D",
        "urut": str(place),
        "jenis": PERSON,
        "kodeReferensiPengguna": inquiry.reference,
        "kodeTujuanPermintaan": settings.purpose_code,
        "identitas": settings.id_type_code,
        "noIdentitas": inquiry.national_id,
        "nama": inquiry.name,
        "jenisKelamin": str(inquiry.sex),
        "tempat": inquiry.birthplace,
        "tanggal": inquiry.born_on.strftime("%Y%m%d"),
    }
    return tuple(known.get(column, "") for column in settings.columns)


def _line(fields: Sequence[str], newline: str) -> str:
    if any(SEPARATOR in text or not text.isprintable() for text in fields):
        raise RuleError(
            "A field of an inquiry holds | or an invisible character.",
            message_id="Isian permintaan SLIK memuat | atau karakter yang tidak terlihat.",
            how_en="Mend the applicant's name or birthplace, then ask again.",
            how_id="Perbaiki nama atau tempat lahir pemohon, lalu minta ulang.",
            reason="SLIK_FIELD",
        )
    return SEPARATOR.join(fields).rstrip(SEPARATOR) + newline


def _name(settings: Settings, batch_reference: str, dated_on: str) -> str:
    """SLIK's own way of naming; the number is that of our batch, so no two are alike."""
    number = "".join(re.findall("[0-9]+", batch_reference))
    if not 0 < len(number) <= MOST_DIGITS:
        number = UNSAFE.sub("-", batch_reference).strip("-")
    parts = (settings.reporter_type, settings.reporter_code, dated_on[:4], dated_on[4:6])
    return ".".join((*parts, settings.file_word, number, "txt"))
