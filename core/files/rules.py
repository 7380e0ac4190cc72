"""What may be stored, told by the content and never by the name (R-29 documents). Pure functions and figures."""

import re
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
CSV, JSON = "text/csv", "application/json"
ACCEPTED = (PDF, JPEG, PNG)
EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png", CSV: "csv", JSON: "json"}
ENDINGS = {"pdf": PDF, "jpg": JPEG, "jpeg": JPEG, "jpe": JPEG, "jfif": JPEG, "png": PNG}
MISLEADING = re.compile(
    r"\.(pdf|jpe?g|jfif|png|gif|hei[cf]|webp|exe|com|bat|cmd|scr|msi|lnk|js|vbs|html?|svg|zip|php|docx?|ofd|csv|txt|tsv|json|xlsx?|et)$",
    re.I,
)
HEAD, TAIL = 4096, 66_000
"""How much of the beginning and the end is looked at before anything opens the file."""

_SIGNATURES = ((PDF, b"%PDF-"), (JPEG, b"\xff\xd8\xff"), (PNG, b"\x89PNG\r\n\x1a\n"))
_PICTURES = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\xff\x0a", b"8BPS")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WEB = re.compile(rb"<\s*(!doctype\s+html|html|script|svg|iframe)\b", re.I)
_ZIP_END = re.compile(rb"PK\x05\x06\0\0\0\0(..)\1", re.S)
"""The end of a ZIP's table of contents: on the first of one disks, as many entries there as in all. Programs find it
whatever stands behind."""


@dataclass(frozen=True)
class Limits:
    """How far the inspecting process may go, and what a document may be."""

    pages: int = 200
    pixels: int = 120_000_000
    edge: int = 3_500
    objects: int = 200_000
    stream_bytes: int = 64 * 1_048_576
    picture_bytes: int = 400 * 1_048_576
    total_bytes: int = 1_024 * 1_048_576
    output_bytes: int = 20 * 1_048_576
    render_seconds: float = 4.0
    cpu_seconds: int = 20
    wall_seconds: int = 40
    memory_bytes: int = 1_536 * 1_048_576

    def as_dict(self) -> dict[str, float]:
        """The figures as the inspecting process reads them."""
        return asdict(self)


LIMITS = Limits()


def content_type_of(head: bytes) -> str | None:
    """The type by signature: PDF at the very first byte, JPEG, PNG; None for everything else."""
    return next((kind for kind, signature in _SIGNATURES if head.startswith(signature)), None)


def told_by_name(filename: str) -> str | None:
    """The type the name claims; None when it claims none of ours."""
    return ENDINGS.get(filename.rpartition(".")[2].strip().lower())


def stranger(head: bytes) -> str:
    """What a file is that we do not take: heic, picture, office, archive or unknown; decides what we advise."""
    if head[4:8] == b"ftyp":
        return (
            "heic"
            if head[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"avif")
            else "unknown"
        )
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "picture"
    if head.startswith(_PICTURES):
        return "picture"
    if head.startswith(_OLE):
        return "office"
    if head.startswith(b"PK\x03\x04"):
        return (
            "office"
            if any(name in head for name in (b"[Content_Types]", b"OFD.xml", b"mimetype"))
            else "archive"
        )
    return "archive" if head.startswith(_ARCHIVES) else "unknown"


def is_whole_pdf(tail: bytes) -> bool:
    """A PDF ends with its end marker; one cut off on the way does not."""
    return b"%%EOF" in tail[-1024:]


def has_second_face(head: bytes, tail: bytes) -> bool:
    """A PDF that is a web page or a ZIP archive as well: another program would open something else in it."""
    if _WEB.search(head[:1024]):
        return True
    return any(int.from_bytes(found[1], "little") > 0 for found in _ZIP_END.finditer(tail))


def clean_filename(filename: str, content_type: str) -> str:
    """The name to show and to download under: no path, nothing invisible, the one ending the content deserves."""
    name = PurePosixPath(unicodedata.normalize("NFC", filename).replace("\\", "/")).name
    name = "".join(ch for ch in name if ch.isprintable() and ch not in '"<>|:*?/').strip()
    while shorter := MISLEADING.sub("", name):
        if shorter == name:
            break
        name = shorter.strip()
    else:
        name = ""
    return f"{name.strip('. ')[:120] or 'document'}.{EXTENSIONS[content_type]}"
