"""PDFs with a password, and PDFs that would do something when they are opened."""

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from tests.core_files.hostile.making import (
    PAGES,
    active,
    annotated,
    blank,
    hostile,
    saved,
    with_page,
    written,
)


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


@hostile("files.encrypted")
def password_of_an_old_kind() -> bytes:
    return saved(
        blank(), encryption=pikepdf.Encryption(user="geheim", owner="geheim", R=3, metadata=False, aes=False)
    )


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
