"""Official documents as anybody with the paper in hand may see them."""

from register.models import PublicDocument


def document_by(code: str) -> PublicDocument | None:
    """The signed document under a code; None for an empty or unknown one. One query, or none."""
    return PublicDocument.public.filter(code=code).first() if code else None
