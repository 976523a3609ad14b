"""TOML to :class:`Config`; secrets by reference; all problems at once."""

from gateway.config.loading import load_config
from gateway.config.secrets import read_private, read_secret
from gateway.config.values import (
    ChannelConfig,
    Config,
    Expectation,
    Limits,
    PageConfig,
    PartnerConfig,
    Secret,
)

__all__ = [
    "ChannelConfig",
    "Config",
    "Expectation",
    "Limits",
    "PageConfig",
    "PartnerConfig",
    "Secret",
    "load_config",
    "read_private",
    "read_secret",
]
