"""What can be wrong with an application form or one of its rows, in both languages.

A problem of one row refuses that row; a :class:`FormProblem` refuses the whole file.  Neither
repeats what stood in a cell.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.domain.identity import Problem
from gateway.errors import RuleError


class FormProblem(RuleError):
    """The whole form is refused; ``reason`` is the finer code, such as ``UNKNOWN_COLUMN``."""

    code = "form_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """One problem with one cell; ``row`` is the line as people see it (heading 1)."""

    row: int
    column: str
    code: str
    message_id: str
    message_en: str
    how_id: str
    how_en: str


def row_error(row: int, column: str, problem: Problem) -> RowError:
    """Put a problem where it was found."""
    return RowError(
        row=row,
        column=column,
        code=problem.code,
        message_id=problem.message_id,
        message_en=problem.message_en,
        how_id=problem.how_id,
        how_en=problem.how_en,
    )


def _problem(code: str, id_en: tuple[str, str], how: tuple[str, str]) -> Problem:
    return Problem(
        code=code, message_id=id_en[0], message_en=id_en[1], how_id=how[0], how_en=how[1]
    )


REQUIRED = _problem(
    "REQUIRED",
    ("Kolom ini wajib diisi.", "This column must be filled in."),
    ("Isi kolom ini.", "Fill it in."),
)
UNKNOWN_COLUMN = _problem(
    "UNKNOWN_COLUMN",
    ("Kolom ini tidak dikenal.", "This column is unknown."),
    ("Pakai nama kolom dari formulir resmi.", "Use the column names of the official form."),
)
NOT_TEXT = _problem(
    "NOT_TEXT",
    ("Isi kolom ini harus teks.", "This column must hold text."),
    ("Tulis sebagai teks biasa.", "Write it as plain text."),
)
NIK_AS_NUMBER = _problem(
    "NIK_AS_NUMBER",
    (
        "NIK tersimpan sebagai angka, padahal Excel hanya menyimpan 15 angka: angka terakhir"
        " dapat rusak.",
        "The NIK was stored as a number, and Excel keeps only 15 digits: the last may be wrong.",
    ),
    (
        "Ubah format kolom nik menjadi Text, lalu ketik ulang NIK dari KTP.",
        "Format the column nik as Text, then type the NIK again from the KTP.",
    ),
)
CELL_AS_NUMBER = _problem(
    "CELL_AS_NUMBER",
    (
        "Nomor tersimpan sebagai angka, sehingga angka 0 di depan hilang.",
        "The number was stored as a figure, which drops leading zeros.",
    ),
    (
        "Ubah format kolom ini menjadi Text, lalu ketik ulang.",
        "Format this column as Text, then type it again.",
    ),
)
CELL_TOO_LONG = _problem(
    "CELL_TOO_LONG",
    ("Isi kolom ini terlalu panjang.", "This cell is too long."),
    ("Ringkas isinya.", "Shorten it."),
)
CONTROL_CHARACTER = _problem(
    "CONTROL_CHARACTER",
    (
        "Ada karakter yang tidak terlihat (baris baru, tab, atau sejenisnya).",
        "There is an invisible character (line break, tab or the like).",
    ),
    ("Ketik ulang dalam satu baris.", "Type it again in one line."),
)
PIPE = _problem(
    "PIPE",
    ("Karakter | tidak boleh dipakai.", "The character | is not allowed."),
    ("Hapus atau ganti karakter itu.", "Remove or replace it."),
)
NO_LETTER = _problem(
    "NO_LETTER",
    ("Isi kolom ini tidak memuat huruf.", "This cell holds no letter."),
    ("Periksa apakah kolom tertukar.", "See whether columns were swapped."),
)
MONEY_FORMAT = _problem(
    "MONEY_FORMAT",
    ("Jumlah uang tidak terbaca.", "The amount of money cannot be read."),
    (
        "Tulis 5000000 atau Rp5.000.000, tanpa koma, spasi atau sen.",
        "Write 5000000 or Rp5.000.000, without commas, blanks or cents.",
    ),
)
INTEGER_FORMAT = _problem(
    "INTEGER_FORMAT",
    ("Isi kolom ini harus bilangan bulat.", "This column must hold a whole number."),
    ("Tulis angka saja, misalnya 12.", "Write digits only, such as 12."),
)
RT_FORMAT = _problem(
    "RT_FORMAT",
    ("RT harus 1 sampai 3 angka.", "RT has 1 to 3 digits."),
    ("Tulis misalnya 005.", "Write for example 005."),
)
DATE_FORMAT = _problem(
    "DATE_FORMAT",
    ("Tanggal tidak terbaca.", "The date cannot be read."),
    ("Tulis tahun-bulan-tanggal, misalnya 1985-05-12.", "Write year-month-day: 1985-05-12."),
)
DATE_IMPOSSIBLE = _problem(
    "DATE_IMPOSSIBLE",
    ("Tanggal itu tidak ada di kalender.", "There is no such day in the calendar."),
    ("Periksa tanggal dan bulannya.", "Look at day and month again."),
)
DATE_AS_NUMBER = _problem(
    "DATE_AS_NUMBER",
    ("Tanggal tersimpan sebagai angka.", "The date was stored as a figure."),
    (
        "Beri format tanggal pada sel itu, atau tulis 1985-05-12.",
        "Give the cell a date format, or write 1985-05-12.",
    ),
)
SEX_CODE = _problem(
    "SEX_CODE",
    ("Jenis kelamin harus L atau P.", "The sex must be L or P."),
    ("Tulis L (laki-laki) atau P (perempuan).", "Write L (male) or P (female)."),
)
ROLE_CODE = _problem(
    "ROLE_CODE",
    ("Peran harus ketua atau anggota.", "The role must be ketua or anggota."),
    ("Tulis ketua atau anggota.", "Write ketua (leader) or anggota (member)."),
)
REFERENCE_FORMAT = _problem(
    "REFERENCE_FORMAT",
    (
        "Rujukan hanya boleh huruf, angka dan tanda baca biasa tanpa spasi.",
        "A reference holds only plain letters, digits and marks, without blanks.",
    ),
    ("Tulis misalnya KLP-01.", "Write for example KLP-01."),
)
BORN_IN_FUTURE = _problem(
    "BORN_IN_FUTURE",
    ("Tanggal lahir belum terjadi.", "The date of birth lies in the future."),
    ("Cocokkan dengan KTP.", "Compare with the KTP."),
)
TOO_YOUNG = _problem(
    "TOO_YOUNG",
    ("Pemohon belum berumur 17 tahun.", "The applicant is not yet 17 years old."),
    ("Cocokkan tanggal lahir dengan KTP.", "Compare the date of birth with the KTP."),
)
DATE_IN_FUTURE = _problem(
    "DATE_IN_FUTURE",
    ("Tanggal ini belum terjadi.", "This day lies in the future."),
    ("Periksa tahunnya.", "Look at the year again."),
)
GROUP_NOT_EXPECTED = _problem(
    "GROUP_NOT_EXPECTED",
    (
        "Program ini untuk perorangan; kolom kelompok harus kosong.",
        "This programme is for individuals; the group columns must be empty.",
    ),
    (
        "Kosongkan kolom ini, atau ajukan melalui program kelompok.",
        "Leave it empty, or apply under a programme for groups.",
    ),
)
ROW_SHAPE = _problem(
    "ROW_SHAPE",
    (
        "Jumlah sel pada baris ini tidak sama dengan baris judul.",
        "This row does not have as many cells as the heading line.",
    ),
    (
        "Periksa pemisah kolom dan tanda petik pada baris ini.",
        "Look at the separators and quotes of this row.",
    ),
)
BAD_JSON = _problem(
    "BAD_JSON",
    (
        "Baris ini bukan satu objek JSON yang benar.",
        "This line is not one correct JSON object.",
    ),
    (
        "Tulis satu objek per baris, tanpa kunci ganda dan tanpa NaN.",
        "Write one object a line, without repeated keys and without NaN.",
    ),
)
