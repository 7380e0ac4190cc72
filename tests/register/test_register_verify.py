"""Three answers about a file: authentic? unaltered? in force today? Whatever comes, a page answers."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from certificates import keys
from certificates.actions import trust_issuer
from certificates.facts import CertificateFacts
from certificates.making import make_pdf

pytestmark = pytest.mark.req("R-49")


@pytest.fixture
def signed(fresh_database: str, tmp_path: Path, settings: Any) -> Callable[..., bytes]:
    """A signed certificate of a licence in the register, under a root trusted unless told not to be."""
    settings.PUBLIC_BASE_URL = "https://licence.example"
    at = datetime.now(UTC)

    def make(row: Any, *, trusted: bool = True, version: int = 1) -> bytes:
        settings.KEY_DIR = str(tmp_path / ("ours" if trusted else "theirs"))
        facts = CertificateFacts(
            licence_number=row.number,
            version=version,
            holder_name=row.holder_name,
            uscc=row.uscc,
            registered_address=row.registered_address,
            production_addresses=tuple(row.production_addresses),
            category_name=row.category_name,
            units=tuple(u["zh"] for u in row.units),
            issue_date=row.issued_on,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            authority_code=row.authority_code,
            authority_name=row.authority_name,
            public_id="abcdefghij234567klmn",
            demo=True,
        )
        signer = keys.signer_for(authority_code="320000", authority_name=row.authority_name, at=at)
        if trusted:
            trust_issuer(root=signer.chain[-1], demo=True, at=at)
        return make_pdf(facts, signer, at)

    return make


def upload(client: Client, content: bytes, name: str = "证书.pdf") -> Any:
    return client.post("/verify/", {"file": SimpleUploadedFile(name, content, "application/pdf")})


def answers(response: Any) -> tuple[str, str, str]:
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    result = response.context["result"]
    return result.authentic, result.unaltered, result.in_force


def test_a_genuine_certificate_in_force(
    client: Client, write_licence: Callable[..., Any], signed: Any
) -> None:
    row = write_licence()
    response = upload(client, signed(row))
    assert answers(response) == ("yes", "yes", "yes")
    text = response.content.decode()
    assert "证书真实、未被改动，许可今天有效" in text
    assert row.holder_name in text
    assert response.cookies == {}


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"status": "revoked"}, "撤销"),
        ({"status": "penalty_revoked"}, "吊销"),
        ({"valid_from": date(2016, 1, 1), "valid_until": date(2020, 12, 31)}, "过期"),
    ],
)
def test_authentic_and_unaltered_but_no_longer_in_force(
    client: Client, write_licence: Callable[..., Any], signed: Any, changes: dict[str, Any], word: str
) -> None:
    response = upload(client, signed(write_licence(**changes)))
    assert answers(response) == ("yes", "yes", "no")
    assert f"登记状态：{word}" in response.content.decode()


def test_one_byte_altered(client: Client, write_licence: Callable[..., Any], signed: Any) -> None:
    content = bytearray(signed(write_licence()))
    place = content.index(b"stream", 2000) + 60
    content[place] ^= 1
    response = upload(client, bytes(content))
    assert response.context["result"].unaltered != "yes"
    assert answers(response)[2] == "unknown"
    text = response.content.decode()
    assert 'class="banner stop"' in text and "这份文件不可信" in text
    assert "许可今天有效" not in text


def test_something_appended(client: Client, write_licence: Callable[..., Any], signed: Any) -> None:
    response = upload(client, signed(write_licence()) + b"\n% appended\n")
    assert answers(response)[1:] == ("no", "unknown")
    assert 'class="banner stop"' in response.content.decode()


def test_a_certificate_of_somebody_elses_making(
    client: Client, write_licence: Callable[..., Any], signed: Any
) -> None:
    row = write_licence()
    signed(row)
    response = upload(client, signed(row, trusted=False))
    assert answers(response) == ("no", "unknown", "unknown")
    assert row.holder_name not in response.content.decode()


def test_an_older_version_is_said_to_be_one(
    client: Client, write_licence: Callable[..., Any], signed: Any
) -> None:
    response = upload(client, signed(write_licence(version=2)))
    assert "已有更新的版本" in response.content.decode()
    assert 'class="banner wait"' in response.content.decode()


def test_a_licence_the_register_does_not_know(
    client: Client, write_licence: Callable[..., Any], signed: Any
) -> None:
    row = write_licence()
    content = signed(row)
    row.delete()
    response = upload(client, content)
    assert answers(response) == ("yes", "yes", "unknown")
    assert "没有查到不等于没有许可" in response.content.decode()


@pytest.mark.parametrize(
    "content",
    [b"x", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"[" * 100_000, b"PK\x03\x04" + bytes(200), "文字".encode()],
)
def test_anything_else_is_answered_calmly(client: Client, fresh_database: str, content: bytes) -> None:
    response = upload(client, content)
    assert answers(response) == ("no", "unknown", "unknown")
    assert 'class="banner stop"' in response.content.decode()


def test_ten_megabytes_are_the_limit(client: Client, fresh_database: str) -> None:
    response = upload(client, b"%PDF-1.7\n" + bytes(10 * 1024 * 1024))
    assert response.status_code == 422
    assert "超过 10 MB" in response.content.decode()
    response = upload(client, b"%PDF-1.7\n" + bytes(11 * 1024 * 1024))
    assert response.status_code == 413
    assert "超过 10 MB" in response.content.decode()


def test_nothing_given_asks_for_something(client: Client, fresh_database: str) -> None:
    response = client.post("/verify/", {"text": "  "})
    assert response.status_code == 422
    assert "请选择电子证书文件，或者输入证书编号" in response.content.decode()
    response = client.post("/verify/", {"text": "苏州金穗"})
    assert response.status_code == 422
    assert "这不是证书编号" in response.content.decode()
    assert upload(client, b"").status_code == 422


def test_number_and_scanned_text_lead_to_the_licence(
    client: Client, write_licence: Callable[..., Any]
) -> None:
    row = write_licence()
    for text in (
        row.number,
        "（苏）xk13-002-00001",
        f"https://licence.example/l/{row.opaque_id}#{'9' * 900}",
    ):
        response = client.post("/verify/", {"text": text})
        assert response.status_code == 302, text
        assert response["Location"].startswith("/licences/")
    response = client.post("/verify/", {"text": "XK13-002-09999"})
    assert response.status_code == 200
    assert "本系统中没有查到许可证" in response.content.decode()


def test_verification_reads_the_public_connection_alone(
    client: Client, write_licence: Callable[..., Any], signed: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connections

    content = signed(write_licence())
    with django_assert_num_queries(0), django_assert_num_queries(3, connection=connections["public"]):
        upload(client, content)


def test_the_page_needs_no_token_and_sets_no_cookie(fresh_database: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.get("/verify/").cookies == {}
    assert strict.post("/verify/", {"text": "XK13-002-09999"}).status_code == 200
