"""Events heard by the handlers that make notices, and servers on the loopback that take what is sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from core.lifecycle.subjects import Subject
from core.messages.models import Message
from core.outbox.models import Event
from core.outbox.subscriptions import Heard, subscribers_of
from core.parties.models import User


def last_event(type: str) -> Heard:
    event = Event.objects.filter(type=type).latest("id")
    subject = Subject(event.subject_kind, event.subject_id, event.subject_version)
    return Heard(event.id, event.type, subject, event.recorded_at)


def hear(type: str, prefix: str = "licensing.notice.") -> Heard:
    """Let the notice handlers hear the last event of a type."""
    heard = last_event(type)
    handlers = [row for row in subscribers_of(type) if row.name.startswith(prefix)]
    assert handlers, f"nobody turns {type} into a notice"
    for row in handlers:
        row.handler(heard)
    return heard


def hear_all(type: str, prefix: str = "licensing.notice.") -> None:
    """Let the notice handlers hear every event of a type so far."""
    handlers = [row for row in subscribers_of(type) if row.name.startswith(prefix)]
    assert handlers, f"nobody turns {type} into a notice"
    for event in Event.objects.filter(type=type).order_by("id"):
        subject = Subject(event.subject_kind, event.subject_id, event.subject_version)
        for row in handlers:
            row.handler(Heard(event.id, event.type, subject, event.recorded_at))


def kinds_of(person: User) -> list[str]:
    """What a person was told, oldest first."""
    return list(Message.objects.filter(recipient=person).order_by("id").values_list("kind", flat=True))


class Receiver:
    """An HTTP server on the loopback: keeps what it is sent, answers with `status`."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.got.append((self.path, dict(self.headers), body))
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *arguments: Any) -> None:
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    thread = threading.Thread(
        target=running.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield running
    finally:
        running.server.shutdown()
        running.server.server_close()
        thread.join()
