"""The parts of RFC 5652 (CMS) that a detached signature needs, as ASN.1 shapes."""

from __future__ import annotations

from typing import Annotated, TypeVar

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

Tlv = asn1.TLV
T = TypeVar("T")

ID_DATA = ObjectIdentifier("1.2.840.113549.1.7.1")
ID_SIGNED_DATA = ObjectIdentifier("1.2.840.113549.1.7.2")
CONTENT_TYPE = ObjectIdentifier("1.2.840.113549.1.9.3")
MESSAGE_DIGEST = ObjectIdentifier("1.2.840.113549.1.9.4")
SIGNING_TIME = ObjectIdentifier("1.2.840.113549.1.9.5")
SHA256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")
SHA384 = ObjectIdentifier("2.16.840.1.101.3.4.2.2")
SHA512 = ObjectIdentifier("2.16.840.1.101.3.4.2.3")
RSA = ObjectIdentifier("1.2.840.113549.1.1.1")
MGF1 = ObjectIdentifier("1.2.840.113549.1.1.8")
RSA_PSS = ObjectIdentifier("1.2.840.113549.1.1.10")
ECDSA_SHA256 = ObjectIdentifier("1.2.840.10045.4.3.2")
ECDSA_SHA384 = ObjectIdentifier("1.2.840.10045.4.3.3")


@asn1.sequence
class AlgorithmBare:
    """An algorithm without parameters."""

    oid: ObjectIdentifier


@asn1.sequence
class AlgorithmNull:
    """An algorithm whose parameters are NULL."""

    oid: ObjectIdentifier
    parameters: asn1.Null


@asn1.sequence
class Algorithm:
    """An algorithm with parameters of its own, such as RSA-PSS and MGF1."""

    oid: ObjectIdentifier
    parameters: asn1.TLV


@asn1.sequence
class PssParameters:
    """How RSA-PSS was used; the salt's length is read from the signature itself."""

    digest: Annotated[asn1.TLV, asn1.Explicit(0)]
    mask: Annotated[asn1.TLV, asn1.Explicit(1)]
    salt_length: Annotated[int | None, asn1.Explicit(2)]
    trailer_field: Annotated[int | None, asn1.Explicit(3)]


@asn1.sequence
class Attribute:
    """A signed attribute of any kind."""

    type: ObjectIdentifier
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class OidAttribute:
    """A signed attribute that holds an object identifier."""

    type: ObjectIdentifier
    values: asn1.SetOf[ObjectIdentifier]


@asn1.sequence
class BytesAttribute:
    """A signed attribute that holds an octet string."""

    type: ObjectIdentifier
    values: asn1.SetOf[bytes]


@asn1.sequence
class TimeAttribute:
    """A signed attribute that holds a UTC time (until 2049)."""

    type: ObjectIdentifier
    values: asn1.SetOf[asn1.UTCTime]


@asn1.sequence
class IssuerAndSerial:
    """Whose signature it is, by the certificate's issuer and serial number."""

    issuer: asn1.TLV
    serial: int


@asn1.sequence
class EncapsulatedContent:
    """What was signed; without ``content`` the signature is detached."""

    type: ObjectIdentifier
    content: Annotated[bytes | None, asn1.Explicit(0)]


@asn1.sequence
class SignerInfo:
    """One signer's statement."""

    version: int
    signer: asn1.TLV
    digest: asn1.TLV
    attributes: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(0)]
    algorithm: asn1.TLV
    signature: bytes
    unsigned: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(1)]


@asn1.sequence
class SignedData:
    """Signatures and the certificates that travel with them."""

    version: int
    digests: asn1.SetOf[asn1.TLV]
    encapsulated: EncapsulatedContent
    certificates: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(0)]
    revocations: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(1)]
    signers: asn1.SetOf[SignerInfo]


@asn1.sequence
class ContentInfo:
    """The outermost wrapping."""

    type: ObjectIdentifier
    content: Annotated[SignedData, asn1.Explicit(0)]


def as_tlv(shape: object) -> Tlv:
    """The encoded form of ``shape``, as a value that fits any field."""
    return asn1.decode_der(Tlv, asn1.encode_der(shape))


def read_as(shape: type[T], value: Tlv) -> T:
    """``value`` read as ``shape``.

    :raises ValueError: it is something else.
    """
    return asn1.decode_der(shape, asn1.encode_der(value))


def algorithm_oid(value: Tlv) -> ObjectIdentifier:
    """The name of an algorithm whose parameters are absent or NULL.

    :raises ValueError: it has other parameters.
    """
    try:
        return read_as(AlgorithmBare, value).oid
    except ValueError:
        return read_as(AlgorithmNull, value).oid
