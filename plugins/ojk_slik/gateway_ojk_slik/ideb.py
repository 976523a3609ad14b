"""An iDeb file as it stands: header, person, summary, facilities.  The rest is never kept.

Names, addresses, lenders, account numbers, collateral (``agunan``) and guarantors
(``penjamin``) are left behind here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gateway_ojk_slik.strictjson import (
    BadIdeb,
    Node,
    amount_of,
    grade_of,
    list_of,
    load,
    node_of,
    period_of,
    text_of,
)

NIK = re.compile(r"[0-9]{16}\Z")
REFERENCE = re.compile(r"[!-{}~]{1,64}\Z")
PART = re.compile(r"[0-9]{1,2}\Z")
HISTORY_MONTH = re.compile(r"tahunBulan([0-9]{2})\Z")
RESULT_MONTH = re.compile(r"[0-9]{4}(?:0[1-9]|1[0-2])(?:[0-9]{2}|[0-9]{8})\Z")
BPR_KEYS = ("krediturBPR/S", "krediturBPR", "krediturBPRS")
LENDER_KEYS = (("krediturBankUmum",), BPR_KEYS, ("krediturLp",), ("krediturLainnya",))
OTHER_ARRAYS = ("lc", "garansiYgDiberikan", "fasilitasLain", "suratBerharga")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month of a facility's history."""

    period: str
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """One facility, of any lender; amounts in whole rupiah.

    :param condition: two digits, empty if neither code nor text could be read.
    """

    kind: str
    condition: str
    grade: int | None
    period: str
    days_overdue: int
    outstanding_idr: int
    principal_arrears_idr: int
    interest_arrears_idr: int
    penalty_idr: int
    history: tuple[Month, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ideb:
    """One iDeb file, or one part of a longer answer.

    :param result_period: month in which the registry answered.
    :param stated_outstanding_idr: the summary's own total; ``None`` where it gives none.
    """

    reference: str
    request_id: str
    part: int
    parts: int
    result_period: str
    national_id: str = field(repr=False)
    data_period: str
    debtor_rows: int
    stated_outstanding_idr: int | None
    stated_lenders: int
    stated_worst: int | None
    facilities: tuple[Facility, ...]


def read_ideb(content: bytes) -> Ideb:
    """Read one iDeb file of a person.

    :raises BadIdeb: the file is cut, wrong, about a company, or about more than one person.
    """
    whole = load(content)
    header, person = node_of(whole, "header"), _person_of(whole)
    facilities = node_of(person, "fasilitas")
    if "kreditPembiayan" not in facilities and "kreditPembiayaan" not in facilities:
        raise BadIdeb(
            "SLIK_SHAPE", "kreditPembiayan is missing", "daftar kreditPembiayan tidak ada"
        )
    rows = list_of(facilities, "kreditPembiayan", "kreditPembiayaan")
    others = [item for name in OTHER_ARRAYS for item in list_of(facilities, name)]
    debtors = list_of(person, "dataPokokDebitur")
    summary = node_of(person, "ringkasanFasilitas")
    part, parts = _parts_of(header)
    return Ideb(
        reference=_reference_of(header),
        request_id=text_of(header, "idPermintaan"),
        part=part,
        parts=parts,
        result_period=_result_period_of(header),
        national_id=_national_id_of(person, debtors),
        data_period=period_of(person, "posisiDataTerakhir"),
        debtor_rows=len(debtors),
        stated_outstanding_idr=_stated_outstanding(summary),
        stated_lenders=sum(amount_of(summary, *keys) for keys in LENDER_KEYS),
        stated_worst=grade_of(summary, "kualitasTerburuk"),
        facilities=tuple(_read_facility(item) for item in (*rows, *others)),
    )


def _person_of(whole: Node) -> Node:
    if "perusahaan" in whole:
        raise BadIdeb(
            "SLIK_COMPANY",
            "this iDeb is about a company (perusahaan), which is not supported",
            "iDeb ini tentang badan usaha (perusahaan), yang belum didukung",
            how_en="Ask for the person's own iDeb.",
            how_id="Minta iDeb perorangan pemohon.",
        )
    return node_of(whole, "individual")


def _reference_of(header: Node) -> str:
    reference = text_of(header, "kodeReferensiPengguna")
    if REFERENCE.match(reference) is None:
        raise BadIdeb(
            "SLIK_REFERENCE",
            "kodeReferensiPengguna does not hold our inquiry reference",
            "kodeReferensiPengguna tidak memuat nomor permintaan kita",
            how_en="Ask the partner to look the person up again with our reference.",
            how_id="Minta mitra mencari ulang dengan nomor permintaan kita.",
        )
    return reference


def _parts_of(header: Node) -> tuple[int, int]:
    texts = text_of(header, "nomorBagian") or "1", text_of(header, "totalBagian") or "1"
    if not all(PART.match(text) for text in texts):
        raise _bad_parts()
    part, parts = (int(text) for text in texts)
    if not 1 <= part <= parts:
        raise _bad_parts()
    return part, parts


def _bad_parts() -> BadIdeb:
    return BadIdeb(
        "SLIK_PARTS",
        "nomorBagian and totalBagian do not fit",
        "nomorBagian dan totalBagian tidak cocok",
    )


def _result_period_of(header: Node) -> str:
    answered = text_of(header, "tanggalHasil", "tanggalPermintaan")
    return answered[:6] if RESULT_MONTH.match(answered) else ""


def _national_id_of(person: Node, debtors: list[Node]) -> str:
    """The NIK that was searched for; every debtor row must bear it too."""
    asked = text_of(node_of(person, "parameterPencarian"), "noIdentitas")
    if NIK.match(asked) is None or any(text_of(row, "noIdentitas") != asked for row in debtors):
        raise BadIdeb(
            "SLIK_WRONG_PERSON",
            "the person searched for and the debtor rows are not one and the same NIK",
            "NIK yang dicari dan NIK pada data debitur tidak sama",
            how_en="Ask the partner to look the person up again by NIK.",
            how_id="Minta mitra mencari ulang dengan NIK.",
        )
    return asked


def _stated_outstanding(summary: Node) -> int | None:
    names = ("bakiDebetTotal", "bakiDebetKreditPembiayaan", "bakiDebetKredit")
    return amount_of(summary, *names) if text_of(summary, *names) else None


def _read_facility(item: Node) -> Facility:
    return Facility(
        kind=text_of(item, "jenisKreditPembiayaan", "jenisKredit").upper(),
        condition=_condition_of(item),
        grade=grade_of(item, "kualitas", "kolektibilitas"),
        period=_reported_period(item),
        days_overdue=amount_of(item, "jumlahHariTunggakan"),
        outstanding_idr=amount_of(item, "bakiDebet"),
        principal_arrears_idr=amount_of(item, "tunggakanPokok"),
        interest_arrears_idr=amount_of(item, "tunggakanBunga"),
        penalty_idr=amount_of(item, "denda"),
        history=_history_of(item),
    )


def _condition_of(item: Node) -> str:
    """The code decides; the text stands in only where there is no code, whatever its case."""
    code = text_of(item, "kondisi")
    if code:
        return code.zfill(2)
    words = "".join(sign for sign in text_of(item, "kondisiKet").casefold() if sign.isalpha())
    return CONDITION_WORDS.get(words, "")


def _reported_period(item: Node) -> str:
    year, month = text_of(item, "tahun"), text_of(item, "bulan").zfill(2)
    return f"{year}{month}" if RESULT_MONTH.match(f"{year}{month}01") else ""


def _history_of(item: Node) -> tuple[Month, ...]:
    """Months by what they say, not by their number: numbering runs either way."""
    found = []
    for name in item:
        if HISTORY_MONTH.match(name):
            period, grade = period_of(item, name), grade_of(item, f"{name}Kol")
            if period and grade is not None:
                found.append(Month(period=period, grade=grade))
    return tuple(sorted(found, key=lambda month: month.period))


CONDITION_WORDS = {
    "fasilitasaktif": "00",
    "aktif": "00",
    "dibatalkan": "01",
    "lunas": "02",
    "dihapusbukukan": "03",
    "hapusbuku": "03",
    "hapustagih": "04",
    "lunaskarenapengambilalihanagunan": "05",
    "lunaskarenadiselesaikanmelaluipengadilan": "06",
    "lunasdengandiskon": "12",
    "diblokirsementara": "13",
    "lunassesuaikebijakanpemerintah": "17",
}
