"""Two documents signed at once get two numbers, and none is lost or given twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection, transaction

from certificates.documents.numbers import document_number, next_serial
from certificates.models import DocumentCounter


def _take(barrier: Barrier) -> int:
    try:
        barrier.wait(10)
        with transaction.atomic():
            return next_serial(authority_code="320000", series="苏质监许受", year=2015)
    finally:
        connection.close()


def test_two_at_once_get_two_numbers(fresh_database: str) -> None:
    given: list[int] = []
    for _round in range(5):
        barrier = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            given += pool.map(_take, [barrier, barrier])
    assert sorted(given) == list(range(1, 11))
    assert DocumentCounter.objects.get().last == 10


def test_a_number_rolled_back_is_given_again(fresh_database: str) -> None:
    for _time in range(2):
        try:
            with transaction.atomic():
                assert next_serial(authority_code="320000", series="苏质监许受", year=2015) == 1
                raise InterruptedError
        except InterruptedError:
            pass
    assert not DocumentCounter.objects.exists()


def test_a_number_is_written_as_the_standard_writes_it() -> None:
    assert document_number(series="苏质监许受", year=2015, serial=12) == "苏质监许受〔2015〕12号"
