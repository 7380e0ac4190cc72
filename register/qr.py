"""The QR code on a licence page, as inline SVG without a style attribute (strict CSP)."""

import io
from functools import lru_cache

import segno
from django.utils.safestring import SafeString, mark_safe


@lru_cache(maxsize=4096)
def qr_svg(address: str) -> SafeString:
    """Modules as one path in the colour of the text; the page gives it its size and its name.

    The mask is fixed: choosing the best of eight takes longer than the rest of the page.
    """
    out = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=2).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        border=2,
        nl=False,
        svgclass=None,
        lineclass=None,
    )
    return mark_safe(out.getvalue().decode())
