"""The pages of corrections: for officials, for the holder, and for nobody else; within their budget (R-89)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core.parties.competence import standing_of
from core.workdays.rules import add_months
from licensing.corrections.actions.proposing import Source
from licensing.corrections.models import CertificateCorrection, CorrectionRequest
from licensing.corrections.queries import to_answer, to_confirm, to_decide
from licensing.corrections.todos import todos
from licensing.kinds import Kind
from licensing.models import Application
from tests.support import holders, world
from tests.support.clients import signed_in, today, upload
from tests.support.corrections import REASON, RIGHT, Desk

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-89")]


@pytest.fixture
def desk() -> Desk:
    """A licence in its second year today, for pages read the real clock."""
    return Desk(granted_on=add_months(today(), -14))


def proposed(desk: Desk, **more: Any) -> CertificateCorrection:
    return desk.propose(day=today() - timedelta(days=1), **more)


def page(name: str, *args: Any) -> str:
    return reverse(f"corrections:{name}", args=args)


def form(desk: Desk, **changes: Any) -> dict[str, Any]:
    words = {f"site-{n}": site for n, site in enumerate(desk.fresh().production_addresses)}
    licence = desk.fresh()
    return {
        "holder_name": licence.holder_name, "uscc": licence.uscc, "registered_address": RIGHT, **words,
        "category_name": licence.category_name, "since": "decided", "reason": REASON,
        "source": f"{desk.paper.case}:business_licence", "source_note": "", **changes,
    }  # fmt: skip


def new(desk: Desk) -> str:
    return f"{page('new')}?number={desk.fresh().number}"


def test_a_clerk_proposes_on_the_page(desk: Desk) -> None:
    client = signed_in(desk.clerk)
    assert client.get(new(desk)).status_code == 200
    answer = client.post(new(desk), form(desk))
    row = CertificateCorrection.objects.get()
    assert answer["Location"] == page("correction", row.public_id)
    assert [change["key"] for change in row.changes] == ["registered_address"]
    assert row.source_case == desk.case
    text = client.get(answer["Location"]).content.decode()
    assert RIGHT in text and desk.licence.registered_address in text and "批准更正</button>" not in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"registered_address": "浙江省杭州市西湖区 1 号"}, "registered_address"),
        ({"registered_address": ""}, "registered_address"),
        ({"uscc": "91320102MA1X5C7D2I"}, "uscc"),
        ({"since": "later"}, "since"),
        ({"since": ""}, "since"),
        ({"source": "other"}, "source_note"),
        ({"number": "on"}, "number_reason"),
        ({"dates": "on"}, "dates"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, changes: dict[str, str], field: str
) -> None:
    answer = signed_in(desk.clerk).post(new(desk), form(desk, **changes))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not CertificateCorrection.objects.exists()
    assert changes.get("reason", REASON) in answer.content.decode()


def test_an_unknown_number_and_one_of_another_province_look_the_same(desk: Desk) -> None:
    other = Desk(province="330000", division="330109")
    client = signed_in(desk.clerk)
    texts = [
        client.get(page("new"), {"number": number}) for number in ("(苏)XK13-002-99999", other.licence.number)
    ]
    assert [answer.status_code for answer in texts] == [422, 422]
    first, second = (answer.context["form"].errors for answer in texts)
    assert first == second


def test_an_approver_decides_with_before_and_after_and_the_paper_beside_it(desk: Desk) -> None:
    row = proposed(desk)
    client, address = signed_in(desk.approver), page("correction", row.public_id)
    text = client.get(address).content.decode()
    assert RIGHT in text and page("source", row.public_id) in text and "批准更正</button>" in text
    assert client.get(page("source", row.public_id)).status_code == 200
    answer = client.post(address, {"act": "approve", "version": row.version})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.status, row.certificate_version) == ("approved", 2)
    assert "第 2 版" in client.get(address).content.decode()


def test_the_same_person_is_answered_403(desk: Desk) -> None:
    person = world.official("320000", "acceptance", "approval")
    row = proposed(desk, by=person)
    client, address = signed_in(person), page("correction", row.public_id)
    assert "批准更正</button>" not in client.get(address).content.decode()
    answer = client.post(address, {"act": "approve", "version": row.version})
    assert answer.status_code == 403 and "不能自己批准" in answer.content.decode()
    assert CertificateCorrection.objects.get().status == "proposed"


def test_declining_without_reasons_is_told_at_the_field(desk: Desk) -> None:
    row = proposed(desk)
    client, address = signed_in(desk.approver), page("correction", row.public_id)
    answer = client.post(address, {"act": "decline", "version": row.version, "reasons": ""})
    assert answer.status_code == 422 and "reasons" in answer.context["form"].errors
    answer = client.post(address, {"act": "decline", "version": row.version, "reasons": "没有印错"})
    assert answer.status_code == 302 and CertificateCorrection.objects.get().reasons == "没有印错"


@pytest.mark.parametrize("act", ["", "grant", "decide"])
def test_an_odd_act_does_nothing(desk: Desk, act: str) -> None:
    row = proposed(desk)
    answer = signed_in(desk.approver).post(
        page("correction", row.public_id), {"act": act, "version": row.version}
    )
    assert answer.status_code == 422 and CertificateCorrection.objects.get().status == "proposed"


def outsiders(desk: Desk) -> list[Any]:
    return [
        world.official("330000", "acceptance", "review", "approval"), world.official("320500", "approval"),
        world.official("320000", "supervision"), world.official("320000", "organisation_admin"),
        world.member(world.enterprise()),
    ]  # fmt: skip


def test_others_find_nothing(desk: Desk) -> None:
    asked = desk.ask(day=today() - timedelta(days=1), attachment=world.PDF, filename="证.pdf")
    row = proposed(desk)
    addresses = [
        page("correction", row.public_id), page("source", row.public_id), page("request", asked.public_id),
        page("attachment", asked.public_id),
    ]  # fmt: skip
    for person in outsiders(desk):
        client = signed_in(person)
        assert [client.get(address).status_code for address in addresses] == [404] * 4
        assert client.post(addresses[0], {"act": "approve", "version": 1}).status_code == 404
        assert client.post(addresses[2], {"act": "answer", "text": "x", "version": 1}).status_code == 404
    assert Client().get(addresses[0]).status_code == 302


def test_the_holder_reads_without_names_and_an_auditor_reads_all(desk: Desk) -> None:
    row = proposed(desk)
    address = page("correction", row.public_id)
    holder = signed_in(desk.applicant).get(address)
    assert holder.status_code == 200 and RIGHT in holder.content.decode()
    assert desk.clerk.name not in holder.content.decode()
    assert signed_in(desk.applicant).get(page("source", row.public_id)).status_code == 404
    for place in ("AQSIQ", "320000"):
        text = signed_in(world.official(place, "audit")).get(address).content.decode()
        assert desk.clerk.name in text and "批准更正</button>" not in text
    assert signed_in(world.official("330000", "audit")).get(address).status_code == 404


def test_a_report_is_not_shown_to_the_clerk(desk: Desk) -> None:
    """The papers of the review are not open to the clerk of acceptance (DOMAIN §8)."""
    source = type(desk.paper)("testing", desk.case.public_id)
    row = proposed(desk, source=source, by=desk.reviewer)
    address = page("source", row.public_id)
    assert signed_in(desk.clerk).get(address).status_code == 404
    assert signed_in(desk.reviewer).get(address).status_code == 200
    assert signed_in(desk.approver).get(address).status_code == 200


def test_a_paper_of_a_case_one_may_not_open_is_neither_offered_nor_shown(desk: Desk) -> None:
    """A clerk who handled one case reads the correction, and not what another case rests on."""
    clerk = world.official("320500", "acceptance")
    Application.objects.filter(pk=desk.case.pk).update(acceptance_authority=clerk.duties.first().authority)
    first = desk.case
    later = holders.granted(desk, Kind.CHANGE, today() - timedelta(days=30))
    offered = signed_in(clerk).get(new(desk)).content.decode()
    assert f"{first.public_id}:business_licence" in offered and str(later.public_id) not in offered
    answer = signed_in(clerk).post(new(desk), form(desk, source=f"{later.public_id}:business_licence"))
    assert answer.status_code == 422 and not CertificateCorrection.objects.exists()
    row = proposed(desk, source=Source("business_licence", later.public_id))
    for person, status in ((clerk, 404), (desk.clerk, 200), (desk.approver, 200)):
        client = signed_in(person)
        text = client.get(page("correction", row.public_id)).content.decode()
        assert RIGHT in text and (page("source", row.public_id) in text) is (status == 200)
        assert client.get(page("source", row.public_id)).status_code == status


def test_a_holder_asks_and_an_official_answers(desk: Desk) -> None:
    holder, number = signed_in(desk.applicant), desk.licence.number
    assert page("ask") in holder.get(reverse("licensing:own_licences")).content.decode()
    sent = {
        "number": number, "wrong": ["registered_address"], "explanation": "应为 188 号", "attachment": upload(),
    }  # fmt: skip
    wrong = holder.post(page("ask"), {**sent, "wrong": [], "explanation": "", "attachment": upload()})
    assert wrong.status_code == 422 and {"wrong", "explanation"} <= set(wrong.context["form"].errors)
    answer = holder.post(page("ask"), sent | {"attachment": upload()})
    row = CorrectionRequest.objects.get()
    assert answer["Location"] == page("request", row.public_id)
    assert holder.get(page("attachment", row.public_id)).status_code == 200
    assert number in holder.get(page("mine")).content.decode()
    clerk = signed_in(desk.clerk)
    assert number in clerk.get(page("corrections"), {"state": "asked"}).content.decode()
    text = clerk.get(page("request", row.public_id)).content.decode()
    assert f"request={row.public_id}" in text
    answer = clerk.post(
        page("request", row.public_id), {"act": "answer", "text": "与营业执照一致", "version": row.version}
    )
    assert answer.status_code == 302
    text = holder.get(page("request", row.public_id)).content.decode()
    assert "与营业执照一致" in text and desk.clerk.name not in text


def test_a_proposal_from_a_request_answers_it(desk: Desk) -> None:
    row = desk.ask(day=today() - timedelta(days=1))
    client = signed_in(desk.clerk)
    client.post(f"{new(desk)}&request={row.public_id}", form(desk))
    row.refresh_from_db()
    assert row.status == "taken_up" and CertificateCorrection.objects.get().request == row


def test_a_moved_licence_offers_confirmation_and_no_approval(desk: Desk) -> None:
    row = proposed(desk)
    holders.granted(desk, "replacement", today() - timedelta(days=1))
    address = page("correction", row.public_id)
    text = signed_in(desk.approver).get(address).content.decode()
    assert "重新确认以后" in text and 'value="approve"' not in text
    assert 'value="confirm"' in signed_in(desk.clerk).get(address).content.decode()
    answer = signed_in(desk.approver).post(address, {"act": "approve", "version": row.version})
    assert answer.status_code == 422 and "重新确认后再批准" in answer.content.decode()
    assert signed_in(desk.clerk).post(address, {"act": "confirm", "version": row.version}).status_code == 302
    assert 'value="approve"' in signed_in(desk.approver).get(address).content.decode()


def test_what_waits_is_on_the_desk(desk: Desk) -> None:
    day = today() - timedelta(days=1)
    asked = desk.ask(day=day - timedelta(days=20))
    clerk, approver = standing_of(desk.clerk, today()), standing_of(desk.approver, today())
    assert [row.public_id for row in to_answer(clerk)] == [asked.public_id]
    assert [row["late"] for row in todos(clerk)] == [True]
    row = proposed(desk, request=asked.public_id)
    assert (to_decide(approver), list(todos(clerk))) == (1, [])
    holders.granted(desk, "replacement", day)
    assert to_decide(approver) == 0 and [found.pk for found in to_confirm(clerk)] == [row.pk]
    other = standing_of(world.official("330000", "approval", "acceptance"), today())
    assert not list(todos(other))


def test_the_case_page_leads_to_it(desk: Desk) -> None:
    address = reverse("licensing:case", args=[desk.case.public_id])
    client = signed_in(desk.clerk)
    assert page("new") in client.get(address).content.decode()
    row = proposed(desk)
    assert page("correction", row.public_id) in client.get(address).content.decode()
    assert page("new") not in signed_in(desk.applicant).get(address).content.decode()


def test_empty_lists_say_what_to_do(desk: Desk) -> None:
    client = signed_in(desk.approver)
    for state, said in (("", "没有更正"), ("asked", "没有要答复的请求"), ("closed", "没有更正")):
        assert said in client.get(page("corrections"), {"state": state}).content.decode()
    assert "没有请求过更正" in signed_in(desk.applicant).get(page("mine")).content.decode()


@pytest.mark.parametrize("rows", [1, 12])
def test_pages_ask_a_constant_number_of_questions(
    rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = None
    for _n in range(rows):
        one = Desk(granted_on=add_months(today(), -14))
        row = proposed(one)
        one.ask(day=today() - timedelta(days=1))
        people = people or (signed_in(one.approver), signed_in(one.applicant))
    official, holder = people  # type: ignore[misc]
    for address, client, most in (
        (page("corrections"), official, 16), (page("corrections") + "?state=asked", official, 16),
        (page("correction", row.public_id), official, 24), (page("mine"), holder, 16),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def test_more_than_a_page_goes_on(desk: Desk) -> None:
    first = proposed(desk)
    rows = [
        CertificateCorrection(
            licence=desk.licence, licence_version=1, changes=first.changes, reason=REASON, status="withdrawn",
            source_case=first.source_case, source_paper=first.source_paper, proposed_by=first.proposed_by,
            proposed_on=today(), decided_on=today(),
        )
        for _n in range(35)
    ]  # fmt: skip
    CertificateCorrection.objects.bulk_create(rows)
    client = signed_in(desk.approver)
    shown = client.get(page("corrections"), {"state": "closed"})
    assert len(shown.context["page"].rows) == 30
    rest = client.get(page("corrections"), {"state": "closed", "after": shown.context["page"].next_after})
    assert len(rest.context["page"].rows) == 5
