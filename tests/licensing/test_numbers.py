"""Licence numbers: in order, never twice, whoever grants at the same time (DOMAIN §7.2)."""

import re
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from core.parties.models import Authority
from licensing.models import NumberCounter
from licensing.numbers import NumbersExhausted, next_case_number, next_licence_number, short_case_number

pytestmark = pytest.mark.database


def give(code="XK13-002", authority="320000"):
    return next_licence_number(authority=Authority.objects.get(code=authority), xk_code=code)


@pytest.mark.django_db
def test_numbers_follow_each_other_per_authority_and_product():
    assert [give(), give(), give("XK13-001"), give(authority="330000"), give(authority="AQSIQ")] == [
        "(苏)XK13-002-00001", "(苏)XK13-002-00002", "(苏)XK13-001-00001", "(浙)XK13-002-00001", "XK13-002-00001",
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_serial_ends_at_five_digits():
    give()
    NumberCounter.objects.update(last=99_999)
    with pytest.raises(NumbersExhausted):
        give()
    with pytest.raises(IntegrityError), transaction.atomic():
        NumberCounter.objects.update(last=100_000)


@pytest.mark.req("R-50")
def test_concurrent_grants_get_different_numbers(fresh_database):
    given, barrier = [], threading.Barrier(8)

    def grant():
        barrier.wait()
        try:
            for _n in range(5):
                with transaction.atomic():
                    given.append(give())
        finally:
            connection.close()

    threads = [threading.Thread(target=grant) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == [f"(苏)XK13-002-{n:05d}" for n in range(1, 41)]


@pytest.mark.django_db
def test_case_numbers_are_ascii_and_not_guessable():
    authority = Authority.objects.get(code="320000")
    numbers = {next_case_number(authority=authority, kind="new", year=2026) for _n in range(40)}
    assert all(re.fullmatch(r"320000-N-2026-\d{6}-[2-9A-HJ-NP-Z]{2}", number) for number in numbers)
    assert len({number[-2:] for number in numbers}) > 10
    assert short_case_number("320000-N-2026-000341-7K", "苏", "new") == "苏新 2026-000341"
