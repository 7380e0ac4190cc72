"""A PDF looked through: its structure by one library, its pages opened and drawn by another. Nothing is changed."""

import resource
from typing import Any

import pikepdf
import pypdfium2

from core.files.child.active import look_at
from core.files.child.refused import Refused
from core.files.child.unpacked import Measure

DRAWN_EDGE = 400
ALWAYS_DRAWN = 2


def inspect(source: str, limits: dict[str, Any]) -> dict[str, Any]:
    """The number of pages of a harmless PDF. Raises Refused with the reason."""
    pages = structure(source, limits)
    draw(source, pages, float(limits["render_seconds"]))
    return {"pages": pages}


def structure(source: str, limits: dict[str, Any]) -> int:
    """Password, pages, active content, size when opened. The cross references must be right as they stand:

    two programs mend a broken file differently, and what one of them overlooks the other may carry out.
    """
    try:
        with pikepdf.open(source, attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Refused("encrypted")
            if len(pdf.objects) > limits["objects"]:
                raise Refused("bomb")
            pages = len(pdf.pages)
            if pages == 0:
                raise Refused("no_pages")
            if pages > limits["pages"]:
                raise Refused("pages", pages=pages, limit=int(limits["pages"]))
            walk(pdf, limits)
            if any("limits error" in str(warning) for warning in pdf.get_warnings()):
                raise Refused("bomb")
            return pages
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except (pikepdf.PdfError, OSError, RecursionError, ValueError, TypeError, RuntimeError):
        raise Refused("damaged") from None


def walk(pdf: pikepdf.Pdf, limits: dict[str, Any]) -> None:
    """Every object of the file, reachable or not. Active content is named before size."""
    streams = []
    for entry in pdf.objects:
        look_at(entry)
        if isinstance(entry, pikepdf.Stream):
            streams.append(entry)
    look_at(pdf.trailer)
    measure = Measure(limits)
    for stream in streams:
        measure.add(stream)


def draw(source: str, pages: int, seconds: float) -> None:
    """Open every page and draw them small: the first ones always, the others while there is time."""
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError:
        raise Refused("damaged") from None
    try:
        if len(document) != pages:
            raise Refused("damaged")
        began = spent()
        for number in range(pages):
            page = document[number]
            width, height = page.get_size()
            if min(width, height) <= 0:
                raise Refused("damaged")
            if number < ALWAYS_DRAWN or spent() - began < seconds:
                page.render(scale=min(1.0, DRAWN_EDGE / max(width, height))).close()
            page.close()
    except pypdfium2.PdfiumError:
        raise Refused("damaged") from None
    finally:
        document.close()


def spent() -> float:
    """CPU seconds of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime
