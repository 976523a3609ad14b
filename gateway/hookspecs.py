# mypy: disable-error-code="empty-body"
"""The contract between the gateway and a partner's plugin.

A plugin translates; the gateway carries.  A hook turns our words into the partner's file, or
the partner's file into our words.  It never opens a connection, reads a clock, writes a file
or keeps anything between calls, so the same arguments always give the same answer.

Every hook is asked of one plugin on behalf of one partner, so every hook is ``firstresult``:
the answer is a plain value.  ``None`` means "this partner does not do that".  No hook is
historic: plugins are loaded once, before the first question.

A format that can be described as data is a :class:`gateway.layouts.Layout`, given by
:func:`layouts`; the gateway itself then reads and writes it, and the ``read_…`` or
``render_…`` hook for that kind is not needed.  A hook is for a format that cannot be described.

Units: ``_idr`` whole rupiah, ``_months`` months, ``_bps`` basis points a year, ``_on`` a
calendar date in Asia/Jakarta, ``_at`` an aware UTC moment.  References are the gateway's own
and come back unchanged.  A file that breaks the agreed format is reported by raising
:class:`gateway.errors.FileUnreadable` with the line; any other exception is taken for a defect
in the plugin.

Each "Law" is a test of the same name in :mod:`gateway.testing.conformance`.
"""

from __future__ import annotations

from collections.abc import Sequence

from marshmallow import Schema

from gateway import hookspec
from gateway.domain.batches import Acknowledgement, Batch
from gateway.domain.credit import CreditInquiry, CreditReport
from gateway.domain.files import FileIdentity, InboundFile, OutboundFile
from gateway.domain.loans import Decision, Disbursement, RepaymentStatement
from gateway.domain.partners import Partner
from gateway.domain.subsidy import SubsidyClaim
from gateway.layouts import Layout

# Starting up -----------------------------------------------------------------


@hookspec(firstresult=True)
def settings_schema() -> type[Schema]:
    """Give the schema for this plugin's own part of a partner's settings.

    Asked once per partner at start-up, before any other hook.  Unknown keys are refused.
    Secrets never appear here: the gateway holds them.

    Law: schema_refuses_unknown_keys.
    """


@hookspec(firstresult=True)
def layouts(partner: Partner) -> list[Layout]:
    """Describe the partner's files that are rows with a header and a trailer.

    :param partner: ``partner.settings`` are what the plugin's own schema loaded.

    Law: layout_round_trips, layouts_carry_totals, same_batch_same_bytes.
    """


@hookspec(firstresult=True)
def identify_file(partner: Partner, name: str, head: bytes) -> FileIdentity | None:
    """Say what an inbound file reports, from its name and first bytes.

    Not asked for a name that one of the partner's layouts knows.

    :param name: the remote file name, without directories.
    :param head: at most the first 4096 bytes.
    :returns: kind and number, or ``None`` for a file this plugin does not know; the gateway
        sets such a file aside for a person to look at.

    Law: every_sample_is_identified, strangers_are_not_identified.
    """


# Application submission ------------------------------------------------------


@hookspec(firstresult=True)
def render_batch(partner: Partner, batch: Batch) -> list[OutboundFile]:
    """Write a sealed batch as the partner's files.

    The gateway signs and delivers what is returned, in the order given.

    :param batch: never empty; every application is bound for ``partner``.
    :returns: at least one file; names are unique and hold no directory part.

    Law: same_batch_same_bytes, every_application_is_in_the_file, totals_are_carried,
    names_are_safe.
    """


@hookspec(firstresult=True)
def read_acknowledgement(partner: Partner, file: InboundFile) -> Acknowledgement:
    """Read the partner's receipt for a batch.

    A partner may take some applications and refuse others; both lists are given, and a
    refusal keeps the partner's own reason.

    :raises FileUnreadable: at the first line that breaks the format.

    Law: samples_read_as_expected, cut_file_is_unreadable.
    """


@hookspec(firstresult=True)
def read_decisions(partner: Partner, file: InboundFile) -> list[Decision]:
    """Read the bank's answers, one per application.

    ``approved_idr`` is 0 for a decline, and ``reason_code`` is then not empty.

    :raises FileUnreadable: as for :func:`read_acknowledgement`.

    Law: samples_read_as_expected, cut_file_is_unreadable, declines_have_reasons.
    """


@hookspec(firstresult=True)
def read_disbursements(partner: Partner, file: InboundFile) -> list[Disbursement]:
    """Read the loans the bank has paid out.

    :raises FileUnreadable: as for :func:`read_acknowledgement`.

    Law: samples_read_as_expected, cut_file_is_unreadable.
    """


# Credit checks ---------------------------------------------------------------


@hookspec(firstresult=True)
def render_inquiries(
    partner: Partner, batch_reference: str, dated_on: str, inquiries: Sequence[CreditInquiry]
) -> list[OutboundFile]:
    """Write credit inquiries as the registry's files.

    :param batch_reference: ours, unique per batch of inquiries.
    :param dated_on: ``yyyymmdd``, the WIB day of writing.
    :param inquiries: never empty; consent for each is already on record.

    Law: same_batch_same_bytes, every_inquiry_is_in_the_file, names_are_safe.
    """


@hookspec(firstresult=True)
def read_credit_reports(partner: Partner, file: InboundFile) -> list[CreditReport]:
    """Read the registry's answers.

    A person who never borrowed is a report whose ``worst_24_months`` is ``None``: no history
    is not a good history.  A person the registry could not match is left out, and the inquiry
    stays unanswered.

    :raises FileUnreadable: as for :func:`read_acknowledgement`.

    Law: samples_read_as_expected, cut_file_is_unreadable, collectability_is_1_to_5_or_none.
    """


# Repayment reconciliation ----------------------------------------------------


@hookspec(firstresult=True)
def read_repayments(partner: Partner, file: InboundFile) -> RepaymentStatement:
    """Read the bank's repayments with its own control totals.

    Totals are copied as stated, never recomputed: comparing them is the gateway's work.  A
    reversed payment is a row of type R with a positive amount.

    :raises FileUnreadable: as for :func:`read_acknowledgement`.

    Law: samples_read_as_expected, cut_file_is_unreadable, totals_are_as_stated.
    """


@hookspec(firstresult=True)
def read_subsidy_claim(partner: Partner, file: InboundFile) -> SubsidyClaim:
    """Read the bank's bill for subsidised interest.

    :raises FileUnreadable: as for :func:`read_acknowledgement`.

    Law: samples_read_as_expected, cut_file_is_unreadable, totals_are_as_stated.
    """
