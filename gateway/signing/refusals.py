"""Why a signature is refused, in both languages, and what the partner must do."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from gateway.errors import SignatureInvalid

COMMAND = (
    "openssl cms -sign -binary -md sha256 -in FILE -signer bank.pem -inkey bank.key"
    " -outform DER -out FILE.p7s"
)


class Refusal(StrEnum):
    """Reason codes of :class:`gateway.errors.SignatureInvalid`."""

    NOT_DER = "SIG_NOT_DER"
    TRAILING_BYTES = "SIG_TRAILING_BYTES"
    TOO_LARGE = "SIG_TOO_LARGE"
    NOT_CMS = "SIG_NOT_CMS"
    ATTACHED = "SIG_ATTACHED"
    SIGNERS = "SIG_SIGNERS"
    UNPINNED = "SIG_UNPINNED"
    NOT_YET_VALID = "SIG_NOT_YET_VALID"
    EXPIRED = "SIG_EXPIRED"
    WEAK_DIGEST = "SIG_WEAK_DIGEST"
    WEAK_KEY = "SIG_WEAK_KEY"
    ALGORITHM = "SIG_ALGORITHM"
    NO_ATTRIBUTES = "SIG_NO_ATTRIBUTES"
    ATTRIBUTES = "SIG_ATTRIBUTES"
    DIGEST_MISMATCH = "SIG_DIGEST_MISMATCH"
    BAD = "SIG_BAD"


class _Wording(NamedTuple):
    en: str
    id: str
    how_en: str
    how_id: str


_SIGN_EN = f"Sign again with: {COMMAND}"
_SIGN_ID = f"Tanda tangani ulang dengan: {COMMAND}"
_PIN_EN = "Give the city the new certificate first; two persons of the city enter it."
_PIN_ID = "Serahkan dahulu sertifikat baru kepada kota; dua petugas kota mendaftarkannya."

_WORDINGS: dict[Refusal, _Wording] = {
    Refusal.NOT_DER: _Wording(
        "the signature is not DER (perhaps PEM, S/MIME, BER from -stream, or cut short).",
        "tanda tangan bukan DER (mungkin PEM, S/MIME, BER dari -stream, atau terpotong).",
        f"{_SIGN_EN}; leave out -stream.",
        f"{_SIGN_ID}; tanpa -stream.",
    ),
    Refusal.TRAILING_BYTES: _Wording(
        "bytes follow the end of the signature.",
        "ada byte setelah akhir tanda tangan.",
        "Send the .p7s file exactly as openssl wrote it.",
        "Kirim berkas .p7s persis seperti yang ditulis openssl.",
    ),
    Refusal.TOO_LARGE: _Wording(
        "the signature file is larger than 256 KiB.",
        "berkas tanda tangan lebih besar dari 256 KiB.",
        _SIGN_EN,
        _SIGN_ID,
    ),
    Refusal.NOT_CMS: _Wording(
        "the signature is not a well-formed CMS SignedData message.",
        "tanda tangan bukan pesan CMS SignedData yang benar bentuknya.",
        _SIGN_EN,
        _SIGN_ID,
    ),
    Refusal.ATTACHED: _Wording(
        "the signature contains the file; it must be detached.",
        "tanda tangan memuat isi berkas; harus terpisah (detached).",
        f"{_SIGN_EN}; leave out -nodetach.",
        f"{_SIGN_ID}; tanpa -nodetach.",
    ),
    Refusal.SIGNERS: _Wording(
        "the signature must have exactly one signer.",
        "tanda tangan harus memiliki tepat satu penanda tangan.",
        "Sign with one key only, also while keys are being changed.",
        "Tanda tangani dengan satu kunci saja, juga pada masa pergantian kunci.",
    ),
    Refusal.UNPINNED: _Wording(
        "the signer's certificate is not one that the city has registered for this partner.",
        "sertifikat penanda tangan tidak terdaftar di kota untuk mitra ini.",
        _PIN_EN,
        _PIN_ID,
    ),
    Refusal.NOT_YET_VALID: _Wording(
        "the signer's certificate is not valid yet.",
        "sertifikat penanda tangan belum berlaku.",
        "Compare the clocks, or wait until the certificate is valid.",
        "Samakan jam, atau tunggu sampai sertifikat berlaku.",
    ),
    Refusal.EXPIRED: _Wording(
        "the signer's certificate has expired.",
        "masa berlaku sertifikat penanda tangan sudah habis.",
        _PIN_EN,
        _PIN_ID,
    ),
    Refusal.WEAK_DIGEST: _Wording(
        "the digest algorithm is not SHA-256, SHA-384 or SHA-512.",
        "algoritma digest bukan SHA-256, SHA-384 atau SHA-512.",
        f"{_SIGN_EN}; with -md sha256.",
        f"{_SIGN_ID}; dengan -md sha256.",
    ),
    Refusal.WEAK_KEY: _Wording(
        "the signer's key is not RSA of 2048 bits or more, P-256 or P-384.",
        "kunci penanda tangan bukan RSA 2048 bit atau lebih, P-256 atau P-384.",
        f"Make an RSA-3072 key. {_PIN_EN}",
        f"Buat kunci RSA-3072. {_PIN_ID}",
    ),
    Refusal.ALGORITHM: _Wording(
        "the signature algorithm is not accepted, or does not fit the digest or the key.",
        "algoritma tanda tangan tidak diterima, atau tidak cocok dengan digest atau kuncinya.",
        _SIGN_EN,
        _SIGN_ID,
    ),
    Refusal.NO_ATTRIBUTES: _Wording(
        "the signature has no signed attributes.",
        "tanda tangan tidak memiliki atribut yang ditandatangani.",
        f"{_SIGN_EN}; leave out -noattr.",
        f"{_SIGN_ID}; tanpa -noattr.",
    ),
    Refusal.ATTRIBUTES: _Wording(
        "the signed attributes are incomplete, repeated or of the wrong type.",
        "atribut yang ditandatangani tidak lengkap, berulang atau salah jenis.",
        _SIGN_EN,
        _SIGN_ID,
    ),
    Refusal.DIGEST_MISMATCH: _Wording(
        "the file is not the one that was signed: its bytes have changed.",
        "berkas bukan yang ditandatangani: isinya sudah berubah.",
        "Sign the file after its last change and send both again, byte for byte (binary mode).",
        "Tanda tangani berkas setelah perubahan terakhir lalu kirim ulang keduanya, mode biner.",
    ),
    Refusal.BAD: _Wording(
        "the signature was not made by the registered key.",
        "tanda tangan tidak dibuat dengan kunci yang terdaftar.",
        "Ask the partner by telephone before anything else: the file may be forged.",
        "Hubungi mitra lewat telepon terlebih dahulu: berkas mungkin palsu.",
    ),
}


def refuse(file_name: str, reason: Refusal) -> SignatureInvalid:
    """The error for ``reason``, to be raised by the caller."""
    wording = _WORDINGS[reason]
    return SignatureInvalid(
        file_name,
        wording.en,
        message_id=wording.id,
        how_en=wording.how_en,
        how_id=wording.how_id,
        reason=reason,
    )
