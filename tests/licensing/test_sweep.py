"""The sweep that finds what is due: all of it, each case once, whatever one of them does (R-45)."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from core.outbox import doorbell
from licensing import tasks
from licensing.actions import clockwork
from licensing.lifecycle import Status
from licensing.models import Application
from tests.support import world


def silent(count):
    """Filings of 9 November that nobody answered: due since the 17th."""
    cast = world.Cast()
    return [world.submitted(cast) for _n in range(count)]


def statuses(cases):
    rows = Application.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk")
    return list(rows.values_list("status", flat=True))


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 2)


@pytest.mark.django_db
@pytest.mark.req("R-45")
def test_one_sweep_goes_on_until_nothing_is_due(small_batches):
    cases = silent(5)
    assert tasks.sweep_clocks() == 5
    assert statuses(cases) == [Status.UNDER_REVIEW] * 5
    assert tasks.sweep_clocks() == 0


@pytest.mark.django_db
@pytest.mark.req("R-45")
def test_what_the_time_did_not_suffice_for_the_next_sweep_does(monkeypatch):
    cases = silent(3)
    ticks = iter([0.0, 1.0, 2.0, 99.0])
    monkeypatch.setattr(tasks.time, "monotonic", lambda: next(ticks))
    assert tasks.sweep_clocks() == 2
    monkeypatch.undo()
    assert tasks.sweep_clocks() == 1
    assert statuses(cases) == [Status.UNDER_REVIEW] * 3


@pytest.mark.django_db
@pytest.mark.req("R-45")
def test_a_case_that_fails_is_tried_once_put_off_and_holds_up_no_other(small_batches, monkeypatch):
    first, *others = cases = silent(4)
    tried, real = [], clockwork.tick

    def tick(*, public_id, at):
        tried.append(public_id)
        if public_id == first.public_id:
            raise ValueError("a case that cannot be read")
        return real(public_id=public_id, at=at)

    monkeypatch.setattr(tasks, "tick", tick)
    assert tasks.sweep_clocks() == len(others)
    assert tried.count(first.public_id) == 1
    assert statuses(cases) == [Status.SUBMITTED, *[Status.UNDER_REVIEW] * len(others)]
    again = Application.objects.get(pk=first.pk).next_check_at - timezone.now()
    assert timedelta(minutes=9) < again <= clockwork.RETRY_AFTER
    assert tasks.sweep_clocks() == 0
    assert tried.count(first.public_id) == 1


@pytest.mark.django_db
def test_a_case_that_cannot_even_be_put_off_is_not_tried_in_a_circle(monkeypatch):
    silent(1)
    tried = []

    def tick(*, public_id, at):
        tried.append(public_id)
        return ""

    monkeypatch.setattr(tasks, "tick", tick)
    assert tasks.sweep_clocks() == 0
    assert len(tried) == 1


@pytest.mark.django_db
def test_a_batch_asks_for_calendar_and_competence_once(django_assert_max_num_queries):
    silent(1)
    tasks.sweep_clocks()
    silent(3)
    with django_assert_max_num_queries(100):
        assert tasks.sweep_clocks() == 3


@pytest.mark.database
@pytest.mark.req("R-45")
def test_a_case_somebody_holds_is_left_to_the_next_sweep(fresh_database):
    call_command("create_world", "--simulated", verbosity=0)
    held, free = silent(2)
    done = []

    def sweep():
        try:
            done.append(tasks.sweep_clocks())
        finally:
            connection.close()

    with transaction.atomic():
        Application.objects.select_for_update().get(pk=held.pk)
        other = threading.Thread(target=sweep)
        other.start()
        other.join(timeout=30)
        assert done == [1]
    assert statuses([held, free]) == [Status.SUBMITTED, Status.UNDER_REVIEW]
    assert tasks.sweep_clocks() == 1


@pytest.mark.database
@pytest.mark.req("R-45")
def test_two_sweeps_at_once_do_each_case_once(fresh_database, small_batches):
    call_command("create_world", "--simulated", verbosity=0)
    cases, done, barrier = silent(8), [], threading.Barrier(2)

    def sweep():
        barrier.wait()
        try:
            done.append(tasks.sweep_clocks())
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) + tasks.sweep_clocks() == len(cases)
    assert statuses(cases) == [Status.UNDER_REVIEW] * len(cases)
    assert set(
        Application.objects.filter(pk__in=[c.pk for c in cases]).values_list("version", flat=True)
    ) == {3}


def test_a_batch_rings_once(fresh_database, monkeypatch):
    rings = []
    call_command("create_world", "--simulated", verbosity=0)
    silent(3)
    monkeypatch.setattr(doorbell, "ring", rings.append)
    assert tasks.sweep_clocks() == 3
    assert rings == [{"certificates", "default"}]
