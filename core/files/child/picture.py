"""Photographs and scans: really decoded, upright, of a sensible size, without place and camera; pages as pictures."""

import contextlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps

from core.files.child.refused import Refused

Image.MAX_IMAGE_PIXELS = None  # our own limit stands below, before anything is decoded
ORIENTATION = 0x0112
QUALITY = 88
JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
FORMATS = {JPEG: "JPEG", PNG: "PNG"}
UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, ZeroDivisionError)


def clean(source: str, output: str, kind: str, limits: dict[str, Any]) -> dict[str, Any]:
    """Decode, turn upright, shrink, drop everything but the pixels, write anew. Raises Refused."""
    try:
        with Image.open(source, formats=[FORMATS[kind]]) as opened:
            refuse_by_header(opened, limits)
            told = told_beside(opened)
            picture, changes = upright(opened, int(limits["edge"]))
    except UNREADABLE as error:
        raise Refused("bomb" if "too large" in str(error).lower() else "damaged") from None
    if told:
        changes.append("metadata_removed")
    written, changes = write(picture, output, kind, changes, int(limits["output_bytes"]))
    return {
        "pages": 1,
        "width": picture.width,
        "height": picture.height,
        "changes": changes,
        "content_type": written,
    }


def refuse_by_header(picture: Image.Image, limits: dict[str, Any]) -> None:
    """What the first bytes already tell: too many pixels, none at all, more pictures than one."""
    width, height = picture.size
    if width * height > limits["pixels"]:
        raise Refused("pixels", limit=int(limits["pixels"]) // 10_000)
    if picture.format == "PNG" and getattr(picture, "is_animated", False):
        raise Refused("animated")


def told_beside(picture: Image.Image) -> bool:
    """Whether the file tells more than its pixels: place, time, camera, comments."""
    beside = ("exif", "xmp", "comment", "photoshop", "XML:com.adobe.xmp", "Raw profile type exif")
    return bool(picture.getexif()) or any(name in picture.info for name in beside)


def upright(opened: Image.Image, edge: int) -> tuple[Image.Image, list[str]]:
    """The pixels as a person holds the page, no larger than `edge`, in plain sRGB."""
    turned = opened.getexif().get(ORIENTATION, 1) not in (0, 1)
    large = max(opened.size) > edge
    if large:
        opened.draft(None, (edge, edge))
    opened.load()
    picture = in_srgb(opened)
    if large:
        picture.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    picture = ImageOps.exif_transpose(picture)
    return picture, [name for name, done in (("rotated", turned), ("shrunk", large)) if done]


def in_srgb(picture: Image.Image) -> Image.Image:
    """Colours as every screen shows them; transparency becomes paper. Exif stays until the turn is done."""
    exif = picture.getexif()
    profile = picture.info.get("icc_profile")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture.convert("RGBA")).convert("RGB")
    elif picture.mode.startswith("I") or picture.mode == "F":
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            changed = ImageCms.profileToProfile(
                picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            picture = changed or picture
    if picture.mode not in ("1", "L", "RGB", "P"):
        picture = picture.convert("RGB")
    picture.info = {}
    picture.getexif()[ORIENTATION] = exif.get(ORIENTATION, 1)
    return picture


def write(
    picture: Image.Image, output: str, kind: str, changes: list[str], most: int
) -> tuple[str, list[str]]:
    """JPEG stays JPEG, PNG stays PNG unless it would be too large for the store."""
    bare = picture if kind == PNG else picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    bare.info = {}
    bare.getexif().clear()
    if kind == PNG:
        buffer = BytesIO()
        bare.save(buffer, "PNG")
        if buffer.tell() <= most // 2:
            with open(output, "wb") as target:
                target.write(buffer.getbuffer())
            return PNG, changes
        bare, changes = bare.convert("RGB"), [*changes, "converted"]
    bare.save(output, "JPEG", quality=QUALITY)
    return JPEG, changes


def page(source: str, output: str, kind: str, number: int, edge: int) -> dict[str, Any]:
    """A picture of one page (from 1), no larger than `edge`. Raises Refused when it cannot be drawn."""
    try:
        picture, pages = pdf_page(source, number, edge) if kind == PDF else photo(source, kind, edge)
        picture.convert("L" if picture.mode in ("1", "L") else "RGB").save(output, "JPEG", quality=78)
    except UNREADABLE:
        raise Refused("damaged") from None
    return {"pages": pages, "width": picture.width, "height": picture.height}


def photo(source: str, kind: str, edge: int) -> tuple[Image.Image, int]:
    """A stored photograph, smaller."""
    with Image.open(source, formats=[FORMATS[kind]]) as opened:
        opened.draft(None, (edge, edge))
        opened.thumbnail((edge, edge))
        return opened.copy(), 1


def pdf_page(source: str, number: int, edge: int) -> tuple[Image.Image, int]:
    """One page drawn with the annotations printed on it."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source)
        try:
            pages = len(document)
            if not 1 <= number <= pages:
                raise Refused("no_pages")
            document.init_forms()
            sheet = document[number - 1]
            picture = sheet.render(scale=min(4.0, edge / max(sheet.get_size()))).to_pil().copy()
            return picture, pages
        finally:
            document.close()
    except pypdfium2.PdfiumError:
        raise Refused("damaged") from None
