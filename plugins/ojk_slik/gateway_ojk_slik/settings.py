"""What a bank fills in for SLIK: codes and names that are not public, and our readings of them."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from gateway.domain.partners import Partner

COLUMNS = (
    "D",
    "urut",
    "jenis",
    "kodeReferensiPengguna",
    "kodeTujuanPermintaan",
    "identitas",
    "noIdentitas",
    "npwp",
    "nama",
    "jenisKelamin",
    "tempat",
    "tanggal",
    "nomorAkta",
)
CODE = validate.Regexp(r"[0-9A-Z]{1,8}\Z")
CONDITION = validate.Regexp(r"[0-9]{2}\Z")


class SlikSettings(Schema):
    """The ``[settings]`` of a partner that holds SLIK access; unknown keys are refused."""

    reporter_type = fields.String(load_default="0101", validate=validate.Regexp(r"[0-9]{4}\Z"))
    reporter_code = fields.String(load_default="", validate=validate.Regexp(r"[0-9]{0,6}\Z"))
    purpose_code = fields.String(load_default="01", validate=CODE)
    id_type_code = fields.String(load_default="1", validate=CODE)
    file_word = fields.String(load_default="IDEB", validate=CODE)
    columns = fields.List(
        fields.String(validate=validate.OneOf(COLUMNS)), load_default=lambda: list(COLUMNS)
    )
    newline = fields.String(load_default="lf", validate=validate.OneOf(["lf", "crlf"]))
    active_conditions = fields.List(
        fields.String(validate=CONDITION), load_default=lambda: ["00", "13"]
    )
    written_off_conditions = fields.List(
        fields.String(validate=CONDITION), load_default=lambda: ["03", "04"]
    )
    online_kinds = fields.List(
        fields.String(validate=validate.Regexp(r"[0-9A-Z]{1,3}\Z")), load_default=lambda: ["Q"]
    )
    history_months = fields.Integer(
        strict=True, load_default=24, validate=validate.Range(min=1, max=24)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The same, typed.

    :param reporter_code: six digits.
    :param online_kinds: first letters of ``jenisKreditPembiayaan`` of online lenders.
    """

    reporter_type: str
    reporter_code: str
    purpose_code: str
    id_type_code: str
    file_word: str
    columns: tuple[str, ...]
    newline: str
    active_conditions: tuple[str, ...]
    written_off_conditions: tuple[str, ...]
    online_kinds: tuple[str, ...]
    history_months: int


def read_settings(partner: Partner) -> Settings:
    """The partner's settings; without a reporter code its bank code stands in."""
    loaded = SlikSettings().load(dict(partner.settings))
    return Settings(
        reporter_type=loaded["reporter_type"],
        reporter_code=(loaded["reporter_code"] or partner.bank_code).zfill(6),
        purpose_code=loaded["purpose_code"],
        id_type_code=loaded["id_type_code"],
        file_word=loaded["file_word"],
        columns=tuple(loaded["columns"]),
        newline={"lf": "\n", "crlf": "\r\n"}[loaded["newline"]],
        active_conditions=tuple(loaded["active_conditions"]),
        written_off_conditions=tuple(loaded["written_off_conditions"]),
        online_kinds=tuple(loaded["online_kinds"]),
        history_months=loaded["history_months"],
    )
