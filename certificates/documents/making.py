"""Facts in, a signed PDF out; no database."""

from datetime import datetime

from django.conf import settings

from certificates import keys, signing
from certificates.documents.facts import DocumentFacts
from certificates.errors import NoPublicAddress
from certificates.render import official

TEMPLATE = official.VERSION


def address_of(public_id: str) -> str:
    """Where anybody can look the document up. Raises NoPublicAddress without a base."""
    if not settings.PUBLIC_BASE_URL:
        raise NoPublicAddress()
    return f"{settings.PUBLIC_BASE_URL}/d/{public_id}"


def make_document(facts: DocumentFacts, signer: keys.Signer, at: datetime) -> bytes:
    """Set the paper and sign it; `at` is real time. Raises IssuanceStopped."""
    unsigned = official.render(facts, address=address_of(facts.public_id), at=at)
    return signing.sign(unsigned, signer=signer, reason=f"{facts.title} {facts.number}")
