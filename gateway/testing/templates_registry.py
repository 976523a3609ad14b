"""A new credit registry: inquiries out and answers in, by hooks."""

from __future__ import annotations

from collections.abc import Mapping

FILES: Mapping[str, str] = {
    "$package/__init__.py": '''\
"""$title: credit inquiries out, credit reports in."""

from __future__ import annotations

from collections.abc import Sequence

from marshmallow import Schema

from gateway import hookimpl
from gateway.domain.credit import CreditInquiry, CreditReport
from gateway.domain.files import FileIdentity, InboundFile, OutboundFile
from $package.answers import identify, read
from $package.inquiries import write
from $package.settings import Settings


@hookimpl
def settings_schema() -> type[Schema]:
    """What a partner's file may set."""
    return Settings


@hookimpl
def identify_file(name: str) -> FileIdentity | None:
    """Know an answer by its name."""
    return identify(name)


@hookimpl
def render_inquiries(
    batch_reference: str, dated_on: str, inquiries: Sequence[CreditInquiry]
) -> list[OutboundFile]:
    """Write one file with all inquiries."""
    return [write(batch_reference, dated_on, inquiries)]


@hookimpl
def read_credit_reports(file: InboundFile) -> list[CreditReport]:
    """Read one file with some answers."""
    return read(file)
''',
    "$package/inquiries.py": '''\
"""The inquiry file: ``H``, one ``D`` for each person, ``T`` with the count."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.domain.credit import CreditInquiry
from gateway.domain.files import OutboundFile


def write(batch_reference: str, dated_on: str, inquiries: Sequence[CreditInquiry]) -> OutboundFile:
    """One file for all inquiries; ``batch_reference`` makes its name unique."""
    rows = [
        f"D|{number}|{one.reference}|{one.national_id}|{one.name}|{one.born_on:%Y%m%d}"
        for number, one in enumerate(inquiries, start=1)
    ]
    lines = [f"H|PERMINTAAN|{dated_on}|{batch_reference}", *rows, f"T|{len(rows)}"]
    text = "".join(f"{line}\\n" for line in lines)
    return OutboundFile(name=f"PERMINTAAN.{batch_reference}.txt", content=text.encode())
''',
    "$package/answers.py": '''\
"""The answer file: ``H``, one ``D`` for each person, ``T`` with count and SHA-256."""

from __future__ import annotations

import hashlib
import re

from gateway.domain.credit import CreditReport
from gateway.domain.files import FileIdentity, FileKind, InboundFile
from gateway.errors import FileUnreadable

NAME = re.compile(r"JAWABAN\\.[0-9]{8}\\.([0-9]{3})\\.txt")
ROW = re.compile(
    r"D\\|[0-9]{1,6}\\|(?P<reference>[A-Z0-9-]{1,30})\\|(?P<nik>[0-9]{16})\\|(?P<period>[0-9]{6})"
    r"\\|(?P<now>[1-5]?)\\|(?P<worst>[1-5]?)\\|(?P<arrears>[0-9]{1,15})"
)


def identify(name: str) -> FileIdentity | None:
    """Know an answer by its name."""
    found = NAME.fullmatch(name)
    return FileIdentity(kind=FileKind.IDEB, sequence=int(found[1])) if found else None


def read(file: InboundFile) -> list[CreditReport]:
    """Read every answer; totals first, so that a cut file yields nothing."""
    lines = _text(file).split("\\n")
    if len(lines) < 3 or lines[-1] or not lines[0].startswith("H|JAWABAN|"):
        raise _unreadable(file, 1, "the header or the last line end is missing")
    rows, trailer = lines[1:-2], lines[-2]
    body = file.content[: file.content.rindex(trailer.encode())]
    if trailer != f"T|{len(rows)}|{hashlib.sha256(body).hexdigest()}":
        raise _unreadable(file, len(lines) - 1, "the trailer does not agree with the rows")
    return [_report(file, number, row) for number, row in enumerate(rows, start=2)]


def _text(file: InboundFile) -> str:
    try:
        return file.content.decode("ascii")
    except UnicodeDecodeError:
        raise _unreadable(file, 1, "it holds other than plain characters") from None


def _report(file: InboundFile, line: int, row: str) -> CreditReport:
    found = ROW.fullmatch(row)
    if not found:
        raise _unreadable(file, line, "the row is not as agreed")
    return CreditReport(
        inquiry_reference=found["reference"],
        national_id=found["nik"],
        data_period=found["period"],
        arrears_idr=int(found["arrears"]),
        worst_now=int(found["now"]) if found["now"] else None,
        worst_24_months=int(found["worst"]) if found["worst"] else None,
    )


def _unreadable(file: InboundFile, line: int, why: str) -> FileUnreadable:
    return FileUnreadable(
        file.name, f"{why}.", message_id="berkas tidak sesuai format yang disepakati.", line=line
    )
''',
}


def _report(reference: str, national_id: str, **changes: object) -> dict[str, object]:
    plain = {
        "inquiry_reference": reference,
        "national_id": national_id,
        "data_period": "202607",
        "part": 1,
        "parts": 1,
        "request_id": "",
        "active_facilities": 0,
        "active_outstanding_idr": 0,
        "arrears_idr": 0,
        "worst_now": None,
        "worst_active": None,
        "worst_24_months": None,
        "worst_24_months_period": "",
        "days_overdue": 0,
        "written_off": False,
        "written_off_idr": 0,
        "online_loan": False,
        "online_loan_arrears_idr": 0,
        "warnings": [],
    }
    return plain | changes


SAMPLES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "JAWABAN.20260804.001.txt": (
        "H|JAWABAN|20260804|INQUIRY-000001\n"
        "D|1|HRK2600000001-1|1571991205850001|202607|2|3|125000\n"
        "D|2|HRK2600000002-1|1571995205850002|202607|||0\n"
        "T|2|",
        {
            "identity": {"kind": "IDEB", "sequence": 1, "dated_on": None, "version": 1},
            "value": [
                _report(
                    "HRK2600000001-1",
                    "1571991205850001",
                    arrears_idr=125_000,
                    worst_now=2,
                    worst_24_months=3,
                ),
                _report("HRK2600000002-1", "1571995205850002"),
            ],
            "defects": [],
        },
    ),
}
