"""`docker-compose.yaml` and `Dockerfile`: what can be held without docker."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from include.settings import Settings
from live.env import environment
from tests.needs import miss

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
FORM: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = FORM["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
REQUIRED = {
    "DUBAN_IMAGE", "DUBAN_DRIVE", "POSTGRES_PASSWORD", "REDIS_PASSWORD",
    "AIRFLOW_JWT_SECRET", "AIRFLOW_SECRET_KEY", "AIRFLOW_FERNET_KEY",
}  # fmt: skip


def test_every_process_of_airflow_has_its_service() -> None:
    processes = {"init", "api-server", "scheduler", "dag-processor", "triggerer", "worker"}
    assert set(OURS) == processes
    assert set(SERVICES) == processes | {"postgres", "redis"}


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
    for network_name in service.get("ports", []):
        assert network_name.startswith("127.0.0.1:")


@pytest.mark.parametrize("name", OURS)
def test_our_services_have_no_more_rights_than_they_need(name: str) -> None:
    service = OURS[name]
    assert service["user"] == "10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in OURS])
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
    differing = {
        name.removeprefix("AIRFLOW__") for name in embedded if production.get(name) != embedded[name]
    }
    assert differing == {
        "CORE__DAGS_FOLDER", "CORE__PLUGINS_FOLDER", "LOGGING__BASE_LOG_FOLDER",
        "CORE__EXECUTOR", "CORE__PARALLELISM", "CORE__EXECUTION_API_SERVER_URL",
        "DATABASE__SQL_ALCHEMY_CONN", "CORE__FERNET_KEY", "API__SECRET_KEY", "API_AUTH__JWT_SECRET",
        "API__HOST", "API__PORT", "API__BASE_URL", "API__WORKERS",
    }  # fmt: skip


def test_the_image_is_built_of_stated_versions_and_checked_packages() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE)
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", bases[0])
    assert "--require-hashes" in DOCKERFILE
    for package in ("fonts-noto-cjk", "libreoffice-calc-nogui", "libreoffice-writer-nogui"):
        assert package in DOCKERFILE


def test_the_image_never_runs_as_root() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, flags=re.MULTILINE)
    assert users == ["duban"]
    assert DOCKERFILE.index("USER duban") < DOCKERFILE.index("ENTRYPOINT")


def test_what_the_image_takes_from_the_checkout_is_let_into_the_build() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert ignored[0] == "*"
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, flags=re.MULTILINE)
    for path in {path for line in copied for path in line.split()}:
        assert f"!{path}" in ignored, path
        assert path == "README.md" or (ROOT / path).exists(), path


def test_docker_compose_reads_the_file() -> None:
    docker = shutil.which("docker")
    plugin = docker and subprocess.run([docker, "compose", "version"], check=False, capture_output=True)
    if not docker or not plugin or plugin.returncode:
        miss("no docker compose here, and Debian has none to install", failing=False)
    values = {name: "x" for name in REQUIRED} | {"DUBAN_DRIVE": "/srv/drive", "PATH": "/usr/bin:/bin"}
    command = [docker, "compose", "--file", str(ROOT / "docker-compose.yaml"), "config", "--quiet"]
    assert subprocess.run(command, check=False, env=values).returncode == 0
    assert subprocess.run(command, check=False, env={"PATH": values["PATH"]}).returncode != 0
