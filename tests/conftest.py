"""The harness: every test process on its own clone of one template database, broker database and queues.

Tests marked `django_db` roll back on `default` under the application's login. A test that must commit, race
or read through the other logins takes `fresh_database`. Nothing is ever flushed. `stack` is the whole portal.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.embedded import faults
from tests.support import requirements
from tests.support.servers import TestServers

try:
    SERVERS = TestServers()
except faults.Fault as fault:
    pytest.exit(str(fault), returncode=1)

os.environ.update(SERVERS.env())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from django.conf import settings
from hypothesis import settings as hypothesis_settings

hypothesis_settings.register_profile("unhurried", deadline=None)
hypothesis_settings.load_profile("unhurried")
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.STATIC_ROOT.mkdir(exist_ok=True)

ALIASES = ("default", "owner", "public")
EMPTY_PDF = b"%PDF-1.4\n%%EOF\n"


def pytest_configure(config: pytest.Config) -> None:
    """Django's Celery application is ours in tests as everywhere.

    Workers inherit our environment; without the settings' name they load settings for their own database.
    """
    import portal.celery  # noqa: F401

    if not hasattr(config, "workerinput") and config.getoption("dist", "no") != "no":
        del os.environ["DJANGO_SETTINGS_MODULE"]
    if not hasattr(config, "workerinput") and (outcomes := os.environ.pop(requirements.OUTCOMES, "")):
        config.pluginmanager.register(requirements.Recorder(Path(outcomes)))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Flushing tests are refused. The few tests of the running portal outside the browser share one stack, so they
    run on one worker; journeys are many, so each worker starts one."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if "stack" in names and not item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("stack"))
        marker = item.get_closest_marker("django_db")
        if (marker and marker.kwargs.get("transaction")) or names & {"transactional_db", "live_server"}:
            raise pytest.UsageError(f"{item.nodeid}: never flush; take the fixture fresh_database (or stack)")
        if (marker or "kept" in names) and "fresh_database" in names:
            raise pytest.UsageError(f"{item.nodeid}: fresh_database excludes django_db and kept")
    requirements.check(items)


@pytest.fixture(scope="session")
def servers() -> TestServers:
    """The shared PostgreSQL and Valkey, and how to clone databases on them."""
    return SERVERS


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, servers: TestServers
) -> Iterator[None]:
    """Clone the template for this process; every alias points at the clone, which is a simulated world.

    A `fresh_database` has no world yet, which counts as not simulated.
    """
    from django.core.management import call_command

    try:
        template = servers.template()
    except RuntimeError as error:
        pytest.fail(str(error)[-2000:], pytrace=False)
    servers.clone(servers.database, template)
    with django_db_blocker.unblock():
        call_command("create_world", "--simulated", verbosity=0)
    yield
    close_connections()
    servers.drop(servers.database)


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """`kept(make)` makes what all tests of a module begin with: once, in a transaction they all have savepoints in.

    A test takes a deep copy, so that it sees nothing of what another left in memory.
    """
    from django.db import transaction

    def build(make: Callable[[], Any]) -> Any:
        with django_db_blocker.unblock():
            return make()

    around = transaction.atomic()
    build(around.__enter__)
    yield build
    build(lambda: (transaction.set_rollback(True), around.__exit__(None, None, None)))


@pytest.fixture
def fresh_database(django_db_setup: None, django_db_blocker: Any, servers: TestServers) -> Iterator[str]:
    """A database for one test alone, in autocommit, reached by all three logins; dropped afterwards."""
    import uuid

    name = f"fresh_{uuid.uuid4().hex[:12]}"
    servers.clone(name, servers.template())
    point_connections_at(name)
    with django_db_blocker.unblock():
        try:
            yield name
        finally:
            point_connections_at(servers.database)
            servers.drop(name)


@pytest.fixture
def fresh_world(fresh_database: str) -> None:
    """A simulated world in a database of its own, for acts that meet."""
    from django.core.management import call_command

    call_command("create_world", "--simulated", verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _papers_not_typeset() -> Iterator[None]:
    """An empty file stands for the application form and the commitment letter, but where `typeset` is asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("licensing.actions.papers.render_paper", lambda application, slot: EMPTY_PDF)
        yield


@pytest.fixture
def typeset(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application form and the commitment letter as they are made outside tests."""
    from licensing.papers import render_paper

    monkeypatch.setattr("licensing.actions.papers.render_paper", render_paper)


def point_connections_at(database: str) -> None:
    """Let every alias, in every thread that connects from now on, use this database."""
    from django.db import connections

    close_connections()
    for alias in ALIASES:
        connections.settings[alias]["NAME"] = database


def close_connections() -> None:
    """Close this thread's connections."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()


@pytest.fixture(scope="session")
def stack(servers: TestServers) -> Iterator[Any]:
    """The whole portal running on a clone of the demo world: see `tests/support/stack.py` for its handles."""
    from tests.support.stack import Stack

    running = Stack(servers)
    try:
        running.start()
        yield running
    finally:
        running.close()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium (or `CHROMIUM`); root cannot use its sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": [*browser_type_launch_args.get("args", []), *sandbox],
    }


@pytest.fixture(autouse=True)
def _start_in_chinese() -> Iterator[None]:
    """A page asked for in English leaves its language on the thread; the next test starts in Chinese."""
    from django.utils import translation

    translation.activate("zh-hans")
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _browser_tests_may_mix_loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright keeps an event loop in the test's thread; Django's guard would refuse the ORM there."""
    if request.node.get_closest_marker("browser"):
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
