"""The table of hostile files, and what they are made with."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

MB = 1 << 20


@dataclass(frozen=True)
class Hostile:
    """One file: what it is called in the tests, how it is made, the refusal's code, for active content what was
    found, and the name it is sent under."""

    title: str
    make: Callable[[], bytes]
    code: str
    finding: str
    filename: str


FILES: list[Hostile] = []


def hostile(
    code: str, finding: str = "", filename: str = "营业执照.pdf"
) -> Callable[..., Callable[[], bytes]]:
    """Put a maker into the table."""

    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        FILES.append(Hostile(make.__name__, make, code, finding, filename))
        return make

    return register


def active(finding: str) -> Callable[..., Callable[[], bytes]]:
    return hostile("files.active_content", finding)


def blank(pages: int = 1) -> Pdf:
    pdf = Pdf.new()
    for _page in range(pages):
        pdf.add_blank_page(page_size=(200, 140))
    return pdf


def saved(pdf: Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def written(*objects: bytes, root: int = 1, extra: bytes = b"") -> bytes:
    """A PDF written by hand: object 1 is the catalogue, cross references right."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return bytes(out) + b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        root,
        extra,
        start,
    )


PAGES = (b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 140]>>")


def with_page(change: Callable[[Pdf, Dictionary], None], **options: object) -> bytes:
    pdf = blank()
    change(pdf, pdf.pages[0].obj)
    return saved(pdf, **options)


def annotated(**entries: object) -> bytes:
    """One page with one annotation."""

    def change(pdf: Pdf, page: Dictionary) -> None:
        row = pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=[0, 0, 50, 50], **entries))  # type: ignore[arg-type]
        page.Annots = Array([row])

    return with_page(change)


def packed(size: int, value: bytes = b" ") -> bytes:
    """`size` equal bytes under Flate, made without holding them."""
    machine, out = zlib.compressobj(9), []
    for _piece in range(size // MB):
        out.append(machine.compress(value * MB))
    return b"".join([*out, machine.flush()])


def flate(data: bytes, filters: bytes = b"/FlateDecode", more: bytes = b"") -> bytes:
    return b"<</Length %d/Filter %s%s>>\nstream\n%s\nendstream" % (len(data), filters, more, data)


def zipped(comment: bytes = b"", name: str = "a.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "content")
        archive.comment = comment
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes, data: bytes | None = None) -> bytes:
    """A grey PNG written by hand, with what stands between header and pixels."""
    head = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = zlib.compress(b"\0" * ((width + 1) * height)) if data is None else data
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def picture(kind: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **options)
    return out.getvalue()
