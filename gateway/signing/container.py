"""Containers: a deterministic ZIP with ``manifest.json`` first, flat names and stated digests."""

from __future__ import annotations

import hashlib
import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.domain.files import FileKind, OutboundFile
from gateway.errors import FileUnreadable, TotalsDisagree, WrongAnswer
from gateway.signing.manifest import (
    MANIFEST_NAME,
    MAX_MANIFEST_BYTES,
    Manifest,
    ManifestFile,
    dump_manifest,
    load_manifest,
)

FIXED_MOMENT = (1980, 1, 1, 0, 0, 0)
MEMBER_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,119}")
LOCAL_HEADER = b"PK\x03\x04"
NESTED = (LOCAL_HEADER, b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xfd7zXZ")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    OverflowError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)
"""All that :mod:`zipfile` was seen to raise on hostile bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerLimits:
    """How large a container may be once opened; checked before a byte is unpacked.

    :param max_ratio: unpacked bytes per packed byte, once more than ``free_bytes`` unpack.
    """

    max_members: int = 50
    max_total_bytes: int = 200 << 20
    max_ratio: int = 100
    free_bytes: int = 1 << 20


LIMITS = ContainerLimits()


def container_name(partner_code: str, kind: FileKind, sequence: int) -> str:
    """``KJ-<partner>-<kind>-<seq6>.zip`` with the kind in small letters (ruling 22)."""
    return f"KJ-{partner_code}-{kind.value.lower()}-{sequence:06d}.zip"


def build_container(manifest: Manifest, files: Sequence[OutboundFile]) -> bytes:
    """The ZIP of ``files`` under ``manifest``: the same input gives the same bytes.

    :raises WrongAnswer: a member's name, which a plugin chose, is unfit or stands twice.
    """
    members = sorted(files, key=lambda one: one.name)
    names = {one.name for one in members} | {MANIFEST_NAME}
    if len(names) != len(members) + 1 or not all(map(MEMBER_NAME.fullmatch, names)):
        raise WrongAnswer(
            "File names for a partner must be flat, unique, at most 120 of A-Z a-z 0-9 _ . -",
            message_id="Nama berkas untuk mitra harus datar, unik, paling banyak 120 dari"
            " A-Z a-z 0-9 _ . -",
            how_en="Mend the plugin that renders them.",
            how_id="Perbaiki plugin yang menyusunnya.",
            reason="MEMBER_NAMES",
        )
    described = tuple(_describe(one) for one in members)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        _add(archive, MANIFEST_NAME, dump_manifest(replace(manifest, files=described)))
        for one in members:
            _add(archive, one.name, one.content)
    return packed.getvalue()


def _describe(file: OutboundFile) -> ManifestFile:
    digest = hashlib.sha256(file.content).hexdigest()
    return ManifestFile(name=file.name, size_bytes=len(file.content), sha256=digest)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, FIXED_MOMENT)
    member.external_attr = (stat.S_IFREG | 0o640) << 16
    member.create_system = 3
    archive.writestr(member, content, zipfile.ZIP_DEFLATED, compresslevel=6)


def read_container(
    name: str, content: bytes, limits: ContainerLimits = LIMITS
) -> tuple[Manifest, tuple[OutboundFile, ...]]:
    """The manifest and the members of a container, every digest checked.

    :param name: of the container, for the error.
    :raises FileUnreadable: not a flat, plain, bounded ZIP; ``ZIP_…`` or ``MANIFEST_…``.
    :raises TotalsDisagree: a member is not as long or not as the manifest says.
    """
    if not content.startswith(LOCAL_HEADER) or not _ends_cleanly(content):
        raise _refuse(name, "ZIP_BROKEN")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(name, members, len(content), limits)
            manifest = load_manifest(name, _unpack(name, archive, members[0]))
            _check_named(name, manifest, members[1:])
            unpacked = {one.filename: _unpack(name, archive, one) for one in members[1:]}
    except BROKEN as error:
        raise _refuse(name, "ZIP_BROKEN") from error
    return manifest, tuple(_check_file(name, one, unpacked[one.name]) for one in manifest.files)


def _ends_cleanly(content: bytes) -> bool:
    """Whether the end record is the very end: no comment, nothing behind it."""
    return content[-22:-18] == b"PK\x05\x06" and content[-2:] == b"\0\0"


def _check_members(
    name: str, members: list[zipfile.ZipInfo], packed_bytes: int, limits: ContainerLimits
) -> None:
    if not members or members[0].filename != MANIFEST_NAME or members[0].header_offset != 0:
        raise _refuse(name, "ZIP_MANIFEST_FIRST")
    if len(members) > limits.max_members + 1:
        raise _refuse(name, "ZIP_TOO_MANY")
    if len({one.filename.casefold() for one in members}) != len(members):
        raise _refuse(name, "ZIP_DUPLICATE")
    for member in members:
        _check_member(name, member)
    total = sum(one.file_size for one in members)
    if total > limits.max_total_bytes or members[0].file_size > MAX_MANIFEST_BYTES:
        raise _refuse(name, "ZIP_TOO_LARGE")
    if total > max(limits.free_bytes, limits.max_ratio * packed_bytes):
        raise _refuse(name, "ZIP_RATIO")


def _check_member(name: str, member: zipfile.ZipInfo) -> None:
    # orig_filename is what stood in the file; zipfile cuts ``filename`` at a NUL byte.
    if member.orig_filename != member.filename or not MEMBER_NAME.fullmatch(member.filename):
        raise _refuse(name, "ZIP_NAME")
    if member.flag_bits & 0x2041:
        raise _refuse(name, "ZIP_ENCRYPTED")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or member.external_attr & 0x10:
        raise _refuse(name, "ZIP_NOT_A_FILE")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refuse(name, "ZIP_METHOD")


def _check_named(name: str, manifest: Manifest, members: list[zipfile.ZipInfo]) -> None:
    listed = sorted(one.name for one in manifest.files)
    if listed != sorted(one.filename for one in members):
        raise _refuse(name, "MANIFEST_MEMBERS")


def _unpack(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as source:
        content = source.read(member.file_size + 1)
    if content.startswith(NESTED):
        raise _refuse(name, "ZIP_NESTED")
    return content


def _check_file(name: str, stated: ManifestFile, content: bytes) -> OutboundFile:
    if len(content) != stated.size_bytes:
        raise _disagree(name, stated.name, "size", "ukuran")
    if hashlib.sha256(content).hexdigest() != stated.sha256:
        raise _disagree(name, stated.name, "SHA-256", "SHA-256")
    return OutboundFile(name=stated.name, content=content)


_WORDINGS = {
    "ZIP_BROKEN": ("it is not a plain, complete ZIP", "bukan ZIP yang utuh dan biasa"),
    "ZIP_MANIFEST_FIRST": (
        "manifest.json is not its first member",
        "manifest.json bukan anggota pertamanya",
    ),
    "ZIP_TOO_MANY": ("it has too many members", "anggotanya terlalu banyak"),
    "ZIP_DUPLICATE": ("two members have one name", "dua anggota bernama sama"),
    "ZIP_TOO_LARGE": ("it unpacks to too many bytes", "isinya terlalu besar setelah dibuka"),
    "ZIP_RATIO": ("it unpacks to suspiciously many bytes", "rasio pemampatannya mencurigakan"),
    "ZIP_NAME": (
        "a member's name is not a flat name of A-Z a-z 0-9 _ . -",
        "nama anggota bukan nama datar dari A-Z a-z 0-9 _ . -",
    ),
    "ZIP_ENCRYPTED": ("a member is encrypted", "ada anggota yang dienkripsi"),
    "ZIP_NOT_A_FILE": (
        "a member is a link, a folder or a device",
        "ada anggota berupa tautan, folder atau perangkat",
    ),
    "ZIP_METHOD": (
        "a member is packed in another way than stored or deflate",
        "ada anggota yang dimampatkan selain stored atau deflate",
    ),
    "ZIP_NESTED": ("a member is an archive itself", "ada anggota yang juga arsip"),
    "MANIFEST_MEMBERS": (
        "its members are not those that the manifest lists",
        "anggotanya tidak sama dengan daftar di manifest",
    ),
}


def _refuse(name: str, reason: str) -> FileUnreadable:
    en, indonesian = _WORDINGS[reason]
    return FileUnreadable(
        name,
        f"the container is refused: {en}.",
        message_id=f"kontainer ditolak: {indonesian}.",
        how_en="Build it as docs/reference says and send it again.",
        how_id="Susun menurut docs/reference lalu kirim ulang.",
        reason=reason,
    )


def _disagree(name: str, member: str, what_en: str, what_id: str) -> TotalsDisagree:
    return TotalsDisagree(
        name,
        f"member {member} has another {what_en} than the manifest states.",
        message_id=f"anggota {member} memiliki {what_id} lain daripada yang tertulis di manifest.",
        how_en="The file changed while the container was built; build it again.",
        how_id="Berkas berubah ketika kontainer disusun; susun ulang.",
    )
