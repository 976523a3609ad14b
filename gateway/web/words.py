"""The page's own words, Indonesian and English side by side, so that neither can be missing."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.web.words_codes import CODE_WORDS
from gateway.web.words_domain import DOMAIN_WORDS
from gateway.web.words_mismatches import MISMATCH_WORDS
from gateway.web.words_pages import PAGE_WORDS
from gateway.web.words_trail import TRAIL_WORDS

LANGUAGES = ("id", "en")
WORDS: Mapping[str, tuple[str, str]] = {
    **PAGE_WORDS,
    **MISMATCH_WORDS,
    **DOMAIN_WORDS,
    **CODE_WORDS,
    **TRAIL_WORDS,
}


def say(key: str, lang: str, **values: object) -> str:
    """The words of ``key`` in ``lang``; a missing key is an error, never a blank."""
    return WORDS[key][LANGUAGES.index(lang)].format(**values)


def say_code(family: str, code: str, lang: str) -> str:
    """The words of one value of a code list, or the code itself when the page has none."""
    words = WORDS.get(f"{family}.{code}")
    return words[LANGUAGES.index(lang)] if words else code
