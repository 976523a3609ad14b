from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.files import FileKind
from gateway.domain.partners import Partner
from gateway.errors import RuleError
from gateway.layouts import Layout, identify_name, render_name

PARTNER = Partner(code="bank_contoh", name="Bank Contoh", bank_code="115")


def a_layout(
    name: str = "{bank}.{region}.{kind}.{date}.{seq}{version}.txt", digits: int = 3
) -> Layout:
    return Layout(
        kind=FileKind.ANGSURAN,
        name=name,
        detail=(),
        trailer=(),
        totals=(),
        sequence_digits=digits,
    )


@given(
    on=st.dates(date(2000, 1, 1), date(2199, 12, 31)),
    sequence=st.integers(1, 999),
    version=st.integers(1, 99),
)
def test_a_written_name_is_known_again(on: date, sequence: int, version: int) -> None:
    name = render_name(a_layout(), PARTNER, on=on, sequence=sequence, version=version)
    identity = identify_name(a_layout(), PARTNER, name)
    assert identity is not None
    assert (identity.sequence, identity.dated_on, identity.version) == (sequence, on, version)


@pytest.mark.parametrize(
    "name",
    [
        "115.157100.ANGSURAN.20261030.001.txt\n",
        "116.157100.ANGSURAN.20261030.001.txt",
        "115.157101.ANGSURAN.20261030.001.txt",
        "115.157100.angsuran.20261030.001.txt",
        "115.157100.POSISI.20261030.001.txt",
        "115.157100.ANGSURAN.20261330.001.txt",
        "115.157100.ANGSURAN.20261030.000.txt",
        "115.157100.ANGSURAN.20261030.0001.txt",
        "115.157100.ANGSURAN.２0261030.001.txt",
        "115.157100.ANGSURAN.20261030.001.v1.txt",
        "115.157100.ANGSURAN.20261030.001.v02.txt",
        "115.157100.ANGSURAN.20261030.001.v2",
        "115x157100xANGSURANx20261030x001xtxt",
        "../115.157100.ANGSURAN.20261030.001.txt",
        "115.157100.ANGSURAN.20261030.001.txt.p7s",
        "",
    ],
)
def test_a_strangers_name_is_not_known(name: str) -> None:
    assert identify_name(a_layout(), PARTNER, name) is None


def test_a_name_may_carry_a_period_instead_of_a_day() -> None:
    layout = a_layout("{kind}-{period}-{seq}{version}.csv")
    name = render_name(layout, PARTNER, on=date(2026, 10, 1), sequence=2, period="202609")
    assert name == "ANGSURAN-202609-002.csv"
    identity = identify_name(layout, PARTNER, name)
    assert identity is not None
    assert identity.dated_on is None
    assert identify_name(layout, PARTNER, "ANGSURAN-202613-002.csv") is None


@pytest.mark.parametrize(("sequence", "version"), [(1000, 1), (0, 1), (1, 100), (1, 0)])
def test_a_number_without_room_in_the_name_is_refused(sequence: int, version: int) -> None:
    with pytest.raises(RuleError) as caught:
        render_name(a_layout(), PARTNER, on=date(2026, 10, 1), sequence=sequence, version=version)
    assert caught.value.reason == "SEQUENCE_TOO_HIGH"
