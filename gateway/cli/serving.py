"""The page behind waitress, with or without the scheduler beside it."""

from __future__ import annotations

import base64
import hashlib
import socket
import threading

import click
from waitress.server import create_server

from gateway.app import PAGE_KEY, Gateway
from gateway.config import PartnerConfig, read_private
from gateway.domain.partners import PartnerKind
from gateway.schedule import work
from gateway.web import create_app
from gateway.web.settings import PartnerCard, WebSettings

THREADS = 8


def web_settings(gateway: Gateway) -> WebSettings:
    """What the page may know of the configuration."""
    config = gateway.config
    return WebSettings(
        secret_key=bytes.fromhex(read_private(config.home / PAGE_KEY).decode().strip()),
        hosts=config.page.hosts,
        secure_cookies=config.page.secure_cookies,
        bank_users=config.page.bank_users,
        partners={code: _card(gateway, partner) for code, partner in config.partners.items()},
    )


def _card(gateway: Gateway, partner: PartnerConfig) -> PartnerCard:
    kind = PartnerKind.REGISTRY if partner.code == gateway.config.registry else PartnerKind.BANK
    blocked = gateway.blocked.get(partner.code)
    connector = gateway.connectors.get(partner.code)
    channel = partner.channel
    return PartnerCard(
        code=partner.code,
        name=partner.name,
        plugin=partner.plugin,
        kind=connector.kind if connector else kind,
        stage=partner.stage,
        channel={
            "sftp": f"sftp {channel.host}:{channel.port}",
            "http": f"http {channel.url}",
            "folder": "folder",
        }[channel.kind],
        blocked=blocked.text("id") if blocked else "",
        fingerprints=tuple(_fingerprint(line) for line in channel.host_keys),
        programmes=partner.programmes,
    )


def _fingerprint(host_key: str) -> str:
    blob = base64.b64decode(host_key.split()[1])
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def serve_page(gateway: Gateway, port: int, *, with_worker: bool) -> None:
    """Serve until stopped.  Bound to loopback: a TLS proxy stands before it."""
    app = create_app(gateway.store, web_settings(gateway))
    server = create_server(app, host="127.0.0.1", port=port, threads=THREADS)
    scheduler = None
    if with_worker:
        scheduler = work(gateway, f"halaman-{socket.gethostname()}")
        threading.Thread(target=scheduler.start, daemon=True).start()
    click.echo(f"http://127.0.0.1:{port}/", err=True)
    try:
        server.run()
    except KeyboardInterrupt:
        click.echo("berhenti", err=True)
    finally:
        if scheduler is not None:
            scheduler.shutdown(wait=True)
        server.close()
