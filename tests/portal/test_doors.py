"""What a person sees first: the doors that are open to him, and what waits for him elsewhere (DESIGN §2, §8)."""

import re

import pytest
from django.utils import timezone

from core.parties.models import User
from tests.support import claims, world
from tests.support.cases import waiting
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db
NAVIGATION = re.compile(r'<nav class="top-nav".*?</nav>', re.DOTALL)
LABEL = re.compile(r">([^<>]+)</a>")
REGISTER = ["查许可", "负面清单"]


def doors(person: User, path: str = "/accounts/") -> list[str]:
    found = NAVIGATION.search(signed_in(person).get(path).content.decode())
    assert found is not None
    return LABEL.findall(found[0])


@pytest.mark.parametrize(
    ("duty", "desks"),
    [
        ("acceptance", ["工作台", "企业认领", "申请限制", "更正", "导入"]),
        ("review", ["工作台", "抽查", "注销", "更正"]),
        ("approval", ["工作台", "企业认领", "申请限制", "常设审批令", "注销", "更正", "导入"]),
        ("head", ["工作台", "申请限制", "常设审批令", "注销", "委托"]),
        ("supervision", ["工作台", "企业监管", "注销"]),
        ("organisation_admin", ["人员和职责"]),
    ],
)
def test_an_official_sees_the_desks_of_his_duties_and_each_opens(duty: str, desks: list[str]) -> None:
    person = world.official("320000", duty)
    assert doors(person) == ["待办", *desks, *REGISTER]
    client = signed_in(person)
    links = re.findall(r'href="([^"]+)"', NAVIGATION.search(client.get("/accounts/").content.decode())[0])
    assert {client.get(link).status_code for link in links[: len(desks) + 1]} == {200}


@pytest.mark.req("R-88")
def test_a_person_of_no_enterprise_is_led_to_claim_one() -> None:
    person = world.user("周敏")
    assert doors(person) == ["我的企业", *REGISTER]
    assert signed_in(person).get("/cases/")["Location"] == "/enterprise/"
    claims.filed(person, at=timezone.now())
    assert doors(person) == ["待办", "我的办理", "我的企业", *REGISTER]


@pytest.mark.req("R-88")
def test_what_waits_elsewhere_stands_on_the_desk_and_the_desk_itself_does_not() -> None:
    claim = claims.shown(claims.filed(world.user("周敏"), at=timezone.now()), at=timezone.now())
    cast = world.Cast()
    waiting(cast)
    clerk, reviewer = cast.clerk, cast.approver
    text = signed_in(clerk).get("/work/").content.decode()
    assert "核对盖章授权书" in text
    assert "今天先办这些" in text
    assert ">等你办的案件<" not in text
    assert "还有这些等你" not in signed_in(reviewer).get("/work/").content.decode()
    claims.accepted(claim, clerk, at=timezone.now())
    assert "还有这些等你" not in signed_in(clerk).get("/work/").content.decode()


@pytest.mark.req("R-88")
def test_a_claimant_reads_on_his_cases_what_is_still_to_prove() -> None:
    person = world.user("周敏")
    claims.filed(person, at=timezone.now())
    assert "证明之前只能填草稿，不能提交" in signed_in(person).get("/cases/").content.decode()
