"""The contract's laws, asked of one installed plugin for every partner that uses it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from gateway.domain.partners import Partner
from gateway.homes import template_folder
from gateway.testing.conformance import LawResult, run_conformance

NOBODY: dict[str, Any] = {
    "code": "contoh",
    "name": "Mitra contoh",
    "bank_code": "999",
    "settings": {},
}


def check_plugin(name: str, home: Path, samples: Path | None) -> list[LawResult]:
    """Hold a plugin against each law, once for each partner file that names it.

    The home's partner files count; where none names it, those that ship with the gateway; else
    it is asked with empty settings.
    """
    users = _users(name, home / "config") or _users(name, template_folder()) or [NOBODY]
    results: list[LawResult] = []
    for table in users:
        partner = Partner(
            code=table["code"], name=table["name"], bank_code=table.get("bank_code", "")
        )
        found = run_conformance(name, partner, table.get("settings", {}), samples)
        mark = f"{partner.code}: " if len(users) > 1 else ""
        results += [replace(result, law=mark + result.law) for result in found]
    return results


def _users(name: str, folder: Path) -> list[dict[str, Any]]:
    tables = [tomllib.loads(p.read_text("utf-8")) for p in sorted(folder.glob("partners/*.toml"))]
    return [table for table in tables if table.get("plugin") == name]
