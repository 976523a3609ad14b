"""Sign bytes with a detached CMS signature that openssl alone can verify."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from gateway.signing import shapes as cms

SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: a certificate and the private key that belongs to it."""

    certificate: x509.Certificate
    private_key: SigningKey = field(repr=False)


def sign_detached(content: bytes, signer: Signer, now: datetime) -> bytes:
    """Sign ``content``: DER, SHA-256, signed attributes, one signer, certificate embedded.

    :param now: aware; becomes the signing time, which no verifier here trusts.
    """
    attributes = _signed_attributes(hashlib.sha256(content).digest(), now)
    digest = cms.as_tlv(cms.AlgorithmBare(oid=cms.SHA256))
    algorithm, signature = _sign(asn1.encode_der(attributes), signer.private_key)
    certificate = signer.certificate
    issuer = asn1.decode_der(cms.Tlv, certificate.issuer.public_bytes())
    info = cms.SignerInfo(
        version=1,
        signer=cms.as_tlv(cms.IssuerAndSerial(issuer=issuer, serial=certificate.serial_number)),
        digest=digest,
        attributes=attributes,
        algorithm=algorithm,
        signature=signature,
        unsigned=None,
    )
    signed = cms.SignedData(
        version=1,
        digests=asn1.SetOf([digest]),
        encapsulated=cms.EncapsulatedContent(type=cms.ID_DATA, content=None),
        certificates=asn1.SetOf([cms.as_tlv(certificate)]),
        revocations=None,
        signers=asn1.SetOf([info]),
    )
    return asn1.encode_der(cms.ContentInfo(type=cms.ID_SIGNED_DATA, content=signed))


def _signed_attributes(digest: bytes, now: datetime) -> asn1.SetOf[cms.Tlv]:
    moment = asn1.UTCTime(now.astimezone(UTC).replace(microsecond=0))
    return asn1.SetOf(
        [
            cms.as_tlv(cms.OidAttribute(type=cms.CONTENT_TYPE, values=asn1.SetOf([cms.ID_DATA]))),
            cms.as_tlv(cms.TimeAttribute(type=cms.SIGNING_TIME, values=asn1.SetOf([moment]))),
            cms.as_tlv(cms.BytesAttribute(type=cms.MESSAGE_DIGEST, values=asn1.SetOf([digest]))),
        ]
    )


def _sign(message: bytes, key: SigningKey) -> tuple[cms.Tlv, bytes]:
    if isinstance(key, rsa.RSAPrivateKey):
        rsa_algorithm = cms.AlgorithmNull(oid=cms.RSA, parameters=asn1.Null())
        return cms.as_tlv(rsa_algorithm), key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    ec_algorithm = cms.AlgorithmBare(oid=cms.ECDSA_SHA256)
    return cms.as_tlv(ec_algorithm), key.sign(message, ec.ECDSA(hashes.SHA256()))
