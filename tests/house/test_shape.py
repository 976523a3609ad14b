"""The size and the names of things."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.source import Module, all_tests, core, modules, plugins

LONGEST_MODULE = 300
LONGEST_FUNCTION = 50
MOST_PARAMETERS = 8
REJECTED_ROOMS = re.compile(r"(^|/)(utils?|helpers?|models|services?|managers?|interfaces)(\.py|/)")
REJECTED_VERBS = re.compile(r"_?(process|handle|manage)(_|$)")
REJECTED_CLASSES = re.compile(r"(Manager|Handler|Helper|Utils?|Data|Info|Processor|Service)$")
NAMED_BY_A_STANDARD = {
    "gateway/sandbox/sftp_server.py": {"_process"},
    "gateway/signing/shapes.py": {"ContentInfo", "SignedData", "SignerInfo"},
    "gateway/store/tables/columns.py": {"process_bind_param", "process_result_value"},
}
FORBIDDEN_NOTES = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|pragma: no cover")
SILENCER = re.compile(r"#\s*(noqa|type: ignore)(:\s?[A-Z0-9, ]+|\[[a-z-, ]+\])?(?P<reason>.*)")
LEAST_WORDS = 1
SHORTEST_TEST_NAME = re.compile(r"test(_[a-z0-9]+){3,}")


def names_in(module: Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node


def test_no_module_is_longer_than_300_lines() -> None:
    sizes = {module.path: len(module.text.splitlines()) for module in (*core(), *plugins())}
    assert {path: size for path, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    found = [
        f"{module.at(function)} {function.name}"
        for module in (*core(), *plugins(), *modules("docs"))
        for function in module.functions()
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    assert found == []


def test_no_room_is_called_after_nothing() -> None:
    found = [module.path for module in (*core(), *plugins()) if REJECTED_ROOMS.search(module.path)]
    assert found == []


def test_no_name_says_process_handle_or_manage() -> None:
    found = [
        f"{module.at(node)} {name}"
        for module in (*core(), *plugins())
        for name, node in names_in(module)
        if name not in NAMED_BY_A_STANDARD.get(module.path, set())
        and (REJECTED_VERBS.match(name) or REJECTED_CLASSES.search(name))
    ]
    assert found == []


def test_no_work_is_left_for_later_in_a_comment() -> None:
    found = [
        f"{module.path}:{line} {comment}"
        for module in (*core(), *plugins(), *all_tests(), *modules("docs"))
        for line, comment in module.comments()
        if FORBIDDEN_NOTES.search(comment)
    ]
    assert found == []


def test_every_silenced_check_says_why_beside_it() -> None:
    found = []
    for module in (*core(), *plugins(), *all_tests(), *modules("docs")):
        for line, comment in module.comments():
            silenced = SILENCER.search(comment)
            if silenced and len(re.findall(r"[A-Za-z]+", silenced["reason"])) < LEAST_WORDS:
                found.append(f"{module.path}:{line} {comment}")
    assert found == []


def test_every_test_is_named_by_a_sentence() -> None:
    found = [
        f"{module.at(function)} {function.name}"
        for module in all_tests()
        for function in module.functions()
        if function.name.startswith("test_") and not SHORTEST_TEST_NAME.fullmatch(function.name)
    ]
    assert found == []


@pytest.mark.parametrize("word", ["skip", "skipif", "xfail", "importorskip", "skipTest"])
def test_no_test_is_marked_to_be_skipped(word: str) -> None:
    found = [
        f"{module.path}:{node.lineno}"
        for module in all_tests()
        for node in module.nodes
        if isinstance(node, ast.Attribute) and node.attr == word
    ]
    assert found == []


def test_no_test_mocks_our_own_code() -> None:
    found = [
        module.at(node)
        for module in all_tests()
        for node in module.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any("mock" in name for name in _imported(node))
    ]
    assert found == []


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    names = [alias.name for alias in node.names]
    return [*names, node.module or ""] if isinstance(node, ast.ImportFrom) else names
