"""The id that ties together what one request caused, from the browser to the worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

NONE = "-"
_current: ContextVar[str] = ContextVar("correlation_id", default=NONE)


def current() -> str:
    """The id of what is being done now; `-` outside of any request or delivery."""
    return _current.get()


@contextmanager
def correlated(value: str) -> Iterator[None]:
    """Everything within belongs to this id; an empty one stands for none."""
    token = _current.set(value or NONE)
    try:
        yield
    finally:
        _current.reset(token)
