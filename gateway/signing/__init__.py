"""Bytes that prove where they come from: signatures, containers, keys."""

from gateway.signing.container import (
    LIMITS,
    ContainerLimits,
    build_container,
    container_name,
    read_container,
)
from gateway.signing.keys import (
    fingerprint,
    load_certificates,
    load_signer,
    make_signer,
    make_ssh_key,
    ssh_fingerprint,
)
from gateway.signing.manifest import FIRST_PREVIOUS, MANIFEST_NAME, Manifest, ManifestFile
from gateway.signing.refusals import Refusal
from gateway.signing.sign import Signer, sign_detached
from gateway.signing.verify import verify_detached

__all__ = [
    "FIRST_PREVIOUS",
    "LIMITS",
    "MANIFEST_NAME",
    "ContainerLimits",
    "Manifest",
    "ManifestFile",
    "Refusal",
    "Signer",
    "build_container",
    "container_name",
    "fingerprint",
    "load_certificates",
    "load_signer",
    "make_signer",
    "make_ssh_key",
    "read_container",
    "sign_detached",
    "ssh_fingerprint",
    "verify_detached",
]
