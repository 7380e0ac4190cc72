"""The two documents this system writes for the applicant: the application form and the commitment letter (R-29).

Made by a worker after filing, from the facts as filed, with the certificate's embedded fonts; never edited later.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from certificates.glyphs import text_fonts
from licensing.models import Application, Slot
from licensing.statement import statement_rows

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

STYLE = "licensing/paper.css"
TEMPLATES = {
    Slot.APPLICATION_FORM: "licensing/paper_application.html",
    Slot.COMMITMENT_LETTER: "licensing/paper_commitment.html",
}


def render_paper(application: Application, slot: str) -> bytes:
    """One paper as PDF bytes, always in Chinese: it is a legal document of the case. What is filed fetches nothing."""
    from weasyprint import HTML

    from certificates.render.document import NO_FETCHING

    signed = getattr(application, "commitment", None)
    with override("zh-hans"):
        html = render_to_string(
            TEMPLATES[Slot(slot)],
            {
                "application": application,
                "filed": application.filed,
                "rules": application.rules,
                "statement": statement_rows(application.kind, application.filed.get("statement", {})),
                "commitment": signed,
                "paragraphs": signed.text.split("\n") if signed else [],
                "demo": settings.WORLD == "demo",
            },
        )
    style, fonts = _prepared()
    page = HTML(string=html, url_fetcher=NO_FETCHING)
    return bytes(page.write_pdf(stylesheets=[style], font_config=fonts))


@lru_cache(maxsize=1)
def _prepared() -> "tuple[CSS, FontConfiguration]":
    """Style sheet and fonts, read once per process."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    sheet = render_to_string(STYLE, {"fonts": [path.as_uri() for path in text_fonts()]})
    return CSS(string=sheet, font_config=fonts), fonts


FILENAMES = {Slot.APPLICATION_FORM: "申请书.pdf", Slot.COMMITMENT_LETTER: "承诺书.pdf"}
