"""A file before its rows mean anything: size, characters, line ends, trailer, digest, header."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.domain.files import InboundFile
from gateway.domain.partners import Partner
from gateway.errors import FileUnreadable
from gateway.layouts.layout import MAX_LINE, Field, FieldType, Layout, Style, TotalKind
from gateway.layouts.lines import FieldProblem, make_splitter, parse_fields
from gateway.layouts.names import NameParts, read_name
from gateway.layouts.totals import totals_disagree
from gateway.layouts.values import Value

_STRAYS = {"\n": re.compile(rb"\r"), "\r\n": re.compile(rb"\r(?!\n)|(?<!\r)\n")}
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A file whose frame is sound; its rows are still text.

    :param first_line: of ``rows``, from 1.
    """

    header: Mapping[str, Value]
    trailer: Mapping[str, Value]
    rows: list[str]
    first_line: int

    @property
    def trailer_line(self) -> int:
        """Where the trailer stands."""
        return self.first_line + len(self.rows)


def open_envelope(layout: Layout, partner: Partner, file: InboundFile) -> Envelope:
    """Check everything about a file but its rows.

    :raises FileUnreadable: with a reason such as ``BOM`` or ``TRAILER_MISSING``.
    :raises TotalsDisagree: the count of rows or the digest is not what the trailer states.
    """
    parts = read_name(layout, partner, file.name)
    if parts is None:
        raise unreadable(
            file.name,
            "NAME",
            f"the name does not follow {layout.name} of {partner.code}",
            f"nama tidak mengikuti {layout.name} untuk {partner.code}",
        )
    lines = _decode(layout, file)
    first = bool(layout.header) + layout.headings
    # Told apart before anything is parsed: a cut file has no trailer, whatever else is wrong.
    trailer = _read_trailer(layout, file.name, lines) if len(lines) > first else None
    if trailer is None:
        raise _no_trailer(file.name, len(lines))
    header = _read_header(layout, partner, file.name, lines[0], parts) if layout.header else {}
    if layout.headings:
        _check_headings(layout, file.name, lines[first - 1], first)
    _check_count(layout, file.name, trailer, len(lines) - first - 1, len(lines))
    _check_digest(layout, file, trailer, len(lines))
    return Envelope(header=header, trailer=trailer, rows=lines[first:-1], first_line=first + 1)


def unreadable(
    file_name: str, reason: str, en: str, id_: str, *, line: int | None = None, column: str = ""
) -> FileUnreadable:
    """A file defect, with the word for its reason."""
    return FileUnreadable(
        file_name, f"{en}.", message_id=f"{id_}.", line=line, column=column or None, reason=reason
    )


def _decode(layout: Layout, file: InboundFile) -> list[str]:
    """The lines of a file, without their ends."""
    content, name = file.content, file.name
    if not content:
        raise unreadable(name, "FILE_EMPTY", "the file is empty", "berkas kosong")
    if len(content) > layout.max_bytes:
        raise unreadable(
            name,
            "FILE_TOO_BIG",
            f"the file is larger than {layout.max_bytes} bytes",
            f"berkas lebih besar dari {layout.max_bytes} bita",
        )
    if content.startswith(_BOMS):
        raise unreadable(
            name,
            "BOM",
            "the file begins with a byte order mark (BOM), which is not allowed",
            "berkas diawali byte order mark (BOM) yang tidak diperbolehkan",
            line=1,
        )
    _check_line_ends(layout, name, content)
    _check_rows(layout, name, content)
    try:
        text = content.decode(layout.encoding)
    except UnicodeDecodeError as error:
        raise unreadable(
            name,
            "ENCODING",
            f"it holds bytes that are not {layout.encoding}",
            f"memuat bita yang bukan {layout.encoding}",
            line=content.count(b"\n", 0, error.start) + 1,
        ) from None
    lines = text.split(layout.newline)
    lines.pop()
    _check_lengths(name, lines)
    return lines


def _check_line_ends(layout: Layout, name: str, content: bytes) -> None:
    end = layout.newline.encode("ascii")
    spelled = {"\n": "LF", "\r\n": "CRLF"}[layout.newline]
    ends = content.count(end)
    strays = content.count(b"\r") - (ends if end == b"\r\n" else 0) or content.count(b"\n") - ends
    if strays:
        found = _STRAYS[layout.newline].search(content)
        stray = found.start() if found else 0
        raise unreadable(
            name,
            "LINE_ENDS",
            f"lines must end with {spelled}",
            f"baris harus diakhiri {spelled}",
            line=content.count(b"\n", 0, stray) + 1,
        )
    if not content.endswith(end):
        raise unreadable(
            name,
            "LAST_LINE_CUT",
            "the last line has no end: the file was cut",
            "baris terakhir tidak berakhir: berkas terpotong",
            line=content.count(b"\n") + 1,
        )


def _check_rows(layout: Layout, name: str, content: bytes) -> None:
    """Count lines before they are cut apart: a flood of empty ones would eat the memory."""
    others = bool(layout.header) + layout.headings + 1
    if content.count(b"\n") > layout.max_rows + others:
        raise unreadable(
            name,
            "TOO_MANY_ROWS",
            f"it has more than {layout.max_rows} rows",
            f"berisi lebih dari {layout.max_rows} baris",
        )


def _check_lengths(name: str, lines: list[str]) -> None:
    if max(map(len, lines)) > MAX_LINE:
        line = next(at for at, text in enumerate(lines, start=1) if len(text) > MAX_LINE)
        raise unreadable(
            name,
            "LINE_TOO_LONG",
            f"a line is longer than {MAX_LINE} characters",
            f"satu baris lebih panjang dari {MAX_LINE} karakter",
            line=line,
        )


def tag_of(layout: Layout, fields: tuple[Field, ...]) -> str:
    """What every line of this record begins with; empty for a record without a tag."""
    if not fields or fields[0].type is not FieldType.CONSTANT:
        return ""
    tag = fields[0]
    if layout.style is Style.FIXED:
        return tag.constant.ljust(tag.width)
    return tag.constant + layout.separator


def _no_trailer(name: str, line: int) -> FileUnreadable:
    return unreadable(
        name,
        "TRAILER_MISSING",
        "the last line is no trailer: the file was cut or is not complete",
        "baris terakhir bukan trailer: berkas terpotong atau tidak lengkap",
        line=line,
    )


def _read_trailer(layout: Layout, name: str, lines: list[str]) -> dict[str, Value] | None:
    if not lines[-1].startswith(tag_of(layout, layout.trailer)):
        return None
    return _parse_record(layout, layout.trailer, name, lines[-1], len(lines), "TRAILER")


def _parse_record(
    layout: Layout, fields: tuple[Field, ...], name: str, text: str, line: int, reason: str
) -> dict[str, Value]:
    try:
        texts = make_splitter(layout, fields)(text)
        if reason == "HEADER" and layout.style is Style.DELIMITED:
            # Ruling: positions are fixed, trailing empty fields may be left out.
            texts += [""] * (len(fields) - len(texts))
        return parse_fields(fields, texts)
    except FieldProblem as problem:
        raise unreadable(
            name, reason, problem.en, problem.id, line=line, column=problem.column
        ) from None


def _read_header(
    layout: Layout, partner: Partner, name: str, text: str, parts: NameParts
) -> dict[str, Value]:
    if not text.startswith(tag_of(layout, layout.header)):
        raise unreadable(
            name, "HEADER", "the first line is no header", "baris pertama bukan header", line=1
        )
    header = _parse_record(layout, layout.header, name, text, 1, "HEADER")
    if header.get("kode_bank", partner.bank_code) != partner.bank_code:
        raise unreadable(
            name,
            "NOT_THIS_PARTNER",
            f"the header's bank code is not {partner.bank_code}",
            f"kode bank di header bukan {partner.bank_code}",
            line=1,
            column="kode_bank",
        )
    _compare_with_name(layout, name, header, parts)
    return header


def _compare_with_name(
    layout: Layout, name: str, header: Mapping[str, Value], parts: NameParts
) -> None:
    said: dict[str, Value] = {}
    identity = parts.identity
    if identity.dated_on is not None:
        said["tanggal"] = identity.dated_on
    if identity.sequence is not None:
        said["seq"] = f"{identity.sequence:0{layout.sequence_digits}d}"
    if parts.period:
        said["periode"] = parts.period
    said["koreksi"] = "KOREKSI" if identity.version > 1 else None
    for column, value in said.items():
        if header.get(column, value) != value:
            raise unreadable(
                name,
                "HEADER_DISAGREES",
                "the file name and the header say different things",
                "nama berkas dan header tidak sama",
                line=1,
                column=column,
            )


def _check_headings(layout: Layout, name: str, text: str, line: int) -> None:
    headings = [field.heading for field in layout.detail]
    if text != layout.separator.join(headings):
        raise unreadable(
            name,
            "HEADINGS",
            f"the column headings are not the agreed {len(headings)}",
            f"judul kolom bukan {len(headings)} judul yang disepakati",
            line=line,
        )


def _check_count(
    layout: Layout, name: str, trailer: Mapping[str, Value], counted: int, line: int
) -> None:
    for total in layout.totals:
        stated = trailer.get(total.name)
        if total.kind is TotalKind.COUNT and not total.where and stated != counted:
            raise totals_disagree(name, line, total.name, _shown(stated), counted)


def _check_digest(
    layout: Layout, file: InboundFile, trailer: Mapping[str, Value], line: int
) -> None:
    end = len(layout.newline)
    start = file.content.rfind(b"\n", 0, len(file.content) - end) + 1
    for field in layout.trailer:
        if field.type is FieldType.DIGEST:
            counted = hashlib.sha256(memoryview(file.content)[:start]).hexdigest()
            if trailer[field.name] != counted:
                stated = _shown(trailer[field.name])
                raise totals_disagree(file.name, line, field.name, stated[:16], counted[:16])


def _shown(value: Value) -> str:
    return str(value)
