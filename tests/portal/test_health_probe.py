"""A container's health check: exit 0, or 1 with a reason, from the process's own sign of life; loads no Django."""

import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings

from portal import health_probe, heartbeats
from portal.secret_values import secret_url


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUEUE_PREFIX", "probe:")
    connection = heartbeats.client(secret_url("REDIS_URL"))
    names = [heartbeats.key("probe:", name) for name in (*heartbeats.QUEUES, heartbeats.BEAT)]
    connection.delete(*names)
    yield connection
    connection.delete(*names)
    connection.close()


@pytest.mark.parametrize(
    ("arguments", "name"),
    [(["worker", "default"], "default"), (["worker", "certificates"], "certificates"), (["beat"], "beat")],
)
def test_a_process_is_well_while_its_sign_is_fresh(broker, capsys, arguments: list[str], name: str) -> None:
    assert health_probe.main(arguments) == 1
    assert capsys.readouterr().out == f"{name} has shown no sign of life\n"
    heartbeats.write(broker, "probe:", name)
    assert health_probe.main(arguments) == 0
    broker.set(heartbeats.key("probe:", name), repr(time.time() - heartbeats.UNREADY_SECONDS - 2))
    assert health_probe.main(arguments) == 1
    assert f"{name} has been silent for 32 s" in capsys.readouterr().out


def test_the_sign_of_another_queue_does_not_count(broker) -> None:
    heartbeats.write(broker, "probe:", "default")
    assert health_probe.main(["worker", "certificates"]) == 1


def test_a_broker_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert health_probe.main(["beat"]) == 1
    assert "the broker does not answer" in capsys.readouterr().out


def test_a_wrong_secret_is_named(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("REDIS_PASSWORD_FILE", "/absent")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert health_probe.main(["beat"]) == 1
    assert "REDIS_PASSWORD_FILE: /absent cannot be read" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["worker"], ["worker", "elsewhere"], ["web", "x"], ["proxy"]])
def test_asked_wrongly_it_says_how(arguments: list[str], capsys) -> None:
    assert health_probe.main(arguments) == 2 and "usage" in capsys.readouterr().err


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch):
    """A web server that answers what `answer` says and keeps what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.path, self.headers["Host"], self.headers["X-Forwarded-Proto"]))
            self.send_response(served.answer)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            served.answer = 200

        def log_message(self, *args: object) -> None:
            """Quiet."""

    served = HTTPServer(("127.0.0.1", 0), Handler)
    served.asked, served.answer = [], 200
    thread = threading.Thread(target=served.serve_forever, args=(0.05,))
    thread.start()
    monkeypatch.setenv("PORT", str(served.server_address[1]))
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


@pytest.mark.parametrize(
    ("hosts", "asked"),
    [("a.example,b.example", "a.example"), (".example", "example"), ("*", "localhost"), ("", "localhost")],
)
def test_the_web_server_is_asked_as_the_proxy_asks(server, monkeypatch, hosts: str, asked: str) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", hosts)
    assert health_probe.main(["web"]) == 0
    assert server.asked == [("/healthz", asked, "https")]


@pytest.mark.parametrize("answer", [301, 400, 404, 500, 503])
def test_any_other_answer_is_illness(server, answer: int, capsys) -> None:
    server.answer = answer
    assert health_probe.main(["web"]) == 1 and "web" in capsys.readouterr().out


def test_no_answer_is_illness(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("PORT", "1")
    assert health_probe.main(["web"]) == 1 and "web does not answer" in capsys.readouterr().out


def test_it_loads_neither_django_nor_celery() -> None:
    code = "import sys, portal.health_probe; print({'django.conf', 'django.db', 'celery'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr
