"""Laws about what a plugin writes."""

from __future__ import annotations

import re

from gateway.domain.partners import PartnerKind
from gateway.errors import WrongAnswer
from gateway.testing.case import Case, LawBroken

GROUPING = re.compile(rb"(?<=[0-9])[.,' ](?=[0-9]{3}(?![0-9]))")
"""Separators of thousands: 27.311.000 and 27311000 are one amount."""
MOST_CHARACTERS = 80
NUMBER_LIKE_A_NIK = re.compile(r"[0-9]{16}")


def same_batch_same_bytes(case: Case) -> None:
    """The same batch gives the same files, asked twice and asked of a fresh plugin."""
    connector = case.connect()
    first, second, third = case.write(connector), case.write(connector), case.write()
    if first != second or first != third:
        raise LawBroken("the same batch gave other names or other bytes the second time")


def every_application_is_in_the_file(case: Case) -> None:
    """Each application's reference and NIK stand in what is written."""
    content = b"\n".join(file.content for file in case.write())
    for place, item in enumerate(case.batch().items, start=1):
        for word in (item.application.reference, item.application.applicant.national_id):
            if word.encode() not in content:
                raise LawBroken(f"application {place} of the batch is not in the file")


def every_inquiry_is_in_the_file(case: Case) -> None:
    """Each inquiry's reference and NIK stand in what is written."""
    content = b"\n".join(file.content for file in case.write())
    for place, inquiry in enumerate(case.inquiries(), start=1):
        for word in (inquiry.reference, inquiry.national_id):
            if word.encode() not in content:
                raise LawBroken(f"inquiry {place} is not in the file")


def totals_are_carried(case: Case) -> None:
    """The batch's total in whole rupiah stands in what is written, grouped or not."""
    content = b"\n".join(GROUPING.sub(b"", file.content) for file in case.write())
    if str(case.batch().total_idr).encode() not in content:
        raise LawBroken("the total asked for is not in the file, so a cut file looks whole")


def names_are_safe(case: Case) -> None:
    """Names are flat, visible, short, unique, and tell nobody's number."""
    connector = case.connect()
    try:
        if case.kind is PartnerKind.REGISTRY:
            files = connector.render_inquiries("INQUIRY-000001", "20260803", case.inquiries())
        else:
            files = connector.render_batch(case.batch())
            if files[0].name == connector.render_batch(case.batch(2))[0].name:
                raise LawBroken("two batches would get one file name")
    except WrongAnswer as error:
        if error.reason == "UNSAFE_NAME":
            raise LawBroken(error.message_en) from error
        raise
    for file in files:
        if len(file.name) > MOST_CHARACTERS:
            raise LawBroken(f"a name is longer than {MOST_CHARACTERS} characters")
        if NUMBER_LIKE_A_NIK.search(file.name):
            raise LawBroken("a name holds sixteen digits, as a NIK does")
