"""An application as a database row: personal fields sealed, two of them indexed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from gateway.domain.applications import (
    Applicant,
    Application,
    Business,
    Consent,
    GroupRole,
    Sex,
)
from gateway.privacy import Vault

SEALED: Final[Mapping[str, Callable[[Application], str]]] = {
    "national_id": lambda application: application.applicant.national_id,
    "name": lambda application: application.applicant.name,
    "born_on": lambda application: application.applicant.born_on.isoformat(),
    "address": lambda application: application.applicant.address,
    "phone": lambda application: application.applicant.phone,
    "rt": lambda application: application.applicant.rt,
    "business_id": lambda application: application.applicant.business_id,
    "tax_number": lambda application: application.applicant.tax_number,
    "business_name": lambda application: application.business.name,
    "purpose": lambda application: application.purpose,
    "group_name": lambda application: application.group_name,
    "source_reference": lambda application: application.source_reference,
}
"""Columns that only the vault opens, with what stands in them."""


def index_national_id(vault: Vault, national_id: str) -> str:
    """What stands in ``nik_index``."""
    return vault.index(f"nik:{national_id}")


def index_phone(vault: Vault, phone: str) -> str:
    """What stands in ``phone_index``."""
    return vault.index(f"phone:{phone}")


def index_source(vault: Vault, source: str) -> str:
    """What stands in ``source_index``: some offices number their rows by NIK."""
    return vault.index(f"source:{source}") if source else ""


def place(column: str, reference: str) -> str:
    """Where a sealed field of an application belongs."""
    return f"applications.{column}|{reference}"


def write(vault: Vault, application: Application) -> dict[str, object]:
    """The columns that an application fills by itself."""
    person, business, consent = application.applicant, application.business, application.consent
    reference = application.reference
    row: dict[str, object] = {
        column: vault.seal(pick(application), place(column, reference))
        for column, pick in SEALED.items()
    }
    return row | {
        "reference": reference,
        "programme": application.programme,
        "partner_code": application.partner_code,
        "nik_index": index_national_id(vault, person.national_id),
        "phone_index": index_phone(vault, person.phone),
        "sex": person.sex.value,
        "kelurahan": person.kelurahan,
        "kbli": business.kbli,
        "started_on": business.started_on,
        "monthly_turnover_idr": business.monthly_turnover_idr,
        "amount_idr": application.amount_idr,
        "tenor_months": application.tenor_months,
        "received_on": application.received_on,
        "consent_on": consent.given_on if consent else None,
        "consent_evidence": vault.seal(consent.evidence, place("consent_evidence", reference))
        if consent
        else None,
        "group_reference": application.group_reference or None,
        "group_role": application.group_role.value if application.group_role else "",
        "source_index": index_source(vault, application.source_reference),
    }


def read(vault: Vault, row: Mapping[Any, Any]) -> Application:
    """The application that a row of all columns holds; withdrawn consent is none."""
    reference = row["reference"]

    def opened(column: str) -> str:
        return vault.open(row[column], place(column, reference))

    return Application(
        reference=reference,
        programme=row["programme"],
        partner_code=row["partner_code"],
        applicant=Applicant(
            national_id=opened("national_id"),
            name=opened("name"),
            born_on=date.fromisoformat(opened("born_on")),
            sex=Sex(row["sex"]),
            address=opened("address"),
            kelurahan=row["kelurahan"],
            phone=opened("phone"),
            rt=opened("rt"),
            business_id=opened("business_id"),
            tax_number=opened("tax_number"),
        ),
        business=Business(
            name=opened("business_name"),
            kbli=row["kbli"],
            started_on=row["started_on"],
            monthly_turnover_idr=row["monthly_turnover_idr"],
        ),
        amount_idr=row["amount_idr"],
        tenor_months=row["tenor_months"],
        purpose=opened("purpose"),
        received_on=row["received_on"],
        consent=_read_consent(row, opened),
        group_reference=row["group_reference"] or "",
        group_role=GroupRole(row["group_role"]) if row["group_role"] else None,
        group_name=opened("group_name"),
        source_reference=opened("source_reference"),
    )


def _read_consent(row: Mapping[Any, Any], opened: Callable[[str], str]) -> Consent | None:
    if row["consent_on"] is None or row["consent_withdrawn_at"] is not None:
        return None
    return Consent(given_on=row["consent_on"], evidence=opened("consent_evidence"))
