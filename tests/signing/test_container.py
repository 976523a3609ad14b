"""Containers: the same input gives the same bytes, and nothing hostile gets in."""

from __future__ import annotations

import hashlib
import io
import json
import random
import stat
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.domain.files import FileKind, OutboundFile
from gateway.errors import FileUnreadable, PartnerFileError, TotalsDisagree, WrongAnswer
from gateway.signing import (
    FIRST_PREVIOUS,
    ContainerLimits,
    Manifest,
    build_container,
    container_name,
    read_container,
)
from tests.signing.conftest import NOW

BOX = "KJ-bank_jambi-pengajuan-000001.zip"
FILES = (
    OutboundFile(name="b.txt", content=b"H|...\nT|0\n" * 50),
    OutboundFile(name="a.txt", content=b""),
)


def a_manifest() -> Manifest:
    return Manifest(
        sender="157100",
        receiver="bank_jambi",
        kind=FileKind.PENGAJUAN,
        batch_id="HRK-2026-08-03-0001",
        sequence=1,
        previous_sha256=FIRST_PREVIOUS,
        created=NOW,
        environment="demo",
        count=3,
        totals={"plafon": 15_000_000},
        audit_n=12,
        audit_hash="ab" * 32,
    )


def described(files: Mapping[str, bytes]) -> list[dict[str, object]]:
    return [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    ]


def a_document(files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "format": "kj-container/1",
        "sender": "115",
        "receiver": "157100",
        "kind": "ANGSURAN",
        "batch_id": "A1",
        "sequence": 1,
        "previous_sha256": FIRST_PREVIOUS,
        "created": "2026-08-03T08:00:00+07:00",
        "environment": "demo",
        "count": 1,
        "totals": {"neto": -5},
        "files": described(files),
    }


def pack(members: list[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def a_box(files: Mapping[str, bytes], /, **changes: object) -> bytes:
    manifest = json.dumps(a_document(files) | changes).encode()
    return pack([("manifest.json", manifest), *files.items()])


def refusal(content: bytes, limits: ContainerLimits = ContainerLimits()) -> str:
    with pytest.raises(PartnerFileError) as caught:
        read_container(BOX, content, limits)
    error = caught.value
    assert isinstance(error, FileUnreadable | TotalsDisagree)
    assert BOX in error.text("id")
    assert BOX in error.text("en")
    return error.reason


def test_what_was_built_is_what_is_read() -> None:
    manifest, files = read_container(BOX, build_container(a_manifest(), FILES))
    assert sorted(files, key=lambda one: one.name) == sorted(FILES, key=lambda one: one.name)
    assert replace(manifest, files=()) == a_manifest()
    assert [one.name for one in manifest.files] == ["a.txt", "b.txt"]


def test_the_same_input_gives_the_same_bytes() -> None:
    first = build_container(a_manifest(), FILES)
    assert first == build_container(a_manifest(), tuple(reversed(FILES)))
    assert first != build_container(replace(a_manifest(), sequence=2), FILES)


def test_the_manifest_is_first_and_has_the_agreed_keys() -> None:
    with zipfile.ZipFile(io.BytesIO(build_container(a_manifest(), FILES))) as archive:
        assert archive.namelist() == ["manifest.json", "a.txt", "b.txt"]
        document = json.loads(archive.read("manifest.json"))
    assert set(document) == {
        *("format", "sender", "receiver", "kind", "batch_id", "sequence", "previous_sha256"),
        *("created", "environment", "count", "totals", "files", "audit_head"),
    }
    assert document["format"] == "kj-container/1"
    assert document["created"] == "2026-08-03T08:00:00+07:00"
    assert document["audit_head"] == {"n": 12, "hash": "ab" * 32}
    assert document["files"][1]["size"] == len(FILES[0].content)


def test_the_name_is_the_agreed_one() -> None:
    assert container_name("bank_jambi", FileKind.PENGAJUAN, 1) == BOX


def test_the_unzip_program_reads_it(tmp_path: Path) -> None:
    path = tmp_path / BOX
    path.write_bytes(build_container(a_manifest(), FILES))
    command = ["python3", "-m", "zipfile", "-t", str(path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("name", [".a", "x/y", "..", "", "manifest.json", "a b", "a\n", "b.txt"])
def test_an_unfit_member_name_is_never_built(name: str) -> None:
    with pytest.raises(WrongAnswer):
        build_container(a_manifest(), (*FILES, OutboundFile(name=name, content=b"")))


def test_a_container_of_another_zip_program_is_read() -> None:
    manifest, files = read_container(BOX, a_box({"x.txt": b"1\n"}))
    assert manifest.totals == {"neto": -5}
    assert (manifest.audit_n, manifest.audit_hash) == (0, FIRST_PREVIOUS)
    assert files == (OutboundFile(name="x.txt", content=b"1\n"),)


@pytest.mark.parametrize(
    "name", ["../x.txt", "/x.txt", "a/b.txt", "a\\b.txt", ".x", "x\u202etxt", "x y", "x" * 121]
)
def test_a_member_name_that_leads_elsewhere_is_refused(name: str) -> None:
    assert refusal(a_box({name: b"1"})) == "ZIP_NAME"


def test_a_nul_in_a_member_name_is_refused() -> None:
    assert refusal(a_box({"x_.txt": b"1"}).replace(b"x_.txt", b"x\0.txt")) == "ZIP_NAME"


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_a_member_that_is_no_plain_file_is_refused(mode: int) -> None:
    member = zipfile.ZipInfo("x.txt")
    member.external_attr = (mode | 0o777) << 16
    manifest = json.dumps(a_document({"x.txt": b"/etc/passwd"})).encode()
    assert (
        refusal(pack([("manifest.json", manifest), (member, b"/etc/passwd")])) == "ZIP_NOT_A_FILE"
    )


def test_an_encrypted_member_is_refused() -> None:
    packed = bytearray(a_box({"x.txt": b"1"}))
    at = packed.rindex(b"PK\x01\x02")
    packed[at + 8] |= 1
    assert refusal(bytes(packed)) == "ZIP_ENCRYPTED"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["x.txt", "X.TXT"])
def test_two_members_of_one_name_are_refused(second: str) -> None:
    manifest = json.dumps(a_document({"x.txt": b"1"})).encode()
    assert (
        refusal(pack([("manifest.json", manifest), ("x.txt", b"1"), (second, b"1")]))
        == "ZIP_DUPLICATE"
    )


@pytest.mark.parametrize("inner", [a_box({"x.txt": b"1"}), b"\x1f\x8b\x08rest"])
def test_an_archive_within_the_archive_is_refused(inner: bytes) -> None:
    assert refusal(a_box({"x.txt": inner})) == "ZIP_NESTED"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert refusal(a_box({"x.txt": bytes(30_000_000)})) == "ZIP_RATIO"


def test_a_size_that_lies_is_refused() -> None:
    packed = a_box({"x.txt": bytes(3_000_000)})
    lie = packed.replace((3_000_000).to_bytes(4, "little"), (3_000).to_bytes(4, "little"))
    assert lie != packed
    assert refusal(lie) in {"ZIP_BROKEN", "F_CONTROL"}


def test_each_limit_holds_at_the_limit_and_not_one_past_it() -> None:
    files = {f"{n}.txt": b"123" for n in range(5)}
    packed = a_box(files)
    total = 15 + len(json.dumps(a_document(files)))
    read_container(BOX, packed, ContainerLimits(max_members=5, max_total_bytes=total))
    assert refusal(packed, ContainerLimits(max_members=4)) == "ZIP_TOO_MANY"
    assert refusal(packed, ContainerLimits(max_total_bytes=total - 1)) == "ZIP_TOO_LARGE"


def test_a_huge_manifest_is_refused() -> None:
    manifest = json.dumps(a_document({})).encode() + b" " * (1 << 20)
    assert refusal(pack([("manifest.json", manifest)])) == "ZIP_TOO_LARGE"


def test_an_uncommon_packing_is_refused() -> None:
    member = zipfile.ZipInfo("x.txt")
    member.compress_type = zipfile.ZIP_LZMA
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("manifest.json", json.dumps(a_document({"x.txt": b"1"})))
        archive.writestr(member, b"1")
    assert refusal(packed.getvalue()) == "ZIP_METHOD"


def test_a_manifest_that_is_not_first_is_refused() -> None:
    manifest = json.dumps(a_document({"x.txt": b"1"})).encode()
    assert refusal(pack([("x.txt", b"1"), ("manifest.json", manifest)])) == "ZIP_MANIFEST_FIRST"
    assert refusal(pack([("x.txt", b"1")])) == "ZIP_MANIFEST_FIRST"


@pytest.mark.parametrize("listed", [{}, {"x.txt": b"1", "y.txt": b"2"}, {"y.txt": b"1"}])
def test_members_other_than_those_listed_are_refused(listed: dict[str, bytes]) -> None:
    manifest = json.dumps(a_document(listed)).encode()
    assert refusal(pack([("manifest.json", manifest), ("x.txt", b"1")])) == "MANIFEST_MEMBERS"


@pytest.mark.parametrize("stated", [b"2", b"12"])
def test_a_member_of_other_size_or_digest_fails_the_control(stated: bytes) -> None:
    manifest = json.dumps(a_document({"x.txt": stated})).encode()
    assert refusal(pack([("manifest.json", manifest), ("x.txt", b"1")])) == "F_CONTROL"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{}",
        b'{"a":1,"a":2}',
        b'{"totals":{"a":1,"a":2}}',
        b'{"a":NaN}',
        b'{"a":1.5}',
        b"[" * 100_000,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
    ids=range(10),
)
def test_a_manifest_that_is_not_strict_json_is_refused(text: bytes) -> None:
    assert refusal(pack([("manifest.json", text)])) == "MANIFEST_JSON"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "kj-container/2"),
        ("sender", ""),
        ("receiver", "a|b"),
        ("kind", "angsuran"),
        ("batch_id", "x" * 36),
        ("sequence", 0),
        ("sequence", "1"),
        ("sequence", True),
        ("previous_sha256", "0" * 63),
        ("previous_sha256", "A" * 64),
        ("created", "2026-08-03T08:00:00"),
        ("created", "2026-02-30T08:00:00+07:00"),
        ("created", 5),
        ("count", -1),
        ("count", 10**16),
        ("totals", []),
        ("totals", {"a b": 1}),
        ("totals", {"a": "1"}),
        ("files", {}),
        ("files", [1]),
        ("files", [{"name": "x.txt", "size": 1}]),
        ("audit_head", {"n": 1}),
        ("extra", 1),
    ],
    ids=str,
)
def test_a_wrong_field_is_refused_by_name(key: str, value: object) -> None:
    assert refusal(a_box({"x.txt": b"1"}, **{key: value})) == "MANIFEST_FIELD"


def test_a_missing_field_is_refused() -> None:
    for key in a_document({}):
        document = a_document({})
        del document[key]
        packed = pack([("manifest.json", json.dumps(document).encode())])
        assert refusal(packed) == "MANIFEST_FIELD"


@pytest.mark.parametrize(
    "change", [lambda box: b"x" + box, lambda box: box + b"x", lambda box: b""]
)
def test_bytes_before_or_behind_the_zip_are_refused(change: Any) -> None:
    assert refusal(change(a_box({"x.txt": b"1"}))) == "ZIP_BROKEN"


def test_only_our_refusals_escape_from_damaged_containers() -> None:
    packed = build_container(a_manifest(), FILES)
    chooser = random.Random(11)
    for _ in range(1500):
        changed = bytearray(packed)
        for _ in range(chooser.choice((1, 1, 1, 4))):
            changed[chooser.randrange(len(changed))] = chooser.randrange(256)
        try:
            _, files = read_container(BOX, bytes(changed))
        except (FileUnreadable, TotalsDisagree):
            continue
        assert sorted(one.content for one in files) == sorted(one.content for one in FILES)
    for length in range(0, len(packed), 5):
        refusal(packed[:length])
