"""The kecamatan and kelurahan of Kota Jambi: Kemendagri 15.71 (Kepmendagri 300.2.2-2430/2025).

BPS and SLIK number the same places differently; only Kemendagri codes are taken here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from gateway.domain.identity import Problem

KECAMATAN = {
    "15.71.01": "Telanaipura",
    "15.71.02": "Jambi Selatan",
    "15.71.03": "Jambi Timur",
    "15.71.04": "Pasar Jambi",
    "15.71.05": "Pelayangan",
    "15.71.06": "Danau Teluk",
    "15.71.07": "Kota Baru",
    "15.71.08": "Jelutung",
    "15.71.09": "Alam Barajo",
    "15.71.10": "Danau Sipin",
    "15.71.11": "Paal Merah",
}

_LISTED = {
    "15.71.01": "1001 Simpang IV Sipin|1002 Buluran Kenali|1003 Teluk Kenali|1004 Telanaipura"
    "|1010 Penyengat Rendah|1011 Pematang Sulur|1012 Aur Kenali",
    "15.71.02": "1002 Pasir Putih|1003 Tambak Sari|1004 Thehok|1005 Wijaya Pura|1006 Pakuan Baru",
    "15.71.03": "1001 Sijenjang|1002 Kasang Jaya|1003 Talang Banjar|1004 Budiman|1005 Sulanjana"
    "|1006 Kasang|1007 Tanjung Sari|1008 Rajawali|1010 Tanjung Pinang",
    "15.71.04": "1001 Beringin|1002 Orang Kayo Hitam|1003 Pasar Jambi|1004 Sungai Asam",
    "15.71.05": "1001 Arab Melayu|1002 Mudung Laut|1003 Jelmu|1004 Tengah|1005 Tahtul Yaman"
    "|1006 Tanjung Johor",
    "15.71.06": "1001 Pasir Panjang|1002 Tanjung Raden|1003 Olak Kemang|1004 Tanjung Pasir"
    "|1005 Ulu Gedong",
    "15.71.07": "1001 Suka Karya|1002 Simpang III Sipin|1004 Paal Lima|1005 Kenali Asam Bawah"
    "|1006 Kenali Asam Atas|1011 Talang Gulo|1012 Kenali Asam",
    "15.71.08": "1001 Talang Jauh|1002 Cempaka Putih|1003 Kebun Handil|1004 Lebak Bandung"
    "|1005 Payo Lebar|1006 Jelutung|1007 Handil Jaya",
    "15.71.09": "1001 Kenali Besar|1002 Rawa Sari|1003 Mayang Mangurai|1004 Bagan Pete"
    "|1005 Beliung|1006 Simpang Rimbo|1007 Pinang Merah",
    "15.71.10": "1001 Sungai Putri|1002 Murni|1003 Legok|1004 Selamat|1005 Solok Sipin",
    "15.71.11": "1001 Talang Bakung|1002 Payo Selincah|1003 Eka Jaya|1004 Lingkar Selatan"
    "|1005 Paal Merah|1006 Bakung Jaya",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kelurahan:
    """One kelurahan: code such as ``15.71.07.1004``, its name and its kecamatan's name."""

    code: str
    name: str
    kecamatan: str


def _squeeze(text: str) -> str:
    return "".join(text.split()).casefold()


KELURAHAN: tuple[Kelurahan, ...] = tuple(
    Kelurahan(code=f"{district}.{entry[:4]}", name=entry[5:], kecamatan=KECAMATAN[district])
    for district, entries in _LISTED.items()
    for entry in entries.split("|")
)
BY_CODE = {place.code: place for place in KELURAHAN}
SHORTEST_PART = 4


def find_kelurahan(text: str, places: Sequence[Kelurahan] = KELURAHAN) -> Kelurahan | Problem:
    """Find a kelurahan by its code or name; capitals and blanks do not matter.

    A name that several kelurahan bear, or a part that several share, asks for the code.
    """
    wanted = _squeeze(text)
    for place in places:
        if place.code == wanted:
            return place
    named = [place for place in places if _squeeze(place.name) == wanted]
    if len(named) == 1:
        return named[0]
    sharing = named or [place for place in places if _is_part(wanted, place)]
    return _ambiguous(sharing) if len(sharing) > 1 else _unknown(wanted, sharing, places)


def _is_part(wanted: str, place: Kelurahan) -> bool:
    return len(wanted) >= SHORTEST_PART and wanted in _squeeze(place.name)


def _list(places: Sequence[Kelurahan]) -> str:
    return "; ".join(f"{place.code} {place.name}" for place in places)


def _ambiguous(places: Sequence[Kelurahan]) -> Problem:
    listed = _list(places)
    return Problem(
        code="KELURAHAN_AMBIGUOUS",
        message_id="Nama kelurahan cocok dengan lebih dari satu kelurahan.",
        message_en="The name fits more than one kelurahan.",
        how_id=f"Tulis kodenya: {listed}.",
        how_en=f"Write the code: {listed}.",
    )


def _unknown(wanted: str, parts: Sequence[Kelurahan], places: Sequence[Kelurahan]) -> Problem:
    names = {_squeeze(place.name): place for place in places}
    near = parts or [names[name] for name in get_close_matches(wanted, names, n=3)]
    listed = _list(near)
    return Problem(
        code="KELURAHAN_UNKNOWN",
        message_id="Kelurahan tidak ada di Kota Jambi.",
        message_en="There is no such kelurahan in Kota Jambi.",
        how_id=f"Yang paling mirip: {listed}."
        if near
        else "Tulis nama kelurahan atau kode Kemendagri seperti 15.71.07.1004 (bukan kode BPS).",
        how_en=f"The nearest: {listed}."
        if near
        else "Write its name or its Kemendagri code such as 15.71.07.1004 (not the BPS code).",
    )
