"""What a container says of itself: ``manifest.json``, read as strictly as it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from gateway.clock import WIB
from gateway.domain.files import FileKind
from gateway.errors import FileUnreadable

MANIFEST_NAME = "manifest.json"
MANIFEST_FORMAT = "kj-container/1"
MAX_MANIFEST_BYTES = 1 << 20
MAX_NUMBER = 10**15
FIRST_PREVIOUS = "0" * 64
"""``previous_sha256`` of the first container of a receiver and kind."""

DIGEST = re.compile(r"[0-9a-f]{64}")
WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}")
REFERENCE = re.compile(r"[!-~]{1,35}")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})"
)
REQUIRED = frozenset(
    {
        "format",
        "sender",
        "receiver",
        "kind",
        "batch_id",
        "sequence",
        "previous_sha256",
        "created",
        "environment",
        "count",
        "totals",
        "files",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFile:
    """One member as the manifest names it."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The head of a container.

    :param sequence: per receiver and kind, from 1, without gaps, never starting again.
    :param previous_sha256: of the container before; ``FIRST_PREVIOUS`` for the first.
    :param totals: name -> whole rupiah.
    :param files: filled by :func:`gateway.signing.build_container`.
    :param audit_n: head of the sender's audit chain; 0 from a partner that keeps none.
    """

    sender: str
    receiver: str
    kind: FileKind
    batch_id: str
    sequence: int
    previous_sha256: str
    created: datetime
    environment: str
    count: int
    totals: Mapping[str, int]
    files: tuple[ManifestFile, ...] = ()
    audit_n: int = 0
    audit_hash: str = field(default=FIRST_PREVIOUS)


def dump_manifest(manifest: Manifest) -> bytes:
    """The one way to write ``manifest``: sorted keys, UTF-8, one newline at the end."""
    document = {
        "format": MANIFEST_FORMAT,
        "sender": manifest.sender,
        "receiver": manifest.receiver,
        "kind": manifest.kind.value,
        "batch_id": manifest.batch_id,
        "sequence": manifest.sequence,
        "previous_sha256": manifest.previous_sha256,
        "created": manifest.created.astimezone(WIB).replace(microsecond=0).isoformat(),
        "environment": manifest.environment,
        "count": manifest.count,
        "totals": dict(manifest.totals),
        "files": [
            {"name": one.name, "size": one.size_bytes, "sha256": one.sha256}
            for one in manifest.files
        ],
        "audit_head": {"n": manifest.audit_n, "hash": manifest.audit_hash},
    }
    return (json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def load_manifest(name: str, content: bytes) -> Manifest:
    """The manifest in ``content``.

    :param name: of the container, for the error.
    :raises FileUnreadable: ``MANIFEST_JSON`` (no strict JSON) or ``MANIFEST_FIELD``.
    """
    reader = _Fields(name, _load_json(name, content), "")
    reader.expect_keys(REQUIRED, frozenset({"audit_head"}))
    if reader.text("format", WORD, re.compile(r"[ -~]{1,64}")) != MANIFEST_FORMAT:
        reader.refuse("format")
    head = reader.inner("audit_head") if "audit_head" in reader.values else None
    if head:
        head.expect_keys(frozenset({"n", "hash"}))
    return Manifest(
        sender=reader.text("sender", WORD),
        receiver=reader.text("receiver", WORD),
        kind=reader.kind("kind"),
        batch_id=reader.text("batch_id", REFERENCE),
        sequence=reader.number("sequence", lowest=1),
        previous_sha256=reader.text("previous_sha256", DIGEST),
        created=reader.moment("created"),
        environment=reader.text("environment", WORD),
        count=reader.number("count"),
        totals=reader.totals("totals"),
        files=reader.files("files"),
        audit_n=head.number("n") if head else 0,
        audit_hash=head.text("hash", DIGEST) if head else FIRST_PREVIOUS,
    )


class _Repeated(ValueError):
    """A key stands twice in one object, or a number is not a number."""


def _load_json(name: str, content: bytes) -> dict[str, object]:
    try:
        document: object = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_unrepeated,
            parse_constant=_no_constant,
            parse_float=_no_constant,
        )
    except (ValueError, RecursionError) as error:
        raise _not_json(name) from error
    if not isinstance(document, dict):
        raise _not_json(name)
    return document


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Repeated
    return found


def _no_constant(text: str) -> NoReturn:
    raise _Repeated(text)


def _not_json(name: str) -> FileUnreadable:
    return _unreadable(
        name,
        "MANIFEST_JSON",
        "it is not one object of strict JSON in UTF-8",
        "bukan satu objek JSON yang ketat dalam UTF-8",
    )


def _unreadable(name: str, reason: str, what_en: str, what_id: str) -> FileUnreadable:
    return FileUnreadable(
        name,
        f"manifest.json cannot be used: {what_en}.",
        message_id=f"manifest.json tidak dapat dipakai: {what_id}.",
        how_en=f"Write it as {MANIFEST_FORMAT} (docs/reference) and send the container again.",
        how_id=f"Tulis menurut {MANIFEST_FORMAT} (docs/reference) lalu kirim ulang kontainernya.",
        reason=reason,
    )


class _Fields:
    """Typed reading of one JSON object; the first wrong field refuses the container."""

    def __init__(self, name: str, values: dict[str, object], path: str) -> None:
        self.name, self.values, self.path = name, values, path

    def refuse(self, key: str) -> NoReturn:
        field_name = self.path + key
        raise _unreadable(
            self.name,
            "MANIFEST_FIELD",
            f"field {field_name} is missing or wrong",
            f"kolom {field_name} tidak ada atau salah",
        )

    def expect_keys(self, needed: frozenset[str], allowed: frozenset[str] = frozenset()) -> None:
        missing = sorted(needed - self.values.keys())
        if missing:
            self.refuse(missing[0])
        if not self.values.keys() <= needed | allowed:
            self.refuse("*")

    def text(self, key: str, *patterns: re.Pattern[str]) -> str:
        value = self.values[key]
        if not isinstance(value, str) or not any(one.fullmatch(value) for one in patterns):
            self.refuse(key)
        return value

    def number(self, key: str, lowest: int = 0, highest: int = MAX_NUMBER) -> int:
        value = self.values[key]
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(key)
        if not lowest <= value <= highest:
            self.refuse(key)
        return value

    def kind(self, key: str) -> FileKind:
        value = self.text(key, WORD)
        if value not in FileKind.__members__:
            self.refuse(key)
        return FileKind(value)

    def moment(self, key: str) -> datetime:
        value = self.text(key, MOMENT)
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.refuse(key)

    def inner(self, key: str) -> _Fields:
        value = self.values[key]
        if not isinstance(value, dict):
            self.refuse(key)
        return _Fields(self.name, value, f"{self.path}{key}.")

    def totals(self, key: str) -> dict[str, int]:
        inside = self.inner(key)
        if not all(WORD.fullmatch(one) for one in inside.values):
            self.refuse(key)
        return {one: inside.number(one, lowest=-MAX_NUMBER) for one in inside.values}

    def files(self, key: str) -> tuple[ManifestFile, ...]:
        value = self.values[key]
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.refuse(key)
        return tuple(self._file(_Fields(self.name, one, f"{key}.")) for one in value)

    @staticmethod
    def _file(fields: _Fields) -> ManifestFile:
        fields.expect_keys(frozenset({"name", "size", "sha256"}))
        return ManifestFile(
            name=fields.text("name", re.compile(r"[!-~]{1,200}")),
            size_bytes=fields.number("size"),
            sha256=fields.text("sha256", DIGEST),
        )
