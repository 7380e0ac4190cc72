"""What belongs to one organisation stays shut to every other: pages, acts and files, GET and POST (DESIGN §3)."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import ProductCategory
from certificates.models import OfficialDocument
from core.parties.models import User
from licensing.lifecycle import Status
from licensing.models import Application
from licensing.urls import urlpatterns
from tests.support import world
from tests.support.cases import Cases
from tests.support.claims import agent_of
from tests.support.clients import everything, signed_in, upload

pytestmark = pytest.mark.django_db

SHUT = {403, 404, 405}
SLOTS = ("business_licence", "application_form", "commitment_letter")
OBJECT_PAGES = [
    row.name
    for row in urlpatterns
    if "public_id" in row.pattern.regex.groupindex
    and str(row.pattern).removeprefix("^").startswith(("cases/", "apply/"))
]
"""Pages of one case; a bar, an order or a delegation is no case and has tests of its own."""
READ_ONLY = ("case", "days", "notice", "official_document", "superseded_document")
FILES = ("document", "evidence_document", "certificate")
ACTS = {
    "submit": "draft", "discard": "draft", "enterprise": "draft", "accept": "submitted",
    "refuse_acceptance": "submitted", "correct": "waiting", "not_required": "waiting", "retract": "submitted",
    "take_review": "untaken", "record_evidence": "taken", "resubmit": "noticed", "acknowledge": "refused",
    "decide": "pending", "recuse": "taken", "take_over": "taken", "assign": "untaken",
}  # fmt: skip
"""One case for every act on which its rightful person succeeds with the payload strangers send."""

READ = ("draft", "submitted", "pending", "granted")
"""Every page is read in these states."""

INTRUDERS: dict[str, Callable[[], User]] = {
    "another enterprise": lambda: world.member(world.enterprise("320583"), name="邻厂"),
    "an enterprise of another province": lambda: world.member(world.enterprise("330109"), name="外省"),
    "a clerk of Zhejiang": lambda: world.official("330000", "acceptance"),
    "a reviewer of Zhejiang": lambda: world.official("330000", "review"),
    "an approver of Zhejiang": lambda: world.official("330000", "approval"),
    "everything in Zhejiang": lambda: world.official(
        "330000", "acceptance", "review", "approval", "head", "audit"
    ),
    "a clerk of Suzhou without delegation": lambda: world.official(
        "320500", "acceptance", "review", "approval"
    ),
    "a supervisor of Kunshan": lambda: world.official("320583", "supervision"),
    "a user without any role": lambda: world.user("无职"),
}


def addresses(application: Application, name: str) -> list[str]:
    """The addresses of one page of a case."""
    extra: list[dict[str, str]] = [{}]
    if name in ("document", "superseded_document"):
        extra = [{"slot": slot} for slot in SLOTS]
    elif name.startswith("typed"):
        extra = [{"section": section} for section in ("enterprise", "product", "sites", "conditions")]
    elif name == "official_document":
        rows = OfficialDocument.objects.filter(subject_id=str(application.public_id))
        extra = [{"code": row.public_id} for row in rows]
    elif name in ("evidence_document", "record_evidence"):
        extra = [{"track": track} for track in ("onsite", "testing")]
    return [
        reverse(f"licensing:{name}", kwargs={"public_id": application.public_id, **more}) for more in extra
    ]


def all_addresses(application: Application) -> Iterator[tuple[str, str]]:
    for name in OBJECT_PAGES:
        for address in addresses(application, name):
            yield name, address


def shut(answer: Any, name: str) -> bool:
    """Refused; deleting a draft answers with one's own list whether there is such a draft or not."""
    if name == "discard" and answer.status_code == 302:
        return bool(answer["Location"] == reverse("licensing:cases"))
    return answer.status_code in SHUT


def with_fresh_files(payload: dict[str, Any]) -> dict[str, Any]:
    return payload | {"file": upload(), "document": upload()}


def open_doors(client: Client, cases: dict[str, Application]) -> list[str]:
    """Where this person got in: every page read in every state, every form sent where it would be taken."""
    found = []
    for state, application in cases.items():
        payload = everything(application, act="grant")
        for name, address in all_addresses(application):
            answers = [client.get(address)] if state in READ or len(cases) < len(READ) else []
            if ACTS.get(name, "pending") == state or len(cases) < len(READ):
                answers.append(client.post(address, with_fresh_files(payload)))
            for answer in answers:
                if not shut(answer, name):
                    found.append(
                        f"{state}: {answer.request['REQUEST_METHOD']} {address} → {answer.status_code}"
                    )
    return found


@pytest.fixture(autouse=True)
def _quiet_refusals(caplog: pytest.LogCaptureFixture) -> None:
    """Hundreds of refusals are what these tests ask for; their tracebacks are not."""
    caplog.set_level(logging.CRITICAL, "django.request")


@pytest.mark.parametrize("who", INTRUDERS)
def test_no_stranger_reaches_anything_of_a_case(cases: Cases, who: str) -> None:
    client = signed_in(INTRUDERS[who]())
    before = cases.state()
    assert open_doors(client, cases.all()) == []
    assert cases.state() == before


def test_a_visitor_is_led_to_sign_in_from_every_address(cases: Cases, client: Client) -> None:
    before = cases.state()
    for application in cases.all().values():
        for name, address in all_addresses(application):
            for answer in (client.get(address), client.post(address, everything(application, act="grant"))):
                if name == "typed":
                    assert answer.status_code in (401, 405)
                    continue
                assert answer.status_code == 302
                assert answer["Location"].startswith("/accounts/login/?next=")
    assert cases.state() == before


@pytest.mark.parametrize("act", sorted(ACTS.keys() - {"take_over"}))
def test_the_same_payload_works_for_the_rightful_person(cases: Cases, act: str) -> None:
    """Otherwise the refusals above would prove nothing."""
    cast, application = cases.cast, getattr(cases, ACTS[act])
    person = {
        "accept": cast.clerk, "refuse_acceptance": cast.clerk, "correct": cast.clerk, "not_required": cast.clerk,
        "take_review": cast.reviewer,
        "record_evidence": cast.reviewer, "decide": cast.approver, "recuse": cast.reviewer,
        "assign": world.official("320000", "head"),
    }.get(act, cast.applicant)  # fmt: skip
    before = cases.state()
    sent = everything(application, act="grant")
    if act == "refuse_acceptance":
        sent["right_authority"] = str(world.Authority.objects.get(code="330000").pk)
    if act == "assign":
        sent["reviewer"] = str(cast.reviewer.public_id)
    answer = signed_in(person).post(addresses(application, act)[0], sent)
    assert answer.status_code == 302
    assert cases.state() != before


@pytest.mark.parametrize("name", FILES)
def test_files_are_refused_to_strangers_and_given_to_the_applicant(cases: Cases, name: str) -> None:
    own = signed_in(cases.cast.applicant)
    for address in addresses(cases.granted, name):
        answer = own.get(address)
        assert answer.status_code == 200
        assert answer.getvalue().startswith(b"%PDF")
        for who in INTRUDERS.values():
            refused = signed_in(who()).get(address)
            assert refused.status_code == 404
            assert b"%PDF" not in refused.content


def test_the_business_licence_of_a_draft_belongs_to_the_enterprise_alone(cases: Cases) -> None:
    address = addresses(cases.draft, "document")[0]
    assert signed_in(cases.cast.applicant).get(address).status_code == 200
    for person in (cases.cast.clerk, cases.cast.reviewer, cases.cast.approver):
        assert signed_in(person).get(address).status_code == 404


def test_nobody_applies_in_the_name_of_another_enterprise(cases: Cases) -> None:
    client = signed_in(world.member(world.enterprise()))
    count = Application.objects.count()
    for draft in ("11111111-1111-4111-8111-111111111111", str(cases.draft.public_id)):
        answer = client.post(
            reverse("licensing:start"), {"enterprise": cases.cast.enterprise.uscc, "draft": draft}
        )
        assert answer.status_code == 200
    own = {"enterprise": client.get(reverse("licensing:start")).context["memberships"][0].uscc}
    answer = client.post(reverse("licensing:start"), own | {"draft": str(cases.draft.public_id)})
    assert answer.status_code == 200
    assert Application.objects.count() == count


def test_lists_show_one_s_own_and_nothing_else(cases: Cases) -> None:
    neighbour = signed_in(INTRUDERS["another enterprise"]())
    assert cases.cast.enterprise.name not in neighbour.get(reverse("licensing:cases")).content.decode()
    stranger = signed_in(INTRUDERS["everything in Zhejiang"]())
    for scope in ("mine", "desk", "all"):
        page = stranger.get(reverse("licensing:work"), {"scope": scope, "q": cases.cast.enterprise.name[:4]})
        assert page.context["work"].rows == ()
        assert page.context["work"].counts["desk"] == 0


OFFICIALS: dict[str, tuple[str, tuple[str, ...]]] = {
    "clerk": ("320000", ("acceptance",)),
    "reviewer": ("320000", ("review",)),
    "approver": ("320000", ("approval",)),
    "head": ("320000", ("head",)),
    "provincial auditor": ("320000", ("audit",)),
    "auditor": ("AQSIQ", ("audit",)),
    "national administrator": ("AQSIQ", ("national_admin",)),
    "all duties at AQSIQ": ("AQSIQ", ("acceptance", "review", "approval", "head", "audit", "national_admin")),
}


@pytest.mark.parametrize("who", OFFICIALS)
def test_a_draft_is_invisible_to_every_official(cases: Cases, who: str) -> None:
    authority, duties = OFFICIALS[who]
    client = signed_in(world.official(authority, *duties))
    before = cases.state()
    assert open_doors(client, {"draft": cases.draft}) == []
    assert cases.state() == before
    if duties != ("national_admin",):
        listed = client.get(reverse("licensing:work"), {"scope": "all"}).context["work"].rows
        assert all(row.application.status != Status.DRAFT for row in listed)


def test_a_reviewer_cannot_open_the_case_of_another_reviewer(cases: Cases) -> None:
    colleague = signed_in(world.official("320000", "review", name="同事"))
    before = cases.state()
    others = {name: getattr(cases, name) for name in ("taken", "pending", "granted", "submitted")}
    assert open_doors(colleague, others) == []
    assert cases.state() == before
    assert colleague.get(addresses(cases.untaken, "case")[0]).status_code == 200
    assert signed_in(cases.cast.reviewer).get(addresses(cases.taken, "case")[0]).status_code == 200


@pytest.mark.parametrize("who", ["auditor", "provincial auditor", "national administrator"])
def test_who_only_reads_reads_everything_filed_and_acts_on_nothing(cases: Cases, who: str) -> None:
    authority, duties = OFFICIALS[who]
    client = signed_in(world.official(authority, *duties))
    for application in cases.filed().values():
        for name in ("case", "days"):
            assert client.get(addresses(application, name)[0]).status_code == 200
    assert client.get(addresses(cases.granted, "document")[0]).status_code == 200
    assert client.get(addresses(cases.granted, "evidence_document")[0]).status_code == 200
    before = cases.state()
    for application in cases.filed().values():
        for name, address in all_addresses(application):
            answer = client.post(address, everything(application, act="grant"))
            assert name in (*FILES, *READ_ONLY) or answer.status_code in (403, 404, 422), address
    assert cases.state() == before


def test_only_the_holder_s_own_post_of_the_certificate_is_its_delivery(cases: Cases) -> None:
    address = addresses(cases.granted, "certificate")[0]
    before = cases.state()
    for person in (cases.cast.approver, world.official("320000", "head"), world.official("AQSIQ", "audit")):
        for answer in (signed_in(person).get(address), signed_in(person).post(address)):
            assert answer.status_code == 200
    for person in (cases.cast.clerk, cases.cast.reviewer, world.official("AQSIQ", "national_admin")):
        for answer in (signed_in(person).get(address), signed_in(person).post(address)):
            assert answer.status_code == 404
        assert address not in signed_in(person).get(addresses(cases.granted, "case")[0]).content.decode()
    holder, agent = signed_in(cases.cast.applicant), signed_in(agent_of(cases.cast.enterprise))
    assert holder.get(address).status_code == agent.post(address).status_code == 200
    assert cases.state() == before
    assert holder.post(address).status_code == 200
    assert cases.fresh("granted").status == Status.DELIVERED


def test_the_clerk_who_accepted_cannot_reach_the_decision(cases: Cases) -> None:
    for kind in ("approval", "review"):
        world.Duty.objects.create(
            user=cases.cast.clerk, authority=world.Authority.objects.get(code="320000"), kind=kind,
            valid_from=world.EPOCH,
        )  # fmt: skip
    client = signed_in(cases.cast.clerk)
    before = cases.state()
    for application, act in (
        (cases.pending, "decide"),
        (cases.taken, "record_evidence"),
        (cases.untaken, "review"),
    ):
        address, case = addresses(application, act)[0], addresses(application, "case")[0]
        for answer in (client.get(address), client.post(address, everything(application, act="grant"))):
            assert (answer.status_code, answer.headers.get("Location")) in {(302, case), (405, None)}
        offered = client.get(case).context["acts"]
        assert [act for act, is_open in offered.items() if is_open] == ["recuse"]
    client.post(addresses(cases.untaken, "take_review")[0], everything(cases.untaken))
    assert cases.state() == before
    assert signed_in(cases.cast.approver).get(addresses(cases.pending, "decide")[0]).status_code == 200


def test_the_reviewer_cannot_decide_his_own_case(cases: Cases) -> None:
    world.Duty.objects.create(
        user=cases.cast.reviewer, authority=world.Authority.objects.get(code="320000"), kind="approval",
        valid_from=world.EPOCH,
    )  # fmt: skip
    before = cases.state()
    answer = signed_in(cases.cast.reviewer).post(
        addresses(cases.pending, "decide")[0], everything(cases.pending, act="grant")
    )
    assert answer.status_code == 302
    assert cases.state() == before


def test_an_official_without_second_factor_is_led_to_set_one_up(cases: Cases) -> None:
    client = signed_in(cases.cast.clerk, second_factor=False)
    before = cases.state()
    for address in (reverse("licensing:work"), *addresses(cases.submitted, "case")):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"] == reverse("mfa_activate_totp")
    answer = client.post(addresses(cases.submitted, "accept")[0], everything(cases.submitted))
    assert answer["Location"] == reverse("mfa_activate_totp")
    assert cases.state() == before


def test_an_official_who_has_a_second_factor_must_show_it(cases: Cases) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(cases.cast.clerk, "JBSWY3DPEHPK3PXP")
    client = signed_in(cases.cast.clerk, second_factor=False)
    address = addresses(cases.submitted, "accept")[0]
    before = cases.state()
    for answer in (client.get(address), client.post(address, everything(cases.submitted))):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("mfa_reauthenticate") + "?next=")
    assert cases.state() == before


def test_a_membership_that_has_ended_opens_nothing(cases: Cases) -> None:
    former = cases.cast.applicant
    client = signed_in(former)
    assert client.get(addresses(cases.draft, "tasks")[0]).status_code == 200
    former.memberships.update(valid_to=world.DAY)
    assert open_doors(client, cases.all()) == []


def test_units_of_another_category_cannot_be_slipped_in(cases: Cases) -> None:
    foreign = ProductCategory.objects.get(key="cable").units.first()
    assert foreign is not None
    sent = everything(cases.draft, units=[str(foreign.pk)], file=upload())
    answer = signed_in(cases.cast.applicant).post(addresses(cases.draft, "product")[0], sent)
    assert answer.status_code == 422
    assert foreign.pk not in cases.draft.units.values_list("unit_id", flat=True)
