"""What may be stored: the type is told by the content, never by the name (R-29 documents)."""

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
ACCEPTED = (PDF, JPEG, PNG)
EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}


def content_type_of(head: bytes, tail: bytes) -> str | None:
    """The type by the first and last kilobyte: PDF header and trailer, JPEG and PNG signatures; None for the rest."""
    if head.startswith(b"%PDF-") and b"%%EOF" in tail:
        return PDF
    if head.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in tail[-64:]:
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in tail[-64:]:
        return PNG
    return None
