"""From an address to a logged-in SSH connection, the pinned host key first."""

from __future__ import annotations

import base64
import io
import logging
import socket
import threading
from collections.abc import Sequence

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from gateway.channels.base import Deadline
from gateway.channels.outcomes import Reason, channel_error
from gateway.channels.sftp_wire import LOST
from gateway.errors import ChannelError

PrivateKey = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Pin = tuple[str, str]
"""Key type and base64 of a public host key."""
RSA_SIGNATURES = ("rsa-sha2-512", "rsa-sha2-256")
WEAK_CIPHERS = ("cbc", "3des")
WEAK_DIGESTS = ("sha1", "md5")
KEY_TYPES: tuple[tuple[type[PrivateKey], type[paramiko.PKey]], ...] = (
    (ed25519.Ed25519PrivateKey, paramiko.Ed25519Key),
    (rsa.RSAPrivateKey, paramiko.RSAKey),
    (ec.EllipticCurvePrivateKey, paramiko.ECDSAKey),
)
QUIET = "gateway.channels.ssh"
"""paramiko's own log: every outcome is an error of ours, and its traces would only repeat it."""
logging.getLogger(QUIET).setLevel(logging.CRITICAL)


def read_pins(host_keys: Sequence[str], where: str) -> frozenset[Pin]:
    """The pinned keys; one, or two while the partner changes its key.

    :raises ChannelRefused: there is none, or one that is no public key line.
    """
    pins = set()
    for line in host_keys:
        words = line.split()
        try:
            blob = base64.b64decode(words[1], validate=True)
        except (ValueError, IndexError) as error:
            raise channel_error(Reason.HOST_KEY_MISSING, where) from error
        pins.add((words[0], base64.b64encode(blob).decode("ascii")))
    if not pins:
        raise channel_error(Reason.HOST_KEY_MISSING, where)
    return frozenset(pins)


def read_private_key(pem: bytes, where: str) -> paramiko.PKey:
    """Our own key for this partner, unencrypted, in any of the usual forms."""
    try:
        try:
            loaded: object = load_ssh_private_key(pem, None)
        except ValueError:
            loaded = load_pem_private_key(pem, None)
        for key_type, shape in KEY_TYPES:
            if isinstance(loaded, key_type):
                # paramiko reads fewer forms than cryptography writes.
                plain = loaded.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
                return shape.from_private_key(io.StringIO(plain.decode("ascii")))
    except (ValueError, TypeError, UnsupportedAlgorithm, paramiko.SSHException) as error:
        raise channel_error(Reason.LOGIN_KEY_UNREADABLE, where) from error
    raise channel_error(Reason.LOGIN_KEY_UNREADABLE, where)


def dial(
    host: str, port: int, deadline: Deadline, step_seconds: float, where: str
) -> socket.socket:
    """A connected socket that sends small packets at once."""
    try:
        link = socket.create_connection((host, port), deadline.left(step_seconds))
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except TimeoutError as error:
        raise channel_error(Reason.DEADLINE, where) from error
    except OSError as error:
        raise channel_error(Reason.UNREACHABLE, where) from error
    return link


def begin(link: socket.socket, pins: frozenset[Pin], step_seconds: float) -> paramiko.Transport:
    """A transport that offers nothing weak and only the pinned types of host key; not started."""
    transport = paramiko.Transport(link)
    transport.set_log_channel(QUIET)
    transport.banner_timeout = transport.handshake_timeout = step_seconds
    transport.auth_timeout = transport.channel_timeout = step_seconds
    offered = transport.get_security_options()
    strong = [one for one in offered.ciphers if not any(weak in one for weak in WEAK_CIPHERS)]
    offered.ciphers = sorted(strong, key=lambda one: "gcm" not in one)  # GCM is the fastest
    offered.digests = [
        one for one in offered.digests if not any(weak in one for weak in WEAK_DIGESTS)
    ]
    types = {kind for kind, _ in pins}
    if "ssh-rsa" in types:
        types |= set(RSA_SIGNATURES)
    offered.key_types = [one for one in offered.key_types if one in types]
    return transport


def shake_hands(
    transport: paramiko.Transport, pins: frozenset[Pin], seconds: float, where: str
) -> None:
    """Agree on keys and check the host's; nothing of ours was shown before this returns.

    :raises ChannelRefused: the host key is not pinned, or no algorithm is left.
    """
    done = threading.Event()
    transport.start_client(event=done)
    if not done.wait(seconds):
        raise channel_error(Reason.DEADLINE, where)
    if not transport.is_active():
        raise _failed(transport, where)
    shown = transport.get_remote_server_key()
    if (shown.get_name(), shown.get_base64()) not in pins:
        raise channel_error(Reason.HOST_KEY_UNPINNED, where)


def log_in(
    transport: paramiko.Transport, user: str, key: paramiko.PKey, seconds: float, where: str
) -> None:
    """Public-key login; no agent, no other key, no password.

    :raises ChannelRefused: the server does not know the key.
    """
    done = threading.Event()
    try:
        transport.auth_publickey(user, key, event=done)
    except LOST as error:
        raise channel_error(Reason.LINK_LOST, where) from error
    if not done.wait(seconds):
        raise channel_error(Reason.DEADLINE, where)
    if transport.is_authenticated():
        return
    if not transport.is_active():
        raise _failed(transport, where)
    raise channel_error(Reason.LOGIN_REFUSED, where)


def _failed(transport: paramiko.Transport, where: str) -> ChannelError:
    """Why the connection ended, as far as it says."""
    cause = transport.get_exception()
    if isinstance(cause, paramiko.ssh_exception.IncompatiblePeer):
        # Only pinned types were offered: no common host key type is no pinned host key.
        no_key = "host key" in str(cause)
        reason = Reason.HOST_KEY_UNPINNED if no_key else Reason.ALGORITHMS_REFUSED
    elif isinstance(cause, paramiko.AuthenticationException):
        reason = Reason.LOGIN_REFUSED
    elif isinstance(cause, TimeoutError):
        reason = Reason.DEADLINE
    else:
        reason = Reason.LINK_LOST
    error = channel_error(reason, where)
    error.__cause__ = cause
    return error
