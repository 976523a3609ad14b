"""A partner's root folder as SFTP sees it; nothing outside of it can be named."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import paramiko
from paramiko import sftp

from gateway.sandbox.sftp_gate import Gate

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

T = TypeVar("T")


class OpenFile(paramiko.SFTPHandle):
    """One open file."""

    def __init__(self, files: Files, descriptor: int, flags: int) -> None:
        super().__init__(flags)
        self._files = files
        self.descriptor = descriptor

    def close(self) -> None:
        """Close the file; closing twice is harmless."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def stat(self) -> paramiko.SFTPAttributes | int:
        """Size and times."""
        return self._files.run(lambda: paramiko.SFTPAttributes.from_stat(os.fstat(self.descriptor)))

    def chattr(self, attr: paramiko.SFTPAttributes) -> int:
        """Set size or mode."""
        return self._files.do(lambda: _set_attributes(self.descriptor, attr))

    def read(self, offset: int, length: int) -> bytes | int:
        """Some bytes; fewer near the end."""
        return self._files.run(lambda: os.pread(self.descriptor, length, offset))

    def write(self, offset: int, data: ReadableBuffer) -> int:
        """Some bytes, unless the disk is full or the line breaks."""
        line, piece = self._files.line, bytes(data)
        if not line.takes(len(piece)):
            line.bytes_left = -1
            self._files.gate.cut()
            return sftp.SFTP_FAILURE
        if not line.keeps(offset + len(piece)):
            return sftp.SFTP_FAILURE
        return self._files.do(lambda: os.pwrite(self.descriptor, piece, offset))


class Files(paramiko.SFTPServerInterface):
    """A partner's root folder; nothing outside of it can be named."""

    def __init__(self, server: paramiko.ServerInterface, *args: object, **kwargs: object) -> None:
        del args, kwargs
        if not isinstance(server, Gate) or server.line is None:
            raise paramiko.SSHException("no partner has logged in")
        self.gate = server
        self.line = server.line
        self._root = server.line.user.root.resolve()

    def place(self, path: str) -> Path:
        """The real path behind a name; a link that leads outside is refused."""
        inside = os.path.normpath("/" + path.lstrip("/")).lstrip("/")
        place = self._root / inside
        parent = place.parent.resolve() if place != self._root else self._root
        if place.is_symlink() or not parent.is_relative_to(self._root):
            raise PermissionError(errno.EACCES, "outside")
        return place

    def run(self, act: Callable[[], T]) -> T | int:
        """The act's result, or the code of what went wrong."""
        try:
            return act()
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    def do(self, act: Callable[[], object]) -> int:
        """The code of success or failure of an act."""
        try:
            act()
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        return sftp.SFTP_OK

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        """The names in a folder, in order."""

        def names() -> list[paramiko.SFTPAttributes]:
            return [
                paramiko.SFTPAttributes.from_stat(entry.lstat(), entry.name)
                for entry in sorted(self.place(path).iterdir())
            ]

        return self.run(names)

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        """Size and times of a name."""
        return self.run(lambda: paramiko.SFTPAttributes.from_stat(self.place(path).stat()))

    def lstat(self, path: str) -> paramiko.SFTPAttributes | int:
        """The same; links are not followed."""
        return self.run(lambda: paramiko.SFTPAttributes.from_stat(self.place(path).lstat()))

    def open(
        self, path: str, flags: int, attr: paramiko.SFTPAttributes
    ) -> paramiko.SFTPHandle | int:
        """A regular file, opened."""
        del attr

        def opened() -> paramiko.SFTPHandle:
            place = self.place(path)
            if place.exists() and not stat.S_ISREG(place.stat().st_mode):
                raise PermissionError(errno.EACCES, "outside")
            return OpenFile(self, os.open(place, flags | os.O_NOFOLLOW, 0o640), flags)

        return self.run(opened)

    def remove(self, path: str) -> int:
        """Delete a file."""
        return self.do(lambda: self.place(path).unlink())

    def mkdir(self, path: str, attr: paramiko.SFTPAttributes) -> int:
        """Make a folder."""
        del attr
        return self.do(lambda: self.place(path).mkdir())

    def rename(self, oldpath: str, newpath: str) -> int:
        """Rename the old way: never onto a name that is there."""
        if self.run(lambda: os.path.lexists(self.place(newpath))) is not False:
            return sftp.SFTP_FAILURE
        return self._rename(oldpath, newpath)

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        """Rename at once, replacing what is there."""
        if self.line.user.faults.no_posix_rename:
            return sftp.SFTP_OP_UNSUPPORTED
        return self._rename(oldpath, newpath)

    def _rename(self, oldpath: str, newpath: str) -> int:
        code = self.do(lambda: self.place(oldpath).replace(self.place(newpath)))
        if code == sftp.SFTP_OK and self.line.answers_to_lose > 0:
            self.line.answers_to_lose -= 1
            self.gate.cut()
        return code

    def chattr(self, path: str, attr: paramiko.SFTPAttributes) -> int:
        """Set size or mode of a name."""
        return self.do(lambda: _set_attributes(self.place(path), attr))


def _set_attributes(target: int | Path, attr: paramiko.SFTPAttributes) -> None:
    """Size and mode; paramiko's own helper would empty the file."""
    if attr.st_size is not None:
        os.truncate(target, attr.st_size)
    if attr.st_mode is not None:
        os.chmod(target, stat.S_IMODE(attr.st_mode) & 0o777)  # noqa: PTH101 - may be a descriptor
