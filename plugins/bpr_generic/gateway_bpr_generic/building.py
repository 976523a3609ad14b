"""From settings to layouts: the city's words, written the bank's way."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gateway.domain.files import FileKind
from gateway.layouts import (
    Field,
    FieldType,
    Layout,
    Style,
    detail_words,
    header_words,
    layout_problems,
    totals_for,
    trailer_words,
)

Table = Mapping[str, Any]
Words = Mapping[str, Field]

KINDS = tuple(kind for kind in FileKind if kind not in {FileKind.PERMINTAAN, FileKind.IDEB})
NEWLINES = {"lf": "\n", "crlf": "\r\n"}
TYPES = {"percent": FieldType.PERCENT, "integer": FieldType.INTEGER}
RATES = frozenset({"suku_bunga_bps", "rate"})
"""The words whose ``type`` a bank may choose."""

_LETTERS = {"yyyy": "%Y", "mm": "%m", "dd": "%d", "HH": "%H", "MM": "%M", "SS": "%S"}


class FormatProblem(ValueError):
    """Settings that describe no file; ``text`` says where and why."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def read_date_format(text: str) -> str:
    """``dd/mm/yyyy HH:MM:SS`` as ``strptime`` letters.

    :raises FormatProblem: another letter, or no whole date.
    """
    pattern = text
    for letters, directive in _LETTERS.items():
        pattern = pattern.replace(letters, directive)
    left = pattern
    for directive in _LETTERS.values():
        left = left.replace(directive, "", 1)
    if "%" in text or any(letter.isalnum() or letter == "%" for letter in left):
        raise FormatProblem(f"{text!r}: only yyyy mm dd HH MM SS, each once")
    if any(directive not in pattern for directive in ("%Y", "%m", "%d")):
        raise FormatProblem(f"{text!r}: yyyy, mm and dd are needed")
    return pattern


def build_layouts(settings: Table) -> list[Layout]:
    """One layout for each kind that the settings describe."""
    return [build_layout(settings, FileKind(kind)) for kind in settings["kinds"]]


def build_layout(settings: Table, kind: FileKind) -> Layout:
    """The layout of one kind.

    :raises FormatProblem: a word that the city does not have, or a field changed too far.
    """
    table: Table = settings["kinds"][kind.value]
    make = _field_maker(settings)
    word = str(table["word"])
    trailer = _record(make, "trailer", table["trailer"], trailer_words(kind))
    headings = table.get("headings")
    return Layout(
        kind=kind,
        kind_name=word,
        name=str(table["file_name"] or settings["file_name"]),
        header=_record(
            make, "header", table["header"] or settings["header"], header_words(kind, word)
        ),
        detail=_record(make, "row", table["row"], detail_words(kind)),
        trailer=trailer,
        totals=totals_for(kind, (field.name for field in trailer)),
        style=Style(settings["style"]),
        separator=str(settings["separator"]),
        encoding=str(settings["encoding"]),
        newline=NEWLINES[settings["newline"]],
        headings=bool(settings["headings"] if headings is None else headings),
        sequence_digits=int(settings["sequence_digits"]),
        trim_header=bool(settings["trim_header"]),
        replace=dict(settings["replace"]),
    )


def format_problems(settings: Table) -> dict[str, list[str]]:
    """What is wrong with each kind, and with the kinds together; empty is good."""
    found: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for kind in settings["kinds"]:
        try:
            layout = build_layout(settings, FileKind(kind))
        except FormatProblem as problem:
            found[kind] = [problem.text]
            continue
        problems = layout_problems(layout)
        name = layout.name.replace("{kind}", layout.kind_name)
        if name in names:
            problems.append(f"its file names are those of {names[name]}: give another word")
        names.setdefault(name, kind)
        if problems:
            found[kind] = problems
    return found


def _record(
    make: Callable[[Field, Table], Field], where: str, tables: Sequence[Table], words: Words
) -> tuple[Field, ...]:
    fields = []
    for place, table in enumerate(tables, start=1):
        word = table["field"]
        if word not in words:
            raise FormatProblem(f"{where} field {place}: {_unknown_word(word, words)}")
        fields.append(make(words[word], table))
    return tuple(fields)


def _unknown_word(word: str, words: Iterable[str]) -> str:
    known = sorted(words)
    nearest = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"known: {', '.join(known)}"
    return f"the city has no word {word!r}; {hint}"


def _field_maker(settings: Table) -> Callable[[Field, Table], Field]:
    formats = {
        FieldType.DATE: read_date_format(settings["date_format"]),
        FieldType.MOMENT: read_date_format(settings["moment_format"]),
    }

    def make(word: Field, table: Table) -> Field:
        for problem in _too_far(word, table):
            raise FormatProblem(f"{word.name}: {problem}")
        required = table.get("required")
        return replace(
            word,
            heading=table["heading"],
            width=table["width"],
            maximum=_narrowed(word.maximum, table["width"]),
            cut=table["cut"],
            type=TYPES.get(table["type"], word.type),
            constant=table["constant"] or word.constant,
            codes=dict(table["codes"]) or word.codes,
            format=formats.get(word.type, ""),
            required=word.required if required is None else required,
        )

    return make


def _narrowed(maximum: int | None, width: int) -> int | None:
    """The highest number that the city allows and the bank's field has room for."""
    return maximum if maximum is None or not width else min(maximum, 10**width - 1)


def _too_far(word: Field, table: Table) -> Iterator[str]:
    """Changes that would give the city's word another meaning."""
    if table["type"] and word.name not in RATES:
        yield f"its type is {word.type.value}; only {', '.join(sorted(RATES))} may choose"
    if table["constant"] and word.type is not FieldType.CONSTANT:
        yield "it is not a constant"
    if word.type is FieldType.CONSTANT and word.name == "tanda" and not table["constant"]:
        yield "constant is missing"
    if table["codes"] and word.type is not FieldType.CODE:
        yield "it has no codes"
    if set(table["codes"].values()) - set(word.codes.values()):
        yield f"the city's codes are {', '.join(sorted(word.codes.values()))}"
    if table["cut"] and word.type is not FieldType.TEXT:
        yield "only text may be cut"
