"""An official document as a paper: set, numbered, signed, verified; stopped in the open, never altered (R-4)."""

import dataclasses
import io
import subprocess
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from certificates import keys
from certificates.authenticity import Finding, verify_pdf
from certificates.documents import actions
from certificates.documents.actions import (
    issue_document,
    note_opened,
    request_document,
    retry_documents,
    try_to_issue_document,
)
from certificates.documents.facts import DocumentFacts, document_from_json, items, rows, text
from certificates.documents.making import make_document
from certificates.errors import DocumentDiffers, GlyphMissing
from certificates.models import OfficialDocument
from certificates.queries import stuck
from certificates.render.typefaces import TITLE, title_characters
from core.files.models import StoredFile
from core.ledger.models import LedgerEntry
from core.lifecycle.actors import SYSTEM
from core.lifecycle.subjects import Subject
from core.outbox.actions import deliver_due

REMEDY = "可以自收到本决定之日起六十日内向上一级机关申请行政复议。"


@pytest.fixture
def document() -> DocumentFacts:
    return DocumentFacts(
        kind="refusal", title="不予许可决定书", authority_code="320000", authority_name="江苏省质量技术监督局",
        addressee="苏州金穗肥业有限公司", addressee_code="91320583MA1X5C7DXJ", reference="320000-N-2015-000012-7K",
        dated_on=date(2015, 9, 29), body=(
            text("经审查，不符合法定条件。\n现依法作出不予许可的决定。"), rows(("产品", "砂轮"), ("空", "")),
            items(("设备", "与申请所列不符")),
        ),
        basis=("《行政许可法》第三十八条第二款",), remedies=REMEDY, summary=("The licence is refused.",),
        title_en="Decision refusing a licence", authority_en="Jiangsu Bureau", public_id="abcdefghij234567klmn",
        demo=True, number="苏质监许不准〔2015〕12号",
    )  # fmt: skip


def asked(facts: DocumentFacts, at: datetime, version: int = 1) -> OfficialDocument:
    """A request, as an act makes it."""
    with transaction.atomic():
        return request_document(
            facts=dataclasses.replace(facts, number=""), series="苏质监许不准",
            subject=Subject("licensing.application", "case", version), at=at,
        )  # fmt: skip


def another(facts: DocumentFacts, letter: str) -> DocumentFacts:
    return dataclasses.replace(facts, public_id=letter * 20)


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


Made = Callable[[DocumentFacts], bytes]


@pytest.fixture
def made(signer: keys.Signer, at: datetime) -> Made:
    return lambda facts: make_document(facts, signer, at)


@pytest.mark.req("R-4")
def test_the_paper_says_what_who_why_and_where_to_turn(made: Made, document: DocumentFacts) -> None:
    pdf = made(document)
    said = words(pdf)
    for piece in (
        document.title, document.number, document.authority_name, document.addressee, "与申请所列不符",
        document.basis[0], REMEDY, "2015 年 9 月 29 日", "The licence is refused.", "abcde fghij 23456 7klmn",
        "第 1 页 共 1 页", "演示 DEMO",
    ):  # fmt: skip
        assert piece.replace(" ", "") in said.replace(" ", ""), piece
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == f"{document.title} {document.number}"
    assert reader.trailer["/Root"]["/Lang"] == "zh-Hans"
    assert b"pdfaid:part" in pdf or b"pdfaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()


def test_only_the_demo_world_has_a_seal_and_says_so(made: Made, document: DocumentFacts) -> None:
    plain = made(dataclasses.replace(document, demo=False))
    assert "DEMO" not in words(plain).replace("DEMO演示", "")
    assert len(plain) < len(made(document))


@pytest.mark.req("R-49")
def test_poppler_finds_the_signature_valid(made: Made, document: DocumentFacts, tmp_path: Path) -> None:
    path = tmp_path / "document.pdf"
    path.write_bytes(made(document))
    report = subprocess.run(["pdfsig", str(path)], check=True, capture_output=True, text=True).stdout
    assert "Signature Validation: Signature is Valid." in report
    assert "Total document signed" in report


def test_what_travels_inside_is_what_is_printed(made: Made, document: DocumentFacts, root: bytes) -> None:
    verdict = verify_pdf(made(document), roots=[root])
    assert verdict.genuine and verdict.document == document
    assert verdict.facts is None and verdict.licence_number == ""


def test_a_changed_byte_is_seen(made: Made, document: DocumentFacts, root: bytes) -> None:
    pdf = made(document)
    for place in (len(pdf) // 4, len(pdf) // 3, 1200):
        altered = bytearray(pdf)
        altered[place] ^= 1
        verdict = verify_pdf(bytes(altered), roots=[root])
        assert not verdict.genuine and verdict.document is None
    assert verify_pdf(pdf + b"\n%", roots=[root]).finding is not Finding.GENUINE


def test_no_authority_signs_for_another(made: Made, document: DocumentFacts, root: bytes) -> None:
    foreign = made(dataclasses.replace(document, authority_code="330000"))
    assert verify_pdf(foreign, roots=[root]).finding is Finding.SIGNED_BY_ANOTHER


@pytest.mark.parametrize("name", ["新疆生产建设兵团质量技术监督局", "黔" * 40])
def test_an_authority_with_a_long_name_signs_too(
    key_dir: Path, document: DocumentFacts, at: datetime, name: str
) -> None:
    signer = keys.signer_for(authority_code="XPCC", authority_name=name, at=at)
    facts = dataclasses.replace(document, authority_code="XPCC", authority_name=name)
    assert make_document(facts, signer, at).startswith(b"%PDF")


def test_rare_characters_and_long_reasons(made: Made, document: DocumentFacts) -> None:
    reasons = "关键生产设备与申请所列不符，" * 160
    long = dataclasses.replace(
        document, addressee="㐀𠮷肥业有限公司", body=(*document.body, text(f"理由：{reasons}"))
    )
    pdf = made(long)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) >= 2
    assert "㐀𠮷肥业有限公司" in words(pdf)
    assert REMEDY in words(pdf)
    assert f"共 {len(reader.pages)} 页" in reader.pages[-1].extract_text()


def test_a_character_no_font_has_stops_the_paper(made: Made, document: DocumentFacts) -> None:
    with pytest.raises(GlyphMissing):
        made(dataclasses.replace(document, addressee="金穗🏭公司"))


def test_the_face_of_the_head_has_every_title_and_every_authority() -> None:
    from certificates.glyphs import coverage

    lacking = {character for character in title_characters() if ord(character) not in coverage(TITLE)}
    assert lacking <= set("\u3000\u200b")


@pytest.mark.parametrize(
    "change",
    [
        {"body": ()}, {"basis": ()}, {"summary": ()}, {"title": " "}, {"kind": "letter"}, {"public_id": "0" * 20},
    ],
)  # fmt: skip
def test_a_document_that_says_too_little_is_none(document: DocumentFacts, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        dataclasses.replace(document, **change)


@pytest.mark.parametrize(
    "hostile",
    [None, [], {}, {"schema": "x"}, {"body": [{"kind": "script", "text": "x"}]}, {"body": [{"rows": [["a"]]}]},
     {"basis": "x"}, {"demo": 1}, {"dated_on": "soon"}, {"title": 3}],
)  # fmt: skip
def test_hostile_facts_are_refused(document: DocumentFacts, hostile: Any) -> None:
    values = {**document.as_json(), **hostile} if isinstance(hostile, dict) and hostile else hostile
    with pytest.raises((ValueError, KeyError, TypeError)):
        document_from_json(values)


@pytest.mark.django_db
@pytest.mark.req("R-4")
def test_the_worker_numbers_and_signs_what_was_asked(
    key_dir: Path, document: DocumentFacts, at: datetime
) -> None:
    row = asked(document, at)
    assert (row.number, row.status, row.pdf_id) == ("", "requested", None)
    deliver_due(queue="certificates", at=at + timedelta(seconds=5))
    row.refresh_from_db()
    assert row.number == "苏质监许不准〔2015〕1号"
    assert row.pdf is not None and row.pdf_sha256 == row.pdf.sha256
    verdict = verify_pdf(row.pdf.read(), roots=_roots())
    assert verdict.genuine and verdict.document == row.printed
    entry = LedgerEntry.objects.get(act="certificates.document_issued")
    assert entry.public["sha256"] == row.pdf_sha256 and entry.legal_basis
    assert document.addressee not in str((entry.public, entry.internal, entry.subject_id))


def _roots() -> list[bytes]:
    from certificates.queries import trusted_roots

    return trusted_roots()


@pytest.mark.django_db
def test_asking_and_signing_twice_is_once(key_dir: Path, document: DocumentFacts, at: datetime) -> None:
    first, second = asked(document, at), asked(document, at)
    assert first.pk == second.pk
    assert issue_document(document_id=first.pk, at=at) is True
    assert issue_document(document_id=first.pk, at=at) is False
    assert StoredFile.objects.filter(owner_kind=actions.KIND).count() == 1
    with pytest.raises(DocumentDiffers):
        asked(dataclasses.replace(document, addressee="另一家"), at)


@pytest.mark.django_db
def test_numbers_run_per_authority_kind_and_year(
    key_dir: Path, document: DocumentFacts, at: datetime
) -> None:
    later = dataclasses.replace(another(document, "c"), dated_on=date(2016, 1, 4))
    given = []
    for version, facts in enumerate((another(document, "a"), another(document, "b"), later), 1):
        row = asked(facts, at, version)
        issue_document(document_id=row.pk, at=at)
        row.refresh_from_db()
        given.append(row.number)
    assert given == ["苏质监许不准〔2015〕1号", "苏质监许不准〔2015〕2号", "苏质监许不准〔2016〕1号"]


@pytest.mark.django_db
def test_without_a_key_it_waits_in_the_open_and_uses_no_number_up(
    key_dir: Path, settings: Any, document: DocumentFacts, at: datetime
) -> None:
    kept, settings.KEY_DIR = settings.KEY_DIR, ""
    row = asked(document, at)
    assert try_to_issue_document(document_id=row.pk, at=at) is False
    (task,) = stuck()
    assert task.title == "不予许可决定书" and "certificates.no_signing_key" in task.last_error
    settings.KEY_DIR = kept
    assert retry_documents(at=at) == 0
    assert retry_documents(at=at + timedelta(hours=1)) == 1
    row.refresh_from_db()
    assert row.serial == 1 and stuck() == []


@pytest.mark.django_db
def test_one_unforeseen_failure_holds_up_no_other_document(
    key_dir: Path, document: DocumentFacts, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It came first every minute, and nothing behind it was ever tried."""
    bad, good = asked(another(document, "a"), at, 1), asked(another(document, "b"), at, 2)
    real = actions.make_document

    def make(facts: DocumentFacts, *given: Any) -> bytes:
        if facts.public_id == bad.public_id:
            raise ZeroDivisionError
        return real(facts, *given)

    monkeypatch.setattr(actions, "make_document", make)
    later = at + timedelta(minutes=2)
    assert retry_documents(at=later) == 1
    bad.refresh_from_db(), good.refresh_from_db()
    assert (bad.status, bad.attempts, good.status, good.serial) == ("requested", 1, "issued", 1)
    assert bad.next_attempt_at is not None and bad.next_attempt_at > later
    (task,) = stuck()
    assert "certificates.unforeseen" in task.last_error and "ZeroDivisionError" in task.last_error


@pytest.mark.django_db
def test_a_missing_glyph_uses_no_number_up(key_dir: Path, document: DocumentFacts, at: datetime) -> None:
    broken = asked(dataclasses.replace(another(document, "a"), addressee="🏭"), at, 1)
    assert try_to_issue_document(document_id=broken.pk, at=at) is False
    whole = asked(another(document, "b"), at, 2)
    assert issue_document(document_id=whole.pk, at=at)
    whole.refresh_from_db()
    assert whole.serial == 1


@pytest.mark.django_db
def test_the_database_keeps_an_issued_document_as_it_is(
    key_dir: Path, document: DocumentFacts, at: datetime
) -> None:
    row = asked(document, at)
    found = OfficialDocument.objects.filter(pk=row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        found.update(facts={})
    with pytest.raises(IntegrityError), transaction.atomic():
        found.update(status="issued")
    issue_document(document_id=row.pk, at=at)
    for change in ({"number": "x"}, {"pdf_sha256": "0" * 64}, {"last_error": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            found.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM certificates_officialdocument WHERE id = %s", [row.pk])


@pytest.mark.django_db
def test_the_first_opening_alone_is_noted(key_dir: Path, document: DocumentFacts, at: datetime) -> None:
    row = asked(document, at)
    issue_document(document_id=row.pk, at=at)
    row.refresh_from_db()
    assert note_opened(document=row, actor=SYSTEM, at=at) is True
    assert note_opened(document=row, actor=SYSTEM, at=at + timedelta(seconds=9)) is False
    row = OfficialDocument.objects.get(pk=row.pk)
    assert row.receipt is not None and row.receipt.opened_at == at
    assert LedgerEntry.objects.filter(act="certificates.document_opened").count() == 1


@pytest.mark.django_db
def test_the_command_tells_a_document_from_a_certificate(
    key_dir: Path, document: DocumentFacts, at: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = asked(document, at)
    issue_document(document_id=row.pk, at=at)
    row.refresh_from_db()
    assert row.pdf is not None
    path = tmp_path / "d.pdf"
    path.write_bytes(row.pdf.read())
    assert _exit_of(path) == 0
    said = capsys.readouterr().out
    assert "document: 不予许可决定书" in said and f"number: {row.number}" in said
    path.write_bytes(path.read_bytes() + b"%")
    assert _exit_of(path) == 1


def _exit_of(path: Path) -> int:
    with pytest.raises(SystemExit) as left:
        call_command("verify_certificate", str(path))
    return int(left.value.code or 0)
