"""The shapes of the configuration files; unknown keys are refused everywhere."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from gateway.domain.partners import PartnerStage
from gateway.domain.windows import Window, parse_window

CODE = validate.Regexp(r"[a-z][a-z0-9_]{1,31}\Z", error="use small letters, digits and _")


class Strict(Schema):
    """A table in which every key is known."""

    class Meta:
        """Refuse what is not named here."""

        unknown = RAISE


def whole(low: int, high: int, **options: Any) -> fields.Integer:
    """A whole number within a range; ``12.7`` and ``"12"`` with signs are refused."""
    return fields.Integer(strict=True, validate=validate.Range(low, high), **options)


def words(**options: Any) -> fields.List[str]:
    """A list of texts."""
    return fields.List(fields.String(), **options)


class WindowField(fields.Field[Window]):
    """A working window such as ``mon-fri 15:30``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Window:
        del attr, data, kwargs
        try:
            return parse_window(str(value))
        except ValueError as problem:
            raise ValidationError(str(problem)) from problem


class SecretField(fields.Field[dict[str, str]]):
    """Where a secret lies: exactly one of ``file``, ``env``, ``credential``; never the secret."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[str, str]:
        del attr, data, kwargs
        known = {"file", "env", "credential"}
        if not isinstance(value, dict) or len(value) != 1 or not set(value) <= known:
            raise ValidationError(
                'write the place of the secret, never the secret: { file = "keys/…" },'
                ' { env = "…" } or { credential = "…" }'
            )
        source, name = next(iter(value.items()))
        return {"source": source, "name": str(name)}


class GatewayTable(Strict):
    """``[gateway]``."""

    stage = fields.String(required=True, validate=validate.OneOf(["demo", "test", "live"]))
    name = fields.String(load_default="Kota Jambi")
    database = fields.String(
        load_default="sqlite:///state/gateway.db",
        validate=validate.Regexp(
            r"(sqlite:///.+|postgresql(\+psycopg)?://.+)\Z",
            error="write sqlite:///state/gateway.db or postgresql://…",
        ),
    )


class ScreeningTable(Strict):
    """``[screening]`` of gateway.toml."""

    registry = fields.String(load_default="", validate=validate.Length(max=32))


class PageTable(Strict):
    """``[page]``."""

    port = whole(1, 65535, load_default=8080)
    hosts = words(load_default=lambda: ["127.0.0.1", "localhost"])
    secure_cookies = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    bank_users = fields.Dict(
        keys=fields.String(), values=fields.String(validate=CODE), load_default=dict
    )


class WindowsTable(Strict):
    """``[schedule]`` of gateway.toml."""

    screen = fields.List(WindowField(), load_default=list)
    batch = fields.List(WindowField(), load_default=list)
    reconcile = fields.List(WindowField(), load_default=list)
    watch = fields.List(WindowField(), load_default=list)


class LimitsTable(Strict):
    """``[limits]``."""

    batch_applications = whole(1, 100_000, load_default=1000)
    file_bytes = whole(1024, 4_294_967_296, load_default=209_715_200)
    ack_hours = whole(1, 24 * 60, load_default=48)
    unsigned_minutes = whole(1, 24 * 60, load_default=10)


class GatewayFile(Strict):
    """``config/gateway.toml``."""

    gateway = fields.Nested(GatewayTable, required=True)
    screening = fields.Nested(ScreeningTable, load_default=lambda: {"registry": ""})
    page = fields.Nested(PageTable, load_default=lambda: PageTable().load({}))
    schedule = fields.Nested(WindowsTable, load_default=lambda: WindowsTable().load({}))
    limits = fields.Nested(LimitsTable, load_default=lambda: LimitsTable().load({}))


_FOLDER = validate.Regexp(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*\Z", error="name a folder, no ..")


class ChannelTable(Strict):
    """``[channel]`` of a partner file; which keys are needed depends on ``kind``."""

    kind = fields.String(required=True, validate=validate.OneOf(["sftp", "http", "folder"]))
    to_partner = fields.String(load_default="masuk", validate=_FOLDER)
    from_partner = fields.String(load_default="keluar", validate=_FOLDER)
    host = fields.String(load_default="")
    port = whole(1, 65535, load_default=22)
    user = fields.String(load_default="")
    key = SecretField(load_default=None)
    host_keys = words(load_default=list, validate=validate.Length(max=2))
    path = fields.String(load_default="")
    url = fields.String(load_default="")
    client_certificate = fields.String(load_default="")
    client_key = fields.String(load_default="")
    ca_file = fields.String(load_default="")

    NEEDS: ClassVar[dict[str, tuple[str, ...]]] = {
        "sftp": ("host", "user", "key"),
        "http": ("url", "client_certificate", "client_key", "ca_file"),
        "folder": ("path",),
    }

    @validates_schema
    def _needs(self, table: dict[str, Any], **_options: Any) -> None:
        missing = [name for name in self.NEEDS[table["kind"]] if not table.get(name)]
        if missing:
            raise ValidationError(
                {name: [f"needed for kind = {table['kind']}"] for name in missing}
            )
        if table["kind"] == "http" and not table["url"].startswith("https://"):
            raise ValidationError({"url": ["only https:// is used"]})


class SigningTable(Strict):
    """``[signing]`` of a partner file: certificates pinned for what the partner signs."""

    partner_certificates = words(load_default=list, validate=validate.Length(max=2))


class ExpectTable(Strict):
    """One expectation: a file kind by a time."""

    kind = fields.String(required=True)
    by = WindowField(required=True)


class PartnerScheduleTable(Strict):
    """``[schedule]`` of a partner file."""

    deliver = fields.List(WindowField(), load_default=list)
    collect = fields.List(WindowField(), load_default=list)
    expect = fields.List(fields.Nested(ExpectTable), load_default=list)


class PartnerFile(Strict):
    """``config/partners/<code>.toml``."""

    code = fields.String(required=True, validate=CODE)
    name = fields.String(required=True)
    plugin = fields.String(required=True)
    bank_code = fields.String(
        required=True, validate=validate.Regexp(r"[0-9]{3,6}\Z", error="3 to 6 digits")
    )
    stage = fields.String(required=True, validate=validate.OneOf([str(s) for s in PartnerStage]))
    programmes = words(load_default=list)
    trust = fields.String(load_default="signed", validate=validate.OneOf(["signed", "channel"]))
    container = fields.String(load_default="zip", validate=validate.OneOf(["zip", "plain"]))
    channel = fields.Nested(ChannelTable, required=True)
    signing = fields.Nested(SigningTable, load_default=lambda: {"partner_certificates": []})
    schedule = fields.Nested(
        PartnerScheduleTable, load_default=lambda: PartnerScheduleTable().load({})
    )
    settings = fields.Dict(keys=fields.String(), load_default=dict)

    @validates_schema
    def _signed_needs_a_certificate(self, table: dict[str, Any], **_options: Any) -> None:
        if table["trust"] == "signed" and not table["signing"]["partner_certificates"]:
            raise ValidationError(
                {"signing": ['trust = "signed" needs partner_certificates = ["keys/….pem"]']}
            )


class CalendarTable(Strict):
    """``[calendar]``."""

    weekend = words(load_default=lambda: ["sat", "sun"])
    categories = words(load_default=lambda: ["public", "government"])
    add = fields.List(fields.Raw(), load_default=list)
    remove = fields.List(fields.Raw(), load_default=list)


class CalendarFile(Strict):
    """``config/calendar.toml``."""

    calendar = fields.Nested(CalendarTable, load_default=lambda: CalendarTable().load({}))
