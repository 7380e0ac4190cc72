"""Mails, SMS and webhooks: after commit, as chosen, once, and tried again when the other side is away."""

import json
import logging
import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections, transaction
from django.urls import reverse

from core.lifecycle.subjects import Subject
from core.messages import kinds
from core.messages.actions import notify, sending
from core.messages.actions.sending import CLAIM_EXPIRES, plan, retry, send_batch, send_due
from core.messages.kinds import CATEGORIES
from core.messages.models import Choice, Delivery, Message, Preference
from core.messages.queries import parked
from core.messages.rules import PARK_AFTER, PAUSES, Reach, Wanted, next_attempt, ways
from core.messages.secrets import sealed
from core.outbox.actions import deliver_due
from tests.support import world
from tests.support.notices import receiver
from tests.support.telling import PARAMS, planned, tell

EVERYWHERE = Reach(True, True, True)


def states():
    return list(Delivery.objects.order_by("id").values_list("channel", "state", "error"))


@pytest.mark.django_db
def test_a_notice_becomes_one_plain_mail_with_a_link_and_nothing_more(kind, person, settings):
    message = planned(person)
    assert send_due(at=world.at()) == 1
    assert send_due(at=world.at()) == 0
    (letter,) = mail.outbox
    assert letter.to == ["reader@example.com"] and letter.subject == "案件 苏新 2026-000341 有进展"
    address = settings.PUBLIC_BASE_URL + reverse("inbox:message", args=[message.public_id])
    assert address in letter.body and letter.content_subtype == "plain" and letter.attachments == []
    assert "inbox/settings" in letter.body and "<" not in letter.body
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert str(Delivery.objects.get().public_id) in letter.extra_headers["Message-ID"]
    assert states() == [("email", "sent", "")]


@pytest.mark.django_db
def test_the_mail_is_in_the_language_chosen(kind, person):
    Preference.objects.create(user=person, language="en")
    planned(person)
    send_due(at=world.at())
    assert "Phosphate" in mail.outbox[0].body and "/en/inbox/" in mail.outbox[0].body


@pytest.mark.django_db
def test_planning_twice_owes_once(kind, person):
    message = planned(person)
    plan(batch=message.batch, at=world.at())
    assert Delivery.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("mode, expected", [("at_once", "due"), ("daily", "held"), ("off", None)])
def test_choices_are_kept_to(kind, person, mode, expected):
    Choice.objects.create(user=person, category="cases", email=mode)
    planned(person)
    assert [row.state for row in Delivery.objects.all()] == ([expected] if expected else [])


def test_ways_out_by_choice_and_urgency():
    def chosen(mode, **more):
        return list(ways(Wanted(mode, True, True), EVERYWHERE, **({"urgent": False, "fixed": False} | more)))

    assert chosen("at_once") == [("email", False), ("sms", False), ("webhook", False)]
    assert chosen("daily")[0] == ("email", True)
    assert chosen("off") == [("sms", False), ("webhook", False)]
    assert chosen("daily", urgent=True)[0] == ("email", False)
    assert chosen("off", urgent=True)[0] == ("sms", False)
    assert chosen("off", fixed=True)[0] == ("email", False)
    assert (
        list(ways(Wanted("at_once", True, True), Reach(False, False, False), urgent=True, fixed=True)) == []
    )


@pytest.mark.django_db
def test_a_security_notice_cannot_be_switched_off(person):
    assert CATEGORIES["security"].fixed
    kinds.register_kind("test.alarm", title="t", body="b", url_name="inbox:list", category="security")
    Choice.objects.create(user=person, category="security", email="off")
    planned(person, kind="test.alarm", params={})
    assert send_due(at=world.at()) == 1


@pytest.mark.django_db
def test_no_mail_to_one_whose_rights_have_ended(person):
    open_to = {"t1"}
    kinds.register_kind(
        "test.own", title="案件", body="内容", url_name="inbox:list", category="cases",
        visible=lambda standing, ids: frozenset(ids & open_to),
    )  # fmt: skip
    planned(person, kind="test.own", params={})
    open_to.clear()
    assert send_due(at=world.at()) == 0
    assert mail.outbox == [] and states() == [("email", "dropped", "no_access")]


@pytest.mark.django_db
def test_no_mail_to_a_closed_account_a_lost_address_or_a_choice_since_changed(kind, person):
    planned(person)
    Choice.objects.create(user=person, category="cases", email="off")
    send_due(at=world.at())
    Choice.objects.all().delete()
    planned(person)
    person.email = ""
    person.save()
    send_due(at=world.at())
    person.email, person.is_active = "reader@example.com", True
    person.save()
    planned(person)
    person.is_active = False
    person.save()
    send_due(at=world.at())
    assert [error for _c, _s, error in states()] == ["switched_off", "no_address", "inactive"]
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_server_that_is_away_is_asked_again_with_growing_pauses_and_then_parked(
    kind, person, monkeypatch, caplog
):
    def away(self, *arguments):
        raise ConnectionRefusedError("reader@example.com")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", away)
    planned(person)
    at, waits = world.at(), []
    with caplog.at_level(logging.WARNING):
        for _attempt in range(PARK_AFTER):
            assert send_due(at=at) == 0
            row = Delivery.objects.get()
            if row.state == "due":
                assert send_due(at=row.next_attempt_at - timedelta(seconds=1)) == 0
                waits.append(row.next_attempt_at - at)
                at = row.next_attempt_at
    assert waits == list(PAUSES) and waits == sorted(waits)
    assert states() == [("email", "parked", "mail_ConnectionRefusedError")]
    assert [row.public_id for row in parked()] == [row.public_id]
    assert "reader@example.com" not in caplog.text + Delivery.objects.get().error
    monkeypatch.undo()
    assert retry(public_id=row.public_id, at=at) and not retry(public_id=row.public_id, at=at)


@pytest.mark.django_db
def test_an_address_refused_for_good_is_parked_at_once(kind, person, monkeypatch):
    def refused(self, *arguments):
        raise smtplib.SMTPRecipientsRefused({"reader@example.com": (550, b"no such user")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refused)
    planned(person)
    send_due(at=world.at())
    assert states() == [("email", "parked", "smtp_550")]


def test_the_last_attempt_has_no_next():
    assert next_attempt(PARK_AFTER, world.at()) is None
    assert next_attempt(1, world.at()) == world.at() + PAUSES[0]


@pytest.mark.django_db
def test_a_claim_left_behind_falls_due_again(kind, person):
    planned(person)
    Delivery.objects.update(state="sending", claimed_at=world.at(), attempts=1)
    assert send_due(at=world.at() + CLAIM_EXPIRES) == 0
    assert send_due(at=world.at() + CLAIM_EXPIRES + timedelta(seconds=1)) == 1
    assert Delivery.objects.get().attempts == 2


@pytest.mark.django_db
def test_a_channel_in_trouble_does_not_hold_up_the_others(kind, monkeypatch):
    people = [world.user() for _number in range(6)]
    for number, one in enumerate(people):
        one.email = f"p{number}@example.com"
        one.save()
    tries = []

    def away(self, *arguments):
        tries.append(self.to)
        raise TimeoutError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", away)
    message = planned(*people)
    send_due(at=world.at())
    assert len(tries) == sending.TROUBLE
    Delivery.objects.filter(state="due", attempts=0).update(next_attempt_at=world.at() + timedelta(minutes=3))
    assert send_batch(batch=message.batch, at=world.at() + timedelta(minutes=3)) == 0
    assert len(tries) == sending.TROUBLE


@pytest.mark.django_db
def test_an_sms_goes_through_the_gateway(kind, person, settings):
    Preference.objects.create(user=person, phone="13800001111")
    Choice.objects.create(user=person, category="cases", email="off", sms=True)
    with receiver() as gateway:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = gateway.url + "/sms?v=1", "s3cret"
        planned(person)
        assert send_due(at=world.at()) == 1
        ((path, headers, body),) = gateway.got
        sent = json.loads(body)
        assert path == "/sms?v=1" and headers["Authorization"] == "Bearer s3cret"
        assert sent["to"] == "13800001111" and "苏新 2026-000341" in sent["text"]
        assert sent["id"] == str(Delivery.objects.get().public_id)
        gateway.status = 503
        planned(person)
        send_due(at=world.at())
        assert states()[-1] == ("sms", "due", "http_503")
        gateway.status = 400
        send_due(at=world.at() + timedelta(hours=1))
        assert states()[-1] == ("sms", "parked", "http_400")
        assert json.loads(gateway.got[1][2])["id"] == json.loads(gateway.got[2][2])["id"]


@pytest.mark.django_db
def test_without_a_gateway_no_sms_is_owed(kind, person):
    Preference.objects.create(user=person, phone="13800001111")
    Choice.objects.create(user=person, category="cases", email="off", sms=True)
    planned(person)
    assert states() == []


@pytest.mark.database
def test_the_worker_sends_after_the_act_has_committed(fresh_database, monkeypatch):
    kinds.register_kind("test.told", title="t", body="b", url_name="inbox:list", category="cases")
    person = world.user()
    person.email = "reader@example.com"
    person.save()
    deliver_in_another_connection()
    with transaction.atomic():
        notify(
            kind="test.told", recipients=[person.pk], subject=Subject("test.thing", "t1", 1), at=world.at()
        )
        assert deliver_in_another_connection() == 0
    assert mail.outbox == []
    assert deliver_in_another_connection() == 1
    assert len(mail.outbox) == 1
    assert Delivery.objects.get().state == "sent"


def deliver_in_another_connection() -> int:
    """What a worker process does on hearing the bell."""
    from django.utils import timezone

    done = []

    def work():
        done.append(deliver_due(queue="default", at=timezone.now() + timedelta(seconds=1)))
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return done[0]


@pytest.mark.database
def test_many_workers_send_each_mail_once(fresh_database):
    kinds.register_kind("test.told", title="%(number)s", body="b", url_name="inbox:list", category="cases")
    people = []
    for number in range(12):
        one = world.user()
        one.email = f"p{number}@example.com"
        one.save()
        people.append(one)
    with transaction.atomic():
        tell(*people, params=PARAMS)
    plan(batch=Message.objects.first().batch, at=world.at())
    start = threading.Barrier(4)

    def work():
        start.wait()
        send_due(at=world.at())
        connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(one.email for one in people)


@pytest.mark.django_db
def test_a_webhook_is_owed_once_an_address_is_set(kind, person):
    Preference.objects.create(user=person, webhook_url="https://example.com/h", webhook_secret=sealed("s"))
    planned(person)
    assert sorted(channel for channel, _s, _e in states()) == ["email", "webhook"]
