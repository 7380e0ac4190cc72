"""Who reads an official document, and who has read it: the case page, the inbox, the file, strangers (R-4, R-47)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certificates.models import DocumentReceipt, OfficialDocument
from core.ledger.models import LedgerEntry
from core.messages.models import Message
from core.outbox.actions import deliver_due
from core.parties.models import Membership, User
from licensing.models import Application
from tests.support import documents as docs
from tests.support import world
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


@pytest.fixture
def case(cast: world.Cast) -> Application:
    """Accepted, with a signed receipt and a signed acceptance."""
    case = docs.move("accept", docs.on_desk(cast), cast.clerk)
    for row in OfficialDocument.objects.filter(subject_id=str(case.public_id)):
        docs.placed(row)
    return case


def address(case: Application) -> str:
    row = docs.last_of(case)
    return reverse("licensing:official_document", args=(case.public_id, row.public_id))


def page(case: Application) -> str:
    return reverse("licensing:case", args=(case.public_id,))


@pytest.mark.req("R-4")
def test_the_enterprise_opens_it_and_the_first_time_is_noted(cast: world.Cast, case: Application) -> None:
    client = signed_in(cast.applicant)
    first = client.get(address(case))
    assert first.status_code == 200 and first["Content-Type"] == "application/pdf"
    assert b"".join(first) == world.PDF
    noted = DocumentReceipt.objects.get()
    assert noted.document == docs.last_of(case) and noted.opened_by == cast.applicant
    colleague = world.user("何人")
    Membership.objects.create(
        user=colleague, enterprise=cast.enterprise, role=Membership.Role.AGENT, valid_from=world.EPOCH
    )
    assert signed_in(colleague).get(address(case) + "?download").status_code == 200
    assert DocumentReceipt.objects.get().opened_at == noted.opened_at
    entry = LedgerEntry.objects.get(act="certificates.document_opened")
    assert entry.organisation == cast.enterprise.uscc
    assert entry.public == {"number": docs.last_of(case).number}
    assert cast.applicant.name not in str((entry.public, entry.internal))


@pytest.mark.parametrize("how", ["head", "prefetch", "official"])
def test_what_is_nobodys_look_is_not_noted(cast: world.Cast, case: Application, how: str) -> None:
    client = signed_in(cast.clerk if how == "official" else cast.applicant)
    if how == "head":
        assert client.head(address(case)).status_code == 200
    else:
        more = {"headers": {"Sec-Purpose": "prefetch"}} if how == "prefetch" else {}
        assert client.get(address(case), **more).status_code == 200
    assert not DocumentReceipt.objects.exists()


def test_the_official_sees_when_and_by_whom_the_enterprise_only_when(
    cast: world.Cast, case: Application
) -> None:
    official, own = signed_in(cast.clerk), signed_in(cast.applicant)
    before = official.get(page(case)).content.decode()
    assert "正式文书" in before and "未阅" in before and docs.last_of(case).number in before
    own.get(address(case))
    seen = official.get(page(case)).content.decode()
    assert "企业首次打开 · 周敏" in seen
    shown = own.get(page(case)).content.decode()
    assert "企业首次打开" in shown and "企业首次打开 · 周敏" not in shown


def test_a_case_without_documents_says_nothing_of_them(cast: world.Cast) -> None:
    case = docs.on_desk(cast)
    OfficialDocument.objects.filter(subject_id=str(case.public_id)).delete()
    for person in (cast.applicant, cast.clerk):
        assert "正式文书" not in signed_in(person).get(page(case)).content.decode()
    receipt = signed_in(cast.applicant).get(reverse("licensing:receipt", args=(case.public_id,)))
    assert receipt.status_code == 200 and "盖章签名的文书" not in receipt.content.decode()


def test_one_on_its_way_is_named_and_cannot_be_opened(cast: world.Cast) -> None:
    case = docs.on_desk(cast)
    client = signed_in(cast.applicant)
    assert "正在制作" in client.get(page(case)).content.decode()
    assert client.get(address(case)).status_code == 404


def test_the_pages_that_say_the_same_lead_to_the_paper(cast: world.Cast) -> None:
    case = docs.asked_to_correct(cast)
    for row in OfficialDocument.objects.filter(subject_id=str(case.public_id)):
        docs.placed(row)
    client = signed_in(cast.applicant)
    for name, kind in (("receipt", "receipt"), ("notice", "correction")):
        row = OfficialDocument.objects.get(subject_id=str(case.public_id), kind=kind)
        shown = client.get(reverse(f"licensing:{name}", args=(case.public_id,))).content.decode()
        assert row.public_id in shown and row.number in shown


def _claimant(cast: world.Cast) -> User:
    person = world.user("自称")
    Membership.objects.create(
        user=person, enterprise=cast.enterprise, role=Membership.Role.CLAIMANT, valid_from=world.EPOCH
    )
    return person


STRANGERS: dict[str, Callable[[world.Cast], User | None]] = {
    "nobody": lambda cast: None,
    "another enterprise": lambda cast: world.member(world.enterprise()),
    "another province": lambda cast: world.official("330000", "acceptance", "approval", "head", "audit"),
    "a clerk without duty": lambda cast: world.official("320000"),
    "a supervisor": lambda cast: world.official("320000", "supervision"),
    "who only claims to act for it": _claimant,
}


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_find_nothing(cast: world.Cast, case: Application, who: str) -> None:
    person = STRANGERS[who](cast)
    client = signed_in(person) if person else Client()
    answer = client.get(address(case))
    assert answer.status_code == (404 if person else 302)
    assert not DocumentReceipt.objects.exists()


def test_a_code_opens_nothing_in_another_case(cast: world.Cast, case: Application) -> None:
    other = docs.on_desk(cast)
    mixed = reverse("licensing:official_document", args=(other.public_id, docs.last_of(case).public_id))
    assert signed_in(cast.applicant).get(mixed).status_code == 404


@pytest.mark.req("R-86")
def test_the_message_of_the_act_brings_the_paper_and_is_read_with_it(
    cast: world.Cast, case: Application
) -> None:
    deliver_due(queue="default", at=docs.now())
    client, row = signed_in(cast.applicant), docs.last_of(case)
    told = Message.objects.get(recipient=cast.applicant, kind="licensing.accept")
    shown = client.get("/inbox/").content.decode()
    assert address(case) in shown and row.number in shown
    assert address(case) in client.get(f"/inbox/{told.public_id}/").content.decode()
    client.get(address(case))
    told.refresh_from_db()
    assert told.read_at is not None
    other = Message.objects.get(recipient=cast.applicant, kind="licensing.submit")
    assert other.read_at is None


def test_who_may_no_longer_open_the_case_is_offered_no_paper(cast: world.Cast, case: Application) -> None:
    deliver_due(queue="default", at=docs.now())
    Membership.objects.filter(user=cast.applicant).update(valid_to=world.DAY)
    shown = signed_in(cast.applicant).get("/inbox/").content.decode()
    assert "已受理" in shown and address(case) not in shown


def test_the_pages_cost_the_same_with_one_document_and_with_many(cast: world.Cast, case: Application) -> None:
    deliver_due(queue="default", at=docs.now())
    client = signed_in(cast.applicant)
    addresses = (page(case), "/inbox/")
    before = [_queries(client, where) for where in addresses]
    for version in range(50, 70):
        row = docs.last_of(case)
        values = {f.attname: getattr(row, f.attname) for f in OfficialDocument._meta.concrete_fields}
        values |= {"id": None, "public_id": f"{version:->20}".translate(str.maketrans("-0189", "abcde"))}
        OfficialDocument.objects.create(
            **values | {"subject_version": version, "number": f"n{version}", "serial": version}
        )
    assert [_queries(client, where) for where in addresses] == before


def _queries(client: Client, where: str) -> int:
    assert client.get(where).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(where)
    return len(captured)


def test_english_readers_see_english_names(cast: world.Cast, case: Application) -> None:
    shown: Any = signed_in(cast.applicant).get(f"/en{page(case)}")
    assert "Notice of acceptance" in shown.content.decode()
