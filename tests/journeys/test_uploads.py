"""An upload in the browser: progress, cancelling, a lost network, what is refused, and the same without script."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.core_files.hostile.active import password_to_open
from tests.core_files.hostile.making import blank, saved
from tests.core_files.hostile.sizes import scan_of_sixty_megabytes
from tests.support.browsing import Visitor, Windows
from tests.support.wizard import file

pytestmark = [pytest.mark.browser]

WIDTHS = [1280, 390]


def photo() -> bytes:
    """A photo held sideways, as a telephone makes it."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Telephone"
    out = io.BytesIO()
    Image.linear_gradient("L").resize((2400, 1800)).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def upload_page(people: Any, window: Windows) -> Callable[..., Visitor]:
    """A fresh draft of Jinsui, opened at its upload."""

    def opened(**options: Any) -> Visitor:
        who = window(**options)
        who.page.goto(people.link("jinsui"))
        who.page.goto(f"{who.base}/apply/")
        with who.page.expect_navigation():
            who.page.locator("main form[method=post] button.main").click()
        draft = re.search(r"/apply/([0-9a-f-]{36})/$", who.page.url)
        assert draft
        who.page.goto(f"{who.base}/apply/{draft[1]}/business-licence/")
        return who

    return opened


def choose(page: Page, content: bytes, name: str = "营业执照.pdf") -> None:
    page.locator("main [name=file]").set_input_files(file(name, content))  # type: ignore[arg-type]


def said(page: Page, name: str) -> Any:
    return page.locator(f"main [data-say={name}]")


def drawn(page: Page) -> bool:
    """Whether the picture of the document has really come."""
    expect(page.locator(".doc-page img")).to_have_js_property("complete", True)
    return bool(page.evaluate("document.querySelector('.doc-page img').naturalWidth > 50"))


@pytest.mark.req("R-29")
@pytest.mark.parametrize("width", WIDTHS)
def test_a_chosen_file_travels_at_once_and_its_picture_comes_back(
    upload_page: Callable[..., Visitor], window: Windows, width: int
) -> None:
    who = upload_page(width=width)
    address = who.page.url
    choose(who.page, photo(), "IMG_2041.jpg")
    assert drawn(who.page)
    assert who.page.url == address
    main = who.page.locator("main")
    expect(main).to_contain_text("已转正")
    expect(main).to_contain_text("已去掉拍摄地点等附带信息")
    who.look()
    who.press("main form[data-upload] button.main")
    assert re.search(r"/apply/[0-9a-f-]{36}/$", who.page.url)
    assert window.complaints() == []


def test_going_on_while_the_file_still_travels_waits_for_it(upload_page: Callable[..., Visitor]) -> None:
    page = upload_page().page
    waiting: list[Route] = []
    page.route(
        "**/business-licence/",
        lambda route: waiting.append(route) if sends(route) and not waiting else route.continue_(),
    )
    choose(page, saved(blank(2)))
    page.locator("main [data-run]").wait_for()
    page.locator("main form[data-upload] button.main").click()
    assert page.url.endswith("/business-licence/")
    with page.expect_navigation():
        waiting[0].continue_()
    page.wait_for_url(re.compile(r"/apply/[0-9a-f-]{36}/$"))


def sends(route: Route) -> bool:
    return route.request.method == "POST"


def test_a_scan_of_sixty_megabytes_is_refused_before_it_travels(
    upload_page: Callable[..., Visitor], window: Windows
) -> None:
    who = upload_page()
    sent: list[str] = []
    who.page.on("request", lambda request: sent.append(request.method))
    who.page.evaluate(
        """(size) => {
            const input = document.querySelector("main [name=file]"), held = new DataTransfer();
            held.items.add(new File([new Uint8Array(size)], "扫描.pdf", {type: "application/pdf"}));
            input.files = held.files;
            input.dispatchEvent(new Event("change", {bubbles: true}));
        }""",
        60 << 20,
    )
    expect(said(who.page, "too-large")).to_have_text(
        "文件有 60.0 MB，上限 20 MB。请压缩或降低扫描分辨率后再传"
    )
    assert "POST" not in sent
    who.look()
    assert window.complaints() == []


def test_without_script_the_scan_of_sixty_megabytes_is_refused_with_the_same_words(
    upload_page: Callable[..., Visitor], tmp_path: Any
) -> None:
    page = upload_page(script=False).page
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(scan_of_sixty_megabytes())
    page.locator("main [name=file]").set_input_files(scan)
    with page.expect_navigation():
        page.locator("main form[data-upload] button.main").click()
    expect(page.locator("main .field .err")).to_contain_text("文件有 60.0 MB，上限 20 MB")
    expect(page.locator(".errsum")).to_be_visible()


def test_a_file_is_refused_at_the_field_without_a_new_page(
    upload_page: Callable[..., Visitor], window: Windows
) -> None:
    who = upload_page()
    page = who.page
    page.evaluate("window.stillHere = true")
    choose(page, password_to_open())
    expect(page.locator("main .field .err")).to_contain_text("PDF 有密码或限制")
    assert page.evaluate("window.stillHere") and page.evaluate("document.activeElement.className") == "errsum"
    assert page.title().startswith("错误：")
    who.look()
    choose(page, saved(blank()))
    assert drawn(page)
    assert page.locator("main .err:visible").count() == 0
    assert [line for line in window.complaints() if "422" not in line] == []


def test_progress_is_shown_and_cancelling_sends_nothing(upload_page: Callable[..., Visitor]) -> None:
    page = upload_page().page
    page.route("**/business-licence/", lambda route: None if sends(route) else route.continue_())
    choose(page, saved(blank()))
    page.locator("main [data-run] progress").wait_for()
    page.locator("main [data-cancel]").click()
    expect(said(page, "cancelled")).to_be_visible()
    expect(page.locator("main [data-run]")).to_be_hidden()
    page.unroute("**/business-licence/")
    page.reload()
    assert page.locator(".doc").count() == 0


def test_a_lost_network_keeps_the_file_and_trying_again_sends_it(upload_page: Callable[..., Visitor]) -> None:
    page = upload_page().page
    page.context.set_offline(True)
    choose(page, saved(blank()))
    expect(said(page, "lost")).to_be_visible()
    page.locator("main [data-retry]").click()
    expect(said(page, "lost")).to_be_visible()
    page.context.set_offline(False)
    assert drawn(page)


def test_a_session_that_ended_keeps_the_file_until_one_has_signed_in_again(
    upload_page: Callable[..., Visitor], people: Any
) -> None:
    page = upload_page().page
    page.context.clear_cookies()
    choose(page, saved(blank()))
    expect(said(page, "expired")).to_be_visible()
    other = page.context.new_page()
    other.goto(people.link("jinsui"))
    other.close()
    page.locator("main [data-retry]").click()
    assert drawn(page)


def test_a_file_can_be_dropped_on_the_field(upload_page: Callable[..., Visitor]) -> None:
    page = upload_page().page
    page.evaluate(
        """(numbers) => {
            const held = new DataTransfer();
            held.items.add(new File([new Uint8Array(numbers)], "执照.pdf", {type: "application/pdf"}));
            for (const kind of ["dragover", "drop"])
                document.querySelector(".drop").dispatchEvent(
                    new DragEvent(kind, {dataTransfer: held, bubbles: true, cancelable: true}));
        }""",
        list(saved(blank())),
    )
    assert drawn(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_pages_are_turned_over_beside_the_form(upload_page: Callable[..., Visitor], script: bool) -> None:
    page = upload_page(script=script, width=390).page
    choose(page, saved(blank(3)))
    if not script:
        with page.expect_navigation():
            page.locator("main form[data-upload] button.main").click()
        page.go_back()
        page.reload()
    frame = page.frame_locator("iframe.doc-frame")
    expect(frame.locator("body")).to_contain_text("1 / 3")
    for number in ("2 / 3", "3 / 3"):
        frame.locator("a[rel=next]").click()
        expect(frame.locator("body")).to_contain_text(number)
    frame.locator("a[rel=prev]").click()
    expect(frame.locator("body")).to_contain_text("2 / 3")
    assert page.url.endswith("/business-licence/")


def test_the_field_offers_camera_and_files_alike(upload_page: Callable[..., Visitor]) -> None:
    field = upload_page(width=390).page.locator("main [name=file]")
    accept = field.get_attribute("accept") or ""
    assert "image/jpeg" in accept and "application/pdf" in accept
    assert field.get_attribute("capture") is None


def test_the_upload_page_weighs_little(upload_page: Callable[..., Visitor]) -> None:
    import gzip
    from pathlib import Path

    page = upload_page().page
    names = page.evaluate(
        "[...document.querySelectorAll('script[src],link[rel=stylesheet]')].map(e => e.src || e.href)"
    )
    sizes = {
        name: len(
            gzip.compress(Path("static", re.sub(r"^.*?/static/|\.[0-9a-f]{12}(?=\.)", "", name)).read_bytes())
        )
        for name in names
    }
    assert sum(sizes.values()) <= 30 * 1024, sizes
