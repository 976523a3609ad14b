"""Files about money, from records to domain values: repayments, shares, positions, subsidy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gateway.domain.files import InboundFile, Reading, RowDefect
from gateway.domain.loans import (
    LoanPosition,
    MemberShare,
    PositionStatement,
    Repayment,
    RepaymentStatement,
    RepaymentType,
)
from gateway.domain.partners import Partner
from gateway.domain.subsidy import SubsidyClaim, SubsidyLine
from gateway.layouts import cells
from gateway.layouts.cells import Values
from gateway.layouts.credit import only_once
from gateway.layouts.layout import Layout
from gateway.layouts.lines import FieldProblem
from gateway.layouts.reader import Records, Row, read_rows


def read_repayments(
    layout: Layout, partner: Partner, file: InboundFile
) -> Reading[RepaymentStatement]:
    """Read an ANGSURAN file, its totals as stated.

    Every defect has the money of its row, negative for a reversal; rows whose money cannot be
    read share what the trailer states beyond the others, which the first of them carries.
    """
    cells.require_fields(layout)
    records = read_rows(layout, file, partner, _repayment)
    stated_in = cells.number(records.trailer, "total_masuk")
    corrections = cells.number(records.trailer, "total_koreksi")
    statement = RepaymentStatement(
        period=_period(records.header, file.identity.dated_on),
        rows=records.rows,
        stated_count=len(records.rows) + len(records.defects),
        stated_in_idr=stated_in,
        stated_corrections_idr=corrections,
        stated_net_idr=stated_in - corrections,
    )
    return Reading(value=statement, defects=_with_money(records, statement))


def _with_money(
    records: Records[Repayment], statement: RepaymentStatement
) -> tuple[RowDefect, ...]:
    rest = statement.stated_net_idr - sum(row.signed_idr for row in records.rows)
    amounts = [_signed(row) for row in records.broken]
    rest -= sum(amount for amount in amounts if amount is not None)
    defects = []
    for defect, amount in zip(records.defects, amounts, strict=True):
        if amount is None:
            defects.append(replace(defect, amount_idr=rest))
            rest = 0
        else:
            defects.append(replace(defect, amount_idr=amount))
    return tuple(defects)


def _signed(row: Row) -> int | None:
    """The money of a broken row, where both its amount and its type can be read."""
    amount, code = row.values.get("nominal"), row.values.get("jenis")
    if not isinstance(amount, int) or code is None:
        return None
    return -amount if code == "R" else amount


def _period(header: Values, dated_on: date | None) -> str:
    """``yyyy-mm`` as the header states it, else the month of the file's date."""
    stated = cells.text(header, "periode")
    if stated:
        return f"{stated[:4]}-{stated[4:]}"
    written = header.get("tanggal") or dated_on
    return f"{written:%Y-%m}" if isinstance(written, date) else ""


def _repayment(line: int, values: Values) -> Repayment:
    amount = cells.number(values, "nominal")
    principal = cells.number_or_none(values, "pokok")
    interest = cells.number_or_none(values, "bunga")
    penalty = cells.number_or_none(values, "denda")
    _check_split(amount, principal, interest, penalty)
    return Repayment(
        line=line,
        bank_reference=cells.text(values, "ref_bank"),
        booked_on=cells.day(values, "tgl_transaksi"),
        value_on=cells.day(values, "tgl_valuta"),
        loan_number=cells.text(values, "no_rekening"),
        application_reference=cells.text(values, "ref_pengajuan"),
        instalment_number=cells.number_or_none(values, "angsuran_ke"),
        amount_idr=amount,
        principal_idr=principal,
        interest_idr=interest,
        penalty_idr=penalty,
        outstanding_idr=cells.number_or_none(values, "baki_debet_setelah"),
        collectability=cells.number_or_none(values, "kualitas"),
        days_overdue=cells.number_or_none(values, "hari_tunggakan"),
        type=RepaymentType(cells.text(values, "jenis")),
        original_reference=cells.text(values, "ref_asal"),
        note=cells.text(values, "keterangan"),
    )


def _check_split(
    amount: int, principal: int | None, interest: int | None, penalty: int | None = None
) -> None:
    """Parts, where given, sum to the amount."""
    if principal is None and interest is None:
        if (penalty or 0) > amount:
            raise FieldProblem("denda", "it is more than nominal", "melebihi nominal")
        return
    if principal is None or interest is None:
        raise FieldProblem(
            "pokok", "principal and interest are given together", "pokok dan bunga diisi bersama"
        )
    if principal + interest + (penalty or 0) != amount:
        raise FieldProblem(
            "nominal",
            "it is not the sum of its parts",
            "tidak sama dengan jumlah bagiannya",
        )


def read_shares(
    layout: Layout, partner: Partner, file: InboundFile
) -> Reading[tuple[MemberShare, ...]]:
    """Read a RINCIAN file: how group payments split over members."""
    cells.require_fields(layout)

    def build(line: int, values: Values) -> MemberShare:
        amount = cells.number(values, "nominal")
        principal = cells.number_or_none(values, "pokok")
        interest = cells.number_or_none(values, "bunga")
        _check_split(amount, principal, interest)
        return MemberShare(
            line=line,
            bank_reference=cells.text(values, "ref_bank"),
            application_reference=cells.text(values, "ref_pengajuan"),
            amount_idr=amount,
            principal_idr=principal,
            interest_idr=interest,
        )

    records = read_rows(layout, file, partner, build)
    return Reading(value=records.rows, defects=records.defects)


def read_positions(
    layout: Layout, partner: Partner, file: InboundFile
) -> Reading[PositionStatement]:
    """Read a POSISI file with its stock chain as stated; the chain itself is not judged here."""
    cells.require_fields(layout)
    once = only_once()

    def build(line: int, values: Values) -> LoanPosition:
        once("no_rekening", cells.text(values, "no_rekening"), line)
        return LoanPosition(
            line=line,
            loan_number=cells.text(values, "no_rekening"),
            application_reference=cells.text(values, "ref_pengajuan"),
            outstanding_idr=cells.number(values, "baki_debet"),
            collectability=cells.number_or_none(values, "kualitas"),
            days_overdue=cells.number_or_none(values, "hari_tunggakan"),
            principal_arrears_idr=cells.number_or_none(values, "tunggakan_pokok") or 0,
            interest_arrears_idr=cells.number_or_none(values, "tunggakan_bunga") or 0,
            state=cells.text(values, "status"),
        )

    records = read_rows(layout, file, partner, build)
    statement = PositionStatement(
        period=_period(records.header, file.identity.dated_on),
        rows=records.rows,
        opening_idr=cells.number(records.trailer, "saldo_awal"),
        disbursed_idr=cells.number(records.trailer, "pencairan"),
        principal_repaid_idr=cells.number(records.trailer, "pokok_dibayar"),
        closing_idr=cells.number(records.trailer, "saldo_akhir"),
    )
    return Reading(value=statement, defects=records.defects)


def read_subsidy_claim(
    layout: Layout, partner: Partner, file: InboundFile
) -> Reading[SubsidyClaim]:
    """Read a SUBSIDI file: the bank's bill for subsidised interest."""
    cells.require_fields(layout)
    records = read_rows(layout, file, partner, _subsidy_line)
    claim = SubsidyClaim(
        period=_period(records.header, file.identity.dated_on),
        lines=records.rows,
        stated_total_idr=cells.number(records.trailer, "total_subsidi"),
    )
    return Reading(value=claim, defects=records.defects)


def _subsidy_line(line: int, values: Values) -> SubsidyLine:
    from_on, until_on = cells.day(values, "dari"), cells.day(values, "sampai")
    if until_on <= from_on:
        raise FieldProblem("sampai", "it is not after dari", "tidak sesudah dari")
    return SubsidyLine(
        line=line,
        application_reference=cells.text(values, "ref_pengajuan"),
        loan_number=cells.text(values, "no_rekening"),
        outstanding_idr=cells.number(values, "baki_debet"),
        from_on=from_on,
        until_on=until_on,
        days=cells.number(values, "hari"),
        rate_bps=cells.number(values, "rate"),
        basis=cells.number(values, "basis"),
        amount_idr=cells.number(values, "subsidi_baris"),
        collectability=cells.number_or_none(values, "kualitas"),
        days_overdue=cells.number_or_none(values, "hari_tunggakan"),
        instalment_recorded=values.get("angsuran_tercatat") == "Y",
    )
