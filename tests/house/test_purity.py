"""Who may read the clock, draw lots, look at the environment, speak SQL or name a bank."""

from __future__ import annotations

import ast
import re

from tests.support.source import Module, core, dotted, plugins

CLOCK = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime))$"
)
CLOCK_HOMES = ("gateway/clock.py", "gateway/bankkit/")
LOTS = re.compile(r"^(random|secrets)\.|(^|\.)(uuid1|uuid4|urandom|getrandbits|randbelow)$")
# Keys and tokens are made where a command, a request or a whole demo city begins.
LOTS_HOMES = (
    "gateway/app.py",
    "gateway/cli/",
    "gateway/homes.py",
    "gateway/sandbox/",
    "gateway/signing/keys.py",
    "gateway/store/people.py",
    "gateway/store/sessions.py",
    "gateway/testing/",
    "gateway/web/",
    "gateway/privacy.py",
)
ENVIRONMENT = frozenset({"os.environ", "os.getenv", "os.environb"})
ENVIRONMENT_HOMES = ("gateway/cli/", "gateway/config/")
SLEEPS_HOMES = ("gateway/sandbox/",)
# Seconds are no money.
FLOAT_HOMES = ("gateway/channels/", "gateway/sandbox/", "gateway/cli/sandbox.py")
FLOAT_ARGUMENTS = frozenset({"cutoff", "timeout"})
BLIND = frozenset({"Exception", "BaseException"})
BLIND_HOMES = ("gateway/connectors/blame.py", "gateway/schedule.py")
SQL = re.compile(
    r"\b(SELECT\s[\s\S]*\sFROM|INSERT INTO|UPDATE\s[\s\S]*\sSET|DELETE FROM|CREATE TABLE"
    r"|ALTER TABLE|DROP TABLE)\s"
)
SQL_HOMES = ("gateway/store/", "gateway/reconciliation/")
BANKS = re.compile(
    r"bank_jambi|bpr_kenali|bpr_batanghari|ojk_slik|Bank Jambi|(?<![0-9])115(?![0-9])"
)
BANK_HOMES = ("gateway/sandbox/",)


def strangers(modules: tuple[Module, ...], homes: tuple[str, ...]) -> list[Module]:
    return [module for module in modules if not module.within(*homes)]


def calls_of(pattern: re.Pattern[str], homes: tuple[str, ...]) -> list[str]:
    return [
        f"{module.at(call)} {dotted(call.func)}"
        for module in strangers((*core(), *plugins()), homes)
        for call in module.calls()
        if pattern.search(dotted(call.func))
    ]


def test_only_the_clock_reads_the_clock() -> None:
    assert calls_of(CLOCK, CLOCK_HOMES) == []


def test_lots_are_drawn_only_where_keys_and_tokens_are_made() -> None:
    assert calls_of(LOTS, LOTS_HOMES) == []


def test_nobody_sleeps_but_the_pretend_city() -> None:
    assert calls_of(re.compile(r"(^|\.)sleep$"), SLEEPS_HOMES) == []


def test_the_environment_is_read_by_commands_and_configuration_only() -> None:
    found = [
        module.at(node)
        for module in strangers((*core(), *plugins()), ENVIRONMENT_HOMES)
        for node in module.nodes
        if isinstance(node, ast.Attribute) and dotted(node) in ENVIRONMENT
    ]
    assert found == []


def test_no_money_is_ever_a_float() -> None:
    found = []
    for module in strangers((*core(), *plugins()), FLOAT_HOMES):
        allowed = {
            id(keyword.value)
            for call in module.calls()
            for keyword in call.keywords
            if keyword.arg in FLOAT_ARGUMENTS
        }
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
                found += [module.at(node)] if id(node) not in allowed else []
        found += [module.at(call) for call in module.calls() if dotted(call.func) == "float"]
    assert found == []


def is_blind(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(dotted(kind) in BLIND for kind in kinds)


def cleans_up(handler: ast.ExceptHandler) -> bool:
    """Whether it raises again what it caught, as its last act."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_everything_is_caught_only_at_the_borders_to_plugins_and_jobs() -> None:
    found = [
        module.at(node)
        for module in strangers((*core(), *plugins()), BLIND_HOMES)
        for node in module.nodes
        if isinstance(node, ast.ExceptHandler) and is_blind(node) and not cleans_up(node)
    ]
    assert found == []


def test_each_border_catches_everything_in_one_place_only() -> None:
    for module in core():
        if module.within(*BLIND_HOMES):
            handlers = [node for node in module.nodes if isinstance(node, ast.ExceptHandler)]
            assert sum(map(is_blind, handlers)) == 1, module.path


def test_no_error_is_swallowed_in_silence() -> None:
    found = [
        module.at(node)
        for module in (*core(), *plugins())
        for node in module.nodes
        if isinstance(node, ast.ExceptHandler)
        and all(isinstance(step, ast.Pass) for step in node.body)
    ]
    assert found == []


def test_sql_is_spoken_in_the_store_and_in_reconciliation_only() -> None:
    found = [
        module.at(text)
        for module in strangers((*core(), *plugins()), SQL_HOMES)
        for text in module.strings()
        if SQL.search(str(text.value))
    ]
    assert found == []


def test_the_core_knows_no_bank_by_name() -> None:
    found = [
        f"{module.at(text)} {text.value}"
        for module in strangers(core(), BANK_HOMES)
        for text in module.strings()
        if BANKS.search(str(text.value))
    ]
    assert found == []


def test_no_module_imports_inside_a_function_but_commands() -> None:
    found = [
        module.at(node)
        for module in strangers((*core(), *plugins()), ("gateway/cli/",))
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_digits_are_never_matched_by_a_class_that_knows_other_alphabets() -> None:
    found = [
        f"{module.at(text)} {text.value!r}"
        for module in (*core(), *plugins())
        for text in module.strings()
        if re.search(r"\\d|\\w", str(text.value)) and not str(text.value).startswith("(?a)")
    ]
    assert found == []


def test_no_text_of_the_product_names_a_path_of_the_builders_machine() -> None:
    found = [
        f"{module.at(text)} {text.value}"
        for module in (*core(), *plugins())
        for text in module.strings()
        if re.search(r"(^|[\s\"'(])/(home|mnt|opt|root|srv|work)/", str(text.value))
    ]
    assert found == []
