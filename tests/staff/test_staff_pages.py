"""The pages: for the right administrator, in his language, without surprises."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.parties.models import Duty
from core.staff.actions.resets import propose_reset
from core.staff.models import Absence, Departure, SecondFactorReset
from tests.support import world
from tests.support.clients import signed_in
from tests.support.offices import Jiangsu, acting, day, now

pytestmark = pytest.mark.django_db
PAGES = ("person", "grant", "leave", "hand_over", "absence", "propose_reset")


def page(name: str, person: Any) -> str:
    return reverse(f"staff:{name}", args=[person.public_id])


@pytest.fixture
def admin(office: Jiangsu) -> Client:
    return signed_in(office.admin)


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_person_draws(admin: Client, office: Jiangsu, language: str, name: str) -> None:
    assert admin.get(language + page(name, office.clerk)).status_code == 200


@pytest.mark.parametrize("who", ["zhejiang", "nation"])
@pytest.mark.parametrize("name", [*PAGES, "end_absence", "invite", "reinstate"])
def test_a_foreign_person_is_not_there(office: Jiangsu, who: str, name: str) -> None:
    client = signed_in(getattr(office, who))
    answers = (client.get(page(name, office.clerk)), client.post(page(name, office.clerk), {"absence": "x"}))
    assert {answer.status_code for answer in answers} <= {404, 405}
    assert client.get(f"/office/people/{'0' * 8}-0000-4000-8000-{'0' * 12}/").status_code == 404


@pytest.mark.parametrize("who", ["clerk", "reviewer", "approver"])
def test_officials_without_the_duty_stay_outside(office: Jiangsu, who: str) -> None:
    client = signed_in(getattr(office, who))
    assert client.get("/office/").status_code == 403
    assert client.get(page("person", office.clerk)).status_code == 403


@pytest.mark.parametrize("duty", ["organisation_admin", "review"])
def test_everybody_starts_at_his_desk(office: Jiangsu, duty: str) -> None:
    person = world.official("320000", duty)
    answer = Client().post("/accounts/login/", {"login": person.username, "password": "correct horse"})
    assert answer["Location"] == "/desk/"


def test_an_enterprise_stays_outside(office: Jiangsu) -> None:
    assert signed_in(world.member(world.enterprise())).get("/office/").status_code == 403


def test_a_superior_sees_administrators_only(office: Jiangsu) -> None:
    client = signed_in(office.nation)
    text = client.get("/office/?authority=320000").content.decode()
    assert "高管理" in text and "王晓岚" not in text
    assert client.get(page("person", office.admin)).status_code == 200
    assert client.get(page("leave", office.admin)).status_code == 404
    assert "320000" in client.get("/office/subordinates/?q=江苏").content.decode()
    assert client.get("/office/?authority=320500").status_code == 404, "only directly below"


def test_an_auditor_reads_and_changes_nothing(office: Jiangsu) -> None:
    client = signed_in(world.official("AQSIQ", "audit"))
    assert client.get("/office/?authority=320000").status_code == 200
    text = client.get(page("person", office.clerk)).content.decode()
    assert not any(page(name, office.clerk) in text for name in PAGES if name != "person")
    assert client.get(page("grant", office.clerk)).status_code == 403


def test_searching_and_paging_in_sql(
    admin: Client, office: Jiangsu, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        world.official("320000", "review", name=f"同事{number:02d}")
    with django_assert_max_num_queries(20):
        first = admin.get("/office/")
    assert "共 36" in first.content.decode()
    assert admin.get("/office/?page=2").content.decode().count('class="c-main"') == 11
    assert admin.get("/office/?q=同事07").content.decode().count('class="c-main"') == 1
    assert "没有找到这个人" in admin.get("/office/?q=没有此人").content.decode()
    for odd in ("?page=x", "?page=-1", "?q=%00", "?show=zzz"):
        assert admin.get(f"/office/{odd}").status_code == 200
    assert admin.get("/office/?authority=%00").status_code == 404


def test_a_duty_is_granted_and_ended_in_the_browser(admin: Client, office: Jiangsu) -> None:
    form = {"kind": "supervision", "valid_from": day().isoformat(), "valid_to": ""}
    assert admin.post(page("grant", office.clerk), form).status_code == 302
    duty = Duty.objects.get(user=office.clerk, kind="supervision")
    url = f"{page('end', office.clerk)}?duty={duty.pk}"
    assert admin.get(url).status_code == 200
    assert admin.post(url, {"on": day(-1).isoformat()}).status_code == 422
    assert admin.post(url, {"on": day().isoformat()}).status_code == 302
    for odd in ("", "?duty=x", "?duty=99999999", f"?duty={Duty.objects.get(user=office.zhejiang).pk}"):
        assert admin.get(page("end", office.clerk) + odd).status_code == 404


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(admin: Client, office: Jiangsu) -> None:
    form = {"kind": "supervision", "valid_from": day(9).isoformat(), "valid_to": day(2).isoformat()}
    answer = admin.post(page("grant", office.clerk), form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "结束日期须晚于开始日期" in text and f'value="{day(9).isoformat()}"' in text


def test_one_does_not_grant_oneself_in_the_browser(admin: Client, office: Jiangsu) -> None:
    form = {"kind": "approval", "valid_from": day().isoformat()}
    answer = admin.post(page("grant", office.admin), form)
    assert answer.status_code == 422
    assert "不能给自己办理" in answer.content.decode()


def test_a_new_official_in_the_browser(admin: Client, office: Jiangsu) -> None:
    form = {
        "name": "新同事", "username": "js-new", "email": "new@js.example", "kind": "review",
        "valid_from": day().isoformat(),
    }  # fmt: skip
    assert admin.post("/office/new/", form | {"username": "a b"}).status_code == 422
    answer = admin.post("/office/new/", form)
    assert answer.status_code == 302
    assert "还没有设置密码" in admin.get(answer["Location"]).content.decode()
    assert admin.post("/office/new/", form).status_code == 422


def test_absence_and_back_again_in_the_browser(admin: Client, office: Jiangsu) -> None:
    form = {
        "away_from": day().isoformat(), "back_on": day(5).isoformat(), "substitute": str(office.approver.public_id)
    }  # fmt: skip
    assert admin.post(page("absence", office.clerk), form).status_code == 302
    row = Absence.objects.get()
    assert "今天不在岗" in admin.get(page("person", office.clerk)).content.decode()
    assert (
        admin.post(page("end_absence", office.reviewer), {"absence": str(row.public_id)}).status_code == 404
    )
    assert admin.post(page("end_absence", office.clerk), {"absence": str(row.public_id)}).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == day()


def test_leaving_in_the_browser(admin: Client, office: Jiangsu) -> None:
    form = {"leaves_on": day(2).isoformat(), "successor_review": str(office.colleague.public_id)}
    assert admin.post(page("leave", office.reviewer), form).status_code == 302
    assert Departure.objects.get().hand_overs.get().to_user == office.colleague
    assert "离岗" in admin.get(page("person", office.reviewer)).content.decode()
    assert admin.post(page("leave", office.reviewer), form | {"successor_review": "x"}).status_code == 422


def test_a_reset_by_two_in_the_browser(admin: Client, office: Jiangsu) -> None:
    how = {"checked_how": "本人当面出示工作证，与照片核对一致"}
    assert admin.post(page("propose_reset", office.clerk), {"checked_how": "是"}).status_code == 422
    assert admin.post(page("propose_reset", office.clerk), how).status_code == 302
    row = SecondFactorReset.objects.get()
    url = reverse("staff:reset", args=[row.public_id])
    assert "须由另一位管理员确认" in admin.get(url).content.decode()
    admin.post(url, {"act": "confirm"})
    row.refresh_from_db()
    assert row.status == "open"
    for stranger in (office.zhejiang, office.nation):
        assert signed_in(stranger).get(url).status_code == 404
        assert signed_in(stranger).post(url, {"act": "confirm"}).status_code == 404
    second = signed_in(office.second)
    assert "等你确认" in second.get("/office/").content.decode()
    second.post(url, {"act": "confirm"})
    row.refresh_from_db()
    assert row.status == "confirmed"
    assert "已经办结" in second.get(url).content.decode()


def test_the_subject_of_a_reset_is_shown_no_button(office: Jiangsu) -> None:
    row = propose_reset(
        public_id=office.admin.public_id,
        checked_how="本人当面出示工作证，核对一致",
        actor=acting(office.second),
        at=now(),
    )
    text = signed_in(office.admin).get(reverse("staff:reset", args=[row.public_id])).content.decode()
    assert "不能办理自己的重置" in text and 'value="confirm"' not in text
