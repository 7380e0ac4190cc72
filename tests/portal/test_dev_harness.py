"""The tests' own isolation: three logins on one clone, rollback under the app login, own databases."""

import threading

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connections, transaction
from redis import Redis


def login(alias: str) -> tuple[str, str]:
    """The database user of an alias and the database it is in."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        user, database = cursor.fetchone()
    return user, database


@pytest.mark.database
@pytest.mark.django_db(databases=["default", "owner", "public"])
def test_each_alias_is_its_own_login_on_the_same_clone(servers):
    assert login("default") == ("portal_app", servers.database)
    assert login("owner") == ("portal_owner", servers.database)
    assert login("public") == ("portal_public", servers.database)


@pytest.mark.database
@pytest.mark.django_db
def test_the_app_login_cannot_create_in_the_schema_or_become_the_owner():
    for statement in ("CREATE TABLE intruder ()", "SET ROLE portal_owner", "CREATE SCHEMA intruder"):
        with pytest.raises(DatabaseError), transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.database
def test_the_public_login_reads_one_schema_and_writes_nothing(fresh_database):
    with connections["public"].cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone() == ("public_register",)
        cursor.execute("SHOW default_transaction_read_only")
        assert cursor.fetchone() == ("on",)
    with pytest.raises(DatabaseError), connections["public"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM public.django_content_type")


@pytest.mark.parametrize("time", [1, 2])
@pytest.mark.django_db
def test_a_test_leaves_nothing_behind(time):
    assert not ContentType.objects.filter(app_label="left_behind").exists()
    ContentType.objects.create(app_label="left_behind", model=f"time{time}")


def test_a_fresh_database_commits_and_other_threads_see_it(fresh_database, servers):
    assert login("default") == ("portal_app", fresh_database)
    assert fresh_database != servers.database
    ContentType.objects.create(app_label="fresh", model="seen")
    seen = []

    def look() -> None:
        seen.append(ContentType.objects.filter(app_label="fresh").count())
        connections["default"].close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]


def test_fresh_databases_do_not_know_each_other(fresh_database):
    assert not ContentType.objects.filter(app_label="fresh").exists()


def test_the_broker_is_this_process_s_own(servers):
    assert settings.REDIS_URL.endswith(f"/{servers.broker_database}")
    assert servers.broker_database > 0
    assert settings.QUEUE_PREFIX
    assert Redis.from_url(settings.REDIS_URL).ping()
