"""Licence page, front page, catalogue: one truth, no login, no cookie, and a login that cannot read more."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.db import DatabaseError, ProgrammingError, connections
from django.test import Client


@pytest.mark.req("R-51")
@pytest.mark.parametrize(
    ("status", "until", "sentence"),
    [
        ("valid", date(2026, 11, 24), "许可有效，至 2026 年 11 月 24 日"),
        ("valid", date(2026, 11, 23), "已过期，有效期至 2026 年 11 月 23 日"),
        ("valid_deemed", date(2031, 1, 1), "许可有效，至 2031 年 1 月 1 日"),
        ("withdrawn", date(2031, 1, 1), "许可已撤回"),
        ("revoked", date(2031, 1, 1), "许可已撤销"),
        ("penalty_revoked", date(2031, 1, 1), "许可已吊销"),
        ("deregistered", date(2031, 1, 1), "许可已注销"),
    ],
)
def test_the_first_line_answers_in_force_or_not(
    client: Client, write_licence: Callable[..., Any], noon: Any, status: str, until: date, sentence: str
) -> None:
    row = write_licence(status=status, valid_from=date(2021, 11, 25), valid_until=until)
    text = client.get(f"/licences/{row.number}/").content.decode()
    assert f"<h1>{sentence}</h1>" in text
    assert "截至 2026 年 11 月 24 日 10:00" in text


@pytest.mark.req("R-51")
@pytest.mark.parametrize("typed", ["（苏）XK13-002-00001", "苏xk13-002-00001", "(苏)XK13002 00001"])
def test_any_spelling_leads_to_the_canonical_address(
    client: Client, write_licence: Callable[..., Any], noon: Any, typed: str
) -> None:
    write_licence()
    response = client.get(f"/licences/{quote(typed)}/")
    assert response.status_code == 301
    assert response["Location"] == f"/licences/{quote('(苏)XK13-002-00001', safe='()')}/"
    assert client.get(response["Location"]).status_code == 200
    assert client.get("/en" + response["Location"]).status_code == 200


@pytest.mark.req("R-51")
def test_the_permanent_address_shows_the_same_page(
    client: Client, write_licence: Callable[..., Any], noon: Any
) -> None:
    row = write_licence()
    response = client.get(f"/l/{row.opaque_id}")
    assert response.status_code == 200
    assert row.number in response.content.decode()
    assert f"/l/{row.opaque_id}</p>" in response.content.decode()


@pytest.mark.parametrize(
    "path", ["/licences/nonsense/", "/licences/XK13-002-09999/", "/l/nonsense", "/licences/a%00b/"]
)
def test_what_is_not_there_is_not_called_unlicensed(
    client: Client, fresh_database: str, noon: Any, path: str
) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "本系统中没有查到许可证" in response.content.decode()


@pytest.mark.parametrize(
    "path", ["/", "/licences/", "/licences/x/", "/verify/", "/progress/", "/catalog/", "/catalog/none/"]
)
def test_public_pages_are_the_same_for_everybody(
    client: Client, fresh_database: str, noon: Any, path: str
) -> None:
    response = client.get(path)
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")
    assert response["Cache-Control"].startswith("public")
    assert ' style="' not in response.content.decode()
    assert client.get("/en" + path).cookies == {}


@pytest.mark.parametrize("path", ["/", "/licences/", "/progress/", "/catalog/"])
def test_public_pages_only_answer_questions(
    client: Client, fresh_database: str, noon: Any, path: str
) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


@pytest.mark.req("R-51")
def test_pages_read_nothing_but_the_public_schema(
    client: Client,
    write_licence: Callable[..., Any],
    write_progress: Callable[..., Any],
    noon: Any,
    django_assert_num_queries: Any,
) -> None:
    row, case = write_licence(), write_progress()
    for path, budget in (
        ("/", 3),
        (f"/licences/{row.number}/", 2),
        (f"/l/{row.opaque_id}", 2),
        ("/licences/", 2),
        (f"/progress/{case.number}/", 2),
        ("/catalog/", 2),
        ("/catalog/rebar/", 2),
        ("/verify/", 0),
        ("/progress/", 0),
    ):
        with (
            django_assert_num_queries(0),
            django_assert_num_queries(budget, connection=connections["public"]),
        ):
            client.get(path)


@pytest.mark.parametrize(
    "table",
    [
        "licensing_application",
        "licensing_productionlicence",
        "parties_user",
        "ledger_ledgerentry",
        "files_storedfile",
        "outbox_event",
        "certificates_certificate",
        "django_session",
    ],
)
def test_the_public_login_cannot_read_anything_else(fresh_database: str, table: str) -> None:
    for name in (table, f"public.{table}"):
        with connections["public"].cursor() as cursor, pytest.raises(ProgrammingError):
            cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")


def test_the_public_login_cannot_write_even_where_it_reads(write_licence: Callable[..., Any]) -> None:
    write_licence()
    with connections["public"].cursor() as cursor:
        with pytest.raises(DatabaseError, match="read-only"):
            cursor.execute("UPDATE licence SET status = 'revoked'")
        cursor.execute("SET default_transaction_read_only = off")
        for statement in (
            "UPDATE licence SET status = 'revoked'",
            "DELETE FROM licence_event",
            "INSERT INTO licence_event (licence_id) VALUES (1)",
            "TRUNCATE licence CASCADE",
            "CREATE TABLE mine (x int)",
            "CREATE TABLE public.mine (x int)",
            "SET ROLE portal_app",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"):
                cursor.execute(statement)


def test_no_view_of_the_public_schema_has_a_column_for_a_person(fresh_database: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public_register'"
        )
        columns = cursor.fetchall()
    assert len(columns) > 50
    forbidden = (
        "representative",
        "phone",
        "person",
        "user",
        "clerk",
        "reviewer",
        "approver",
        "actor",
        "email",
        "published_by",
        "publisher",
        "contact",
        "last_error",
    )
    assert [c for c in columns if any(word in c[1] for word in forbidden)] == []


def test_the_front_page_shows_figures_and_recent_grants(
    client: Client, write_licence: Callable[..., Any], write_progress: Callable[..., Any], noon: Any
) -> None:
    empty = client.get("/").context
    assert (empty["figures"].valid_licences, empty["figures"].median_days, empty["figures"].overdue) == (
        0,
        None,
        0,
    )
    assert list(empty["recent"]) == []
    write_licence()
    write_licence(valid_from=date(2020, 1, 1), valid_until=date(2026, 11, 23), issued_on=date(2020, 1, 1))
    write_licence(status="revoked", issued_on=date(2025, 1, 1))
    for n, days in enumerate((10, 21, 30, 11)):
        write_progress(
            number=f"320000-N-2026-00000{n}-7K",
            status="delivered",
            decided_on=date(2026, 3, 2),
            working_days=days,
            due_on=date(2026, 2, 1),
        )
    write_progress(number="320000-N-2025-000009-7K", decided_on=date(2025, 3, 2), working_days=99)
    write_progress(number="320000-N-2026-000010-7K", due_on=date(2026, 11, 23))
    write_progress(number="320000-N-2026-000011-7K", due_on=date(2026, 11, 24))
    write_progress(
        number="320000-N-2026-000012-7K",
        due_on=date(2026, 11, 1),
        status="retracted",
        closed_on=date(2026, 11, 2),
    )
    shown = client.get("/").context
    assert shown["figures"].valid_licences == 1
    assert shown["figures"].median_days == "16"
    assert shown["figures"].overdue == 1
    assert [row["granted_on"].year for row in shown["recent"]] == [2026, 2025, 2020]


def test_the_catalogue_names_what_is_not_verified(client: Client, fresh_database: str, noon: Any) -> None:
    response = client.get("/catalog/")
    rows = {entry.row.key: entry for entry in response.context["rows"]}
    assert rows["rebar"].row.xk_code == "XK05-001"
    assert not rows["rebar"].doubtful
    assert all(entry.verdict.open for entry in rows.values())
    page = client.get("/catalog/rebar/")
    assert "建筑用钢筋" in page.content.decode()
    assert "Steel bars for construction" in client.get("/en/catalog/rebar/").content.decode()
    gone = client.get("/catalog/never-listed/")
    assert gone.status_code == 404
    assert "不需要生产许可证" in gone.content.decode()


def test_outside_the_demo_world_a_category_without_code_is_closed(
    client: Client, fresh_database: str, noon: Any, settings: Any
) -> None:
    settings.WORLD = "real"
    rows = {entry.row.key: entry for entry in client.get("/catalog/").context["rows"]}
    assert rows["rebar"].verdict.open
    assert not rows["cement"].verdict.open
    assert "证书代码尚未核实" in client.get("/catalog/cement/").content.decode()


def test_the_page_says_since_when_it_may_be_behind(
    client: Client, write_licence: Callable[..., Any], noon: Any
) -> None:
    from datetime import timedelta

    from core.outbox.models import Delivery, Event

    row = write_licence()
    event = Event.objects.create(type="x", subject_kind="x", subject_id="x", subject_version=1)
    Event.objects.filter(pk=event.pk).update(recorded_at=noon - timedelta(minutes=90))
    delivery = Delivery.objects.create(
        event=event, subscriber="register.licence.granted", queue="default", due_at=noon
    )
    assert "截至 2026 年 11 月 24 日 08:30" in client.get(f"/licences/{row.number}/").content.decode()
    Delivery.objects.filter(pk=delivery.pk).update(status="parked")
    assert "截至 2026 年 11 月 24 日 08:30" in client.get("/licences/").content.decode()
    Delivery.objects.filter(pk=delivery.pk).update(status="done")
    assert "截至 2026 年 11 月 24 日 10:00" in client.get("/licences/").content.decode()
