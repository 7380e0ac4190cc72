"""The lists of the workbench: which cases, in which order, continued where, counted how far."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.parties.models import Authority
from licensing.lifecycle import Status
from licensing.models import Application
from licensing.workbench.filters import SORTS, Filters, Order
from licensing.workbench.queries import counting, lists
from licensing.workbench.queries.lists import work_list
from licensing.workbench.queries.trail import trail_of
from tests.support import world
from tests.support.clients import signed_in, today
from tests.support.workbench import copies, standing

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def shown(whom: world.User, **filters: str) -> list[int]:
    listed = work_list(standing(whom), Filters(**{"scope": "desk", **filters}), today())
    return [row.application.pk for row in listed.rows]


def entrusted(case: Application, stage: str = "acceptance", code: str = "320500") -> Application:
    setattr(case, f"{stage}_authority", Authority.objects.get(code=code))
    case.save()
    return case


@pytest.mark.req("DOMAIN-3.2")
def test_each_list_holds_what_it_says(cast: world.Cast) -> None:
    taken, untaken = world.taken(cast), world.accepted(cast)
    given = entrusted(world.submitted(cast))
    head = world.official("320000", "head")
    assert set(shown(head)) == {taken.pk, untaken.pk, given.pk}
    assert shown(head, scope="unassigned") == [untaken.pk]
    assert shown(head, scope="delegated") == [given.pk]
    assert shown(cast.clerk, scope="mine") == []
    assert shown(world.official("320500", "acceptance"), scope="delegated") == [given.pk]
    assert set(shown(cast.reviewer, scope="mine")) == {taken.pk, untaken.pk}


@pytest.mark.parametrize("scope", ["mine", "desk", "unassigned", "delegated", "all"])
def test_no_list_shows_a_case_of_another_province_or_an_own_one(cast: world.Cast, scope: str) -> None:
    world.taken(cast), world.accepted(cast), entrusted(world.submitted(cast))
    stranger = world.official("330000", "acceptance", "review", "approval", "head", "audit")
    suzhou = world.official("320500", "review")
    assert shown(stranger, scope=scope) == [] == shown(suzhou, scope=scope)
    page = signed_in(stranger).get(reverse("licensing:work"), {"scope": scope}).context["work"]
    assert not any(page.counts.values())
    own = signed_in(cast.applicant).get(reverse("licensing:work"), {"scope": scope})
    assert own.status_code == 403


def test_a_delegate_whose_duty_was_taken_back_sees_nothing(cast: world.Cast) -> None:
    case = entrusted(world.submitted(cast))
    clerk = world.official("320500", "acceptance")
    assert shown(clerk, scope="desk") == [case.pk]
    entrusted(case, code="320000")
    assert shown(clerk, scope="desk") == [] == shown(clerk, scope="delegated")


def test_filters_narrow_and_an_unknown_one_is_the_default(cast: world.Cast) -> None:
    taken = world.taken(cast)
    submitted = world.submitted(cast, "cement")
    for filters, found in (
        ({"status": "submitted"}, [submitted.pk]), ({"category": "cement"}, [submitted.pk]),
        ({"kind": "renewal"}, []), ({"person": str(cast.reviewer.public_id)}, [taken.pk]),
        ({"words": cast.enterprise.uscc.lower()}, [submitted.pk, taken.pk]), ({"words": taken.number}, [taken.pk]),
    ):  # fmt: skip
        assert shown(world.official("320000", "head"), **filters) == found, filters
    odd = Filters.read(
        {"scope": "x", "status": "y", "kind": "z", "due": "9", "person": "' or 1", "sort": "id"}
    )
    assert odd == Filters()
    assert Filters.read({"q": "ＡＢ\0　１"}).words == "AB 1"


@pytest.mark.parametrize(
    "bucket, days", [("overdue", -1), ("2", 0), ("2", 2), ("5", 7)], ids=lambda value: str(value)
)
def test_buckets_go_by_the_due_date(cast: world.Cast, bucket: str, days: int) -> None:
    case = world.taken(cast, day=today())
    monday = today() - timedelta(days=today().weekday())
    from core.workdays.queries import calendar_book
    from core.workdays.rules import due_date

    last = due_date(
        today(), int(bucket) if bucket != "overdue" else 1, "workday", (), calendar_book().for_division()
    )
    due = today() - timedelta(days=1) if bucket == "overdue" else last if days else today()
    Application.objects.filter(pk=case.pk).update(next_due_on=due)
    assert shown(cast.reviewer, due=bucket) == [case.pk]
    assert monday <= today()
    if bucket != "overdue":
        Application.objects.filter(pk=case.pk).update(next_due_on=last + timedelta(days=1))
    else:
        Application.objects.filter(pk=case.pk).update(next_due_on=today())
    assert shown(cast.reviewer, due=bucket) == []


def test_what_is_paused_has_a_bucket_of_its_own(cast: world.Cast) -> None:
    case = world.taken(cast)
    assert shown(cast.reviewer, due="paused") == []
    Application.objects.filter(pk=case.pk).update(paused=True, due_on=None, next_due_on=None)
    assert shown(cast.reviewer, due="paused") == [case.pk] and shown(cast.reviewer, due="5") == []


@pytest.mark.parametrize("sort", SORTS)
def test_pages_of_every_order_hold_each_case_once(
    cast: world.Cast, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cases without a due date and with the same one included; the descending order is the ascending one read back."""
    monkeypatch.setattr(lists, "PAGE", 3)
    first = world.submitted(cast)
    copies(first, 4, next_due_on=date(2026, 12, 1))
    copies(first, 3, next_due_on=None)
    found, after, person = [], "", standing(cast.clerk)
    while True:
        page = work_list(person, Filters(scope="desk", sort=sort, after=after), today())
        found += [row.application.pk for row in page.rows]
        if not (after := page.next_cursor):
            break
    assert len(found) == len(set(found)) == 8
    plain = Order(*SORTS[sort.removeprefix("-")])
    ordered = list(Application.objects.order_by(*plain.by()).values_list("pk", flat=True))
    assert found == (ordered[::-1] if sort.startswith("-") else ordered)


@pytest.mark.parametrize(
    "position", ["", "x", "_", "2026-13-01_3", "2026-12-01_x", "2026-12-01_" + "9" * 25, "_-1", "a\0_1"]
)
def test_a_mangled_position_starts_at_the_top(cast: world.Cast, position: str) -> None:
    case = world.submitted(cast)
    assert shown(cast.clerk, after=position) == [case.pk]
    page = signed_in(cast.clerk).get(reverse("licensing:work"), {"scope": "desk", "after": position})
    assert page.status_code == 200


def test_a_filter_survives_the_way_through_an_address() -> None:
    asked = Filters("desk", Status.SUBMITTED, "钢 & 铁=?", "", "cement", "new", "2", sort="-number")
    assert Filters.parse(asked.url()) == asked == Filters.read(QueryDict(asked.trail).dict())
    assert asked.url(after="7_8").endswith("after=7_8") and Filters.parse(asked.url(after="7_8")).after == ""


def test_counts_stop_where_nobody_wants_to_know(cast: world.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST", 5)
    copies(world.submitted(cast), 3)
    told = work_list(standing(cast.clerk), Filters(), today()).counts
    assert (str(told["desk"]), str(told["delegated"])) == ("4", "0")
    copies(Application.objects.first(), 4)
    with CaptureQueriesContext(connection) as captured:
        told = work_list(standing(cast.clerk), Filters(), today()).counts
    assert (str(told["desk"]), told["desk"].number) == ("4+", 5)
    counted = [row["sql"] for row in captured if "UNION ALL" in row["sql"]]
    assert len(counted) == 1 and counted[0].count("LIMIT 5") == 6


def test_the_number_and_the_receipt_have_indexes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    assert "case_by_receipt" in Application.objects.order_by("received_at", "id")[:25].explain()
    assert "case_by_receipt" in Application.objects.order_by("-received_at", "-id")[:25].explain()
    assert "Index" in Application.objects.filter(number__startswith="320000-N-2026").explain()


def test_the_list_one_came_from_knows_its_neighbours(cast: world.Cast) -> None:
    first = world.pending(cast)
    second, third = copies(first, 2)
    filters, person = Filters(), standing(cast.approver)
    trail = trail_of(person, filters, second, today())
    assert str(first.public_id) in trail.previous and str(third.public_id) in trail.next
    assert "/decide/?list=scope%3Dmine" in trail.next and trail.left == 2
    last = trail_of(person, filters, third, today())
    assert str(first.public_id) in last.next, "what was passed over comes again"
    Application.objects.exclude(pk=third.pk).update(status=Status.UNDER_REVIEW)
    alone = trail_of(person, filters, third, today())
    assert (alone.next, alone.previous, alone.left) == ("", "", 0)
    assert alone.onward == reverse("licensing:work") + "?scope=mine"


def test_an_empty_list_says_what_to_do_next(cast: world.Cast) -> None:
    client = signed_in(world.official("320000", "head"))
    for scope, words in (
        ("mine", "现在没有等你办的案件"), ("unassigned", "每件在审的案件都有人承办"),
        ("delegated", "没有委托办理的案件"), ("all", "没有案件"),
    ):  # fmt: skip
        page = client.get(reverse("licensing:work"), {"scope": scope}).content.decode()
        assert words in page and 'class="empty"' in page
    page = client.get(reverse("licensing:work"), {"scope": "all", "kind": "renewal"}).content.decode()
    assert "没有符合条件的案件" in page
