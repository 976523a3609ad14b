"""What a blocker means and what the applicant can do next, in Indonesian and English."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.domain.applications import Blocker, BlockerCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One blocker in words: what it means, and the next thing the applicant can do."""

    meaning: str
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Texts:
    meaning_id: str
    next_id: str
    meaning_en: str
    next_en: str


TEXTS: dict[BlockerCode, _Texts] = {
    BlockerCode.NO_CONSENT: _Texts(
        meaning_id="Belum ada persetujuan pemohon untuk menanyakan riwayat kredit (SLIK).",
        next_id="Minta pemohon menandatangani formulir persetujuan SLIK, lalu isi tanggal dan"
        " buktinya.",
        meaning_en="The applicant has not yet consented to the credit registry (SLIK) inquiry.",
        next_en="Ask the applicant to sign the SLIK consent form, then enter its date and"
        " evidence.",
    ),
    BlockerCode.INCOMPLETE: _Texts(
        meaning_id="Isian yang diperlukan bank belum lengkap: {detail}.",
        next_id="Lengkapi isian itu; pendamping dapat membantu mengurus NIB dan KBLI di OSS.",
        meaning_en="What the bank needs is not complete: {detail}.",
        next_en="Fill it in; a mentor can help to get NIB and KBLI at OSS.",
    ),
    BlockerCode.ARREARS: _Texts(
        meaning_id="Ada tunggakan {amount} pada pinjaman yang masih berjalan.",
        next_id="Bayar atau minta keringanan di bank pemberi pinjaman, lalu minta pemeriksaan"
        " ulang sesudah data SLIK diperbarui.",
        meaning_en="There are arrears of {amount} on a running loan.",
        next_en="Pay them or ask that lender for relief, then ask for a new check once SLIK is"
        " updated.",
    ),
    BlockerCode.COLLECTABILITY: _Texts(
        meaning_id="Kualitas kredit yang masih berjalan adalah {detail}, lebih buruk dari batas"
        " program.",
        next_id="Lancarkan angsuran di bank pemberi pinjaman; kualitas membaik sesudah"
        " tunggakan lunas dan dilaporkan.",
        meaning_en="A running loan has grade {detail}, worse than the programme allows.",
        next_en="Bring the instalments up to date; the grade improves once the arrears are paid"
        " and reported.",
    ),
    BlockerCode.WRITTEN_OFF: _Texts(
        meaning_id="Ada pinjaman hapus buku yang belum lunas: {amount}.",
        next_id="Hapus buku bukan penghapusan utang: selesaikan dengan bank itu dan minta surat"
        " keterangan lunas.",
        meaning_en="A loan was written off and is still owed: {amount}.",
        next_en="Written off is not forgiven: settle it with that bank and ask for a letter of"
        " settlement.",
    ),
    BlockerCode.ONLINE_LOAN_ARREARS: _Texts(
        meaning_id="Ada tunggakan {amount} pada pinjaman daring (pindar).",
        next_id="Lunasi lewat aplikasi resmi penyelenggara dan simpan buktinya; bila merasa tidak"
        " pernah meminjam, lapor ke OJK 157.",
        meaning_en="There are arrears of {amount} at an online lender (pindar).",
        next_en="Pay through the lender's official app and keep the receipt; if you never"
        " borrowed, report it to OJK 157.",
    ),
    BlockerCode.GROUP_CEILING: _Texts(
        meaning_id="Jumlah permohonan anggota melebihi pagu kelompok sebesar {amount}.",
        next_id="Kurangi permohonan anggota sampai jumlahnya tidak melebihi pagu.",
        meaning_en="The members ask together for {amount} more than the group's ceiling.",
        next_en="Lower the members' amounts until they fit the ceiling.",
    ),
    BlockerCode.GROUP_TOO_SMALL: _Texts(
        meaning_id="Anggota kelompok kurang: {detail}.",
        next_id="Tambah anggota, atau ajukan melalui program perorangan.",
        meaning_en="The group has too few members: {detail}.",
        next_en="Add members, or apply under a programme for individuals.",
    ),
    BlockerCode.GROUP_NO_LEADER: _Texts(
        meaning_id="Kelompok harus mempunyai tepat satu ketua (sekarang {detail}).",
        next_id="Tetapkan satu ketua dan ubah peran anggota lainnya.",
        meaning_en="A group has exactly one leader (now {detail}).",
        next_en="Choose one leader and change the role of the others.",
    ),
    BlockerCode.GROUP_MEMBER_BLOCKED: _Texts(
        meaning_id="Ada anggota lain yang masih terkendala (jumlah: {detail}); kelompok menunggu.",
        next_id="Bantu anggota itu menyelesaikan kendalanya, atau ajukan tanpa anggota itu bila"
        " jumlah anggota masih cukup.",
        meaning_en="Other members are still held up (number: {detail}); the group waits.",
        next_en="Help them to clear what holds them up, or apply without them if enough members"
        " remain.",
    ),
    BlockerCode.REPORT_TOO_OLD: _Texts(
        meaning_id="Data riwayat kredit (posisi {detail}) tidak berlaku pada hari ini.",
        next_id="Tidak perlu berbuat apa-apa: data baru akan diminta.",
        meaning_en="The credit history (data of {detail}) does not hold today.",
        next_en="Nothing to do: new data will be asked for.",
    ),
    BlockerCode.NO_PARTNER: _Texts(
        meaning_id="Belum ada bank yang dapat menerima permohonan ini.",
        next_id="Tunggu, atau pilih bank lain yang ikut dalam program.",
        meaning_en="No bank can take this application at present.",
        next_en="Wait, or choose another bank of the programme.",
    ),
}


def rupiah(amount_idr: int) -> str:
    """An amount as people read it here: ``Rp20.000.000``, ``-Rp1.500``."""
    sign = "-" if amount_idr < 0 else ""
    return f"{sign}Rp{abs(amount_idr):,}".replace(",", ".")


def explain(blocker: Blocker, lang: str) -> Explanation:
    """Put a blocker into words.

    :param lang: ``"id"``; anything else is English.
    """
    texts = TEXTS[blocker.code]
    meaning, next_step = (
        (texts.meaning_id, texts.next_id) if lang == "id" else (texts.meaning_en, texts.next_en)
    )
    filled = meaning.format(amount=rupiah(blocker.amount_idr), detail=blocker.detail or "-")
    return Explanation(meaning=filled, next_step=next_step)
