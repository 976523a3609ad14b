"""Valid values to start from; a test states only what matters to it.

Every person is made up: sub-district 99 does not exist in Kota Jambi (15.71), so no NIK made
here can be anybody's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import ModuleType
from typing import Any

from gateway import hookimpl
from gateway.connectors import LoadedPlugin
from gateway.domain.applications import Applicant, Application, Business, Consent, GroupRole, Sex
from gateway.domain.batches import Acknowledgement, Batch, Rejection, ScreenedApplication
from gateway.domain.credit import CreditInquiry, CreditReport
from gateway.domain.files import FileIdentity, FileKind, InboundFile
from gateway.domain.loans import (
    Decision,
    Disbursement,
    Instalment,
    InterestMethod,
    Repayment,
    RepaymentStatement,
    RepaymentType,
)
from gateway.domain.partners import Partner

DAY = date(2026, 8, 3)
MOMENT = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
WOMEN_ADD_DAYS = 40


def a_national_id(
    serial: int = 1, *, born_on: date = date(1985, 5, 12), sex: Sex = Sex.MALE
) -> str:
    """A NIK that is right in form and nobody's: district 99."""
    day = born_on.day + (WOMEN_ADD_DAYS if sex is Sex.FEMALE else 0)
    return f"157199{day:02}{born_on.month:02}{born_on.year % 100:02}{serial:04}"


def a_partner(**changes: Any) -> Partner:
    """A bank without settings."""
    return dataclasses.replace(
        Partner(code="bank_contoh", name="Bank Contoh", bank_code="999"), **changes
    )


def an_applicant(serial: int = 1, **changes: Any) -> Applicant:
    """A woman for even serials, a man for odd ones."""
    sex = Sex.FEMALE if serial % 2 == 0 else Sex.MALE
    born_on = date(1980 + serial % 20, 1 + serial % 12, 1 + serial % 28)
    person = Applicant(
        national_id=a_national_id(serial, born_on=born_on, sex=sex),
        name=f"CONTOH PEMOHON {serial}",
        born_on=born_on,
        sex=sex,
        address=f"JL CONTOH NO {serial} RT 01",
        kelurahan="15.71.07.1004",
        phone=f"+62812{serial:08}",
    )
    return dataclasses.replace(person, **changes)


def an_application(serial: int = 1, **changes: Any) -> Application:
    """One person's application for Rp5.000.000, with consent, bound for the example bank."""
    application = Application(
        reference=f"HRK26{serial:08}",
        programme="bank_harkat",
        partner_code="bank_contoh",
        applicant=an_applicant(serial),
        business=Business(
            name=f"WARUNG CONTOH {serial}",
            kbli="47112",
            started_on=date(2020, 2, 1),
            monthly_turnover_idr=9_000_000,
        ),
        amount_idr=5_000_000,
        tenor_months=12,
        purpose="MODAL KERJA",
        received_on=DAY,
        consent=Consent(given_on=DAY, evidence="FORM-1"),
    )
    return dataclasses.replace(application, **changes)


def a_group(*serials: int, reference: str = "BHT2600000900", **changes: Any) -> list[Application]:
    """The members of one group, leader first."""
    return [
        an_application(
            serial,
            programme="bang_harta",
            reference=f"BHT26{serial:08}",
            group_reference=reference,
            group_role=GroupRole.MEMBER if place else GroupRole.LEADER,
            group_name="KELOMPOK CONTOH",
            **changes,
        )
        for place, serial in enumerate(serials)
    ]


def a_batch(*applications: Application, **changes: Any) -> Batch:
    """A sealed batch; by default persons with much and little said of them, and a group.

    Its default total, Rp27.311.000, is no amount of any one application in it.
    """
    chosen = applications or (
        an_application(1, amount_idr=5_011_000),
        an_application(
            2, amount_idr=7_300_000, consent=None, business=Business(name="KIOS CONTOH 2")
        ),
        *a_group(3, 4, 5, amount_idr=5_000_000),
    )
    batch = Batch(
        reference="BATCH-2026-000001",
        partner_code="bank_contoh",
        sequence=1,
        dated_on=DAY,
        created_at=MOMENT,
        items=tuple(
            ScreenedApplication(
                application=application,
                worst_collectability=1 if place % 2 == 0 else None,
                data_period="202606" if place % 2 == 0 else "",
            )
            for place, application in enumerate(chosen)
        ),
    )
    return dataclasses.replace(batch, **changes)


def an_inquiry(serial: int = 1, **changes: Any) -> CreditInquiry:
    """A question about one made-up person."""
    person = an_applicant(serial)
    inquiry = CreditInquiry(
        reference=f"HRK26{serial:08}-1",
        national_id=person.national_id,
        name=person.name,
        sex=person.sex.value,
        born_on=person.born_on,
        birthplace="JAMBI",
    )
    return dataclasses.replace(inquiry, **changes)


def a_report(**changes: Any) -> CreditReport:
    """A report about somebody who pays on time."""
    report = CreditReport(
        inquiry_reference="HRK2600000001-1",
        national_id=an_applicant(1).national_id,
        data_period="202606",
        active_facilities=1,
        active_outstanding_idr=2_000_000,
        worst_now=1,
        worst_active=1,
        worst_24_months=2,
    )
    return dataclasses.replace(report, **changes)


def a_decision(**changes: Any) -> Decision:
    """A yes to what was asked for."""
    decision = Decision(
        application_reference="HRK2600000001",
        approved=True,
        approved_idr=5_000_000,
        tenor_months=12,
        method=InterestMethod.FLAT,
        rate_bps=300,
        decided_on=DAY,
    )
    return dataclasses.replace(decision, **changes)


def an_acknowledgement(**changes: Any) -> Acknowledgement:
    """A receipt that takes one application in and turns one down."""
    receipt = Acknowledgement(
        batch_reference="BATCH-2026-000001",
        received_sha256="0" * 64,
        accepted=("HRK2600000001",),
        rejected=(Rejection(application_reference="HRK2600000002", reason_code="01"),),
    )
    return dataclasses.replace(receipt, **changes)


def a_disbursement(**changes: Any) -> Disbursement:
    """A loan of Rp5.000.000 over twelve months."""
    paid_out = Disbursement(
        bank_reference="CR-0001",
        application_reference="HRK2600000001",
        loan_number="7001000001",
        disbursed_on=DAY,
        amount_idr=5_000_000,
        tenor_months=12,
        method=InterestMethod.FLAT,
        rate_bps=300,
        first_due_on=date(2026, 9, 3),
    )
    return dataclasses.replace(paid_out, **changes)


def an_instalment(**changes: Any) -> Instalment:
    """The first of twelve."""
    instalment = Instalment(
        number=1, due_on=date(2026, 9, 3), principal_idr=416_666, interest_idr=12_500
    )
    return dataclasses.replace(instalment, **changes)


def a_repayment(**changes: Any) -> Repayment:
    """The first instalment, paid on its day."""
    repayment = Repayment(
        line=2,
        bank_reference="AG-0001",
        booked_on=date(2026, 9, 3),
        value_on=date(2026, 9, 3),
        loan_number="7001000001",
        application_reference="HRK2600000001",
        instalment_number=1,
        amount_idr=429_166,
        principal_idr=416_666,
        interest_idr=12_500,
        penalty_idr=0,
        outstanding_idr=4_583_334,
        collectability=1,
        days_overdue=0,
        type=RepaymentType.INSTALMENT,
    )
    return dataclasses.replace(repayment, **changes)


def a_statement(*rows: Repayment, **changes: Any) -> RepaymentStatement:
    """A repayment file whose stated totals are those of its rows."""
    chosen = rows or (a_repayment(),)
    money_in = sum(row.amount_idr for row in chosen if row.type is not RepaymentType.REVERSAL)
    corrections = sum(row.amount_idr for row in chosen if row.type is RepaymentType.REVERSAL)
    statement = RepaymentStatement(
        period="2026-09",
        rows=chosen,
        stated_count=len(chosen),
        stated_in_idr=money_in,
        stated_corrections_idr=corrections,
        stated_net_idr=money_in - corrections,
    )
    return dataclasses.replace(statement, **changes)


def an_inbound_file(
    content: bytes = b"", *, name: str = "berkas.txt", kind: FileKind = FileKind.KEPUTUSAN
) -> InboundFile:
    """Bytes from a partner, verified."""
    return InboundFile(name=name, content=content, identity=FileIdentity(kind=kind, sequence=1))


def a_plugin(name: str = "contoh", /, **hooks: Callable[..., Any]) -> LoadedPlugin:
    """An imported plugin that has these hooks and nothing else."""
    module = ModuleType(name)
    for hook, answer in hooks.items():
        setattr(module, hook, hookimpl(answer))
    return LoadedPlugin(name=name, module=module)
