"""Figures for the operator's monitoring, in Prometheus' text form: how the portal fares, never who did what."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime

import redis
from django.conf import settings
from django.db.models import Count, Min, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.multiprocess import MultiProcessCollector

from certificates.models import Certificate, OfficialDocument
from core.lifecycle.dates import shanghai_date
from core.outbox.models import Delivery
from core.parties.access import anyone
from licensing.lifecycle import UNDECIDED
from licensing.models import Application
from portal import heartbeats

REQUESTS = Histogram(
    "portal_request_seconds", "Time to answer, by route", ("route", "method", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip


@anyone
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever shows `METRICS_TOKEN`; to all others, and where none is set, there is nothing here."""
    wanted = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not wanted or not constant_time_compare(given, wanted):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Figures(timezone.now()))
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    text = generate_latest(registry) + generate_latest(REGISTRY)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class Figures:
    """What is read afresh at each scrape: three queries and a few keys of the broker."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Gauge]:
        yield from self._cases()
        yield from self._outbox()
        yield from self._certificates()
        yield from self._documents()
        yield from self._broker()

    def _cases(self) -> Iterator[Gauge]:
        late = Q(next_due_on__lt=shanghai_date(self.now))
        found = Application.objects.filter(status__in=UNDECIDED).aggregate(
            open=Count("pk"), overdue=Count("pk", filter=late)
        )
        yield Gauge("portal_cases_open", "Cases without a decision", value=found["open"])
        yield Gauge(
            "portal_cases_overdue", "Open cases past the due date of their step", value=found["overdue"]
        )

    def _outbox(self) -> Iterator[Gauge]:
        due = Q(status=Delivery.Status.DUE)
        found = Delivery.objects.exclude(status=Delivery.Status.DONE).aggregate(
            due=Count("pk", filter=due), parked=Count("pk", filter=~due), oldest=Min("due_at", filter=due)
        )
        yield Gauge("portal_outbox_due", "Deliveries waiting", value=found["due"])
        yield Gauge(
            "portal_outbox_parked", "Deliveries given up after too many failures", value=found["parked"]
        )
        yield Gauge(
            "portal_outbox_oldest_seconds",
            "Age of the oldest waiting delivery",
            value=self._age(found["oldest"]),
        )

    def _certificates(self) -> Iterator[Gauge]:
        found = Certificate.objects.exclude(status=Certificate.Status.ISSUED).aggregate(
            waiting=Count("pk"), stopped=Count("pk", filter=~Q(last_error="")), oldest=Min("requested_at"),
            failures=Sum("attempts", default=0),
        )  # fmt: skip
        yield Gauge("portal_certificates_waiting", "Certificates not signed yet", value=found["waiting"])
        yield Gauge(
            "portal_certificates_stopped", "Certificates whose signing failed", value=found["stopped"]
        )
        yield Gauge(
            "portal_certificates_failures",
            "Failed attempts at signing those that wait",
            value=found["failures"],
        )
        yield Gauge(
            "portal_certificates_oldest_seconds",
            "Age of the oldest one waiting",
            value=self._age(found["oldest"]),
        )

    def _documents(self) -> Iterator[Gauge]:
        found = OfficialDocument.objects.exclude(status=OfficialDocument.Status.ISSUED).aggregate(
            waiting=Count("pk"), stopped=Count("pk", filter=~Q(last_error=""))
        )
        yield Gauge("portal_documents_waiting", "Official documents not signed yet", value=found["waiting"])
        yield Gauge(
            "portal_documents_stopped", "Official documents whose signing failed", value=found["stopped"]
        )

    def _broker(self) -> Iterator[Gauge]:
        lengths = Gauge("portal_queue_length", "Tasks in the broker's queue", labels=["queue"])
        waits = Gauge("portal_queue_age_seconds", "Age of the oldest task in the queue", labels=["queue"])
        ages = Gauge("portal_heartbeat_seconds", "Time since the last sign of life", labels=["process"])
        broker, up = heartbeats.client(settings.REDIS_URL), 1
        try:
            for queue in heartbeats.QUEUES:
                key = f"{settings.QUEUE_PREFIX}{queue}"
                lengths.add_metric([queue], broker.llen(key))  # type: ignore[arg-type]
                waits.add_metric([queue], self._age(sent_at(broker.lindex(key, -1))))  # type: ignore[arg-type]
            for name in (*heartbeats.QUEUES, heartbeats.BEAT):
                age = heartbeats.age(broker, settings.QUEUE_PREFIX, name)
                ages.add_metric([name], float("inf") if age is None else age)
        except redis.RedisError:
            up = 0
        finally:
            broker.close()
        yield Gauge("portal_broker_up", "Whether the broker answers", value=up)
        yield lengths
        yield waits
        yield ages

    def _age(self, since: datetime | None) -> float:
        return max(0.0, (self.now - since).total_seconds()) if since else 0.0


def sent_at(message: bytes | None) -> datetime | None:
    """When a waiting task was sent, by the header `portal.celery` gives it; None for what does not tell."""
    try:
        return datetime.fromtimestamp(json.loads(message or b"")["headers"]["sent_at"], UTC)
    except (ValueError, KeyError, TypeError):
        return None
