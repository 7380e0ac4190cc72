"""Is this PDF ours, and is it as we signed it? Two of three answers; "in force today?" is the register's.

Certificates and official documents alike: what travels inside says which of the two a paper is. Every input is hostile:
whatever it holds, the answer is a verdict. Facts are read from the revision the signature covers, never from what was
appended later, and only when that revision is whole.
"""

import io
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from asn1crypto import parser
from asn1crypto import x509 as asn1_x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates.documents import facts as documents
from certificates.documents.facts import DocumentFacts, document_from_json
from certificates.facts import ATTACHMENT, CertificateFacts, facts_from_json

MAX_BYTES = 10 * 1024 * 1024
MAX_SIGNATURES = 4
MAX_FACTS = 256 * 1024
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
"""Extended key usage of our signers (RFC 9336): no other certificate of an issuer signs a licence."""

Roots = list[asn1_x509.Certificate]
_QUIET = ("pyhanko", "pyhanko_certvalidator")
for _name in _QUIET:
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # a stranger's broken file is no error of ours


class Finding(StrEnum):
    """What was found, as a stable code; pages give each its sentence."""

    GENUINE = "genuine"
    NOT_A_PDF = "not_a_pdf"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    NOT_SIGNED = "not_signed"
    SIGNED_BY_ANOTHER = "signed_by_another"
    ALTERED = "altered"
    CHANGED_AFTER_SIGNING = "changed_after_signing"
    NO_FACTS = "no_facts"


@dataclass(frozen=True)
class Verdict:
    """Authentic: signed by an issuer of ours. Unaltered: byte for byte what was signed.

    `facts` are what was signed of a certificate, `document` of an official document; None unless the signed revision
    is ours and whole.
    """

    authentic: bool
    unaltered: bool
    finding: Finding
    facts: CertificateFacts | None = None
    signer: str = ""
    signer_fingerprint: str = ""
    signed_at: str = ""
    document: DocumentFacts | None = None

    @property
    def licence_number(self) -> str:
        return self.facts.licence_number if self.facts else ""

    @property
    def genuine(self) -> bool:
        return self.finding is Finding.GENUINE


def verify_pdf(content: bytes, *, roots: Iterable[bytes]) -> Verdict:
    """Judge a file against trusted root certificates (DER). Never raises on account of the file."""
    if len(content) > MAX_BYTES:
        return Verdict(False, False, Finding.TOO_LARGE)
    if b"%PDF-" not in content[:1024]:
        return Verdict(False, False, Finding.NOT_A_PDF)
    trusted = [asn1_x509.Certificate.load(der) for der in roots]
    try:
        return _judge(content, trusted)
    except RecursionError:
        return Verdict(False, False, Finding.DAMAGED)
    except Exception:
        logging.getLogger(__name__).info("a file under verification could not be read", exc_info=True)
        return Verdict(False, False, Finding.DAMAGED)


def _judge(content: bytes, trusted: Roots) -> Verdict:
    reader = PdfFileReader(io.BytesIO(content), strict=True)
    signatures = reader.embedded_regular_signatures
    if not signatures:
        return Verdict(False, False, Finding.NOT_SIGNED)
    for signature in signatures[:MAX_SIGNATURES]:
        status = _status(signature, trusted)
        if status is not None and _made_by_our_signer(signature, status):
            return _judge_ours(reader, signature, status)
    return Verdict(False, False, Finding.SIGNED_BY_ANOTHER, signer=_common_name(signatures[0]))


def _made_by_our_signer(signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> bool:
    """Whether a signer of ours made this signature, be the document still what was signed or not."""
    if status.validation_path is None or status.trust_problem_indic is not None:
        return False
    signed = signature.signer_info["signed_attrs"]
    key = load_der_public_key(signature.signer_cert.public_key.dump())
    algorithm = signature.signer_info["digest_algorithm"]["algorithm"].native
    if not isinstance(key, ec.EllipticCurvePublicKey) or algorithm != "sha256":
        return False
    try:
        key.verify(
            signature.signer_info["signature"].native, signed.untag().dump(), ec.ECDSA(hashes.SHA256())
        )
    except InvalidSignature:
        return False
    return True


def _status(
    signature: EmbeddedPdfSignature, trusted: list[asn1_x509.Certificate]
) -> PdfSignatureStatus | None:
    """The mathematics and the chain, offline; None when the signature object itself cannot be read."""
    context = ValidationContext(trust_roots=trusted, allow_fetching=False, revocation_mode="soft-fail")
    usage = KeyUsageConstraints(key_usage={"digital_signature"}, extd_key_usage={DOCUMENT_SIGNING})
    try:
        return validate_pdf_signature(signature, context, key_usage_settings=usage)
    except Exception:
        return None


def _judge_ours(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, status: PdfSignatureStatus
) -> Verdict:
    signer = {
        "signer": _common_name(signature),
        "signer_fingerprint": signature.signer_cert.sha256.hex(),
        "signed_at": _signed_at(signature),
    }
    if not (status.intact and status.valid) or not _as_we_write_it(signature):
        return Verdict(True, False, Finding.ALTERED, **signer)
    facts = _facts(reader, signature)
    if facts is None:
        return Verdict(True, False, Finding.NO_FACTS, **signer)
    if _authority_of(signature) != facts.authority_code:
        return Verdict(False, False, Finding.SIGNED_BY_ANOTHER, **signer)
    said: dict[str, Any] = {"document" if isinstance(facts, DocumentFacts) else "facts": facts}
    whole = (
        status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        and status.docmdp_ok is not False
        and len(reader.embedded_signatures) == 1
        and signature.docmdp_level == MDPPerm.NO_CHANGES
    )
    if not whole:
        return Verdict(True, False, Finding.CHANGED_AFTER_SIGNING, **said, **signer)
    return Verdict(True, True, Finding.GENUINE, **said, **signer)


def _authority_of(signature: EmbeddedPdfSignature) -> str:
    """The authority code the signer's certificate was made out to; one authority never signs for another."""
    return str(signature.signer_cert.subject.native.get("organizational_unit_name", ""))


def _as_we_write_it(signature: EmbeddedPdfSignature) -> bool:
    """The hole around the signature, which no signature covers, is ours to the end."""
    _, before, after, _ = (int(number) for number in signature.byte_range)
    stream = signature.reader.stream
    stream.seek(before)
    hole = stream.read(after - before)
    message = signature.pkcs7_content
    used = _der_length(message)
    signed = signature.signed_data
    usual = (
        [item.dump() for item in signed["digest_algorithms"]]
        == [signature.signer_info["digest_algorithm"].dump()]
        and signed["version"].native == signature.signer_info["version"].native == "v1"
        and signed["encap_content_info"]["content_type"].native == "data"
        and signature.signer_info["digest_algorithm"]["algorithm"].native == "sha256"
    )
    written = (b"<%s>" % message.hex().encode(), b"<%s>" % message.hex().upper().encode())
    return usual and hole in written and not message[used:].strip(b"\0")


def _der_length(message: bytes) -> int:
    """How many bytes the outermost DER value takes."""
    return int(parser.peek(message))


_READERS: dict[str, Callable[[Any], CertificateFacts | DocumentFacts]] = {
    ATTACHMENT: facts_from_json,
    documents.ATTACHMENT: document_from_json,
}
"""Under which name each of our papers carries its facts, and how they are read."""


def _facts(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> CertificateFacts | DocumentFacts | None:
    """The facts embedded in the signed revision; None where there are none, or those of two papers."""
    revision = reader.get_historical_resolver(signature.signed_revision)
    try:
        found = _attachments(revision)
        if len(found) != 1:
            return None
        (name, content), *_none = found.items()
        return _READERS[name](json.loads(content))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _attachments(revision: HistoricalResolver) -> dict[str, bytes]:
    """Those of our own names; one that is too large is none."""
    names, found = revision.root["/Names"]["/EmbeddedFiles"]["/Names"], {}
    for index in range(1, min(len(names), 20), 2):
        specification: Any = names[index]
        name = str(specification.get(pdf_name("/UF"), specification.get(pdf_name("/F"), "")))
        if name in _READERS and name not in found:
            data = specification["/EF"]["/F"].data
            if len(data) <= MAX_FACTS:
                found[name] = data
    return found


def _common_name(signature: EmbeddedPdfSignature) -> str:
    try:
        return str(signature.signer_cert.subject.native.get("common_name", ""))[:200]
    except Exception:
        return ""


def _signed_at(signature: EmbeddedPdfSignature) -> str:
    claimed = signature.self_reported_timestamp
    return claimed.isoformat() if claimed else ""
