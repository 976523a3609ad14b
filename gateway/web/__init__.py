"""The treasury's page: server-rendered, Indonesian first, complete without JavaScript."""

from gateway.web.app import create_app
from gateway.web.settings import PartnerCard, WebSettings

__all__ = ["PartnerCard", "WebSettings", "create_app"]
