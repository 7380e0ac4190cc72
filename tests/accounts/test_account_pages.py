"""Password, address, sessions and the account page."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from core.accounts.devices import coarse, describe
from core.accounts.models import SignIn as Row
from core.parties.models import User
from tests.support import world
from tests.support.clients import signed_in
from tests.support.codes import PASSWORD

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Any]
NEW = "a brand new pass phrase"
LINK = re.compile(r"http://[^/]+(/accounts/password/reset/key/\S+)")


@pytest.fixture
def owner() -> User:
    person = world.member(world.enterprise(), name="周敏")
    person.email = "owner@example.com"
    person.save()
    EmailAddress.objects.create(user=person, email="owner@example.com", verified=True, primary=True)
    return person


def reset_link(client: Client, mailoutbox: list[Any]) -> str:
    client.post("/accounts/password/reset/", {"email": "Owner@example.com"})
    found = LINK.search(mailoutbox[-1].body)
    assert found
    return found[1]


def test_a_forgotten_password_is_set_by_the_mailed_link_once(
    owner: User, mailoutbox: list[Any], sign_in: SignIn
) -> None:
    elsewhere = signed_in(owner)
    client = Client()
    link = reset_link(client, mailoutbox)
    form = client.get(link, follow=True)
    assert form.status_code == 200
    where = form.redirect_chain[-1][0]
    assert client.post(where, {"password1": NEW, "password2": NEW}).status_code == 302
    assert sign_in(Client(), owner.username, NEW).status_code == 302
    assert elsewhere.get("/accounts/").status_code == 302, "every session has ended"
    reused = Client().get(link, follow=True)
    assert "不能再用" in reused.content.decode()
    other = "another one entirely"
    assert Client().post(link, {"password1": other, "password2": other}).status_code == 200
    assert sign_in(Client(), owner.username, NEW).status_code == 302
    assert "重新设置" in mailoutbox[-1].body


def test_the_link_stands_on_our_own_name(owner: User, mailoutbox: list[Any], settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    Client().post("/accounts/password/reset/", {"email": "owner@example.com"}, HTTP_HOST="evil.example")
    assert "evil.example" not in mailoutbox[-1].body
    assert settings.PUBLIC_BASE_URL in mailoutbox[-1].body


def test_an_unknown_address_answers_alike_and_is_told_by_mail(owner: User, mailoutbox: list[Any]) -> None:
    known = Client().post("/accounts/password/reset/", {"email": "owner@example.com"})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert mailoutbox[1].to == ["nobody@example.com"]
    assert "没有账号" in mailoutbox[1].body


def test_changing_the_password_ends_the_other_sessions_and_tells_by_mail(
    owner: User, mailoutbox: list[Any]
) -> None:
    here, there = signed_in(owner), signed_in(owner)
    answer = here.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/")
    assert here.get("/accounts/").status_code == 200
    assert there.get("/accounts/").status_code == 302
    assert Row.objects.filter(user=owner).count() == 1
    assert mailoutbox[-1].subject == "密码已更改"


def test_a_stolen_session_does_not_let_one_guess_the_password(owner: User) -> None:
    client = signed_in(owner)
    form = {"password1": NEW, "password2": NEW}
    answers = [
        client.post("/accounts/password/change/", {"oldpassword": f"guess {n}", **form}).status_code
        for n in range(12)
    ]
    assert answers == [422] * 10 + [429] * 2


def test_a_new_address_counts_once_its_code_is_typed_and_the_old_one_is_told(
    owner: User, mailoutbox: list[Any], sign_in: SignIn
) -> None:
    client = Client()
    sign_in(client, "owner@example.com")
    answer = client.post("/accounts/email/", {"email": "new@example.com"})
    assert answer["Location"] == "/accounts/confirm-email/"
    owner.refresh_from_db()
    assert owner.email == "owner@example.com"
    code = re.search(r"\b(\d{6})\b", mailoutbox[-1].body)
    assert code and mailoutbox[-1].to == ["new@example.com"]
    assert client.post("/accounts/confirm-email/", {"code": code[1]}).status_code == 302
    owner.refresh_from_db()
    assert owner.email == "new@example.com"
    assert ["owner@example.com"] in [letter.to for letter in mailoutbox]


def test_somebody_else_s_address_cannot_be_taken(owner: User, mailoutbox: list[Any], sign_in: SignIn) -> None:
    other, client = world.user(), Client()
    sign_in(client, other.username)
    assert client.post("/accounts/email/", {"email": "OWNER@example.com"}).status_code in (302, 422)
    assert not EmailAddress.objects.filter(user=other).exists()


def test_sign_in_by_address(owner: User, sign_in: SignIn) -> None:
    assert sign_in(Client(), "OWNER@Example.com").status_code == 302
    assert sign_in(Client(), "ｏｗｎｅｒ@example.com").status_code == 302


def test_where_am_i_signed_in(owner: User, sign_in: SignIn) -> None:
    firefox = "Mozilla/5.0 (Windows NT 10.0; rv:131.0) Gecko/20100101 Firefox/131.0"
    here, there = Client(), Client(HTTP_USER_AGENT=firefox, REMOTE_ADDR="203.0.113.7")
    sign_in(here, owner.username)
    sign_in(there, owner.username)
    text = here.get("/accounts/sessions/").content.decode()
    assert text.count("就是这里") == 1
    assert "Firefox · Windows" in text
    assert "203.0.113.*" in text and "203.0.113.7" not in text


def test_a_session_ended_elsewhere_ends_at_once(owner: User) -> None:
    here, there = signed_in(owner), signed_in(owner)
    row = Row.objects.get(session_id=there.session.session_key)
    assert here.post(f"/accounts/sessions/{row.public_id}/end/").status_code == 302
    assert there.get("/accounts/")["Location"].startswith("/accounts/login/")
    assert here.get("/accounts/").status_code == 200


def test_all_others_end_together(owner: User) -> None:
    here, others = signed_in(owner), [signed_in(owner) for _ in range(3)]
    assert here.post("/accounts/sessions/end-others/").status_code == 302
    assert [client.get("/accounts/").status_code for client in others] == [302, 302, 302]
    assert here.get("/accounts/").status_code == 200


def test_nobody_ends_another_s_session(owner: User) -> None:
    stranger = signed_in(world.member(world.enterprise()))
    there = signed_in(owner)
    row = Row.objects.get(session_id=there.session.session_key)
    assert stranger.post(f"/accounts/sessions/{row.public_id}/end/").status_code == 404
    assert there.get("/accounts/").status_code == 200


def test_signing_out_takes_its_line_away(owner: User) -> None:
    client = signed_in(owner)
    client.post("/accounts/logout/")
    assert not Row.objects.filter(user=owner).exists()


@pytest.mark.parametrize(
    ("address", "shown"),
    [("203.0.113.7", "203.0.113.*"), ("2001:db8:7:1::5", "2001:db8:7::"), ("", ""), ("unix:", "")],
)
def test_a_network_is_shown_coarsely(address: str, shown: str) -> None:
    assert coarse(address) == shown


def test_a_device_is_named_by_browser_and_system() -> None:
    assert (
        describe("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/120 Mobile Safari/537 Edg/120")
        == "Edge · Android"
    )
    assert describe("curl/8") == ""


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_account_page_leads_everywhere(owner: User, language: str) -> None:
    text = signed_in(owner).get(f"{language}/accounts/").content.decode()
    for name in ("account_email", "account_change_password", "mfa_activate_totp", "account_sessions"):
        assert language + reverse(name) in text or reverse(name) in text
    assert "owner@example.com" in text


def test_a_closed_account_does_not_open(owner: User, sign_in: SignIn) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert sign_in(Client(), owner.username)["Location"] == "/accounts/inactive/"


def test_the_demo_mailbox_shows_the_last_mails(tmp_path: Path, settings: Any, client: Client) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    assert "还没有邮件" in client.get("/demo/mail/").content.decode()
    client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    text = client.get("/demo/mail/").content.decode()
    assert "这个邮箱没有账号" in text
    assert 'href="http' in text


def test_there_is_no_such_mailbox_in_a_real_world(settings: Any, client: Client) -> None:
    settings.WORLD = "real"
    assert client.get("/demo/mail/").status_code == 404
