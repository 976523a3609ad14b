"""A teller's desk: money booked on loans, the rows written of it, the defects remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from gateway.bankkit.answers import Entry
from gateway.sandbox.book import Planted
from gateway.sandbox.ledger import PAID, Due, Loan, post, standing

GROUP_CODES = {"MISSING": "GROUP_SHORT", "PARTIAL": "GROUP_SHORT", "OVERPAID": "GROUP_OVER"}


class Desk:
    """The teller's desk for one month: loans as they stand now, rows and defects so far."""

    def __init__(
        self,
        *,
        loans: Sequence[Loan],
        period: str,
        until: date,
        partner: str,
        rural: bool,
        next_reference: Callable[[date], str],
    ) -> None:
        self.loans = {loan.number: loan for loan in loans}
        self.period = period
        self.until = until
        self.partner = partner
        self.next_reference = next_reference
        self.entries: list[Entry] = []
        self.planted: list[Planted] = []
        self._rural = rural

    @property
    def label(self) -> str:
        """The period as the city writes it, ``yyyy-mm``."""
        return f"{self.period[:4]}-{self.period[4:]}"

    def plant(
        self, what: str, loan: Loan, instalment: int | None, *, ref: str = "", amount_idr: int = 0
    ) -> None:
        """Remember a defect with the code under which it should be found."""
        code = GROUP_CODES.get(what, what) if loan.is_group else what
        self.planted.append(
            Planted(
                partner=self.partner,
                period=self.label,
                what=what,
                code="" if what == "PAYOFF" else code,
                loan_reference=loan.reference,
                loan_number=loan.number,
                instalment=instalment,
                bank_ref=ref,
                amount_idr=amount_idr,
            )
        )

    def pay(self, loan: Loan, due: Due, day: date, amount_idr: int = 0) -> Entry:
        """Book money on one instalment (all that is open, if no sum is given) and write its row."""
        amount_idr = amount_idr or due.open_idr
        mark = PAID if amount_idr >= due.open_idr else "PARTIAL"
        after, principal, interest = post(loan, due.number, amount_idr, mark)
        self.loans[loan.number] = after
        quality, days, _, _ = standing(after, day, rural=self._rural)
        return self.write(
            Entry(
                ref_bank=self.next_reference(day),
                booked_on=day,
                value_on=day,
                loan_number=loan.number,
                reference=loan.reference,
                instalment=due.number,
                amount_idr=amount_idr,
                principal_idr=principal,
                interest_idr=interest,
                penalty_idr=0,
                outstanding_idr=after.outstanding_idr,
                collectability=quality,
                days_overdue=days,
                note=f"ANGSURAN KE-{due.number}",
            )
        )

    def write(self, entry: Entry) -> Entry:
        """Add a row to the file."""
        self.entries.append(entry)
        return entry

    def amend(self, entry: Entry, **changes: object) -> Entry:
        """Write the last row otherwise than it was booked."""
        self.entries[-1] = replace(entry, **changes)  # type: ignore[arg-type]  # names of Entry
        return self.entries[-1]

    def miss(self, loan: Loan, due: Due, mark: str = "MISSING") -> None:
        """Nothing comes for this instalment."""
        self.loans[loan.number] = loan.with_due(replace(due, mark=mark))
        self.plant("MISSING", loan, due.number, amount_idr=due.open_idr)
