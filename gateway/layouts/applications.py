"""A sealed batch as the partner's PENGAJUAN file."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.domain.applications import GroupRole
from gateway.domain.batches import Batch, ScreenedApplication
from gateway.domain.files import OutboundFile
from gateway.domain.partners import Partner
from gateway.layouts.cells import Values, require_fields
from gateway.layouts.layout import Layout
from gateway.layouts.writer import write_records


def write_batch(layout: Layout, partner: Partner, batch: Batch) -> OutboundFile:
    """Write a batch: one row per person, a group's members together with the leader first.

    :raises RuleError: a text or number that the partner's file cannot hold.
    """
    require_fields(layout)
    return write_records(
        layout,
        partner,
        header={"dibuat": batch.created_at, "batch_id": batch.reference},
        rows=[_row(item) for item in in_order(batch.items)],
        on=batch.dated_on,
        sequence=batch.sequence,
    )


def in_order(items: Iterable[ScreenedApplication]) -> list[ScreenedApplication]:
    """As given, but a group stands where its first member does, leader first."""
    loans: dict[str, list[ScreenedApplication]] = {}
    for item in items:
        loans.setdefault(item.application.loan_reference, []).append(item)
    return [
        item
        for members in loans.values()
        # Sorting is stable, so the other members keep their order.
        for item in sorted(members, key=lambda m: m.application.group_role != GroupRole.LEADER)
    ]


def _row(item: ScreenedApplication) -> Values:
    application = item.application
    applicant, business = application.applicant, application.business
    return {
        "ref_pengajuan": application.reference,
        "program": application.programme,
        "jenis": "K" if application.group_reference else "P",
        "ref_kelompok": application.group_reference or None,
        "peran": application.group_role.value if application.group_role else None,
        "nik": applicant.national_id,
        "nama": applicant.name,
        "tgl_lahir": applicant.born_on,
        "jk": applicant.sex.value,
        "alamat": f"{applicant.address}, RT {applicant.rt}" if applicant.rt else applicant.address,
        "kelurahan": applicant.kelurahan,
        "no_hp": applicant.phone,
        "nib": applicant.business_id or None,
        "kbli": business.kbli or None,
        "nama_usaha": business.name,
        "mulai_usaha": business.started_on,
        "omzet_bulanan": business.monthly_turnover_idr,
        "plafon_diajukan": application.amount_idr,
        "tenor_bulan": application.tenor_months,
        "tujuan": application.purpose,
        "kualitas_terburuk": item.worst_collectability,
        "posisi_slik": item.data_period or None,
        "tgl_persetujuan": application.consent.given_on if application.consent else None,
    }
