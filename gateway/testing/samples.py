"""Sample files beside a plugin, and the golden answers beside each sample.

``samples/<name>`` is a file as the partner sends it (made-up people only) and
``samples/<name>.expected.json`` is what the gateway must read from it: either ``identity``,
``value`` and ``defects``, or ``error`` for a sample that must be refused.  A kind of file that
has no sample needs a written reason: ``samples/no_sample_because.toml``, kind = "reason".
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gateway.connectors import Connector
from gateway.domain.files import FileKind, InboundFile, Reading
from gateway.errors import PartnerFileError
from gateway.layouts import to_plain

EXPECTED = ".expected.json"
REASONS = "no_sample_because.toml"
NOT_SAMPLES = (EXPECTED, ".toml", ".md", ".p7s")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One sample file; ``expected`` is ``None`` while nobody wrote it."""

    path: Path
    content: bytes
    expected: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        """The file's own name, as the partner chose it."""
        return self.path.name

    @property
    def is_refused(self) -> bool:
        """Whether the sample is there to be refused."""
        return self.expected is not None and "error" in self.expected


class StrangerSample(Exception):
    """A sample that its own plugin does not identify."""


def find_samples(folder: Path) -> tuple[Sample, ...]:
    """All samples of a folder, by name; none when there is no folder."""
    if not folder.is_dir():
        return ()
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    return tuple(
        Sample(path=path, content=path.read_bytes(), expected=_load_expected(path))
        for path in paths
        if not path.name.endswith(NOT_SAMPLES) and not path.name.startswith(".")
    )


def find_reasons(folder: Path) -> dict[str, str]:
    """Why some kinds of file have no sample, as written in the samples' folder."""
    path = folder / REASONS
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


def read_sample(
    connector: Connector, name: str, content: bytes
) -> tuple[InboundFile, Reading[Any]]:
    """Identify and read a file as collecting it would.

    :raises StrangerSample: nobody knows the file.
    :raises PartnerFileError: the file breaks the format.
    """
    identity = connector.identify(name, content)
    if identity is None:
        raise StrangerSample(f"{name}: nobody knows this file")
    file = InboundFile(name=name, content=content, identity=identity)
    return file, reader_of(connector, identity.kind)(file)


def reader_of(connector: Connector, kind: FileKind) -> Callable[[InboundFile], Reading[Any]]:
    """The connector's question for one kind of inbound file."""
    readers: Mapping[FileKind, Callable[[InboundFile], Reading[Any]]] = {
        FileKind.TANDATERIMA: connector.read_acknowledgement,
        FileKind.KEPUTUSAN: connector.read_decisions,
        FileKind.PENCAIRAN: connector.read_disbursements,
        FileKind.JADWAL: connector.read_schedule,
        FileKind.ANGSURAN: connector.read_repayments,
        FileKind.RINCIAN: connector.read_shares,
        FileKind.POSISI: connector.read_positions,
        FileKind.SUBSIDI: connector.read_subsidy_claim,
        FileKind.IDEB: connector.read_credit_reports,
    }
    return readers[kind]


def describe(connector: Connector, name: str, content: bytes) -> dict[str, Any]:
    """What the gateway makes of a file, as plain JSON values."""
    try:
        file, reading = read_sample(connector, name, content)
    except PartnerFileError as error:
        return {"error": {"code": error.code, "reason": error.reason, "line": error.line}}
    return {
        "identity": to_plain(file.identity),
        "value": to_plain(reading.value),
        "defects": to_plain(reading.defects),
    }


def write_expected(connector: Connector, folder: Path, *, force: bool = False) -> list[Path]:
    """Write the golden answers that are missing; others only with ``force``.  Read them after."""
    written = []
    for sample in find_samples(folder):
        if sample.expected is None or force:
            golden = sample.path.with_name(sample.name + EXPECTED)
            text = json.dumps(
                describe(connector, sample.name, sample.content), indent=1, ensure_ascii=False
            )
            golden.write_text(text + "\n", "utf-8")
            written.append(golden)
    return written


def _load_expected(path: Path) -> Mapping[str, Any] | None:
    golden = path.with_name(path.name + EXPECTED)
    if not golden.is_file():
        return None
    expected: Mapping[str, Any] = json.loads(golden.read_text("utf-8"))
    return expected
