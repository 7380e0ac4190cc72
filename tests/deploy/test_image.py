"""The Dockerfiles and .dockerignore: what goes into the image, what stays out, and who runs it."""

from pathlib import Path

import pytest
from django.conf import settings

from portal import i18n
from portal.embedded import checks, setup
from tests.support.deployment import REPO, dockerfile, image_files, is_ignored, only, our_services, services

PORTAL, PROXY = REPO / "Dockerfile", REPO / "deploy" / "proxy" / "Dockerfile"
both = pytest.mark.parametrize("path", [PORTAL, PROXY], ids=["portal", "proxy"])


def runs(path: Path) -> str:
    return "\n".join(step.text for step in dockerfile(path) if step.name == "RUN")


@both
def test_it_begins_with_a_base_of_a_named_version(path: Path) -> None:
    first = dockerfile(path)[0]
    assert first.name == "FROM" and not first.text.endswith(":latest") and ":" in first.text


def test_the_base_is_a_python_the_portal_supports() -> None:
    assert dockerfile(PORTAL)[0].text == "python:3.11-slim-bookworm"


@both
def test_every_file_copied_is_there(path: Path) -> None:
    for step in dockerfile(path):
        if step.name in ("COPY", "ADD"):
            *sources, _target = step.words
            for source in sources:
                assert (path.parent / source).exists()
                assert path == PROXY or source == "." or not is_ignored(source), f"{source} stays out"


@both
def test_it_does_not_run_as_root(path: Path) -> None:
    steps = dockerfile(path)
    user = only(steps, "USER").text
    assert user.split(":")[0] not in ("root", "0")
    after = steps[steps.index(only(steps, "USER")) :]
    assert not [step for step in after if step.name in ("RUN", "COPY", "ADD")]


def test_the_user_exists_and_owns_what_it_writes() -> None:
    user, done = only(dockerfile(PORTAL), "USER").text, runs(PORTAL)
    assert f"useradd --system --no-create-home --uid 10001 {user}" in done
    written = {volume.split(":")[1] for row in our_services().values() for volume in row.get("volumes", ())}
    assert f"chown {user}:{user} {' '.join(sorted(written, reverse=True))}" in done
    assert "mkdir -p /srv/state /srv/keys" in done and "chmod 700 /srv/keys" in done
    (data,) = services()["proxy"]["volumes"]
    assert f"chown {only(dockerfile(PROXY), 'USER').text} {data.split(':')[1]}" in runs(PROXY)


def test_it_installs_the_libraries_that_draw_certificates_and_only_hashed_parts() -> None:
    done = runs(PORTAL)
    assert " ".join(setup.PANGO) in done
    installs = [part for part in done.replace("\n", "&&").split("&&") if "pip install" in part]
    assert len(installs) == 2 and all("--require-hashes" in part for part in installs)


def test_the_environment_of_the_image_is_one_the_portal_reads() -> None:
    told = dict(
        pair.split("=", 1) for step in dockerfile(PORTAL) if step.name == "ENV" for pair in step.words
    )
    assert told["STATE_DIR"] == "/srv/state" and told["WORLD"] == "real"
    assert told["DJANGO_SETTINGS_MODULE"] == "portal.settings"
    assert told["PATH"] == "/srv/venv/bin:$PATH" and told["VIRTUAL_ENV"] == "/srv/venv"
    assert told["XDG_CACHE_HOME"].startswith("/tmp/")


@pytest.mark.parametrize(
    "path",
    [
        ".git/config", ".venv/bin/python", "var/secrets.json", ".env", "deploy/secrets/secret_key", "tests/conftest.py",
        "docs/settings.md", "requirements-dev.txt", "docker-compose.yml", "portal/__pycache__/settings.cpython-311.pyc",
        "core/ledger/__pycache__/x.pyc", "locale/en/LC_MESSAGES/django.mo", ".ci/run", "dev", "var/files/a.pdf",
    ],
)  # fmt: skip
def test_what_stays_out(path: str) -> None:
    assert is_ignored(path)


@pytest.mark.parametrize(
    "path",
    [
        "manage.py", "requirements.txt", "portal/settings.py", "core/ledger/models.py", "templates/base.html",
        "LICENSE", "static/portal/portal.css", "locale/en/LC_MESSAGES/django.po", "portal/openapi/zh-hans.json",
    ],
)  # fmt: skip
def test_what_goes_in(path: str) -> None:
    assert not is_ignored(path)


def test_every_package_of_ours_goes_in() -> None:
    """A new application that nobody lists would be missing in the image alone."""
    ours = {name.split(".")[0] for name in settings.INSTALLED_APPS if (REPO / name.split(".")[0]).is_dir()}
    assert ours == set(checks.OURS) == set(i18n.CODE)
    for name in (*ours, "templates", "static", "locale"):
        assert not is_ignored(f"{name}/x.py"), name


def test_the_image_holds_the_portal_and_little_else() -> None:
    files = [str(path) for path in image_files()]
    top = {name.split("/")[0] for name in files}
    assert top == set(checks.OURS) | {
        "templates", "static", "locale", "manage.py", "LICENSE", "requirements.txt", "requirements-setup.txt",
    }  # fmt: skip
    assert "portal/settings.py" in files and not [
        name for name in files if "secret" in name and "/secrets/" in name
    ]
