"""OJK SLIK: inquiry files out, iDeb files (JSON in a .txt) in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from marshmallow import Schema

from gateway import hookimpl
from gateway.domain.credit import CreditInquiry, CreditReport
from gateway.domain.files import FileIdentity, FileKind, InboundFile, OutboundFile
from gateway.domain.partners import Partner
from gateway.errors import FileUnreadable
from gateway_ojk_slik.ideb import read_ideb
from gateway_ojk_slik.inquiries import write_inquiries
from gateway_ojk_slik.reduction import reduce_to_report
from gateway_ojk_slik.settings import SlikSettings, read_settings
from gateway_ojk_slik.strictjson import BadIdeb

IDEB_HEAD = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{\s*"(header|individual|perusahaan)"\s*:\s*\{')
RESULT_DAY = re.compile(rb'"tanggalHasil"\s*:\s*"?([0-9]{4})([0-9]{2})([0-9]{2})')


@hookimpl
def settings_schema() -> type[Schema]:
    """Everything about SLIK that no public source states is a setting."""
    return SlikSettings


@hookimpl
def identify_file(partner: Partner, name: str, head: bytes) -> FileIdentity | None:  # noqa: ARG001 - the contract's names
    """Know an iDeb by its first bytes; names differ from bank to bank and may hold a NIK."""
    if IDEB_HEAD.match(head) is None:
        return None
    return FileIdentity(kind=FileKind.IDEB, dated_on=_result_day(head))


@hookimpl
def render_inquiries(
    partner: Partner, batch_reference: str, dated_on: str, inquiries: Sequence[CreditInquiry]
) -> list[OutboundFile]:
    """Write one inquiry file for all."""
    return [write_inquiries(partner, batch_reference, dated_on, inquiries)]


@hookimpl
def read_credit_reports(partner: Partner, file: InboundFile) -> list[CreditReport]:
    """Read one iDeb: one person's answer, or one part of it."""
    try:
        return [reduce_to_report(read_ideb(file.content), read_settings(partner))]
    except BadIdeb as bad:
        raise FileUnreadable(
            file.name,
            bad.message_en,
            message_id=bad.message_id,
            line=bad.line,
            how_en=bad.how_en,
            how_id=bad.how_id,
            reason=bad.reason,
        ) from None


def _result_day(head: bytes) -> date | None:
    found = RESULT_DAY.search(head)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
