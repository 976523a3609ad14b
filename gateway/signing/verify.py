"""Verify a partner's detached CMS signature against pinned certificates, and nothing else.

openssl takes more than this does: attached content, BER, SHA-1, several signers and signatures
without signed attributes are refused here, each with its own reason.  The check of a bank's own
key is never by chain: the certificate that signs is byte for byte one that was pinned.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.signing import shapes as cms
from gateway.signing.keys import fingerprint
from gateway.signing.refusals import Refusal, refuse

MAX_SIGNATURE_BYTES = 256 * 1024
MIN_RSA_BITS = 2048
CURVES = frozenset({"secp256r1", "secp384r1"})

Hash = hashes.SHA256 | hashes.SHA384 | hashes.SHA512
DIGESTS: dict[x509.ObjectIdentifier, type[Hash]] = {
    cms.SHA256: hashes.SHA256,
    cms.SHA384: hashes.SHA384,
    cms.SHA512: hashes.SHA512,
}
RSA_WITH = {
    x509.ObjectIdentifier("1.2.840.113549.1.1.11"): hashes.SHA256,
    x509.ObjectIdentifier("1.2.840.113549.1.1.12"): hashes.SHA384,
    x509.ObjectIdentifier("1.2.840.113549.1.1.13"): hashes.SHA512,
}
ECDSA_WITH = {
    cms.ECDSA_SHA256: hashes.SHA256,
    cms.ECDSA_SHA384: hashes.SHA384,
    x509.ObjectIdentifier("1.2.840.10045.4.3.4"): hashes.SHA512,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """The one signer's part of a message that has the right shape."""

    info: cms.SignerInfo
    digest: type[Hash]
    embedded: frozenset[bytes]


def verify_detached(
    name: str,
    content: bytes,
    signature: bytes,
    pinned: Sequence[x509.Certificate],
    now: datetime,
) -> str:
    """The SHA-256 fingerprint of the pinned certificate that signed exactly ``content``.

    :param name: of the signed file, for the error.
    :param now: when the certificate must be valid; the signer's own time is never asked.
    :raises SignatureInvalid: with a reason ``SIG_…``; nothing else escapes.
    """
    try:
        statement = _read_statement(name, signature)
        certificate = _find_pinned(name, statement, pinned)
        _check_validity(name, certificate, now)
        _check_attributes(name, statement, content)
        _check_signature(name, statement, certificate)
    except (ValueError, TypeError, OverflowError) as error:
        raise refuse(name, Refusal.NOT_CMS) from error
    return fingerprint(certificate)


def _read_statement(name: str, signature: bytes) -> _Statement:
    _check_outer_length(name, signature)
    message = _read_message(name, signature)
    signed = message.content
    if signed.encapsulated.content is not None:
        raise refuse(name, Refusal.ATTACHED)
    if message.type != cms.ID_SIGNED_DATA or signed.encapsulated.type != cms.ID_DATA:
        raise refuse(name, Refusal.NOT_CMS)
    signers = signed.signers.as_list()
    if len(signers) != 1:
        raise refuse(name, Refusal.SIGNERS)
    info = signers[0]
    # Nothing signs the version or the revocation lists; what we never read may not be there.
    if signed.version != info.version or signed.revocations is not None:
        raise refuse(name, Refusal.NOT_CMS)
    embedded = signed.certificates.as_list() if signed.certificates else []
    return _Statement(
        info=info,
        digest=_read_digest(name, signed, info),
        embedded=frozenset(asn1.encode_der(one) for one in embedded),
    )


def _check_outer_length(name: str, signature: bytes) -> None:
    """DER says at its start where it ends: nothing may be missing, nothing may follow."""
    if len(signature) > MAX_SIGNATURE_BYTES:
        raise refuse(name, Refusal.TOO_LARGE)
    if len(signature) < 2 or signature[0] != 0x30 or signature[1] == 0x80:
        raise refuse(name, Refusal.NOT_DER)
    first = signature[1]
    width = first - 0x80 if first > 0x80 else 0
    length = int.from_bytes(signature[2 : 2 + width]) if width else first
    end = 2 + width + length
    if len(signature) > end:
        raise refuse(name, Refusal.TRAILING_BYTES)
    if len(signature) < end:
        raise refuse(name, Refusal.NOT_DER)


def _read_message(name: str, signature: bytes) -> cms.ContentInfo:
    try:
        return asn1.decode_der(cms.ContentInfo, signature)
    except ValueError as error:
        raise refuse(name, Refusal.NOT_DER) from error


def _read_digest(name: str, signed: cms.SignedData, info: cms.SignerInfo) -> type[Hash]:
    oid = cms.algorithm_oid(info.digest)
    if oid not in DIGESTS:
        raise refuse(name, Refusal.WEAK_DIGEST)
    # The outer list is not signed; a list that says something else was tampered with.
    if [cms.algorithm_oid(one) for one in signed.digests.as_list()] != [oid]:
        raise refuse(name, Refusal.NOT_CMS)
    return DIGESTS[oid]


def _find_pinned(
    name: str, statement: _Statement, pinned: Sequence[x509.Certificate]
) -> x509.Certificate:
    named = [one for one in pinned if _is_named(one, statement.info)]
    if statement.embedded:
        named = [one for one in named if one.public_bytes(Encoding.DER) in statement.embedded]
    if not named:
        raise refuse(name, Refusal.UNPINNED)
    return named[0]


def _is_named(certificate: x509.Certificate, info: cms.SignerInfo) -> bool:
    """Whether the message names ``certificate``: by issuer and number (1), or by key id (3)."""
    if info.version == 1:
        named = cms.read_as(cms.IssuerAndSerial, info.signer)
        issuer = asn1.encode_der(named.issuer)
        return (
            named.serial == certificate.serial_number
            and issuer == certificate.issuer.public_bytes()
        )
    try:
        key_id = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return False
    return (
        info.version == 3
        and info.signer.tag_bytes == b"\x80"
        and bytes(info.signer.data) == key_id.value.digest
    )


def _check_validity(name: str, certificate: x509.Certificate, now: datetime) -> None:
    if now < certificate.not_valid_before_utc:
        raise refuse(name, Refusal.NOT_YET_VALID)
    if now > certificate.not_valid_after_utc:
        raise refuse(name, Refusal.EXPIRED)


def _check_attributes(name: str, statement: _Statement, content: bytes) -> None:
    if statement.info.attributes is None:
        raise refuse(name, Refusal.NO_ATTRIBUTES)
    values: dict[x509.ObjectIdentifier, list[cms.Tlv]] = {}
    for encoded in statement.info.attributes.as_list():
        attribute = cms.read_as(cms.Attribute, encoded)
        if attribute.type in values:
            raise refuse(name, Refusal.ATTRIBUTES)
        values[attribute.type] = attribute.values.as_list()
    types = values.get(cms.CONTENT_TYPE, [])
    digests = values.get(cms.MESSAGE_DIGEST, [])
    if len(types) != 1 or len(digests) != 1:
        raise refuse(name, Refusal.ATTRIBUTES)
    if cms.read_as(x509.ObjectIdentifier, types[0]) != cms.ID_DATA:
        raise refuse(name, Refusal.ATTRIBUTES)
    found = hashlib.new(statement.digest.name, content).digest()
    if cms.read_as(bytes, digests[0]) != found:
        raise refuse(name, Refusal.DIGEST_MISMATCH)


def _check_signature(name: str, statement: _Statement, certificate: x509.Certificate) -> None:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            _check_rsa(name, statement, key)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            _check_ecdsa(name, statement, key)
        else:
            raise refuse(name, Refusal.WEAK_KEY)
    except InvalidSignature as error:
        raise refuse(name, Refusal.BAD) from error


def _check_rsa(name: str, statement: _Statement, key: rsa.RSAPublicKey) -> None:
    if key.key_size < MIN_RSA_BITS:
        raise refuse(name, Refusal.WEAK_KEY)
    signature, message = statement.info.signature, asn1.encode_der(statement.info.attributes)
    digest = statement.digest()
    if _is_pss(name, statement):
        salted = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO)
        key.verify(signature, message, salted, digest)
        return
    oid = cms.algorithm_oid(statement.info.algorithm)
    if oid != cms.RSA and RSA_WITH.get(oid) is not statement.digest:
        raise refuse(name, Refusal.ALGORITHM)
    key.verify(signature, message, padding.PKCS1v15(), digest)


def _is_pss(name: str, statement: _Statement) -> bool:
    """Whether RSA-PSS was used; with another digest inside it is refused."""
    try:
        algorithm = cms.read_as(cms.Algorithm, statement.info.algorithm)
    except ValueError:
        return False
    if algorithm.oid != cms.RSA_PSS:
        return False
    try:
        parameters = cms.read_as(cms.PssParameters, algorithm.parameters)
    except ValueError as error:  # what is left out there means SHA-1
        raise refuse(name, Refusal.ALGORITHM) from error
    mask = cms.read_as(cms.Algorithm, parameters.mask)
    inner = (cms.algorithm_oid(parameters.digest), cms.algorithm_oid(mask.parameters))
    if mask.oid != cms.MGF1 or any(DIGESTS.get(oid) is not statement.digest for oid in inner):
        raise refuse(name, Refusal.ALGORITHM)
    return True


def _check_ecdsa(name: str, statement: _Statement, key: ec.EllipticCurvePublicKey) -> None:
    if key.curve.name not in CURVES:
        raise refuse(name, Refusal.WEAK_KEY)
    oid = cms.algorithm_oid(statement.info.algorithm)
    if ECDSA_WITH.get(oid) is not statement.digest:
        raise refuse(name, Refusal.ALGORITHM)
    message = asn1.encode_der(statement.info.attributes)
    key.verify(statement.info.signature, message, ec.ECDSA(statement.digest()))
