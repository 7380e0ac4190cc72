"""Is this process alive, is the whole installation able to work? And the heartbeat behind the second."""

from collections.abc import Callable

import redis
from celery import shared_task
from django.conf import settings
from django.db import DatabaseError, connections
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.parties.access import anyone
from portal import heartbeats


@shared_task(name="portal.health.beat_heartbeat")
def beat_heartbeat(queue: str) -> None:
    """Travels from beat through the queue to its worker, and leaves the time of its arrival in the broker."""
    heartbeats.write(heartbeats.client(settings.REDIS_URL), settings.QUEUE_PREFIX, queue)


@anyone
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; touches neither database nor broker."""
    return JsonResponse({"status": "ok"})


@anyone
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker, both workers and beat work; else 503 with the failing parts named."""
    parts = readiness()
    ready = all(state == "ok" for state in parts.values())
    return JsonResponse(
        {"status": "ready" if ready else "unready", "parts": parts}, status=200 if ready else 503
    )


def readiness() -> dict[str, str]:
    """The state of each part: `ok`, `down` (does not answer), `silent` (no sign of life within 30 s)."""
    parts = {"database": _probe(_database, DatabaseError)}
    broker = heartbeats.client(settings.REDIS_URL)
    parts["broker"] = _probe(broker.ping, redis.RedisError)
    for part, name in (
        ("worker default", "default"),
        ("worker certificates", "certificates"),
        ("beat", "beat"),
    ):
        parts[part] = _sign_of_life(broker, name) if parts["broker"] == "ok" else "unknown"
    broker.close()
    return parts


def _probe(probe: Callable[[], object], failure: type[Exception]) -> str:
    try:
        probe()
    except failure:
        return "down"
    return "ok"


def _database() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")


def _sign_of_life(broker: redis.Redis, name: str) -> str:
    try:
        age = heartbeats.age(broker, settings.QUEUE_PREFIX, name)
    except redis.RedisError:
        return "down"
    return "ok" if age is not None and age <= heartbeats.UNREADY_SECONDS else "silent"
