"""How one wants to be told: what is offered, what is kept, and that nobody floods a stranger's telephone."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from core.messages.actions import wishes
from core.messages.models import Choice, Delivery, Message, PhoneCode, Preference
from core.messages.secrets import opened
from tests.support import world
from tests.support.clients import signed_in
from tests.support.notices import receiver
from tests.support.telling import planned

pytestmark = pytest.mark.django_db
PAGE = "/inbox/settings/"
PHONE = "13800001111"


@pytest.fixture
def gateway(settings):
    with receiver() as running:
        settings.SMS_GATEWAY_URL = running.url
        yield running


def code_in(gateway):
    return re.search(r"\d{6}", json.loads(gateway.got[-1][2])["text"])[0]


def actor(person):
    return world.actor(person)


def test_channels_not_set_up_are_not_offered(person):
    html = signed_in(person).get(PAGE).content.decode()
    assert "email_claims" in html and "sms_" not in html and "手机号" not in html
    person.email = ""
    person.save()
    html = signed_in(person).get(PAGE).content.decode()
    assert "email_claims" not in html and "还没有可用的电子邮箱" in html and "<table" not in html


def test_categories_are_those_that_can_concern_one():
    people = [world.member(world.enterprise()), world.official("320000", "acceptance")]
    for person in people:
        person.email = f"{person.username}@example.com"
        person.save()
    member, clerk = (signed_in(person).get(PAGE).content.decode() for person in people)
    assert "我的申请" in member and "待办案件" not in member
    assert "待办案件" in clerk and "我的申请" not in clerk


def test_choices_are_stored_and_security_is_not_among_them(person):
    client = signed_in(person)
    sent = {"language": "en", "email_claims": "daily", "email_conversation": "off", "email_security": "off"}
    assert client.post(PAGE, sent).status_code == 302
    stored = dict(Choice.objects.filter(user=person).values_list("category", "email"))
    assert stored == {"claims": "daily", "conversation": "off", "security": "at_once"}
    assert Preference.objects.get(user=person).language == "en"
    assert "马上发" in client.get(PAGE).content.decode()


def test_a_choice_that_does_not_exist_is_refused_and_kept_in_sight(person):
    answer = signed_in(person).post(
        PAGE, {"language": "xx", "email_claims": "often", "email_conversation": "off"}
    )
    assert answer.status_code == 422 and not Choice.objects.exists()


def test_switching_off_lets_go_of_what_was_held(kind, person):
    Choice.objects.create(user=person, category="cases", email="daily")
    planned(person)
    wishes.choose(
        language="zh-hans",
        choices={"cases": wishes.Wanted("off", False, False)},
        actor=actor(person),
        at=world.at(),
    )
    assert Delivery.objects.get().state == "dropped"


def test_a_phone_counts_once_its_code_is_typed(person, gateway):
    client = signed_in(person)
    assert client.post(reverse("inbox:phone"), {"phone": "+86 138-0000-1111"}).status_code == 302
    assert json.loads(gateway.got[0][2])["to"] == PHONE
    assert not Preference.objects.filter(phone=PHONE).exists()
    code = code_in(gateway)
    assert code not in PhoneCode.objects.get().digest
    wrong = "000000" if code != "000000" else "111111"
    assert client.post(reverse("inbox:phone_code"), {"code": wrong}).status_code == 422
    assert client.post(reverse("inbox:phone_code"), {"code": f" {code} "}).status_code == 302
    assert Preference.objects.get(user=person).phone == PHONE
    assert "sms_claims" in client.get(PAGE).content.decode()
    assert client.post(reverse("inbox:phone_code"), {"code": code}).status_code == 422


@pytest.mark.parametrize("phone", ["", "12345", "23800001111", "138000011112", "abc", "+1 415 555 0100"])
def test_what_is_no_number_is_drawn_again(person, gateway, phone):
    answer = signed_in(person).post(reverse("inbox:phone"), {"phone": phone})
    assert answer.status_code == 422 and gateway.got == []


def test_five_guesses_and_ten_minutes(person, gateway):
    wishes.request_phone_code(phone=PHONE, actor=actor(person), at=world.at())
    code = code_in(gateway)
    with pytest.raises(wishes.CodeWrong):
        wishes.confirm_phone(code=code, actor=actor(person), at=world.at() + wishes.CODE_LIVES)
    for _guess in range(wishes.CODE_TRIES):
        with pytest.raises(wishes.CodeWrong):
            wishes.confirm_phone(code="x", actor=actor(person), at=world.at())
    with pytest.raises(wishes.CodeWrong):
        wishes.confirm_phone(code=code, actor=actor(person), at=world.at())


def test_a_code_is_good_for_one_person_alone(person, gateway):
    wishes.request_phone_code(phone=PHONE, actor=actor(person), at=world.at())
    code, other = code_in(gateway), world.user()
    with pytest.raises(wishes.CodeWrong):
        wishes.confirm_phone(code=code, actor=actor(other), at=world.at())
    Preference.objects.create(user=other)
    PhoneCode.objects.create(
        user=other, phone=PHONE, digest=PhoneCode.objects.get().digest, sent_at=world.at()
    )
    with pytest.raises(wishes.CodeWrong):
        wishes.confirm_phone(code=code, actor=actor(other), at=world.at())


def test_nobodys_telephone_is_flooded(person, gateway):
    for _time in range(wishes.CODES_AN_HOUR):
        wishes.request_phone_code(phone=PHONE, actor=actor(person), at=world.at())
    with pytest.raises(wishes.TooManyCodes):
        wishes.request_phone_code(phone="13900002222", actor=actor(person), at=world.at())
    later = world.at() + timedelta(minutes=61)
    for _time in range(2):
        wishes.request_phone_code(phone=PHONE, actor=actor(person), at=later)
    with pytest.raises(wishes.TooManyCodes):
        wishes.request_phone_code(phone=PHONE, actor=actor(world.user()), at=later)
    assert len(gateway.got) == wishes.CODES_A_DAY_PER_NUMBER


def test_a_gateway_that_fails_says_so_at_the_field(person, gateway):
    gateway.status = 500
    answer = signed_in(person).post(reverse("inbox:phone"), {"phone": PHONE})
    assert answer.status_code == 422 and "发不出去" in answer.content.decode()


def test_a_changed_address_is_told_to_its_owner(person, gateway):
    wishes.set_webhook(url="http://127.0.0.1:9/x", actor=actor(person), at=world.at())
    wishes.remove_webhook(actor=actor(person), at=world.at())
    assert Message.objects.filter(recipient=person, kind="inbox.address_changed").count() == 2


def test_the_secret_is_shown_once_and_kept_encrypted(person):
    client = signed_in(person)
    html = client.post(reverse("inbox:webhook"), {"webhook_url": "http://127.0.0.1:9/x"}).content.decode()
    secret = re.search(r"whs_[\w-]+", html)[0]
    stored = Preference.objects.get(user=person)
    assert (
        secret.encode() not in bytes(stored.webhook_secret)
        and opened(stored.webhook_secret) == secret.encode()
    )
    again = client.get(PAGE).content.decode()
    assert secret not in again and "http://127.0.0.1:9/x" in again
    assert client.post(reverse("inbox:webhook_remove")).status_code == 302
    assert Preference.objects.get(user=person).webhook_secret is None


def test_an_address_inside_is_refused_at_the_field_with_what_was_typed(person, settings):
    settings.WORLD = "real"
    for url, words in (
        ("https://127.0.0.1/x", "内部网络"),
        ("http://93.184.216.34/", "https://"),
        ("x", "完整的网址"),
    ):
        answer = signed_in(person).post(reverse("inbox:webhook"), {"webhook_url": url})
        html = answer.content.decode()
        assert answer.status_code == 422 and words in html and f'value="{url}"' in html
    assert not Preference.objects.exists()


def test_a_hook_once_set_hears_everything_chosen_before(person):
    Choice.objects.create(user=person, category="claims", email="off", webhook=False)
    wishes.set_webhook(url="http://127.0.0.1:9/x", actor=actor(person), at=world.at())
    assert Choice.objects.get().webhook
