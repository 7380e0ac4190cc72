"""Limits that stop guessing and lock nobody else out."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from core.accounts import devices, limits
from core.accounts.models import Counter
from core.parties.models import User
from tests.support import world
from tests.support.codes import NOON

SignIn = Callable[..., Any]
OFFICE = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def owner(db: None) -> User:
    return world.user("周敏")


@pytest.mark.django_db
def test_the_owner_on_his_own_device_gets_in_while_an_attacker_fails_a_hundred_times(
    owner: User, sign_in: SignIn
) -> None:
    home, attacker = Client(), Client(REMOTE_ADDR="198.51.100.9")
    assert sign_in(home, owner.username).status_code == 302
    home.post("/accounts/logout/")
    answers = [sign_in(attacker, owner.username, f"guess {number}").status_code for number in range(100)]
    assert answers == [422] * 10 + [429] * 90
    assert sign_in(home, owner.username).status_code == 302
    assert home.session["_auth_user_id"] == str(owner.pk)


@pytest.mark.django_db
def test_even_the_right_password_waits_on_an_unknown_device_and_is_told_how_long(
    clock: Any, owner: User, sign_in: SignIn
) -> None:
    attacker, elsewhere = Client(), Client()
    for number in range(10):
        sign_in(attacker, owner.username, f"guess {number}")
    refused = sign_in(elsewhere, owner.username)
    assert refused.status_code == 429
    text = refused.content.decode()
    assert "请等 15 分钟再试" in text, text[text.find("errsum") :][:600]
    clock.shift(timedelta(minutes=15))
    assert sign_in(elsewhere, owner.username).status_code == 302


@pytest.mark.django_db
def test_user_name_and_address_share_one_budget(owner: User, sign_in: SignIn) -> None:
    owner.email = "owner@example.com"
    owner.save()
    names = [owner.username, "owner@example.com", owner.username.upper(), "OWNER@example.com"] * 3
    answers = [sign_in(Client(), name, "guess").status_code for name in names]
    assert answers == [422] * 10 + [429] * 2


@pytest.mark.django_db
def test_an_unknown_name_answers_like_a_known_one(owner: User, sign_in: SignIn) -> None:
    known = [sign_in(Client(), owner.username, "guess") for _ in range(12)]
    unknown = [sign_in(Client(), "nobody-here", "guess") for _ in range(12)]
    assert [answer.status_code for answer in known] == [answer.status_code for answer in unknown]
    assert "用户名或密码不对" in known[0].content.decode()
    assert "用户名或密码不对" in unknown[0].content.decode()


@pytest.mark.django_db
def test_a_whole_office_behind_one_address_signs_in_at_nine(sign_in: SignIn) -> None:
    people = [world.user(f"同事{number}") for number in range(60)]
    for person in people:
        browser = Client(**OFFICE)
        assert sign_in(browser, person.username, "mistyped").status_code == 422
        assert sign_in(browser, person.username).status_code == 302


@pytest.mark.django_db
def test_what_was_right_does_not_count(owner: User, sign_in: SignIn) -> None:
    browser = Client()
    for _ in range(30):
        assert sign_in(browser, owner.username).status_code == 302
        browser.post("/accounts/logout/")


@pytest.mark.django_db
def test_a_success_does_not_wipe_the_failures_before_it(owner: User, sign_in: SignIn) -> None:
    """An attacker with an account of his own on the same device cannot refresh the budget of another."""
    for _ in range(9):
        sign_in(Client(), owner.username, "guess")
    assert sign_in(Client(), owner.username).status_code == 302
    assert sign_in(Client(), owner.username, "guess").status_code == 422
    assert sign_in(Client(), owner.username, "guess").status_code == 429


@pytest.mark.django_db
def test_a_forged_or_foreign_device_cookie_is_no_known_device(owner: User, sign_in: SignIn) -> None:
    other, browser, forger = world.user(), Client(), Client()
    sign_in(browser, other.username)
    browser.post("/accounts/logout/")
    forger.cookies[devices.COOKIE] = browser.cookies[devices.COOKIE].value + "x"
    for number in range(10):
        sign_in(Client(), owner.username, f"guess {number}")
    assert sign_in(browser, owner.username).status_code == 429
    assert sign_in(forger, owner.username).status_code == 429
    assert browser.cookies[devices.COOKIE]["httponly"]


@pytest.mark.django_db
def test_a_pause_grows_and_ends() -> None:
    waits = []
    at = NOON
    for _ in range(10):
        limits.slow_down(limits.SECOND_FACTOR, 1, "unknown", at=at)
        try:
            limits.slow_down(limits.SECOND_FACTOR, 2, "probe", at=at)
            limits.slow_down(limits.SECOND_FACTOR, 1, "unknown", at=at)
        except limits.TooMany as error:
            waits.append(int(error.wait.total_seconds()))
            at += error.wait
    assert waits[:5] == [30, 60, 120, 240, 480]
    assert max(waits) <= 3600


@pytest.mark.django_db
def test_counters_that_are_over_go() -> None:
    limits.take(limits.SIGN_IN, "a", at=NOON)
    limits.take(limits.SIGN_UP, "b", at=NOON)
    assert limits.sweep(at=NOON + timedelta(minutes=20)) == 1
    assert Counter.objects.count() == 1


@pytest.mark.django_db
def test_a_counter_names_nobody(owner: User, sign_in: SignIn) -> None:
    sign_in(Client(), owner.username, "guess")
    (row,) = Counter.objects.all()
    assert owner.username not in str(row.__dict__)


@pytest.mark.database
def test_two_hundred_guesses_at_once_take_no_more_than_the_limit(fresh_database: str) -> None:
    now, taken, lock = timezone.now(), [], threading.Lock()

    def guess() -> None:
        try:
            for _ in range(20):
                try:
                    limits.take(limits.SIGN_IN, "user:1", "unknown", at=now)
                except limits.TooMany:
                    continue
                with lock:
                    taken.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == limits.SIGN_IN.amount
