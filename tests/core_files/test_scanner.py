"""The scanner port: clean, infected, silent, absent; quarantine and what ends it."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from core.files import scanner
from core.files.actions import put_generated, store
from core.files.errors import FileInfected
from core.files.models import Blob, StoredFile
from core.files.scans import SILENCES, rescan
from core.lifecycle.actors import SYSTEM
from core.lifecycle.subjects import Subject
from core.outbox.models import Event
from tests.core_files.clamd import MARK, NAME, PretendedScanner, pretended, real
from tests.core_files.hostile.making import picture
from tests.support import world
from tests.support.clients import signed_in
from tests.support.world import PDF, at

NOBODY_THERE = "tcp://127.0.0.1:9"
INFECTED_PDF = PDF[:9] + b"%" + MARK + b"\n" + PDF[9:]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(django_settings, "FILES_DIR", tmp_path / "files")
    monkeypatch.setattr(django_settings, "CLAMD_TIMEOUT", 10.0)
    return tmp_path / "files"


@pytest.fixture
def clamd(settings: Any) -> Iterator[PretendedScanner]:
    with pretended() as server:
        settings.CLAMD_URL = server.url
        yield server


def keep(content: bytes = PDF, owner: str = "a") -> StoredFile:
    return store(
        content=content,
        filename="扫描.pdf",
        owner=Subject("test.case", owner),
        slot="paper",
        actor=SYSTEM,
        at=at(),
    )


@pytest.mark.django_db
def test_without_a_scanner_a_document_is_kept_and_shown_as_not_scanned() -> None:
    stored = keep()
    assert (stored.scan, stored.blob.scanned_at, stored.can_open) == ("not_scanned", None, True)


@pytest.mark.django_db
def test_the_whole_document_travels_in_pieces_and_comes_back_clean(clamd: PretendedScanner) -> None:
    content = picture("PNG", (900, 700))
    stored = keep(content)
    assert clamd.received == [content]
    assert (stored.scan, stored.blob.scanned_at) == ("clean", at())


@pytest.mark.django_db
def test_an_infected_document_is_refused_and_not_kept(clamd: PretendedScanner, files: Path) -> None:
    clamd.told = "stream: Eicar-Test-Signature FOUND"
    with pytest.raises(FileInfected, match="Eicar-Test-Signature") as refused:
        keep()
    assert refused.value.code == "files.infected"
    assert not StoredFile.objects.exists() and list(files.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "told", [None, "", "INSTREAM size limit exceeded. ERROR", "stream: OKAY", "UNKNOWN COMMAND"]
)
def test_an_answer_that_is_no_verdict_is_none(clamd: PretendedScanner, told: str | None) -> None:
    clamd.told = told
    assert keep().scan == "pending"


@pytest.mark.django_db
@pytest.mark.parametrize("url", [NOBODY_THERE, "unix:///nowhere/clamd.sock"])
def test_a_scanner_that_is_away_puts_the_document_into_quarantine(settings: Any, url: str) -> None:
    settings.CLAMD_URL = url
    stored = keep()
    assert (stored.scan, stored.can_open) == ("pending", False)


@pytest.mark.django_db
def test_quarantine_ends_with_a_clean_scan(settings: Any, clamd: PretendedScanner) -> None:
    settings.CLAMD_URL = NOBODY_THERE
    stored = keep()
    assert rescan(at=at(hour=10)) == 0
    settings.CLAMD_URL = clamd.url
    assert rescan(at=at(hour=11)) == 1
    stored.blob.refresh_from_db()
    assert (stored.scan, stored.blob.scanned_at, stored.can_open) == ("clean", at(hour=11), True)
    assert rescan(at=at(hour=12)) == 0


@pytest.mark.django_db
def test_a_document_the_scanner_never_answers_for_holds_up_no_other(
    settings: Any, clamd: PretendedScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMD_URL = NOBODY_THERE
    for number in range(3):
        keep(PDF + b"\n" * number, owner=str(number))
    asked: list[Path] = []

    def answer(source: Path) -> scanner.Scan:
        asked.append(source)
        if len(asked) == 1:
            raise scanner.ScannerUnreachable("INSTREAM size limit exceeded")
        return scanner.Scan()

    monkeypatch.setattr(scanner, "scan_file", answer)
    assert rescan(at=at(hour=11)) == 2
    assert len(asked) == 3 and Blob.objects.get(scan="pending").location == asked[0]


@pytest.mark.django_db
def test_a_silent_scanner_is_not_asked_for_every_document(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMD_URL = NOBODY_THERE
    for number in range(SILENCES + 2):
        keep(PDF + b"\n" * number, owner=str(number))
    asked: list[Path] = []

    def silent(source: Path) -> scanner.Scan:
        asked.append(source)
        raise scanner.ScannerUnreachable("timed out")

    monkeypatch.setattr(scanner, "scan_file", silent)
    assert rescan(at=at(hour=11)) == 0 and len(asked) == SILENCES


@pytest.mark.django_db(databases=["default"])
def test_a_virus_found_later_takes_the_bytes_and_tells_every_owner(
    settings: Any, clamd: PretendedScanner, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.CLAMD_URL = NOBODY_THERE
    rows = [keep(owner="a"), keep(owner="b")]
    settings.CLAMD_URL, clamd.told = clamd.url, "stream: Late FOUND"
    with django_capture_on_commit_callbacks(execute=True):
        rescan(at=at(hour=11))
    blob = Blob.objects.get()
    assert (blob.scan, blob.infection) == ("infected", "Late") and not blob.location.exists()
    told = Event.objects.filter(type="files.infected").values_list("subject_id", flat=True)
    assert sorted(told) == sorted(str(row.public_id) for row in rows)
    settings.CLAMD_URL = ""
    with pytest.raises(FileInfected, match="Late"):
        keep(owner="c")


@pytest.mark.django_db
def test_what_came_before_there_was_a_scanner_is_scanned_by_and_by(
    settings: Any, clamd: PretendedScanner
) -> None:
    settings.CLAMD_URL = ""
    stored = keep()
    own = put_generated(
        content=b"%PDF-1.4\n%%EOF\n", filename="a.pdf", content_type="application/pdf",
        owner=Subject("test.case", "a"), slot="form", actor=SYSTEM, at=at(),
    )  # fmt: skip
    settings.CLAMD_URL = clamd.url
    assert rescan(at=at(hour=11)) == 1
    stored.blob.refresh_from_db()
    own.blob.refresh_from_db()
    assert (stored.scan, own.scan) == ("clean", "generated")


@pytest.mark.django_db
def test_a_clean_verdict_is_not_lost_when_the_scanner_is_away(settings: Any, clamd: PretendedScanner) -> None:
    keep()
    settings.CLAMD_URL = NOBODY_THERE
    assert keep(owner="b").scan == "clean"


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?download", "?page=1", "?viewer=1"])
def test_nobody_opens_what_is_in_quarantine(settings: Any, query: str) -> None:
    settings.CLAMD_URL = NOBODY_THERE
    cast = world.Cast()
    filed = world.submitted(cast)
    address = reverse("licensing:document", args=[filed.public_id, "business_licence"])
    for person in (cast.clerk, cast.applicant):
        answer = signed_in(person).get(address + query)
        assert answer.status_code == (404 if "=" in query else 423)
        assert b"%PDF" not in answer.content and b"\xff\xd8" not in answer.content
    page = signed_in(cast.clerk).get(reverse("licensing:case", args=[filed.public_id])).content.decode()
    assert "等待病毒扫描" in page and f'href="{address}"' not in page


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("way", ["unix", "tcp"])
def test_a_real_scanner_finds_the_virus_of_our_own_signature(settings: Any, tmp_path: Path, way: str) -> None:
    with real() as urls:
        settings.CLAMD_URL = urls[way]
        assert keep().scan == "clean"
        with pytest.raises(FileInfected, match=NAME):
            keep(INFECTED_PDF)
        hidden = io.BytesIO(picture("JPEG", (400, 300)) + MARK)
        with pytest.raises(FileInfected):
            keep(hidden.getvalue())
        large = tmp_path / "large"
        large.write_bytes(b"0" * (26 << 20))
        with pytest.raises(scanner.ScannerUnreachable):
            scanner.scan_file(large)
    assert keep(PDF + b"\n", owner="b").scan == "pending"
