"""Off the wire: counted, capped, and never more on disk than the limit, whatever the sender claims."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from core.files.errors import FilesTooLargeTogether
from core.files.intake import prepare
from core.files.uploading import CappedUploadHandler, OversizedUpload
from licensing.models import Application, ApplicationDocument
from tests.support import world
from tests.support.clients import signed_in, upload
from tests.support.world import PDF

LIMIT = 1 << 20
EDGE = b"----edge"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(django_settings, "FILES_DIR", tmp_path)
    monkeypatch.setattr(django_settings, "MAX_UPLOAD_BYTES", LIMIT)
    return tmp_path


def body(*contents: bytes, closed: bool = True) -> bytes:
    """A form with one word before the files and one behind."""
    parts = [b'Content-Disposition: form-data; name="before"\r\n\r\none\r\n']
    for number, content in enumerate(contents):
        head = f'Content-Disposition: form-data; name="file{number}"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'  # noqa: E501
        parts.append(head.encode() + content + b"\r\n")
    parts.append(b'Content-Disposition: form-data; name="behind"\r\n\r\ntwo\r\n')
    return b"".join(b"--" + EDGE + b"\r\n" + part for part in parts) + (
        b"--" + EDGE + b"--\r\n" if closed else b""
    )


class Wire(io.BytesIO):
    """A body that remembers how much of it was asked for."""

    asked = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.asked += len(piece)
        return piece


def request(content: bytes, length: int | None = None, kind: type[Wire] = Wire) -> tuple[HttpRequest, Wire]:
    wire = kind(content)
    made = RequestFactory().generic(
        "POST", "/", CONTENT_TYPE=f"multipart/form-data; boundary={EDGE.decode()}",
        CONTENT_LENGTH=str(len(content) if length is None else length), **{"wsgi.input": wire},
    )  # fmt: skip
    made.upload_handlers = [CappedUploadHandler(made)]
    return made, wire


def test_a_file_within_the_limit_goes_to_disk_and_is_gone_when_closed(files: Path) -> None:
    made, _wire = request(body(PDF))
    file = made.FILES["file0"]
    assert file.read() == PDF and file.size == len(PDF)
    assert os.fstat(file.fileno()).st_dev == os.stat(files).st_dev
    assert list(files.iterdir()) == []


def test_a_length_over_the_limit_writes_nothing_and_loses_nothing_else(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.files.uploading.unnamed_file", lambda: pytest.fail("a file was opened"))
    content = b"0" * (3 * LIMIT)
    made, _wire = request(body(content))
    file = made.FILES["file0"]
    assert isinstance(file, OversizedUpload) and file.size == len(content) and file.read() == b""
    assert (made.POST["before"], made.POST["behind"]) == ("one", "two")


def test_a_length_nobody_will_wait_for_is_not_even_read() -> None:
    made, wire = request(b"", length=11 * LIMIT)
    with pytest.raises(RequestDataTooBig):
        made.FILES  # noqa: B018
    assert wire.asked == 0


def test_a_file_over_the_limit_in_a_body_that_is_not_is_counted_and_thrown_away(files: Path) -> None:
    made, _wire = request(body(b"0" * (LIMIT + 1)))
    file = made.FILES["file0"]
    assert isinstance(file, OversizedUpload) and file.size == LIMIT + 1
    assert list(files.iterdir()) == []


def test_many_files_share_one_limit(files: Path) -> None:
    part = b"%PDF-1.7\n" + b"0" * (LIMIT // 2)
    made, _wire = request(body(part, part, b"small"))
    found = [made.FILES[f"file{number}"] for number in range(3)]
    assert [type(file) for file in found] == [UploadedFile, OversizedUpload, UploadedFile]
    assert sum(len(file.read()) for file in found) <= LIMIT
    with pytest.raises(FilesTooLargeTogether, match="1 MB"):
        prepare(content=found[1], filename="a.pdf", slot="paper")


@pytest.mark.parametrize("length", [0, 40, 200], ids=str)
def test_a_length_that_is_too_short_stores_no_half_document(files: Path, length: int) -> None:
    made, _wire = request(body(PDF), length=length)
    try:
        found = list(made.FILES.values())
    except Exception as error:
        found = []
        assert type(error).__name__ in ("MultiPartParserError",)
    for file in found:
        file.close()
    assert list(files.iterdir()) == []


def test_a_connection_lost_in_the_middle_leaves_nothing(files: Path) -> None:
    class Broken(Wire):
        def read(self, size: int | None = -1) -> bytes:
            piece = super().read(min(size or 0, 300_000) if size and size > 0 else 300_000)
            if self.tell() > 500_000:
                raise OSError("connection reset")
            return piece

    made, _wire = request(body(b"0" * (LIMIT - 10)), kind=Broken)
    with pytest.raises(OSError):
        made.FILES  # noqa: B018
    del made
    assert list(files.iterdir()) == []


# the page


@pytest.fixture
def cast(db: Any) -> world.Cast:
    return world.Cast()


@pytest.fixture
def applicant(cast: world.Cast) -> Client:
    return signed_in(cast.applicant)


def address(application: Application, name: str = "business_licence", **more: str) -> str:
    return reverse(f"licensing:{name}", kwargs={"public_id": application.public_id, **more})


def document(application: Application) -> Any:
    return ApplicationDocument.objects.select_related("file__blob").get(
        application=application, slot="business_licence"
    )


def post(client: Client, draft: Application, content: bytes, name: str = "执照.pdf", **headers: str) -> Any:
    sent = {"draft_version": draft.draft_version, "file": upload(content, name)}
    return client.post(address(draft), sent, headers=headers)


def test_a_scan_over_the_limit_is_refused_at_the_field_with_its_size(
    cast: world.Cast, applicant: Client
) -> None:
    draft = world.filled_draft(cast)
    before = document(draft).file_id
    answer = post(applicant, draft, PDF + b"0" * (3 * LIMIT))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "文件有 3.0 MB，上限 1 MB" in answer.context["form"].errors["file"][0]
    assert 'aria-invalid="true"' in page and 'href="#id_file"' in page
    assert document(draft).file_id == before


def test_a_script_gets_the_page_back_with_the_preview_a_form_goes_on(
    cast: world.Cast, applicant: Client
) -> None:
    draft = world.filled_draft(cast)
    assert post(applicant, draft, PDF)["Location"] == address(draft, "tasks")
    draft.refresh_from_db()
    answer = post(applicant, draft, PDF, **{"X-Upload": "1"})
    assert answer["Location"] == address(draft)
    page = applicant.get(answer["Location"]).content.decode()
    assert f'<img src="{address(draft, "document", slot="business_licence")}?page=1"' in page
    assert "未做病毒扫描" in page and "1 页" in page


def test_going_on_with_the_document_that_is_there_uploads_nothing(
    cast: world.Cast, applicant: Client
) -> None:
    draft = world.filled_draft(cast)
    sent = {"draft_version": draft.draft_version, "next": "1"}
    assert applicant.post(address(draft), sent)["Location"] == address(draft, "tasks")
    document(draft).delete()
    answer = applicant.post(address(draft), sent)
    assert answer.status_code == 422 and answer.context["form"].errors["file"] == ["请选择文件"]


def test_what_was_done_to_a_photo_is_told(cast: world.Cast, applicant: Client) -> None:
    from tests.core_files.test_good_files import photo

    draft = world.filled_draft(cast)
    post(applicant, draft, photo((1200, 900), orientation=6), "IMG_1.pdf")
    page = applicant.get(address(draft)).content.decode()
    for words in ("已转正", "已去掉拍摄地点等附带信息", "文件名与内容不符", "IMG_1.jpg"):
        assert words in page


def test_the_upload_is_looked_into_before_the_draft_is_locked(
    cast: world.Cast, applicant: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    from core.files import sandbox

    draft = world.filled_draft(cast)
    depth = len(connection.savepoint_ids)
    seen: list[int] = []

    def spy(source: Path, sha256: str, slot: str) -> dict[str, int]:
        seen.append(len(connection.savepoint_ids) - depth)
        return {"pages": 1}

    monkeypatch.setattr(sandbox, "inspect_pdf", spy)
    assert post(applicant, draft, PDF).status_code == 302
    assert seen == [0]
