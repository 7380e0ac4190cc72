"""Log lines and figures: tied together by one id, without a personal value, for those who may see them."""

import json
import logging
import re
import time
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from certificates.models import Certificate
from core.lifecycle.correlation import correlated, current
from core.lifecycle.subjects import Subject
from core.outbox.actions import deliver_due, emit
from core.outbox.models import Delivery, Event
from core.outbox.subscriptions import Heard
from core.parties.models import User
from licensing.models import Application
from portal import celery, heartbeats, logs, metrics
from tests.support import world
from tests.support.clients import signed_in, today

ID = "browser-0123456789"


def line_of(record: logging.LogRecord) -> dict:
    return json.loads(logs.JsonFormatter().format(record))


@pytest.mark.django_db
def test_a_request_leaves_one_line_with_its_id_route_and_time(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "portal.requests")
    answer = Client().get("/accounts/login/?next=/cases/秘密/", headers={"X-Request-ID": ID})
    assert answer["X-Request-ID"] == ID
    (record,) = [row for row in caplog.records if row.name == "portal.requests"]
    line = json.dumps(line_of(record), ensure_ascii=False)
    assert line_of(record)["route"] == "account_login" and line_of(record)["status"] == 200
    assert line_of(record)["ms"] >= 0 and "秘密" not in line and "/" not in line_of(record)["message"]


@pytest.mark.parametrize("given", ["", "short", "has spaces in it", "x" * 65, 'quote"quote"'])
def test_an_odd_id_is_replaced(given: str) -> None:
    answer = Client().get("/healthz", headers={"X-Request-ID": given} if given else {})
    assert answer["X-Request-ID"] != given and len(answer["X-Request-ID"]) == 16


@pytest.mark.django_db
def test_what_a_request_caused_carries_its_id_into_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = world.Cast()
    draft = world.signed_draft(cast, day=today())
    sent = {"draft_version": draft.draft_version}
    with_id = signed_in(cast.applicant)
    with_id.post(reverse("licensing:submit", args=[draft.public_id]), sent, headers={"X-Request-ID": ID})
    event = Event.objects.get(type="licensing.submit", subject_id=str(draft.public_id))
    assert event.correlation == ID
    seen: list[str] = []

    def hear(heard: Heard) -> None:
        seen.append(current())
        emit(type="test.echo", subject=Subject("test", "1", 1))

    monkeypatch.setattr(
        "core.outbox.actions.subscription", lambda name: type("S", (), {"handler": staticmethod(hear)})
    )
    owed = Delivery.objects.filter(event=event)
    Delivery.objects.exclude(pk__in=owed).delete()
    for queue in set(owed.values_list("queue", flat=True)):
        deliver_due(queue=queue, at=event.recorded_at)
    assert seen and set(seen) == {ID}
    assert set(Event.objects.filter(type="test.echo").values_list("correlation", flat=True)) == {ID}
    assert current() == "-"


@pytest.mark.django_db
def test_an_exception_is_told_without_what_it_quotes() -> None:
    User.objects.create_user(username="zhoumin", name="周敏", password="correct horse")
    try:
        with transaction.atomic():
            User.objects.create_user(username="zhoumin", name="周敏", password="correct horse")
    except IntegrityError as error:
        caught = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", None, caught)
    line = line_of(record)
    assert line["error"]["kinds"][0] == "IntegrityError" and line["error"]["constraint"].endswith("key")
    assert "zhoumin" not in json.dumps(line) and "zhoumin" not in logs.LineFormatter().format(record)
    assert any("test_logs_metrics.py" in frame for frame in line["error"]["frames"])


def test_a_line_has_its_time_zone_and_the_id_of_the_moment() -> None:
    with correlated(ID):
        line = line_of(logging.LogRecord("x", logging.INFO, "f", 1, "好", None, None))
    assert line["time"].endswith("+08:00") and line["correlation"] == ID and line["message"] == "好"


class TestMetrics:
    """`/metrics`: default deny."""

    @pytest.mark.parametrize("given", [None, "", "Bearer ", "Bearer wrong"])
    @pytest.mark.parametrize("wanted", ["", "right-token"])
    def test_without_the_token_there_is_nothing(self, settings, wanted: str, given: str | None) -> None:
        settings.METRICS_TOKEN = wanted
        answer = Client().get("/metrics", headers={} if given is None else {"Authorization": given})
        assert answer.status_code == 404

    @pytest.mark.django_db
    def test_the_figures(self, settings, django_assert_num_queries) -> None:
        settings.METRICS_TOKEN = "right-token"
        late = world.accepted(world.Cast())
        Application.objects.filter(pk=late.pk).update(next_due_on=world.DAY)
        Event.objects.create(type="t", subject_kind="t", subject_id="1", subject_version=1)
        world.granted_licence(world.Cast())
        Certificate.objects.update(attempts=3, last_error="certificates.no_signing_key: …")
        with django_assert_num_queries(4):
            answer = Client().get("/metrics", headers={"Authorization": "Bearer right-token"})
        text = answer.content.decode()
        figures = dict(row.rsplit(" ", 1) for row in text.splitlines() if row and not row.startswith("#"))
        assert float(figures["portal_cases_open"]) >= 1 and float(figures["portal_cases_overdue"]) >= 1
        assert float(figures["portal_outbox_due"]) >= 1 and float(figures["portal_outbox_oldest_seconds"]) > 0
        assert float(figures["portal_certificates_waiting"]) == 1
        assert float(figures["portal_certificates_stopped"]) == 1
        assert float(figures["portal_certificates_failures"]) == 3
        assert float(figures["portal_documents_waiting"]) == 5
        assert float(figures["portal_documents_stopped"]) == 0
        assert 'portal_queue_age_seconds{queue="certificates"}' in figures
        assert figures["portal_broker_up"] == "1.0" and 'portal_queue_length{queue="default"}' in figures
        assert any(name.startswith("portal_request_seconds_count") for name in figures)
        assert "周敏" not in text

    @pytest.mark.django_db
    def test_the_oldest_task_of_a_queue_tells_how_long_it_waits(self, settings) -> None:
        """Two tasks through the real broker: the first one's age is told, whatever came after it."""
        settings.METRICS_TOKEN = "right-token"
        queue = celery.queue_name("certificates")
        broker = heartbeats.client(settings.REDIS_URL)
        broker.delete(queue, celery.queue_name("default"))
        try:
            for when in (time.time() - 90, time.time()):
                with mock.patch.object(celery.time, "time", return_value=when):
                    celery.app.send_task(celery.HEARTBEAT_TASK, args=("certificates",), queue=queue)
            figures = (
                Client().get("/metrics", headers={"Authorization": "Bearer right-token"}).content.decode()
            )
        finally:
            broker.delete(queue)
            broker.close()
        (age,) = re.findall(r'portal_queue_age_seconds\{queue="certificates"\} (\S+)', figures)
        assert 90 <= float(age) < 100
        assert 'portal_queue_length{queue="certificates"} 2.0' in figures
        assert 'portal_queue_age_seconds{queue="default"} 0.0' in figures

    @pytest.mark.parametrize(
        "message", [None, b"", b"{}", b'{"headers": {}}', b"not json", b'{"headers": {"sent_at": "x"}}']
    )
    def test_a_task_that_does_not_tell_counts_as_new(self, message: bytes | None) -> None:
        assert metrics.sent_at(message) is None

    @pytest.mark.django_db
    def test_a_broker_away_is_a_figure_and_no_error(self, settings) -> None:
        settings.METRICS_TOKEN, settings.REDIS_URL = "right-token", "redis://127.0.0.1:1/0"
        answer = Client().get("/metrics", headers={"Authorization": "Bearer right-token"})
        assert answer.status_code == 200 and "portal_broker_up 0.0" in answer.content.decode()
