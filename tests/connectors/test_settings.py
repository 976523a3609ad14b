"""A partner's settings are what the plugin's schema allows, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validates_schema

from gateway.connectors import connect_plugin, settings_problems
from gateway.connectors.relay import Relay
from gateway.connectors.settings import load_settings
from gateway.errors import ConfigError, PluginFailed, WrongAnswer
from gateway.testing.builders import a_partner, a_plugin


class Desk(Schema):
    class Meta:
        unknown = EXCLUDE

    phone = fields.String(required=True)


class BankSettings(Schema):
    class Meta:
        unknown = EXCLUDE

    branch = fields.String(required=True)
    tenors = fields.List(fields.Integer(strict=True))
    desk = fields.Nested(Desk)
    desks = fields.List(fields.Nested(Desk))
    by_city = fields.Dict(keys=fields.String(), values=fields.Nested(Desk))


def relay(schema: type[Schema] | None = BankSettings) -> Relay:
    hooks: dict[str, Any] = {"layouts": lambda partner: []}
    if schema is not None:
        hooks["settings_schema"] = lambda: schema
    return Relay("contoh", a_plugin(**hooks).module)


def problems(raw: dict[str, object], schema: type[Schema] | None = BankSettings) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_settings(relay(schema), raw)
    return caught.value.problems


def test_right_settings_are_loaded() -> None:
    loaded = load_settings(relay(), {"branch": "001", "tenors": [6, 12]})
    assert dict(loaded) == {"branch": "001", "tenors": (6, 12)}


def test_every_problem_is_told_not_only_the_first() -> None:
    assert len(problems({"tenors": ["6"], "desk": {}})) == 3


def test_an_unknown_key_is_refused_with_the_nearest_known_one() -> None:
    assert problems({"branch": "001", "brnach": "002"}) == [
        'settings.brnach: unknown key. Did you mean "branch"?'
    ]


def test_an_unknown_key_like_no_other_is_refused_with_all_that_are_known() -> None:
    (problem,) = problems({"branch": "001", "zzz": 1})
    assert problem.endswith("Known keys: branch, by_city, desk, desks, tenors.")


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ({"desk": {"phone": "1", "phne": "2"}}, "settings.desk.phne"),
        ({"desks": [{"phone": "1", "phne": "2"}]}, "settings.desks.0.phne"),
        ({"by_city": {"jambi": {"phone": "1", "phne": "2"}}}, "settings.by_city.jambi.value.phne"),
    ],
)
def test_unknown_keys_are_refused_on_every_level(raw: dict[str, object], place: str) -> None:
    assert problems({"branch": "001", **raw}) == [f'{place}: unknown key. Did you mean "phone"?']


def test_a_plugin_without_a_schema_has_no_settings() -> None:
    assert dict(load_settings(relay(None), {})) == {}
    assert problems({"branch": "001"}, None) == ["settings.branch: unknown key. Known keys: none."]


def test_a_rule_over_the_whole_settings_is_told() -> None:
    class Strict(Schema):
        @validates_schema
        def never(self, loaded: object, **_: object) -> None:
            raise ValidationError("branch and desk contradict each other")

    assert problems({}, Strict) == ["settings: branch and desk contradict each other"]


def test_a_plugin_cannot_change_its_settings() -> None:
    loaded = load_settings(
        relay(), {"branch": "001", "desk": {"phone": "1"}, "desks": [{"phone": "2"}]}
    )
    with pytest.raises(TypeError):
        loaded["branch"] = "002"  # type: ignore[index]  # that it cannot is the point
    with pytest.raises(TypeError):
        loaded["desk"]["phone"] = "3"
    with pytest.raises(TypeError):
        loaded["desks"][0]["phone"] = "3"


def test_the_partner_is_told_its_loaded_settings_and_not_the_raw_ones() -> None:
    seen: list[object] = []

    class Money(Schema):
        fee = fields.Integer(strict=True, load_default=7)

    def layouts(partner: Any) -> list[object]:
        seen.append(partner.settings["fee"])
        return []

    plugin = a_plugin(
        settings_schema=lambda: Money,
        layouts=layouts,
        identify_file=lambda name: None,
        render_batch=lambda batch: [],
        read_acknowledgement=lambda file: None,
        read_decisions=lambda file: [],
    )
    connector = connect_plugin(a_partner(), {}, plugin)
    assert seen == [7]
    assert connector.partner.settings["fee"] == 7


def test_a_schema_that_breaks_is_the_plugins_failure() -> None:
    class Broken(Schema):
        @post_load
        def build(self, loaded: object, **_: object) -> object:
            raise KeyError("branch")

    class Unmakeable(Schema):
        def __init__(self) -> None:
            raise KeyError("branch")

    for schema in (Broken, Unmakeable):
        with pytest.raises(PluginFailed, match="settings_schema"):
            load_settings(relay(schema), {})


def test_settings_that_load_to_something_else_are_a_wrong_answer() -> None:
    class Number(Schema):
        @post_load
        def build(self, loaded: object, **_: object) -> object:
            return 7

    with pytest.raises(WrongAnswer):
        load_settings(relay(Number), {})


def test_the_problems_of_an_installed_plugin_can_be_asked_for(install: Any) -> None:
    install(
        "biro",
        "from gateway import hookimpl\n@hookimpl\ndef read_credit_reports(file): return []\n",
    )
    assert settings_problems("biro", {}) == []
    assert settings_problems("biro", {"x": 1}) == ["settings.x: unknown key. Known keys: none."]
