"""PDFs with too much in them, too little, or nothing that fits together."""

import zlib

from pikepdf import Pdf

from tests.core_files.hostile.making import MB, PAGES, blank, flate, hostile, packed, saved, written
from tests.support.world import PDF


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
