"""The same road with the state in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.town import applicant, found_town, paid
from tests.support.postgres import PostgresMissing, running_cluster


def test_the_whole_road_runs_on_postgresql(tmp_path: Path) -> None:
    try:
        with running_cluster() as cluster:
            walk(tmp_path, cluster.url(cluster.create()))
    except PostgresMissing as missing:
        pytest.fail(str(missing), pytrace=False)


def walk(tmp_path: Path, url: str) -> None:
    town = found_town(tmp_path)
    path = town.home / "config" / "gateway.toml"
    path.write_text(path.read_text("utf-8").replace("sqlite:///state/gateway.db", url), "utf-8")
    references = town.intake([applicant(1), applicant(2)]).json["references"]
    town.submit()
    town.lend(dict(zip(references, ("0101099001", "0101099002"), strict=True)))
    town.bank.report(
        "2026-09-30",
        [
            paid("0101099001", references[0], "B1", "2026-09-14", instalment=1),
            paid("0101099002", references[1], "B2", "2026-09-14", 200_000, instalment=1),
        ],
    )
    assert town.run("step", "collect", at="2026-09-30T17:00").code == 0
    assert town.run("step", "reconcile", at="2026-09-30T18:00").code == 0
    proof = town.run("proof", "--partner", "bank_jambi", "--period", "2026-09").json
    assert (proof["balance_idr"], proof["reported_idr"]) == (0, 629_166)
    assert [row["code"] for row in town.run("mismatches").json] == ["PARTIAL"]
    assert town.run("audit", "verify").json["verified"] is True
    assert not (town.home / "state" / "gateway.db").exists()
