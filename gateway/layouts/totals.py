"""Control totals: added up while rows are read, compared with the trailer afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from gateway.errors import TotalsDisagree
from gateway.layouts.layout import Layout, Total, TotalKind
from gateway.layouts.values import Value

Values = Mapping[str, Value]


def subsidy_of(values: Values) -> Fraction:
    """The exact subsidy of one SUBSIDI row: outstanding × rate × days ÷ basis, in rupiah."""
    outstanding, rate, days, basis = (
        _number(values.get(name)) for name in ("baki_debet", "rate", "hari", "basis")
    )
    return Fraction(outstanding * rate * days, 10_000 * basis) if basis else Fraction(0)


def half_up(amount: Fraction) -> int:
    """Rounded to whole rupiah, halves upwards."""
    return (amount + Fraction(1, 2)).__floor__()


@dataclass(slots=True)
class Tally:
    """One total as far as the rows were read.

    :param unknown: rows of which it could not be told what they add.
    """

    total: Total
    known: int = 0
    unknown: int = 0
    loans: dict[Value, Fraction] = field(default_factory=dict)

    def add(self, values: Values) -> None:
        """Add a row; a broken row brings only the fields that could be read."""
        for name, codes in self.total.where.items():
            if name not in values:
                self.unknown += 1
                return
            if values[name] not in codes:
                return
        if self.total.kind is TotalKind.COUNT:
            self.known += 1
        elif self.total.of in values:
            self.known += _number(values[self.total.of])
            if self.total.kind is TotalKind.SUBSIDY:
                loan = values.get("no_rekening")
                self.loans[loan] = self.loans.get(loan, Fraction(0)) + subsidy_of(values)
        else:
            self.unknown += 1

    @property
    def answers(self) -> tuple[int, ...]:
        """The figures that the trailer may state, were every row readable."""
        if self.total.kind is TotalKind.SUBSIDY:
            return self.known, sum(half_up(amount) for amount in self.loans.values())
        return (self.known,)

    def agrees(self, stated: int) -> bool:
        """Whether the rows bear the stated figure out, as far as they can be read."""
        if not self.unknown:
            return stated in self.answers
        if self.total.kind is TotalKind.COUNT:
            return self.known <= stated <= self.known + self.unknown
        return stated >= min(self.answers)


class Tallies:
    """All totals of one file."""

    def __init__(self, layout: Layout) -> None:
        # The count over every row is compared before the rows are read.
        counted = (TotalKind.COUNT, TotalKind.SUM, TotalKind.SUBSIDY)
        self.parts = [
            Tally(total=total)
            for total in layout.totals
            if total.kind in counted and not (total.kind is TotalKind.COUNT and not total.where)
        ]
        self._differences = [total for total in layout.totals if total.kind is TotalKind.MINUS]

    def add(self, values: Values) -> None:
        """Add one row to every total."""
        for part in self.parts:
            part.add(values)

    def check(self, file_name: str, line: int, trailer: Values) -> None:
        """Compare with the trailer at ``line``.

        :raises TotalsDisagree: with the figure stated and the figure counted.
        """
        for part in self.parts:
            stated = _number(trailer[part.total.name])
            if not part.agrees(stated):
                raise totals_disagree(file_name, line, part.total.name, stated, part.known)
        for total in self._differences:
            stated, counted = _number(trailer[total.name]), subtract(total, trailer)
            if stated != counted:
                raise totals_disagree(file_name, line, total.name, stated, counted)


def subtract(total: Total, trailer: Values) -> int:
    """The figure of a MINUS total, from the two trailer figures it names."""
    first, second = total.of.split("-")
    return _number(trailer[first]) - _number(trailer[second])


def totals_disagree(
    file_name: str, line: int, column: str, stated: int | str, counted: int | str
) -> TotalsDisagree:
    """F_CONTROL, with both figures."""
    return TotalsDisagree(
        file_name,
        f"the file is incomplete or altered: it states {stated}, we count {counted}. "
        "Nothing was used.",
        message_id=f"berkas tidak lengkap atau berubah: tertulis {stated}, terhitung {counted}. "
        "Belum ada isi yang dipakai.",
        line=line,
        column=column,
        how_en="Ask the partner to send a new file with right totals.",
        how_id="Minta mitra mengirim berkas baru dengan jumlah yang benar.",
        reason="F_CONTROL",
    )


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0
