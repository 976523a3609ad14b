"""The 68 kelurahan of Kota Jambi by kecamatan (Kemendagri codes), for invented addresses."""

from __future__ import annotations

from collections.abc import Mapping

PLACES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "01": (
        "Telanaipura",
        {
            "15.71.01.1001": "Simpang IV Sipin",
            "15.71.01.1002": "Buluran Kenali",
            "15.71.01.1003": "Teluk Kenali",
            "15.71.01.1004": "Telanaipura",
            "15.71.01.1010": "Penyengat Rendah",
            "15.71.01.1011": "Pematang Sulur",
            "15.71.01.1012": "Aur Kenali",
        },
    ),
    "02": (
        "Jambi Selatan",
        {
            "15.71.02.1002": "Pasir Putih",
            "15.71.02.1003": "Tambak Sari",
            "15.71.02.1004": "Thehok",
            "15.71.02.1005": "Wijaya Pura",
            "15.71.02.1006": "Pakuan Baru",
        },
    ),
    "03": (
        "Jambi Timur",
        {
            "15.71.03.1001": "Sijenjang",
            "15.71.03.1002": "Kasang Jaya",
            "15.71.03.1003": "Talang Banjar",
            "15.71.03.1004": "Budiman",
            "15.71.03.1005": "Sulanjana",
            "15.71.03.1006": "Kasang",
            "15.71.03.1007": "Tanjung Sari",
            "15.71.03.1008": "Rajawali",
            "15.71.03.1010": "Tanjung Pinang",
        },
    ),
    "04": (
        "Pasar Jambi",
        {
            "15.71.04.1001": "Beringin",
            "15.71.04.1002": "Orang Kayo Hitam",
            "15.71.04.1003": "Pasar Jambi",
            "15.71.04.1004": "Sungai Asam",
        },
    ),
    "05": (
        "Pelayangan",
        {
            "15.71.05.1001": "Arab Melayu",
            "15.71.05.1002": "Mudung Laut",
            "15.71.05.1003": "Jelmu",
            "15.71.05.1004": "Tengah",
            "15.71.05.1005": "Tahtul Yaman",
            "15.71.05.1006": "Tanjung Johor",
        },
    ),
    "06": (
        "Danau Teluk",
        {
            "15.71.06.1001": "Pasir Panjang",
            "15.71.06.1002": "Tanjung Raden",
            "15.71.06.1003": "Olak Kemang",
            "15.71.06.1004": "Tanjung Pasir",
            "15.71.06.1005": "Ulu Gedong",
        },
    ),
    "07": (
        "Kota Baru",
        {
            "15.71.07.1001": "Suka Karya",
            "15.71.07.1002": "Simpang III Sipin",
            "15.71.07.1004": "Paal Lima",
            "15.71.07.1005": "Kenali Asam Bawah",
            "15.71.07.1006": "Kenali Asam Atas",
            "15.71.07.1011": "Talang Gulo",
            "15.71.07.1012": "Kenali Asam",
        },
    ),
    "08": (
        "Jelutung",
        {
            "15.71.08.1001": "Talang Jauh",
            "15.71.08.1002": "Cempaka Putih",
            "15.71.08.1003": "Kebun Handil",
            "15.71.08.1004": "Lebak Bandung",
            "15.71.08.1005": "Payo Lebar",
            "15.71.08.1006": "Jelutung",
            "15.71.08.1007": "Handil Jaya",
        },
    ),
    "09": (
        "Alam Barajo",
        {
            "15.71.09.1001": "Kenali Besar",
            "15.71.09.1002": "Rawa Sari",
            "15.71.09.1003": "Mayang Mangurai",
            "15.71.09.1004": "Bagan Pete",
            "15.71.09.1005": "Beliung",
            "15.71.09.1006": "Simpang Rimbo",
            "15.71.09.1007": "Pinang Merah",
        },
    ),
    "10": (
        "Danau Sipin",
        {
            "15.71.10.1001": "Sungai Putri",
            "15.71.10.1002": "Murni",
            "15.71.10.1003": "Legok",
            "15.71.10.1004": "Selamat",
            "15.71.10.1005": "Solok Sipin",
        },
    ),
    "11": (
        "Paal Merah",
        {
            "15.71.11.1001": "Talang Bakung",
            "15.71.11.1002": "Payo Selincah",
            "15.71.11.1003": "Eka Jaya",
            "15.71.11.1004": "Lingkar Selatan",
            "15.71.11.1005": "Paal Merah",
            "15.71.11.1006": "Bakung Jaya",
        },
    ),
}
"""Two digits of the kecamatan -> its name, and kelurahan by code."""
