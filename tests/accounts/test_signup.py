"""Opening an account: verified address, no way to learn who has one, one spelling per name."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts import limits
from core.accounts.actions import UNFINISHED_AFTER, discard_unfinished
from core.parties.models import User
from tests.support import world

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-88")]

FORM = {
    "username": "zhoumin",
    "name": "周敏",
    "email": "Zhou.Min@Example.com",
    "password1": "long enough words",
}
CODE = re.compile(r"\b(\d{6})\b")
CONFIRM = "/accounts/confirm-email/"


def sign_up(client: Client, **changes: str) -> Any:
    return client.post("/accounts/signup/", {**FORM, **changes})


def test_the_address_is_verified_by_code_before_the_account_is_used(
    client: Client, mailoutbox: list[Any]
) -> None:
    answer = sign_up(client)
    assert (answer.status_code, answer["Location"]) == (302, CONFIRM)
    assert "_auth_user_id" not in client.session
    (letter,) = mailoutbox
    assert letter.to == ["zhou.min@example.com"]
    code = CODE.search(letter.body)
    assert code
    answer = client.post(CONFIRM, {"code": code[1], "action": "verify"})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"]
    user = User.objects.get(username="zhoumin")
    assert (user.name, user.email) == ("周敏", "zhou.min@example.com")
    assert EmailAddress.objects.get(user=user).verified


def test_where_one_wanted_to_go_is_kept_until_the_end(client: Client, mailoutbox: list[Any]) -> None:
    sign_up(client, next="/apply/")
    code = CODE.search(mailoutbox[0].body)
    assert code
    assert client.post(CONFIRM, {"code": code[1]})["Location"] == "/apply/"


def test_a_new_account_goes_on_to_claim_an_enterprise(client: Client, mailoutbox: list[Any]) -> None:
    sign_up(client)
    code = CODE.search(mailoutbox[0].body)
    assert code
    assert client.post(CONFIRM, {"code": code[1]})["Location"] == reverse("claims:new")


def test_nobody_learns_whether_an_address_has_an_account(mailoutbox: list[Any]) -> None:
    known = world.user()
    EmailAddress.objects.create(user=known, email="taken@example.com", verified=True, primary=True)
    fresh, taken = Client(), Client()
    first = sign_up(fresh, username="fresh", email="free@example.com")
    second = sign_up(taken, username="other", email="TAKEN@example.com")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    pages = [
        re.sub(r'value="[^"]{40,}"', "", client.get(CONFIRM).content.decode()).replace(address, "")
        for client, address in ((fresh, "free@example.com"), (taken, "taken@example.com"))
    ]
    assert pages[0] == pages[1]
    assert not User.objects.filter(username="other").exists()
    assert [letter.to for letter in mailoutbox] == [["free@example.com"], ["taken@example.com"]]
    assert "已经有一个账号" in mailoutbox[1].body and not CODE.search(mailoutbox[1].body)
    assert taken.post(CONFIRM, {"code": "123456"}).status_code == 422


def test_an_address_with_an_account_costs_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the time an answer takes would tell."""
    hashed: list[str] = []
    monkeypatch.setattr("core.accounts.forms.make_password", hashed.append)
    EmailAddress.objects.create(user=world.user(), email="taken@example.com", verified=True, primary=True)
    sign_up(Client(), email="taken@example.com")
    assert hashed == [FORM["password1"]]


def test_wrong_codes_end_the_attempt(client: Client, mailoutbox: list[Any]) -> None:
    sign_up(client)
    code = CODE.search(mailoutbox[0].body)
    assert code
    wrong = "000000" if code[1] != "000000" else "111111"
    assert [client.post(CONFIRM, {"code": wrong}).status_code for _ in range(5)] == [422, 422, 422, 422, 302]
    assert client.post(CONFIRM, {"code": code[1]}).status_code == 302
    assert "_auth_user_id" not in client.session
    assert not EmailAddress.objects.get(email="zhou.min@example.com").verified


@pytest.mark.parametrize("name", ["ZhouMin", "ｚｈｏｕｍｉｎ", "  zhoumin "])
def test_one_name_has_one_spelling(client: Client, name: str) -> None:
    world.user()
    User.objects.create_user(username="zhoumin", name="甲", password="x")
    answer = sign_up(client, username=name)
    assert answer.status_code == 422
    assert "已有人使用" in answer.content.decode()


@pytest.mark.parametrize("name", ["ab", "a b c", "a@b.cn", "admin", "管理员", "<b>me", "x" * 33, "жук1"])
def test_a_name_that_cannot_be_had_is_refused(client: Client, name: str) -> None:
    assert sign_up(client, username=name).status_code == 422
    assert not User.objects.exclude(username__startswith="u").exists()


@pytest.mark.parametrize("password", ["short", "1234567890", "password12"])
def test_a_poor_password_is_refused(client: Client, password: str) -> None:
    assert sign_up(client, password1=password).status_code == 422


def test_the_network_limit_of_sign_ups_is_generous_and_says_how_long(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SIGN_UP", limits.Window("sign_up", 2, timedelta(hours=1)))
    assert [sign_up(client, email="").status_code for _ in range(3)] == [422, 422, 429]
    assert "分钟" in sign_up(client, email="").content.decode()


def test_a_mailbox_is_not_flooded_through_us(mailoutbox: list[Any]) -> None:
    answers = [
        sign_up(Client(), username=f"zhoumin{number}", email="victim@example.com").status_code
        for number in range(9)
    ]
    assert answers == [302] * 6 + [429] * 3
    assert len(mailoutbox) == 6


def test_an_unfinished_sign_up_keeps_neither_name_nor_address() -> None:
    for username in ("stale", "fresh", "working"):
        user = User.objects.create_user(
            username=username, name="某", email=f"{username}@example.com", password="x"
        )
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    old = timezone.now() - UNFINISHED_AFTER - timedelta(minutes=1)
    User.objects.filter(username__in=["stale", "working"]).update(date_joined=old)
    User.objects.filter(username="working").update(last_login=old)
    assert discard_unfinished(at=timezone.now()) == 1
    assert not User.objects.filter(username="stale").exists()
    assert User.objects.filter(username__in=["fresh", "working"]).count() == 2


def test_mail_that_cannot_be_sent_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(self: Any, fail_silently: bool = False) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    answer = sign_up(client)
    assert answer.status_code == 503
    assert "邮件现在发不出去" in answer.content.decode()
