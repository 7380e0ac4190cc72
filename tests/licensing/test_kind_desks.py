"""The officials' pages of the kinds: what a notice may cite, what can be refused, deregistration, a deemed renewal."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.parties.models import User
from licensing.actions import correction
from licensing.correction import targets_of
from licensing.kinds import FROM_LICENCE, Kind
from licensing.lifecycle import Status
from licensing.models import Deregistration, LicenceStatus
from tests.support import holders, kind_pages, world
from tests.support.clients import signed_in
from tests.support.holders import ENDS_ON, TIMELY, Holder
from tests.support.kind_pages import Applicant, at, fresh

pytestmark = pytest.mark.django_db
AFTER = ENDS_ON + timedelta(days=1)
LIST = reverse("licensing:deregistrations")
NEW = reverse("licensing:deregistration_new")
# DOMAIN, not the code: what a notice on a kind without a letter may cite
CITABLE = {
    "change": {
        "business_licence", "enterprise.name", "enterprise.address", "enterprise.legal_representative",
        "enterprise.contact", "enterprise.phone", "sites.rows", "statement.detail",
    },
    "replacement": {
        "enterprise.legal_representative", "enterprise.contact", "enterprise.phone", "statement.detail",
    },
}  # fmt: skip


@pytest.fixture
def on(time_machine: Any) -> Any:
    """Sets the day: ten in the morning in Shanghai."""

    def move(day: date) -> None:
        time_machine.move_to(world.at(day, 16, 30), tick=False)

    move(TIMELY)
    return move


@pytest.fixture
def holder(on: Any) -> Holder:
    return Holder()


def read(person: User, address: str) -> str:
    answer = signed_in(person).get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


# the desk of acceptance


@pytest.mark.req("R-31", "R-29")
@pytest.mark.parametrize("kind", CITABLE)
def test_a_notice_cites_what_the_kind_has_and_nothing_else(holder: Holder, kind: str) -> None:
    case = holders.filed(holder, Kind(kind))
    desk = signed_in(holder.clerk)
    page = desk.get(at(case, "correct"))
    assert set(page.context["form"].fields) == CITABLE[kind]
    sent = {"version": case.version, "conditions.staff": "不完整", "commitment_letter": "没有签名"}
    assert desk.post(at(case, "correct"), sent).status_code == 422
    assert fresh(case).status == Status.SUBMITTED


@pytest.mark.req("R-31")
@pytest.mark.parametrize("kind", [Kind.CHANGE, Kind.REPLACEMENT])
def test_a_notice_on_a_kind_without_a_letter_is_answered_by_its_pages(holder: Holder, kind: Kind) -> None:
    applicant = Applicant(holder)
    case = applicant.file(kind)
    sent = {"statement.detail": "没有写明经过"}
    kind_pages.press(holder.clerk, case, "correct", **sent)
    assert "没有写明经过" in applicant.look(at(case, "answer"))
    assert applicant.client.get(at(case, "enterprise"))["Location"] == at(case, "answer")
    statement = {**holders.STATEMENTS[kind], "detail": "五月六日整理档案时发现，遍寻不见"}
    answer = applicant.send(case, "statement", **statement)
    assert answer["Location"] == at(case, "answer")
    answer = applicant.client.post(at(case, "resubmit"), {"draft_version": fresh(case).draft_version})
    assert answer.status_code == 302 and fresh(case).status == Status.SUBMITTED, answer.content.decode()
    assert fresh(case).filed["statement"]["detail"] == statement["detail"]
    assert "遍寻不见" in read(holder.clerk, at(case, "accept"))


@pytest.mark.req("S5")
def test_what_a_notice_asked_for_in_vain_is_a_ground_to_refuse_acceptance(holder: Holder) -> None:
    case = holders.filed(holder, Kind.RENEWAL)
    desk = signed_in(holder.clerk)
    assert desk.get(at(case, "refuse_acceptance"))["Location"] == at(case, "accept"), "no ground yet"
    assert at(case, "refuse_acceptance") not in desk.get(at(case, "accept")).content.decode()
    correction.request_correction(
        public_id=case.public_id, expected_version=case.version, items={"enterprise.phone": "号码少一位"},
        actor=world.actor(holder.clerk, TIMELY), at=world.at(TIMELY, 11),
    )  # fmt: skip
    who = {"public_id": case.public_id, "actor": world.actor(holder.applicant, TIMELY)}
    correction.resubmit(**who, draft_version=world.draft_version(case), at=world.at(TIMELY, 12))
    kind_pages.write_papers(public_id=case.public_id, at=world.at(TIMELY, 12, 1))
    page = desk.get(at(case, "refuse_acceptance"))
    assert [code for code, _label in page.context["form"].fields["ground"].choices] == ["items_missing"]
    assert "有权受理的机关" not in page.content.decode(), "it stays with the province of its licence"
    kind_pages.press(
        holder.clerk, case, "refuse_acceptance", ground="items_missing", missing="enterprise.phone",
        explanation="号码仍少一位",
    )  # fmt: skip
    assert fresh(case).status == Status.NOT_ACCEPTED


@pytest.mark.parametrize("kind", FROM_LICENCE)
def test_the_desk_of_acceptance_shows_the_licence_and_what_is_new(holder: Holder, kind: Kind) -> None:
    case = holders.filed(holder, kind)
    page = signed_in(holder.clerk).get(at(case, "accept"))
    checks = {check.code: check for check in page.context["checks"]}
    assert checks["licence_running"].ok and "category_open" in checks
    assert ("commitment_signed" in checks) is case.rules.has_commitment
    assert ("renewal_timely" in checks) is (kind is Kind.RENEWAL)
    told = case.filed.get("statement", {}).get("detail")
    assert not told or told in page.content.decode()


# the desk of decision


@pytest.mark.parametrize("kind", [Kind.CHANGE, Kind.REPLACEMENT, Kind.DEREGISTRATION])
def test_a_kind_without_review_offers_no_way_back_to_it(holder: Holder, kind: Kind) -> None:
    case = holders.accepted(holder, kind)
    desk = signed_in(holder.approver)
    page = desk.get(at(case, "decide")).content.decode()
    assert "act=return" not in page and "实地核查" not in page
    assert "审查已经结束" not in desk.get(at(case, "case")).content.decode()
    assert signed_in(holder.reviewer).get(at(case, "review")).status_code == 404
    sent = {"version": fresh(case).version, "act": "return", "reasons": "再看"}
    assert desk.post(at(case, "decide"), sent).status_code == 422
    assert fresh(case).status == Status.DECISION_PENDING


@pytest.mark.parametrize("kind", FROM_LICENCE)
def test_the_provisions_of_the_kind_are_offered_for_a_grant(holder: Holder, kind: Kind) -> None:
    case = holders.pending(holder, kind)
    form = signed_in(holder.approver).get(at(case, "decide")).context["form"]
    assert [label for _n, label in form.fields["basis"].choices] == [c.label for c in case.rules.basis]


def test_a_refusal_of_a_change_is_taken_by_the_holder(holder: Holder) -> None:
    case, applicant = holders.pending(holder, Kind.CHANGE), Applicant(holder)
    kind_pages.press(
        holder.approver, case, "decide", act="refuse", basis=["0"], reasons="实为搬迁", no_conflict="on"
    )
    assert "实为搬迁" in applicant.look(at(case, "case"))
    assert applicant.client.post(at(case, "acknowledge")).status_code == 302
    assert fresh(case).status == Status.DELIVERED and holder.fresh().version == 1


# deregistration ex officio


@pytest.fixture
def supervisor() -> User:
    return world.official("320583", "supervision", name="钱监督")


def propose(person: User, licence: str, **changes: str) -> Any:
    sent = {"number": licence, "ground": "stopped", "facts": "现场已停产，见检查记录", **changes}
    return signed_in(person).post(NEW, sent)


@pytest.mark.parametrize("who", ["reviewer", "supervisor"])
def test_one_proposes_and_another_deregisters(holder: Holder, supervisor: User, who: str) -> None:
    proposer = {"reviewer": holder.reviewer, "supervisor": supervisor}[who]
    number = holder.licence.number
    assert NEW in read(proposer, LIST)
    full_width = number.replace("(", "（").replace(")", "）")
    answer = propose(proposer, full_width)
    row = Deregistration.objects.get()
    page = reverse("licensing:deregistration", args=[row.public_id])
    assert answer.status_code == 302 and answer["Location"] == page
    assert "现场已停产" in read(proposer, page) and "由发证机关的审批人员决定" in read(proposer, page)
    assert number in read(holder.approver, LIST)
    desk = signed_in(holder.approver)
    assert "注销这张许可证" in desk.get(page).content.decode()
    assert desk.post(page, {"act": "deregister", "version": "7"}).status_code == 422, "it moved"
    assert desk.post(page, {"act": "deregister", "version": row.version}).status_code == 302
    assert holder.fresh().status == LicenceStatus.DEREGISTERED
    assert number not in read(holder.approver, LIST)
    assert number in read(holder.approver, LIST + "?state=closed")
    assert desk.post(page, {"act": "deregister", "version": row.version}).status_code == 422, "done already"


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"number": "XK13"}, "number"), ({"number": "(苏)XK13-002-99999"}, "number"), ({"facts": " "}, "facts"),
     ({"ground": "expired"}, "ground")],
)  # fmt: skip
def test_a_proposal_that_is_wrong_is_told_at_its_field(
    holder: Holder, sent: dict[str, str], field: str
) -> None:
    answer = propose(holder.reviewer, holder.licence.number, **sent)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    kept = {"number": holder.licence.number, "facts": "现场已停产，见检查记录"} | sent
    assert kept["facts"].strip() in answer.content.decode() and kept["number"] in answer.content.decode()
    assert not Deregistration.objects.exists()


def test_a_licence_is_proposed_once(holder: Holder, supervisor: User) -> None:
    propose(supervisor, holder.licence.number)
    again = propose(holder.reviewer, holder.licence.number)
    assert again.status_code == 422 and "number" in again.context["form"].errors


def test_the_proposer_does_not_decide(holder: Holder) -> None:
    both = world.official("320000", "review", "approval", name="兼任")
    propose(both, holder.licence.number)
    row = Deregistration.objects.get()
    page = reverse("licensing:deregistration", args=[row.public_id])
    assert "注销这张许可证" not in read(both, page)
    answer = signed_in(both).post(page, {"act": "deregister", "version": row.version})
    assert answer.status_code == 422 and holder.fresh().status == LicenceStatus.VALID


def test_a_proposal_is_set_aside_with_reasons(holder: Holder) -> None:
    propose(holder.reviewer, holder.licence.number)
    row = Deregistration.objects.get()
    page, desk = reverse("licensing:deregistration", args=[row.public_id]), signed_in(holder.approver)
    bare = desk.post(page, {"act": "set_aside", "version": row.version, "reasons": " "})
    assert bare.status_code == 422 and "reasons" in bare.context["form"].errors
    sent = {"act": "set_aside", "version": row.version, "reasons": "企业仍在生产"}
    assert desk.post(page, sent).status_code == 302
    assert "企业仍在生产" in desk.get(page).content.decode()
    assert holder.fresh().status == LicenceStatus.VALID


def test_what_has_expired_must_be_deregistered_and_waits_for_a_renewal(holder: Holder, on: Any) -> None:
    holders.tick_term(holder.licence, AFTER)
    on(AFTER)
    row = Deregistration.objects.get()
    page, desk = reverse("licensing:deregistration", args=[row.public_id]), signed_in(holder.approver)
    shown = desk.get(page).content.decode()
    assert "注销这张许可证" in shown and "不予注销" not in shown
    sent = {"act": "set_aside", "version": row.version, "reasons": "再等等"}
    assert desk.post(page, sent).status_code == 422
    other = Holder()
    holders.accepted(other, Kind.RENEWAL, holders.LATE)
    holders.tick_term(other.licence, AFTER)
    held = Deregistration.objects.get(licence=other.licence)
    page, desk = reverse("licensing:deregistration", args=[held.public_id]), signed_in(other.approver)
    assert "作出决定之前不注销" in desk.get(page).content.decode()
    assert desk.post(page, {"act": "deregister", "version": held.version}).status_code == 422


def test_the_wrong_people_stay_outside(holder: Holder, client: Client) -> None:
    propose(holder.reviewer, holder.licence.number)
    row = Deregistration.objects.get()
    page = reverse("licensing:deregistration", args=[row.public_id])
    for person in (holder.applicant, holder.clerk):
        for address in (LIST, NEW, page):
            assert signed_in(person).get(address).status_code == 403, (person.name, address)
    for elsewhere in ("review", "approval"):
        stranger = signed_in(world.official("330000", elsewhere))
        assert stranger.get(page).status_code == 404
        assert stranger.post(page, {"act": "deregister", "version": row.version}).status_code == 404
        assert holder.licence.number not in stranger.get(LIST).content.decode()
    assert signed_in(holder.approver).get(NEW).status_code == 403, "an approver decides"
    far = propose(world.official("330000", "review"), holder.licence.number)
    assert far.status_code == 422 and Deregistration.objects.count() == 1
    for address in (LIST, NEW, page):
        assert client.get(address).status_code == 302
    mine = signed_in(holder.reviewer).post(page, {"act": "deregister", "version": row.version})
    assert mine.status_code == 422 and holder.fresh().status == LicenceStatus.VALID


# a renewal granted by law, and a case that ends with its licence


@pytest.mark.req("R-45")
def test_a_deemed_renewal_is_told_and_confirmed(holder: Holder, on: Any) -> None:
    case = holders.accepted(holder, Kind.RENEWAL)
    holders.tick_case(case, AFTER)
    on(AFTER)
    applicant, desk = Applicant(holder), signed_in(holder.approver)
    for page in (applicant.look(at(case, "case")), desk.get(at(case, "case")).content.decode()):
        assert "视为准予延续" in page and "《行政许可法》第五十条第二款" in page
        assert "此后不能再作不予许可的决定" in page
    assert at(case, "confirm_renewal") not in applicant.look(at(case, "case"))
    own = applicant.look(reverse("licensing:own_licences"))
    assert "依法视为准予延续" in own and "?kind=renewal" not in own
    for person, status in ((holder.applicant, 403), (holder.clerk, 403), (holder.reviewer, 403)):
        answer = signed_in(person).post(at(case, "confirm_renewal"), {"version": fresh(case).version})
        assert answer.status_code == status, person.name
    assert desk.get(at(case, "decide")).status_code == 302
    kind_pages.press(holder.approver, case, "confirm_renewal", page="case")
    assert fresh(case).approver == holder.approver
    assert at(case, "confirm_renewal") not in desk.get(at(case, "case")).content.decode()
    kind_pages.sign(case)
    assert (fresh(case).status, holder.fresh().status) == (Status.CERTIFICATE_ISSUED, LicenceStatus.VALID)
    assert at(case, "certificate") in applicant.look(at(case, "case"))


def test_a_case_that_ends_with_its_licence_says_so(holder: Holder) -> None:
    case = holders.accepted(holder, Kind.RENEWAL)
    holders.granted(holder, Kind.DEREGISTRATION)
    assert fresh(case).status == Status.TERMINATED
    for who in (holder.applicant, holder.clerk):
        assert "所据的许可证已经终止" in read(who, at(case, "case"))


def test_targets_of_every_kind_stay_within_its_form() -> None:
    for kind in Kind:
        assert not {"enterprise.name", "enterprise.address"} & set(targets_of(kind)) or kind in (
            Kind.NEW,
            Kind.CHANGE,
        )
