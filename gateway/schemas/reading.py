"""Which reader a form needs, told from its name and its first bytes."""

from __future__ import annotations

from gateway.schemas.csvforms import read_csv
from gateway.schemas.forms import FormLimits, FormRow
from gateway.schemas.jsonforms import read_json_lines
from gateway.schemas.problems import FormProblem
from gateway.schemas.sheets import read_sheet

ZIP_MAGIC = b"PK\x03\x04"
READERS = {
    ".xlsx": read_sheet,
    ".csv": read_csv,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json_lines,
}
NO_LIMITS_GIVEN = FormLimits()


def read_form(name: str, content: bytes, limits: FormLimits = NO_LIMITS_GIVEN) -> list[FormRow]:
    """Read all rows of a form: XLSX, CSV or JSON lines.

    :raises FormProblem: the file as a whole is refused; no row of it is given.
    """
    if len(content) > limits.max_bytes:
        raise FormProblem(
            f"The file is larger than {limits.max_bytes} bytes.",
            message_id=f"Berkas lebih besar dari {limits.max_bytes} bita.",
            how_en="Split it into several files.",
            how_id="Bagi menjadi beberapa berkas.",
            reason="FORM_TOO_LARGE",
        )
    extension = "." + name.rpartition(".")[2].lower()
    reader = READERS.get(extension)
    if reader is None or content.startswith(ZIP_MAGIC) != (reader is read_sheet):
        raise FormProblem(
            "The file is no XLSX, CSV or JSON lines form, or its name says otherwise.",
            message_id="Berkas bukan formulir XLSX, CSV atau JSON lines, atau namanya keliru.",
            how_en="Save it as .xlsx (not .xls or .ods), .csv or .jsonl.",
            how_id="Simpan sebagai .xlsx (bukan .xls atau .ods), .csv atau .jsonl.",
            reason="FORM_TYPE",
        )
    return reader(content, limits)
