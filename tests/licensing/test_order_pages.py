"""Standing orders and the sampling review on their pages (R-85): who reads, signs, revokes, looks again."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from catalog.models import ProductCategory
from core.parties.models import User
from licensing.models import OpenMatter, SamplingReview, StandingOrder
from tests.support import straight, world
from tests.support.clients import signed_in
from tests.support.holders import TIMELY, Holder
from tests.support.kind_pages import at

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-85")]
LIST = reverse("licensing:standing_orders")
NEW = reverse("licensing:standing_order_new")
SAMPLING = reverse("licensing:sampling")
PUBLIC = reverse("register:who_decides")


@pytest.fixture(autouse=True)
def _day(time_machine: Any) -> None:
    time_machine.move_to(world.at(TIMELY, 16, 30), tick=False)


@pytest.fixture
def signer() -> User:
    return world.official("320000", "approval", name="李签署")


def page_of(row: StandingOrder, name: str = "standing_order") -> str:
    return reverse(f"licensing:{name}", args=[row.public_id])


def sample_page(row: SamplingReview) -> str:
    return reverse("licensing:sample", args=[row.public_id])


def form(**more: Any) -> dict[str, Any]:
    return {
        "authority": str(straight.province().pk), "category": "", "valid_from": str(TIMELY),
        "valid_to": str(TIMELY + timedelta(days=200)), "sampling_percent": "5", "agreed": "on", **more,
    }  # fmt: skip


def test_an_approver_signs_and_reads_what_was_signed(signer: User) -> None:
    desk = signed_in(signer)
    assert NEW in desk.get(LIST).content.decode() and desk.get(NEW).status_code == 200
    answer = desk.post(NEW, form(agreed=""))
    assert answer.status_code == 422 and not StandingOrder.objects.exists()
    answer = desk.post(NEW, form())
    row = StandingOrder.objects.get()
    assert answer["Location"] == page_of(row)
    page = desk.get(page_of(row)).content.decode()
    for told in (row.number, row.rules_version, row.profile, "5%", signer.name, "江苏省", "生效"):
        assert told in page, told


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"valid_to": str(TIMELY + timedelta(days=400))}, "valid_to"), ({"sampling_percent": "0"}, "sampling_percent"),
     ({"valid_from": str(TIMELY - timedelta(days=1))}, "valid_from")],
)  # fmt: skip
def test_what_cannot_be_ordered_is_said_at_its_field(
    signer: User, changes: dict[str, str], field: str
) -> None:
    answer = signed_in(signer).post(NEW, form(**changes))
    assert answer.status_code == 422 and field in answer.context["form"].errors


def test_neither_a_delegate_nor_another_province_signs(signer: User) -> None:
    assert signed_in(world.official("320500", "approval")).get(NEW).status_code == 404
    other = signed_in(world.official("330000", "approval"))
    assert "authority" in other.post(NEW, form()).context["form"].errors
    for duty in ("review", "head", "audit"):
        assert signed_in(world.official("320000", duty)).post(NEW, form()).status_code == 403
    assert not StandingOrder.objects.exists()


def test_revoked_at_once_with_reasons_by_any_approver_there(signer: User) -> None:
    row = straight.signed_order(signer)
    colleague = signed_in(world.official("320000", "approval", name="另批"))
    address = page_of(row, "standing_order_revoke")
    assert address in colleague.get(page_of(row)).content.decode()
    assert "覆盖相同的范围" not in colleague.get(address).content.decode()
    beside = straight.signed_order(signer, category=ProductCategory.objects.order_by("pk").first())
    assert beside.number in colleague.get(address).content.decode(), "it goes on, and the page says so"
    assert ">Revoke</button>" in colleague.get("/en" + address).content.decode(), "an offer, not a report"
    assert colleague.post(address, {"reasons": " "}).status_code == 422
    assert colleague.post(address, {"reasons": "规则将改"}).status_code == 302
    page = colleague.get(page_of(row)).content.decode()
    assert "已撤销" in page and "规则将改" in page and address not in page


READS = [
    ("320000", "approval", 200), ("320000", "review", 200), ("320000", "head", 200), ("320000", "audit", 200),
    ("AQSIQ", "national_admin", 200), ("AQSIQ", "audit", 200), ("330000", "approval", 404), ("330000", "audit", 404),
    ("320000", "acceptance", 403), ("320000", "supervision", 403),
]  # fmt: skip


@pytest.mark.parametrize(("code", "duty", "status"), READS)
def test_who_reads_an_order(signer: User, code: str, duty: str, status: int) -> None:
    row = straight.signed_order(signer)
    person = signed_in(world.official(code, duty))
    assert person.get(page_of(row)).status_code == status
    listed = person.get(LIST)
    assert (row.number in listed.content.decode()) is (status == 200)
    if duty != "approval":
        assert page_of(row, "standing_order_revoke") not in listed.content.decode()
        assert person.post(page_of(row, "standing_order_revoke"), {"reasons": "x"}).status_code in (403, 404)
    row.refresh_from_db()
    assert row.revoked_at is None


def test_a_decision_of_the_system_names_order_rules_and_checks(signer: User) -> None:
    holder = Holder()
    case = straight.straight(holder, signer)
    row = StandingOrder.objects.get()
    inside = signed_in(holder.approver).get(at(case, "case")).content.decode()
    outside = signed_in(holder.applicant).get(at(case, "case")).content.decode()
    for page in (inside, outside):
        assert f"由系统依常设审批令 {row.number} 作出" in page and row.rules_version in page
        assert "免于实地核查" in page and "对企业没有未了结的线索和监管措施" in page and "SC-2026-001" in page
        assert signer.name not in page and "onsite_" not in page and "testing_spot_check" not in page
    assert page_of(row) in inside and page_of(row) not in outside and PUBLIC + "#orders" in outside
    until = holder.licence.valid_until.isoformat()
    assert (
        until in inside.split("逐项核对")[1]
        and until not in outside.split("逐项核对")[1].split("</section>")[0]
    )


def test_the_drawn_decision_waits_for_a_reviewer_who_did_not_sign(signer: User) -> None:
    holder = Holder()
    case = straight.straight(holder, signer)
    row = straight.sample_of(case)
    reviewer = world.official("320000", "review", name="孙复查")
    desk = signed_in(reviewer)
    assert SAMPLING in desk.get(reverse("portal:desk")).content.decode()
    assert sample_page(row) in desk.get(SAMPLING).content.decode()
    page = desk.get(sample_page(row)).content.decode()
    for told in ("由系统依常设审批令", "逐项核对", "SC-2026-001", "营业执照", holder.licence.number):
        assert told in page, told
    papers = [reverse("licensing:sample_document", args=[row.public_id, "application_form"])]
    papers += [reverse("licensing:result_document", args=[found.public_id]) for found in _results(case)]
    assert [desk.get(paper).status_code for paper in papers] == [200, 200]
    assert desk.post(sample_page(row), {"finding": "upheld"}).status_code == 422, (
        "no interest is stated first"
    )
    answer = desk.post(sample_page(row), {"finding": "upheld", "reasons": "", "no_conflict": "on"})
    assert answer["Location"] == SAMPLING
    row.refresh_from_db()
    assert row.finding == "upheld" and row.reviewed_by == reviewer
    assert sample_page(row) not in desk.get(SAMPLING).content.decode()
    assert "决定正确" in desk.get(SAMPLING, {"state": "all"}).content.decode()
    assert desk.post(sample_page(row), {"finding": "wrong"}).status_code == 404


def _results(case: Any) -> list[Any]:
    return [result for row in case.evidence.all() for result in row.rests_on.all()]


def test_a_wrong_grant_needs_reasons_and_becomes_a_lead(signer: User) -> None:
    holder = Holder()
    row = straight.sample_of(straight.straight(holder, signer))
    desk = signed_in(world.official("320000", "review"))
    short = desk.post(sample_page(row), {"finding": "wrong", "reasons": " ", "no_conflict": "on"})
    assert short.status_code == 422 and "reasons" in short.context["form"].errors
    said = {"finding": "wrong", "reasons": "工艺已改", "no_conflict": "on"}
    assert desk.post(sample_page(row), said).status_code == 302
    assert "工艺已改" in OpenMatter.objects.get(enterprise=holder.enterprise).what
    order = signed_in(signer).get(page_of(row.order)).content.decode()
    assert '<dd class="num late">1</dd>' in order


def test_who_looks_into_a_drawn_decision(signer: User) -> None:
    holder = Holder()
    case = straight.straight(holder, signer)
    row = straight.sample_of(case)
    from core.parties.models import Duty

    Duty.objects.create(user=signer, authority=straight.province(), kind="review", valid_from=world.EPOCH)
    paper = reverse("licensing:sample_document", args=[row.public_id, "application_form"])
    for person, status in (
        (signer, 404), (world.official("330000", "review"), 404), (world.official("320500", "review"), 404),
        (world.official("AQSIQ", "audit"), 200), (world.official("AQSIQ", "national_admin"), 200),
        (world.official("320000", "audit"), 200), (world.official("320000", "acceptance"), 403),
    ):  # fmt: skip
        window = signed_in(person)
        assert window.get(sample_page(row)).status_code == status, person.duties.first()
        assert window.get(paper).status_code == status
        assert window.post(sample_page(row), {"finding": "upheld", "no_conflict": "on"}).status_code in (
            403,
            404,
        )
    assert sample_page(row) not in signed_in(signer).get(SAMPLING).content.decode()
    assert not SamplingReview.objects.get().finding
