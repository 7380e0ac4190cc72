"""/healthz and /readyz: the failing part is named; a heartbeat counts only when it came through the queue."""

import time

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from kombu.exceptions import OperationalError

from portal import celery, health, heartbeats

PARTS = ["database", "broker", "worker default", "worker certificates", "beat"]


@pytest.fixture
def broker():
    """This process's broker database, without heartbeats before and after."""
    connection = heartbeats.client(settings.REDIS_URL)
    names = [heartbeats.key(settings.QUEUE_PREFIX, name) for name in (*heartbeats.QUEUES, heartbeats.BEAT)]
    connection.delete(*names)
    yield connection
    connection.delete(*names)
    connection.close()


def beat_all(broker) -> None:
    for name in (*heartbeats.QUEUES, heartbeats.BEAT):
        heartbeats.write(broker, settings.QUEUE_PREFIX, name)


def test_healthz_answers_without_database_or_broker(client: Client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_every_part_shows_life(client: Client, broker):
    beat_all(broker)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ready", "parts": dict.fromkeys(PARTS, "ok")}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "part"),
    [("default", "worker default"), ("certificates", "worker certificates"), ("beat", "beat")],
)
def test_a_silent_part_is_named(client: Client, broker, name: str, part: str):
    beat_all(broker)
    broker.delete(heartbeats.key(settings.QUEUE_PREFIX, name))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"] == {**dict.fromkeys(PARTS, "ok"), part: "silent"}


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "state"), [(29, "ok"), (31, "silent")])
def test_an_old_heartbeat_is_silence(client: Client, broker, age: int, state: str):
    beat_all(broker)
    broker.set(heartbeats.key(settings.QUEUE_PREFIX, "certificates"), repr(time.time() - age))
    assert health.readiness()["worker certificates"] == state


@pytest.mark.django_db
def test_a_broker_that_is_away_is_named_within_a_second(client: Client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    began = time.monotonic()
    response = client.get("/readyz")
    assert time.monotonic() - began < 1
    assert response.status_code == 503
    assert response.json()["parts"]["broker"] == "down"


def test_a_database_that_is_away_is_named(client: Client, broker, monkeypatch: pytest.MonkeyPatch):
    def refuse() -> None:
        raise DatabaseError("away")

    beat_all(broker)
    monkeypatch.setattr(health, "_database", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"]["database"] == "down"


def test_the_heartbeat_task_leaves_the_time_of_its_arrival(broker):
    health.beat_heartbeat("certificates")
    age = heartbeats.age(broker, settings.QUEUE_PREFIX, "certificates")
    assert age is not None
    assert age < 5


def test_beat_sends_a_heartbeat_and_a_sweep_through_each_queue():
    sent = {(entry["task"], entry["options"]["queue"]) for entry in celery.app.conf.beat_schedule.values()}
    queues = [settings.QUEUE_PREFIX + name for name in ("default", "certificates")]
    assert {(celery.HEARTBEAT_TASK, queue) for queue in queues} <= sent
    assert {(celery.SWEEP_TASK, queue) for queue in queues} <= sent


def test_certificate_tasks_go_to_their_own_queue():
    router = celery.app.amqp.router
    assert (
        router.route({}, "certificates.tasks.issue")["queue"].name == f"{settings.QUEUE_PREFIX}certificates"
    )
    assert router.route({}, "core.outbox.tasks.deliver")["queue"].name == f"{settings.QUEUE_PREFIX}default"


def test_publishing_to_a_broker_that_is_away_fails_within_a_second():
    with celery.app.connection("redis://127.0.0.1:1/0") as connection:
        began = time.monotonic()
        with pytest.raises(OperationalError):
            celery.app.send_task(celery.HEARTBEAT_TASK, args=("default",), connection=connection, retry=False)
        assert time.monotonic() - began < 1
