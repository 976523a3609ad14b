"""Files about credit, from records to domain values: receipts, decisions, disbursements, dues."""

from __future__ import annotations

from collections.abc import Callable

from gateway.domain.batches import Acknowledgement, Rejection
from gateway.domain.files import InboundFile, Reading
from gateway.domain.loans import (
    Decision,
    Disbursement,
    Instalment,
    InterestMethod,
    ScheduledInstalment,
)
from gateway.domain.partners import Partner
from gateway.layouts import cells
from gateway.layouts.cells import Values
from gateway.layouts.layout import Layout
from gateway.layouts.lines import FieldProblem
from gateway.layouts.reader import read_rows


def read_acknowledgement(
    layout: Layout, partner: Partner, file: InboundFile
) -> Reading[Acknowledgement]:
    """Read a TANDATERIMA file: the receipt for one batch."""
    cells.require_fields(layout)
    once = only_once()

    def build(line: int, values: Values) -> str | Rejection:
        reference = cells.text(values, "ref_pengajuan")
        once("ref_pengajuan", reference, line)
        if values["status"] == "T":
            return reference
        return Rejection(
            application_reference=reference,
            reason_code=_reason_code(values, "a rejected paper", "berkas yang ditolak"),
            reason=cells.text(values, "keterangan"),
        )

    records = read_rows(layout, file, partner, build)
    receipt = Acknowledgement(
        batch_reference=cells.text(records.header, "batch_id"),
        received_sha256=cells.text(records.header, "sha256_diterima"),
        accepted=tuple(row for row in records.rows if isinstance(row, str)),
        rejected=tuple(row for row in records.rows if isinstance(row, Rejection)),
    )
    return Reading(value=receipt, defects=records.defects)


def read_decisions(
    layout: Layout, partner: Partner, file: InboundFile
) -> Reading[tuple[Decision, ...]]:
    """Read a KEPUTUSAN file: one answer per application."""
    cells.require_fields(layout)
    once = only_once()

    def build(line: int, values: Values) -> Decision:
        once("ref_pengajuan", cells.text(values, "ref_pengajuan"), line)
        return _decision(line, values)

    records = read_rows(layout, file, partner, build)
    return Reading(value=records.rows, defects=records.defects)


def _decision(line: int, values: Values) -> Decision:
    approved = values["status"] == "S"
    approved_idr = cells.number_or_none(values, "plafon_disetujui") or 0
    if approved and not approved_idr:
        raise FieldProblem(
            "plafon_disetujui", "an approval has an amount", "persetujuan harus berisi plafon"
        )
    if not approved and approved_idr:
        raise FieldProblem(
            "plafon_disetujui", "a decline has no amount", "penolakan tidak boleh berisi plafon"
        )
    return Decision(
        application_reference=cells.text(values, "ref_pengajuan"),
        approved=approved,
        approved_idr=approved_idr,
        tenor_months=cells.number_or_none(values, "tenor_bulan"),
        method=_method(values),
        rate_bps=cells.number_or_none(values, "suku_bunga_bps"),
        decided_on=cells.day(values, "tgl_keputusan"),
        reason_code=(
            cells.text(values, "kode_alasan")
            if approved
            else _reason_code(values, "a decline", "penolakan")
        ),
        reason=cells.text(values, "keterangan"),
        line=line,
    )


def _method(values: Values) -> InterestMethod | None:
    code = cells.text(values, "metode")
    return InterestMethod(code) if code else None


def _reason_code(values: Values, en: str, id_: str) -> str:
    code = cells.text(values, "kode_alasan").strip()
    if not code:
        raise FieldProblem(
            "kode_alasan", f"{en} has a reason code", f"{id_} harus berisi kode alasan"
        )
    return code


def read_disbursements(
    layout: Layout, partner: Partner, file: InboundFile
) -> Reading[tuple[Disbursement, ...]]:
    """Read a PENCAIRAN file: the loans paid out."""
    cells.require_fields(layout)
    records = read_rows(layout, file, partner, _disbursement)
    return Reading(value=records.rows, defects=records.defects)


def _disbursement(line: int, values: Values) -> Disbursement:
    disbursed_on = cells.day(values, "tgl_cair")
    first_due_on = cells.day(values, "tgl_angsuran_pertama")
    if first_due_on < disbursed_on:
        raise FieldProblem(
            "tgl_angsuran_pertama",
            "the first instalment is due before the disbursement",
            "angsuran pertama mendahului pencairan",
        )
    return Disbursement(
        bank_reference=cells.text(values, "ref_bank"),
        application_reference=cells.text(values, "ref_pengajuan"),
        loan_number=cells.text(values, "no_rekening"),
        disbursed_on=disbursed_on,
        amount_idr=cells.number(values, "nominal"),
        tenor_months=cells.number(values, "tenor_bulan"),
        method=InterestMethod(cells.text(values, "metode")),
        rate_bps=cells.number(values, "suku_bunga_bps"),
        first_due_on=first_due_on,
        note=cells.text(values, "keterangan"),
        line=line,
    )


def read_schedule(
    layout: Layout, partner: Partner, file: InboundFile
) -> Reading[tuple[ScheduledInstalment, ...]]:
    """Read a JADWAL file: the bank's own dues."""
    cells.require_fields(layout)
    once = only_once()

    def build(line: int, values: Values) -> ScheduledInstalment:
        number = cells.number(values, "angsuran_ke")
        once("angsuran_ke", f"{values['no_rekening']}#{number}", line)
        return ScheduledInstalment(
            loan_number=cells.text(values, "no_rekening"),
            instalment=Instalment(
                number=number,
                due_on=cells.day(values, "jatuh_tempo"),
                principal_idr=cells.number(values, "pokok"),
                interest_idr=cells.number(values, "bunga"),
            ),
            line=line,
        )

    records = read_rows(layout, file, partner, build)
    return Reading(value=records.rows, defects=records.defects)


def only_once() -> Callable[[str, str, int], None]:
    """A watch over one file: the second row about the same thing is a defect."""
    seen: dict[str, int] = {}

    def watch(column: str, key: str, line: int) -> None:
        first = seen.setdefault(key, line)
        if first != line:
            raise FieldProblem(
                column,
                f"line {first} already speaks of it",
                f"sudah disebut di baris {first}",
            )

    return watch
