"""One's own inbox: told once, read in one's own language, opened by oneself alone (R-86)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from core.ledger.models import LedgerEntry
from core.lifecycle.subjects import Subject
from core.messages import kinds
from core.messages.actions import notify
from core.messages.actions.notices import forget
from core.messages.models import Delivery, Message, Preference
from core.messages.queries import PAGE
from core.messages.render import notice_of
from core.outbox.models import Event
from tests.support import world
from tests.support.clients import signed_in
from tests.support.telling import PARAMS, planned, tell

pytestmark = pytest.mark.django_db
LIST = "/inbox/"


def test_a_person_is_told_once_per_version_of_the_matter(kind, person):
    assert [tell(person, version=7) for _time in range(5)] == [1, 0, 0, 0, 0]
    assert tell(person, version=8) == 1
    assert Event.objects.filter(type="messages.posted").count() == 2


def test_a_notice_rolled_back_with_its_act_was_never_given(kind, person):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(person)
        raise ZeroDivisionError
    assert not Message.objects.exists() and not Event.objects.filter(type="messages.posted").exists()


def test_a_notice_outside_a_transaction_or_of_no_kind_is_a_mistake(kind, person, monkeypatch):
    with pytest.raises(LookupError):
        tell(person, kind="test.unknown")
    with pytest.raises(KeyError):
        tell(person, params={"number": "1"})
    monkeypatch.setattr("core.messages.actions.notices.connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError):
        tell(person)


def test_a_kind_is_registered_once_and_in_a_known_category(kind):
    with pytest.raises(ValueError):
        kinds.register_kind("test.told", title="", body="", url_name="", category="cases")
    with pytest.raises(ValueError):
        kinds.register_kind("test.other", title="", body="", url_name="", category="nonsense")


def test_words_are_made_in_the_readers_language(kind, person):
    tell(person)
    message = Message.objects.get()
    assert notice_of(message).body == "请在 2026 年 11 月 12 日 前查看“磷肥”。"
    with override("en"):
        assert "12 November 2026" in notice_of(message).body and "Phosphate" in notice_of(message).body


def test_a_percent_sign_in_a_name_breaks_nothing(kind, person):
    tell(person, params=PARAMS | {"number": "100%s %(x)s"})
    assert "100%s %(x)s" in notice_of(Message.objects.get()).title


def test_a_line_end_in_a_name_makes_no_second_title_line(kind, person):
    tell(person, params=PARAMS | {"number": "甲\r\nBcc: x@example.com"})
    assert "\n" not in notice_of(Message.objects.get()).title


def test_a_message_of_a_kind_no_longer_known_can_still_be_read(kind, person, monkeypatch):
    tell(person)
    monkeypatch.delitem(kinds._kinds, "test.told")
    assert "已经停用" in signed_in(person).get(LIST).content.decode()


def test_opening_marks_it_read_and_leads_on(kind, person):
    tell(person)
    message, client = Message.objects.get(), signed_in(person)
    assert client.get(reverse("inbox:message", args=[message.public_id])).status_code == 200
    assert client.get(LIST).status_code == 200
    message.refresh_from_db()
    assert message.read_at is None
    answer = client.post(reverse("inbox:open", args=[message.public_id]))
    assert answer["Location"] == reverse("inbox:settings")
    message.refresh_from_db()
    first = message.read_at
    assert first is not None
    client.post(reverse("inbox:open", args=[message.public_id]))
    message.refresh_from_db()
    assert message.read_at == first


def test_a_message_is_its_readers_alone(kind, person):
    tell(person)
    message, other = Message.objects.get(), signed_in(world.user("别人"))
    assert other.get(reverse("inbox:message", args=[message.public_id])).status_code == 404
    for name in ("open", "read"):
        assert other.post(reverse(f"inbox:{name}", args=[message.public_id])).status_code == 404
    other.post(reverse("inbox:read_all"), {"upto": str(message.pk)})
    message.refresh_from_db()
    assert message.read_at is None
    assert PARAMS["number"] not in other.get(LIST).content.decode()


def test_what_may_no_longer_be_opened_shows_its_text_and_no_way(person):
    kinds.register_kind(
        "test.shut", title="案件 1 有进展", body="正文", url_name="inbox:settings", category="cases",
        visible=lambda standing, ids: frozenset(),
    )  # fmt: skip
    tell(person, kind="test.shut", params={})
    message, client = Message.objects.get(), signed_in(person)
    address = reverse("inbox:message", args=[message.public_id])
    html = client.get(address).content.decode()
    assert "正文" in html and "现在不能打开" in html
    assert reverse("inbox:open", args=[message.public_id]) not in html
    assert client.post(reverse("inbox:open", args=[message.public_id]))["Location"] == address


def test_marking_all_leaves_what_came_afterwards(kind, person):
    tell(person)
    upto = Message.objects.latest("id").pk
    tell(person)
    signed_in(person).post(reverse("inbox:read_all"), {"upto": str(upto)})
    assert Message.objects.filter(read_at__isnull=True).count() == 1


@pytest.mark.parametrize("upto", ["", "x", "9" * 30, "-1"])
def test_an_odd_position_marks_nothing(kind, person, upto):
    tell(person)
    assert signed_in(person).post(reverse("inbox:read_all"), {"upto": upto}).status_code == 302
    assert Message.objects.filter(read_at__isnull=True).count() == 1


def test_the_list_is_paged_and_filtered(kind, person):
    for number in range(PAGE + 3):
        tell(person, at=world.at() + timedelta(minutes=number))
    Message.objects.filter(pk=Message.objects.latest("id").pk).update(read_at=world.at())
    client = signed_in(person)
    first = client.get(LIST).context["page"]
    second = client.get(LIST, {"after": first.next_cursor}).context["page"]
    keys = [notice.message.pk for notice in (*first.notices, *second.notices)]
    assert keys == sorted(keys, reverse=True) and len(set(keys)) == PAGE + 3 and second.next_cursor == ""
    assert len(client.get(LIST, {"show": "unread", "after": "x"}).context["page"].notices) == PAGE
    unread = client.get(LIST, {"show": "unread"}).context["page"]
    assert keys[0] not in [notice.message.pk for notice in unread.notices]
    assert "show=unread" in client.get(LIST, {"show": "unread"}).content.decode()


def test_an_empty_inbox_says_what_comes_there(person):
    client = signed_in(person)
    assert "会在这里告诉你" in client.get(LIST).content.decode()
    assert "没有未读消息" in client.get(LIST, {"show": "unread"}).content.decode()


def test_the_header_counts_and_public_pages_do_not(kind, person):
    for _number in range(3):
        tell(person)
    client = signed_in(person)
    assert '<b class="num">3</b>' in client.get(LIST).content.decode()
    public = client.get("/accessibility/")
    html = public.content.decode()
    assert public.status_code == 200 and "/inbox/" not in html and not public.cookies


def test_ninety_nine_is_enough(kind, person):
    batch = Message(batch="00000000-0000-4000-8000-000000000009", kind="test.told", params=PARAMS)
    Message.objects.bulk_create(
        Message(
            recipient=person, batch=batch.batch, kind=batch.kind, params=batch.params, subject_kind="test.thing",
            subject_id="t2", subject_version=number, created_at=world.at(),
        )
        for number in range(1, 131)
    )  # fmt: skip
    assert "99+" in signed_in(person).get(LIST).content.decode()


def queries(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", [LIST, LIST + "?show=unread", "/inbox/settings/"])
def test_fifty_messages_cost_what_one_costs(kind, person, address):
    client = signed_in(person)
    tell(person)
    before = queries(client, address)
    for _number in range(49):
        tell(person)
    assert queries(client, address) == before <= 8


def test_markup_in_a_value_is_text(kind, person):
    tell(person, params=PARAMS | {"number": "<script>alert(1)</script>"})
    client = signed_in(person)
    for address in (LIST, reverse("inbox:message", args=[Message.objects.get().public_id])):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html and "&lt;script&gt;alert(1)" in html


def test_nothing_of_a_message_reaches_ledger_or_outbox(kind, person):
    before = LedgerEntry.objects.count()
    tell(person)
    assert LedgerEntry.objects.count() == before
    event = Event.objects.get(type="messages.posted")
    told = f"{event.subject_kind} {event.subject_id}"
    assert str(person.pk) != event.subject_id and str(person.public_id) not in told and "test" not in told


def test_a_person_can_be_forgotten(kind, person):
    planned(person)
    Preference.objects.create(user=person, phone="13800000000")
    assert Delivery.objects.exists()
    forget(user_id=person.pk)
    for model in (Message, Delivery, Preference):
        assert not model.objects.exists()


def test_one_call_reaches_each_person_once(kind, person):
    subject = Subject("test.thing", "t9", 1)
    other = world.user()
    told = notify(
        kind="test.told",
        recipients=[person.pk, other.pk, person.pk],
        subject=subject,
        params=PARAMS,
        at=world.at(),
    )
    assert told == 2
