"""Pilots on their page, and the choice of a test before the visit (R-24, R-27, R-39, R-41)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from core.parties.models import User
from licensing.models import PilotSwitch
from tests.support import straight, world
from tests.support.clients import signed_in
from tests.support.holders import TIMELY, Holder
from tests.support.kind_pages import at, fresh

pytestmark = pytest.mark.django_db
LIST = reverse("licensing:pilots")
NEW = reverse("licensing:pilot_new")


@pytest.fixture(autouse=True)
def _day(time_machine: Any) -> None:
    time_machine.move_to(world.at(TIMELY, 16, 30), tick=False)


@pytest.fixture
def admin() -> User:
    return world.official("AQSIQ", "national_admin", name="全管")


def form(**more: Any) -> dict[str, Any]:
    return {
        "measure": "onsite_exemption", "province": str(straight.province().pk), "category": "fertilizer-phosphate",
        "least_class": "B", "effective_from": str(TIMELY), "valid_to": "", "basis_instrument": "试点通知",
        "basis_article": "第二条", **more,
    }  # fmt: skip


@pytest.mark.req("R-24")
def test_the_national_administrator_switches_on_and_ends(admin: User) -> None:
    desk = signed_in(admin)
    assert NEW in desk.get(LIST).content.decode() and desk.get(NEW).status_code == 200
    assert LIST in desk.get(reverse("licensing:profiles")).content.decode()
    assert desk.post(NEW, form())["Location"] == LIST
    row = PilotSwitch.objects.get()
    page = desk.get(LIST).content.decode()
    for told in ("延续免于实地核查", "磷肥", "企业类别不低于 B", str(TIMELY), "试点通知 第二条", "生效"):
        assert told in page, told
    end = reverse("licensing:pilot_end", args=[row.pk])
    assert end in page and desk.get(end).status_code == 200
    today = desk.post(end, {"valid_to": str(TIMELY)})
    assert today.status_code == 422 and "valid_to" in today.context["form"].errors
    assert desk.post(end, {"valid_to": str(TIMELY + timedelta(days=1))}).status_code == 302
    assert str(TIMELY + timedelta(days=1)) in desk.get(LIST).content.decode()
    PilotSwitch.objects.update(effective_from=TIMELY - timedelta(days=1), valid_to=TIMELY)
    page = desk.get(LIST).content.decode()
    assert "已结束" in page and end not in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"measure": "spot_check_new"}, "least_class"), ({"effective_from": "2026-06-11"}, "effective_from"),
     ({"basis_article": " "}, "basis_article"), ({"province": ""}, "province")],
)  # fmt: skip
def test_what_cannot_be_tried_is_said_at_its_field(admin: User, changes: dict[str, str], field: str) -> None:
    answer = signed_in(admin).post(NEW, form(**changes))
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not PilotSwitch.objects.exists()


@pytest.mark.req("R-2")
@pytest.mark.parametrize("duty", ["head", "approval", "review", "acceptance", "supervision", "audit"])
def test_no_province_switches_anything(duty: str) -> None:
    row = straight.pilot()
    person = signed_in(world.official("320000", duty))
    page = person.get(LIST)
    assert page.status_code == 200 and "延续免于实地核查" in page.content.decode()
    assert NEW not in page.content.decode()
    assert person.post(NEW, form()).status_code == 403
    assert (
        person.post(reverse("licensing:pilot_end", args=[row.pk]), {"valid_to": str(TIMELY)}).status_code
        == 403
    )
    assert signed_in(Holder().applicant).get(LIST).status_code == 403


@pytest.mark.req("R-39", "R-41")
def test_a_test_before_the_visit_is_offered_where_it_is_tried(admin: User) -> None:
    holder = Holder()
    case = straight.accepted(holder)
    own = signed_in(holder.applicant)
    assert at(case, "test_timing") not in own.get(at(case, "case")).content.decode()
    refused = own.post(at(case, "test_timing"), {"version": case.version}, follow=True)
    assert "没有试行实地核查前检验" in refused.content.decode() and not fresh(case).test_before_visit
    straight.pilot("test_before_visit")
    assert at(case, "test_timing") in own.get(at(case, "case")).content.decode()
    assert at(case, "test_timing") not in signed_in(holder.reviewer).get(at(case, "case")).content.decode()
    own.post(at(case, "test_timing"), {"version": fresh(case).version})
    assert fresh(case).test_before_visit
    page = own.get(at(case, "case")).content.decode()
    assert at(case, "test_timing") not in page and "企业选择实地核查前检验" in page
    assert signed_in(Holder().applicant).post(at(case, "test_timing"), {"version": 1}).status_code == 404
