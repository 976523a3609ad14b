"""The field guide of a layout, as Markdown: what a bank's programmer needs to write the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from gateway.domain.files import OUTBOUND
from gateway.layouts.layout import Field, FieldType, Layout, Style, Total, TotalKind
from gateway.layouts.values import spell_format

Lang = Literal["id", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    "out": ("dari kota ke mitra", "from the city to the partner"),
    "in": ("dari mitra ke kota", "from the partner to the city"),
    "name": ("Nama berkas", "File name"),
    "shape": ("Bentuk", "Shape"),
    "delimited": ("kolom dipisah", "fields separated by"),
    "fixed": ("lebar tetap", "fixed width"),
    "ends": ("baris diakhiri", "lines end with"),
    "header": ("Header (baris pertama)", "Header (first line)"),
    "headings": ("Baris 2 berisi judul kolom.", "Line 2 holds the column headings."),
    "detail": ("Baris rincian", "Rows"),
    "trailer": ("Trailer (baris terakhir)", "Trailer (last line)"),
    "no": ("No", "No"),
    "field": ("Kolom", "Field"),
    "heading": ("Judul", "Heading"),
    "type": ("Jenis", "Type"),
    "width": ("Lebar", "Width"),
    "required": ("Wajib", "Required"),
    "meaning": ("Arti", "Meaning"),
    "yes": ("ya", "yes"),
    "no_need": ("tidak", "no"),
    "rows": ("jumlah baris", "number of rows"),
    "sum": ("jumlah", "sum of"),
    "stated": ("menurut bank", "as the bank states it"),
    "subsidy": ("jumlah baris, atau per rekening dibulatkan sekali", "of rows, or once per loan"),
    "where": ("untuk", "where"),
}
_TYPES: dict[FieldType, tuple[str, str]] = {
    FieldType.TEXT: ("teks", "text"),
    FieldType.DIGITS: ("angka", "digits"),
    FieldType.REFERENCE: ("acuan, paling banyak 35", "reference, at most 35"),
    FieldType.LOAN_NUMBER: ("angka, nol di depan berarti", "digits, leading zeros count"),
    FieldType.RUPIAH: ("rupiah bulat, angka saja", "whole rupiah, bare digits"),
    FieldType.INTEGER: ("bilangan bulat", "whole number"),
    FieldType.DATE: ("tanggal", "date"),
    FieldType.MOMENT: ("waktu WIB", "time in WIB"),
    FieldType.PERIOD: ("bulan yyyymm", "month yyyymm"),
    FieldType.CODE: ("kode", "code"),
    FieldType.PERCENT: ("persen dua desimal, 7.00", "per cent with two decimals, 7.00"),
    FieldType.ORDINAL: ("nomor 1, 2, 3 …", "number 1, 2, 3 …"),
    FieldType.CONSTANT: ("tetap", "constant"),
    FieldType.DIGEST: ("SHA-256, heksa kecil", "SHA-256, small hex"),
}


def guide(layout: Layout, lang: Lang) -> str:
    """One section on this kind of file, with a table for each record."""
    way = _word("out" if layout.kind in OUTBOUND else "in", lang)
    ends = {"\n": "LF", "\r\n": "CRLF"}[layout.newline]
    shape = (
        f"{_word('delimited', lang)} `{layout.separator}`"
        if layout.style is Style.DELIMITED
        else _word("fixed", lang)
    )
    parts = [
        f"## {layout.kind}",
        f"{way[0].upper()}{way[1:]}. {_word('name', lang)}: `{_spell_name(layout)}`. "
        f"{_word('shape', lang)}: {shape}; {layout.encoding}; {_word('ends', lang)} {ends}.",
    ]
    for title, fields in (
        ("header", layout.header),
        ("detail", layout.detail),
        ("trailer", layout.trailer),
    ):
        if fields:
            parts.append(f"### {_word(title, lang)}")
            parts.append(_table(layout, fields, lang))
        if title == "header" and layout.headings:
            parts.append(_word("headings", lang))
    return "\n\n".join(parts) + "\n"


def _word(key: str, lang: Lang) -> str:
    return _WORDS[key][0 if lang == "id" else 1]


def _spell_name(layout: Layout) -> str:
    name = layout.name.replace("{kind}", layout.kind_name or layout.kind.value)
    return name.replace("{date}", "{yyyymmdd}").replace("{period}", "{yyyymm}")


def _table(layout: Layout, fields: Sequence[Field], lang: Lang) -> str:
    fixed, headed = layout.style is Style.FIXED, layout.headings and fields is layout.detail
    heads = ["no", "field", *(["heading"] * headed), "type", *(["width"] * fixed)]
    heads += ["required", "meaning"]
    rows = [[_word(head, lang) for head in heads], ["---"] * len(heads)]
    totals = {total.name: total for total in layout.totals} if fields is layout.trailer else {}
    for place, field in enumerate(fields, start=1):
        meaning = field.label_id if lang == "id" else field.label_en
        if field.name in totals:
            meaning = f"{meaning}: {_rule(totals[field.name], lang)}"
        rows.append(
            [
                str(place),
                f"`{field.name}`",
                *([f"`{field.heading}`"] * headed),
                _type(field, lang),
                *([str(field.width)] * fixed),
                _word("yes" if field.required else "no_need", lang),
                meaning,
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _type(field: Field, lang: Lang) -> str:
    name = _TYPES[field.type][0 if lang == "id" else 1]
    if field.type is FieldType.CODE:
        pairs = field.codes.items()
        codes = (f"`{ours}`" if ours == city else f"`{ours}` = {city}" for ours, city in pairs)
        return f"{name}: {', '.join(codes)}"
    if field.format:
        return f"{name} {spell_format(field.format)}"
    return f"{name} `{field.constant}`" if field.constant else name


def _rule(total: Total, lang: Lang) -> str:
    if total.kind is TotalKind.STATED:
        return _word("stated", lang)
    if total.kind is TotalKind.MINUS:
        return " − ".join(f"`{name}`" for name in total.of.split("-"))
    if total.kind is TotalKind.SUBSIDY:
        return f"`{total.of}` {_word('subsidy', lang)}"
    what = (
        _word("rows", lang)
        if total.kind is TotalKind.COUNT
        else f"{_word('sum', lang)} `{total.of}`"
    )
    chosen = (
        f"`{name}` = {'/'.join(sorted(codes))}" for name, codes in sorted(total.where.items())
    )
    conditions = ", ".join(chosen)
    return f"{what} {_word('where', lang)} {conditions}" if conditions else what
