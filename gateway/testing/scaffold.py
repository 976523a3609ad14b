"""A new plugin's folder, complete: it passes its own conformance before a line is changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from string import Template

from gateway.domain.partners import PartnerKind
from gateway.errors import ConfigError
from gateway.testing import templates_bank, templates_registry, templates_shared

NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
LONGEST_NAME = 40
BANK_CODE = "999"


def scaffold(name: str, kind: str) -> dict[str, str]:
    """The files of ``plugins/<name>/``: relative path -> text.

    :param name: small letters, digits and single underscores.
    :param kind: ``"bank"`` or ``"registry"``.
    :raises ConfigError: the name cannot be a Python package, or the kind is another.
    """
    problems = []
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        problems.append(
            f"{name!r}: small letters, digits and underscores, beginning with a letter, please"
            " / huruf kecil, angka, garis bawah, diawali huruf"
        )
    if kind not in list(PartnerKind):
        problems.append(f"{kind!r}: bank or registry, please / bank atau registry")
    if problems:
        raise ConfigError(problems)
    own = templates_bank if kind == PartnerKind.BANK else templates_registry
    files = {**templates_shared.FILES, **own.FILES}
    words = _words(name, kind)
    filled = {_fill(path, words): _fill(text, words) for path, text in files.items()}
    return filled | _samples(own.SAMPLES, words)


def _words(name: str, kind: str) -> dict[str, str]:
    title = name.replace("_", " ").title()
    return {
        "name": name,
        "dashed": name.replace("_", "-"),
        "package": f"gateway_{name}",
        "title": title,
        "suite": f"{kind.title()}Conformance",
        "klass": title.replace(" ", ""),
        "bank_code": BANK_CODE,
        "hooks": templates_shared.HOOKS[PartnerKind(kind)],
        "kind": kind,
    }


def _fill(text: str, words: Mapping[str, str]) -> str:
    return Template(text).substitute(words)


def _samples(
    samples: Mapping[str, tuple[str, Mapping[str, object]]], words: Mapping[str, str]
) -> dict[str, str]:
    files: dict[str, str] = {}
    for name, (text, expected) in samples.items():
        path = f"samples/{_fill(name, words)}"
        files[path] = _seal(_fill(text, words))
        files[f"{path}.expected.json"] = json.dumps(expected, indent=1, ensure_ascii=False) + "\n"
    return files


def _seal(text: str) -> str:
    """The sample with the digest of everything before its last line at that line's end."""
    body, last = text.rsplit("\n", 1)
    digest = hashlib.sha256(f"{body}\n".encode()).hexdigest()
    return f"{body}\n{last}{digest}\n"
