"""What the city brings to a pretend bank: verified with openssl, opened, never moved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from gateway.bankkit.envelope import Container, verify_container, verify_signature
from gateway.bankkit.problems import KitError, trouble
from gateway.sandbox.book import Book
from gateway.sandbox.dialects import Dialect, Submission


def signed_files(folder: Path) -> Iterator[Path]:
    """Files whose signature has arrived; hidden names are still being written."""
    for signature in sorted(folder.glob("*.p7s")):
        path = signature.with_suffix("")
        if not path.name.startswith(".") and path.is_file():
            yield path


class Inbox:
    """A bank's folder for what the city brings."""

    def __init__(self, folder: Path, code: str, dialect: Dialect, city_certificates: Path) -> None:
        self._folder = folder
        self._code = code
        self._dialect = dialect
        self._city_certificates = city_certificates

    def open_new(self, book: Book) -> Iterator[tuple[Submission, str]]:
        """Submissions not met before, with the SHA-256 of what carried them.

        A file that cannot be used is complained of in the book and gets no answer.
        """
        for path in signed_files(self._folder):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if book.seen.get(path.name) == digest:
                continue
            book.seen[path.name] = digest
            try:
                submission = self._open(path, book)
            except KitError as error:
                book.complaints.append((path.name, str(error)))
            else:
                yield submission, digest

    def _open(self, path: Path, book: Book) -> Submission:
        """The applications in a container or a plain file, once the signature holds."""
        if path.suffix != ".zip":
            verify_signature(path, path.with_name(f"{path.name}.p7s"), self._city_certificates)
            return self._dialect.read_submission(path.name, path.read_bytes())
        container = verify_container(path, self._city_certificates)
        _follow(container, book)
        names = [name for name in container.files if self._dialect.is_submission(name)]
        if len(names) != 1 or container.manifest.receiver != self._code:
            raise trouble("MEMBERS", "bukan pengajuan untuk bank ini", "no submission for us")
        submission = self._dialect.read_submission(names[0], container.files[names[0]])
        if len(submission.rows) != container.manifest.count:
            raise trouble("COUNT", "jumlah di manifest salah", "the manifest's count is wrong")
        return submission


def _follow(container: Container, book: Book) -> None:
    """Numbers without gaps, and each container names the one before it."""
    last, manifest = book.last_container, container.manifest
    expected = (int(last["sequence"]) + 1, last["sha256"])
    if (manifest.sequence, manifest.previous_sha256) != expected:
        raise trouble("CHAIN", "nomor atau rantai wadah salah", "container out of its chain")
    book.last_container = {"sequence": manifest.sequence, "sha256": container.sha256}
