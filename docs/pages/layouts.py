"""docs/reference/layouts.md: the field guide of every partner whose files are layouts."""

from __future__ import annotations

import tomllib
from pathlib import Path

from gateway.connectors import connect
from gateway.domain.partners import Partner
from gateway.layouts import guide


def page(root: Path) -> str:
    """The whole page, partner by partner."""
    sections = [
        section
        for path in sorted((root / "config" / "partners").glob("*.toml"))
        if (section := _partner(path))
    ]
    return "\n".join(
        [
            "# Layouts\n",
            "The files of the shipped partners, as their plugins describe them. The gateway writes",
            "and reads exactly this; the names of the fields are the city's.\n",
            *sections,
        ]
    )


def _partner(path: Path) -> str:
    told = tomllib.loads(path.read_text("utf-8"))
    partner = Partner(code=told["code"], name=told["name"], bank_code=told["bank_code"])
    connector = connect(partner, told.get("settings", {}), told["plugin"])
    guides = [guide(layout, "en").strip() for layout in connector.layouts.values()]
    if not guides:
        return ""
    return "\n\n".join([f"## {partner.name} (`{partner.code}`)", *map(_lower, guides), ""])


def _lower(text: str) -> str:
    """Headings one level down, below the partner's."""
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in text.split("\n"))
