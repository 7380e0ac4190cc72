"""The second factor: codes count once, guessing ends, recovery codes come with the set-up."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from core.accounts import second_factor
from core.accounts.models import Counter, LastCode
from core.parties.models import User
from tests.support import world
from tests.support.codes import NOON, SECRET, code_at, wrong_code_at

SignIn = Callable[..., Any]
CODE = "/accounts/2fa/authenticate/"


def half_in(client: Client, sign_in: SignIn, person: User) -> Client:
    """Password given, code still wanted."""
    assert sign_in(client, person.username)["Location"] == CODE
    return client


def test_the_code_opens_and_then_counts_no_more(clock: Any, official: User, sign_in: SignIn) -> None:
    first, second = half_in(Client(), sign_in, official), half_in(Client(), sign_in, official)
    code = code_at(NOON)
    assert first.post(CODE, {"code": code}).status_code == 302
    assert first.session["_auth_user_id"] == str(official.pk)
    replayed = second.post(CODE, {"code": code})
    assert replayed.status_code == 422
    assert "已经用过" in replayed.content.decode()
    assert "_auth_user_id" not in second.session


@pytest.mark.parametrize("seconds", [31, 45, 59])
def test_a_code_is_not_good_again_in_the_next_period_either(
    clock: Any, official: User, sign_in: SignIn, seconds: int
) -> None:
    code = code_at(NOON)
    assert half_in(Client(), sign_in, official).post(CODE, {"code": code}).status_code == 302
    clock.shift(timedelta(seconds=seconds))
    assert half_in(Client(), sign_in, official).post(CODE, {"code": code}).status_code == 422
    assert (
        half_in(Client(), sign_in, official)
        .post(CODE, {"code": code_at(NOON + timedelta(seconds=seconds))})
        .status_code
        == 302
    )


def test_an_older_code_is_not_good_after_a_newer_one(clock: Any, official: User) -> None:
    older, newer = code_at(NOON - timedelta(seconds=30)), code_at(NOON)
    assert isinstance(second_factor.check(official, newer, NOON), Authenticator)
    assert second_factor.check(official, older, NOON) is second_factor.Wrong.USED


@pytest.mark.parametrize(("seconds", "good"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_phone_may_be_half_a_minute_off(clock: Any, official: User, seconds: int, good: bool) -> None:
    found = second_factor.check(official, code_at(NOON + timedelta(seconds=seconds)), NOON)
    assert isinstance(found, Authenticator) is good


def test_guessing_leads_back_to_the_password_and_the_owner_is_told(
    clock: Any, official: User, sign_in: SignIn, mailoutbox: list[Any]
) -> None:
    EmailAddress.objects.create(user=official, email="wang@example.com", primary=True, verified=True)
    client = half_in(Client(), sign_in, official)
    answers = [client.post(CODE, {"code": wrong_code_at(NOON)}).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 302]
    assert client.get(CODE)["Location"] == "/accounts/login/"
    assert [letter.subject for letter in mailoutbox] == ["有人输对了你的密码，但动态码连续输错"]


def test_guessing_on_takes_longer_and_longer(clock: Any, official: User, sign_in: SignIn) -> None:
    """A robot that starts anew each time gets some thirty tries a day, and no right code during a pause."""
    tries, passed = 0, timedelta()
    while passed < timedelta(hours=23):
        answer = half_in(Client(), sign_in, official).post(CODE, {"code": wrong_code_at(NOON + passed)})
        if answer.status_code != 429:
            tries += 1
            continue
        assert "请等" in answer.content.decode()
        step = Counter.objects.get(free_at__gt=NOON + passed).free_at - (NOON + passed)
        clock.shift(step)
        passed += step
    assert 20 <= tries <= 40


def test_the_right_code_waits_too_but_not_on_a_known_device(
    clock: Any, official: User, sign_in: SignIn
) -> None:
    home = half_in(Client(), sign_in, official)
    assert home.post(CODE, {"code": code_at(NOON)}).status_code == 302
    home.post("/accounts/logout/")
    clock.shift(timedelta(minutes=2))
    now = NOON + timedelta(minutes=2)
    for _ in range(5):
        half_in(Client(), sign_in, official).post(CODE, {"code": wrong_code_at(now)})
    assert half_in(Client(), sign_in, official).post(CODE, {"code": code_at(now)}).status_code == 429
    assert half_in(home, sign_in, official).post(CODE, {"code": code_at(now)}).status_code == 302


def test_a_recovery_code_counts_once(clock: Any, official: User, sign_in: SignIn) -> None:
    row = Authenticator.objects.get(user=official, type=Authenticator.Type.RECOVERY_CODES)
    code = row.wrap().get_unused_codes()[0]
    assert half_in(Client(), sign_in, official).post(CODE, {"code": code}).status_code == 302
    assert half_in(Client(), sign_in, official).post(CODE, {"code": code}).status_code == 422


@pytest.mark.django_db
def test_a_new_official_sets_it_up_sees_the_recovery_codes_and_works(clock: Any, sign_in: SignIn) -> None:
    person, client = world.official("320000", "acceptance"), Client()
    assert sign_in(client, person.username).status_code == 302
    assert client.get("/work/")["Location"] == "/accounts/2fa/totp/activate/"
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200, "the password has just been typed"
    secret = page.context["form"].secret
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_at(NOON, secret)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    shown = client.get("/accounts/2fa/recovery-codes/")
    codes = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    assert all(code in shown.content.decode() for code in codes)
    assert client.get("/work/").status_code == 200
    again = half_in(Client(), sign_in, person).post(CODE, {"code": code_at(NOON, secret)})
    assert again.status_code == 422, "the code that set it up is used"


@pytest.mark.database
def test_of_two_requests_with_one_code_one_wins(fresh_database: str) -> None:
    person, won, lock = User.objects.create(username="racer", name="甲"), [], threading.Lock()

    def use() -> None:
        try:
            fresh = second_factor.use_step(person, 59_000_000)
            with lock:
                won.append(fresh)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]
    assert LastCode.objects.get(user=person).step == 59_000_000


def test_the_secret_is_stored_encrypted(official: User) -> None:
    assert SECRET not in str(Authenticator.objects.get(user=official, type="totp").data)
