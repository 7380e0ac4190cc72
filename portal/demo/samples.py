"""Sample papers of the demo world: each says 演示 in large letters."""

from functools import lru_cache
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont
from weasyprint import HTML

from certificates.glyphs import text_fonts
from core.files import scanner
from core.files.intake import Prepared, set_aside


@lru_cache(maxsize=64)
def business_licence(name: str, uscc: str, person: str, address: str) -> bytes:
    """A picture of an invented business licence, PNG."""
    image = Image.new("RGB", (1200, 850), "#fdfbf5")
    draw = ImageDraw.Draw(image)
    path = str(text_fonts()[0])
    title, text, mark = (ImageFont.truetype(path, size) for size in (64, 30, 96))
    draw.rectangle((30, 30, 1170, 820), outline="#9a7b3c", width=6)
    draw.text((600, 120), "营 业 执 照", font=title, fill="#1b2430", anchor="mm")
    rows = (("统一社会信用代码", uscc), ("名称", name), ("法定代表人", person), ("住所", address))
    for line, (label, value) in enumerate(rows):
        draw.text((120, 250 + 90 * line), label, font=text, fill="#6b7683")
        draw.text((420, 250 + 90 * line), value, font=text, fill="#1b2430")
    draw.text((600, 710), "演示专用 无法律效力", font=mark, fill="#e8c4bf", anchor="mm")
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def known_good(content: bytes, filename: str) -> Prepared:
    """A sample ready to be kept. We drew it a moment ago, so the inspection of strangers' files is left out."""
    kind = "application/pdf" if filename.endswith(".pdf") else "image/png"
    ready = set_aside(ContentFile(content), filename, kind)
    ready.scan, ready.pages = scanner.state_of(ready.path, "file"), 1
    if kind == "image/png":
        ready.width, ready.height = Image.open(BytesIO(content)).size
    return ready


@lru_cache(maxsize=64)
def record(title: str, enterprise: str, result: str, body: str, day: str) -> bytes:
    """A record of a visit or a test report, PDF."""
    font = text_fonts()[0].as_uri()
    html = f"""<style>@font-face{{font-family:S;src:url({font})}}@page{{size:A4;margin:25mm}}
      body{{font:12pt/2 S}}h1{{text-align:center;font-size:20pt}}p.mark{{color:#b2281e;text-align:center}}</style>
      <h1>{title}</h1><p>受检企业：{enterprise}</p><p>承担机构：{body}</p><p>日期：{day}</p>
      <p>结论：<b>{result}</b></p><p class=mark>演示专用 无法律效力</p>"""
    return bytes(HTML(string=html).write_pdf() or b"")


def letter_of_delegation(province: str, prefecture: str) -> bytes:
    """A province's letter to the prefecture it entrusts, PDF."""
    font = text_fonts()[0].as_uri()
    html = f"""<style>@font-face{{font-family:S;src:url({font})}}@page{{size:A4;margin:25mm}}
      body{{font:12pt/2 S}}h1{{text-align:center;font-size:20pt}}p.mark{{color:#b2281e;text-align:center}}</style>
      <h1>委托书</h1><p>{prefecture}：</p><p>现将工业产品生产许可的受理、审查、审批委托你局以我局名义办理，不得再委托。</p>
      <p>{province}</p><p class=mark>演示专用 无法律效力</p>"""
    return bytes(HTML(string=html).write_pdf() or b"")
