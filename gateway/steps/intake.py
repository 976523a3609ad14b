"""Take applications in: a row with errors is refused alone, the others go in.

The form's bytes are kept first.  Reading the same form again, or the same person again while
an application is open, gives the first answer and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import wib_day
from gateway.domain.applications import Application
from gateway.domain.identity import Problem
from gateway.domain.programmes import Programme
from gateway.schemas import (
    ApplicationDraft,
    FormProblem,
    RowError,
    check_groups,
    check_row,
    read_form,
)
from gateway.schemas.problems import row_error
from gateway.store import Store, Transaction, applications, kept

GROUP_PREFIX = "K"
"""Stands before a programme's prefix in a group's own reference."""

MEMBER_ELSEWHERE = Problem(
    code="GROUP_MEMBER_OPEN",
    message_id="Seorang anggota kelompok ini masih mempunyai permohonan lain yang berjalan.",
    message_en="A member of this group still has another application under way.",
    how_id="Selesaikan atau tarik permohonan itu, atau ajukan kelompok tanpa anggota itu.",
    how_en="Finish or withdraw that application, or send the group without that member.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeResult:
    """What one form gave (ruling 26).

    :param references: of what went in, and of what was there already, in the order of rows.
    """

    file_name: str
    accepted: int
    refused: int
    repeated: int
    errors: tuple[RowError, ...]
    references: tuple[str, ...]


def take_in(
    store: Store,
    programme: Programme,
    file_name: str,
    content: bytes,
    now: datetime,
    actor: str,
) -> IntakeResult:
    """Take one form in, in one store transaction.

    :raises FormProblem: when the form as a whole cannot be read; its bytes are kept even so.
    """
    sha256 = store.blobs.put(content)
    try:
        drafts, errors = _read(programme, file_name, content, now)
    except FormProblem as problem:
        with store.begin(now, actor) as tx:
            kept.note_blobs(tx, [sha256])
            tx.audit("FORM_REFUSED", sha256, code=problem.reason, programme=programme.code)
        raise
    with store.begin(now, actor) as tx:
        kept.note_blobs(tx, [sha256])
        repeats = _find_repeats(tx, programme, drafts, sha256)
        torn = _torn_groups(drafts, repeats)
        errors += [row_error(d.row, "nik", MEMBER_ELSEWHERE) for d in drafts if d.row in torn]
        fresh = [d for d in drafts if d.row not in repeats and d.row not in torn]
        known = {row: reference for row, reference in repeats.items() if row not in torn}
        saved = _save(tx, programme, fresh, sha256, known)
        refused = {error.row for error in errors}
        tx.audit(
            "FORM_READ",
            sha256,
            programme=programme.code,
            accepted=len(saved),
            refused=len(refused),
            repeated=len(known),
        )
    rows = {**saved, **known}
    return IntakeResult(
        file_name=file_name,
        accepted=len(saved),
        refused=len(refused),
        repeated=len(known),
        errors=tuple(sorted(errors, key=lambda error: error.row)),
        references=tuple(rows[row] for row in sorted(rows)),
    )


def refused_form(file_name: str, problem: FormProblem) -> IntakeResult:
    """A form that could not be read at all, told like any other refusal: at its first line."""
    error = RowError(
        row=1,
        column="",
        code=problem.reason,
        message_id=problem.message_id,
        message_en=problem.message_en,
        how_id=problem.how_id,
        how_en=problem.how_en,
    )
    return IntakeResult(
        file_name=file_name, accepted=0, refused=0, repeated=0, errors=(error,), references=()
    )


def _read(
    programme: Programme, file_name: str, content: bytes, now: datetime
) -> tuple[list[ApplicationDraft], list[RowError]]:
    today = wib_day(now)
    results = [check_row(row, programme, today) for row in read_form(file_name, content)]
    drafts = [result.draft for result in results if result.draft is not None]
    errors = [error for result in results for error in result.errors]
    refused_groups = {r.source_group for r in results if r.draft is None and r.source_group}
    group_errors = check_groups(drafts, programme, refused_groups)
    stopped = {error.row for error in group_errors}
    return [draft for draft in drafts if draft.row not in stopped], [*errors, *group_errors]


def _find_repeats(
    tx: Transaction, programme: Programme, drafts: Iterable[ApplicationDraft], sha256: str
) -> dict[int, str]:
    """Row -> reference of the application that the row repeats."""
    found: dict[int, str] = {}
    for draft in drafts:
        reference = applications.find_repeat(
            tx,
            programme=programme.code,
            national_id=draft.applicant.national_id,
            source_sha256=sha256,
            source_row=draft.row,
            source_reference=draft.source_reference,
        )
        if reference is not None:
            found[draft.row] = reference
    return found


def _torn_groups(drafts: Sequence[ApplicationDraft], repeats: Mapping[int, str]) -> set[int]:
    """Rows of groups of which some members, not all, have an application already."""
    groups: dict[str, list[int]] = {}
    for draft in drafts:
        if draft.source_group:
            groups.setdefault(draft.source_group, []).append(draft.row)
    return {
        row
        for rows in groups.values()
        if 0 < sum(row in repeats for row in rows) < len(rows)
        for row in rows
    }


def _save(
    tx: Transaction,
    programme: Programme,
    drafts: Sequence[ApplicationDraft],
    sha256: str,
    known: dict[int, str],
) -> dict[int, str]:
    """Row -> new reference.  The same person again in one form is a repeat, added to ``known``."""
    bound = applications.count_by_partner(tx, programme.code)
    groups: dict[str, tuple[str, str]] = {}
    saved: dict[int, str] = {}
    seen: dict[str, str] = {}
    for draft in drafts:
        person = draft.applicant.national_id
        if person in seen:
            known[draft.row] = seen[person]
            continue
        place = groups.get(draft.source_group)
        if place is None:
            partner_code = _choose_partner(programme, draft.partner_code, bound)
            group_reference = _save_group(tx, programme, draft, sha256)
            place = (group_reference, partner_code)
            if draft.source_group:
                groups[draft.source_group] = place
        bound[place[1]] = bound.get(place[1], 0) + 1
        application = _application(tx, programme, draft, *place)
        applications.save_application(tx, application, source_sha256=sha256, source_row=draft.row)
        saved[draft.row] = seen[person] = application.reference
    return saved


def _choose_partner(programme: Programme, stated: str, bound: Mapping[str, int]) -> str:
    """The stated bank, else the one of the programme that was given fewest so far."""
    if stated:
        return stated
    return min(
        programme.partners, key=lambda code: (bound.get(code, 0), programme.partners.index(code))
    )


def _save_group(tx: Transaction, programme: Programme, draft: ApplicationDraft, sha256: str) -> str:
    """The group's own reference; empty for somebody who asks alone."""
    if not draft.source_group:
        return ""
    reference = applications.next_reference(tx, GROUP_PREFIX + programme.prefix)
    applications.save_group(
        tx,
        reference=reference,
        name=draft.group_name,
        programme=programme.code,
        source_group=draft.source_group,
        source_sha256=sha256,
    )
    return reference


def _application(
    tx: Transaction,
    programme: Programme,
    draft: ApplicationDraft,
    group_reference: str,
    partner_code: str,
) -> Application:
    return Application(
        reference=applications.next_reference(tx, programme.prefix),
        programme=programme.code,
        partner_code=partner_code,
        applicant=draft.applicant,
        business=draft.business,
        amount_idr=draft.amount_idr,
        tenor_months=draft.tenor_months,
        purpose=draft.purpose,
        received_on=wib_day(tx.now),
        consent=draft.consent,
        group_reference=group_reference,
        group_role=draft.group_role,
        group_name=draft.group_name,
        source_reference=draft.source_reference,
    )
