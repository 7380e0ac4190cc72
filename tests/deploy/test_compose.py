"""docker-compose.yml without an engine: its schema, and that every name in it is a name of something that exists."""

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest
from celery.bin.celery import celery as celery_cli
from gunicorn.config import Config
from jsonschema import Draft7Validator

from portal import health_probe, heartbeats
from portal.celery import app
from portal.generated.settings import variables
from tests.support import deployment
from tests.support.deployment import REPO, SECRETS, Service, compose, our_services, services, words

SCHEMA = Path(__file__).parent / "schema" / "compose-spec.json"
ONE_SHOT = {"migrate"}
IMAGE_VARIABLES = {"database": {"POSTGRES_PASSWORD_FILE", "POSTGRES_INITDB_ARGS"}}
IMAGE_PROGRAMS = {
    "database": {"postgres", "pg_isready"},
    "broker": {"sh", "redis-cli"},
    "scanner": {"/init-unprivileged", "clamdcheck.sh"},
    "proxy": {"wget"},
}
READ_BY_SCRIPTS = {
    "database": "deploy/roles.sh",
    "broker": "deploy/broker.sh",
    "proxy": "deploy/proxy/Caddyfile",
}
HOLDERS = {
    "postgres_password": {"database"},
    "owner_password": {"database", "migrate"},
    "app_password": {"database", "migrate", "web", "worker", "signer"},
    "public_password": {"database", "web"},
    "broker_password": {"broker", "migrate", "web", "worker", "signer", "beat"},
    "secret_key": {"web", "worker"},
    "ledger_key": {"web", "worker"},
    "metrics_token": {"web"},
    "identity_client_secret": {"web"},
    "email_host_password": {"web", "worker"},
    "sms_gateway_token": {"web", "worker"},
}
"""Who needs which secret; nobody else is given it."""

every_service = pytest.mark.parametrize("name", sorted(services()))
every_process = pytest.mark.parametrize("name", sorted(our_services()))


def environment(service: Service) -> dict[str, str]:
    return dict(service.get("environment", {}))


def test_it_follows_the_specification() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(compose())] == []


def test_a_mistyped_key_would_not_follow_it() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    broken = {**compose(), "services": {"web": {"image": "x", "enviroment": {}}}}
    assert list(Draft7Validator(schema).iter_errors(broken))


def test_the_processes_are_those_of_the_design() -> None:
    assert set(services()) == {
        "database", "broker", "scanner", "migrate", "web", "worker", "signer", "beat", "proxy",
    }  # fmt: skip


def test_every_variable_is_explained_where_one_copies_it_from() -> None:
    example = deployment.env_file(REPO / "deploy" / "env.example")
    assert set(example) == deployment.asked_variables()
    assert deployment.filled(compose(), example)


def test_what_must_be_told_is_asked_for() -> None:
    with pytest.raises(KeyError):
        deployment.filled(compose()["services"]["web"], {})


@every_service
def test_every_variable_given_is_read(name: str) -> None:
    given = set(environment(services()[name]))
    if name in our_services():
        read = {row.name for row in variables()} | {f"{row.name}_FILE" for row in variables() if row.by_file}
        assert given <= read | {"PROMETHEUS_MULTIPROC_DIR"}
        return
    own = given - IMAGE_VARIABLES.get(name, set())
    script = (REPO / READ_BY_SCRIPTS[name]).read_text("utf-8") if own else ""
    assert [variable for variable in own if f"${variable}" not in script] == []


@every_service
def test_secrets_are_files_and_each_is_used(name: str) -> None:
    service = services()[name]
    held = set(service.get("secrets", ()))
    used = {
        value.removeprefix(SECRETS)
        for variable, value in environment(service).items()
        if variable.endswith("_FILE")
    }
    assert held == used
    assert all(
        value.startswith(SECRETS) for key, value in environment(service).items() if key.endswith("_FILE")
    )


def test_nobody_holds_a_secret_he_does_not_need() -> None:
    held = {
        secret: {name for name, row in services().items() if secret in row.get("secrets", ())}
        for secret in compose()["secrets"]
    }
    assert held == HOLDERS


@every_service
def test_no_secret_stands_in_the_environment(name: str) -> None:
    """By value there is only the word of those who need no key."""
    secret = {row.name for row in variables() if row.by_file and not row.name.endswith("_URL")}
    by_value = {key: value for key, value in environment(services()[name]).items() if key in secret}
    assert set(by_value.values()) <= {"unused"}
    assert not any(re.search(r"://[^/@]*:[^/@]+@", value) for value in environment(services()[name]).values())


def test_every_secret_has_its_file_out_of_the_repository() -> None:
    for name, row in compose()["secrets"].items():
        assert row == {"file": f"./deploy/secrets/{name}"}
    assert "deploy/secrets/" in (REPO / ".gitignore").read_text("utf-8").splitlines()
    assert deployment.is_ignored("deploy/secrets/secret_key")


@every_service
def test_it_runs_without_root_and_without_rights(name: str) -> None:
    service = services()[name]
    user = service.get("user") or deployment.only(_dockerfile(service), "USER").text
    assert user.split(":")[0] not in ("", "root", "0")
    assert service["cap_drop"] == ["ALL"] and not service.get("cap_add") and not service.get("privileged")
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True


def _dockerfile(service: Service) -> list[deployment.Step]:
    return deployment.dockerfile(REPO / service["build"] / "Dockerfile")


@every_service
def test_it_tells_how_it_fares_and_comes_back(name: str) -> None:
    service = services()[name]
    if name in ONE_SHOT:
        assert service["restart"] == "no" and "healthcheck" not in service
        return
    assert service["restart"] == "unless-stopped"
    kind, *command = service["healthcheck"]["test"]
    assert kind in ("CMD", "CMD-SHELL") and command


@every_process
def test_a_process_that_must_be_able_to_kill_itself_is_not_number_one(name: str) -> None:
    """The kernel does not deliver SIGKILL to process 1 from inside; portal/watchdog.py relies on it."""
    assert our_services()[name]["init"] is True


@every_process
def test_the_command_exists(name: str) -> None:
    image = deployment.dockerfile(REPO / "Dockerfile")
    command = words(our_services()[name].get("command")) or deployment.only(image, "CMD").words
    check_command(command)


@every_process
def test_the_health_check_exists(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name in ONE_SHOT:
        return
    kind, python, dash, module, *arguments = our_services()[name]["healthcheck"]["test"]
    assert (kind, python, dash, module) == ("CMD", "python", "-m", health_probe.__name__)
    monkeypatch.setattr(health_probe, "web", lambda: "")
    monkeypatch.setattr(health_probe, "process", lambda asked: "")
    assert health_probe.main(arguments) == 0


def check_command(command: list[str]) -> None:
    """Every module, application and option of a command of ours is there."""
    match command:
        case ["python", "-m", module, *_]:
            assert importlib.util.find_spec(module), module
        case ["celery", "--app=portal.celery:app", name, *options]:
            context = celery_cli.commands[name].make_context(name, options, obj=_CeleryContext())
            assert set(context.params.get("queues") or heartbeats.QUEUES) <= set(heartbeats.QUEUES)
        case ["gunicorn", *options]:
            parsed = Config().parser().parse_args(options)
            assert parsed.config == "python:portal.gunicorn_conf"
            assert importlib.util.find_spec("portal.gunicorn_conf")
            assert parsed.args == ["portal.wsgi:application"] and importlib.util.find_spec("portal.wsgi")
        case _:
            pytest.fail(f"no command of ours: {command}")


class _CeleryContext:
    """What Celery's options ask their command for."""

    app = app
    no_color = quiet = skip_preload = True
    workdir = None


@pytest.mark.parametrize(
    "command",
    [
        ["python", "-m", "portal.embedded.absent"],
        ["celery", "--app=portal.celery:app", "worker", "--queues=elsewhere"],
        ["gunicorn", "-c", "python:portal.absent", "portal.wsgi:application"],
        ["django-admin", "migrate"],
    ],
)
def test_a_command_that_does_not_exist_is_found_out(command: list[str]) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        check_command(command)


def test_every_queue_has_its_consumer() -> None:
    commands = [word for row in our_services().values() for word in words(row.get("command"))]
    consumed = [word.removeprefix("--queues=") for word in commands if word.startswith("--queues=")]
    assert sorted(consumed) == sorted(heartbeats.QUEUES)


def test_other_images_are_asked_for_programs_they_have() -> None:
    for name, known in IMAGE_PROGRAMS.items():
        service = services()[name]
        started = [words(service.get("entrypoint")), words(service.get("command"))]
        kind, *check = service["healthcheck"]["test"]
        started += [check] if kind == "CMD" else [re.findall(r"\b(redis-cli)\b", check[0])]
        assert {row[0] for row in started if row} <= known


def test_only_the_signer_is_given_the_keys() -> None:
    for name, service in services().items():
        mounted = [volume for volume in service.get("volumes", ()) if volume.startswith("keys:")]
        assert bool(mounted) == ("KEY_DIR" in environment(service)) == (name == "signer")
    assert f"keys:{environment(services()['signer'])['KEY_DIR']}" in services()["signer"]["volumes"]


@every_service
def test_every_mounted_path_exists(name: str) -> None:
    for volume in services()[name].get("volumes", ()):
        source, target, *mode = volume.split(":")
        assert target.startswith("/")
        if source.startswith("."):
            assert (REPO / source).is_file() and mode == ["ro"]
        else:
            assert source in compose()["volumes"]


def test_every_volume_network_and_secret_is_used() -> None:
    def used(key: str) -> set[str]:
        return {value.split(":")[0] for row in services().values() for value in row.get(key, ())}

    assert set(compose()["volumes"]) == {value for value in used("volumes") if not value.startswith(".")}
    assert set(compose()["networks"]) == used("networks")
    assert set(compose()["secrets"]) == used("secrets")


def test_the_servers_and_the_signer_are_reached_from_inside_alone() -> None:
    assert compose()["networks"]["data"] == {"internal": True}
    inside = {name for name, row in services().items() if row["networks"] == ["data"]}
    assert inside == {"database", "broker", "migrate", "signer", "beat"}
    assert [name for name, row in services().items() if row.get("ports")] == ["proxy"]


def test_the_ports_meet() -> None:
    caddyfile = (REPO / "deploy" / "proxy" / "Caddyfile").read_text("utf-8")
    ports: dict[str, Any] = dict(re.findall(r"^\t(http_port|https_port) (\d+)$", caddyfile, re.MULTILINE))
    assert services()["proxy"]["ports"] == [f"80:{ports['http_port']}", f"443:{ports['https_port']}"]
    assert all(int(port) > 1024 for port in ports.values())
    exposed = deployment.only(_dockerfile(services()["proxy"]), "EXPOSE").words
    assert exposed == [ports["http_port"], ports["https_port"]]
    web = deployment.only(deployment.dockerfile(REPO / "Dockerfile"), "EXPOSE").text
    assert f"reverse_proxy web:{web}" in caddyfile
    assert f"0.0.0.0:{web}" in deployment.only(deployment.dockerfile(REPO / "Dockerfile"), "CMD").words
    asked = services()["proxy"]["healthcheck"]["test"][-1].rstrip("/")
    assert f"{asked} {{\n\tbind 127.0.0.1" in caddyfile


@every_service
def test_addresses_name_services_on_a_shared_network(name: str) -> None:
    here = set(services()[name]["networks"])
    for value in environment(services()[name]).values():
        for host in re.findall(r"^(?:postgres|redis|tcp)://(?:[^/@]*@)?([a-z]+):\d+", value):
            assert here & set(services()[host]["networks"]), host


@every_service
def test_it_waits_for_what_it_needs(name: str) -> None:
    for other, row in services()[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
        assert row["condition"] == wanted
    if name in our_services():
        assert set(services()[name]["depends_on"]) == {"database", "broker", "migrate"} - {name}


def test_a_worker_is_given_time_to_end_what_it_began() -> None:
    for name in ("worker", "signer"):
        assert services()[name]["stop_grace_period"] == "1m" and app.conf.task_time_limit < 60


def test_the_caddyfile_closes_what_it_opens() -> None:
    text = (REPO / "deploy" / "proxy" / "Caddyfile").read_text("utf-8")
    depth = 0
    for line in text.splitlines():
        bare = re.sub(r"\{\$\w+\}", "", line.split("#")[0])
        if bare.strip():
            assert len(line) - len(line.lstrip("\t")) == depth - (bare.strip() == "}"), line
        depth += bare.count("{") - bare.count("}")
    assert depth == 0
    assert text.startswith("{\n\tadmin off\n")
