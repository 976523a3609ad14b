"""May this number be read now?  Numbers run per partner, kind and calendar year, without gaps."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.clock import wib_day
from gateway.domain.files import FileIdentity
from gateway.domain.states import InboundState
from gateway.errors import FileUnreadable, GatewayError
from gateway.store import Transaction, files


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """READ when ``error`` is ``None``; otherwise where the file waits, and why."""

    state: InboundState
    error: GatewayError | None = None


READ_NOW = Verdict(state=InboundState.READ)


def judge_number(tx: Transaction, partner_code: str, identity: FileIdentity, name: str) -> Verdict:
    """Compare a file's number with what was read before (rulings 15 and 16)."""
    if identity.sequence is None or identity.dated_on is None:
        return READ_NOW
    if identity.dated_on > wib_day(tx.now):
        return _refused(
            name,
            "DATE_FUTURE",
            f"it is dated {identity.dated_on}, which has not come yet",
            f"bertanggal {identity.dated_on}, padahal belum tiba",
        )
    year = identity.dated_on.year
    known = files.find_number(tx, partner_code, identity.kind, year, identity.sequence)
    if identity.version > 1:
        return _refused(
            name,
            "F_CORRECTION",
            "a corrected file; comparing it with the first version is not built yet,"
            " so a person must look",
            "berkas koreksi; pembandingan dengan versi pertama belum tersedia,"
            " jadi perlu diperiksa petugas",
        )
    if known is not None:
        return _refused(
            name,
            "F_SAME_SEQ",
            f"number {identity.sequence} was read before with other content;"
            " held until the bank explains",
            f"nomor {identity.sequence} sudah dibaca dengan isi lain;"
            " ditahan sampai bank menjelaskan",
        )
    if _is_disputed(tx, partner_code, identity):
        return _parked(name, identity.sequence, "F_SAME_SEQ")
    if identity.sequence > files.highest_read(tx, partner_code, identity.kind, year) + 1:
        return _parked(name, identity.sequence, "F_GAP")
    return READ_NOW


def _is_disputed(tx: Transaction, partner_code: str, identity: FileIdentity) -> bool:
    """Whether two different files of this kind claimed one number: then the kind stands still."""
    return any(
        row.kind is identity.kind and row.reason == "F_SAME_SEQ"
        for row in files.list_files(tx, partner_code, [InboundState.SET_ASIDE])
    )


def _refused(name: str, reason: str, message_en: str, message_id: str) -> Verdict:
    return Verdict(
        state=InboundState.SET_ASIDE,
        error=FileUnreadable(name, message_en, message_id=message_id, reason=reason),
    )


def _parked(name: str, sequence: int, reason: str) -> Verdict:
    return Verdict(
        state=InboundState.PARKED,
        error=FileUnreadable(
            name,
            f"number {sequence} waits: an earlier number of this kind is missing or disputed",
            message_id=f"nomor {sequence} menunggu: nomor sebelumnya belum ada atau disengketakan",
            how_en="Ask the partner for the earlier number; this file is read by itself then.",
            how_id="Minta nomor sebelumnya kepada mitra; berkas ini lalu dibaca sendiri.",
            reason=reason,
        ),
    )
