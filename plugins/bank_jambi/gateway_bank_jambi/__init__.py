"""Bank Jambi: the city's standard layouts, which the gateway itself reads and writes."""

from __future__ import annotations

from marshmallow import Schema

from gateway import hookimpl
from gateway.layouts import Layout
from gateway_bank_jambi import layout
from gateway_bank_jambi.settings import Settings


@hookimpl
def settings_schema() -> type[Schema]:
    """Bank Jambi's own settings: the branch in charge."""
    return Settings


@hookimpl
def layouts() -> list[Layout]:
    """One layout for each kind of file."""
    return list(layout.LAYOUTS)
