"""The whole deployment once, without an engine: image built, database set up, every process started and found well."""

import json
import re
import shutil
from collections.abc import Iterator
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import pytest

from portal.embedded import binaries, processes
from tests.support.deployment import our_services
from tests.support.rehearsal import Image, Rehearsal, as_the_proxy
from tests.support.servers import KIND

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rehearsal")]
LASTING = [name for name, row in our_services().items() if row["restart"] != "no"]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    root = tmp_path_factory.mktemp("image")
    (root / "tmp").mkdir()
    yield Image(root)
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="module")
def rehearsal(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """Everything up and found well by its own health checks; each test looks at one side of it."""
    played = Rehearsal(image, tmp_path_factory.mktemp("rehearsal"), binaries.by_name(KIND))
    try:
        played.start_servers()
        assert played.finish("migrate") == 0, "\n".join(played.logs())
        for name in LASTING:
            played.start(name)
        assert processes.wait_until(lambda: not ill(played), 90), f"{ill(played)}\n" + "\n".join(
            played.logs()
        )
        yield played
    finally:
        played.stop()


def ill(played: Rehearsal) -> dict[str, str]:
    """What the health checks complain of."""
    asked = {name: played.ask(name) for name in LASTING}
    return {name: done.stdout + done.stderr for name, done in asked.items() if done.returncode != 0}


class _Stay(HTTPRedirectHandler):
    """Where a page would send us is an answer too."""

    def redirect_request(self, *args: object) -> None:
        return None


def get(played: Rehearsal, path: str, token: str = "") -> tuple[str, dict[str, str]]:
    request = Request(f"http://127.0.0.1:{played.port}{path}", headers=as_the_proxy(token))
    with build_opener(ProxyHandler({}), _Stay).open(request, timeout=20) as answer:
        return answer.read().decode(), dict(answer.headers)


def test_every_process_stays_well(rehearsal: Rehearsal) -> None:
    assert ill(rehearsal) == {}
    assert all(rehearsal.running[name].poll() is None for name in LASTING)


def test_the_portal_is_ready_and_its_pages_have_their_looks(rehearsal: Rehearsal) -> None:
    parts, _headers = get(rehearsal, "/readyz")
    assert set(json.loads(parts)["parts"].values()) == {"ok"}
    page, headers = get(rehearsal, "/")
    assert headers["Strict-Transport-Security"]
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', page)
    assert sheets
    for sheet in sheets:
        text, headers = get(rehearsal, sheet)
        assert len(text) > 500 and "immutable" in headers["Cache-Control"]


def test_figures_of_all_processes_of_the_web_server_are_read_together(rehearsal: Rehearsal) -> None:
    token = (rehearsal.secrets / "metrics_token").read_text()
    for _visit in range(8):
        get(rehearsal, "/")
    figures, _headers = get(rehearsal, "/metrics", token)
    assert "portal_broker_up 1.0" in figures
    counted = re.search(r'request_seconds_count\{[^}]*route="register:home"[^}]*\} ([\d.]+)', figures)
    assert counted and float(counted[1]) >= 8


def test_log_lines_are_json(rehearsal: Rehearsal) -> None:
    get(rehearsal, "/")

    def routes() -> set[str]:
        lines = rehearsal.log("web").read_text().splitlines()
        return {
            json.loads(row).get("route", "") for row in lines if row.startswith("{") and row.endswith("}")
        }

    assert processes.wait_until(lambda: "register:home" in routes(), 10), rehearsal.log("web").read_text()


def test_nothing_is_written_into_the_image(rehearsal: Rehearsal) -> None:
    """A read-only root hinders nobody."""
    get(rehearsal, "/")
    assert rehearsal.image.content() == rehearsal.before


def test_no_secret_is_told_in_a_log(rehearsal: Rehearsal) -> None:
    told = "\n".join(rehearsal.logs())
    assert [path.name for path in rehearsal.secrets.iterdir() if path.read_text() in told] == []
