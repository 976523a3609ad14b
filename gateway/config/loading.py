"""TOML files of a home to one :class:`Config`; all problems are told at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import holidays

from gateway.config.programme_schemas import ProgrammeFile
from gateway.config.schemas import CalendarFile, GatewayFile, PartnerFile
from gateway.config.toml_lines import load_table
from gateway.config.values import (
    ChannelConfig,
    Config,
    Expectation,
    Limits,
    PageConfig,
    PartnerConfig,
    Secret,
)
from gateway.domain.calendar import BankCalendar
from gateway.domain.loans import InterestMethod
from gateway.domain.partners import PartnerStage
from gateway.domain.programmes import (
    Borrower,
    GroupRules,
    Programme,
    ReconciliationRules,
    ScreeningRules,
    SubsidyRule,
)
from gateway.domain.windows import DAYS
from gateway.errors import ConfigError

CALENDAR_YEARS = range(2020, 2041)


def load_config(home: Path) -> Config:
    """Read ``home/config``.

    :raises ConfigError: with every problem of every file, each with file and line.
    """
    problems: list[str] = []
    folder = home / "config"
    main = load_table(folder / "gateway.toml", GatewayFile(), problems)
    calendar = load_table(folder / "calendar.toml", CalendarFile(), problems)
    partners = _load_folder(folder / "partners", PartnerFile, problems)
    programmes = _load_folder(folder / "programmes", ProgrammeFile, problems)
    built = {code: _programme(table, problems) for code, table in programmes.items()}
    named = {code: _partner(table) for code, table in partners.items()}
    _check_names(main, named, built, problems)
    if problems or main is None or calendar is None:
        raise ConfigError(problems)
    return Config(
        home=home,
        stage=main["gateway"]["stage"],
        name=main["gateway"]["name"],
        database=main["gateway"]["database"],
        registry=main["screening"]["registry"],
        page=PageConfig(
            port=main["page"]["port"],
            hosts=tuple(main["page"]["hosts"]),
            secure_cookies=main["page"]["secure_cookies"],
            bank_users=main["page"]["bank_users"],
        ),
        limits=Limits(**main["limits"]),
        windows={job: tuple(windows) for job, windows in main["schedule"].items()},
        partners=named,
        programmes=built,
        calendar=_calendar(calendar["calendar"], problems),
    )


def _load_folder(
    folder: Path, schema: type[PartnerFile] | type[ProgrammeFile], problems: list[str]
) -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.toml")):
        table = load_table(path, schema(), problems)
        if table is None:
            continue
        if table["code"] != path.stem:
            problems.append(
                f"{folder.name}/{path.name}: code = '{table['code']}' must equal the file's name"
                " / harus sama dengan nama berkas"
            )
        tables[table["code"]] = table
    return tables


def _check_names(
    main: dict[str, Any] | None,
    partners: Mapping[str, PartnerConfig],
    programmes: Mapping[str, Programme],
    problems: list[str],
) -> None:
    for programme in programmes.values():
        problems += [
            f"programmes/{programme.code}.toml: partners: no partner file for '{code}'"
            f" / tidak ada berkas mitra '{code}'"
            for code in programme.partners
            if code not in partners
        ]
    for partner in partners.values():
        unknown = [code for code in partner.programmes if code not in programmes]
        problems += [
            f"partners/{partner.code}.toml: programmes: no programme file for '{code}'"
            f" / tidak ada berkas program '{code}'"
            for code in unknown
        ]
        rules = {programmes[c].reconciliation for c in partner.programmes if c in programmes}
        if len(rules) > 1:
            problems.append(
                f"partners/{partner.code}.toml: its programmes must share one [reconciliation]"
                " / program-programnya harus memakai satu aturan [reconciliation]"
            )
    prefixes = [programme.prefix for programme in programmes.values()]
    problems += [
        f"programmes: prefix '{prefix}' is used twice / dipakai dua kali"
        for prefix in sorted({p for p in prefixes if prefixes.count(p) > 1})
    ]
    problems += [
        f"gateway.toml: page.bank_users: no partner file for '{code}' / tidak ada berkas mitra"
        for code in (main["page"]["bank_users"].values() if main else ())
        if code not in partners
    ]
    registry = main["screening"]["registry"] if main else ""
    if registry and registry not in partners:
        problems.append(
            f"gateway.toml: screening.registry: no partner file for '{registry}'"
            f" / tidak ada berkas mitra '{registry}'"
        )


def _partner(table: dict[str, Any]) -> PartnerConfig:
    channel = dict(table["channel"])
    secret = channel.pop("key")
    return PartnerConfig(
        code=table["code"],
        name=table["name"],
        plugin=table["plugin"],
        bank_code=table["bank_code"],
        stage=PartnerStage(table["stage"]),
        programmes=tuple(table["programmes"]),
        trust=table["trust"],
        container=table["container"],
        channel=ChannelConfig(
            key=Secret(**secret) if secret else None,
            host_keys=tuple(channel.pop("host_keys")),
            **channel,
        ),
        certificates=tuple(table["signing"]["partner_certificates"]),
        deliver=tuple(table["schedule"]["deliver"]),
        collect=tuple(table["schedule"]["collect"]),
        expect=tuple(Expectation(**row) for row in table["schedule"]["expect"]),
        settings=table["settings"],
    )


def _programme(table: dict[str, Any], problems: list[str]) -> Programme:
    fields = dict(table)
    return Programme(
        borrower=Borrower(fields.pop("borrower")),
        method=InterestMethod(fields.pop("method")),
        tenor_months=(fields["tenor_months"][0], fields.pop("tenor_months")[1]),
        partners=tuple(fields.pop("partners")),
        stages=tuple(fields.pop("stages")),
        group=GroupRules(**fields.pop("group")),
        screening=_screening(fields.pop("screening")),
        subsidy=tuple(
            SubsidyRule(**{**rule, "from_on": _day(rule["from_on"], fields["code"], problems)})
            for rule in fields.pop("subsidy")
        ),
        reconciliation=ReconciliationRules(**fields.pop("reconciliation")),
        **fields,
    )


def _screening(table: dict[str, Any]) -> ScreeningRules:
    return ScreeningRules(**{**table, "required_columns": tuple(table["required_columns"])})


def _day(value: object, where: str, problems: list[str]) -> date:
    if type(value) is date:
        return value
    problems.append(f"{where}: '{value}' is not a date; write 2026-01-31 without quotes")
    return date.min


def _calendar(table: dict[str, Any], problems: list[str]) -> BankCalendar:
    base = holidays.country_holidays(
        "ID", categories=tuple(table["categories"]), years=CALENDAR_YEARS
    )
    added = {_day(day, "calendar.toml: add", problems) for day in table["add"]}
    removed = {_day(day, "calendar.toml: remove", problems) for day in table["remove"]}
    if problems:
        raise ConfigError(problems)
    return BankCalendar(
        holidays=frozenset((set(base) | added) - removed),
        weekend=frozenset(DAYS.index(day) for day in table["weekend"]),
    )
