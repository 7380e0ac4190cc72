"""Thin events: delivered once, in any order, whatever fails; numbered after commit (DESIGN §2)."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.db.models import Max
from django.utils import timezone

from core.lifecycle.subjects import Subject
from core.outbox import doorbell, subscriptions
from core.outbox.actions import PARK_AFTER, assign_positions, deliver_due, emit, unpark
from core.outbox.models import Delivery, Event
from core.outbox.queries import oldest_due, parked

pytestmark = pytest.mark.database

SUBJECT = Subject("test.thing", "t1", 1)
QUEUE = "test"
OURS = {"type__startswith": "test."}


@pytest.fixture
def heard(monkeypatch):
    """Subscribers of the type `test.happened`, on queues of their own, and what they heard."""
    monkeypatch.setattr(subscriptions, "_subscriptions", {})
    monkeypatch.setattr(doorbell, "ring", lambda queues: None)
    events = []
    subscriptions.subscribe("test.happened", name="test.good", queue=QUEUE)(events.append)
    return events


def deliver(at=None, queue=QUEUE):
    return deliver_due(queue=queue, at=at or timezone.now())


@pytest.mark.django_db
def test_an_event_reaches_its_subscriber_once(heard):
    emit(type="test.happened", subject=SUBJECT)
    assert deliver() == 1
    assert deliver() == 0
    assert [event.subject for event in heard] == [SUBJECT]


@pytest.mark.django_db
def test_an_event_nobody_hears_owes_nothing(heard):
    emit(type="test.unheard", subject=SUBJECT)
    event = Event.objects.get(**OURS)
    assert not event.deliveries.exists()


@pytest.mark.django_db
def test_a_rolled_back_act_leaves_no_event(heard):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        emit(type="test.happened", subject=SUBJECT)
        raise ZeroDivisionError
    assert not Event.objects.filter(**OURS).exists()


@pytest.mark.django_db
def test_a_poisoned_event_parks_and_blocks_nobody(heard):
    @subscriptions.subscribe("test.happened", name="test.bad", queue=QUEUE)
    def fail(event):
        raise RuntimeError("poison")

    emit(type="test.happened", subject=SUBJECT)
    at = timezone.now()
    for _attempt in range(PARK_AFTER):
        at += timedelta(hours=1)
        deliver(at)
    assert len(heard) == 1
    (row,) = parked()
    assert (
        row.subscriber == "test.bad"
        and "RuntimeError" in row.last_error
        and "poison" not in row.last_error
        and row.attempts == PARK_AFTER
    )
    assert oldest_due(QUEUE) is None
    assert unpark(delivery_id=row.pk, at=at) and not unpark(delivery_id=row.pk, at=at)


@pytest.mark.django_db
def test_a_failing_subscriber_leaves_no_trace_of_its_own(heard):
    @subscriptions.subscribe("test.happened", name="test.half", queue=QUEUE)
    def half(event):
        Event.objects.create(type="half", subject_kind="k", subject_id="i", subject_version=1)
        raise RuntimeError

    emit(type="test.happened", subject=SUBJECT)
    deliver()
    assert not Event.objects.filter(type="half").exists()


@pytest.mark.django_db
def test_queues_are_apart(heard):
    subscriptions.subscribe("test.happened", name="test.signer", queue="test-signer")(heard.append)
    emit(type="test.happened", subject=SUBJECT)
    assert deliver(queue="test-signer") == 1
    assert Delivery.objects.get(queue=QUEUE).status == Delivery.Status.DUE


def test_two_workers_deliver_one_event_once(fresh_database, heard):
    barrier = threading.Barrier(2)

    @subscriptions.subscribe("test.slow", name="test.slow", queue=QUEUE)
    def slow(event):
        heard.append(event)

    with transaction.atomic():
        emit(type="test.slow", subject=SUBJECT)

    def work():
        barrier.wait()
        try:
            deliver()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(heard) == 1


def test_positions_follow_commit_not_id(fresh_database, heard):
    """A transaction that began first and commits last must get the higher position."""
    assign_positions()
    before = Event.objects.aggregate(last=Max("position"))["last"] or 0
    inside, go_on = threading.Event(), threading.Event()

    def slow_commit():
        with transaction.atomic():
            emit(type="test.first", subject=SUBJECT)
            inside.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow_commit)
    thread.start()
    inside.wait(10)
    with transaction.atomic():
        emit(type="test.second", subject=SUBJECT)
    assert assign_positions() == 1
    go_on.set()
    thread.join()
    assert assign_positions() == 1
    ours = Event.objects.filter(**OURS)
    rows = list(ours.order_by("position").values_list("type", "position"))
    assert rows == [("test.second", before + 1), ("test.first", before + 2)]
    first, second = ours.order_by("id").values_list("type", flat=True)
    assert (first, second) == ("test.first", "test.second")


def test_only_one_sequencer_works(fresh_database, heard):
    from core.outbox.actions import SEQUENCER_LOCK

    assign_positions()
    with transaction.atomic():
        emit(type="test.happened", subject=SUBJECT)
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        assert assign_positions() == 0
    assert assign_positions() == 1


def test_a_broker_that_is_away_costs_little_and_loses_nothing(fresh_database, settings, monkeypatch):
    """Nobody listens on the broker's port: the act commits, the ring is counted, the sweep delivers."""
    from celery import current_app

    monkeypatch.setattr(subscriptions, "_subscriptions", {})
    got = []
    subscriptions.subscribe("test.happened", name="test.good", queue=QUEUE)(got.append)
    before = doorbell.RING_FAILURES._value.get()
    away = current_app.connection_for_write().clone(hostname="redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app, "connection_for_write", lambda *a, **k: away)
    monkeypatch.setattr(
        current_app, "send_task",
        lambda *args, **options: type(current_app).send_task(current_app, *args, connection=away, **options),
    )  # fmt: skip
    started = time.monotonic()
    with transaction.atomic():
        emit(type="test.happened", subject=SUBJECT)
    assert time.monotonic() - started < 1
    assert doorbell.RING_FAILURES._value.get() == before + 1
    assert deliver() == 1 and len(got) == 1
