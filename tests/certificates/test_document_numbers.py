"""Two documents signed at once get two numbers, and none is lost or given twice."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from certificates.documents.numbers import document_number, next_serial
from certificates.models import DocumentCounter

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def _take() -> int:
    with transaction.atomic():
        return next_serial(authority_code="320000", series="苏质监许受", year=2015)


def _take_elsewhere() -> int:
    try:
        return _take()
    finally:
        connection.close()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def test_two_at_once_get_two_numbers(fresh_database: str) -> None:
    """The second worker asks while the first has not committed, and waits for it."""
    assert _take() == 1
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = next_serial(authority_code="320000", series="苏质监许受", year=2015)
            other = pool.submit(_take_elsewhere)
            while not _somebody_waits():
                assert not other.done()
        assert (first, other.result(30)) == (2, 3)
    assert DocumentCounter.objects.get().last == 3


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
