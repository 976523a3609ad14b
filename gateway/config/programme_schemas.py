"""The shape of a programme file."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.config.schemas import CODE, Strict, whole, words
from gateway.domain.loans import InterestMethod
from gateway.domain.programmes import Borrower


class GroupTable(Strict):
    """``[group]`` of a programme file."""

    min_members = whole(2, 100, load_default=3)
    spread = fields.String(load_default="pro_rata", validate=validate.OneOf(["pro_rata", "equal"]))


class ScreeningRulesTable(Strict):
    """``[screening]`` of a programme file."""

    credit_check = fields.String(
        load_default="registry", validate=validate.OneOf(["registry", "none"])
    )
    max_collectability = whole(1, 5, load_default=2)
    max_arrears_idr = whole(0, 10**13, load_default=250_000)
    written_off = fields.String(load_default="block", validate=validate.OneOf(["block", "allow"]))
    report_valid_days = whole(1, 366, load_default=60)
    required_columns = fields.List(
        fields.String(validate=validate.OneOf(["kbli", "mulai_usaha", "omzet_bulanan", "nib"])),
        load_default=list,
    )


class SubsidyTable(Strict):
    """One dated ``[[subsidy]]`` rule."""

    from_on = fields.Raw(required=True, data_key="from")
    rate_bps = whole(0, 10_000, required=True)
    basis = fields.Integer(strict=True, required=True, validate=validate.OneOf([360, 365]))
    budget_idr = whole(0, 10**15, required=True)


class ReconciliationTable(Strict):
    """``[reconciliation]`` of a programme file."""

    order = fields.String(
        load_default="stated_then_fifo",
        validate=validate.OneOf(["stated_then_fifo", "fifo", "stated_only"]),
    )
    tolerance_idr = whole(0, 1_000_000, load_default=0)
    tolerance_cap_loan_idr = whole(0, 10_000_000, load_default=500)
    grace_bank_days = whole(0, 60, load_default=3)
    early_days = whole(0, 366, load_default=7)
    horizon_days = whole(0, 366, load_default=35)


class ProgrammeFile(Strict):
    """``config/programmes/<code>.toml``."""

    code = fields.String(required=True, validate=CODE)
    name = fields.String(required=True)
    prefix = fields.String(
        required=True, validate=validate.Regexp(r"[A-Z]{3}\Z", error="three capital letters")
    )
    borrower = fields.String(required=True, validate=validate.OneOf([str(b) for b in Borrower]))
    max_idr = whole(1, 10**13, required=True)
    min_idr = whole(1, 10**13, required=True)
    tenor_months = fields.List(whole(1, 600), required=True, validate=validate.Length(equal=2))
    method = fields.String(required=True, validate=validate.OneOf([str(m) for m in InterestMethod]))
    rate_bps = whole(0, 10_000, required=True)
    day_basis = fields.Integer(strict=True, load_default=360, validate=validate.OneOf([360, 365]))
    target_idr = whole(0, 10**16, load_default=0)
    partners = words(required=True, validate=validate.Length(min=1))
    allocation = fields.String(
        load_default="stated_then_rotate", validate=validate.OneOf(["stated_then_rotate"])
    )
    approval_days = whole(1, 366, load_default=30)
    stages = words(load_default=list, validate=validate.Length(max=0))
    group = fields.Nested(GroupTable, load_default=lambda: GroupTable().load({}))
    screening = fields.Nested(
        ScreeningRulesTable, load_default=lambda: ScreeningRulesTable().load({})
    )
    subsidy = fields.List(fields.Nested(SubsidyTable), load_default=list)
    reconciliation = fields.Nested(
        ReconciliationTable, load_default=lambda: ReconciliationTable().load({})
    )

    @validates_schema
    def _limits_in_order(self, table: dict[str, Any], **_options: Any) -> None:
        if table["min_idr"] > table["max_idr"]:
            raise ValidationError({"min_idr": ["is more than max_idr"]})
        if table["tenor_months"][0] > table["tenor_months"][1]:
            raise ValidationError({"tenor_months": ["write the shorter one first"]})
