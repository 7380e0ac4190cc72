"""One box for officials: numbers in any spelling straight to the thing, names by part, and nothing of others."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from core.parties.models import Enterprise
from licensing.models import Application
from licensing.workbench.queries.search import case_number, found_for, short_number
from tests.support import world
from tests.support.clients import signed_in
from tests.support.workbench import standing

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cast() -> world.Cast:
    cast = world.Cast()
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(name="金陵恒钢Alpha化肥有限公司")
    cast.enterprise.refresh_from_db()
    return cast


def ask(client: Client, words: str):  # type: ignore[no-untyped-def]
    return client.get(reverse("workbench:search"), {"q": words})


def wide(text: str) -> str:
    """The same in full-width characters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def test_a_case_number_in_any_spelling_opens_the_case(cast: world.Cast) -> None:
    case, client = world.submitted(cast), signed_in(cast.clerk)
    there = reverse("licensing:case", args=[case.public_id])
    assert case.number
    for words in (
        case.number,
        case.number.lower(),
        wide(case.number),
        f"  {case.number} ",
        case.number.replace("-", "—"),
    ):
        assert ask(client, words)["Location"] == there, words
    begun = ask(client, case.number[:18])
    assert begun.status_code == 200 and [row.application.pk for row in begun.context["found"].cases] == [
        case.pk
    ]


def test_the_short_number_people_say_finds_the_case(cast: world.Cast) -> None:
    case, client = world.submitted(cast), signed_in(cast.clerk)
    serial = int(case.number.split("-")[3])
    for words in (f"苏新 2026-{serial:06d}", f"新2026-{serial}", f"苏新　２０２６－{serial}"):
        assert [row.application.pk for row in ask(client, words).context["found"].cases] == [case.pk], words
    assert ask(client, f"浙新 2026-{serial}").context["found"].nothing
    assert short_number("苏没 2026-1") is None and short_number("苏新 1-1") is None


def test_a_licence_number_in_any_spelling_opens_the_licence(cast: world.Cast) -> None:
    licence = world.granted_licence(cast)
    client, there = signed_in(cast.approver), reverse("register:licence", args=[licence.number])
    bare = licence.number.replace("(", "（").replace(")", "）").lower()
    for words in (licence.number, bare, wide(licence.number)):
        assert ask(client, words)["Location"] == there, words
    stranger = signed_in(world.official("330000", "approval"))
    assert ask(stranger, licence.number).context["found"].nothing


def test_part_of_a_name_and_a_code_find_by_group(cast: world.Cast) -> None:
    licence = world.granted_licence(cast)
    client = signed_in(cast.approver)
    for words in (
        "恒钢",
        "alpha",
        "ＡＬＰＨＡ化肥",
        cast.enterprise.uscc,
        wide(cast.enterprise.uscc.lower()),
    ):
        found = ask(client, words).context["found"]
        assert [row.pk for row in found.enterprises] == [cast.enterprise.pk], words
        assert [row.application.pk for row in found.cases] == [licence.application_id]
        assert [row.pk for row in found.licences] == [licence.pk]
    for words in ("", "钢", "没有这家"):
        assert ask(client, words).context["found"].nothing


@pytest.mark.parametrize("who", ["other province", "suzhou", "another reviewer"])
def test_nothing_is_told_of_what_one_may_not_see(cast: world.Cast, who: str) -> None:
    case = world.taken(cast)
    person = {
        "other province": lambda: world.official(
            "330000", "acceptance", "review", "approval", "head", "audit"
        ),
        "suzhou": lambda: world.official("320500", "acceptance", "review"),
        "another reviewer": lambda: world.official("320000", "review", name="同事"),
    }[who]()
    client = signed_in(person)
    for words in (case.number, case.number[:12], "恒钢", cast.enterprise.uscc):
        page = ask(client, words)
        assert page.status_code == 200 and page.context["found"].nothing, words
        assert "恒钢Alpha" not in page.content.decode().replace(f'value="{words}"', "")


def test_the_box_is_for_officials_alone(cast: world.Cast) -> None:
    assert ask(signed_in(cast.applicant), "恒钢").status_code == 403
    assert b"data-seek" not in signed_in(cast.applicant).get(reverse("licensing:cases")).content
    assert b"data-seek" in signed_in(cast.clerk).get(reverse("licensing:work")).content
    assert b"data-seek" not in Client().get(reverse("portal:accessibility")).content


@pytest.mark.parametrize(
    "words", ["%", "_", "' OR 1=1 --", "\0", "<script>", "320000-N-", "XK", "(", "字" * 500, "𠮷𠮷"]
)
def test_anything_typed_is_answered(cast: world.Cast, words: str) -> None:
    answer = ask(signed_in(cast.clerk), words)
    assert answer.status_code == 200 and b"<script>" not in answer.content
    assert case_number("320000-N-2026-1x") == "" and case_number("320000-N") == "320000-N"


def test_each_question_uses_an_index(cast: world.Cast) -> None:
    world.submitted(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert (
        "licensing_application_number" in Application.objects.filter(number__startswith="320000-N").explain()
    )
    assert found_for(standing(cast.clerk), "恒钢").cases
