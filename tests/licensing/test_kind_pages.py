"""Every kind of application by its pages, from "my licences" to its end; and what cannot be done is not offered."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import CategoryVersion
from licensing.actions import bars
from licensing.kinds import FROM_LICENCE, Kind, rules_of
from licensing.lifecycle import Status
from licensing.models import Application, LicenceStatus
from tests.support import holders, kind_pages, world
from tests.support.clients import signed_in
from tests.support.holders import ENDS_ON, LATE, TIMELY, Holder
from tests.support.kind_pages import MEMBER, Applicant, at, fresh, start_page

pytestmark = pytest.mark.django_db
AFTER = ENDS_ON + timedelta(days=1)
EARLY = date(2025, 12, 13)
OWN = reverse("licensing:own_licences")


@pytest.fixture
def on(time_machine: Any) -> Any:
    """Sets the day: ten in the morning in Shanghai."""

    def move(day: date) -> None:
        time_machine.move_to(world.at(day, 10, 0), tick=False)

    move(TIMELY)
    return move


@pytest.fixture
def applicant(holder: Holder, on: Any) -> Applicant:
    return Applicant(holder)


# the whole way


@pytest.mark.req("R-29")
@pytest.mark.parametrize("kind", FROM_LICENCE)
def test_a_kind_is_gone_through_by_its_pages(applicant: Applicant, kind: Kind) -> None:
    holder, case = applicant.holder, applicant.file(kind)
    official = signed_in(holder.clerk)
    assert at(case, "case") in official.get(reverse("licensing:work")).content.decode()
    kind_pages.press(holder.clerk, case, "accept")
    if case.rules.reviewed:
        kind_pages.through_review(holder, case, TIMELY)
    assert fresh(case).status == Status.DECISION_PENDING
    kind_pages.grant(holder, case)
    if kind is Kind.DEREGISTRATION:
        assert fresh(case).status == Status.DELIVERED
        assert holder.fresh().status == LicenceStatus.DEREGISTERED
        assert "注销" in applicant.look(OWN)
        return
    assert fresh(case).status == Status.GRANTED
    kind_pages.sign(case)
    assert at(case, "certificate") in applicant.look(at(case, "case"))
    taken = applicant.client.post(at(case, "certificate"))
    assert b"".join(taken.streaming_content) == world.PDF
    assert fresh(case).status == Status.DELIVERED
    assert holder.fresh().number in applicant.look(OWN)


@pytest.mark.parametrize("kind", FROM_LICENCE)
def test_the_list_of_tasks_asks_for_the_sections_of_the_kind_alone(applicant: Applicant, kind: Kind) -> None:
    draft = applicant.begin(kind)
    page = applicant.look(at(draft, "tasks"))
    for section in ("product", "sites", "conditions", "group", "statement", "business_licence"):
        assert (at(draft, section) in page) is (section in draft.rules.all_sections), section
    assert applicant.client.get(at(draft, "check")).status_code == 200
    if "conditions" not in draft.rules.all_sections:
        assert applicant.client.get(at(draft, "conditions"))["Location"] == at(draft, "tasks")


def test_the_same_form_sent_twice_opens_one_draft(applicant: Applicant) -> None:
    draft = applicant.begin(Kind.RENEWAL)
    sent = {"draft": str(draft.public_id), "kind": "renewal", "licence": applicant.holder.licence.number}
    answer = applicant.client.post(reverse("licensing:start"), sent)
    assert answer["Location"] == at(draft, "tasks")
    assert Application.objects.filter(kind=Kind.RENEWAL).count() == 1


# what cannot be done is not offered


def test_a_late_renewal_is_warned_of_on_every_page(holder: Holder, on: Any) -> None:
    on(LATE)
    applicant = Applicant(holder)
    assert "按时申请的期限" in applicant.look(OWN)
    page = applicant.look(start_page("renewal", applicant.holder.licence.number))
    assert "不视为延续" in page
    draft = applicant.begin(Kind.RENEWAL)
    applicant.fill_in(draft)
    for name in ("tasks", "check"):
        assert "中间一段不受许可" in applicant.look(at(draft, name)), name


def test_a_renewal_in_time_is_not_warned(applicant: Applicant) -> None:
    draft = applicant.begin(Kind.RENEWAL)
    for address in (start_page("renewal", applicant.holder.licence.number), at(draft, "tasks")):
        page = applicant.client.get(address, follow=True).content.decode()
        assert "不受许可" not in page


@pytest.mark.parametrize(
    ("kind", "day", "why"),
    [
        ("renewal", EARLY, "2025 年 12 月 14 日"),
        ("renewal", AFTER, "过期"),
        ("change", AFTER, "过期"),
        ("deregistration", AFTER, "过期"),
    ],
)
def test_what_cannot_be_begun_is_not_offered_and_says_why(
    holder: Holder, on: Any, kind: str, day: date, why: str
) -> None:
    on(day)
    applicant = Applicant(holder)
    address = start_page(kind, applicant.holder.licence.number)
    assert address.replace("&", "&amp;") not in applicant.look(OWN)
    for answer in (
        applicant.client.get(address, follow=True),
        applicant.client.post(
            reverse("licensing:start"),
            {
                "draft": "6d0f1b1e-3c53-4f2b-9a35-0d3b6c7a5f10",
                "kind": kind,
                "licence": applicant.holder.licence.number,
            },
            follow=True,
        ),
    ):
        page = answer.content.decode()
        assert 'name="draft"' not in page, "no form to begin with"
        assert why in page
    assert not Application.objects.filter(kind=kind).exists()


@pytest.mark.req("R-14")
def test_a_category_that_is_closed_leaves_deregistration_alone(applicant: Applicant) -> None:
    """Renewal is open in time and closed by the catalogue: said before anybody fills in a form."""
    CategoryVersion.objects.filter(category=applicant.holder.licence.category).update(delisted_on=TIMELY)
    page, number = applicant.look(OWN), applicant.holder.licence.number
    offered = [kind for kind in FROM_LICENCE if start_page(kind, number).replace("&", "&amp;") in page]
    assert offered == [Kind.DEREGISTRATION]
    assert "目前不能申请" in page
    assert applicant.client.get(start_page("change", number))["Location"] == OWN


@pytest.mark.req("DOMAIN-3.4")
def test_a_bar_closes_the_kinds_that_are_reviewed(applicant: Applicant) -> None:
    holder = applicant.holder
    bars.record_bar(
        enterprise=holder.enterprise, category=holder.licence.category, cause="penalty", decided_on=TIMELY,
        instrument="一号", document=world.PDF, filename="a.pdf", actor=world.actor(holder.approver, TIMELY),
        at=world.at(TIMELY, 9),
    )  # fmt: skip
    page = applicant.look(OWN)
    open_kinds = {
        k for k in FROM_LICENCE if start_page(k, holder.licence.number).replace("&", "&amp;") in page
    }
    assert open_kinds == {kind for kind in FROM_LICENCE if not rules_of(kind).reviewed}
    assert "2029-06-12" in page and "第五十五条" in page


def test_one_under_way_is_led_to_and_no_second_begun(applicant: Applicant) -> None:
    number = applicant.holder.licence.number
    draft = applicant.begin(Kind.REPLACEMENT)
    assert applicant.client.get(start_page("replacement", number))["Location"] == at(draft, "tasks")
    applicant.fill_in(draft)
    case = applicant.submit(draft)
    assert applicant.client.get(start_page("replacement", number))["Location"] == at(case, "case")
    assert start_page("replacement", number).replace("&", "&amp;") not in applicant.look(OWN)
    assert start_page("change", number).replace("&", "&amp;") in applicant.look(OWN)


def test_a_licence_that_has_ended_offers_nothing(applicant: Applicant) -> None:
    holders.granted(applicant.holder, Kind.DEREGISTRATION)
    page = applicant.look(OWN)
    assert "?kind=" not in page and "注销" in page


@pytest.mark.req("R-88")
@pytest.mark.parametrize("kind", FROM_LICENCE)
def test_the_licence_of_another_is_not_there(applicant: Applicant, kind: Kind) -> None:
    other = Holder()
    for number in (other.licence.number, "(苏)XK13-002-99999", ""):
        assert applicant.client.get(start_page(kind, number)).status_code == 404
        sent = {"draft": "6d0f1b1e-3c53-4f2b-9a35-0d3b6c7a5f10", "kind": kind, "licence": number}
        assert applicant.client.post(reverse("licensing:start"), sent).status_code == 404
    assert other.licence.number not in applicant.look(OWN)


def test_officials_and_strangers_have_no_licences(holder: Holder, on: Any, client: Client) -> None:
    assert signed_in(holder.clerk).get(OWN).status_code == 403
    assert client.get(OWN).status_code == 302


# what stands on the licence, and what is typed wrongly


@pytest.mark.parametrize("kind", [k for k in FROM_LICENCE if k is not Kind.CHANGE])
def test_name_and_address_of_the_licence_cannot_be_altered(applicant: Applicant, kind: Kind) -> None:
    draft = applicant.begin(kind)
    before = fresh(draft).draft["enterprise"]
    forged = {"name": "冒名有限公司", "division": "320582", "address": "别处 9 号", "phone": "0512-57009999"}
    applicant.save(draft, "enterprise", **applicant.facts(draft) | forged)
    after = fresh(draft).draft["enterprise"]
    for held in ("name", "uscc", "province", "division", "address", "full_address"):
        assert after[held] == before[held], held
    assert after["phone"] == "0512-57009999" and after["confirmed"]


@pytest.mark.parametrize(
    ("kind", "sent", "field"),
    [
        ("replacement", {"cause": "lost", "happened_on": "2026-06-13", "detail": "夜里遗失"}, "happened_on"),
        ("replacement", {"cause": "stolen", "happened_on": "2026-06-01", "detail": "夜里遗失"}, "cause"),
        ("replacement", {"cause": "lost", "happened_on": "2026-06-01", "detail": " "}, "detail"),
        ("deregistration", {"cause": "stopped", "happened_on": "2027-01-01", "detail": "停产"}, "happened_on"),
        ("change", {"detail": "企业更名"}, "not_moved"),
        ("relocation", {"detail": "搬到新厂"}, "causes"),
        ("condition_change", {"causes": ["moved"], "detail": "换线"}, "causes"),
    ],
)  # fmt: skip
def test_a_statement_that_is_wrong_is_told_at_its_field(
    applicant: Applicant, kind: str, sent: dict[str, Any], field: str
) -> None:
    draft = applicant.begin(Kind(kind))
    answer = applicant.send(draft, "statement", **sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    page = answer.content.decode()
    assert f'href="#id_{field}' in page, "the summary leads to the field"
    for typed in (sent["detail"].strip(), sent.get("happened_on", "")):
        assert typed in page, "nothing typed is lost"
    assert "statement" not in fresh(draft).draft


@pytest.mark.parametrize("code", [MEMBER["uscc"], "own"])
def test_a_member_of_the_group_stands_once(applicant: Applicant, code: str) -> None:
    draft = applicant.begin(Kind.SCOPE_EXTENSION)
    applicant.save(draft, "group", add="1", **MEMBER)
    sent = {**MEMBER, "name": "测试肥业三厂有限公司"}
    sent["uscc"] = applicant.holder.enterprise.uscc if code == "own" else code
    answer = applicant.send(draft, "group", add="1", **sent)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["uscc"]
    assert "测试肥业三厂有限公司" in answer.content.decode() and MEMBER["name"] in answer.content.decode()
    assert len(fresh(draft).draft["group"]["rows"]) == 1
    applicant.save(draft, "group", remove="0")
    assert fresh(draft).draft["group"]["rows"] == []


def test_a_licensed_unit_cannot_be_dropped(applicant: Applicant) -> None:
    draft = applicant.begin(Kind.SCOPE_EXTENSION)
    units = [str(row.unit_id) for row in draft.units.all()]
    answer = applicant.send(draft, "product", units=units[1:] or [])
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["units"]
    assert [str(row.unit_id) for row in fresh(draft).units.all()] == units
    page = applicant.look(at(draft, "product") + "?change")
    assert 'name="category"' not in page, "the product of a licence is not changed"


def test_a_change_that_moves_the_plant_is_told_on_the_way(applicant: Applicant) -> None:
    draft = applicant.begin(Kind.CHANGE)
    applicant.fill_in(draft)
    applicant.save(draft, "sites", remove="0")
    applicant.save(draft, "sites", add="1", **kind_pages.MOVED)
    answer = applicant.client.post(
        at(draft, "submit"), {"draft_version": fresh(draft).draft_version}, follow=True
    )
    assert "这是迁址，不是变更" in answer.content.decode()
    assert fresh(draft).is_draft and fresh(draft).draft["sites"]["rows"][0]["division"] == "320582"
