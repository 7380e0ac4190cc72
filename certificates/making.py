"""Facts in, a signed PDF out; no database. What the issuing act and the bench share."""

from datetime import datetime

from django.conf import settings

from certificates import keys, qr, signing
from certificates.facts import CertificateFacts
from certificates.render.document import render


def make_pdf(facts: CertificateFacts, signer: keys.Signer, at: datetime) -> bytes:
    """Sign the QR payload, set the paper, sign the paper; `at` is real time. Raises IssuanceStopped."""
    key_id = bytes.fromhex(keys.key_id(signer.certificate))
    message = qr.cose_sign1(
        qr.payload(facts), key_id=key_id, sign_digest=lambda d: keys.raw_signature(signer.sign_digest(d))
    )
    code = qr.encode(settings.PUBLIC_BASE_URL, facts.public_id, message)
    address = qr.address(settings.PUBLIC_BASE_URL, facts.public_id)
    unsigned = render(facts, code, address=address, at=at)
    return signing.sign(unsigned, signer=signer, reason=f"{facts.licence_number} v{facts.version}")
