"""What a read file changes, by kind.  Runs inside the caller's store transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.connectors import Connector
from gateway.domain.files import FileKind, InboundFile, RowDefect
from gateway.domain.states import LoanState
from gateway.errors import FileUnreadable
from gateway.steps import credit_effects, loan_effects, submission_effects
from gateway.steps.doubts import decision_doubts
from gateway.steps.reader import Reader
from gateway.steps.summary import Attention
from gateway.store import Transaction, loans, statements


@dataclass(slots=True, kw_only=True)
class Effect:
    """What one file changed."""

    counts: Counter[str] = field(default_factory=Counter)
    attention: list[Attention] = field(default_factory=list)


Apply = Callable[[Transaction, Connector, Reader, InboundFile, int], Effect]


def apply_file(
    tx: Transaction, connector: Connector, reader: Reader, file: InboundFile, file_id: int
) -> Effect:
    """Read one verified file and record what it says.

    :raises PartnerFileError: when the file as a whole cannot be used; nothing is recorded then.
    """
    return APPLY[file.identity.kind](tx, connector, reader, file, file_id)


def _acknowledgement(
    tx: Transaction, connector: Connector, reader: Reader, file: InboundFile, file_id: int
) -> Effect:
    del reader
    reading = connector.read_acknowledgement(file)
    effect = _defects(tx, connector, file, file_id, reading.defects)
    code = connector.partner.code
    silent = submission_effects.record_acknowledgement(tx, code, file.name, reading.value)
    if silent:
        effect.attention.append(
            Attention(
                code="ACK_PARTIAL",
                partner_code=code,
                subject=reading.value.batch_reference,
                message_en=f"The receipt says nothing of {silent} application(s) of the batch."
                " Ask the partner for the rest.",
                message_id=f"Tanda terima tidak menyebut {silent} permohonan dalam berkas kolektif."
                " Minta sisanya kepada mitra.",
            )
        )
    effect.counts["acknowledged"] += len(reading.value.accepted)
    effect.counts["rejected"] += len(reading.value.rejected)
    return effect


def _decisions(
    tx: Transaction, connector: Connector, reader: Reader, file: InboundFile, file_id: int
) -> Effect:
    reading = connector.read_decisions(file)
    effect = _defects(tx, connector, file, file_id, reading.defects)
    effect.attention += decision_doubts(tx, connector.partner.code, reader, reading.value)
    submission_effects.record_decisions(
        tx, connector.partner.code, file.name, reading.value, file_id
    )
    effect.counts["decisions"] += len(reading.value)
    return effect


def _disbursements(
    tx: Transaction, connector: Connector, reader: Reader, file: InboundFile, file_id: int
) -> Effect:
    reading = connector.read_disbursements(file)
    effect = _defects(tx, connector, file, file_id, reading.defects)
    code = connector.partner.code
    done = loan_effects.record_disbursements(
        tx, code, file.name, reading.value, file_id, reader.calendar
    )
    contradicting = _defects(tx, connector, file, file_id, done.refused)
    effect.attention += contradicting.attention
    effect.counts.update(contradicting.counts)
    effect.attention += [_disputed(code, file.name, line) for line in done.disputed]
    effect.counts["loans"] += done.opened
    effect.counts["repeated_rows"] += done.repeated
    return effect


def _disputed(partner_code: str, file_name: str, line: int) -> Attention:
    return Attention(
        code="DISB_NO_APPROVAL",
        partner_code=partner_code,
        subject=f"{file_name}:{line}",
        message_en=f"{file_name}, line {line}: disbursed with no approval on record;"
        " the loan is followed as disputed.",
        message_id=f"{file_name}, baris {line}: dicairkan tanpa persetujuan di data kota;"
        " pinjaman diikuti sebagai disengketakan.",
    )


def _schedule(
    tx: Transaction, connector: Connector, reader: Reader, file: InboundFile, file_id: int
) -> Effect:
    del reader
    reading = connector.read_schedule(file)
    effect = _defects(tx, connector, file, file_id, reading.defects)
    effect.counts["schedules"] += loan_effects.record_schedules(
        tx, connector.partner.code, file.name, reading.value, file_id
    )
    return effect


def _repayments(
    tx: Transaction, connector: Connector, reader: Reader, file: InboundFile, file_id: int
) -> Effect:
    del reader
    reading = connector.read_repayments(file)
    effect = _defects(tx, connector, file, file_id, reading.defects)
    statement = reading.value
    partner_code = connector.partner.code
    statements.save_repayments(tx, partner_code, statement.period, statement.rows, file_id)
    statements.save_statement_totals(
        tx,
        partner_code,
        statement.period,
        stated_count=statement.stated_count,
        stated_net_idr=statement.stated_net_idr,
        file_id=file_id,
    )
    effect.counts["repayments"] += len(statement.rows)
    return effect


def _shares(
    tx: Transaction, connector: Connector, reader: Reader, file: InboundFile, file_id: int
) -> Effect:
    del reader
    reading = connector.read_shares(file)
    effect = _defects(tx, connector, file, file_id, reading.defects)
    statements.save_shares(tx, connector.partner.code, reading.value, file_id)
    effect.counts["shares"] += len(reading.value)
    return effect


def _positions(
    tx: Transaction, connector: Connector, reader: Reader, file: InboundFile, file_id: int
) -> Effect:
    del reader
    reading = connector.read_positions(file)
    effect = _defects(tx, connector, file, file_id, reading.defects)
    statements.save_positions(tx, connector.partner.code, reading.value, file_id)
    known = loans.list_loan_states(tx, connector.partner.code)
    for row in reading.value.rows:
        is_active = known.get(row.loan_number) is LoanState.ACTIVE
        if is_active and row.state in POSITION_STATES:
            loans.set_loan_state(
                tx, connector.partner.code, row.loan_number, POSITION_STATES[row.state]
            )
    effect.counts["positions"] += len(reading.value.rows)
    return effect


def _reports(
    tx: Transaction, connector: Connector, reader: Reader, file: InboundFile, file_id: int
) -> Effect:
    del reader
    reading = connector.read_credit_reports(file)
    effect = _defects(tx, connector, file, file_id, reading.defects)
    credit_effects.record_reports(tx, connector.partner.code, file, reading.value)
    effect.counts["credit_reports"] += len(reading.value)
    return effect


def _not_built(
    tx: Transaction, connector: Connector, reader: Reader, file: InboundFile, file_id: int
) -> Effect:
    del tx, connector, reader, file_id
    raise FileUnreadable(
        file.name,
        "claims for subsidised interest are kept, but not yet checked by this version",
        message_id="tagihan subsidi bunga disimpan, tetapi belum diperiksa oleh versi ini",
        how_en="The file stays as it is and is read after the upgrade.",
        how_id="Berkas tetap disimpan dan dibaca setelah pembaruan.",
        reason="CLAIM_NOT_SUPPORTED",
    )


def _defects(
    tx: Transaction,
    connector: Connector,
    file: InboundFile,
    file_id: int,
    defects: Sequence[RowDefect],
) -> Effect:
    """Keep the rows that could not be read; they never stop the others (``F_ROW``)."""
    effect = Effect()
    if not defects:
        return effect
    statements.save_row_defects(tx, file_id, defects)
    effect.counts["row_defects"] += len(defects)
    effect.attention += [
        Attention(
            code="F_ROW",
            partner_code=connector.partner.code,
            subject=f"{file.name}:{defect.line}",
            message_en=f"{file.name}, line {defect.line}, {defect.column}: {defect.message_en}",
            message_id=f"{file.name}, baris {defect.line}, {defect.column}: {defect.message_id}",
        )
        for defect in defects
    ]
    return effect


POSITION_STATES = {"L": LoanState.REPAID, "H": LoanState.WRITTEN_OFF}
APPLY: Mapping[FileKind, Apply] = {
    FileKind.TANDATERIMA: _acknowledgement,
    FileKind.KEPUTUSAN: _decisions,
    FileKind.PENCAIRAN: _disbursements,
    FileKind.JADWAL: _schedule,
    FileKind.ANGSURAN: _repayments,
    FileKind.RINCIAN: _shares,
    FileKind.POSISI: _positions,
    FileKind.IDEB: _reports,
    FileKind.SUBSIDI: _not_built,
}
