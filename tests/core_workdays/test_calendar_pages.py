"""The calendar's pages for the national administrator."""

from datetime import date

import pytest
import time_machine
from allauth.account.internal.flows.login import record_authentication
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.parties.models import User
from core.workdays.models import CalendarVersion

pytestmark = pytest.mark.django_db
FORM = {
    "holidays": "01-01..01-03 元旦\n2月5日至11日 春节",
    "makeup_days": "02-14 春节",
    "source": "国办发明电〔2026〕9号",
    "reason": "公布",
    "base_version": "0",
}


@pytest.fixture(autouse=True)
def _loaded(db):
    call_command("load_calendar", verbosity=0)
    with translation.override("zh-hans"):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "mfa", type="totp")
    request.session.save()
    return client


@pytest.fixture
def client(administrator: User) -> Client:
    return signed_in(administrator)


def edit_url(year: int = 2027, scope: str = "CN") -> str:
    return reverse("workdays:edit", args=[scope, year])


@pytest.mark.req("R-45")
def test_list_shows_every_year_with_its_source(client: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(12):
        page = client.get(reverse("workdays:calendars")).content.decode()
    for year in range(2004, 2027):
        assert reverse("workdays:year", args=["CN", year]) in page
    assert "国办发明电〔2019〕16号" in page


@pytest.mark.req("K19")
@pytest.mark.parametrize(
    ("moment", "alarmed"), [("2026-11-30T15:59:00+00:00", False), ("2026-11-30T16:01:00+00:00", True)]
)
def test_alarm_from_the_first_of_december(administrator: User, moment: str, alarmed: bool) -> None:
    with time_machine.travel(moment, tick=False):
        page = signed_in(administrator).get(reverse("workdays:calendars")).content.decode()
    assert ("2027 年的放假通知还没有录入" in page) == alarmed


def test_choosing_a_year_opens_its_form(client: Client) -> None:
    answer = client.get(reverse("workdays:calendars"), {"year": "2027", "scope": ""})
    assert answer.status_code == 302 and answer.url == edit_url()
    assert client.get(reverse("workdays:calendars"), {"year": "x", "scope": "1"}).status_code == 200


def test_year_shows_months_days_and_versions(client: Client) -> None:
    page = client.get(reverse("workdays:year", args=["CN", 2015])).content.decode()
    assert page.count("<caption>") == 12
    assert "国发明电〔2015〕1号" in page and "第 1 版" in page
    assert client.get(reverse("workdays:year", args=["CN", 2015]), {"version": "7"}).status_code == 404


@pytest.mark.parametrize("path", ["/calendar/CN/1800/", "/calendar/999999/2015/", "/calendar/XX/2015/edit/"])
def test_unknown_calendars_are_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_missing_year_is_shown_as_provisional(client: Client) -> None:
    page = client.get(reverse("workdays:year", args=["CN", 2027])).content.decode()
    assert "暂定" in page and page.count("<caption>") == 12


@pytest.mark.req("R-45")
def test_form_check_and_publication(client: Client) -> None:
    page = client.get(edit_url()).content.decode()
    assert "02-05..02-08 春节" in page, "the statutory days are there to begin with"
    check = client.post(edit_url(), {**FORM, "step": "check"})
    assert check.status_code == 200 and not CalendarVersion.objects.filter(year=2027).exists()
    assert "核对 2027 年日历" in check.content.decode() and "公布" in check.content.decode()
    back = client.post(edit_url(), {**FORM, "step": "back"}).content.decode()
    assert "2月5日至11日 春节" in back
    done = client.post(edit_url(), {**FORM, "step": "publish"})
    assert done.status_code == 302 and done.url == reverse("workdays:year", args=["CN", 2027])
    version = CalendarVersion.objects.get(year=2027)
    assert version.days.count() == 11
    assert version.days.get(date=date(2027, 2, 14)).kind == "makeup_workday"
    assert client.post(edit_url(), {**FORM, "step": "publish"}).status_code == 302
    assert CalendarVersion.objects.filter(year=2027).count() == 1


def test_two_administrators_at_once(client: Client) -> None:
    client.post(edit_url(), {**FORM, "step": "publish"})
    other = client.post(edit_url(), {**FORM, "holidays": "01-01 元旦", "step": "publish"})
    assert other.status_code == 200 and "已有新的版本" in other.content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"holidays": "02-30 春节"}, "没有这一天"),
        ({"holidays": "2028-01-01 元旦"}, "不在本年内"),
        ({"makeup_days": "01-04 元旦"}, "本来就是周一至周五"),
        ({"makeup_days": "01-02 元旦"}, "出现了两次"),
        ({"source": ""}, "请写明依据的文件"),
        ({"reason": " "}, "请写明公布或修改的理由"),
        ({"base_version": "x"}, ""),
    ],
)
def test_bad_input_comes_back_with_a_sentence(client: Client, changes: dict, message: str) -> None:
    for step in ("check", "publish"):
        answer = client.post(edit_url(), {**FORM, **changes, "step": step})
        assert answer.status_code == 200 and "录入 2027 年日历" in answer.content.decode()
        assert message in answer.content.decode()
    assert not CalendarVersion.objects.filter(year=2027).exists()


@pytest.mark.req("K20")
def test_local_calendar(client: Client) -> None:
    url = edit_url(2015, "650000")
    local = {**FORM, "holidays": "09-24 古尔邦节", "makeup_days": "", "step": "publish"}
    assert client.post(url, local).status_code == 302
    page = client.get(reverse("workdays:year", args=["650000", 2015])).content.decode()
    assert "新疆" in page and "古尔邦节" in page


@pytest.mark.parametrize("name", ["calendars", "year", "edit"])
def test_others_stay_outside(name: str) -> None:
    url = reverse(f"workdays:{name}", args=[] if name == "calendars" else ["CN", 2015])
    assert Client().get(url).status_code == 302
    stranger = signed_in(User.objects.create_user("stranger", password="x", name="路人"))
    assert stranger.get(url).status_code == 403
    assert stranger.post(edit_url(), {**FORM, "step": "publish"}).status_code == 403
    assert not CalendarVersion.objects.filter(year=2027).exists()


def test_pages_in_english(client: Client) -> None:
    for path in ("/en/calendar/", "/en/calendar/CN/2015/", "/en/calendar/CN/2027/edit/"):
        assert client.get(path).status_code == 200
