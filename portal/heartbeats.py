"""Signs of life in the broker, written by workers and beat, read by /readyz and the supervisor.

A worker's sign is a task that came *through* its queue: one connected but no longer consuming has none.
"""

import time

import redis

QUEUES = ("default", "certificates")
BEAT = "beat"
INTERVAL_SECONDS = 10
UNREADY_SECONDS = 30
STALE_SECONDS = 60
KEEP_SECONDS = 600


def client(url: str) -> redis.Redis:
    """A connection that gives up quickly: nobody's request waits for a broker that is away."""
    return redis.Redis.from_url(url, socket_connect_timeout=0.3, socket_timeout=1)


def key(prefix: str, name: str) -> str:
    """The broker's key for a queue's worker, or for beat."""
    return f"{prefix}heartbeat:{name}"


def write(broker: redis.Redis, prefix: str, name: str) -> None:
    """Note that `name` is alive now (Unix time, seconds)."""
    broker.set(key(prefix, name), repr(time.time()), ex=KEEP_SECONDS)


def age(broker: redis.Redis, prefix: str, name: str) -> float | None:
    """Seconds since the last sign of life; None when there is none."""
    value = broker.get(key(prefix, name))
    return None if value is None else max(0.0, time.time() - float(value))  # type: ignore[arg-type]
