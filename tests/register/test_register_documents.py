"""A document by its code, and a file of one judged: what anybody with the paper may know, and no name (R-47, R-49)."""

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.test import Client

from certificates.documents.actions import issue_document, request_document
from certificates.documents.facts import DocumentFacts, text
from certificates.models import OfficialDocument
from core.lifecycle.subjects import Subject
from register.search import document_code

CODE = "abcdefghij234567klmn"
ADDRESSEE = "苏州金穗肥业有限公司"


@pytest.fixture
def facts() -> DocumentFacts:
    return DocumentFacts(
        kind="acceptance", title="受理通知书", authority_code="320000", authority_name="江苏省质量技术监督局",
        addressee=ADDRESSEE, addressee_code="91320583MA1X5C7DXJ", reference="320000-N-2015-000012-7K",
        dated_on=date(2015, 9, 29), body=(text("决定予以受理。"),), basis=("《行政许可法》第三十二条",),
        summary=("Accepted.",), title_en="Notice of acceptance", authority_en="Jiangsu Bureau", public_id=CODE,
        demo=True,
    )  # fmt: skip


@pytest.fixture
def document(fresh_database: str, tmp_path: Path, settings: Any, facts: DocumentFacts) -> OfficialDocument:
    """Signed, and in the register."""
    settings.KEY_DIR, settings.PUBLIC_BASE_URL = str(tmp_path / "keys"), "https://licence.example"
    at = datetime.now(UTC)
    with transaction.atomic():
        row = request_document(
            facts=facts, series="苏质监许受", subject=Subject("licensing.application", "case", 2), at=at
        )
    issue_document(document_id=row.pk, at=at)
    row.refresh_from_db()
    return row


def upload(client: Client, content: bytes) -> Any:
    return client.post("/verify/", {"file": SimpleUploadedFile("文书.pdf", content, "application/pdf")})


@pytest.mark.req("R-47")
def test_the_code_leads_to_kind_number_authority_date_hash_and_no_name(
    client: Client, document: OfficialDocument
) -> None:
    answer = client.get(f"/d/{CODE}")
    shown = answer.content.decode()
    assert answer.status_code == 200 and answer["Cache-Control"].startswith("public")
    for piece in (
        "受理通知书",
        document.number,
        "江苏省质量技术监督局",
        "2015 年 9 月 29 日",
        document.pdf_sha256,
    ):
        assert piece in shown, piece
    assert ADDRESSEE not in shown and "000012" not in shown and "91320583" not in shown
    assert "Notice of acceptance" in client.get(f"/en/d/{CODE}").content.decode()


@pytest.mark.req("R-47")
def test_the_public_login_can_read_nothing_more_of_it(document: OfficialDocument) -> None:
    with connections["public"].cursor() as cursor:
        cursor.execute("SELECT * FROM public_register.official_document")
        columns = {column.name for column in cursor.description}
        (row,) = cursor.fetchall()
    assert ADDRESSEE not in str(row) and "320000-N" not in str(row)
    assert columns == {
        "id", "code", "kind", "title", "title_en", "number", "authority_code", "authority_name", "authority_name_en",
        "dated_on", "signed_at", "sha256",
    }  # fmt: skip


def test_one_that_is_not_signed_is_not_there(
    client: Client, fresh_database: str, facts: DocumentFacts
) -> None:
    with transaction.atomic():
        request_document(facts=facts, series="苏", subject=Subject("x", "y", 1), at=datetime.now(UTC))
    assert client.get(f"/d/{CODE}").status_code == 404


@pytest.mark.parametrize("code", ["aaaaaaaaaaaaaaaaaaaa", "short", "%3Cscript%3E"])
def test_an_unknown_code_is_answered_in_words(client: Client, fresh_database: str, code: str) -> None:
    answer = client.get(f"/d/{code}")
    assert answer.status_code == 404 and "没有查到这个核验码" in answer.content.decode()


@pytest.mark.parametrize(
    "typed", [CODE, CODE.upper(), "abcde fghij 23456 7klmn", f"https://licence.example/d/{CODE}", f"/en/d/{CODE}/"]
)  # fmt: skip
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert document_code(typed) == CODE


@pytest.mark.parametrize(
    "typed", ["", "苏州金穗肥业", "(苏)XK13-002-00001", f"https://x/l/{CODE}", "abc", "http://[", "0" * 20]
)
def test_other_words_are_no_code(typed: str) -> None:
    assert document_code(typed) == ""


def test_a_typed_code_leads_to_the_page(client: Client, document: OfficialDocument) -> None:
    answer = client.post("/verify/", {"text": "abcde fghij 23456 7klmn"})
    assert answer.status_code == 302 and answer["Location"] == f"/d/{CODE}"
    assert "本系统中没有查到" in client.post("/verify/", {"text": "b" * 20}).content.decode()


@pytest.mark.req("R-49")
def test_a_genuine_document_has_two_answers_and_no_term(client: Client, document: OfficialDocument) -> None:
    assert document.pdf is not None
    answer = upload(client, document.pdf.read())
    result, shown = answer.context["result"], answer.content.decode()
    assert (result.authentic, result.unaltered, result.in_force) == ("yes", "yes", "none")
    assert result.tone == "ok" and "文书真实、未被改动" in shown
    assert "这是一份受理通知书，文书没有有效期" in shown and document.number in shown


@pytest.mark.req("R-49")
def test_an_altered_one_and_one_not_on_record_are_told_apart(
    client: Client, document: OfficialDocument, facts: DocumentFacts
) -> None:
    from certificates import keys
    from certificates.documents.making import make_document

    assert document.pdf is not None
    content = bytearray(document.pdf.read())
    content[len(content) // 3] ^= 1
    assert upload(client, bytes(content)).context["result"].tone == "stop"
    at = datetime.now(UTC)
    signer = keys.signer_for(authority_code="320000", authority_name=facts.authority_name, at=at)
    twin = make_document(dataclasses.replace(facts, number=document.number), signer, at)
    assert upload(client, twin).context["result"].contradicted
    stray = make_document(dataclasses.replace(facts, public_id="b" * 20, number="x"), signer, at)
    answer = upload(client, stray)
    assert answer.context["result"].tone == "wait" and "没有查到这份文书" in answer.content.decode()


def test_the_interface_answers_the_same(client: Client, document: OfficialDocument) -> None:
    assert document.pdf is not None
    sent = SimpleUploadedFile("d.pdf", document.pdf.read(), "application/pdf")
    found = client.post("/api/v1/verify/", {"file": sent}).json()
    assert (found["authentic"], found["in_force"], found["licence_number"]) == ("yes", "none", "")
    assert found["document"] == f"受理通知书 {document.number}"
