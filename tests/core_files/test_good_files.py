"""What is welcome: PDFs byte for byte, pictures upright, small enough and without the place they were taken at."""

import io
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from core.files.intake import Prepared, prepare
from tests.core_files.hostile.making import annotated, blank, picture, png, saved, written, zipped
from tests.support.world import PDF

GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(django_settings, "FILES_DIR", tmp_path)
    return tmp_path


def kept(content: bytes, filename: str = "照片.jpg") -> tuple[Prepared, bytes]:
    ready = prepare(content=content, filename=filename, slot="paper")
    return ready, ready.path.read_bytes()


def pixels(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as opened:
        return opened.copy()


def photo(size: tuple[int, int] = (80, 60), orientation: int = 1, **options: object) -> bytes:
    """Left half red, right half blue, with a place and a camera."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKE] = "Geheimkamera"
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 22.0, 1.0), 3: "E", 4: (120.0, 57.0, 2.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95, comment=b"geheim", **options)
    return out.getvalue()


@pytest.mark.req("R-29")
def test_a_photo_loses_its_place_and_its_camera() -> None:
    ready, content = kept(photo())
    assert not pixels(content).getexif() and b"Geheim" not in content and b"geheim" not in content
    assert ready.changes == ("metadata_removed",)
    assert (ready.width, ready.height, ready.pages) == (80, 60, 1)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_photo_held_sideways_is_turned_upright(orientation: int) -> None:
    ready, content = kept(photo(orientation=orientation))
    image = pixels(content)
    assert "rotated" in ready.changes
    assert image.size == ((80, 60) if orientation == 3 else (60, 80))
    red, _green, blue = image.getpixel((5, 5) if orientation != 8 else (5, image.height - 5))  # type: ignore[misc]
    assert (blue > red) is (orientation == 3)
    assert not image.getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_too_large_is_shrunk_to_a_sensible_edge(kind: str) -> None:
    ready, content = kept(picture(kind, (5_000, 1_000)))
    assert "shrunk" in ready.changes
    assert pixels(content).size == (ready.width, ready.height) == (3_500, 700)


def test_the_hash_is_that_of_what_is_kept() -> None:
    import hashlib

    for content in (photo(), PDF):
        ready, written_out = kept(content)
        assert ready.sha256 == hashlib.sha256(written_out).hexdigest()
        assert ready.size == len(written_out)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("behind", [zipped(), b"<html><script>alert(1)</script></html>", b"MZ" * 500])
def test_what_hangs_behind_a_picture_is_not_kept(kind: str, behind: bytes) -> None:
    _ready, content = kept(picture(kind) + behind)
    assert behind[:2] not in content[-600:] and b"script" not in content
    assert pixels(content).size == (64, 48)


@pytest.mark.parametrize(("mode", "kind", "expected"), [
    ("CMYK", "JPEG", "RGB"), ("L", "JPEG", "L"), ("RGBA", "PNG", "RGB"), ("LA", "PNG", "RGB"), ("P", "PNG", "P"),
    ("1", "PNG", "1"), ("I;16", "PNG", "L"),
])  # fmt: skip
def test_every_kind_of_colour_is_readable_afterwards(mode: str, kind: str, expected: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (40, 30)).save(out, kind)
    ready, content = kept(out.getvalue())
    image = pixels(content)
    assert (image.mode, image.size, image.format) == (expected, (40, 30), None)
    assert ready.content_type == f"image/{kind.lower()}"


def test_what_shines_through_becomes_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    assert pixels(kept(out.getvalue())[1]).convert("RGB").getpixel((1, 1)) == (255, 255, 255)


def test_a_photo_with_a_second_picture_for_bright_screens_is_taken() -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(
        out, "MPO", save_all=True, append_images=[Image.new("RGB", (20, 15), "blue")]
    )
    ready, content = kept(out.getvalue())
    assert ready.content_type == "image/jpeg" and content.count(b"\xff\xd8\xff") == 1


def test_metadata_of_a_png_goes_too() -> None:
    from tests.core_files.hostile.making import chunk

    ready, content = kept(
        png(8, 8, chunk(b"tEXt", b"comment\0geheim"), chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>"))
    )
    assert b"geheim" not in content and b"xmp" not in content
    assert ready.changes[-1:] == ("metadata_removed",) or "retyped" in ready.changes


def test_a_name_that_claims_another_type_is_told() -> None:
    assert kept(PDF, "照片.jpg")[0].changes == ("retyped",)
    assert kept(picture("PNG"), "执照.pdf")[0].changes[0] == "retyped"
    assert kept(picture("JPEG"), "image")[0].changes == ()


def form_field() -> bytes:
    widget = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(x)/Rect[0 0 90 20]>>"
    return written(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>/OpenAction[3 0 R/Fit]>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 140]/Annots[4 0 R]>>", widget,
    )  # fmt: skip


@pytest.mark.parametrize("content", [
    PDF, saved(blank(200)), form_field(),
    annotated(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://www.samr.gov.cn/"))),
    annotated(Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]))),
], ids=["plain", "200 pages", "form", "link", "own link"])  # fmt: skip
def test_a_harmless_pdf_is_kept_byte_for_byte(content: bytes) -> None:
    ready, written_out = kept(content, "执照.pdf")
    assert written_out == content and ready.changes == () and ready.pages


def test_a_signed_pdf_stays_signed(tmp_path: Path) -> None:
    from tests.core_files.signing import intact, signed

    content = signed(PDF)
    ready, written_out = kept(content, "执照.pdf")
    assert written_out == content and ready.pages == 1
    assert intact(written_out)


def test_an_archival_pdf_made_by_a_typesetter_is_kept() -> None:
    from weasyprint import HTML

    content = HTML(string="<h1>营业执照</h1><a href='https://example.org/'>link</a>").write_pdf(
        pdf_variant="pdf/a-2b"
    )
    assert kept(content, "执照.pdf")[1] == content
