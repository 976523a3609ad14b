"""The project's own source as syntax trees, for the rules of the house."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
GENERATED = ("gateway/store/migrations/versions/",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One file: its place from the project's root, its text, every node of its tree."""

    path: str
    text: str
    nodes: tuple[ast.AST, ...] = field(repr=False)

    def within(self, *places: str) -> bool:
        return self.path.startswith(places)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def strings(self) -> Iterator[ast.Constant]:
        """Every text that is no docstring."""
        documented = {id(text) for text in _docstrings(self.nodes)}
        for node in self.nodes:
            if not isinstance(node, ast.Constant) or id(node) in documented:
                continue
            if isinstance(node.value, str):
                yield node

    def comments(self) -> tuple[tuple[int, str], ...]:
        return _comments(self.text)

    def at(self, node: ast.expr | ast.stmt | ast.ExceptHandler) -> str:
        return f"{self.path}:{node.lineno}"


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file below the folders, without what a tool wrote."""
    found = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            if not place.startswith(GENERATED):
                text = path.read_text("utf-8")
                nodes = tuple(ast.walk(ast.parse(text, place)))
                found.append(Module(path=place, text=text, nodes=nodes))
    return tuple(found)


def core() -> tuple[Module, ...]:
    return modules("gateway")


def plugins() -> tuple[Module, ...]:
    return tuple(module for module in modules("plugins") if "/tests/" not in module.path)


def all_tests() -> tuple[Module, ...]:
    return (
        *modules("tests"),
        *(module for module in modules("plugins") if "/tests/" in module.path),
    )


def dotted(node: ast.expr) -> str:
    """``datetime.now`` of the expression that names it; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return ""


@cache
def _comments(text: str) -> tuple[tuple[int, str], ...]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return tuple((one.start[0], one.string) for one in tokens if one.type == tokenize.COMMENT)


def _docstrings(nodes: tuple[ast.AST, ...]) -> Iterator[ast.Constant]:
    """Docstrings, and the texts that stand alone below a field."""
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
