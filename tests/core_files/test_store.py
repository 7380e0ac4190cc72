"""The document store: what content says counts, one blob per content, gone with its last reference."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from core.files import previews
from core.files.actions import drop, put_generated, share, store, sweep_orphans
from core.files.errors import FileDamaged, FileEmpty, FileKindRefused, FileTooLarge
from core.files.intake import prepare
from core.files.models import Blob, StoredFile
from core.files.rules import clean_filename, content_type_of
from core.lifecycle.actors import SYSTEM
from core.lifecycle.subjects import Subject
from tests.support.world import PDF, at


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, kind)
    return out.getvalue()


def keep(content: bytes, filename: str = "扫描.pdf", owner: str = "a"):
    return store(
        content=content,
        filename=filename,
        owner=Subject("test.case", owner),
        slot="paper",
        actor=SYSTEM,
        at=at(),
    )


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.setattr(django_settings, "FILES_DIR", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("content", "expected"), [
    (PDF, "application/pdf"), (picture("PNG"), "image/png"), (picture("JPEG"), "image/jpeg"),
    (b"MZ\x90\x00", None), (b"<html>%PDF-1.4 %%EOF", None), (b" %PDF-1.4", None), (b"GIF89a", None),
])  # fmt: skip
def test_the_type_is_told_by_the_content(content, expected):
    assert content_type_of(content) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "error"), [
    (b"", FileEmpty), (b"hello, I am a text", FileKindRefused), (b"MZ" + PDF, FileKindRefused),
    (picture("PNG")[:40] + b"\x00IEND\xaeB`\x82", FileDamaged), (b"%PDF-1.4 without an end", FileDamaged),
])  # fmt: skip
def test_what_cannot_be_kept_is_refused_for_the_right_reason(content, error):
    with pytest.raises(error) as refused:
        keep(content, "x.jpg")
    assert refused.value.field == "paper" and not StoredFile.objects.exists()


@pytest.mark.django_db
def test_too_large_says_how_large_and_what_is_allowed(settings):
    settings.MAX_UPLOAD_BYTES = 1_048_576
    with pytest.raises(FileTooLarge, match=r"1\.5.*1 MB"):
        keep(PDF + b"0" * 1_572_864)


@pytest.mark.django_db
def test_a_pdf_renamed_jpg_is_kept_as_what_it_is():
    stored = keep(PDF, "照片.jpg")
    assert (
        stored.filename == "照片.pdf"
        and stored.changes == ["retyped"]
        and stored.content_type == "application/pdf"
    )
    assert keep(PDF, "照片.pdf", owner="b").changes == []


@pytest.mark.django_db(databases=["default"])
def test_equal_content_is_stored_once_and_goes_with_its_last_reference(
    files, django_capture_on_commit_callbacks
):
    first, second = keep(PDF, owner="a"), keep(PDF, owner="b")
    path = first.blob.location
    assert first.sha256 == second.sha256 and Blob.objects.count() == 1 and path.read_bytes() == PDF
    with django_capture_on_commit_callbacks(execute=True):
        drop(public_id=str(first.public_id))
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        drop(public_id=str(second.public_id))
    assert not path.exists() and not Blob.objects.exists()


@pytest.mark.django_db
def test_an_upload_is_read_in_pieces_and_leaves_no_half_file(files):
    stored = store(
        content=ContentFile(PDF),
        filename="a.pdf",
        owner=Subject("test.case", "a"),
        slot="paper",
        actor=SYSTEM,
        at=at(),
    )
    assert stored.size == len(PDF) and not list(Path(files).glob(".new-*"))


@pytest.mark.django_db
def test_what_a_rolled_back_act_left_is_swept_and_nothing_else(files):
    stored = keep(PDF)
    left = [Path(files, "ab", "ab" + "0" * 62), Path(files, "previews", "cd", "cd" + "0" * 62 + "-1.jpg")]
    for orphan in left:
        orphan.parent.mkdir(parents=True)
        orphan.write_bytes(b"left behind")
    left.append(Path(files, ".new-half"))
    left[-1].write_bytes(b"half")
    kept = [stored.blob.location, previews.page_picture(stored, 1)]
    later = timezone.now() + timedelta(minutes=1)
    assert sweep_orphans(before=timezone.now() - timedelta(days=1)) == 0
    assert sweep_orphans(before=later) == 3
    assert [path.exists() for path in (*left, *kept)] == [False] * 3 + [True] * 2


@pytest.mark.django_db
def test_what_was_infected_is_swept_should_its_removal_have_been_cut_off(files):
    stored = keep(PDF)
    picture = previews.page_picture(stored, 1)
    Blob.objects.update(scan="infected", scanned_at=at(), infection="Late")
    stored = StoredFile.objects.get()
    with pytest.raises(FileNotFoundError):
        previews.page_picture(stored, 1)
    sweep_orphans(before=timezone.now() + timedelta(minutes=1))
    assert not stored.blob.location.exists() and not picture.exists() and Blob.objects.exists()


@pytest.mark.django_db
def test_an_upload_that_ends_while_the_sweep_looks_disturbs_nobody(files):
    (Path(files) / ".new-gone").symlink_to(Path(files) / "nowhere")
    assert sweep_orphans(before=timezone.now() + timedelta(minutes=1)) == 0


@pytest.mark.django_db
def test_a_sweep_asks_once_per_directory_and_not_once_per_document(files, django_assert_num_queries):
    directory = Path(files, "ef")
    directory.mkdir()
    for number in range(3):
        (directory / f"ef{number:062d}").write_bytes(b"x")
        Blob.objects.create(sha256=f"ef{number:062d}", size=1, content_type="application/pdf")
    with django_assert_num_queries(1):
        assert sweep_orphans(before=timezone.now() + timedelta(minutes=1)) == 0


@pytest.mark.parametrize(("given", "shown"), [
    ("../../etc/passwd", "passwd.pdf"), ("C:\\fakepath\\执照.PDF", "执照.pdf"), ('a"b<c>.pdf', "abc.pdf"),
    ("", "document.pdf"), ("\x00\r\nX.pdf", "X.pdf"), ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ("执照.pdf.exe", "执照.pdf"), ("执照\u202efdp.exe", "执照fdp.pdf"),
    ("..", "document.pdf"), (".pdf", "document.pdf"),
    ("2015.08 执照", "2015.08 执照.pdf"), ("a\u200bb\x00.pdf", "ab.pdf"), ("...htaccess", "htaccess.pdf"),
    ("/etc/.jpg", "document.pdf"), ("執照.JPEG.png.pdf", "執照.pdf"), ("A\u0301.pdf", "\u00c1.pdf"),
])  # fmt: skip
def test_names_are_made_harmless(given, shown):
    assert clean_filename(given, "application/pdf") == shown


@pytest.mark.django_db
def test_what_was_prepared_before_the_act_is_kept_and_what_was_not_kept_is_gone(files):
    with prepare(content=PDF, filename="a.pdf", slot="paper") as ready:
        stored = keep(ready)
    assert stored.pages == 1 and stored.read() == PDF
    with prepare(content=PDF, filename="a.pdf", slot="paper"):
        assert list(files.glob(".new-*"))
    assert not list(files.glob(".new-*"))


@pytest.mark.django_db(databases=["default"])
def test_a_shared_document_stays_until_its_last_owner_lets_go(files, django_capture_on_commit_callbacks):
    first = keep(PDF)
    second = share(stored=first, owner=Subject("test.case", "b"), slot="paper", actor=SYSTEM, at=at())
    assert second.public_id != first.public_id and second.sha256 == first.sha256
    assert (second.owner_id, second.filename, second.scan) == ("b", first.filename, first.scan)
    with django_capture_on_commit_callbacks(execute=True):
        drop(public_id=str(first.public_id))
    assert second.read() == PDF


@pytest.mark.django_db
def test_a_paper_of_our_own_is_not_inspected_and_says_so():
    stored = put_generated(
        content=PDF, filename="申请书.pdf", content_type="application/pdf", owner=Subject("test.case", "a"),
        slot="form", actor=SYSTEM, at=at(),
    )  # fmt: skip
    assert (stored.scan, stored.pages, stored.can_open) == ("generated", 1, True)


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [
    {"scan": "clean", "scanned_at": None}, {"scan": "pending", "scanned_at": at()}, {"scan": "perhaps"},
    {"scan": "infected", "scanned_at": at(), "infection": ""}, {"pages": 0}, {"width": 5, "height": None},
    {"infection": "Eicar"},
])  # fmt: skip
def test_the_database_refuses_a_verdict_that_cannot_be(broken):
    stored = keep(PDF)
    with pytest.raises(IntegrityError), transaction.atomic():
        Blob.objects.filter(pk=stored.sha256).update(**broken)
