"""The Celery application: two queues, a static schedule, and delivery that survives a killed worker.

No result back end, no ETA, no retry policy of Celery's own: the outbox decides what is due (DESIGN §2).
"""

import os
import sys
import time
from typing import Any

import redis
from celery import Celery
from celery.signals import (
    after_task_publish,
    beat_init,
    before_task_publish,
    task_postrun,
    task_prerun,
    task_received,
    worker_ready,
)
from django.conf import settings

from portal import heartbeats, watchdog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

HEARTBEAT_TASK = "portal.health.beat_heartbeat"
SWEEP_TASK = "core.outbox.tasks.sweep"
SWEEP_SECONDS = 10
CLOCK_SECONDS = 20
IMPORT_SECONDS = 10
MINUTE_SECONDS = 60
HOUR_SECONDS = 3_600
TASK_SECONDS = 50
VISIBILITY_SECONDS = 300
CERTIFICATES_PER_CHILD = 100

PERIODIC: tuple[tuple[str, str, int], ...] = (
    ("sweep-clocks", "licensing.tasks.sweep_clocks", CLOCK_SECONDS),
    ("release-decisions", "licensing.tasks.release_decisions", CLOCK_SECONDS),
    ("sweep-licences", "licensing.tasks.sweep_licences", MINUTE_SECONDS),
    ("work-imports", "licensing.imports.tasks.work", IMPORT_SECONDS),
    ("offer-to-orders", "licensing.tasks.offer_to_orders", HOUR_SECONDS),
    ("sweep-staff", "core.staff.tasks.sweep", MINUTE_SECONDS),
    ("sweep-accounts", "core.accounts.tasks.sweep", HOUR_SECONDS),
    ("sweep-api", "core.rest.tasks.sweep", HOUR_SECONDS),
    ("sweep-files", "core.files.tasks.sweep", HOUR_SECONDS),
    ("rescan-files", "core.files.tasks.rescan", MINUTE_SECONDS),
    ("send-messages", "core.messages.tasks.send_due", MINUTE_SECONDS),
    ("send-digests", "core.messages.tasks.digest", 5 * MINUTE_SECONDS),
    ("warn-of-ending-powers", "core.claims.tasks.warn_of_ending_powers", HOUR_SECONDS),
    ("retry-certificates", "certificates.tasks.retry", MINUTE_SECONDS),
)
"""What is looked for again and again, and every how many seconds."""

is_consumer = "worker" in sys.argv[1:]


def queue_name(name: str) -> str:
    """The broker's name of a queue; the prefix keeps installations and tests apart."""
    return f"{settings.QUEUE_PREFIX}{name}"


def _schedule() -> dict[str, dict[str, Any]]:
    """Every entry only *finds* what is due; missing one is made good by the next."""
    entries: dict[str, dict[str, Any]] = {}
    for queue in heartbeats.QUEUES:
        entries[f"sweep-{queue}"] = {
            "task": SWEEP_TASK,
            "schedule": SWEEP_SECONDS,
            "args": (queue,),
            "options": {"queue": queue_name(queue), "expires": 3 * SWEEP_SECONDS},
        }
        entries[f"heartbeat-{queue}"] = {
            "task": HEARTBEAT_TASK,
            "schedule": heartbeats.INTERVAL_SECONDS,
            "args": (queue,),
            "options": {"queue": queue_name(queue), "expires": heartbeats.STALE_SECONDS},
        }
    for name, task, seconds in PERIODIC:
        queue = queue_name("certificates" if task.startswith("certificates.") else "default")
        entries[name] = {
            "task": task,
            "schedule": seconds,
            "options": {"queue": queue, "expires": min(seconds, HOUR_SECONDS)},
        }
    return entries


app = Celery("portal")
app.set_default()
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_SECONDS,
        "socket_connect_timeout": 0.3,
        "socket_timeout": 10 if is_consumer else 0.5,
        "max_retries": 0,
    },
    broker_pool_limit=4,
    result_backend=None,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    task_publish_retry=False,
    task_soft_time_limit=TASK_SECONDS,
    task_time_limit=TASK_SECONDS + 5,
    task_default_queue=queue_name("default"),
    task_routes={"certificates.*": {"queue": queue_name("certificates")}},
    imports=("portal.health",),
    beat_scheduler="celery.beat:Scheduler",
    beat_schedule=_schedule(),
    beat_max_loop_interval=5,
    timezone="Asia/Shanghai",
    enable_utc=True,
)
app.autodiscover_tasks()


_last_sign = 0.0
_broker: redis.Redis | None = None


def _sign_of_life(name: str) -> None:
    global _broker
    _broker = _broker or heartbeats.client(settings.REDIS_URL)
    try:
        heartbeats.write(_broker, settings.QUEUE_PREFIX, name)
    except redis.RedisError:
        return


@task_prerun.connect
@task_postrun.connect
def note_consumption(task: Any = None, **kwargs: Any) -> None:
    """Any task that came through a queue proves that its worker consumes it; at most one note a second."""
    global _last_sign
    routing_key = (task.request.delivery_info or {}).get("routing_key") or ""
    if not routing_key or time.monotonic() - _last_sign < 1:
        return
    _last_sign = time.monotonic()
    _sign_of_life(routing_key.removeprefix(settings.QUEUE_PREFIX))


_watchdog = watchdog.Watchdog()
_beat_watchdog = watchdog.BeatWatchdog()


@task_received.connect
def note_received(**kwargs: Any) -> None:
    """The main process of a worker took something from its queue."""
    _watchdog.note()


@worker_ready.connect
def watch(**kwargs: Any) -> None:
    """From now on this worker ends itself when it has gone deaf."""
    watchdog.start(_watchdog, settings.REDIS_URL, settings.QUEUE_PREFIX)


@before_task_publish.connect
def note_sending(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """Each task carries when it was sent, so that one can tell how long the oldest has waited (portal/metrics.py)."""
    if headers is not None:
        headers["sent_at"] = time.time()


@after_task_publish.connect(sender=HEARTBEAT_TASK)
def note_schedule(**kwargs: Any) -> None:
    """Only beat publishes heartbeats, so publishing one is its own sign of life."""
    _beat_watchdog.note()
    _sign_of_life(heartbeats.BEAT)


@beat_init.connect
def ring_at_start(**kwargs: Any) -> None:
    """The first heartbeats at once, so that a fresh start is ready in a second and not after an interval.

    From then on beat ends itself when it has fallen silent.
    """
    watchdog.start(_beat_watchdog, settings.REDIS_URL, settings.QUEUE_PREFIX)
    for queue in heartbeats.QUEUES:
        try:
            app.send_task(HEARTBEAT_TASK, args=(queue,), queue=queue_name(queue), retry=False)
        except app.connection().connection_errors:
            return
