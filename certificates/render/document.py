"""The unsigned certificate: text by WeasyPrint, background, seal and QR code added as ready-made vectors.

PDF/A-3b is what the file is prepared as; no validator has confirmed it. The licence travels inside as
canonical JSON (`licence.json`, relationship Data), so a machine reads the same facts a person does.
"""

import zlib
from datetime import datetime
from functools import lru_cache
from typing import Any

import pydyf
from django.template import Context, Engine, Template
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from certificates import glyphs, seal
from certificates.errors import GlyphMissing, PaperOverflow
from certificates.facts import ATTACHMENT, CertificateFacts
from certificates.qr import Code
from certificates.render import background, layout
from certificates.render.typefaces import font_faces, template
from certificates.render.vector import colour, group, operator, rectangle

MAX_PAGES = 40
QR_SIDE = 46 / 25.4 * 96
QR_PLACE = (86.0, 539.0)
SEAL_PLACE = (850.0, 637.0)
INK = "#1b2430"
NO_FETCHING = URLFetcher(allowed_protocols=())
"""What is printed has no way to a network or a file; fonts come with the style sheet."""


def render(facts: CertificateFacts, code: Code, *, address: str, at: datetime) -> bytes:
    """One certificate as PDF bytes; `at` is the real time of making.

    Raises GlyphMissing, FontMissing, TemplateMissing, PaperOverflow.
    """
    if absent := glyphs.missing(facts.printed_text):
        raise GlyphMissing(characters=" ".join(sorted(absent)))
    chosen = layout.choose(facts)
    page, styles, fonts = _prepared()
    html = page.render(Context(_context(facts, chosen, address, at)))
    document = HTML(string=html, url_fetcher=NO_FETCHING).render(stylesheets=[styles], font_config=fonts)
    expected = _has_annex(facts, chosen)
    if len(document.pages) > MAX_PAGES or (len(document.pages) > 1) != expected:
        raise PaperOverflow()
    document.metadata.attachments = [
        Attachment(
            string=facts.canonical,
            name=ATTACHMENT,
            description="许可证内容",
            relationship="Data",
            created=at,
            modified=at,
        )
    ]
    return document.write_pdf(pdf_variant="pdf/a-3b", finisher=lambda _, pdf: _finish(pdf, facts, code))


@lru_cache(maxsize=1)
def _prepared() -> tuple[Template, CSS, FontConfiguration]:
    """Template, style sheet and fonts, read once per process."""
    fonts = FontConfiguration()
    styles = CSS(string=font_faces() + template("certificate.css"), font_config=fonts)
    return Engine(autoescape=True).from_string(template("certificate.html")), styles, fonts


def _context(facts: CertificateFacts, chosen: layout.Layout, address: str, at: datetime) -> dict[str, Any]:
    return {
        "facts": facts,
        "density": chosen.density,
        "units_in_annex": chosen.units_in_annex,
        "sites_in_annex": chosen.sites_in_annex,
        "annex": _has_annex(facts, chosen),
        "sites": layout.sites_text(facts),
        "product": layout.product_text(facts),
        "uscc": " ".join(facts.uscc[i : i + 4] for i in range(0, len(facts.uscc), 4)),
        "address": address,
        "created": at.isoformat(timespec="seconds"),
    }


def _has_annex(facts: CertificateFacts, chosen: layout.Layout) -> bool:
    return chosen.units_in_annex or chosen.sites_in_annex or bool(facts.group_members)


def _finish(pdf: pydyf.PDF, facts: CertificateFacts, code: Code) -> None:
    """Put the sheet under every page; seal and QR code over the first."""
    pdf.catalog["AF"] = pydyf.Array(
        dict.fromkeys(pdf.catalog["AF"])
    )  # WeasyPrint lists each attachment twice
    pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
    resources = pdf.objects[int(pages[0]["Resources"].split()[0])]
    resources["XObject"]["Sheet"] = _form(pdf, background.compiled())
    resources["ExtGState"]["Stamp"] = pydyf.Dictionary({"BM": "/Multiply", "ca": 0.88, "CA": 0.88})
    under = _stream(pdf, "q /Sheet Do Q q")
    over = _stream(pdf, "Q")
    for page in pages:
        page["Contents"] = pydyf.Array([under, page["Contents"], over])
    marks = [_qr(code)]
    if facts.demo:
        marks.append(_seal(facts.authority_name))
    flip = f"q 0.75 0 0 -0.75 0 {background.HEIGHT * 0.75:.3f} cm"
    pages[0]["Contents"].append(_stream(pdf, "\n".join((flip, *marks, "Q"))))


def _form(pdf: pydyf.PDF, deflated: bytes) -> bytes:
    """A form object from a content stream that is deflated already."""
    extra = {
        "Type": "/XObject",
        "Subtype": "/Form",
        "BBox": pydyf.Array([0, 0, background.WIDTH * 0.75, background.HEIGHT * 0.75]),
        "Resources": pydyf.Dictionary({}),
        "Filter": "/FlateDecode",
    }
    form = pydyf.Stream([deflated], extra)
    pdf.add_object(form)
    return form.reference


def _stream(pdf: pydyf.PDF, text: str) -> bytes:
    stream = pydyf.Stream([zlib.compress(text.encode())], {"Filter": "/FlateDecode"})
    pdf.add_object(stream)
    return stream.reference


def _spoken(text: str, drawing: str) -> str:
    """A drawing of words that copying and reading aloud still find as words."""
    encoded = ("\ufeff" + text).encode("utf-16-be").hex().upper()
    return f"/Span <</ActualText <{encoded}>>> BDC\n{drawing}\nEMC"


def _seal(name: str) -> str:
    place = operator("cm", 1, 0, 0, 1, *SEAL_PLACE)
    return _spoken(f"{name} {seal.DEMO_TEXT}", group("/Stamp gs", place, seal.operators(name)))


def _qr(code: Code) -> str:
    module = QR_SIDE / len(code.rows)
    x0, y0 = QR_PLACE
    scale = f"{module:.6f} 0 0 {module:.6f} {x0:.2f} {y0:.2f} cm"
    return group(scale, colour(INK, stroke=False), *(rectangle(x, y, w, 1) for x, y, w in code.runs), "f")
