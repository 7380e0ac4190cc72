"""Pictures of pages: made once, gone with the document, shown to whoever may have the document and to nobody else."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from core.files import previews, sandbox
from core.files.actions import drop, store
from core.files.models import StoredFile
from core.lifecycle.actors import SYSTEM
from core.lifecycle.subjects import Subject
from licensing.models import Application
from tests.core_files.hostile.making import blank, picture, saved
from tests.support import world
from tests.support.clients import signed_in
from tests.support.world import PDF, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(django_settings, "FILES_DIR", tmp_path)
    return tmp_path


def keep(content: bytes) -> StoredFile:
    return store(
        content=content,
        filename="扫描.pdf",
        owner=Subject("test.case", "a"),
        slot="paper",
        actor=SYSTEM,
        at=at(),
    )


def test_a_page_of_a_pdf_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = keep(saved(blank(3)))
    first = previews.page_picture(stored, 3)
    with Image.open(first) as drawn:
        assert drawn.format == "JPEG" and max(drawn.size) <= previews.EDGE
    monkeypatch.setattr(sandbox, "draw_page", lambda *arguments: pytest.fail("drawn again"))
    assert previews.page_picture(stored, 3) == first


def test_the_picture_of_a_photo_is_smaller_than_the_photo() -> None:
    stored = keep(picture("PNG", (3_000, 2_000)))
    with Image.open(previews.page_picture(stored, 1)) as drawn:
        assert max(drawn.size) <= previews.EDGE


@pytest.mark.parametrize("page", [0, 2, 99_999])
def test_there_is_no_picture_of_a_page_that_is_not_there(page: int) -> None:
    with pytest.raises(FileNotFoundError):
        previews.page_picture(keep(PDF), page)


def test_the_pictures_go_with_the_document(files: Path, django_capture_on_commit_callbacks: Any) -> None:
    stored = keep(PDF)
    previews.page_picture(stored, 1)
    assert list(files.glob("previews/*/*.jpg"))
    with django_capture_on_commit_callbacks(execute=True):
        drop(public_id=str(stored.public_id))
    assert not list(files.glob("previews/*/*.jpg"))


# the pages


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def address(application: Application) -> str:
    return reverse("licensing:document", args=[application.public_id, "business_licence"])


def replace_licence(application: Application, content: bytes) -> None:
    document = application.documents.select_related("file").get(slot="business_licence")
    previous, document.file = document.file, keep(content)
    document.save()
    drop(public_id=str(previous.public_id))


def several_pages(application: Application) -> Application:
    replace_licence(application, saved(blank(3)))
    return application


def test_a_picture_is_served_under_the_rules_of_the_document(cast: world.Cast) -> None:
    filed = world.submitted(cast)
    answer = signed_in(cast.clerk).get(address(filed), {"page": "1"})
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-store" and answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    with Image.open(io.BytesIO(answer.content)) as drawn:
        assert drawn.width > 100
    for stranger in (world.member(world.enterprise("330109")), world.official("330000", "acceptance")):
        for query in ({"page": "1"}, {"viewer": "1"}, {"download": ""}):
            assert signed_in(stranger).get(address(filed), query).status_code == 404
    assert Client().get(address(filed), {"page": "1"}).status_code == 302


@pytest.mark.parametrize(("content", "kind", "policy"), [
    (PDF, "application/pdf", "script-src 'none'"), (picture("PNG"), "image/png", "sandbox"),
    (picture("JPEG"), "image/jpeg", "sandbox"),
])  # fmt: skip
@pytest.mark.parametrize(("query", "how"), [({}, "inline"), ({"download": ""}, "attachment")])
def test_a_document_is_sent_as_what_it_is_and_nothing_in_it_may_run(
    cast: world.Cast, content: bytes, kind: str, policy: str, query: dict[str, str], how: str
) -> None:
    filed = world.submitted(cast)
    replace_licence(filed, content)
    answer = signed_in(cast.clerk).get(address(filed), query)
    assert answer["Content-Type"] == kind and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith(f"{how}; filename*=UTF-8''%E6%89%AB")
    assert answer["Cache-Control"] == "private, no-store"
    assert (
        policy in answer["Content-Security-Policy"]
        and "default-src 'none'" in answer["Content-Security-Policy"]
    )


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "4"}, {"page": "x"}, {"page": "1" * 9}, {"page": "-1"},
                                   {"page": "١"}, {"viewer": "0"}, {"viewer": "4"}, {"viewer": ""}])  # fmt: skip
def test_a_page_that_is_none_is_not_found(cast: world.Cast, query: dict[str, str]) -> None:
    filed = several_pages(world.submitted(cast))
    assert signed_in(cast.clerk).get(address(filed), query).status_code == 404


@pytest.mark.parametrize(("page", "before", "after"), [(1, None, 2), (2, 1, 3), (3, 2, None)])
def test_pages_are_turned_over_by_links(
    cast: world.Cast, page: int, before: int | None, after: int | None
) -> None:
    filed = several_pages(world.submitted(cast))
    answer = signed_in(cast.applicant).get(address(filed), {"viewer": str(page)})
    text = answer.content.decode()
    assert f'<img src="{address(filed)}?page={page}"' in text and f"{page} / 3" in text
    for number, rel in ((before, "prev"), (after, "next")):
        assert (f'?viewer={number}" rel="{rel}"' in text) is (number is not None)
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_a_document_of_several_pages_stands_in_a_frame(cast: world.Cast) -> None:
    draft = several_pages(world.filled_draft(cast))
    page = signed_in(cast.applicant).get(reverse("licensing:business_licence", args=[draft.public_id]))
    assert f'<iframe class="doc-frame" src="{address(draft)}?viewer=1"' in page.content.decode()
    assert "3 页" in page.content.decode()
