"""Words of which invented people, businesses and groups are made."""

from __future__ import annotations

WOMEN = (
    "Siti Aminah", "Nurhayati", "Dewi Lestari", "Rina", "Yulianti", "Marlina", "Fitriani",
    "Sri Wahyuni", "Ratna", "Maimunah", "Nur'aini", "Susilawati", "Rohani", "Zubaidah", "Ermawati",
    "Lina", "Halimah", "Desi", "Mardiana", "Kartini",
)  # fmt: skip
MEN = (
    "Ahmad", "M. Yusuf", "Budi", "Hendra", "Rahmat", "Syafrizal", "Agus", "Zulkifli", "Iskandar",
    "Joko", "Rusdi", "Amrizal", "Bambang", "Darwis", "Eko", "Firdaus", "Husin", "Marwan", "Usman",
    "Tarmizi",
)  # fmt: skip
FAMILY = (
    "Contoh", "Saputra", "Wijaya", "Hasibuan", "Siregar", "Harahap", "Lubis", "Ramadhan", "Putra",
    "Kusuma", "Hidayat", "Nasution", "Effendi", "Santoso", "Permata", "Anggraini", "Maulana",
)  # fmt: skip
BUSINESSES = (
    ("47112", "Warung"),
    ("56103", "Kedai Nasi"),
    ("56304", "Kedai Kopi"),
    ("10710", "Kue Kering"),
    ("13134", "Batik"),
    ("14111", "Jahit"),
    ("47713", "Toko Baju"),
    ("95210", "Servis Elektronik"),
    ("45407", "Bengkel"),
    ("96111", "Pangkas Rambut"),
    ("47213", "Sayur"),
    ("10750", "Katering"),
    ("01412", "Ternak"),
    ("03221", "Kolam Ikan"),
)
PURPOSES = (
    "Tambah modal",
    "Beli bahan baku",
    "Beli mesin jahit",
    "Perbaiki kios",
    "Beli gerobak",
    "Tambah stok lebaran",
    "Beli etalase",
)
STREETS = (
    "Merdeka", "Sultan Thaha", "Melati", "Kenanga", "Pangeran Hidayat", "Husni Thamrin",
    "Depati Purbo", "Raden Mattaher", "Kapten Pattimura", "Slamet Riyadi", "Lingkar Barat",
    "Sunan Giri", "Kirana", "Yulius Usman",
)  # fmt: skip
GROUPS = ("Mawar", "Melati", "Angso Duo", "Sekato", "Batanghari", "Kenanga", "Maju", "Berkah")
