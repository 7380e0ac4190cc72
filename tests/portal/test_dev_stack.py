"""The supervisor with the real processes: ready, restarts what died or fell silent, survives the broker."""

import json
import signal
import time
import urllib.error
import urllib.request

import pytest

from portal import heartbeats
from portal.embedded import processes
from portal.embedded.supervisor import LOOPBACK

pytestmark = pytest.mark.slow


@pytest.fixture
def running(stack):
    """The stack, every part of it ready before and after the test."""
    stack.wait_ready()
    stack.messages.clear()
    yield stack
    stack.wait_ready()


def readyz(stack) -> tuple[int, dict[str, str]]:
    try:
        with LOOPBACK.open(urllib.request.Request(f"{stack.url}/readyz"), timeout=5) as answer:
            return answer.status, json.loads(answer.read())["parts"]
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())["parts"]


def supervise_until(stack, condition, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, stack.messages
        stack.supervisor.watch()
        time.sleep(0.2)


def test_every_part_is_ready(running):
    status, parts = readyz(running)
    assert status == 200
    assert set(parts.values()) == {"ok"}


@pytest.mark.parametrize("name", ["worker-certificates", "worker-default", "beat", "web"])
def test_a_killed_child_comes_back_and_the_person_is_told(running, name: str):
    dead = running.kill(name)
    child = running.supervisor.children[name]
    supervise_until(running, lambda: child.is_running and child.process.pid != dead, 20)
    assert [line for line in running.messages if line.startswith(f"{name} ")]


def test_only_the_signer_knows_where_keys_are(running):
    for name, child in running.supervisor.children.items():
        assert ("KEY_DIR" in child.env) == (name == "worker-certificates")


def test_without_the_broker_it_is_named_and_all_recover(running):
    running.stop_broker()
    status, parts = readyz(running)
    assert status == 503
    assert parts["broker"] == "down"
    assert parts["database"] == "ok"
    running.start_broker()
    running.wait_ready(60)
    assert not running.messages


def test_a_worker_that_hangs_is_replaced(running, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(heartbeats, "STALE_SECONDS", 2 * heartbeats.INTERVAL_SECONDS)
    running.supervisor._next_stale_check = 0
    hung = running.kill("worker-default", signal.SIGSTOP)
    child = running.supervisor.children["worker-default"]
    supervise_until(running, lambda: child.process.pid != hung, 60)
    assert not processes.is_alive(hung)
    assert "worker-default" in running.messages[0]
