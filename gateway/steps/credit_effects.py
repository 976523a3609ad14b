"""The registry's answers: kept as parts until all of them are there."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.domain.credit import CreditReport
from gateway.domain.files import InboundFile
from gateway.errors import FileMisdirected
from gateway.steps.outbox import sha256_of
from gateway.store import Transaction, applications, credit


def record_reports(
    tx: Transaction, registry_code: str, file: InboundFile, reports: Sequence[CreditReport]
) -> None:
    """Keep each report under the inquiry it answers.

    :raises FileMisdirected: for an inquiry we never asked of this registry, or a report about
        another person than we asked about (a wrong-person result never becomes advice).
    """
    for report in reports:
        inquiry = credit.find_inquiry(tx, report.inquiry_reference)
        if inquiry is None or inquiry.registry_code != registry_code:
            raise FileMisdirected(
                file.name,
                "it answers an inquiry that we never asked",
                message_id="menjawab permintaan yang tidak pernah kita ajukan",
                reason="INQUIRY_UNKNOWN",
            )
        asked = applications.load_application(tx, inquiry.application_reference)
        if asked is None or asked.application.applicant.national_id != report.national_id:
            raise FileMisdirected(
                file.name,
                "it is about another person than we asked about; no advice is drawn from it",
                message_id="berisi orang lain dari yang kita tanyakan; tidak dipakai sama sekali",
                how_en="Ask the registry partner to look the person up again.",
                how_id="Minta mitra SLIK mencari ulang orang tersebut.",
                reason="SLIK_WRONG_PERSON",
            )
        credit.save_report_part(tx, report, file_sha256=sha256_of(file.content))
