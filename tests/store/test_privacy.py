from __future__ import annotations

from itertools import count

import pytest

from gateway.errors import IntegrityBroken
from gateway.privacy import (
    Vault,
    mask_name,
    mask_national_id,
    mask_number,
    mask_phone,
    scrub,
)

FIELD, INDEX, OLD = b"f" * 32, b"i" * 32, b"o" * 32
WHERE = "applications.name|HRK2600000001"


def test_what_is_sealed_opens_in_its_own_place_only() -> None:
    vault = Vault(FIELD, INDEX)
    sealed = vault.seal("SITI", WHERE)
    assert vault.open(sealed, WHERE) == "SITI"
    for elsewhere in ("applications.name|HRK2600000002", "applications.phone|HRK2600000001", ""):
        with pytest.raises(IntegrityBroken):
            vault.open(sealed, elsewhere)


def test_every_flipped_or_missing_byte_is_found() -> None:
    vault = Vault(FIELD, INDEX)
    sealed = vault.seal("SITI", WHERE)
    for position in range(len(sealed)):
        broken = bytearray(sealed)
        broken[position] ^= 1
        with pytest.raises(IntegrityBroken) as found:
            vault.open(bytes(broken), WHERE)
        assert "HRK26" not in str(found.value)
        with pytest.raises(IntegrityBroken):
            vault.open(sealed[:position], WHERE)


def test_the_same_text_is_never_sealed_twice_alike_but_indexed_alike() -> None:
    vault = Vault(FIELD, INDEX)
    assert vault.seal("SITI", WHERE) != vault.seal("SITI", WHERE)
    assert vault.index("SITI") == Vault(OLD, INDEX).index("SITI")
    assert vault.index("SITI") != Vault(FIELD, OLD).index("SITI")
    assert len(vault.index("SITI")) == 32


def test_a_retired_key_opens_and_never_seals() -> None:
    before = Vault(OLD, INDEX).seal("SITI", WHERE)
    vault = Vault(FIELD, INDEX, retired_keys=[OLD])
    assert vault.open(before, WHERE) == "SITI"
    assert not vault.is_current(before)
    assert vault.is_current(vault.seal("SITI", WHERE))
    with pytest.raises(IntegrityBroken):
        Vault(FIELD, INDEX).open(before, WHERE)


def test_randomness_is_handed_in() -> None:
    numbers = count(1)
    vault = Vault(FIELD, INDEX, random_bytes=lambda size: next(numbers).to_bytes(size, "big"))
    again = count(1)
    other = Vault(FIELD, INDEX, random_bytes=lambda size: next(again).to_bytes(size, "big"))
    assert vault.seal("SITI", WHERE) == other.seal("SITI", WHERE)


def test_a_key_of_the_wrong_length_is_refused_and_no_key_is_printed() -> None:
    with pytest.raises(IntegrityBroken):
        Vault(b"short", INDEX)
    with pytest.raises(IntegrityBroken):
        Vault(FIELD, INDEX, retired_keys=[b""])
    assert "fff" not in repr(Vault(FIELD, INDEX))


def test_masks_show_only_what_they_promise() -> None:
    assert mask_national_id("1571991234560003") == "157199******0003"
    assert mask_national_id("157199") == "******"
    assert mask_name("SITI CONTOH") == "S*** C***"
    assert mask_name("") == ""
    assert mask_phone("+6281234567890") == "***********890"
    assert mask_number("100100120001") == "********0001"
    assert mask_number("001") == "***"


def test_runs_of_sixteen_digits_are_blanked_and_digests_stay() -> None:
    digest = "a" + "1" * 63
    text = f"nik=1571991234560003, x1571991234560003y, {digest}, 2026-10-05, 123456789012345"
    assert scrub(text) == f"nik={'*' * 16}, x{'*' * 16}y, {digest}, 2026-10-05, 123456789012345"
    assert scrub("1571991234560003" * 2) == "*" * 32
    assert scrub("1571991234560003" * 4) == "*" * 64
