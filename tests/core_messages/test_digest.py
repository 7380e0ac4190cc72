"""The daily mail: one a person and day, at 08:30 in Shanghai, whatever happens to the machine meanwhile."""

from datetime import date, timedelta

import pytest
from django.core import mail

from core.lifecycle.registry import registry
from core.messages import kinds
from core.messages.actions.digest import prepare_digests
from core.messages.actions.sending import CLAIM_EXPIRES, send_due
from core.messages.models import Choice, Delivery, Message, Preference
from tests.support import world
from tests.support.telling import planned

pytestmark = pytest.mark.django_db
NEXT = world.DAY + timedelta(days=1)


@pytest.fixture
def reader(kind, person):
    Choice.objects.create(user=person, category="cases", email="daily")
    return person


def morning(day=NEXT, hour=8, minute=30):
    at = world.at(day, hour, minute)
    made = prepare_digests(at=at)
    send_due(at=at)
    return made


def test_one_mail_in_the_morning_lists_what_is_unread(reader):
    for number in range(3):
        planned(reader, params={"number": f"第{number}件", "until_on": "2026-11-12", "product": "x"})
    Message.objects.filter(pk=Message.objects.earliest("id").pk).update(read_at=world.at())
    assert mail.outbox == []
    assert morning(hour=8, minute=29) == 0
    assert morning() == 1
    (letter,) = mail.outbox
    assert letter.subject == "2 条新消息" and "【我的申请】" in letter.body
    assert "第1件" in letter.body and "第2件" in letter.body and "第0件" not in letter.body
    assert sorted(Delivery.objects.filter(message__isnull=False).values_list("state", "error")) == [
        ("dropped", "read"), ("sent", ""), ("sent", ""),
    ]  # fmt: skip


def test_any_number_of_runs_make_one_digest_a_day(reader):
    planned(reader)
    assert [morning(), morning(), morning(hour=11), morning(hour=23)] == [1, 0, 0, 0]
    assert len(mail.outbox) == 1
    assert morning(NEXT + timedelta(days=1)) == 0


def test_what_comes_after_half_past_eight_waits_for_tomorrow(reader):
    planned(reader, at=world.at(NEXT, 8, 31))
    assert morning(hour=12) == 0
    assert morning(NEXT + timedelta(days=1)) == 1


def test_a_morning_without_power_is_made_good_later_the_same_day(reader):
    planned(reader)
    assert morning(hour=17, minute=5) == 1
    assert Delivery.objects.get(digest_of__isnull=False).digest_of == NEXT


def test_a_power_cut_between_making_and_sending_loses_and_doubles_nothing(reader):
    planned(reader)
    at = world.at(NEXT, 8, 30)
    prepare_digests(at=at)
    Delivery.objects.filter(digest_of__isnull=False).update(state="sending", claimed_at=at, attempts=1)
    prepare_digests(at=at + timedelta(minutes=5))
    later = at + CLAIM_EXPIRES + timedelta(minutes=1)
    assert send_due(at=later) == 1 and send_due(at=later) == 0
    assert len(mail.outbox) == 1


def test_nothing_left_to_say_is_no_mail(reader):
    planned(reader)
    Message.objects.update(read_at=world.at())
    assert morning() == 1
    assert mail.outbox == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}


def test_what_one_may_no_longer_open_is_not_listed(person):
    kinds.register_kind(
        "test.shut", title="秘密", body="", url_name="inbox:list", category="desk",
        visible=lambda standing, ids: frozenset(),
    )  # fmt: skip
    planned(person, kind="test.shut", params={})
    assert Delivery.objects.get().state == "held"
    morning()
    assert mail.outbox == []


def test_in_the_language_chosen(reader):
    Preference.objects.create(user=reader, language="en")
    planned(reader)
    morning()
    assert "/en/inbox/" in mail.outbox[0].body


def test_what_waits_at_the_desk_is_asked_with_the_rights_of_the_day(reader, monkeypatch):
    asked = []

    def todos(standing):
        asked.append(standing)
        return [{"label": "等你办的案件", "url": "/work/", "hint": "", "count": 4}]

    monkeypatch.setattr(registry, "todos", {"test": todos})
    planned(reader)
    morning()
    assert asked == [] and "等你办的案件" not in mail.outbox[0].body
    world.Duty.objects.create(
        user=reader, authority=world.Authority.objects.get(code="320000"), kind="acceptance",
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    planned(reader, at=world.at(NEXT, 10))
    morning(NEXT + timedelta(days=1))
    assert [standing.user_id for standing in asked] == [reader.pk]
    assert "等你办的案件 × 4" in mail.outbox[1].body


def test_a_digest_that_cannot_be_sent_keeps_what_it_holds(reader, monkeypatch):
    def away(self, *arguments):
        raise TimeoutError

    planned(reader)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", away)
        morning()
    assert Delivery.objects.get(message__isnull=False).state == "held"
    send_due(at=world.at(NEXT, 9))
    assert len(mail.outbox) == 1 and Delivery.objects.get(message__isnull=False).state == "sent"
