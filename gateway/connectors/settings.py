"""A partner's ``[settings]``: loaded by the plugin's own schema, strictly, and then frozen."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from gateway.connectors import guards
from gateway.connectors.blame import blamed
from gateway.connectors.discovery import load_plugin
from gateway.connectors.relay import Relay
from gateway.errors import ConfigError, GatewayError

DEEPEST = 8
"""Levels of nested settings that are looked at; a schema that nests itself has no end."""


def settings_problems(plugin: str, raw: Mapping[str, object]) -> list[str]:
    """Say everything that is wrong with a partner's settings; an empty list is good.

    :raises PluginError: the plugin itself cannot be used.
    """
    relay = Relay(plugin, load_plugin(plugin).module)
    try:
        load_settings(relay, raw)
    except ConfigError as error:
        return error.problems
    return []


def load_settings(relay: Relay, raw: Mapping[str, object]) -> Mapping[str, Any]:
    """Load settings by the plugin's schema; a plugin without one has no settings.

    :raises ConfigError: every problem at once, unknown keys with the nearest known one.
    """
    schema = ask_schema(relay)
    try:
        with blamed(relay.name, "settings_schema", ours=(ValidationError, GatewayError)):
            _tighten(schema, DEEPEST)
            loaded = schema.load(dict(raw))
    except ValidationError as error:
        raise ConfigError(list(_problems(error.messages, schema, "settings"))) from None
    if not isinstance(loaded, Mapping):
        raise guards.wrong_answer("settings_schema", "it loads to something without keys")
    return MappingProxyType({key: freeze(value) for key, value in loaded.items()})


def ask_schema(relay: Relay) -> Schema:
    """A fresh instance of the plugin's schema, as strict as the plugin wrote it."""
    if "settings_schema" not in relay.hooks:
        return Schema()
    made: type[Schema] = relay.ask("settings_schema")
    with blamed(relay.name, "settings_schema"):
        return made()


def freeze(value: object) -> object:
    """The same plain data, unchangeable: mappings become proxies, lists become tuples."""
    if isinstance(value, dict):
        return MappingProxyType({key: freeze(one) for key, one in value.items()})
    if isinstance(value, list):
        return tuple(freeze(one) for one in value)
    return value


def _tighten(schema: Schema, depth: int) -> None:
    """Refuse unknown keys on every level, whatever ``Meta.unknown`` says."""
    schema.unknown = RAISE
    if depth:
        for field in schema.fields.values():
            for nested in _nested(field):
                _tighten(nested, depth - 1)


def _nested(field: fields.Field[Any] | None) -> Iterator[Schema]:
    if isinstance(field, fields.Nested):
        yield field.schema
    elif isinstance(field, fields.List):
        yield from _nested(field.inner)
    elif isinstance(field, fields.Dict):
        yield from _nested(field.value_field)


def _problems(messages: object, schema: Schema | None, where: str) -> Iterator[str]:
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            place = where if key == "_schema" else f"{where}.{key}"
            yield from _key_problems(key, below, schema, place)
    else:
        yield from (f"{where}: {message}" for message in _listed(messages))


def _key_problems(key: object, below: object, schema: Schema | None, place: str) -> Iterator[str]:
    known = (
        {field.data_key or name: field for name, field in schema.fields.items()} if schema else {}
    )
    if schema and key not in known and below == [schema.error_messages["unknown"]]:
        yield f"{place}: unknown key. {_hint(str(key), list(known))}"
        return
    same_level = schema if key != "_schema" else None
    yield from _problems(below, next(_nested(known.get(str(key))), same_level), place)


def _hint(key: str, known: list[str]) -> str:
    nearest = difflib.get_close_matches(key, known, n=1)
    if nearest:
        return f'Did you mean "{nearest[0]}"?'
    return f"Known keys: {', '.join(sorted(known)) or 'none'}."


def _listed(messages: object) -> list[object]:
    return list(messages) if isinstance(messages, list) else [messages]
