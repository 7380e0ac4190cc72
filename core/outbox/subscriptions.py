"""Who listens to what. Handlers stand in `<app>/subscribers.py` and re-read current state (DESIGN §2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.lifecycle.subjects import Subject


@dataclass(frozen=True)
class Heard:
    """An event as a subscriber receives it."""

    id: int
    type: str
    subject: Subject
    recorded_at: datetime


Handler = Callable[[Heard], None]


@dataclass(frozen=True)
class Subscription:
    type: str
    name: str
    queue: str
    handler: Handler


_subscriptions: dict[str, Subscription] = {}


def subscribe(type: str, *, name: str, queue: str = "default") -> Callable[[Handler], Handler]:
    """Register a handler under a permanent name; the same name twice is a programming error."""

    def register(handler: Handler) -> Handler:
        if name in _subscriptions:
            raise ValueError(f"subscriber {name!r} is registered already")
        _subscriptions[name] = Subscription(type, name, queue, handler)
        return handler

    return register


def subscribers_of(type: str) -> list[Subscription]:
    return [s for s in _subscriptions.values() if s.type == type]


def subscription(name: str) -> Subscription | None:
    return _subscriptions.get(name)
