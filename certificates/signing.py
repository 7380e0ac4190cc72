"""PAdES B-B certification signature over the rendered PDF: ECDSA P-256, no later change (ESL art. 13).

The key was parsed once by `certificates.keys`; pyHanko's stock signer parses and checks it at each signature.
"""

import hashlib
import io

from asn1crypto import x509 as asn1_x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.keys import Signer

FIELD = "Certificate"
SIGNATURE_BYTES = 72
"""Longest DER form of a P-256 signature."""

RESERVED = 8192
"""Characters held free for the signature: four certificates and attributes take about six thousand."""


class _PdfSigner(signers.Signer):
    """pyHanko's view of our signer: digests here, the signature wherever the key is."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        store = SimpleCertificateStore()
        store.register_multiple(_asn1(certificate.public_bytes(Encoding.DER)) for certificate in signer.chain)
        super().__init__(
            embed_roots=False,
            signing_cert=_asn1(signer.certificate.public_bytes(Encoding.DER)),
            cert_registry=store,
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(SIGNATURE_BYTES)
        return self._signer.sign_digest(hashlib.sha256(data).digest())


def _asn1(der: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(der)


def sign(pdf: bytes, *, signer: Signer, reason: str) -> bytes:
    """The same PDF with the authority's signature as an increment; pyHanko stamps the machine's real time."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
        name=_common_name(signer),
        embed_validation_info=False,
    )
    worker = signers.PdfSigner(
        metadata, signer=_PdfSigner(signer), new_field_spec=fields.SigFieldSpec(FIELD, on_page=0)
    )
    output = io.BytesIO()
    worker.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=output, bytes_reserved=RESERVED)
    return output.getvalue()


def _common_name(signer: Signer) -> str:
    found = signer.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""
