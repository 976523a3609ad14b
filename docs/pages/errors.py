"""docs/reference/errors.md: the tree of errors, and every finer reason in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from gateway.errors import GatewayError
from pages.markdown import summary, table

REASON = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
HELPERS = re.compile(r"(unreadable|refused?|invalid|defect|problem|_?[a-z_]*error)\Z")
FOLDERS = ("gateway", "plugins")
LEAST_LETTERS = 3


def page(root: Path) -> str:
    """The whole page."""
    return "\n".join(
        [
            "# Errors\n",
            "What stops the work. `owner` says who must act; an error that is tried again is",
            "tried at the schedule's next tick, never in a loop.\n",
            table(("error", "code", "owner", "tried again", "meaning"), _classes(GatewayError, 0)),
            "## Reasons\n",
            "A finer word that an error, a file set aside or a refused row may carry, with the",
            "English text where it is fixed. `…` stands for a figure or a name of a file.\n",
            table(("reason", "says", "module"), sorted(_reasons(root))),
            "## Alarms\n",
            "One alarm stands for each cause and partner, and counts up; it is cleared when the",
            "cause is gone.\n",
            table(("alarm", "raised in"), sorted(_alarms(root))),
        ]
    )


def _classes(error: type[GatewayError], depth: int) -> Iterator[tuple[str, ...]]:
    yield (
        f"{'&emsp;' * depth}`{error.__name__}`",
        f"`{error.code}`",
        error.owner,
        "yes" if error.retryable else "no",
        summary(error),
    )
    for below in error.__subclasses__():
        if below.__module__ == GatewayError.__module__:
            yield from _classes(below, depth + 1)


def _reasons(root: Path) -> set[tuple[str, str, str]]:
    found = set()
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            module = path.relative_to(root).as_posix()
            if "/tests/" not in module and "/testing/" not in module:
                for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                    if isinstance(call, ast.Call) and (reason := _reason(call)):
                        found.add((f"`{reason}`", _says(call), f"`{module}`"))
    return found


def _reason(call: ast.Call) -> str:
    """The reason that a call names, as ``reason=`` or as an argument of a refusing helper."""
    values = [keyword.value for keyword in call.keywords if keyword.arg == "reason"]
    if HELPERS.search(_name(call.func)):
        values += call.args
    for value in values:
        text = value.value if isinstance(value, ast.Constant) else None
        if isinstance(text, str) and len(text) >= LEAST_LETTERS and REASON.fullmatch(text):
            return text
    return ""


def _name(func: ast.expr) -> str:
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""


def _says(call: ast.Call) -> str:
    """The first sentence among a call's arguments; of a pair (Indonesian, English) the second."""
    if _name(call.func) == "blamed":
        return ""
    keywords = [keyword.value for keyword in call.keywords if keyword.arg == "message_en"]
    texts = (_text(argument) for argument in [*keywords, *call.args])
    return next((text for text in texts if " " in text), "")


def _text(value: ast.expr) -> str:
    if isinstance(value, ast.Tuple) and value.elts:
        return _text(value.elts[-1])
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ast.JoinedStr):
        parts = (_text(part) if isinstance(part, ast.Constant) else "…" for part in value.values)
        return "".join(parts)
    return ""


def _alarms(root: Path) -> set[tuple[str, str]]:
    """What ``raise_alarm`` is called with, and what a step asks attention for."""
    found = set()
    for path in sorted((root / "gateway").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            code = ""
            if _name(call.func) == "raise_alarm" and len(call.args) > 1:
                code = _text(call.args[1])
            if _name(call.func) == "Attention":
                code = next((_text(word.value) for word in call.keywords if word.arg == "code"), "")
            if code:
                found.add((f"`{code}`", f"`{path.relative_to(root).as_posix()}`"))
    return found
