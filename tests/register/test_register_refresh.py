"""News makes the register: order, duplicates and sweeps do not matter, because every handler reads again."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from certificates.actions import try_to_issue
from certificates.models import Certificate
from core.lifecycle.subjects import Subject
from core.outbox.actions import deliver_due
from core.outbox.models import Delivery, Event
from core.outbox.subscriptions import Heard, subscribers_of, subscription
from core.workdays.actions import SUBJECT_KIND
from licensing.actions import decision, delivery, filing
from licensing.forms.officials import REFUSAL_BASIS
from licensing.lifecycle import HELD_ACTS, LIFE_CYCLE
from licensing.models import Application, ProductionLicence
from register.actions import refresh_licence, refresh_progress
from register.models import Licence, LicenceEvent, Progress
from tests.support import world

pytestmark = pytest.mark.django_db
LATER = world.at() + timedelta(days=400)


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, settings: Any) -> None:
    settings.KEY_DIR = str(tmp_path / "keys")


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """Everything the register holds but ids and the time of reading."""
    rows = {
        "licences": list(Licence.objects.order_by("number").values()),
        "events": list(LicenceEvent.objects.order_by("licence__number", "position").values()),
        "progress": list(Progress.objects.order_by("number").values()),
    }
    for table in rows.values():
        for row in table:
            for name in ("id", "licence_id", "as_of"):
                row.pop(name, None)
    return rows


def hear(events: list[Event]) -> None:
    """Hand events to every subscriber of the register, in this order."""
    for event in events:
        heard = Heard(
            event.id, event.type, Subject(event.subject_kind, event.subject_id, event.subject_version), LATER
        )
        for found in subscribers_of(event.type):
            if found.name.startswith("register."):
                with transaction.atomic():
                    found.handler(heard)


def issue(licence: ProductionLicence, when: datetime) -> Certificate:
    certificate = Certificate.objects.get(licence_number=licence.number)
    assert try_to_issue(certificate_id=certificate.pk, at=when)
    certificate.refresh_from_db()
    return certificate


def whole_way() -> tuple[ProductionLicence, Certificate]:
    cast = world.Cast()
    licence = world.granted_licence(cast)
    certificate = issue(licence, world.at(hour=17))
    delivery.note_certificate(public_id=licence.application.public_id, at=world.at(hour=18))
    delivery.deliver(
        public_id=licence.application.public_id, actor=world.actor(cast.applicant), at=world.at(hour=19)
    )
    return licence, certificate


@pytest.mark.req("R-51", "R-50")
def test_a_grant_and_its_certificate_arrive() -> None:
    licence, certificate = whole_way()
    deliver_due(queue="default", at=LATER)
    assert not Delivery.objects.filter(subscriber__startswith="register.").exclude(status="done").exists()
    row = Licence.objects.get(number=licence.number)
    assert (row.status, row.uscc, row.holder_name) == ("valid", licence.uscc, licence.holder_name)
    assert (row.category_key, row.category_name) == ("fertilizer-phosphate", licence.category_name)
    assert row.category_name_en and all(unit["zh"] and unit["en"] for unit in row.units)
    assert (row.valid_from, row.valid_until) == (date(2026, 11, 9), date(2031, 11, 8))
    assert (row.authority_code, row.province) == ("320000", "320000")
    assert row.certificate_sha256 == certificate.pdf_sha256
    assert row.certificate_signed_at == certificate.signed_at
    events = list(row.events.order_by("position").values_list("kind", "on", "version"))
    assert events == [
        ("licensing.licence_granted", date(2026, 11, 9), 1),
        ("certificates.issued", date(2026, 11, 9), 1),
    ]
    case = Progress.objects.get(number=licence.application.number)
    assert case.status == "delivered"
    assert {
        case.received_on,
        case.accepted_on,
        case.reviewed_on,
        case.decided_on,
        case.issued_on,
        case.delivered_on,
    } == {world.DAY}
    assert case.working_days == 0


@pytest.mark.req("R-51")
def test_order_and_duplicates_do_not_matter() -> None:
    whole_way()
    events = list(Event.objects.order_by("id"))
    hear(events)
    expected = snapshot()
    assert expected["licences"] and expected["progress"]
    Licence.objects.all().delete()
    Progress.objects.all().delete()
    hear(list(reversed(events)))
    assert snapshot() == expected
    hear(events)
    hear(events)
    assert snapshot() == expected


def test_a_rebuild_repairs_and_drops_what_has_no_source() -> None:
    licence, _certificate = whole_way()
    hear(list(Event.objects.order_by("id")))
    expected = snapshot()
    Licence.objects.filter(number=licence.number).update(status="revoked", holder_name="别的企业")
    Progress.objects.all().delete()
    stray = Licence.objects.get(number=licence.number)
    stray.pk, stray.number, stray.opaque_id = None, "XK13-002-99999", "x" * 20
    stray.save()
    call_command("rebuild_register")
    assert snapshot() == expected
    call_command("rebuild_register")
    assert snapshot() == expected


@pytest.mark.req("R-47")
def test_every_act_on_a_case_is_heard() -> None:
    for row in LIFE_CYCLE.transitions:
        heard = subscription(f"register.progress.{row.act}") is not None
        assert heard == (row.act not in HELD_ACTS), row.act
    assert subscription("register.progress.due_recomputed") is not None


@pytest.mark.req("R-47")
def test_a_draft_is_never_shown() -> None:
    draft = world.filled_draft(world.Cast())
    assert not refresh_progress(public_id=draft.public_id, at=LATER)
    assert not Progress.objects.exists()


@pytest.mark.req("R-47")
@pytest.mark.parametrize("stage", ["submitted", "accepted", "pending", "retracted", "refused"])
def test_the_copied_clock_is_the_clock_of_the_case(stage: str) -> None:
    from core.workdays.clock import build_clock
    from core.workdays.queries import calendar_book
    from licensing.clock import clock_of

    case, today = made(stage), date(2027, 1, 20)
    assert refresh_progress(public_id=case.public_id, at=LATER)
    row = Progress.objects.get(number=case.number)
    copied = build_clock(
        row.clock_start,
        row.clock_days,
        (),
        calendar_book().for_division(row.division),
        today,
        closed_on=row.clock_closed_on,
        unit=row.clock_unit,
    )
    assert copied == clock_of(Application.objects.get(pk=case.pk), today, calendar_book())


def made(stage: str) -> Application:
    cast = world.Cast()
    if stage == "retracted":
        case = world.accepted(cast)
        return filing.retract(
            public_id=case.public_id,
            expected_version=case.version,
            actor=world.actor(cast.applicant),
            at=world.at(date(2026, 11, 12)),
        )
    if stage == "refused":
        case = world.pending(cast, failed=True)
        return decision.refuse(
            public_id=case.public_id,
            expected_version=case.version,
            no_conflict=True,
            basis=REFUSAL_BASIS,
            reasons="关键设备不符",
            actor=world.actor(cast.approver),
            at=world.at(date(2026, 11, 12)),
        )
    return {"submitted": world.submitted, "accepted": world.accepted, "pending": world.pending}[stage](cast)


@pytest.mark.req("R-47")
def test_no_name_of_anybody_is_in_the_progress_of_a_case() -> None:
    case = made("refused")
    refresh_progress(public_id=case.public_id, at=LATER)
    text = str(Progress.objects.filter(number=case.number).values().get())
    for secret in (
        case.enterprise.name,
        "周敏",
        "王受理",
        "赵审查",
        "李审批",
        "质检院",
        "关键设备",
        case.enterprise.uscc,
    ):
        assert secret not in text


@pytest.mark.req("R-51")
def test_no_private_value_is_in_the_register() -> None:
    licence, _certificate = whole_way()
    hear(list(Event.objects.order_by("id")))
    text = str(snapshot())
    for secret in ("周敏", "王受理", "赵审查", "李审批", "0512-57000000", "混酸反应釜", "721G"):
        assert secret not in text
    assert licence.holder_name in text


def test_a_case_sent_back_to_review_has_no_end_of_review() -> None:
    cast = world.Cast()
    case = world.pending(cast)
    refresh_progress(public_id=case.public_id, at=LATER)
    assert Progress.objects.get(number=case.number).reviewed_on == world.DAY
    decision.return_to_review(
        public_id=case.public_id,
        expected_version=world.version(case),
        reasons="请补充",
        actor=world.actor(cast.approver),
        at=world.at(hour=17),
    )
    refresh_progress(public_id=case.public_id, at=LATER)
    assert Progress.objects.get(number=case.number).reviewed_on is None


def test_a_changed_calendar_counts_decided_cases_again() -> None:
    case = made("refused")
    refresh_progress(public_id=case.public_id, at=LATER)
    Progress.objects.update(working_days=77)
    event = Event.objects.create(
        type="workdays.calendar_published", subject_kind=SUBJECT_KIND, subject_id="CN:2026", subject_version=2
    )
    hear([event])
    assert Progress.objects.get(number=case.number).working_days == 3


def test_a_number_nobody_granted_is_no_error() -> None:
    assert not refresh_licence(number="XK13-002-00009", at=LATER)


def test_a_category_of_another_level_is_found_under_the_province_of_its_holder() -> None:
    licence = world.granted_licence(world.Cast(deciding="AQSIQ"), category="rebar")
    refresh_licence(number=licence.number, at=LATER)
    row = Licence.objects.get(number=licence.number)
    assert (row.authority_code, row.province) == ("AQSIQ", "320000")


def test_refusal_to_accept_is_shown_as_the_end() -> None:
    from core.parties.models import Authority
    from licensing.actions.forwarding import forward_elsewhere

    cast = world.Cast()
    case = world.submitted(cast)
    forward_elsewhere(
        public_id=case.public_id,
        expected_version=case.version,
        explanation="应向国家级提出",
        right_authority=Authority.objects.get(code="330000"),
        actor=world.actor(cast.clerk),
        at=world.at(hour=16),
    )
    refresh_progress(public_id=case.public_id, at=LATER)
    row = Progress.objects.get(number=case.number)
    assert (row.status, row.closed_on, row.clock_closed_on) == ("not_accepted", world.DAY, world.DAY)
