"""Laws about what a plugin reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from gateway.connectors import Connector
from gateway.connectors.guards import GRADES
from gateway.domain.files import OUTBOUND, FileKind, InboundFile, Reading
from gateway.domain.loans import Decision, RepaymentStatement, RepaymentType
from gateway.domain.subsidy import SubsidyClaim
from gateway.errors import PartnerFileError, PluginError, WrongAnswer
from gateway.testing.case import Case, LawBroken
from gateway.testing.samples import StrangerSample, describe, read_sample, reader_of

STRANGERS: Mapping[str, bytes] = {
    "README.txt": b"hello",
    "laporan bulanan.pdf": b"%PDF-1.7\n",
    "x": b"",
    ".tersembunyi": b"H|KEPUTUSAN\n",
    "thumbs.db": bytes(range(256)),
    "999.999999.ENTAHAPA.20260803.001.txt": b"H|ENTAHAPA|1.0|999|999999\n",
}
MOST_CUTS = 200
TOTALLED = (FileKind.ANGSURAN, FileKind.SUBSIDI)


def every_sample_is_identified(case: Case) -> None:
    """The plugin knows each of its own samples, as something the gateway reads."""
    connector = case.connect()
    for sample in case.find_samples():
        identity = connector.identify(sample.name, sample.content)
        if identity is None:
            raise LawBroken(f"{sample.name} is not identified")
        if identity.kind in OUTBOUND:
            raise LawBroken(f"{sample.name} is taken for a file that we write ourselves")


def strangers_are_not_identified(case: Case) -> None:
    """Files of nobody, and half-uploaded ones, are left for a person to look at."""
    connector = case.connect()
    halves = {f"{sample.name}.part": b"" for sample in case.find_samples()}
    for name, head in {**STRANGERS, **halves}.items():
        if _is_known(connector, name, head):
            raise LawBroken(f"a stranger called {name!r} is identified")


def samples_read_as_expected(case: Case) -> None:
    """Each sample reads as the golden answer beside it says, defects and errors included."""
    connector = case.connect()
    for sample in case.find_samples():
        if sample.expected is None:
            raise LawBroken(f"{sample.name} has no {sample.name}.expected.json beside it")
        try:
            got = describe(connector, sample.name, sample.content)
        except StrangerSample:
            continue
        except WrongAnswer as error:
            if error.reason == "WRONG_GRADE":
                continue
            raise
        if place := _first_difference(sample.expected, got, "$"):
            raise LawBroken(f"{sample.name} reads otherwise than expected at {place}")


def cut_file_is_unreadable(case: Case) -> None:
    """A file that lost its end is refused, wherever it was cut."""
    connector = case.connect()
    for sample, file, _ in case.readings():
        read = reader_of(connector, file.identity.kind)
        for place, content in _cuts(sample.content):
            try:
                read(dataclasses.replace(file, content=content))
            except PartnerFileError:
                continue
            raise LawBroken(f"{sample.name} is read although it was cut {place}")


def declines_have_reasons(case: Case) -> None:
    """A decline is worth 0 rupiah and says why; an approval is worth more."""
    declines = 0
    for sample, _, reading in case.readings((FileKind.KEPUTUSAN,)):
        decisions: tuple[Decision, ...] = reading.value
        for place, decision in enumerate(decisions, start=1):
            if decision.approved != (decision.approved_idr > 0):
                raise LawBroken(f"{sample.name}, decision {place}: yes and amount disagree")
            if not decision.approved and not decision.reason_code:
                raise LawBroken(f"{sample.name}, decision {place}: a decline without a reason")
            declines += not decision.approved
    wanted = FileKind.KEPUTUSAN in case.connect().kinds and FileKind.KEPUTUSAN not in case.reasons
    if wanted and not declines:
        raise LawBroken("no sample of KEPUTUSAN holds a decline")


def collectability_is_1_to_5_or_none(case: Case) -> None:
    """A grade is 1 to 5, and no history is ``None``, never a good grade."""
    connector = case.connect()
    for sample in case.find_samples():
        try:
            _, reading = read_sample(connector, sample.name, sample.content)
        except (PartnerFileError, StrangerSample):
            continue
        except WrongAnswer as error:
            if error.reason == "WRONG_GRADE":
                raise LawBroken(f"{sample.name}: {error.message_en}") from error
            raise
        for value in _values(reading.value):
            for name in GRADES & {field.name for field in dataclasses.fields(value)}:
                grade = getattr(value, name)
                if grade is not None and not 1 <= grade <= 5:
                    raise LawBroken(f"{sample.name}: {name} is {grade}")


def totals_are_as_stated(case: Case) -> None:
    """Control totals are the file's own: they fit its rows, and follow it when it changes."""
    connector = case.connect()
    for sample, file, reading in case.readings(TOTALLED):
        if not reading.defects:
            _compare_with_rows(sample.name, reading.value)
        before = _stated(reading.value)
        for name, amount in before.items():
            changed = _with_other_total(file, amount)
            if changed is not None and _says_the_same(connector, changed, before):
                raise LawBroken(f"{sample.name}: {name} is counted by the plugin, not copied")


def _is_known(connector: Connector, name: str, head: bytes) -> bool:
    try:
        return connector.identify(name, head) is not None
    except PluginError:
        # An answer that the guard refuses was an answer all the same.
        return True


def _compare_with_rows(name: str, value: RepaymentStatement | SubsidyClaim) -> None:
    if isinstance(value, SubsidyClaim):
        return  # Ruling 21: the trailer may round once per loan, so only the gateway can compare.
    back = sum(row.amount_idr for row in value.rows if row.type is RepaymentType.REVERSAL)
    paid = sum(row.amount_idr for row in value.rows if row.type is not RepaymentType.REVERSAL)
    rows = (len(value.rows), paid, back, paid - back)
    stated = (
        value.stated_count,
        value.stated_in_idr,
        value.stated_corrections_idr,
        value.stated_net_idr,
    )
    if rows != stated:
        raise LawBroken(f"{name}: the stated totals are not those of its rows")


def _stated(value: Any) -> dict[str, int]:
    names = [field.name for field in dataclasses.fields(value)]
    return {name: getattr(value, name) for name in names if name.startswith("stated_")}


def _with_other_total(file: InboundFile, amount: int) -> InboundFile | None:
    """The file with one figure of its end changed; ``None`` where it cannot be found."""
    if amount < 10:
        return None
    old, new = str(amount).encode(), str(amount - 1 if amount % 10 else amount + 1).encode()
    lines = file.content.splitlines(keepends=True)
    place = max((number for number, line in enumerate(lines) if old in line), default=None)
    if place is None:
        return None
    lines[place] = lines[place].replace(old, new, 1)
    return dataclasses.replace(file, content=b"".join(lines))


def _says_the_same(connector: Connector, file: InboundFile, before: Mapping[str, int]) -> bool:
    try:
        reading: Reading[Any] = reader_of(connector, file.identity.kind)(file)
    except PartnerFileError:
        return False
    return _stated(reading.value) == before


def _cuts(content: bytes) -> Iterator[tuple[str, bytes]]:
    lines = content.splitlines(keepends=True)
    step = max(1, len(lines) // MOST_CUTS)
    for kept in sorted({*range(0, len(lines), step), len(lines) - 1} - {-1}):
        yield f"after line {kept}", b"".join(lines[:kept])
    yield "in the middle", content[: len(content) // 2]


def _values(value: object) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        for one in value:
            yield from _values(one)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in dataclasses.fields(value):
            yield from _values(getattr(value, field.name))


def _first_difference(expected: Any, got: Any, place: str) -> str:
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in sorted(expected.keys() | got.keys()):
            below = _first_difference(expected.get(key), got.get(key), f"{place}.{key}")
            if below:
                return below
        return ""
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        pairs = enumerate(zip(expected, got, strict=True))
        differences = (
            _first_difference(one, two, f"{place}[{number}]") for number, (one, two) in pairs
        )
        return next((difference for difference in differences if difference), "")
    return "" if expected == got else f"{place} (expected {expected!r}, got {got!r})"
