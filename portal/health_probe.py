"""Whether this container's process is well: exit 0, or 1 with one line why. Asked by the container engine.

    python -m portal.health_probe web | worker QUEUE | beat

Reads the environment alone and loads no Django: it runs several times a minute beside each process. A worker's sign of
life came through its queue, so one that is connected and consumes nothing is ill.
"""

import os
import sys
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

import redis
from django.core.exceptions import ImproperlyConfigured

from portal import heartbeats
from portal.secret_values import secret_url

SECONDS = 5
USAGE = "usage: python -m portal.health_probe web | worker QUEUE | beat"


def web() -> str:
    """What is wrong with the web server here, or nothing. Asks as the proxy does, or it would be sent to HTTPS."""
    name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    headers = {"Host": name if name not in ("", "*") else "localhost", "X-Forwarded-Proto": "https"}
    request = Request(f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz", headers=headers)
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=SECONDS) as answer:
            return "" if answer.url == request.full_url else "web sends its own health check away"
    except (URLError, OSError) as error:
        return f"web does not answer: {error}"


def process(name: str) -> str:
    """What is wrong with the worker of a queue, or with beat, or nothing."""
    broker = heartbeats.client(secret_url("REDIS_URL"))
    try:
        age = heartbeats.age(broker, os.environ.get("QUEUE_PREFIX", ""), name)
    except redis.RedisError as error:
        return f"the broker does not answer: {type(error).__name__}"
    finally:
        broker.close()
    if age is None:
        return f"{name} has shown no sign of life"
    return "" if age <= heartbeats.UNREADY_SECONDS else f"{name} has been silent for {age:.0f} s"


def main(arguments: list[str]) -> int:
    """0 well, 1 ill, 2 asked wrongly."""
    try:
        match arguments:
            case ["web"]:
                trouble = web()
            case ["worker", queue] if queue in heartbeats.QUEUES:
                trouble = process(queue)
            case ["beat"]:
                trouble = process(heartbeats.BEAT)
            case _:
                print(USAGE, file=sys.stderr)
                return 2
    except ImproperlyConfigured as error:
        trouble = str(error)
    if trouble:
        print(trouble)
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
