"""Reading forms: XLSX, CSV and JSON lines, and refusing the ones that cannot be trusted."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from gateway.schemas import COLUMNS, FormLimits, FormProblem, FormRow, read_form, read_object
from gateway.schemas.columns import REQUIRED_COLUMNS

SITI = {
    "nik": "1571995205850003",
    "nama": "SITI CONTOH",
    "tgl_lahir": "1985-05-12",
    "jenis_kelamin": "P",
    "alamat": "JL CONTOH NO 1",
    "kelurahan": "Kenali Asam",
    "no_hp": "081234567890",
    "nama_usaha": "WARUNG CONTOH",
    "plafon_diajukan": "5000000",
    "tenor_bulan": "12",
    "tujuan": "MODAL KERJA",
}
HEADINGS = list(SITI)


def a_csv(*rows: list[str], separator: str = ",", headings: list[str] = HEADINGS) -> bytes:
    lines = (separator.join(cells) for cells in (headings, *rows))
    return "\n".join(lines).encode()


def a_sheet(*rows: list[Any], headings: list[str] = HEADINGS, name: str = "Permohonan") -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet(name)
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for row, cells in enumerate((headings, *rows)):
            for place, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(row, place, cell, day)
                elif cell is not None:
                    sheet.write(row, place, cell)
    return target.getvalue()


def refusal(name: str, content: bytes, limits: FormLimits | None = None) -> FormProblem:
    with pytest.raises(FormProblem) as caught:
        read_form(name, content, limits or FormLimits())
    problem = caught.value
    assert all((problem.message_en, problem.message_id, problem.how_en, problem.how_id))
    return problem


def siti() -> list[str]:
    return list(SITI.values())


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_csv_is_read_with_either_separator(separator: str, mark: bytes, newline: bytes) -> None:
    content = mark + a_csv(siti(), separator=separator).replace(b"\n", newline)
    assert read_form("a.CSV", content) == [FormRow(row=2, values=SITI)]


def test_rows_are_numbered_as_people_see_them() -> None:
    sheet = a_sheet(siti(), [], siti())
    assert [row.row for row in read_form("a.xlsx", sheet)] == [2, 4]
    text = a_csv(siti()) + b"\n\n" + ",".join(siti()).encode() + b"\n"
    assert [row.row for row in read_form("a.csv", text)] == [2, 4]
    line = json.dumps(SITI).encode()
    assert [row.row for row in read_form("a.jsonl", line + b"\n\n" + line)] == [1, 3]


def test_the_three_forms_say_the_same() -> None:
    line = json.dumps(SITI).encode() + b"\n"
    found = [
        read_form(name, content)[0].values
        for name, content in (
            ("a.xlsx", a_sheet(siti())),
            ("a.csv", a_csv(siti())),
            ("a.jsonl", line),
        )
    ]
    assert found == [SITI, SITI, SITI]


def test_a_quoted_csv_cell_may_hold_the_separator() -> None:
    cells = siti()
    cells[4] = '"JL CONTOH, NO ""1"""'
    assert read_form("a.csv", a_csv(cells))[0].values["alamat"] == 'JL CONTOH, NO "1"'


def test_a_sheet_keeps_dates_as_days_and_whole_numbers_as_numbers() -> None:
    cells: list[Any] = [*siti()]
    cells[0], cells[2], cells[8], cells[9] = 1571995205850003, date(1985, 5, 12), 5_000_000, 12.7
    cells[4] = datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001 - XLSX knows no zones
    values = read_form("a.xlsx", a_sheet(cells))[0].values
    assert values["nik"] == 1571995205850003
    assert values["tgl_lahir"] == date(1985, 5, 12)
    assert values["plafon_diajukan"] == 5_000_000
    assert values["tenor_bulan"] == "12.7"
    assert values["alamat"] == "2026-01-02 03:04:00"


def test_the_sheet_to_fill_is_found_by_name() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        workbook.add_worksheet("Catatan").write_string(0, 0, "bukan ini")
        workbook.add_worksheet("Permohonan").write_row(0, 0, HEADINGS)
    assert read_form("a.xlsx", target.getvalue()) == []


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_an_unknown_column_refuses_the_file_and_names_the_nearest(name: str) -> None:
    headings = ["nama_lengkap" if heading == "nama" else heading for heading in HEADINGS]
    headings[9] = "tenor_bulann"
    content = a_sheet(headings=headings) if name == "a.xlsx" else a_csv(headings=headings)
    problem = refusal(name, content)
    assert problem.reason == "UNKNOWN_COLUMN"
    assert "kolom ke-10 'tenor_bulann' (mungkin tenor_bulan)" in problem.message_id
    assert "column 2" in problem.message_en


def test_a_file_without_a_heading_line_gives_nobodys_name_away() -> None:
    problem = refusal("a.csv", ",".join(siti()).encode())
    assert problem.reason == "UNKNOWN_COLUMN"
    words = problem.text("id") + problem.text("en")
    assert not any(cell in words for cell in siti() if len(cell) > 2)


def test_missing_columns_are_all_named() -> None:
    problem = refusal("a.csv", b"nik;nama\n")
    assert problem.reason == "MISSING_COLUMN"
    assert all(name in problem.message_id for name in REQUIRED_COLUMNS[2:])


@pytest.mark.parametrize(("name", "content"), [("a.csv", b""), ("a.xlsx", a_sheet(headings=[]))])
def test_an_empty_form_lacks_its_columns(name: str, content: bytes) -> None:
    assert refusal(name, content).reason == "MISSING_COLUMN"


def test_the_headings_stand_in_the_first_line_of_a_sheet() -> None:
    content = a_sheet(HEADINGS, siti(), headings=[])
    assert refusal("a.xlsx", content).reason == "MISSING_COLUMN"


def test_a_column_twice_refuses_the_file() -> None:
    problem = refusal("a.csv", a_csv(headings=[*HEADINGS, "NIK"]))
    assert problem.reason == "DUPLICATE_COLUMN"
    assert "nik" in problem.message_en


def test_headings_may_be_in_capitals_and_in_any_order() -> None:
    headings = [heading.upper() for heading in reversed(HEADINGS)]
    rows = read_form("a.csv", a_csv(siti()[::-1], headings=headings))
    assert rows[0].values == SITI


@pytest.mark.parametrize("change", [lambda cells: cells[:-1], lambda cells: [*cells, "lebih"]])
def test_a_shifted_row_is_refused_alone(change: Any) -> None:
    first, second = read_form("a.csv", a_csv(change(siti()), siti()))
    assert [error.code for error in first.errors] == ["ROW_SHAPE"]
    assert second.errors == ()


def test_empty_surplus_cells_do_no_harm() -> None:
    assert read_form("a.csv", a_csv([*siti(), "", ""]))[0].errors == ()
    assert read_form("a.xlsx", a_sheet(siti()[:-1]))[0].errors == ()


@pytest.mark.parametrize(
    "content", [b"\xff\xfe" + "nik".encode("utf-16-le"), b"nik,nama\xe9", b"nik\x80"]
)
def test_only_utf_8_is_text(content: bytes) -> None:
    assert refusal("a.csv", content).reason == "ENCODING"
    assert refusal("a.jsonl", content).reason == "ENCODING"


def test_quotes_that_do_not_match_refuse_the_file() -> None:
    assert refusal("a.csv", a_csv() + b'\n"' + siti()[0].encode()).reason == "CSV_BROKEN"
    assert refusal("a.csv", a_csv() + b'\n"x"y,\n').reason == "CSV_BROKEN"
    assert refusal("a.csv", a_csv() + b"\n" + b"x" * 200_000).reason == "CSV_BROKEN"


@pytest.mark.parametrize(
    "line",
    [
        b'{"nik":"1","nik":"2"}',
        b'{"omzet_bulanan":NaN}',
        b'{"omzet_bulanan":Infinity}',
        b'{"nik":"1"',
        b"[1]",
        b"'x'",
        b'{"nik":"a\tb"}',
        b'{"alamat":' + b"[" * 100_000,
    ],
)
def test_a_broken_json_line_is_refused_alone(line: bytes) -> None:
    first, second = read_form("a.jsonl", line + b"\n" + json.dumps(SITI).encode())
    assert [(error.row, error.code) for error in first.errors] == [(1, "BAD_JSON")]
    assert second.values == SITI


def test_a_json_value_is_text_or_a_whole_number() -> None:
    item = {"nik": None, "nama": True, "alamat": ["x"], "tenor_bulan": 12}
    row = read_object(1, item)
    assert row.values == {"tenor_bulan": 12}
    assert [(error.column, error.code) for error in row.errors] == [
        ("nama", "NOT_TEXT"),
        ("alamat", "NOT_TEXT"),
    ]
    line = b'{"plafon_diajukan":5e6,"omzet_bulanan":1' + b"0" * 5000 + b',"rt":5.0}'
    values = read_form("a.jsonl", line)[0].values
    assert (values["plafon_diajukan"], values["rt"]) == ("5e6", "5.0")


def test_an_unknown_json_key_refuses_its_line_alone_and_names_the_nearest() -> None:
    rows = read_form("f.jsonl", b'{"nikk": "1", "nama": "A"}\n{"nama": "B"}\n')
    assert [[(e.column, e.code) for e in row.errors] for row in rows] == [
        [("nik", "UNKNOWN_COLUMN")],
        [],
    ]
    assert "nik" in rows[0].errors[0].how_id
    assert "nikk" not in rows[0].errors[0].message_en


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0"),
        ("a.ods", b"PK\x03\x04"),
        ("a", b""),
        ("a.csv", b"PK\x03\x04"),
        ("a.xlsx", b"nik,nama"),
    ],
)
def test_a_file_of_another_kind_is_refused(name: str, content: bytes) -> None:
    assert refusal(name, content).reason == "FORM_TYPE"


def test_limits_are_named() -> None:
    two = [siti(), siti()]
    one_row = FormLimits(max_rows=1)
    lines = (json.dumps(SITI) + "\n").encode() * 2
    for name, content in (
        ("a.csv", a_csv(*two)),
        ("a.xlsx", a_sheet(*two)),
        ("a.jsonl", lines),
    ):
        assert refusal(name, content, one_row).reason == "TOO_MANY_ROWS"
        assert len(read_form(name, content, FormLimits(max_rows=2))) == 2
        assert refusal(name, content, FormLimits(max_bytes=10)).reason == "FORM_TOO_LARGE"


def with_part(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.namelist():
            text = before.read(part)
            after.writestr(part, text.replace(old, new, 1) if part == name else text)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "far", [b"XFD2", b"A1048576", b"xfd2", b"CA2", b"A00001048576", b"A999999"]
)
def test_a_cell_far_outside_is_refused_before_it_fills_the_memory(far: bytes) -> None:
    hostile = with_part(a_sheet(siti()), SHEET, b'r="A2"', b"r='" + far + b"'")
    assert hostile != a_sheet(siti())
    assert refusal("a.xlsx", hostile).reason in {"FORM_TOO_LARGE", "TOO_MANY_ROWS"}


def test_a_zip_bomb_is_refused() -> None:
    bomb = with_part(a_sheet(siti()), SHEET, b"</worksheet>", b" " * 20_000_000 + b"</worksheet>")
    assert len(bomb) < 100_000
    limits = FormLimits(max_unpacked_bytes=10_000_000)
    assert refusal("a.xlsx", bomb, limits).reason == "FORM_TOO_LARGE"


def test_a_workbook_of_a_thousand_parts_is_refused() -> None:
    target = io.BytesIO(a_sheet(siti()))
    with zipfile.ZipFile(target, "a") as archive:
        for number in range(1_001):
            archive.writestr(f"x{number}", b"")
    assert refusal("a.xlsx", target.getvalue()).reason == "FORM_TOO_LARGE"


@pytest.mark.parametrize("kept", [10, 500, 3_000])
def test_a_cut_workbook_is_unreadable(kept: int) -> None:
    assert refusal("a.xlsx", a_sheet(siti())[:kept]).reason == "XLSX_UNREADABLE"


def test_a_workbook_with_broken_bytes_is_refused_whatever_breaks() -> None:
    whole = a_sheet(siti(), siti())
    for place in range(0, len(whole), 41):
        broken = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        with suppress(FormProblem):
            read_form("a.xlsx", broken)


def test_a_workbook_that_is_no_workbook_is_unreadable() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("halo.txt", "halo")
    assert refusal("a.xlsx", target.getvalue()).reason == "XLSX_UNREADABLE"


def test_a_formula_that_fails_is_not_taken_for_an_empty_cell() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_formula(1, 0, "=VLOOKUP(1,A:A,1,0)", None, "#N/A")
    assert refusal("a.xlsx", target.getvalue()).reason == "CELL_ERROR"


def test_every_column_of_the_agreed_form_is_there() -> None:
    agreed = (
        "nik, nama, tgl_lahir, jenis_kelamin, alamat, rt, kelurahan, no_hp, nib, npwp, kbli,"
        " nama_usaha, mulai_usaha, omzet_bulanan, plafon_diajukan, tenor_bulan, tujuan, bank,"
        " persetujuan_slik_tgl, persetujuan_slik_bukti, ref_kelompok, peran_kelompok,"
        " nama_kelompok, sumber_ref"
    )
    assert ", ".join(column.name for column in COLUMNS) == agreed
    assert set(REQUIRED_COLUMNS) == set(SITI)
