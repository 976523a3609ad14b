"""Find plugins one by one, and ask each on behalf of one partner: typed and guarded."""

from gateway.connectors.connector import Connector, connect, connect_plugin
from gateway.connectors.discovery import LoadedPlugin, PluginCard, find_plugins, load_plugin
from gateway.connectors.settings import settings_problems

__all__ = [
    "Connector",
    "LoadedPlugin",
    "PluginCard",
    "connect",
    "connect_plugin",
    "find_plugins",
    "load_plugin",
    "settings_problems",
]
