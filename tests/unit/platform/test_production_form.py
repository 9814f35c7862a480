"""`docker-compose.yaml` and `Dockerfile`: what can be held without an engine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.fernet import Fernet

from include.settings import Settings
from live.env import environment
from live.forms import LOST_WORKER
from live.history import TABLES
from tests.ports import await_port, free_port

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
FORM: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = FORM["services"]
OURS = {name: s for name, s in SERVICES.items() if s.get("build", {}).get("target") == "duban"}
BUILT = {name for name, service in SERVICES.items() if "build" in service}
PROGRAMS = Path(sys.executable).parent  # Docker Compose and hadolint come as packages of Python's registry
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
REQUIRED = {"DUBAN_IMAGE", "DUBAN_DRIVE"}
DEMANDED = {  # of the secrets
    "duban_database_password", "redis_password",
    "airflow_jwt_secret", "airflow_secret_key", "airflow_fernet_key",
}  # fmt: skip
HEAD = TEXT.partition("name: duban")[0]


def test_every_process_of_airflow_has_its_service() -> None:
    processes = {"init", "api-server", "scheduler", "dag-processor", "triggerer", "worker"}
    assert set(OURS) == processes
    assert set(SERVICES) == processes | {"postgres", "redis", "samba"}
    assert SERVICES["worker"]["deploy"]["replicas"] == "${DUBAN_WORKERS:-2}"


def test_every_variable_that_is_demanded_is_explained_at_the_top() -> None:
    assert set(re.findall(r"\$\{([A-Z_]+):\?", TEXT)) == REQUIRED
    assert {name for name in REQUIRED | set(FORM["secrets"]) if name not in HEAD} == set()


def test_no_secret_stands_in_an_environment_or_has_a_default() -> None:
    for name, service in SERVICES.items():
        for variable in service.get("environment", {}):
            if re.search(
                "PASSWORD|SECRET|KEY|TOKEN|CONN|BROKER|RESULT_BACKEND|ARCHIVE|OUTPUTS|CHAT", variable
            ):
                assert variable.endswith(("_CMD", "_FILE")), (name, variable)
    assert not re.findall(r"\$\{\w*(?:PASSWORD|SECRET|KEY|TOKEN)(?!S:-\./secrets\})", TEXT)


def test_a_service_is_given_the_secrets_it_reads_and_no_other() -> None:
    for name, service in SERVICES.items():
        if name in OURS:
            assert set(service["secrets"]) == set(FORM["secrets"])
        else:
            read = set(re.findall(r"/run/secrets/(\w+)", json.dumps(service)))
            assert set(service.get("secrets", [])) == read, name
    settings = {name for name in FORM["secrets"] if name.startswith("duban_")}
    assert {name.removeprefix("duban_") for name in settings} <= set(Settings.model_fields)


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of secrets, made as the head of the file says."""
    folder = tmp_path_factory.mktemp("production")
    lines = [line.removeprefix("#") for line in HEAD.splitlines() if line.startswith("#   ")]
    first = next(n for n, line in enumerate(lines) if "install -d" in line)
    last = next(n for n, line in enumerate(lines) if "chmod 444" in line)
    made = ["bash", "-euc", "\n".join(lines[first : last + 1])]
    subprocess.run(made, cwd=folder, check=True, env={"PATH": "/usr/bin:/bin"})
    return folder / "secrets"


def test_the_secrets_are_made_as_the_head_of_the_file_says(secrets: Path) -> None:
    values = {file.name: file.read_text().strip() for file in secrets.iterdir()}
    assert set(values) == set(FORM["secrets"])
    assert {name for name, value in values.items() if value} == DEMANDED
    assert len(set(values.values())) == len(DEMANDED) + 1
    assert secrets.stat().st_mode & 0o077 == 0, "only its owner comes in"
    Fernet(values["airflow_fernet_key"])


def test_airflow_reads_its_secrets_from_the_files(secrets: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").symlink_to(ROOT / "secret.sh")
    environment = {k: v for k, v in SERVICES["worker"]["environment"].items() if k.endswith("_CMD")}
    options = [name.removeprefix("AIRFLOW__").removesuffix("_CMD").split("__") for name in environment]
    script = f"""
import json
from airflow.configuration import conf
print(json.dumps({{s: conf.get(*s.split()) for s in {[" ".join(o).lower() for o in options]}}}))
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env=environment
        | {"PATH": f"{tmp_path}:/usr/bin:/bin", "SECRETS": str(secrets), "AIRFLOW_HOME": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    password, redis, jwt, key, fernet = (
        (secrets / name).read_text().strip()
        for name in (
            "duban_database_password",
            "redis_password",
            "airflow_jwt_secret",
            "airflow_secret_key",
            "airflow_fernet_key",
        )
    )
    assert json.loads(ran.stdout.splitlines()[-1]) == {
        "core fernet_key": fernet,
        "database sql_alchemy_conn": f"postgresql+psycopg2://duban:{password}@postgres/airflow",
        "celery broker_url": f"redis://:{redis}@redis:6379/0",
        "celery result_backend": f"db+postgresql+psycopg2://duban:{password}@postgres/airflow",
        "api secret_key": key,
        "api_auth jwt_secret": jwt,
    }


def test_duban_reads_its_secrets_from_the_files(secrets: Path, tmp_path: Path) -> None:
    url = SERVICES["worker"]["environment"]["DUBAN_DATABASE_URL"]
    of = Settings(home=tmp_path, database_url=url, _secrets_dir=secrets)  # pyright: ignore[reportCallIssue]
    password = (secrets / "duban_database_password").read_text().strip()
    assert of.database == f"postgresql+psycopg://duban:{password}@postgres/duban"
    assert of.smtp_password.get_secret_value() == of.archive_url.get_secret_value() == ""
    assert password not in f"{of!r} {of.model_dump()}"


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_a_secret_that_is_missing_or_empty_is_refused(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "airflow_jwt_secret").write_text(content)
    asked = [ROOT / "secret.sh", "airflow_jwt_secret", "before {} after"]
    ran = subprocess.run(asked, env={"SECRETS": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "airflow_jwt_secret" in ran.stderr


def test_the_one_shot_asks_for_every_secret_before_it_does_anything() -> None:
    asked = SERVICES["init"]["command"][-1].partition("airflow db migrate")[0]
    assert set(re.findall(r"\w+_(?:password|secret|key)\b", asked)) == DEMANDED


def redis_of_the_form(secrets: Path, port: int, folder: Path) -> list[str]:
    """Give the command of the container, on a port of loopback and with another folder of secrets."""
    command = [part.replace("$$", "$") for part in SERVICES["redis"]["command"]]
    here = f"redis-server - --port {port} --bind 127.0.0.1 --dir {folder}"
    return [p.replace("/run/secrets", str(secrets)).replace("redis-server -", here, 1) for p in command]


def test_redis_takes_its_password_from_the_file_and_nobody_in_without(
    secrets: Path, tmp_path: Path, need: Callable[[str], Path]
) -> None:
    need("redis-server")
    port = free_port()
    _, check = SERVICES["redis"]["healthcheck"]["test"]
    check = check.replace("$$", "$").replace("redis-cli", f"redis-cli -p {port}")
    with subprocess.Popen(redis_of_the_form(secrets, port, tmp_path), stdout=subprocess.DEVNULL) as server:
        try:
            password = (secrets / "redis_password").read_text().strip()
            await_port(port, server)
            subprocess.run(["sh", "-c", check.replace("/run/secrets", str(secrets))], check=True)
            assert password not in Path(f"/proc/{server.pid}/cmdline").read_text()
            for other in ("", "REDISCLI_AUTH=wrong "):
                ill = subprocess.run(
                    ["sh", "-c", f"{other}redis-cli -p {port} ping | grep -q PONG"], check=False
                )
                assert ill.returncode == 1
        finally:
            server.terminate()


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_redis_does_not_start_without_its_password(
    content: str | None, tmp_path: Path, need: Callable[[str], Path]
) -> None:
    need("redis-server")
    if content is not None:
        (tmp_path / "redis_password").write_text(content)
    command = redis_of_the_form(tmp_path, free_port(), tmp_path)
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert ran.returncode == 1
    assert "redis_password" in ran.stderr


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
    production: dict[str, str] = {
        name.removesuffix("_CMD"): value for name, value in SERVICES["scheduler"]["environment"].items()
    }
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


def test_the_image_can_back_up_the_database_it_is_used_with() -> None:
    """`pg_dump` refuses a server of a later release than its own."""
    (server,) = re.findall(r"^postgres:(\d+)\.", SERVICES["postgres"]["image"])
    assert re.findall(r"postgresql-client-(\d+)", DOCKERFILE) == [server]


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
    read = compose({"DUBAN_IMAGE": "duban:0", "DUBAN_DRIVE": "/srv/drive"})
    assert read.returncode == 0, read.stderr
    services = json.loads(read.stdout)["services"]
    assert set(services) == set(SERVICES)
    assert services["worker"]["deploy"]["replicas"] == 2
    drives = {v["target"] for v in services["worker"]["volumes"] if v["source"] == "/srv/drive"}
    assert drives == {"/srv/duban-drive"}
    for name in OURS:  # a plan is added and mended without building an image
        (plans,) = (v for v in services[name]["volumes"] if v["target"] == "/opt/duban/plans")
        assert (plans["type"], plans.get("read_only", False)) == ("bind", False)
    assert services["samba"]["ports"][0]["host_ip"] == "127.0.0.1"


@pytest.mark.parametrize("missing", sorted(REQUIRED))
def test_docker_compose_refuses_where_a_variable_is_missing_or_empty(missing: str) -> None:
    values = {"DUBAN_IMAGE": "duban:0", "DUBAN_DRIVE": "/srv/drive"}
    for env in ({k: v for k, v in values.items() if k != missing}, values | {missing: ""}):
        refused = compose(env)
        assert refused.returncode != 0
        assert f"required variable {missing} is missing a value" in refused.stderr


def test_the_api_server_believes_the_gateway_alone_about_who_came_and_how() -> None:
    read = compose({"DUBAN_IMAGE": "duban:0", "DUBAN_DRIVE": "/srv/drive", "DUBAN_SUBNET": "10.9.8"})
    form = json.loads(read.stdout)
    assert "--proxy-headers" in form["services"]["api-server"]["command"]
    (network,) = form["networks"]["default"]["ipam"]["config"]
    believed = form["services"]["api-server"]["environment"]["FORWARDED_ALLOW_IPS"]
    assert (network["subnet"], believed, network["gateway"]) == ("10.9.8.0/24", "10.9.8.1", "10.9.8.1")
    published = {name for name, service in SERVICES.items() if "ports" in service}
    assert published == {"api-server", "samba"}, "no log server, no database"


def test_the_linter_of_dockerfiles_finds_nothing() -> None:
    found = subprocess.run(
        [PROGRAMS / "hadolint", "--no-color", ROOT / "Dockerfile"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (found.returncode, found.stdout) == (0, "")


def test_the_page_thins_out_the_tables_that_make_prune_does() -> None:
    """Others hold what running processes stand on; the results of Celery are there in this form alone."""
    page = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"--tables (\S+)", page)
    assert named.split(",") == [*TABLES.split(","), "celery_taskmeta"]
