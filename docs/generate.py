"""Writes docs/reference from the code itself; ``--check`` only says what is out of date.

.venv/bin/python docs/generate.py [--check]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from pages import commands, errors, hooks, layouts, mismatch_codes, settings, states

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
NOTE = "<!-- Written by docs/generate.py from the code; change the code, not this page. -->\n\n"
PAGES: Mapping[str, Callable[[Path], str]] = {
    "commands.md": commands.page,
    "errors.md": errors.page,
    "hooks.md": hooks.page,
    "layouts.md": layouts.page,
    "mismatch-codes.md": mismatch_codes.page,
    "settings.md": settings.page,
    "states.md": states.page,
}


def stale_pages(reference: Path = REFERENCE) -> list[str]:
    """Names of pages that are missing, or say other than the code."""
    written = {name: NOTE + page(ROOT) for name, page in PAGES.items()}
    return [
        name
        for name, text in written.items()
        if not (reference / name).is_file() or (reference / name).read_text("utf-8") != text
    ]


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when stale")
    stale = stale_pages()
    if parser.parse_args().check:
        if stale:
            sys.stderr.write(f"Out of date: {', '.join(stale)}. Run docs/generate.py.\n")
        return 1 if stale else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (REFERENCE / name).write_text(NOTE + PAGES[name](ROOT), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
