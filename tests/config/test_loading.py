from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gateway.config import load_config
from gateway.errors import ConfigError

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(REPOSITORY / "config", tmp_path / "config")
    return tmp_path


def problems_of(home: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(home)
    return "\n".join(caught.value.problems)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_the_shipped_configuration_is_valid(home: Path) -> None:
    loaded = load_config(home)
    assert set(loaded.partners) == {"bank_jambi", "bpr_kenali", "bpr_batanghari", "slik"}
    assert loaded.programmes["bang_harta"].max_idr == 20_000_000
    assert loaded.database_url == f"sqlite:///{home}/state/gateway.db"


def test_a_misspelt_key_is_named_with_line_and_nearest_key(home: Path) -> None:
    path = home / "config" / "programmes" / "bang_harta.toml"
    change(path, "max_idr =", "max_idrr =")
    line = 1 + path.read_text("utf-8").split("max_idrr")[0].count("\n")
    told = problems_of(home)
    assert f"bang_harta.toml:{line}: max_idrr" in told
    assert "Did you mean 'max_idr'?" in told


def test_all_problems_of_all_files_are_told_at_once(home: Path) -> None:
    change(home / "config" / "gateway.toml", 'stage = "demo"', 'stage = "produksi"')
    change(home / "config" / "programmes" / "bank_harkat.toml", "rate_bps = 300", "rate_bps = 3.5")
    (home / "config" / "partners" / "bpr_rusak.toml").write_text("code = [", "utf-8")
    told = problems_of(home)
    assert "gateway.stage" in told
    assert "rate_bps" in told
    assert "bpr_rusak.toml: not valid TOML" in told


def test_a_password_written_into_the_file_is_refused(home: Path) -> None:
    path = home / "config" / "partners" / "bank_jambi.toml"
    change(path, '{ file = "keys/bank_jambi_ssh" }', '"rahasia123"')
    told = problems_of(home)
    assert "write the place of the secret" in told
    assert "rahasia123" not in told


def test_a_programme_may_not_name_a_partner_without_a_file(home: Path) -> None:
    (home / "config" / "partners" / "bpr_kenali.toml").unlink()
    assert "no partner file for 'bpr_kenali'" in problems_of(home)


def test_programmes_of_one_partner_share_their_reconciliation_rules(home: Path) -> None:
    change(
        home / "config" / "programmes" / "bang_harta.toml",
        "tolerance_idr = 0",
        "tolerance_idr = 100",
    )
    assert "must share one [reconciliation]" in problems_of(home)


def test_a_window_by_day_number_is_refused(home: Path) -> None:
    change(home / "config" / "gateway.toml", '"mon-fri 15:00"', '"1-5 15:00"')
    assert "'1-5 15:00' is not a window" in problems_of(home)


def test_a_signed_partner_needs_a_pinned_certificate(home: Path) -> None:
    change(
        home / "config" / "partners" / "bank_jambi.toml",
        'partner_certificates = ["keys/bank_jambi.pem"]',
        "partner_certificates = []",
    )
    assert "needs partner_certificates" in problems_of(home)


def test_the_city_may_add_and_remove_holidays(home: Path) -> None:
    path = home / "config" / "calendar.toml"
    change(path, "add = []  ", "add = [2026-08-18]  ")
    change(path, "remove = []  ", "remove = [2026-08-17]  ")
    calendar = load_config(home).calendar
    from datetime import date

    assert calendar.is_bank_day(date(2026, 8, 17))
    assert not calendar.is_bank_day(date(2026, 8, 18))
    assert not calendar.is_bank_day(date(2026, 3, 20)), "cuti bersama closes the banks"
