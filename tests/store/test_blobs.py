from __future__ import annotations

from pathlib import Path

import pytest

from gateway.errors import IntegrityBroken, StoreError
from gateway.store import Store, kept
from gateway.store.blobs import BlobFolder
from tests.store.builders import NOW, receive, sha
from tests.store.conftest import a_vault


@pytest.fixture
def blobs(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "blobs", a_vault())


def only_file(folder: Path) -> Path:
    (path,) = [path for path in folder.rglob("*") if path.is_file()]
    return path


def test_bytes_come_back_under_their_digest_and_are_kept_once(
    blobs: BlobFolder, tmp_path: Path
) -> None:
    sha256 = blobs.put(b"NIK 1571990505850001")
    assert sha256 == sha("NIK 1571990505850001")
    assert blobs.put(b"NIK 1571990505850001") == sha256
    assert blobs.get(sha256) == b"NIK 1571990505850001"
    path = only_file(tmp_path)
    assert (path.parent.name, path.name) == (sha256[:2], sha256)
    assert path.stat().st_mode & 0o077 == 0
    assert b"1571990505850001" not in path.read_bytes()


def test_empty_bytes_are_bytes_too(blobs: BlobFolder) -> None:
    assert blobs.get(blobs.put(b"")) == b""


def test_every_changed_byte_on_the_disk_is_found_and_healed_by_putting_again(
    blobs: BlobFolder, tmp_path: Path
) -> None:
    sha256 = blobs.put(b"rows")
    path = only_file(tmp_path)
    sound = path.read_bytes()
    for position in range(len(sound)):
        broken = bytearray(sound)
        broken[position] ^= 1
        path.write_bytes(bytes(broken))
        with pytest.raises(IntegrityBroken):
            blobs.get(sha256)
    blobs.put(b"rows")
    assert blobs.get(sha256) == b"rows"


def test_bytes_under_another_name_do_not_open(blobs: BlobFolder, tmp_path: Path) -> None:
    blobs.put(b"rows")
    path = only_file(tmp_path)
    other = sha("other")
    target = tmp_path / "blobs" / other[:2] / other
    target.parent.mkdir(exist_ok=True)
    path.rename(target)
    with pytest.raises(IntegrityBroken):
        blobs.get(other)
    with pytest.raises(IntegrityBroken) as gone:
        blobs.get(sha("rows"))
    assert gone.value.reason == "BLOB_MISSING"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63, "a" * 65])
def test_a_name_that_is_no_digest_is_refused(blobs: BlobFolder, name: str) -> None:
    with pytest.raises(IntegrityBroken):
        blobs.get(name)


def test_the_index_knows_what_must_be_there_and_only_grows(store: Store, folder: Path) -> None:
    store.blobs.put(b"bank_jambi ANGSURAN 1 v1")
    with store.begin(NOW, "test") as tx:
        receive(tx)
        receive(tx, 2)  # its bytes were never put
        assert kept.count_blobs(tx) == 1
        assert kept.find_broken_blobs(tx) == []
    only_file(folder / "blobs").unlink()
    with store.read() as tx:
        assert kept.find_broken_blobs(tx) == [sha("bank_jambi ANGSURAN 1 v1")]
    for statement in ("UPDATE blobs SET size_bytes = 0", "DELETE FROM blobs"):
        with pytest.raises(StoreError) as refused, store.begin(NOW, "test") as tx:
            tx.conn.exec_driver_sql(statement)
        assert refused.value.reason == "APPEND_ONLY"
