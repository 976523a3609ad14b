"""Find the installed plugins, each loaded alone: one that fails to import harms no other."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from gateway import hookspecs
from gateway.connectors.blame import blamed
from gateway.connectors.relay import Relay
from gateway.domain.partners import PartnerKind
from gateway.errors import GatewayError, PluginError, PluginFailed, PluginMissing

GROUP = "gateway.plugins"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPlugin:
    """A plugin that imported: its name, where it comes from, and its module."""

    name: str
    module: ModuleType
    distribution: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginCard:
    """What is known of an installed plugin, also of one that cannot be used.

    :param kind: ``None`` when the plugin could not be loaded.
    :param error: why it cannot be used; empty for a good one.
    """

    name: str
    distribution: str
    version: str
    kind: PartnerKind | None
    hooks: frozenset[str]
    error: str = ""

    @property
    def has_layouts(self) -> bool:
        """Whether it describes files as data."""
        return hookspecs.layouts.__name__ in self.hooks


def find_plugins() -> dict[str, PluginCard]:
    """Look at every installed plugin.  Never raises: what is wrong stands on its card."""
    names = sorted({point.name for point in entry_points(group=GROUP)})
    return {name: _card(name) for name in names}


def load_plugin(name: str) -> LoadedPlugin:
    """Import one plugin by the name of its entry point.

    :raises PluginMissing: no distribution, or more than one, offers the name.
    :raises PluginFailed: the import raised.
    """
    points = tuple(entry_points(group=GROUP, name=name))
    if len(points) != 1:
        raise _missing(name, points)
    return LoadedPlugin(
        name=name,
        module=_import(points[0]),
        distribution=points[0].dist.name if points[0].dist else "",
        version=points[0].dist.version if points[0].dist else "",
    )


def _card(name: str) -> PluginCard:
    point = next(iter(entry_points(group=GROUP, name=name)))
    card = functools.partial(
        PluginCard,
        name=name,
        distribution=point.dist.name if point.dist else "",
        version=point.dist.version if point.dist else "",
    )
    try:
        relay = Relay(name, load_plugin(name).module)
    except GatewayError as error:
        return card(kind=None, hooks=frozenset(), error=error.message_en)
    return card(kind=relay.kind, hooks=relay.hooks)


def _missing(name: str, points: tuple[EntryPoint, ...]) -> PluginError:
    installed = ", ".join(sorted({point.name for point in entry_points(group=GROUP)})) or "-"
    if points:
        return PluginMissing(
            f"{len(points)} installed distributions offer the plugin {name!r}.",
            message_id=f"{len(points)} distribusi terpasang menawarkan plugin {name!r}.",
            how_en="Uninstall all but one.",
            how_id="Sisakan satu saja.",
            reason="PLUGIN_TWICE",
        )
    return PluginMissing(
        f"No installed distribution offers the plugin {name!r} (installed: {installed}).",
        message_id=f"Tidak ada distribusi terpasang dengan plugin {name!r} (ada: {installed}).",
        how_en="Install it, or mend `plugin` in the partner's file.",
        how_id="Pasang plugin itu, atau perbaiki `plugin` pada berkas mitra.",
    )


def _import(point: EntryPoint) -> ModuleType:
    with blamed(point.name, "import", reason="PLUGIN_IMPORT", ours=()):
        module = point.load()
    if not isinstance(module, ModuleType):
        raise PluginFailed(
            f"The plugin {point.name!r} is a {type(module).__name__}, not a module.",
            message_id=f"Plugin {point.name!r} bukan modul.",
            reason="PLUGIN_IMPORT",
        )
    return module
