"""`docker-compose.yaml` and `Dockerfile`: what can be held without an engine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from include.settings import Settings
from live.env import environment
from live.forms import LOST_WORKER

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
FORM: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = FORM["services"]
OURS = {name: s for name, s in SERVICES.items() if s.get("build", {}).get("target") == "duban"}
BUILT = {name for name, service in SERVICES.items() if "build" in service}
PROGRAMS = Path(sys.executable).parent  # Docker Compose and hadolint come as packages of Python's registry
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
REQUIRED = {
    "DUBAN_IMAGE", "DUBAN_DRIVE", "POSTGRES_PASSWORD", "REDIS_PASSWORD",
    "AIRFLOW_JWT_SECRET", "AIRFLOW_SECRET_KEY", "AIRFLOW_FERNET_KEY",
}  # fmt: skip


def test_every_process_of_airflow_has_its_service() -> None:
    processes = {"init", "api-server", "scheduler", "dag-processor", "triggerer", "worker"}
    assert set(OURS) == processes
    assert set(SERVICES) == processes | {"postgres", "redis", "samba"}
    assert SERVICES["worker"]["deploy"]["replicas"] == "${DUBAN_WORKERS:-2}"


def test_nothing_starts_without_its_passwords() -> None:
    demanded = set(re.findall(r"\$\{([A-Z_]+):\?", TEXT))
    assert demanded == REQUIRED
    secret = re.findall(r"\$\{([A-Z_]*(?:PASSWORD|SECRET|KEY)[A-Z_]*)(:?[-?])", TEXT)
    assert {name for name, how in secret if how != ":?"} <= {"DUBAN_SMTP_PASSWORD"}, "a default password"


def test_every_variable_that_is_demanded_is_explained_at_the_top() -> None:
    head = TEXT.partition("name: duban")[0]
    assert {name for name in REQUIRED if name not in head} == set()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_looked_after(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"]
    assert service["logging"]["options"]["max-size"]
    if name != "init":
        assert service["healthcheck"]["test"]
    for address in service.get("ports", []):
        assert address.startswith(("127.0.0.1:", "${DUBAN_SMB_ADDRESS:-127.0.0.1}:"))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_writes_only_where_it_keeps_something_and_gains_no_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    if name != "postgres":  # its image begins as root to own its folder, then turns into postgres
        assert service["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", OURS)
def test_our_services_have_no_more_rights_than_they_need(name: str) -> None:
    service = OURS[name]
    assert service["user"] == "10001:10001"
    assert "cap_add" not in service


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - BUILT))
def test_foreign_images_are_of_a_stated_version(name: str) -> None:
    assert re.fullmatch(r"[a-z]+:\d+\.\d+[.\d]*-bookworm", SERVICES[name]["image"])


def test_everything_waits_for_the_databases_to_be_ready() -> None:
    for name, service in OURS.items():
        conditions = {on: wants["condition"] for on, wants in service["depends_on"].items()}
        if name == "init":
            assert conditions == {"postgres": "service_healthy", "redis": "service_healthy"}
        else:
            assert conditions == {"init": "service_completed_successfully"}


def test_volumes_and_configs_that_are_used_are_declared() -> None:
    used = {v.partition(":")[0] for s in SERVICES.values() for v in s.get("volumes", []) if v[0] != "$"}
    assert used == set(FORM["volumes"])
    assert {c["source"] for s in SERVICES.values() for c in s.get("configs", [])} == set(FORM["configs"])


def test_airflow_is_set_as_in_the_embedded_form_but_for_what_must_differ(home: Settings) -> None:
    embedded = {k: v for k, v in environment(home).items() if k.startswith("AIRFLOW__")}
    production: dict[str, str] = SERVICES["scheduler"]["environment"]
    assert LOST_WORKER.items() <= production.items()
    differing = {
        name.removeprefix("AIRFLOW__") for name in embedded if production.get(name) != embedded[name]
    }
    assert differing == {
        "CORE__DAGS_FOLDER", "CORE__PLUGINS_FOLDER", "LOGGING__BASE_LOG_FOLDER",
        "CORE__EXECUTOR", "CORE__PARALLELISM", "CORE__EXECUTION_API_SERVER_URL",
        "DATABASE__SQL_ALCHEMY_CONN", "CORE__FERNET_KEY", "API__SECRET_KEY", "API_AUTH__JWT_SECRET",
        "API__HOST", "API__PORT", "API__BASE_URL", "API__WORKERS",
    }  # fmt: skip


def test_the_images_are_built_of_stated_versions_and_checked_packages() -> None:
    bases = set(re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE))
    assert all(re.fullmatch(r"(python:3\.11\.\d+-slim-bookworm|debian:12\.\d+-slim)", base) for base in bases)
    assert "--require-hashes" in DOCKERFILE
    for package in ("fonts-noto-cjk", "libreoffice-calc-nogui", "libreoffice-writer-nogui", "samba"):
        assert package in DOCKERFILE


def test_the_image_of_duban_never_runs_as_root() -> None:
    stages = re.split(r"^FROM \S+ AS ", DOCKERFILE, flags=re.MULTILINE)
    users = {stage.split()[0]: re.findall(r"^USER (\S+)", stage, flags=re.MULTILINE) for stage in stages[1:]}
    assert users == {"packages": [], "samba": ["0:0"], "duban": ["10001:10001"]}
    assert stages[-1].split()[0] == "duban", "what is built without a target"
    assert stages[-1].index("USER") < stages[-1].index("ENTRYPOINT")


def test_what_the_image_takes_from_the_checkout_is_let_into_the_build() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert ignored[0] == "*"
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, flags=re.MULTILINE)
    for path in {path for line in copied for path in line.split()}:
        assert f"!{path}" in ignored, path
        assert path == "README.md" or (ROOT / path).exists(), path


def compose(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Have Docker Compose read the file, as `docker compose config` does; it asks no engine for that."""
    command = [PROGRAMS / "docker-compose", "--file", ROOT / "docker-compose.yaml", "config", "--format=json"]
    return subprocess.run(
        command, check=False, env=env | {"PATH": "/usr/bin:/bin"}, capture_output=True, text=True
    )


def test_docker_compose_reads_the_file_and_gives_every_service_what_it_wants() -> None:
    read = compose(dict.fromkeys(REQUIRED, "given") | {"DUBAN_DRIVE": "/srv/drive"})
    assert read.returncode == 0, read.stderr
    services = json.loads(read.stdout)["services"]
    assert set(services) == set(SERVICES)
    assert services["worker"]["deploy"]["replicas"] == 2
    drives = {v["target"] for v in services["worker"]["volumes"] if v["source"] == "/srv/drive"}
    assert drives == {"/srv/duban-drive"}
    assert services["samba"]["ports"][0]["host_ip"] == "127.0.0.1"


@pytest.mark.parametrize("missing", sorted(REQUIRED))
def test_docker_compose_refuses_where_a_secret_is_missing_or_empty(missing: str) -> None:
    values = dict.fromkeys(REQUIRED, "given") | {"DUBAN_DRIVE": "/srv/drive"}
    for env in ({k: v for k, v in values.items() if k != missing}, values | {missing: ""}):
        refused = compose(env)
        assert refused.returncode != 0
        assert f"required variable {missing} is missing a value" in refused.stderr


def test_the_linter_of_dockerfiles_finds_nothing() -> None:
    found = subprocess.run(
        [PROGRAMS / "hadolint", "--no-color", ROOT / "Dockerfile"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (found.returncode, found.stdout) == (0, "")
