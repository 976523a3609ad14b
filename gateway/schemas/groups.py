"""Checking the groups of a form: a group is one loan and is taken in whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from gateway.domain.applications import GroupRole
from gateway.domain.blockers import rupiah
from gateway.domain.identity import Problem
from gateway.domain.programmes import Programme
from gateway.schemas.drafts import ApplicationDraft
from gateway.schemas.problems import RowError, row_error

Found = tuple[str, Problem]
"""(column, problem)"""


def check_groups(
    drafts: Sequence[ApplicationDraft], programme: Programme, refused: Collection[str] = ()
) -> list[RowError]:
    """Find what is wrong with groups; every row of such a group is refused.

    :param refused: ``source_group`` of rows that were refused on their own: their group would
        go in without them, with another sum and perhaps without its leader.
    """
    groups: dict[str, list[ApplicationDraft]] = {}
    for draft in drafts:
        if draft.source_group:
            groups.setdefault(draft.source_group, []).append(draft)
    return [
        row_error(member.row, column, problem)
        for key, members in groups.items()
        for column, problem in _check_group(members, programme, is_torn=key in refused)
        for member in members
    ]


def _check_group(
    members: Sequence[ApplicationDraft], programme: Programme, *, is_torn: bool
) -> Iterator[Found]:
    if is_torn:
        yield "ref_kelompok", MEMBER_REFUSED
    total_idr = sum(member.amount_idr for member in members)
    if total_idr > programme.max_idr:
        yield "plafon_diajukan", _ceiling_problem(total_idr, programme.max_idr)
    if len(members) < programme.group.min_members and not is_torn:
        yield "ref_kelompok", _size_problem(len(members), programme.group.min_members)
    leaders = sum(member.group_role is GroupRole.LEADER for member in members)
    if leaders > 1 or (leaders == 0 and not is_torn):
        yield "peran_kelompok", LEADER_COUNT
    if len({member.applicant.national_id for member in members}) < len(members):
        yield "nik", SAME_PERSON
    yield from _check_agreement(members)


def _check_agreement(members: Sequence[ApplicationDraft]) -> Iterator[Found]:
    """One loan has one tenor, one bank and one name."""
    if len({member.tenor_months for member in members}) > 1:
        yield "tenor_bulan", TENOR_DIFFERS
    if len({member.partner_code for member in members}) > 1:
        yield "bank", BANK_DIFFERS
    if len({member.group_name for member in members}) > 1:
        yield "nama_kelompok", NAME_DIFFERS


def _ceiling_problem(total_idr: int, ceiling_idr: int) -> Problem:
    total, ceiling = rupiah(total_idr), rupiah(ceiling_idr)
    excess = rupiah(total_idr - ceiling_idr)
    return Problem(
        code="GROUP_CEILING",
        message_id=f"Jumlah kelompok {total} melebihi pagu {ceiling} sebesar {excess}.",
        message_en=f"The group asks for {total}, which is {excess} above its ceiling {ceiling}.",
        how_id="Kurangi permohonan anggota sampai jumlahnya tidak melebihi pagu.",
        how_en="Lower the members' amounts until they fit the ceiling.",
    )


def _size_problem(count: int, least: int) -> Problem:
    return Problem(
        code="GROUP_TOO_SMALL",
        message_id=f"Kelompok ini beranggota {count}; paling sedikit {least}.",
        message_en=f"This group has {count} members; it needs at least {least}.",
        how_id="Tambah anggota pada berkas yang sama.",
        how_en="Add members in the same file.",
    )


LEADER_COUNT = Problem(
    code="GROUP_LEADER",
    message_id="Kelompok harus mempunyai tepat satu ketua.",
    message_en="A group has exactly one leader.",
    how_id="Tulis ketua pada satu baris dan anggota pada baris lainnya.",
    how_en="Write ketua in one row and anggota in the others.",
)
SAME_PERSON = Problem(
    code="GROUP_SAME_PERSON",
    message_id="Ada NIK yang dua kali dalam kelompok ini.",
    message_en="A NIK stands twice in this group.",
    how_id="Hapus baris yang ganda.",
    how_en="Remove the repeated row.",
)
TENOR_DIFFERS = Problem(
    code="GROUP_TENOR_DIFFERS",
    message_id="Jangka waktu anggota berbeda-beda, padahal kelompok meminjam sebagai satu.",
    message_en="The members' tenors differ, and a group borrows as one.",
    how_id="Samakan tenor_bulan pada semua baris kelompok.",
    how_en="Write the same tenor_bulan in all rows of the group.",
)
BANK_DIFFERS = Problem(
    code="GROUP_BANK_DIFFERS",
    message_id="Bank anggota berbeda-beda, padahal kelompok meminjam sebagai satu.",
    message_en="The members' banks differ, and a group borrows as one.",
    how_id="Samakan bank pada semua baris kelompok.",
    how_en="Write the same bank in all rows of the group.",
)
NAME_DIFFERS = Problem(
    code="GROUP_NAME_DIFFERS",
    message_id="Nama kelompok berbeda-beda untuk ref_kelompok yang sama.",
    message_en="The group's name differs under the same ref_kelompok.",
    how_id="Samakan nama_kelompok, atau pakai ref_kelompok lain.",
    how_en="Write the same nama_kelompok, or use another ref_kelompok.",
)
MEMBER_REFUSED = Problem(
    code="GROUP_MEMBER_REFUSED",
    message_id="Baris anggota lain dari kelompok ini ditolak, jadi kelompok belum diterima.",
    message_en="Another member's row was refused, so the group is not taken in yet.",
    how_id="Perbaiki baris itu, lalu kirim seluruh kelompok lagi.",
    how_en="Mend that row, then send the whole group again.",
)
