"""The only place with network or remote folders: one promise, three ways to keep it."""

from gateway.channels.base import (
    RETIRED_FOLDER,
    Channel,
    RemoteFile,
    Session,
    is_safe_name,
)
from gateway.channels.folder import FolderChannel, FolderSettings
from gateway.channels.http import HttpChannel, HttpSettings
from gateway.channels.outcomes import FILE_REASONS, Reason
from gateway.channels.sftp import SftpChannel, SftpSettings

__all__ = [
    "FILE_REASONS",
    "RETIRED_FOLDER",
    "Channel",
    "FolderChannel",
    "FolderSettings",
    "HttpChannel",
    "HttpSettings",
    "Reason",
    "RemoteFile",
    "Session",
    "SftpChannel",
    "SftpSettings",
    "is_safe_name",
]
