"""A list as a table: only what one may see, as far as a table goes, and nothing a spreadsheet would run."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from licensing.workbench.queries import lists
from tests.support import world
from tests.support.clients import signed_in
from tests.support.workbench import copies

pytestmark = pytest.mark.django_db


def table(client: Client, **query: str) -> list[list[str]]:
    answer = client.get(reverse("workbench:export"), {"scope": "all", **query})
    assert answer.status_code == 200 and answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="cases-all-')
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_name_that_begins_like_a_formula_is_defused_in_the_table() -> None:
    cast = world.Cast()
    case = world.submitted(cast)
    case.filed["enterprise"]["name"] = '=HYPERLINK("http://evil.example","x")'
    case.save()
    head, row = table(signed_in(cast.clerk))
    assert row[head.index("企业名称")] == '\'=HYPERLINK("http://evil.example","x")'
    assert row[0] == case.number


def test_the_table_follows_the_filters_and_ends_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = world.Cast()
    case = world.submitted(cast)
    copies(case, 4)
    assert len(table(signed_in(cast.clerk))) == 6
    assert len(table(signed_in(cast.clerk), q=case.number)) == 2
    monkeypatch.setattr(lists, "EXPORT", 3)
    assert len(table(signed_in(cast.clerk))) == 4


def test_nobody_takes_away_what_he_may_not_see() -> None:
    cast = world.Cast()
    world.submitted(cast)
    assert len(table(signed_in(world.official("330000", "acceptance", "head")))) == 1
    assert len(table(signed_in(world.official("320500", "acceptance")))) == 1
    for person in (cast.applicant, world.user(), world.official("320000", "organisation_admin")):
        assert signed_in(person).get(reverse("workbench:export")).status_code == 403


def test_the_table_in_english_has_english_heads() -> None:
    cast = world.Cast()
    world.submitted(cast)
    answer = signed_in(cast.clerk).get("/en/work/export/?scope=all")
    assert answer.content.decode("utf-8-sig").startswith("Case number,")
