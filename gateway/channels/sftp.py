"""A channel over SFTP: the partner's OpenSSH or any server that speaks version 3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import paramiko

from gateway.channels.base import Deadline, Watchdog
from gateway.channels.outcomes import Reason, channel_error
from gateway.channels.sftp_login import (
    begin,
    dial,
    log_in,
    read_pins,
    read_private_key,
    shake_hands,
)
from gateway.channels.sftp_session import SftpSession
from gateway.channels.sftp_wire import LOST, Wire

STAGES = 4
"""Handshake, login, channel, subsystem: each may take one step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpSettings:
    """Where to, as whom, and whom to believe.

    :param host_keys: public lines ``ssh-ed25519 AAAA…``; one, or two during a change.
    :param step_seconds: for each stage of connecting.
    :param io_seconds: for each answer afterwards.
    :param job_seconds: for the whole connection, whatever happens in it.
    """

    host: str
    port: int
    user: str
    private_key_pem: bytes = field(repr=False)
    host_keys: tuple[str, ...]
    to_partner: str
    from_partner: str
    step_seconds: float = 15
    io_seconds: float = 30
    job_seconds: float = 300


class SftpChannel:
    """SFTP with a pinned host key and a key of our own for this partner alone."""

    kind = "sftp"

    def __init__(self, settings: SftpSettings) -> None:
        self.settings = settings

    def describe(self) -> str:
        """Kind and address."""
        return f"sftp {self.settings.host}:{self.settings.port}"

    @contextmanager
    def connect(self) -> Iterator[SftpSession]:
        """A session; what was opened for it is closed with it."""
        settings = self.settings
        deadline = Deadline(settings.job_seconds, self.describe())
        with ExitStack() as opened:

            def reconnect() -> Wire:
                return self._open(deadline, opened)

            session = SftpSession(
                reconnect(),
                to_partner=settings.to_partner,
                from_partner=settings.from_partner,
                reconnect=reconnect,
                hang_up=opened.close,
            )
            yield session

    def _open(self, deadline: Deadline, opened: ExitStack) -> Wire:
        """One connection up to SFTP's greeting, to be closed by ``opened``."""
        settings, where = self.settings, self.describe()
        step = settings.step_seconds
        pins = read_pins(settings.host_keys, where)
        key = read_private_key(settings.private_key_pem, where)
        link = dial(settings.host, settings.port, deadline, step, where)
        opened.callback(link.close)
        try:
            transport = begin(link, pins, step)
        except LOST as error:
            raise channel_error(Reason.LINK_LOST, where) from error
        opened.callback(transport.close)
        shake_hands(transport, pins, deadline.left(step), where)
        log_in(transport, settings.user, key, deadline.left(step), where)
        channel = self._subsystem(transport, deadline)
        opened.enter_context(Watchdog(deadline.left(settings.job_seconds), transport.close))
        return Wire(channel, deadline, settings.io_seconds, where)

    def _subsystem(self, transport: paramiko.Transport, deadline: Deadline) -> paramiko.Channel:
        """An SSH channel that speaks SFTP; paramiko's own wait for it takes no time-out."""
        step = deadline.left(self.settings.step_seconds)
        with Watchdog(2 * step, transport.close) as watchdog:
            try:
                channel = transport.open_session(timeout=step)
                channel.settimeout(step)
                channel.invoke_subsystem("sftp")
            except LOST as error:
                late = watchdog.bit or "Timeout" in str(error)
                reason = Reason.DEADLINE if late else Reason.LINK_LOST
                raise channel_error(reason, self.describe()) from error
        return channel
