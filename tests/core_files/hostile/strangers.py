"""Two files in one, and files that are no documents."""

from tests.core_files.hostile.making import hostile, zipped
from tests.support.world import PDF


@hostile("files.two_kinds")
def pdf_with_an_archive_behind() -> bytes:
    return PDF + zipped()


@hostile("files.two_kinds")
def pdf_with_an_archive_whose_comment_ends_like_a_pdf() -> bytes:
    return PDF + zipped(comment=b"x" * 2000 + b"\n%%EOF\n")


@hostile("files.two_kinds")
def pdf_around_an_archive() -> bytes:
    """The archive is found from behind, whatever the PDF's own end says after it."""
    return PDF + zipped() + PDF[PDF.rindex(b"startxref") :]


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


@hostile("files.kind_refused")
def drawing_with_a_script_named_pdf() -> bytes:
    return drawing_with_a_script()


@hostile("files.kind_refused")
def web_page_named_pdf() -> bytes:
    return web_page_named_png()


@hostile("files.kind_refused")
def text_named_pdf() -> bytes:
    return "统一社会信用代码".encode("gb18030")


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


@hostile("files.office")
def word_document_named_pdf() -> bytes:
    return word_document()


@hostile("files.archive")
def archive_named_pdf() -> bytes:
    return archive()


@hostile("files.archive", filename="材料.rar")
def other_archive() -> bytes:
    return b"Rar!\x1a\x07\x01\0" + b"\0" * 100
