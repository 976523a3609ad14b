"""A bank whose files can be described in settings; this plugin knows no bank."""

from __future__ import annotations

from marshmallow import Schema

from gateway import hookimpl
from gateway.domain.partners import Partner
from gateway.layouts import Layout
from gateway_bpr_generic.building import build_layouts
from gateway_bpr_generic.settings import Settings


@hookimpl
def settings_schema() -> type[Schema]:
    """The whole format of the bank's files."""
    return Settings


@hookimpl
def layouts(partner: Partner) -> list[Layout]:
    """One layout for each kind that the settings describe."""
    return build_layouts(partner.settings)
