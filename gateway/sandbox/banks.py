"""A pretend bank: reads what the city brings, lends, and reports, one tick at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from gateway.bankkit.answers import (
    Row,
    disbursement_row,
    position_row,
    receipt_row,
    repayment_row,
    schedule_row,
)
from gateway.bankkit.envelope import KitSigner
from gateway.bankkit.heads import Head
from gateway.sandbox.bankdays import is_bank_day, last_bank_day, next_period, shift, wib_day
from gateway.sandbox.book import Asked, Book, Case, Planted
from gateway.sandbox.dialects import Dialect, Submission
from gateway.sandbox.dice import Dice
from gateway.sandbox.faults import NONE, Faults
from gateway.sandbox.inbox import Inbox
from gateway.sandbox.ledger import Loan, open_loan, standing
from gateway.sandbox.lending import group_up, judge_credit, judge_papers, terms_of
from gateway.sandbox.months import play_month
from gateway.sandbox.outbox import Outbox

DECIDE_DAYS = 3
DISBURSE_DAYS = 5
KEEPS_MONEY_ASIDE = frozenset({"OVERPAID", "POSSIBLE_DUP", "NEAR_REF", "REV_ORPHAN"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BankProfile:
    """What makes one pretend bank different from another.

    :param rural: a BPR, with a BPR's days for collectability.
    :param prefix: of the bank's own references.
    :param extras: kinds beyond the usual, such as ``JADWAL`` and ``POSISI``.
    """

    code: str
    bank_code: str
    prefix: str
    rural: bool
    dialect: Dialect
    extras: frozenset[str] = frozenset()


class PretendBank:
    """One bank on its own root folder.  Call :meth:`tick` whenever simulated time has moved."""

    def __init__(
        self,
        profile: BankProfile,
        root: Path,
        *,
        folders: tuple[str, str],
        signer: KitSigner,
        city_certificates: Path,
        seed: int,
        faults: Faults = NONE,
    ) -> None:
        self.profile = profile
        self.faults = faults
        self._seed = seed
        (root / folders[1] / "selesai").mkdir(parents=True, exist_ok=True)
        (root / folders[0]).mkdir(parents=True, exist_ok=True)
        self._inbox = Inbox(root / folders[0], profile.code, profile.dialect, city_certificates)
        self.book = Book(root / "buku.json")
        self._outbox = Outbox(
            root=root,
            folder=root / folders[1],
            bank_code=profile.bank_code,
            dialect=profile.dialect,
            signer=signer,
        )

    @property
    def planted(self) -> list[Planted]:
        """Everything done wrong on purpose so far."""
        return list(self.book.planted)

    @property
    def complaints(self) -> list[tuple[str, str]]:
        """Files of the city that this bank could not use: (name, reason in English)."""
        return list(self.book.complaints)

    def tick(self, now: datetime) -> list[str]:
        """Do what is due at ``now``; gives the names of the files written."""
        if self.faults.silent:
            return []
        met = len(self.book.seen), len(self.book.faults_done)
        names = self._outbox.mend(self.book, now)
        if self.faults.unknown_file:
            self._outbox.stray(self.book)
        names += self._receive(now)
        names += [name for case in list(self.book.cases) for name in self._go_on(case, now)]
        names += self._report_months(now)
        if names or met != (len(self.book.seen), len(self.book.faults_done)):
            self.book.save()
        return names

    # Receiving ---------------------------------------------------------------------------

    def _receive(self, now: datetime) -> list[str]:
        return [
            self._acknowledge(submission, digest, now)
            for submission, digest in self._inbox.open_new(self.book)
        ]

    def _acknowledge(self, submission: Submission, digest: str, now: datetime) -> str:
        rows: list[Row] = []
        going_on = []
        for asked in group_up(submission.rows):
            code, reason = judge_papers(self._dice("receipt", asked.reference))
            rows += [
                receipt_row(reference, reason_code=code, reason=reason)
                for reference in asked.members
            ]
            if not code:
                going_on.append(asked)
        self.book.cases.append(
            Case(batch_id=submission.batch_id, received_on=wib_day(now), asked=tuple(going_on))
        )
        return self._answer("TANDATERIMA", now, rows, batch_id=submission.batch_id, extra=digest)

    # Lending -----------------------------------------------------------------------------

    def _go_on(self, case: Case, now: datetime) -> list[str]:
        today = wib_day(now)
        if not is_bank_day(today):
            return []
        if case.decided_on is None:
            due = case.received_on + timedelta(days=DECIDE_DAYS)
            return self._decide(case, now) if today >= due else []
        if case.disbursed_on is None:
            due = case.decided_on + timedelta(days=DISBURSE_DAYS)
            return self._disburse(case, now) if today >= due else []
        return []

    def _decide(self, case: Case, now: datetime) -> list[str]:
        today = wib_day(now)
        judged = [
            judge_credit(asked, today, self._dice("decision", asked.reference))
            for asked in case.asked
        ]
        granted = tuple(yes for _, yes in judged if yes)
        self._keep(case, replace(case, granted=granted, decided_on=today))
        rows = [row for row, _ in judged]
        return [self._answer("KEPUTUSAN", now, rows, batch_id=case.batch_id)]

    def _disburse(self, case: Case, now: datetime) -> list[str]:
        today = wib_day(now)
        loans = [self._open_loan(asked, case, today) for asked in case.granted]
        rows = [
            disbursement_row(
                loan.reference,
                loan.number,
                self.book.next_reference(self.profile.prefix, loan.disbursed_on),
                loan.terms,
                (loan.disbursed_on, loan.dues[0].due_on),
            )
            for loan in loans
        ]
        self._keep(case, replace(case, disbursed_on=today))
        self.book.first_period = self.book.first_period or f"{today:%Y%m}"
        names = [self._answer("PENCAIRAN", now, rows, batch_id=case.batch_id)]
        if "JADWAL" in self.profile.extras:
            schedule = [
                schedule_row(
                    loan.number, due.number, due.due_on, due.principal_idr, due.interest_idr
                )
                for loan in loans
                for due in loan.dues
            ]
            names.append(self._answer("JADWAL", now, schedule))
        return names

    def _open_loan(self, asked: Asked, case: Case, today: date) -> Loan:
        dice = self._dice("loan", asked.reference)
        number = f"{self.profile.bank_code[-3:]}{dice.digits(9)}"
        while number in self.book.loans:
            number = f"{self.profile.bank_code[-3:]}{dice.digits(9)}"
        paid_on = shift(today, -dice.roll(6))
        loan = open_loan(
            number,
            asked.reference,
            is_group=asked.is_group,
            disbursed_on=paid_on if case.decided_on and paid_on > case.decided_on else today,
            terms=terms_of(asked),
        )
        self.book.loans[number] = loan
        return loan

    def _keep(self, before: Case, after: Case) -> None:
        self.book.cases[self.book.cases.index(before)] = after

    # Reporting ---------------------------------------------------------------------------

    def _report_months(self, now: datetime) -> list[str]:
        """One file of repayments for each month that has reached its last bank day."""
        names: list[str] = []
        period = self.book.first_period
        while period and last_bank_day(period) <= wib_day(now):
            if period not in self.book.months:
                names += self._report_month(period, now)
            period = next_period(period)
        return names

    def _report_month(self, period: str, now: datetime) -> list[str]:
        until = last_bank_day(period)
        loans = [loan for loan in self.book.loans.values() if loan.disbursed_on <= until]
        played = play_month(
            loans,
            period,
            dice=self._dice("month", period),
            partner=self.profile.code,
            rural=self.profile.rural,
            next_reference=lambda day: self.book.next_reference(self.profile.prefix, day),
            kept_aside=frozenset(
                planted.loan_number
                for planted in self.book.planted
                if planted.what in KEEPS_MONEY_ASIDE
            ),
        )
        self.book.loans |= {loan.number: loan for loan in played.loans}
        self.book.planted += played.planted
        self.book.months.append(period)
        rows = [repayment_row(entry) for entry in played.entries]
        names = [self._answer("ANGSURAN", now, rows, extra=period)]
        if "POSISI" in self.profile.extras:
            names.append(self._report_positions(period, played.loans, now))
        return names

    def _report_positions(self, period: str, loans: Sequence[Loan], now: datetime) -> str:
        until = last_bank_day(period)
        rows = [
            position_row(
                loan.number,
                loan.reference,
                loan.outstanding_idr,
                standing(loan, until, rural=self.profile.rural),
            )
            for loan in loans
        ]
        new = [loan for loan in loans if loan.number not in self.book.positioned]
        self.book.positioned += [loan.number for loan in new]
        fresh = sum(loan.terms.amount_idr for loan in new)
        opening, closing = self.book.closing_idr, sum(loan.outstanding_idr for loan in loans)
        self.book.closing_idr = closing
        stated = {"saldo_awal": opening, "pencairan": fresh}
        stated["pokok_dibayar"] = opening + fresh - closing
        return self._answer("POSISI", now, rows, extra=period, stated=stated)

    # -------------------------------------------------------------------------------------

    def _answer(
        self,
        kind: str,
        now: datetime,
        rows: Sequence[Row],
        *,
        batch_id: str = "",
        extra: str = "",
        stated: dict[str, int] | None = None,
    ) -> str:
        head = Head(
            kind=kind,
            bank_code=self.profile.bank_code,
            written_at=now,
            sequence=1,
            batch_id=batch_id,
            extra=extra,
        )
        return self._outbox.answer(self.book, self.faults, head, rows, stated)

    def _dice(self, *words: str) -> Dice:
        return Dice(self._seed, self.profile.code, *words)
