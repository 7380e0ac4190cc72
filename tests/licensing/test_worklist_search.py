"""Finding a case among many: by part of a name, number or code; what the filters chose, and by which index."""

import pytest
from django.db import connection

from core.parties.competence import standing_of
from core.parties.models import Enterprise
from core.parties.queries import named
from licensing.lifecycle import UNDECIDED
from licensing.models import Application
from licensing.workbench.filters import Filters
from licensing.workbench.queries.lists import work_list
from tests.support import world

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cast():
    return world.Cast()


def found(cast, words, scope="all"):
    standing = standing_of(cast.clerk, world.DAY)
    listed = work_list(standing, Filters(scope=scope, words=words), world.DAY)
    return {row.application.pk for row in listed.rows}


def renamed(cast, name):
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(name=name)
    return world.submitted(cast)


def test_part_of_a_name_finds_the_case(cast):
    case = renamed(cast, "南京首钢Alpha化肥有限公司")
    for words in ("首钢", "钢", "化肥有限", "南京首钢Alpha化肥有限公司", "alpha", "lP", "钢ALPHA"):
        assert found(cast, words) == {case.pk}, words
    for words in ("钢首", "首钢化", "肥化", "alphabet", "首%", "首_Alpha", "%"):
        assert found(cast, words) == set(), words


def test_the_beginning_of_a_number_and_a_whole_code_find_the_case(cast):
    case = world.submitted(cast)
    for words in (case.number, case.number.lower(), case.number[:12], cast.enterprise.uscc.lower()):
        assert found(cast, words) == {case.pk}, words
    assert found(cast, case.number[3:]) == set()
    assert found(cast, cast.enterprise.uscc[:-1]) == set()


def test_two_characters_of_a_name_use_the_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "enterprise_name_pairs" in named("首钢").explain()
    assert "enterprise_name_pairs" not in named("首").explain()


def test_the_open_cases_have_an_index_of_their_own():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    urgent = Application.objects.filter(status__in=UNDECIDED).order_by("next_due_on", "id")[:25]
    assert "case_open" in urgent.explain()
