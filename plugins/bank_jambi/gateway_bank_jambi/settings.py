"""What a partner file may say to this plugin."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import RAISE, Schema, fields, validate


class Settings(Schema):
    """``[settings]`` of a partner whose plugin is ``bank_jambi``."""

    class Meta:
        """Unknown keys are refused."""

        unknown: ClassVar[str] = RAISE

    branch = fields.String(
        required=True,
        validate=validate.Regexp(r"[0-9]{3}\Z", error='three digits, such as "001"'),
        metadata={"about": "The bank's branch in charge of the programmes / cabang pengelola."},
    )
