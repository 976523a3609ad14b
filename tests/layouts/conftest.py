"""Files of a bank that uses the city's standard layouts, put together line by line."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import gateway_bank_jambi.layout
import pytest

from gateway.domain.files import FileIdentity, FileKind, InboundFile
from gateway.domain.partners import Partner
from gateway.layouts import Layout, identify_name


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardBank:
    """Writes what a bank would write, right or wrong."""

    partner: Partner

    def layout(self, kind: FileKind) -> Layout:
        return gateway_bank_jambi.layout.make_layout(kind)

    def file(
        self,
        kind: FileKind,
        rows: list[str],
        totals: str,
        *,
        more: str = "",
        seq: str = "001",
        name: str = "",
    ) -> InboundFile:
        """``rows`` without ``D|n|``, ``totals`` without count and digest."""
        head = f"H|{kind}|1.0|115|157100|20261030|{seq}|IDR|20261030173000{more}"
        lines = [head, *(f"D|{n}|{row}" for n, row in enumerate(rows, start=1))]
        return self.seal(kind, lines, f"T|{len(rows)}|{totals}", seq=seq, name=name)

    def seal(
        self, kind: FileKind, lines: list[str], trailer: str, *, seq: str = "001", name: str = ""
    ) -> InboundFile:
        """Lines with a right digest behind ``trailer``."""
        body = "".join(f"{line}\n" for line in lines).encode()
        content = body + f"{trailer}|{hashlib.sha256(body).hexdigest()}\n".encode()
        return self.named(kind, content, name or f"115.157100.{kind}.20261030.{seq}.txt")

    def named(self, kind: FileKind, content: bytes, name: str) -> InboundFile:
        identity = identify_name(self.layout(kind), self.partner, name)
        return InboundFile(
            name=name, content=content, identity=identity or FileIdentity(kind=kind, sequence=1)
        )


@pytest.fixture(scope="session")
def bank() -> StandardBank:
    partner = Partner(code="bank_jambi", name="Bank Jambi", bank_code="115")
    return StandardBank(partner=partner)
