"""Every hostile file we know of, made here and nowhere kept: what it is, and the one reason it must be refused for."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from tests.support.world import PDF

MB = 1 << 20


@dataclass(frozen=True)
class Hostile:
    """One file: its name as sent, the refusal's code, and for active content what was found."""

    make: Callable[[], bytes]
    code: str
    finding: str
    filename: str

    def __str__(self) -> str:
        return self.make.__name__


FILES: list[Hostile] = []


def hostile(
    code: str, finding: str = "", filename: str = "营业执照.pdf"
) -> Callable[..., Callable[[], bytes]]:
    """Register a maker."""

    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        FILES.append(Hostile(cache(make), code, finding, filename))
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


def opening(**action: object) -> bytes:
    def change(pdf: Pdf, page: Dictionary) -> None:
        pdf.Root.OpenAction = Dictionary(Type=Name.Action, **action)  # type: ignore[arg-type]

    return with_page(change)


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


# passwords


@hostile("files.encrypted")
def password_to_open() -> bytes:
    return saved(blank(), encryption=pikepdf.Encryption(user="geheim", owner="geheim"))


@hostile("files.encrypted")
def password_of_the_owner_only() -> bytes:
    return saved(blank(), encryption=pikepdf.Encryption(user="", owner="geheim"))


# things that happen by themselves


@active("javascript")
def script_at_opening() -> bytes:
    return opening(S=Name.JavaScript, JS=String("app.alert(1)"))


@active("javascript")
def script_in_the_name_tree() -> bytes:
    def change(pdf: Pdf, page: Dictionary) -> None:
        pdf.Root.Names = Dictionary(
            JavaScript=Dictionary(Names=Array([String("a"), pdf.make_indirect(script())]))
        )

    return with_page(change)


@active("javascript")
def script_when_a_page_is_shown() -> bytes:
    def change(pdf: Pdf, page: Dictionary) -> None:
        page.AA = Dictionary(O=pdf.make_indirect(script()))

    return with_page(change)


@active("javascript")
def script_behind_a_link() -> bytes:
    return annotated(Subtype=Name.Link, A=script())


@active("javascript")
def script_in_a_compressed_object() -> bytes:
    def change(pdf: Pdf, page: Dictionary) -> None:
        pdf.Root.AA = Dictionary(WC=pdf.make_indirect(script()))

    return with_page(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


@active("javascript")
def script_under_an_escaped_name() -> bytes:
    return written(
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/J#61vaScr#69pt/J#53(app.alert\\(1\\))>>>>", *PAGES
    )


@active("javascript")
def script_nobody_points_at() -> bytes:
    return written(b"<</Type/Catalog/Pages 2 0 R>>", *PAGES, b"<</S/JavaScript/JS(app.alert\\(1\\))>>")


@active("javascript")
def script_in_a_stream() -> bytes:
    return written(
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Rendition/JS 4 0 R>>>>", *PAGES,
        b"<</Length 12>>\nstream\napp.alert(1)\nendstream",
    )  # fmt: skip


@active("launch")
def program_started_at_opening() -> bytes:
    return opening(S=Name.Launch, F=String("cmd.exe"))


@active("launch")
def program_behind_a_link() -> bytes:
    return annotated(Subtype=Name.Link, A=Dictionary(S=Name.Launch, Win=Dictionary(F=String("cmd.exe"))))


@active("external")
def address_called_at_opening() -> bytes:
    return opening(S=Name.URI, URI=String("https://example.org/seen"))


@active("external")
def address_called_when_a_page_is_shown() -> bytes:
    def change(pdf: Pdf, page: Dictionary) -> None:
        action = pdf.make_indirect(Dictionary(S=Name.URI, URI=String("https://example.org/seen")))
        page.AA = Dictionary(O=action)

    return with_page(change)


@active("external")
def link_into_another_file() -> bytes:
    return annotated(
        Subtype=Name.Link, A=Dictionary(S=Name.GoToR, F=String(r"\\server\share"), D=Array([0, Name.Fit]))
    )


@active("external")
def link_into_an_embedded_file() -> bytes:
    return annotated(Subtype=Name.Link, A=Dictionary(S=Name.GoToE, T=Dictionary(R=Name.C)))


@active("external")
def link_with_a_script_scheme() -> bytes:
    return annotated(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("javascript:alert(1)")))


@active("external")
def link_to_the_reader_s_own_disk() -> bytes:
    return annotated(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("file:///etc/passwd")))


@active("external")
def stream_kept_in_another_file() -> bytes:
    return written(
        b"<</Type/Catalog/Pages 2 0 R>>", *PAGES, b"<</Length 0/F(//server/share)>>\nstream\n\nendstream"
    )


@active("external")
def page_borrowed_from_another_file() -> bytes:
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Ref<</F(//server/a.pdf)/Page 0>>/Length 0>>\nstream\n\nendstream"  # noqa: E501
    return written(b"<</Type/Catalog/Pages 2 0 R>>", *PAGES, form)


@active("attachment")
def embedded_file() -> bytes:
    pdf = blank()
    pdf.attachments["a.exe"] = b"MZ" * 100
    return saved(pdf)


@active("attachment")
def file_behind_a_pin() -> bytes:
    pdf = blank()
    inside = pdf.make_stream(b"MZ", Type=Name.EmbeddedFile)
    spec = Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=inside))
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9], FS=spec)]
    )
    return saved(pdf)


@active("attachment")
def portfolio() -> bytes:
    def change(pdf: Pdf, page: Dictionary) -> None:
        pdf.Root.Collection = Dictionary(Type=Name.Collection)

    return with_page(change)


@active("media")
def rich_media() -> bytes:
    return annotated(Subtype=Name.RichMedia)


@active("media")
def screen_with_a_film() -> bytes:
    return annotated(Subtype=Name.Screen, A=Dictionary(S=Name.Rendition, OP=0))


@active("media")
def three_dimensions() -> bytes:
    return annotated(Subtype=Name("/3D"))


@active("xfa")
def dynamic_form() -> bytes:
    def change(pdf: Pdf, page: Dictionary) -> None:
        pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp:xdp/>"))

    return with_page(change)


def button(action: bytes) -> bytes:
    widget = b"<</Type/Annot/Subtype/Widget/FT/Btn/T(b)/Rect[0 0 9 9]/A %s>>" % action
    page = PAGES[1].replace(b">>", b"/Annots[4 0 R]>>")
    return written(b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>", PAGES[0], page, widget)


@active("submit")
def button_that_sends_the_form() -> bytes:
    return button(b"<</S/SubmitForm/F(http://example.org)>>")


@active("submit")
def button_that_reads_a_file() -> bytes:
    return button(b"<</S/ImportData/F(a.fdf)>>")


# too much, too little, broken


@hostile("files.too_many_pages")
def three_thousand_pages() -> bytes:
    return saved(blank(3_000))


@hostile("files.too_many_pages")
def one_page_too_many() -> bytes:
    return saved(blank(201))


@hostile("files.no_pages")
def no_pages() -> bytes:
    return saved(Pdf.new())


@hostile("files.too_large")
def scan_of_sixty_megabytes() -> bytes:
    return PDF[:-6] + b"%" + b"0" * (60 * MB - len(PDF)) + b"\n%%EOF"


@hostile("files.empty")
def zero_bytes() -> bytes:
    return b""


@hostile("files.damaged")
def header_only() -> bytes:
    return b"%PDF-1.7\n"


@hostile("files.damaged")
def header_and_end_only() -> bytes:
    return b"%PDF-1.7\n%%EOF\n"


@hostile("files.damaged")
def cut_off() -> bytes:
    return PDF[: len(PDF) // 2]


@hostile("files.damaged")
def cut_off_with_an_end_put_on() -> bytes:
    return PDF[: len(PDF) // 2] + b"\n%%EOF\n"


@hostile("files.damaged")
def wrong_cross_references() -> bytes:
    return PDF.replace(b"0000000009 00000 n", b"0000000123 00000 n")


@hostile("files.damaged")
def page_tree_in_a_circle() -> bytes:
    return written(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>")


@hostile("files.bomb")
def nested_a_hundred_thousand_deep() -> bytes:
    return written(b"<</Type/Catalog/Pages 2 0 R>>", *PAGES, b"[" * 100_000 + b"]" * 100_000)


@hostile("files.damaged")
def cross_references_for_eight_million() -> bytes:
    return PDF.replace(b"xref\n0 6\n", b"xref\n0 8388607\n").replace(b"/Size 6", b"/Size 8388607")


@hostile("files.bomb")
def three_hundred_thousand_objects() -> bytes:
    return written(b"<</Type/Catalog/Pages 2 0 R>>", *PAGES, *[b"1"] * 300_000)


def packed(size: int, value: bytes = b" ") -> bytes:
    """`size` equal bytes under Flate, made without holding them."""
    machine, out = zlib.compressobj(9), []
    for _piece in range(size // MB):
        out.append(machine.compress(value * MB))
    return b"".join([*out, machine.flush()])


def flate(data: bytes, filters: bytes = b"/FlateDecode", more: bytes = b"") -> bytes:
    return b"<</Length %d/Filter %s%s>>\nstream\n%s\nendstream" % (len(data), filters, more, data)


@hostile("files.bomb")
def page_text_of_three_hundred_megabytes() -> bytes:
    page = PAGES[1].replace(b">>", b"/Contents 4 0 R>>")
    return written(b"<</Type/Catalog/Pages 2 0 R>>", PAGES[0], page, flate(packed(300 * MB)))


@hostile("files.bomb")
def bomb_in_a_bomb() -> bytes:
    inner = zlib.compress(packed(300 * MB), 9)
    return written(b"<</Type/Catalog/Pages 2 0 R>>", *PAGES, flate(inner, b"[/FlateDecode/FlateDecode]"))


@hostile("files.bomb")
def twenty_streams_of_sixty_megabytes() -> bytes:
    one = flate(packed(60 * MB))
    return written(b"<</Type/Catalog/Pages 2 0 R>>", *PAGES, *[one] * 20)


@hostile("files.bomb")
def run_lengths_under_flate() -> bytes:
    inner = zlib.compress(b"\x81A" * (24 * MB), 9)
    return written(b"<</Type/Catalog/Pages 2 0 R>>", *PAGES, flate(inner, b"[/FlateDecode/RunLengthDecode]"))


@hostile("files.bomb")
def run_lengths_alone() -> bytes:
    return written(b"<</Type/Catalog/Pages 2 0 R>>", *PAGES, flate(b"\x81A" * MB, b"/RunLengthDecode"))


@hostile("files.bomb")
def metadata_with_a_billion_laughs() -> bytes:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'.encode()
    body = flate(zlib.compress(xml), more=b"/Type/Metadata/Subtype/XML")
    return written(b"<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>", *PAGES, body)


@hostile("files.bomb")
def metadata_of_sixteen_megabytes() -> bytes:
    body = flate(packed(16 * MB), more=b"/Type/Metadata/Subtype/XML")
    return written(b"<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>", *PAGES, body)


@hostile("files.bomb")
def opening_actions_in_a_circle() -> bytes:
    return written(
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>", *PAGES, b"<</S/GoTo/D[3 0 R/Fit]/Next 4 0 R>>"
    )


@hostile("files.too_many_pixels")
def picture_of_ten_thousand_million_pixels_in_a_pdf() -> bytes:
    image = flate(
        packed(2 * MB), more=b"/Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 1"
    )
    return written(b"<</Type/Catalog/Pages 2 0 R>>", *PAGES, image)


# two files in one, and files that are no documents


def zipped(comment: bytes = b"", name: str = "a.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "content")
        archive.comment = comment
    return out.getvalue()


@hostile("files.two_kinds")
def pdf_with_an_archive_behind() -> bytes:
    return PDF + zipped()


@hostile("files.two_kinds")
def pdf_with_an_archive_whose_comment_ends_like_a_pdf() -> bytes:
    return PDF + zipped(comment=b"x" * 2000 + b"\n%%EOF\n")


@hostile("files.two_kinds")
def pdf_that_is_a_web_page() -> bytes:
    return b"%PDF-1.4\n%<html><script>alert(1)</script>\n" + PDF[9:]


@hostile("files.kind_refused")
def web_page_with_a_pdf_behind() -> bytes:
    return b"<html><script>alert(1)</script></html>\n" + PDF


@hostile("files.kind_refused")
def program_with_a_pdf_behind() -> bytes:
    return b"MZ\x90\0" + PDF


@hostile("files.archive")
def archive_with_a_pdf_behind() -> bytes:
    return zipped() + PDF


@hostile("files.kind_refused", filename="营业执照.png")
def web_page_named_png() -> bytes:
    return b"<html><script>alert(1)</script></html>"


@hostile("files.kind_refused", filename="营业执照.svg")
def drawing_with_a_script() -> bytes:
    return b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@hostile("files.kind_refused", filename="扫描.pdf.exe")
def program() -> bytes:
    return b"MZ" + b"\0" * 500


@hostile("files.office", filename="执照.docx")
def word_document() -> bytes:
    return zipped(name="[Content_Types].xml")


@hostile("files.office", filename="执照.ofd")
def ofd_document() -> bytes:
    return zipped(name="OFD.xml")


@hostile("files.office", filename="执照.doc")
def old_word_document() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@hostile("files.archive", filename="材料.zip")
def archive() -> bytes:
    return zipped()


@hostile("files.archive", filename="材料.rar")
def other_archive() -> bytes:
    return b"Rar!\x1a\x07\x01\0" + b"\0" * 100


# pictures


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


@hostile("files.too_many_pixels", filename="照片.png")
def png_of_fifty_thousand_squared() -> bytes:
    return png(50_000, 50_000, data=packed(50 * MB, b"\0"))


@hostile("files.too_many_pixels", filename="照片.jpg")
def jpeg_of_sixty_five_thousand_squared() -> bytes:
    content = picture("JPEG")
    start = content.index(b"\xff\xc0") + 5
    return content[:start] + struct.pack("!HH", 65_500, 65_500) + content[start + 4 :]


@hostile("files.bomb", filename="照片.png")
def png_with_a_bomb_in_its_text() -> bytes:
    return png(8, 8, chunk(b"zTXt", b"Comment\0\0" + packed(64 * MB)))


@hostile("files.damaged", filename="照片.png")
def png_cut_off() -> bytes:
    return picture("PNG", (640, 480))[:600]


@hostile("files.damaged", filename="照片.png")
def png_header_only() -> bytes:
    return b"\x89PNG\r\n\x1a\n"


@hostile("files.damaged", filename="照片.png")
def png_with_less_data_than_pixels() -> bytes:
    return png(900, 900, data=zlib.compress(b"\0" * 100))


@hostile("files.damaged", filename="照片.jpg")
def jpeg_cut_off() -> bytes:
    content = picture("JPEG", (640, 480))
    return content[: len(content) // 2]


@hostile("files.damaged", filename="照片.jpg")
def jpeg_header_only() -> bytes:
    return b"\xff\xd8\xff\xe0" + b"\0" * 64 + b"\xff\xd9"


@hostile("files.animated", filename="照片.png")
def moving_png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(
        out, "PNG", save_all=True, append_images=[Image.new("RGB", (8, 8), "blue")], duration=100
    )
    return out.getvalue()


@hostile("files.other_picture", filename="照片.jpg")
def gif_named_jpg() -> bytes:
    return picture("GIF")


@hostile("files.other_picture", filename="照片.png")
def webp_named_png() -> bytes:
    return picture("WEBP")


@hostile("files.other_picture", filename="扫描.tif")
def tiff_scan() -> bytes:
    return picture("TIFF")


@hostile("files.other_picture", filename="照片.bmp")
def bitmap() -> bytes:
    return picture("BMP")


@hostile("files.heic", filename="IMG_0001.HEIC")
def photo_of_a_telephone_in_heic() -> bytes:
    return b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + b"\0" * 200


@hostile("files.heic", filename="IMG_0001.jpg")
def heic_named_jpg() -> bytes:
    return b"\0\0\0\x24ftypmif1\0\0\0\0mif1heic" + b"\0" * 200
