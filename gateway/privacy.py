"""Personal data at rest and in print: sealed fields, keyed indexes, masks."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.errors import IntegrityBroken

KEY_BYTES = 32
KEY_ID_BYTES = 4
NONCE_BYTES = 12
INDEX_HEX = 32
"""128 bits: enough to find a person again, too little to be worth attacking twice."""

_DIGEST = re.compile(r"(?:0{64}|(?=[0-9]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{32}))(?![0-9A-Za-z])")
_DIGITS = re.compile(r"[0-9]{16,}")
_TOKEN = re.compile(r"[0-9A-Za-z]+")


class Vault:
    """Seals texts under a key that is not in the database, and indexes them under another.

    A sealed field is key id, nonce and ciphertext (AES-256-GCM).  ``where`` (``table.column|row
    key``) is authenticated with it, so a field moved to another row or column does not open.

    :param retired_keys: field keys of earlier times, which still open and never seal.
    :param random_bytes: source of nonces and tokens, handed in by simulations.
    """

    def __init__(
        self,
        field_key: bytes,
        index_key: bytes,
        *,
        retired_keys: Sequence[bytes] = (),
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        for key in (field_key, index_key, *retired_keys):
            if len(key) != KEY_BYTES:
                raise IntegrityBroken(
                    f"A key has {len(key)} bytes instead of {KEY_BYTES}.",
                    message_id=f"Sebuah kunci berisi {len(key)} byte, seharusnya {KEY_BYTES}.",
                    reason="KEY_LENGTH",
                )
        self.random_bytes = random_bytes
        self._index_key = index_key
        self._key_id = _name_key(field_key)
        self._ciphers = {_name_key(key): AESGCM(key) for key in (*retired_keys, field_key)}

    def __repr__(self) -> str:
        """Show which key seals, never the key."""
        return f"Vault(key_id={self._key_id.hex()!r})"

    def seal(self, text: str, where: str) -> bytes:
        """Seal a text for one place."""
        return self.seal_bytes(text.encode(), where)

    def open(self, sealed: bytes, where: str) -> str:
        """Open a text sealed for the same place.

        :raises IntegrityBroken: if it was changed, moved, or sealed under a key we do not hold.
        """
        return self.open_bytes(sealed, where).decode()

    def seal_bytes(self, content: bytes, where: str) -> bytes:
        """Seal bytes for one place."""
        nonce = self.random_bytes(NONCE_BYTES)
        cipher = self._ciphers[self._key_id]
        return self._key_id + nonce + cipher.encrypt(nonce, content, where.encode())

    def open_bytes(self, sealed: bytes, where: str) -> bytes:
        """Open bytes sealed for the same place; errors as for :meth:`open`."""
        key_id = bytes(sealed[:KEY_ID_BYTES])
        nonce = bytes(sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES])
        cipher = self._ciphers.get(key_id)
        if cipher is None or len(nonce) < NONCE_BYTES:
            raise _broken(where, "KEY_UNKNOWN")
        try:
            return cipher.decrypt(nonce, sealed[KEY_ID_BYTES + NONCE_BYTES :], where.encode())
        except InvalidTag:
            raise _broken(where, "SEAL_BROKEN") from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether a field is sealed under the key that seals now; a rotation job asks."""
        return sealed[:KEY_ID_BYTES] == self._key_id

    def index(self, text: str) -> str:
        """The keyed index of a text: equal texts are found again, nothing is read back."""
        return hmac.new(self._index_key, text.encode(), hashlib.sha256).hexdigest()[:INDEX_HEX]


def _name_key(key: bytes) -> bytes:
    return hmac.new(key, b"key id", hashlib.sha256).digest()[:KEY_ID_BYTES]


def _broken(where: str, reason: str) -> IntegrityBroken:
    place = where.partition("|")[0]
    return IntegrityBroken(
        f"A sealed field of {place} does not open.",
        message_id=f"Isian tersegel pada {place} tidak dapat dibuka.",
        how_en="Check the keys of this home, then restore from a backup.",
        how_id="Periksa kunci instalasi ini, lalu pulihkan dari cadangan.",
        reason=reason,
    )


def mask_national_id(national_id: str) -> str:
    """District and serial of a NIK, without the birth date: ``157199******0003``."""
    if len(national_id) != 16:
        return "*" * len(national_id)
    return f"{national_id[:6]}******{national_id[-4:]}"


def mask_name(name: str) -> str:
    """First letters only: ``S*** C***``."""
    return " ".join(f"{word[0]}***" for word in name.split())


def mask_phone(phone: str) -> str:
    """The last three digits only."""
    return _keep_last(phone, 3)


def mask_number(number: str) -> str:
    """The last four characters only, for bank account numbers."""
    return _keep_last(number, 4)


def _keep_last(text: str, count: int) -> str:
    if len(text) <= count:
        return "*" * len(text)
    return "*" * (len(text) - count) + text[-count:]


def scrub(text: str) -> str:
    """Blank every run of 16 digits or more; digests and tokens in hexadecimal stay."""
    return _TOKEN.sub(_scrub_token, text)


def _scrub_token(found: re.Match[str]) -> str:
    token = found.group()
    if _DIGEST.match(token):
        return token
    return _DIGITS.sub(lambda run: "*" * len(run.group()), token)
