"""One plugin with one partner's settings and samples, as the laws see it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gateway.connectors import Connector
from gateway.domain.batches import Batch
from gateway.domain.credit import CreditInquiry
from gateway.domain.files import FileKind, InboundFile, OutboundFile, Reading
from gateway.domain.partners import PartnerKind
from gateway.errors import PartnerFileError, WrongAnswer
from gateway.testing import builders
from gateway.testing.samples import Sample, StrangerSample, find_samples, read_sample

OTHER_LAWS_REASONS = frozenset({"UNSAFE_NAME", "WRONG_GRADE"})
"""Wrong answers that have a law of their own; the other laws leave them to it."""


class LawBroken(AssertionError):
    """What a plugin does against a law of the contract."""


class NotJudged(Exception):
    """This law cannot be judged because another one is broken, and that one says so."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A plugin on trial.

    :param connect: gives a fresh connector, so that nothing is kept between two of them.
    :param stated: the hooks that the plugin's author says it has; ``None`` if nobody said.
    :param settings: the partner's raw ``[settings]``.
    :param reasons: kind of file -> why it has no sample.
    """

    connect: Callable[[], Connector]
    kind: PartnerKind
    samples: Path
    stated: frozenset[str] | None = None
    settings: Mapping[str, object] = dataclasses.field(default_factory=dict)
    reasons: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def expect(self, kind: PartnerKind) -> Case:
        """The same case, of a plugin that claims to be of this kind."""
        return dataclasses.replace(self, kind=kind)

    def batch(self, serial: int = 1) -> Batch:
        """A batch bound for this partner; another ``serial`` is another batch."""
        batch = builders.a_batch(reference=f"BATCH-2026-{serial:06}", sequence=serial)
        code = self.connect().partner.code
        items = tuple(
            dataclasses.replace(
                item, application=dataclasses.replace(item.application, partner_code=code)
            )
            for item in batch.items
        )
        return dataclasses.replace(batch, partner_code=code, items=items)

    def inquiries(self) -> tuple[CreditInquiry, ...]:
        """Questions about three made-up people."""
        return tuple(builders.an_inquiry(serial) for serial in (1, 2, 3))

    def write(self, connector: Connector | None = None) -> tuple[OutboundFile, ...]:
        """What this partner is sent: the batch, or the inquiries.

        :raises NotJudged: the answer breaks a law that is judged elsewhere.
        """
        asked = connector or self.connect()
        try:
            if self.kind is PartnerKind.REGISTRY:
                return asked.render_inquiries("INQUIRY-000001", "20260803", self.inquiries())
            return asked.render_batch(self.batch())
        except WrongAnswer as error:
            if error.reason in OTHER_LAWS_REASONS:
                raise NotJudged(error.reason) from error
            raise

    def find_samples(self) -> tuple[Sample, ...]:
        """Every sample of the partner."""
        return find_samples(self.samples)

    def readings(
        self, kinds: Sequence[FileKind] = tuple(FileKind)
    ) -> Iterator[tuple[Sample, InboundFile, Reading[Any]]]:
        """Every sample of these kinds that can be read, with what was read."""
        connector = self.connect()
        for sample in self.find_samples():
            try:
                file, reading = read_sample(connector, sample.name, sample.content)
            except (PartnerFileError, StrangerSample):
                continue
            except WrongAnswer as error:
                if error.reason in OTHER_LAWS_REASONS:
                    continue
                raise
            if file.identity.kind in kinds:
                yield sample, file, reading
