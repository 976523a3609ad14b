"""What a bank answers, from plain values: one function per kind makes one row.

Days are ``datetime.date``, money is whole rupiah, rates are basis points; ``None`` and ``""``
stay empty.  The rows go to :func:`gateway.bankkit.pipe.write_pipe`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.bankkit.envelope import Container
from gateway.bankkit.heads import Head, PipeFile, Written
from gateway.bankkit.pipe import read_pipe, write_pipe
from gateway.bankkit.problems import trouble

Row = Mapping[str, str]


def _put(value: int | date | str | None) -> str:
    if value is None:
        return ""
    return f"{value:%Y%m%d}" if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a loan is granted on: months, method (FLAT, ANUITAS, MENURUN), basis points a year."""

    amount_idr: int
    tenor_months: int
    method: str
    rate_bps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an ANGSURAN file; amounts are positive, also of a correction.

    :param type: A angsuran, P pelunasan, R koreksi.
    """

    ref_bank: str
    booked_on: date
    value_on: date
    loan_number: str
    reference: str
    amount_idr: int
    type: str = "A"
    instalment: int | None = None
    principal_idr: int | None = None
    interest_idr: int | None = None
    penalty_idr: int | None = None
    outstanding_idr: int | None = None
    collectability: int | None = None
    days_overdue: int | None = None
    original: str = ""
    note: str = ""


def receipt_row(reference: str, *, reason_code: str = "", reason: str = "") -> Row:
    """TANDATERIMA: accepted, or with a reason code the paper is refused."""
    return {
        "ref_pengajuan": reference,
        "status": "K" if reason_code else "T",
        "kode_alasan": reason_code,
        "keterangan": reason,
    }


def approval_row(reference: str, terms: Terms, decided_on: date) -> Row:
    """KEPUTUSAN: yes, on these terms."""
    return {
        "ref_pengajuan": reference,
        "status": "S",
        "plafon_disetujui": _put(terms.amount_idr),
        **_terms(terms),
        "tgl_keputusan": _put(decided_on),
    }


def decline_row(reference: str, decided_on: date, reason_code: str, reason: str) -> Row:
    """KEPUTUSAN: no, with the reason."""
    return {
        "ref_pengajuan": reference,
        "status": "T",
        "plafon_disetujui": "0",
        "tgl_keputusan": _put(decided_on),
        "kode_alasan": reason_code,
        "keterangan": reason,
    }


def disbursement_row(
    reference: str, loan_number: str, ref_bank: str, terms: Terms, days: tuple[date, date]
) -> Row:
    """PENCAIRAN: paid out; ``days`` are the day of paying out and the first due day."""
    return {
        "ref_bank": ref_bank,
        "ref_pengajuan": reference,
        "no_rekening": loan_number,
        "tgl_cair": _put(days[0]),
        "nominal": _put(terms.amount_idr),
        **_terms(terms),
        "tgl_angsuran_pertama": _put(days[1]),
    }


def _terms(terms: Terms) -> Row:
    return {
        "tenor_bulan": _put(terms.tenor_months),
        "metode": terms.method,
        "suku_bunga_bps": _put(terms.rate_bps),
    }


def schedule_row(
    loan_number: str, number: int, due_on: date, principal_idr: int, interest_idr: int
) -> Row:
    """JADWAL: one instalment."""
    return {
        "no_rekening": loan_number,
        "angsuran_ke": _put(number),
        "jatuh_tempo": _put(due_on),
        "pokok": _put(principal_idr),
        "bunga": _put(interest_idr),
    }


def repayment_row(entry: Entry) -> Row:
    """ANGSURAN: one movement of money."""
    return {
        "ref_bank": entry.ref_bank,
        "tgl_transaksi": _put(entry.booked_on),
        "tgl_valuta": _put(entry.value_on),
        "no_rekening": entry.loan_number,
        "ref_pengajuan": entry.reference,
        "angsuran_ke": _put(entry.instalment),
        "nominal": _put(entry.amount_idr),
        "pokok": _put(entry.principal_idr),
        "bunga": _put(entry.interest_idr),
        "denda": _put(entry.penalty_idr),
        "baki_debet_setelah": _put(entry.outstanding_idr),
        "kualitas": _put(entry.collectability),
        "hari_tunggakan": _put(entry.days_overdue),
        "jenis": entry.type,
        "ref_asal": entry.original,
        "keterangan": entry.note,
    }


def position_row(
    loan_number: str, reference: str, outstanding_idr: int, standing: tuple[int, int, int, int]
) -> Row:
    """POSISI: one loan; ``standing`` is collectability, days, principal and interest overdue."""
    collectability, days, principal_idr, interest_idr = standing
    return {
        "no_rekening": loan_number,
        "ref_pengajuan": reference,
        "baki_debet": _put(outstanding_idr),
        "kualitas": _put(collectability),
        "hari_tunggakan": _put(days),
        "tunggakan_pokok": _put(principal_idr),
        "tunggakan_bunga": _put(interest_idr),
        "status": "A" if outstanding_idr else "L",
    }


def submission_in(container: Container) -> PipeFile:
    """The PENGAJUAN file in a container.

    :raises KitError: if there is not exactly one, or it is not sound.
    """
    names = [name for name in container.files if ".PENGAJUAN." in name]
    if len(names) != 1:
        raise trouble(
            "MEMBERS",
            "wadah harus berisi satu berkas PENGAJUAN",
            "the container must hold one PENGAJUAN file",
        )
    return read_pipe(names[0], container.files[names[0]])


def write_receipt(
    head: Head, submission: PipeFile, refused: Mapping[str, tuple[str, str]]
) -> Written:
    """The TANDATERIMA for a submission; ``head.extra`` is the SHA-256 of what was received.

    :param refused: reference -> (reason code, reason); all others are accepted.
    """
    references = [row["ref_pengajuan"] for row in submission.rows]
    unknown = sorted(set(refused) - set(references))
    if unknown:
        raise trouble(
            "REFERENCE",
            f"acuan tidak ada dalam pengajuan: {', '.join(unknown)}",
            f"not in the submission: {', '.join(unknown)}",
        )
    rows: Sequence[Row] = [
        receipt_row(reference, reason_code=code, reason=reason)
        for reference in references
        for code, reason in [refused.get(reference, ("", ""))]
    ]
    return write_pipe(head, rows)
