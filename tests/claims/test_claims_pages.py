"""The pages of claims: who may open what, what is kept when refused, what they cost (R-88; DESIGN §3, §6)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.claims.models import Claim
from core.lifecycle.registry import registry
from core.parties.competence import standing_of
from core.parties.models import Enterprise, PowerOfAttorney, User
from tests.support import claims, world
from tests.support.claim_pages import filed, form_of, page, power_of, shown
from tests.support.clients import signed_in, today, upload

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-88")]


def test_a_new_person_claims_uploads_and_is_admitted_by_the_desk() -> None:
    person, clerk = world.user("周敏"), world.official("320000", "acceptance")
    client = signed_in(person)
    assert "你还没有代表任何企业" in client.get(page("mine")).content.decode()
    answer = client.post(page("new"), form_of())
    claim = Claim.objects.get()
    assert answer["Location"] == page("claim", claim)
    assert "现在要你做的：证明身份" in client.get(page("claim", claim)).content.decode()
    sent = {"version": claim.version, "file": upload(name="授权书.pdf")}
    assert client.post(page("authorisation", claim), sent)["Location"] == page("claim", claim)
    assert "现在要你做的：没有" in client.get(page("claim", claim)).content.decode()
    desk = signed_in(clerk)
    assert claim.name in desk.get(page("review_list")).content.decode()
    text = desk.get(page("review", claim)).content.decode()
    assert "授权书.pdf" in text
    claim.refresh_from_db()
    decision = {"act": "accept", "version": claim.version, "checked": ["seal", "code", "representative"]}
    refused = desk.post(page("review", claim), decision)
    assert refused.status_code == 422
    decision["checked"].append("person")
    assert desk.post(page("review", claim), decision)["Location"] == page("review_list")
    assert "认领已证明" in client.get(page("claim", claim)).content.decode()
    assert "苏州" not in claim.reasons


def test_a_wrong_code_is_said_at_its_field_and_the_rest_kept() -> None:
    client = signed_in(world.user())
    answer = client.post(page("new"), form_of(uscc="9132 0583 MA9D 8000 11"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_uscc_error"' in text
    assert "昆山新丰肥业有限公司" in text
    assert 'value="320583" selected' in text
    assert Claim.objects.count() == 0


def test_another_province_brings_its_counties_without_complaint() -> None:
    answer = signed_in(world.user()).post(page("new"), form_of(province="330000", switch="1", uscc=""))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert '<option value="330109"' in text
    assert "errsum" not in text


@pytest.mark.parametrize(
    "changes",
    [
        {"province": "３２００００"}, {"province": "x" * 50}, {"division": "330109"}, {"role": "claimant"},
        {"ground": "x"}, {"name": "\u202e"}, {"legal_representative": "周"}, {"phone": "call me"},
        {"address": " "}, {"uscc": "\x00"},
    ],
)  # fmt: skip
def test_odd_input_is_refused_and_never_an_error(changes: dict[str, str]) -> None:
    answer = signed_in(world.user()).post(page("new"), form_of(**changes))
    assert answer.status_code == 422
    assert Claim.objects.count() == 0


def test_a_form_sent_twice_leads_to_the_same_claim() -> None:
    client, form = signed_in(world.user()), form_of()
    first, second = client.post(page("new"), form), client.post(page("new"), form)
    assert first["Location"] == second["Location"]
    assert Claim.objects.count() == 1


def test_where_one_wanted_to_go_is_kept_if_it_is_here() -> None:
    client = signed_in(world.user())
    wish = "/apply/?category=cable"
    client.post(page("new"), form_of(next=wish))
    claim = Claim.objects.get()
    assert f'href="{wish}"' in client.get(page("claim", claim)).content.decode()
    shown(claim)
    assert f'href="{wish}"' in client.get(page("claim", claim)).content.decode()
    other = filed(world.user())
    assert wish not in signed_in(other.claimant).get(page("claim", other)).content.decode()
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        text = client.get(page("new"), {"next": elsewhere}).content.decode()
        assert 'name="next"' not in text
        client.post(page("new"), form_of(next=elsewhere))
        assert elsewhere not in client.get(page("claim", Claim.objects.latest("pk"))).content.decode()


def test_the_pages_of_a_claim_never_show_whose_the_code_is(enterprise: Enterprise) -> None:
    lead = world.member(enterprise, name="钱已证")
    person = world.user()
    client = signed_in(person)
    client.post(page("new"), form_of(uscc=enterprise.uscc))
    claim = Claim.objects.get()
    pages = [page("mine"), page("claim", claim), page("authorisation", claim), page("withdraw", claim)]
    texts = [client.get(address).content.decode() for address in pages]
    shown(claim)
    assert Claim.objects.get().status == "disputed"
    texts += [client.get(page(name, claim)).content.decode() for name in ("claim", "statement")]
    for text in texts:
        for secret in (enterprise.name, lead.name, enterprise.registered_address, enterprise.phone):
            assert secret not in text or secret in claims.facts().values()
    assert client.get(page("agents", enterprise)).status_code == 404


def test_the_other_side_of_a_dispute_sees_the_matter_and_not_the_papers(enterprise: Enterprise) -> None:
    lead, rival = world.member(enterprise), world.user("吴新任")
    claim = shown(filed(rival, uscc=enterprise.uscc, ground="changed", phone="0512-99998888"))
    holder = signed_in(lead)
    text = holder.get(page("claim", claim)).content.decode()
    assert "吴新任" in text
    assert "你的权限不变" in text
    assert "0512-99998888" not in text
    assert "授权书" not in text
    paper = reverse("claims:document", kwargs={"public_id": claim.public_id, "slot": "authorisation"})
    assert holder.get(paper).status_code == 404
    assert signed_in(rival).get(paper).status_code == 200
    sent = {"text": "我才是法定代表人", "document": upload(name="执照.pdf")}
    assert holder.post(page("statement", claim), sent)["Location"] == page("claim", claim)
    assert "我才是法定代表人" not in signed_in(rival).get(page("claim", claim)).content.decode()
    evidence = reverse("claims:document", kwargs={"public_id": claim.public_id, "slot": "statement_holder"})
    assert holder.get(evidence).status_code == 200
    assert signed_in(rival).get(evidence).status_code == 404
    approver = signed_in(world.official("320000", "approval"))
    assert approver.get(evidence).status_code == 200
    desk = approver.get(page("review", claim)).content.decode()
    assert "我才是法定代表人" in desk
    assert "认领人还没有陈述意见" in desk


def test_an_approver_decides_on_the_page_with_reasons(enterprise: Enterprise) -> None:
    lead, rival = world.member(enterprise), world.user("吴新任")
    claim = shown(filed(rival, uscc=enterprise.uscc, ground="changed"))
    approver = signed_in(world.official("320000", "approval"))
    unheard = approver.get(page("review", claim) + "?act=replace").content.decode()
    assert "在那之前只能裁定维持现任" in unheard
    assert "由认领人接任" not in unheard
    signed_in(lead).post(page("statement", claim), {"text": "没有变更过"})
    claim.refresh_from_db()
    assert "由认领人接任" in approver.get(page("review", claim) + "?act=replace").content.decode()
    sent = {"act": "replace", "version": claim.version, "reasons": ""}
    assert approver.post(page("review", claim), sent).status_code == 422
    approver.post(page("review", claim), {**sent, "reasons": "营业执照已变更"})
    assert standing_of(rival, today()).memberships[0].may_file
    assert "营业执照已变更" in signed_in(lead).get(page("claim", claim)).content.decode()
    again = approver.post(page("review", claim), {**sent, "act": "uphold", "reasons": "改主意"}, follow=True)
    assert "已经有了新的进展" in again.content.decode()


def test_a_clerk_with_a_stake_reads_why_he_may_not_decide() -> None:
    clerk = world.official("320000", "acceptance")
    claim = shown(filed(clerk))
    text = signed_in(clerk).get(page("review", claim)).content.decode()
    assert "须由别人办理" in text
    assert '<button class="btn main"' not in text


def test_an_agent_does_not_manage_agents(enterprise: Enterprise) -> None:
    lead, agent = world.member(enterprise), claims.agent_of(enterprise)
    power = power_of(enterprise, agent, lead)
    client = signed_in(agent)
    for address in (
        page("agents", enterprise),
        page("grant", enterprise),
        page("revoke", power),
        page("renew", power),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {"agent": str(agent.public_id)}).status_code == 404


def test_the_representative_grants_renews_and_revokes_on_the_pages(enterprise: Enterprise) -> None:
    lead, agent = world.member(enterprise), claims.agent_of(enterprise, "吴代理")
    client, day = signed_in(lead), today()
    text = client.get(page("agents", enterprise)).content.decode()
    assert "还没有，对方只能填草稿" in text
    grant = {"agent": str(agent.public_id), "first": day.isoformat(), "last": "明天"}
    refused = client.post(page("grant", enterprise), grant)
    assert refused.status_code == 422
    assert "请按“年-月-日”填写日期" in refused.content.decode()
    last = day + timedelta(days=30)
    wide = last.isoformat().translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
    assert client.post(page("grant", enterprise), {**grant, "last": wide})["Location"] == page(
        "agents", enterprise
    )
    power = PowerOfAttorney.objects.get()
    assert power.valid_to == last + timedelta(days=1)
    overlapping = client.post(page("grant", enterprise), {**grant, "last": last.isoformat()})
    assert "重叠" in overlapping.content.decode()
    client.post(page("renew", power), {"last": (last + timedelta(days=60)).isoformat()})
    assert PowerOfAttorney.objects.count() == 2
    client.post(page("revoke", power))
    power.refresh_from_db()
    assert power.revoked_at is not None
    assert client.post(page("revoke", power)).status_code == 404
    client.post(page("remove_agent", enterprise), {"agent": str(agent.public_id)})
    assert standing_of(agent, day).memberships == ()


def test_yesterday_s_power_is_said_with_what_to_do(enterprise: Enterprise) -> None:
    lead, agent = world.member(enterprise), claims.agent_of(enterprise)
    power_of(enterprise, agent, lead, -100, 0)
    text = signed_in(agent).get(page("mine")).content.decode()
    assert "请法定代表人在“代理人”页续期" in text
    assert "授权已到期" in signed_in(lead).get(page("agents", enterprise)).content.decode()


def test_inviting_on_the_page_says_the_same_of_everybody(enterprise: Enterprise) -> None:
    client, somebody = signed_in(world.member(enterprise)), world.user()
    texts = []
    for address in (somebody.username, "nobody-here"):
        answer = client.post(page("agents", enterprise), {"address": address}, follow=True)
        words = [str(message) for message in answer.context["messages"]]
        texts.append([text.replace(address, "…") for text in words])
    assert texts[0] == texts[1] != []
    guest = signed_in(somebody)
    assert "请你作代理人" in guest.get(page("mine")).content.decode()
    from core.claims.models import Invitation

    invitation = Invitation.objects.get(address=somebody.username)
    guest.post(page("accept_invitation", invitation))
    assert "还没有授权" in guest.get(page("mine")).content.decode()


def test_an_agent_s_claim_is_answered_by_the_representative(enterprise: Enterprise) -> None:
    lead, person = world.member(enterprise), world.user("方求代")
    claim = filed(person, uscc=enterprise.uscc, role="agent")
    client = signed_in(lead)
    assert "方求代 申请作代理人" in client.get(page("agents", enterprise)).content.decode()
    assert "让 方求代 作代理人？" in client.get(page("claim", claim)).content.decode()
    assert client.post(page("decline", claim), {"version": claim.version, "reasons": ""}).status_code == 422
    client.post(page("admit", claim), {"version": claim.version})
    assert standing_of(person, today()).memberships[0].role == "agent"


def test_a_refused_upload_is_said_at_its_field(client: Client) -> None:
    person = world.user()
    claim = filed(person)
    sent = {"version": claim.version, "file": upload(b"MZ not a document", "授权书.pdf")}
    answer = signed_in(person).post(page("authorisation", claim), sent)
    assert answer.status_code == 422
    assert 'id="id_file_error"' in answer.content.decode()


def todos(person: User) -> list[str]:
    return [
        row["label"]
        for row in registry.todos_for(standing_of(person, today()))
        if "enterprise/" in row["url"]
    ]


def test_everybody_finds_what_waits_for_him(enterprise: Enterprise) -> None:
    lead, rival, clerk = world.member(enterprise), world.user(), world.official("320000", "acceptance")
    approver = world.official("320000", "approval")
    for person in (lead, rival, clerk, approver):
        assert todos(person) == []
    claim = filed(rival, uscc=enterprise.uscc)
    assert todos(rival) == ["证明你代表“昆山新丰肥业有限公司”"]
    shown(claim)
    shown(filed(world.user()))
    filed(world.user(), uscc=enterprise.uscc, role="agent")
    assert todos(clerk) == ["核对盖章授权书"]
    assert todos(approver) == ["裁定认领争议"]
    assert todos(lead) == ["有人认领你的企业，请陈述意见", "有人申请作你企业的代理人"]
    assert todos(rival) == []
    signed_in(rival).post(page("statement", claim), {"text": "我接任了"})
    assert len(todos(lead)) == 2
    signed_in(lead).post(page("statement", claim), {"text": "没有变更"})
    assert todos(lead) == ["有人申请作你企业的代理人"]
