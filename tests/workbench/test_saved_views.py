"""Saved views: a person's own lists under names; twenty at most, in rule and database."""

from urllib.parse import quote

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from core.parties.models import User
from licensing.workbench.actions import saved
from licensing.workbench.filters import Filters
from licensing.workbench.models import MOST_VIEWS, SavedView
from tests.support import world
from tests.support.clients import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]
URGENT = "scope=desk&due=2"


@pytest.fixture
def clerk() -> User:
    return world.official("320000", "acceptance")


def save(person: User, name: str = "快到期的", query: str = URGENT) -> SavedView:
    return saved.save_view(name=name, query=query, actor=world.actor(person))


def names(person: User) -> list[str]:
    return list(SavedView.objects.filter(user=person).order_by("place").values_list("name", flat=True))


def change(client: Client, view: SavedView, act: str, **more: str) -> int:
    return client.post(reverse("workbench:view", args=[view.public_id]), {"act": act, **more}).status_code


def test_a_list_is_kept_and_opened_by_its_name(clerk: User) -> None:
    client = signed_in(clerk)
    page = client.get(reverse("workbench:views"), {"query": URGENT + "&after=1_2&evil=<b>"})
    assert page.context["query"] == URGENT
    kept = client.post(reverse("workbench:views"), {"query": URGENT, "name": "  快到期的 "})
    assert kept["Location"] == f"{reverse('licensing:work')}?{URGENT}"
    page = client.get(kept["Location"])
    assert page.context["here"].name == "快到期的" and b"scope=desk&amp;due=2" in page.content


@pytest.mark.parametrize(
    "name, words", [("", "请给这个视图起个名字"), ("　 ", "请给这个视图起个名字"), ("字" * 41, "40")]
)
def test_a_name_is_judged_at_its_field(clerk: User, name: str, words: str) -> None:
    answer = signed_in(clerk).post(reverse("workbench:views"), {"query": URGENT, "name": name})
    assert answer.status_code == 422 and words in str(answer.context["form"].errors["name"])
    assert names(clerk) == [] and f'value="{URGENT.replace("&", "&amp;")}"' in answer.content.decode()


def test_a_long_search_in_chinese_is_kept_as_it_is(clerk: User) -> None:
    """A hundred characters are nine hundred in an address."""
    asked = "scope=all&q=" + quote("昆" * 100)
    answer = signed_in(clerk).post(reverse("workbench:views"), {"query": asked, "name": "昆山"})
    assert answer.status_code == 302
    kept = SavedView.objects.get()
    assert kept.query == asked and Filters.parse(kept.query).words == "昆" * 100


def test_filters_that_no_column_holds_are_refused_in_words(clerk: User) -> None:
    asked = "scope=all&category=" + quote("类" * 48) + "&q=" + quote("𠮷" * 100)
    answer = signed_in(clerk).post(reverse("workbench:views"), {"query": asked, "name": "昆山"})
    assert answer.status_code == 422 and "筛选条件太长" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_a_name_is_given_once_and_another_s_does_not_count(clerk: User) -> None:
    save(clerk), save(world.official("320000", "acceptance"))
    with pytest.raises(saved.NameTaken), transaction.atomic():
        save(clerk)
    other = save(clerk, "另一个")
    answer = signed_in(clerk).post(
        reverse("workbench:view", args=[other.public_id]),
        {"act": "rename", f"{other.public_id}-name": "快到期的"},
    )
    assert answer.status_code == 422 and "请换个名字" in answer.content.decode()
    assert change(signed_in(clerk), other, "rename", **{f"{other.public_id}-name": "改过的"}) == 302
    assert names(clerk) == ["快到期的", "改过的"]


def test_there_are_twenty_and_no_more(clerk: User) -> None:
    for number in range(MOST_VIEWS):
        save(clerk, f"视图 {number}")
    with pytest.raises(saved.EnoughViews), transaction.atomic():
        save(clerk, "多一个")
    answer = signed_in(clerk).post(reverse("workbench:views"), {"query": URGENT, "name": "多一个"})
    assert answer.status_code == 422 and "20" in str(answer.context["form"].errors["name"])
    saved.delete_view(public_id=SavedView.objects.get(name="视图 3").public_id, actor=world.actor(clerk))
    assert save(clerk, "补上的").place <= MOST_VIEWS
    assert len(names(clerk)) == MOST_VIEWS == len(set(names(clerk)))


@pytest.mark.parametrize("place", [0, 21])
def test_the_database_holds_the_limit_too(clerk: User, place: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(user=clerk, name="x", query="scope=mine", place=place)


def test_the_database_gives_each_place_once(clerk: User) -> None:
    save(clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(user=clerk, name="x", query="scope=mine", place=1)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_views_change_places_and_one_may_come_first(clerk: User) -> None:
    views = [save(clerk, name) for name in ("一", "二", "三")]
    client = signed_in(clerk)
    assert change(client, views[2], "up") == change(client, views[0], "up") == 302
    assert names(clerk) == ["一", "三", "二"]
    change(client, views[0], "down")
    assert names(clerk) == ["三", "一", "二"]
    assert client.get(reverse("licensing:work")).status_code == 200
    change(client, views[1], "default"), change(client, views[0], "default")
    assert client.get(reverse("licensing:work"))["Location"] == f"{reverse('licensing:work')}?{URGENT}"
    assert SavedView.objects.filter(user=clerk, is_default=True).count() == 1
    assert client.get(reverse("licensing:work"), {"scope": "mine"}).status_code == 200
    change(client, views[0], "plain")
    assert client.get(reverse("licensing:work")).status_code == 200


@pytest.mark.parametrize("act", ["delete", "up", "down", "default", "rename"])
def test_nobody_touches_another_s_view(clerk: User, act: str) -> None:
    view = save(clerk)
    save(clerk, "第二个")
    other = signed_in(world.official("320000", "acceptance", "head"))
    before = list(SavedView.objects.order_by("pk").values())
    assert change(other, view, act, **{f"{view.public_id}-name": "抢来的"}) in (302, 422)
    assert list(SavedView.objects.order_by("pk").values()) == before
    assert "快到期的" not in other.get(reverse("workbench:views")).content.decode()


def test_the_keys_are_switched_off_for_a_person_for_good(clerk: User) -> None:
    client = signed_in(clerk)
    assert b'data-keys="on"' in client.get(reverse("licensing:work")).content
    client.post(reverse("workbench:keys"), {"keys": "off"})
    assert b'data-keys="off"' in client.get(reverse("licensing:work")).content
    again = signed_in(clerk)
    assert b'data-keys="off"' in again.get(reverse("portal:desk")).content, "another day, another session"
    again.post(reverse("workbench:keys"), {"keys": "on"})
    assert b'data-keys="on"' in again.get(reverse("workbench:keys")).content
    applicant = signed_in(world.Cast().applicant)
    assert b"data-keys" not in applicant.get(reverse("licensing:cases")).content
    assert applicant.get(reverse("workbench:keys")).status_code == 403
