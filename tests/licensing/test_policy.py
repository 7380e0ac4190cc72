"""Dated policy profiles: a case runs on the rules of the day it was received and accepted (R-5, R-22, R-46)."""

from datetime import date

import pytest
from django.urls import reverse

from core.lifecycle.errors import DomainError
from core.parties.models import Authority
from licensing.actions.policy import publish_profile
from licensing.kinds import Kind
from licensing.models import PolicyProfile
from licensing.policy import profile_on
from tests.support import holders, world
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db
EFFECTIVE = date(2016, 8, 4)
FIGURES = {
    "intake_days": 2, "decision_days": 20, "simple_days": 10, "correction_days": 60, "delegation_allowed": False,
    "basis_instrument": "国发〔2016〕1号", "basis_article": "二(一)",
}  # fmt: skip


def publish(day: date = date(2016, 1, 4), code: str = "NEXT_2016", **changes) -> PolicyProfile:
    admin = world.official("AQSIQ", "national_admin")
    facts = {"effective_from": EFFECTIVE, **FIGURES, **changes}
    return publish_profile(code=code, **facts, actor=world.actor(admin, day), at=world.at(day))


def refused(code: str, **changes) -> None:
    with pytest.raises(DomainError) as error:
        publish(code="OTHER", **changes)
    assert error.value.code == code


@pytest.mark.req("R-5")
def test_a_case_accepted_the_day_before_runs_on_the_old_profile() -> None:
    publish()
    before = world.accepted(world.Cast(), day=date(2016, 8, 3))
    after = world.accepted(world.Cast(), day=EFFECTIVE)
    assert (before.profile, before.target_days) == ("REFORM_2015", 30)
    assert (after.profile, after.target_days) == ("NEXT_2016", 20)


@pytest.mark.req("R-5")
def test_the_answer_is_due_by_the_rules_of_the_receipt() -> None:
    publish()
    before = world.submitted(world.Cast(), day=date(2016, 8, 3))
    after = world.submitted(world.Cast(), day=EFFECTIVE)
    assert (before.next_due_on, after.next_due_on) == (date(2016, 8, 10), date(2016, 8, 8))


@pytest.mark.req("R-5")
def test_kinds_without_review_have_their_own_figure() -> None:
    publish(day=date(2026, 1, 5), effective_from=date(2026, 3, 2))
    holder = holders.Holder()
    assert holders.accepted(holder, Kind.CHANGE).target_days == 10


@pytest.mark.req("R-5")
def test_a_pilot_holds_in_its_province_alone_and_ends() -> None:
    zhejiang, jiangsu = (Authority.objects.get(code=code) for code in ("330000", "320000"))
    publish(province=zhejiang, valid_to=date(2017, 8, 4))
    assert profile_on(EFFECTIVE, zhejiang.pk).decision.days == 20
    assert profile_on(EFFECTIVE, jiangsu.pk).code == "REFORM_2015"
    assert profile_on(date(2017, 8, 4), zhejiang.pk).code == "REFORM_2015"


@pytest.mark.req("R-5")
def test_what_reaches_back_or_overlaps_is_refused() -> None:
    zhejiang = Authority.objects.get(code="330000")
    publish()
    refused("licensing.profile_not_ahead", day=EFFECTIVE)
    refused("licensing.profile_there")
    refused("licensing.pilot_without_end", province=zhejiang)
    refused("licensing.pilot_without_end", valid_to=date(2017, 1, 1))
    publish(code="PILOT", province=zhejiang, valid_to=date(2017, 8, 4))
    refused(
        "licensing.profile_there",
        province=zhejiang,
        effective_from=date(2017, 1, 1),
        valid_to=date(2018, 1, 1),
    )


@pytest.mark.req("R-46")
def test_no_profile_gives_the_authority_more_time() -> None:
    refused("licensing.figure_outside", decision_days=31)
    refused("licensing.figure_outside", correction_days=29)


@pytest.mark.req("R-2")
def test_no_province_publishes_rules() -> None:
    head = world.official("320000", "head", "national_admin")
    with pytest.raises(DomainError) as error:
        publish_profile(
            code="MINE", effective_from=EFFECTIVE, **FIGURES, actor=world.actor(head, date(2016, 1, 4)),
            at=world.at(date(2016, 1, 4)),
        )  # fmt: skip
    assert error.value.code == "licensing.not_national"


@pytest.mark.req("R-5")
def test_the_page_publishes_and_says_what_is_wrong() -> None:
    client = signed_in(world.official("AQSIQ", "national_admin"))
    form = {**FIGURES, "code": "NEXT_2099", "effective_from": "2099-01-05", "province": "", "valid_to": ""}
    form.pop("delegation_allowed")
    answer = client.post(reverse("licensing:profile_new"), {**form, "decision_days": "31"})
    assert answer.status_code == 422 and "2099-01-05" in answer.content.decode()
    assert client.post(reverse("licensing:profile_new"), form).status_code == 302
    assert "NEXT_2099" in client.get(reverse("licensing:profiles")).content.decode()
    assert PolicyProfile.objects.get().delegation_allowed is False
