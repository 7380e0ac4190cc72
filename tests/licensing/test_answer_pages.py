"""The pages of a notice and its answer, as the desk and the applicant use them (S4, S6, K14; R-31)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from licensing.actions.papers import write_papers
from licensing.lifecycle import Status
from licensing.models import Application
from tests.support import world
from tests.support.clients import everything, signed_in, today
from tests.support.notices import hear

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return world.Cast()


@pytest.fixture
def case(cast):
    day = today() - timedelta(days=1)
    application = world.submitted(cast, day=day)
    write_papers(public_id=application.public_id, at=world.at(day, 11))
    return application


def page(name, application):
    return reverse(f"licensing:{name}", args=[application.public_id])


def fresh(application):
    return Application.objects.get(pk=application.pk)


def notice(cast, case, **items):
    items = items or {"enterprise.phone": "号码少一位", "conditions.staff": "没有写检验员"}
    sent = {"version": case.version, **items}
    return signed_in(cast.clerk).post(page("correct", case), sent)


@pytest.mark.req("R-31", "S4")
def test_the_way_from_notice_to_acceptance_in_the_browser_s_words(cast, case):
    assert notice(cast, case).status_code == 302
    applicant = signed_in(cast.applicant)
    answer = applicant.get(page("answer", case)).content.decode()
    assert "请补正 2 项" in answer and "号码少一位" in answer and "没有写检验员" in answer
    section = applicant.get(page("enterprise", case)).content.decode()
    assert "号码少一位" in section and section.count("disabled") >= 5
    sent = everything(case, address="换了的地址", name="换了的名字有限公司", phone="0512-57000001")
    assert applicant.post(page("enterprise", case), sent)["Location"].endswith("/answer/")
    kept = fresh(case).draft["enterprise"]
    assert kept["phone"] == "0512-57000001" and kept["name"] == case.filed["enterprise"]["name"]
    assert kept["address"] == case.filed["enterprise"]["address"]
    sent = everything(case, staff="工艺员 2 人，检验员 3 人")
    assert applicant.post(page("conditions", case), sent)["Location"].endswith("/answer/")
    conditions = fresh(case).draft["conditions"]
    assert conditions["staff"] == "工艺员 2 人，检验员 3 人"
    assert conditions["equipment"] == case.filed["conditions"]["equipment"]
    assert conditions["process"] == case.filed["conditions"]["process"]
    assert applicant.post(page("commitment", case), everything(case, signer="周敏")).status_code == 302
    sent = {"draft_version": fresh(case).draft_version}
    assert applicant.post(page("resubmit", case), sent)["Location"] == page("receipt", case)
    assert applicant.post(page("resubmit", case), sent)["Location"] == page("case", case)
    hear("licensing.resubmit", "licensing.papers")
    desk = signed_in(cast.clerk).get(page("accept", case)).content.decode()
    assert "补正后改了什么" in desk and "0512-57000001" in desk and page("correct", case) not in desk
    done = signed_in(cast.clerk).post(page("accept", case), {"version": fresh(case).version})
    assert done.status_code == 302 and fresh(case).status == Status.UNDER_REVIEW


@pytest.mark.req("R-31")
def test_a_notice_citing_an_environmental_report_finds_no_field(cast, case):
    answer = notice(cast, case, **{"environment_report": "缺环境影响报告"})
    assert answer.status_code == 422 and "请至少指出一项" in answer.content.decode()
    assert fresh(case).status == Status.SUBMITTED


@pytest.mark.parametrize("section", ["product", "sites", "business_licence"])
def test_sections_not_noticed_stay_shut(cast, case, section):
    notice(cast, case)
    answer = signed_in(cast.applicant).get(page(section, case))
    assert answer.status_code == 302 and answer["Location"] == page("answer", case)


def test_reasons_typed_are_kept_when_one_is_too_long(cast, case):
    answer = notice(cast, case, **{"enterprise.phone": "号码少一位", "sites.rows": "长" * 501})
    text = answer.content.decode()
    assert answer.status_code == 422 and "号码少一位" in text and "500" in text


@pytest.mark.req("S5")
def test_the_refusal_offers_only_grounds_the_record_bears_out(cast, case):
    text = signed_in(cast.clerk).get(page("refuse_acceptance", case)).content.decode()
    assert "wrong_authority" in text
    assert "items_missing" not in text and "barred" not in text and "category_closed" not in text


@pytest.mark.req("S2")
def test_forwarding_by_the_form_and_the_applicant_sees_where_it_went(cast, case):
    sent = everything(case, right_authority=str(world.Authority.objects.get(code="330000").pk))
    assert signed_in(cast.clerk).post(page("refuse_acceptance", case), sent).status_code == 302
    copy = Application.objects.get(forwarded_from=case)
    assert copy.documents.count() == 3
    text = signed_in(cast.applicant).get(page("case", case)).content.decode()
    assert copy.number in text and page("case", copy) in text


def test_without_a_right_authority_the_explanation_is_kept(cast, case):
    sent = everything(case, explanation="应向另一省申请")
    answer = signed_in(cast.clerk).post(page("refuse_acceptance", case), sent)
    assert answer.status_code == 422 and "应向另一省申请" in answer.content.decode()


def test_an_answer_prepared_is_shown_to_its_applicant_alone(cast, case):
    notice(cast, case, business_licence="看不清")
    applicant = signed_in(cast.applicant)
    newer = world.PDF.replace(b"%%EOF", b"%rescanned\n%%EOF")
    sent = everything(case, file=SimpleUploadedFile("a.pdf", newer, "application/pdf"))
    assert applicant.post(page("business_licence", case), sent).status_code == 302
    address = reverse("licensing:document", args=[case.public_id, "business_licence"])
    mine = b"".join(applicant.get(address).streaming_content)
    theirs = b"".join(signed_in(cast.clerk).get(address).streaming_content)
    assert mine != theirs


@pytest.mark.req("R-88")
def test_an_agent_whose_power_ended_yesterday_keeps_the_draft(cast):
    from core.parties.models import Membership, PowerOfAttorney

    agent = world.user("代理人")
    Membership.objects.create(user=agent, enterprise=cast.enterprise, role="agent", valid_from=world.EPOCH)
    power = PowerOfAttorney.objects.create(
        user=agent, enterprise=cast.enterprise, granted_by=cast.applicant, granted_at=world.at(),
        valid_from=today() - timedelta(days=30), valid_to=today(),
    )  # fmt: skip
    draft = world.signed_draft(cast, day=today())
    client, sent = signed_in(agent), {"draft_version": draft.draft_version}
    answer = client.post(page("submit", draft), sent, follow=True)
    assert fresh(draft).is_draft and "无权代表" in answer.content.decode()
    power.valid_to = today() + timedelta(days=1)
    power.save()
    assert client.post(page("submit", draft), sent).status_code == 302
    assert not fresh(draft).is_draft


def test_bars_are_recorded_and_lifted_in_the_browser(cast):
    client = signed_in(cast.approver)
    sent = everything(world.filled_draft(cast), enterprise=cast.enterprise.uscc, category="cable", cause="penalty",
                      decided_on=today().isoformat(), instrument="（苏）罚〔2026〕1 号")  # fmt: skip
    assert client.post(reverse("licensing:bar_new"), sent).status_code == 302
    text = client.get(reverse("licensing:bars")).content.decode()
    assert cast.enterprise.name in text and "罚〔2026〕1 号" in text
    bar = cast.enterprise.bars.get()
    other = signed_in(world.Cast("330000", "330109").approver)
    for name in ("bar_document", "bar_lift"):
        assert other.get(reverse(f"licensing:{name}", args=[bar.public_id])).status_code == 404
    assert (
        client.post(reverse("licensing:bar_lift", args=[bar.public_id]), {"reason": "复议撤销"}).status_code
        == 302
    )
    assert cast.enterprise.bars.get().lifted_on == today()


@pytest.mark.req("R-29")
def test_the_desk_names_missing_papers_as_people_do(cast):
    early = world.submitted(cast, day=today() - timedelta(days=1))
    text = signed_in(cast.clerk).get(page("accept", early)).content.decode()
    assert "申请书、承诺书" in text
    assert "application_form" not in text and "commitment_letter" not in text


@pytest.mark.req("S2")
def test_a_case_forwarded_before_its_papers_were_written_gets_them_where_it_went(cast):
    early = world.submitted(cast, day=today() - timedelta(days=1))
    sent = everything(early, right_authority=str(world.Authority.objects.get(code="330000").pk))
    assert signed_in(cast.clerk).post(page("refuse_acceptance", early), sent).status_code == 302
    copy = Application.objects.get(forwarded_from=early)
    assert set(copy.documents.values_list("slot", flat=True)) == {"business_licence"}
    hear("licensing.receive_forwarded", "licensing.papers")
    assert copy.documents.count() == 3


@pytest.mark.req("R-31")
def test_while_the_answer_is_awaited_the_case_speaks_of_the_answer_and_sections_lead_back_to_it(cast, case):
    notice(cast, case)
    applicant = signed_in(cast.applicant)
    text = applicant.get(page("case", case)).content.decode()
    assert "等企业补正，还有" in text and "决定是否受理" not in text
    section = applicant.get(page("enterprise", case)).content.decode()
    links = {f'href="{page(name, case)}"': name for name in ("answer", "tasks")}
    assert "回到补正" in section and [name for link, name in links.items() if link in section] == ["answer"]


@pytest.mark.req("R-30")
def test_papers_being_written_are_no_fault_of_the_enterprise(cast):
    application = world.submitted(cast, day=today() - timedelta(days=1))
    desk = signed_in(cast.clerk).get(page("accept", application)).content.decode()
    assert "正在生成" in desk and "不符合" not in desk
    application.documents.filter(slot="business_licence").delete()
    desk = signed_in(cast.clerk).get(page("accept", application)).content.decode()
    assert "正在生成" not in desk and "不符合" in desk


@pytest.mark.req("R-29")
def test_the_registered_address_is_offered_until_it_is_listed(cast):
    draft = world.filled_draft(cast)
    applicant = signed_in(cast.applicant)
    applicant.post(page("sites", draft), {"draft_version": fresh(draft).draft_version, "remove": "0"})
    assert "与住所相同" in applicant.get(page("sites", draft)).content.decode()
    applicant.post(page("sites", draft), {"draft_version": fresh(draft).draft_version, "same": "1"})
    listed = applicant.get(page("sites", draft)).content.decode()
    assert "与住所相同" not in listed and fresh(draft).draft["enterprise"]["full_address"] in listed
