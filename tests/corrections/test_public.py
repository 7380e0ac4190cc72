"""What everybody sees: the reason in the register, the old paper replaced, the old number leading on (R-89, R-49)."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from certificates.actions import issue
from certificates.models import Certificate
from core.lifecycle.subjects import Subject
from core.outbox.models import Event
from core.outbox.subscriptions import Heard, subscribers_of
from licensing.models import Application
from licensing.subscribers import note_issued_certificate
from register.actions import refresh_licence
from register.models import Licence
from tests.support import world
from tests.support.corrections import DAY, REASON, RIGHT, Desk

pytestmark = pytest.mark.req("R-89", "R-49", "R-51")


@pytest.fixture
def desk(fresh_database: str, time_machine: Any, tmp_path: Path, settings: Any) -> Desk:
    """A simulated world of its own, read on the day of the correction, with keys of its own."""
    settings.KEY_DIR, settings.PUBLIC_BASE_URL = str(tmp_path / "keys"), "https://licence.example"
    call_command("create_world", "--simulated", verbosity=0)
    time_machine.move_to(world.at(DAY, 17, 0), tick=False)
    return Desk()


def signed(number: str) -> bytes:
    """Sign what waits for a licence, tell whoever listens, and return the newest paper."""
    for row in Certificate.objects.filter(licence_number=number, status="requested").order_by("pk"):
        assert issue(certificate_id=row.pk, at=world.at(DAY, 17, 0))
    hear()
    newest = Certificate.objects.filter(licence_number=number).order_by("-licence_version").first()
    return newest.pdf.read()


def hear() -> None:
    """Let licensing and the register hear all there is of licences so far."""
    for event in Event.objects.filter(subject_kind__in=("licensing.licence", "certificates.certificate")):
        heard = Heard(
            event.id,
            event.type,
            Subject(event.subject_kind, event.subject_id, event.subject_version),
            world.at(DAY, 17),
        )
        for found in subscribers_of(event.type):
            if found.name.startswith(("register.licence", "licensing.certificate")):
                found.handler(heard)


def judged(client: Client, paper: bytes) -> Any:
    answer = client.post("/verify/", {"file": SimpleUploadedFile("证书.pdf", paper, "application/pdf")})
    return answer.context["result"], answer.content.decode()


def test_version_one_verifies_as_replaced_and_version_two_is_in_force(client: Client, desk: Desk) -> None:
    number = desk.licence.number
    first = signed(number)
    assert judged(client, first)[0].tone == "ok"
    desk.approve(desk.propose())
    second = signed(number)
    old, page = judged(client, first)
    assert old.superseded and old.authentic == old.unaltered == "yes" and not old.contradicted
    assert "证书真实，但已有更新的版本" in page
    new, _page = judged(client, second)
    assert not new.superseded and new.tone == "ok"
    assert (new.verdict.facts.registered_address, new.verdict.facts.version) == (RIGHT, 2)
    assert new.verdict.facts.issue_date == old.verdict.facts.issue_date
    rows = Certificate.objects.filter(licence_number=number).order_by("licence_version")
    assert [row.superseded_at is None for row in rows] == [False, True]


def test_the_reason_reaches_the_public_page_and_no_name_does(client: Client, desk: Desk) -> None:
    desk.approve(desk.propose())
    signed(desk.licence.number)
    address = reverse("register:licence", args=[desk.licence.number])
    page = client.get(address).content.decode()
    assert "更正" in page and REASON in page and "住所" in page and RIGHT in page
    assert "第 2 版" in page and "系统规则更正" in page
    for name in (desk.clerk.name, desk.approver.name, desk.applicant.name):
        assert name not in page
    assert "Correction" in client.get(f"/en{address}").content.decode()
    told = client.get(reverse("api-v1:licence", args=[desk.licence.number])).json()
    assert [row["reason"] for row in told["history"] if row["kind"] == "licensing.licence_corrected"] == [
        REASON
    ]


def test_the_case_keeps_its_certificate_and_hears_of_no_other(desk: Desk) -> None:
    signed(desk.licence.number)
    assert Application.objects.get(pk=desk.case.pk).status == "certificate_issued"
    desk.approve(desk.propose())
    before = Application.objects.filter(pk=desk.case.pk).values().get()
    signed(desk.licence.number)
    assert Application.objects.filter(pk=desk.case.pk).values().get() == before


def test_the_old_number_leads_to_the_new_one(client: Client, desk: Desk) -> None:
    old = desk.licence.number
    first = signed(old)
    desk.approve(desk.propose({}, wanted={"number": True, "number_reason": "产品代码录错"}))
    new = desk.fresh().number
    second = signed(new)
    answer = client.get(reverse("register:licence", args=[old]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("register:licence", args=[new]))
    found = client.get(reverse("register:licences"), {"q": old})
    assert found["Location"] == reverse("register:licence", args=[new])
    page = client.get(reverse("register:licence", args=[new])).content.decode()
    assert "更正前的编号" in page and old in page
    assert client.get(reverse("api-v1:licence", args=[old])).json()["number"] == new
    verdict, _page = judged(client, first)
    assert verdict.superseded and verdict.licence.row.number == new
    assert judged(client, second)[0].tone == "ok"
    assert Licence.objects.count() == 1
    kinds = [view.kind for view in Licence.objects.get().events.order_by("position")]
    assert kinds == [
        "licensing.licence_granted", "licensing.licence_renumbered", "licensing.licence_corrected",
        "certificates.issued", "certificates.issued",
    ]  # fmt: skip


def test_a_certificate_signed_after_its_number_was_corrected_still_finds_its_case(desk: Desk) -> None:
    old = desk.licence.number
    desk.approve(desk.propose({}, wanted={"number": True, "number_reason": "产品代码录错"}))
    row = Certificate.objects.get(licence_number=old)
    assert issue(certificate_id=row.pk, at=world.at(DAY, 17, 0))
    event = Event.objects.filter(type="certificates.issued").last()
    subject = Subject(event.subject_kind, event.subject_id, event.subject_version)
    note_issued_certificate(Heard(event.id, event.type, subject, world.at(DAY, 17)))
    assert Application.objects.get(pk=desk.case.pk).status == "certificate_issued"


def test_news_in_any_order_leaves_the_register_right(desk: Desk) -> None:
    old = desk.licence.number
    assert refresh_licence(number=old, at=world.at(DAY, 17))
    desk.approve(desk.propose({}, wanted={"number": True, "number_reason": "产品代码录错"}))
    new = desk.fresh().number
    for number in (new, old, new, old):
        assert refresh_licence(number=number, at=world.at(DAY, 17))
    row = Licence.objects.get()
    assert (row.number, row.former_numbers) == (new, [old])
