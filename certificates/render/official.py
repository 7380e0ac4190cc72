"""The unsigned official document: running text on A4, as many pages as it takes, seal over authority and date.

The head is neutral on purpose and no authority's own letterhead is imitated; the seal is the demo world's alone. What
the file is prepared as, and what travels inside it, is as with certificates (`render.document`).
"""

import io
from datetime import datetime
from functools import lru_cache
from typing import Any

import pydyf
import segno
from django.template import Context, Engine, Template
from django.utils.safestring import SafeString, mark_safe
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from certificates import glyphs, seal
from certificates.documents.facts import ATTACHMENT, DocumentFacts
from certificates.errors import GlyphMissing, PaperOverflow
from certificates.render.document import MAX_PAGES, NO_FETCHING
from certificates.render.typefaces import font_faces, template

VERSION = 1
DEMO_LINE = "演示 DEMO 无法律效力"
MASK = 2
"""One pattern of the QR code for all: weighing the eight takes longer than setting the page."""


def render(facts: DocumentFacts, *, address: str, at: datetime) -> bytes:
    """One document as PDF bytes; `at` is the real time of making, `address` where it can be looked up.

    Raises GlyphMissing, FontMissing, TemplateMissing, PaperOverflow.
    """
    if absent := glyphs.missing(facts.printed_text):
        raise GlyphMissing(characters=" ".join(sorted(absent)))
    page, styles, fonts = _prepared(facts.demo)
    html = page.render(Context(_context(facts, address, at)))
    document = HTML(string=html, url_fetcher=NO_FETCHING).render(stylesheets=[styles], font_config=fonts)
    if len(document.pages) > MAX_PAGES:
        raise PaperOverflow()
    document.metadata.attachments = [
        Attachment(
            string=facts.canonical, name=ATTACHMENT, description="文书内容", relationship="Data", created=at,
            modified=at,
        )
    ]  # fmt: skip
    return document.write_pdf(pdf_variant="pdf/a-3b", finisher=lambda _, pdf: _list_attachment_once(pdf))


def _list_attachment_once(pdf: pydyf.PDF) -> None:
    """WeasyPrint lists each attachment twice."""
    pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


@lru_cache(maxsize=2)
def _prepared(demo: bool) -> tuple[Template, CSS, FontConfiguration]:
    """Template, style sheet and fonts, read once per process."""
    fonts = FontConfiguration()
    sheet = template("official.css").replace("DEMO_LINE", DEMO_LINE if demo else "")
    styles = CSS(string=font_faces() + sheet, font_config=fonts)
    return Engine(autoescape=True).from_string(template("official.html")), styles, fonts


def _context(facts: DocumentFacts, address: str, at: datetime) -> dict[str, Any]:
    return {
        "facts": facts,
        "qr": _qr(address),
        "seal": mark_safe(seal.svg(facts.authority_name)) if facts.demo else "",
        "code": grouped(facts.public_id),
        "address": address,
        "dated_en": f"{facts.dated_on.day} {facts.dated_on:%B %Y}",
        "created": at.isoformat(timespec="seconds"),
    }


def grouped(public_id: str) -> str:
    """The verification code in groups of five, as it is printed and typed."""
    return " ".join(public_id[start : start + 5] for start in range(0, len(public_id), 5))


def _qr(address: str) -> SafeString:
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False, mask=MASK)
    code.save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=0, nl=False, dark="#1b2430")
    return mark_safe(out.getvalue().decode())
