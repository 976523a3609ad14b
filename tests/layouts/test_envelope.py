"""Everything that makes a whole file unreadable, each by its reason."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

import pytest

from gateway.domain.files import FileKind, InboundFile
from gateway.errors import FileUnreadable, PartnerFileError, TotalsDisagree
from gateway.layouts import Layout, Records, Row, read_records
from gateway.layouts.layout import MAX_LINE

if TYPE_CHECKING:
    from tests.layouts.conftest import StandardBank

KIND = FileKind.RINCIAN
ROWS = ["B1|R1|700|600|100", "B1|R2|300||"]


def a_file(bank: StandardBank, **changes: str) -> InboundFile:
    return bank.file(KIND, ROWS, "1000", **changes)


def read(bank: StandardBank, file: InboundFile, **changes: object) -> Records[Row]:
    layout: Layout = dataclasses.replace(bank.layout(KIND), **changes)  # type: ignore[arg-type]  # any of its fields
    return read_records(layout, file, bank.partner)


def refusal(bank: StandardBank, file: InboundFile, **changes: object) -> PartnerFileError:
    with pytest.raises(PartnerFileError) as caught:
        read(bank, file, **changes)
    assert caught.value.message_id
    assert caught.value.how_id
    assert caught.value.how_en
    return caught.value


def reason(bank: StandardBank, file: InboundFile, **changes: object) -> tuple[str, int | None]:
    error = refusal(bank, file, **changes)
    return error.reason, error.line


def changed(bank: StandardBank, content: bytes) -> InboundFile:
    return bank.named(KIND, content, a_file(bank).name)


def resealed(bank: StandardBank, content: bytes) -> InboundFile:
    """The same file with a right digest, so that something else must be found."""
    body, last = content[: content.rfind(b"\nT|") + 1], content[content.rfind(b"\nT|") + 1 :]
    figures = last.rsplit(b"|", 1)[0]
    return changed(bank, body + figures + b"|" + hashlib.sha256(body).hexdigest().encode() + b"\n")


def test_a_sound_file_is_read(bank: StandardBank) -> None:
    records = read(bank, a_file(bank))
    assert [row.line for row in records.rows] == [2, 3]
    assert records.rows[1].values["pokok"] is None
    assert records.trailer["total"] == 1000
    assert not records.defects


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ("FILE_EMPTY", None)),
        (b"\n", ("TRAILER_MISSING", 1)),
        (b"\n\n\n", ("TRAILER_MISSING", 3)),
        (b"T|0|0|x\n", ("TRAILER_MISSING", 1)),
        (b"\xff\xfeH\x00", ("BOM", 1)),
        (b"PK\x03\x04\x00\x00", ("LAST_LINE_CUT", 1)),
        (b"\x00" * 100 + b"\n", ("TRAILER_MISSING", 1)),
    ],
)
def test_what_is_no_file_of_ours_has_a_named_reason(
    bank: StandardBank, content: bytes, expected: tuple[str, int | None]
) -> None:
    assert reason(bank, changed(bank, content)) == expected


def test_a_byte_order_mark_is_refused_by_name(bank: StandardBank) -> None:
    file = changed(bank, b"\xef\xbb\xbf" + a_file(bank).content)
    error = refusal(bank, file)
    assert error.reason == "BOM"
    assert "byte order mark" in error.message_id


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [(b"\n", b"\r\n", 1), (b"\nD|2", b"\r\nD|2", 2), (b"R2", b"R\r2", 3)],
)
def test_a_carriage_return_is_refused_where_lines_end_with_lf(
    bank: StandardBank, old: bytes, new: bytes, line: int
) -> None:
    file = changed(bank, a_file(bank).content.replace(old, new))
    assert reason(bank, file) == ("LINE_ENDS", line)


@pytest.mark.parametrize(("old", "line"), [(b"\r\nD|2", 2), (b"R2", 3), (b"B1|R1", 2)])
def test_a_stray_line_feed_or_carriage_return_is_refused_where_lines_end_with_crlf(
    bank: StandardBank, old: bytes, line: int
) -> None:
    sound = a_file(bank).content.replace(b"\n", b"\r\n")
    new = old.replace(b"\r\n", b"\n") if b"\r\n" in old else old.replace(b"R", b"R\r")
    file = changed(bank, sound.replace(old, new))
    assert reason(bank, file, newline="\r\n") == ("LINE_ENDS", line)


def test_bytes_that_are_not_utf_8_are_found_with_their_line(bank: StandardBank) -> None:
    file = changed(bank, a_file(bank).content.replace(b"R2", b"R\xff"))
    assert reason(bank, file) == ("ENCODING", 3)


def test_a_file_cut_after_any_line_is_unreadable(bank: StandardBank) -> None:
    lines = a_file(bank).content.splitlines(keepends=True)
    for count in range(len(lines)):
        with pytest.raises(FileUnreadable):
            read(bank, changed(bank, b"".join(lines[:count])))


def test_a_file_cut_at_any_byte_is_unreadable(bank: StandardBank) -> None:
    content = a_file(bank).content
    for length in range(len(content)):
        with pytest.raises(FileUnreadable):
            read(bank, changed(bank, content[:length]))


def test_bytes_after_the_trailer_are_refused(bank: StandardBank) -> None:
    content = a_file(bank).content
    trailer = content.splitlines(keepends=True)[-1]
    assert reason(bank, changed(bank, content + b"\n"))[0] == "TRAILER_MISSING"
    assert reason(bank, changed(bank, content + b"x"))[0] == "LAST_LINE_CUT"
    assert reason(bank, changed(bank, content + trailer))[0] in {"F_CONTROL", "RECORD_REPEATED"}


def test_a_second_trailer_or_header_among_the_rows_is_refused(bank: StandardBank) -> None:
    lines = a_file(bank).content.splitlines()
    for extra in (lines[-1], lines[0]):
        content = b"\n".join([*lines[:2], extra, *lines[2:]]) + b"\n"
        body = content[: content.rfind(b"\nT|") + 1]
        digest = hashlib.sha256(body).hexdigest().encode()
        file = changed(bank, body + b"T|3|1000|" + digest + b"\n")
        assert reason(bank, file) == ("RECORD_REPEATED", 3)


@pytest.mark.parametrize("row", ["X|2|B1|R2|300||", "", "d|2|B1|R2|300||", " D|2|B1|R2|300||"])
def test_a_line_that_is_no_row_is_refused(bank: StandardBank, row: str) -> None:
    lines = a_file(bank).content.decode().splitlines()[:2]
    file = bank.seal(KIND, [*lines, row], "T|2|1000")
    assert reason(bank, file) == ("RECORD_UNKNOWN", 3)


@pytest.mark.parametrize(
    ("old", "new", "why", "column"),
    [
        (b"H|RINCIAN|", b"X|RINCIAN|", "HEADER", None),
        (b"H|RINCIAN|", b"H|ANGSURAN|", "HEADER", "jenis_berkas"),
        (b"|1.0|", b"|2.0|", "HEADER", "versi"),
        (b"|115|", b"|116|", "NOT_THIS_PARTNER", "kode_bank"),
        (b"|157100|", b"|157101|", "HEADER", "kode_wilayah"),
        (b"|20261030|", b"|20261031|", "HEADER_DISAGREES", "tanggal"),
        (b"|20261030|", b"|20261330|", "HEADER", "tanggal"),
        (b"|001|", b"|002|", "HEADER_DISAGREES", "seq"),
        (b"|001|", b"|1|", "HEADER_DISAGREES", "seq"),
        (b"|IDR|", b"|USD|", "HEADER", "valuta"),
        (b"20261030173000", b"20261030250000", "HEADER", "dibuat"),
        (b"173000\n", b"173000|||KOREKSI\n", "HEADER_DISAGREES", "koreksi"),
        (b"173000\n", b"173000|||koreksi\n", "HEADER", "koreksi"),
        (b"173000\n", b"173000||x\n", "HEADER", "kosong"),
        (b"173000\n", b"173000||||\n", "HEADER", None),
    ],
)
def test_a_wrong_header_is_a_file_defect(
    bank: StandardBank, old: bytes, new: bytes, why: str, column: str | None
) -> None:
    error = refusal(bank, resealed(bank, a_file(bank).content.replace(old, new, 1)))
    assert (error.reason, error.line, error.column) == (why, 1, column)


def test_empty_header_fields_at_the_end_may_stand_or_be_left_out(bank: StandardBank) -> None:
    for more in ("", "|", "||", "|||"):
        assert len(read(bank, a_file(bank, more=more)).rows) == 2


def test_a_correction_says_so_in_its_name_and_in_its_header(bank: StandardBank) -> None:
    name = "115.157100.RINCIAN.20261030.001.v2.txt"
    assert read(bank, a_file(bank, more="|||KOREKSI", name=name)).header["koreksi"] == "KOREKSI"
    assert refusal(bank, a_file(bank, name=name)).reason == "HEADER_DISAGREES"


def test_a_name_of_another_shape_is_refused(bank: StandardBank) -> None:
    assert reason(bank, a_file(bank, name="angsuran.txt"))[0] == "NAME"


@pytest.mark.parametrize(
    ("trailer", "column"),
    [("T|3|1000", "jumlah"), ("T|1|1000", "jumlah"), ("T|2|1001", "total"), ("T|2|0", "total")],
)
def test_a_total_that_the_rows_do_not_bear_out_says_both_figures(
    bank: StandardBank, trailer: str, column: str
) -> None:
    lines = a_file(bank).content.decode().splitlines()[:-1]
    error = refusal(bank, bank.seal(KIND, lines, trailer))
    assert isinstance(error, TotalsDisagree)
    assert (error.reason, error.line, error.column) == ("F_CONTROL", 4, column)
    stated, counted = (
        trailer.split("|")[1 if column == "jumlah" else 2],
        {"jumlah": 2}.get(column, 1000),
    )
    assert f"states {stated}, we count {counted}" in error.message_en
    assert f"tertulis {stated}, terhitung {counted}" in error.message_id


@pytest.mark.parametrize("trailer", ["T|02|1000", "T|2|1.000", "T|2|-1000", "T|2", "T|2|1000|0"])
def test_a_trailer_that_is_no_trailer_is_refused(bank: StandardBank, trailer: str) -> None:
    lines = a_file(bank).content.decode().splitlines()[:-1]
    assert reason(bank, bank.seal(KIND, lines, trailer)) == ("TRAILER", 4)


def test_exchanged_amounts_are_found_by_the_digest(bank: StandardBank) -> None:
    content = a_file(bank).content
    swapped = content.replace(b"R1|700|600|100", b"R1|300||").replace(b"R2|300||", b"R2|700||")
    error = refusal(bank, changed(bank, swapped))
    assert (error.reason, error.column) == ("F_CONTROL", "sha256")


def test_a_digest_in_capitals_is_refused(bank: StandardBank) -> None:
    content = a_file(bank).content
    digest = content[-65:-1]
    assert reason(bank, changed(bank, content.replace(digest, digest.upper())))[0] == "TRAILER"


def test_numbers_of_rows_that_skip_or_repeat_are_refused(bank: StandardBank) -> None:
    lines = a_file(bank).content.decode().splitlines()[:-1]
    for wrong in ("D|1|", "D|3|"):
        file = bank.seal(KIND, [*lines[:2], lines[2].replace("D|2|", wrong)], "T|2|1000")
        error = refusal(bank, file)
        assert (error.reason, error.line, error.column) == ("F_CONTROL", 3, "urut")


def test_limits_hold_at_the_limit_and_refuse_beyond_it(bank: StandardBank) -> None:
    file = a_file(bank)
    size = len(file.content)
    assert read(bank, file, max_bytes=size).rows
    assert reason(bank, file, max_bytes=size - 1)[0] == "FILE_TOO_BIG"
    assert read(bank, file, max_rows=2).rows
    assert reason(bank, file, max_rows=1)[0] == "TOO_MANY_ROWS"


def test_a_line_may_be_64_kib_long_and_not_longer(bank: StandardBank) -> None:
    for extra, expected in ((0, None), (1, ("LINE_TOO_LONG", 2))):
        rest = len("D|1|R|T|||")
        row = "R|T||" + "9" * (MAX_LINE - rest + extra) + "|"
        file = bank.file(KIND, [row], "0")
        if expected:
            assert reason(bank, file) == expected
        else:
            assert read(bank, file).defects[0].line == 2


def test_no_message_quotes_what_the_file_holds(bank: StandardBank) -> None:
    secret = "1571990101990003"
    for content in (
        a_file(bank).content.replace(b"H|RINCIAN", b"H|" + secret.encode()),
        a_file(bank).content.replace(b"T|2|", b"T|" + secret.encode() + b"9|"),
        a_file(bank).content.replace(b"|157100|", b"|" + secret.encode() + b"|"),
    ):
        error = refusal(bank, changed(bank, content))
        assert secret not in error.text("id") + error.text("en")
    records = read(bank, bank.file(KIND, [f"B1|R1|{secret}x||"], "0"))
    assert secret not in records.defects[0].message_en + records.defects[0].message_id
