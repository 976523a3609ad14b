"""Both languages are whole, and the templates ask for nothing that is not there."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import gateway.web
from gateway.domain.applications import BlockerCode
from gateway.domain.files import FileKind
from gateway.domain.mismatches import Severity
from gateway.domain.partners import PartnerKind, PartnerStage
from gateway.domain.states import (
    ApplicationState,
    BatchState,
    InboundState,
    LoanState,
    MismatchState,
)
from gateway.reconciliation.codes import BUCKETS, CODES
from gateway.web.access import ENDPOINTS, Role
from gateway.web.guidance import ACTIONS, ADVISED, ordered_actions
from gateway.web.words import WORDS, say, say_code

FOLDER = Path(gateway.web.__file__).parent
TEMPLATES = sorted((FOLDER / "templates").glob("*.html"))
FAMILIES = {
    "severity": Severity,
    "role": Role,
    "application": ApplicationState,
    "mismatch": MismatchState,
    "batch": BatchState,
    "inbound": InboundState,
    "loan": LoanState,
    "kind": PartnerKind,
    "stage": PartnerStage,
    "file": FileKind,
    "blocker": BlockerCode,
    "next": BlockerCode,
    "action": ACTIONS,
    "acts": "PSBDT",
    "code": [*CODES, *BUCKETS],
    "mend": CODES,
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_value_of_a_code_list_has_words_in_both_languages(family: str) -> None:
    missing = [str(code) for code in FAMILIES[family] if f"{family}.{code}" not in WORDS]
    assert missing == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_asks_for_no_words_that_are_missing(template: Path) -> None:
    asked = set(re.findall(r'\bt\("([a-z0-9_.]+)"', template.read_text()))
    asked |= set(re.findall(r"\bt\('([a-z0-9_.]+)'", template.read_text()))
    assert asked - set(WORDS) == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_inline_style_and_no_script(template: Path) -> None:
    assert not re.search(r"<script|\sstyle=|\son[a-z]+=|javascript:|\|safe\b", template.read_text())


def test_a_page_key_named_in_python_exists() -> None:
    sources = "".join(path.read_text() for path in FOLDER.glob("*.py"))
    asked = set(re.findall(r'"((?:one|mis|app|err|login|home|par)\.[a-z_.0-9]+)"', sources))
    others = set(ENDPOINTS) | {template.name for template in TEMPLATES}
    assert asked - others - set(WORDS) == set()


def test_both_languages_take_the_same_values() -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert [key for key, (one, other) in WORDS.items() if fields(one) != fields(other)] == []


def test_no_words_are_empty() -> None:
    assert [key for key, pair in WORDS.items() if not all(part.strip() for part in pair)] == []


def test_a_missing_key_is_an_error_and_an_unknown_code_is_shown_as_it_is() -> None:
    with pytest.raises(KeyError):
        say("no.such.words", "id")
    assert say_code("act", "something.new", "id") == "something.new"


def test_advice_names_only_actions_that_exist_and_hides_none() -> None:
    assert {action for advised in ADVISED.values() for action in advised} <= set(ACTIONS)
    for code in [*ADVISED, "UNHEARD_OF"]:
        assert sorted(action for action, _ in ordered_actions(code)) == sorted(ACTIONS)


def test_every_act_that_an_application_or_a_mismatch_meets_has_words() -> None:
    road = [
        *(f"APPLICATION_{state}" for state in ApplicationState),
        *(f"BATCH_{state}" for state in BatchState),
        *(f"MISMATCH_{state}" for state in ("PROPOSED", "SETTLED", "OPEN", "CLEARED")),
        "GROUP_RECEIVED",
        "BLOCKERS_SAVED",
        "INQUIRY_ASKED",
        "VERDICT_SAVED",
        "DECISION_SAVED",
        "LOAN_SAVED",
    ]
    assert [act for act in road if f"act.{act}" not in WORDS] == []
