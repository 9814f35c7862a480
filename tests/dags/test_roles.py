"""What each role can do through Airflow's API and on the board and, above all, what it can not."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select

from demo.setting import PLAN, set_stage
from include.settings import Settings, settings
from live import accounts, roles
from tests.board import Board

ADMINISTRATOR, APPROVER, LEADER, ENGINEER = "admin", "office-deputy", "leader", "engineer"
EVERYBODY = {ADMINISTRATOR, APPROVER, LEADER, ENGINEER}
OF_THE_OFFICE = EVERYBODY - {ENGINEER}
RUN = "/api/v2/dags/sign_letters/dagRuns/letter-1-round-1"
ASK = f"{RUN}/taskInstances/ask"
# What is tried, and who may: everybody else is refused. Refusals are tried first, so that nothing changes.
TRIED: dict[str, tuple[str, str, Any, set[str]]] = {
    "see the flows": ("GET", "/api/v2/dags", None, EVERYBODY),
    "see runs": ("GET", f"{RUN}/taskInstances", None, EVERYBODY),
    "see the flows in the UI": ("GET", "/ui/dags", None, EVERYBODY),
    "read a task's log": ("GET", f"{ASK}/logs/1", None, EVERYBODY),
    "see errors of import": ("GET", "/api/v2/importErrors", None, EVERYBODY),
    "read who did what in Airflow": ("GET", "/api/v2/eventLogs", None, {ENGINEER}),
    "see the providers": ("GET", "/api/v2/providers", None, {ENGINEER}),
    "see Airflow's settings": ("GET", "/api/v2/config", None, set()),
    "read an XCom": ("GET", f"{ASK}/xcomEntries", None, set()),
    "write an XCom": ("POST", f"{ASK}/xcomEntries", {"key": "return_value", "value": {}}, set()),
    "see connections": ("GET", "/api/v2/connections", None, set()),
    "make a connection": ("POST", "/api/v2/connections", {"connection_id": "x", "conn_type": "http"}, set()),
    "see variables": ("GET", "/api/v2/variables", None, set()),
    "make a variable": ("POST", "/api/v2/variables", {"key": "x", "value": "y"}, set()),
    "make a pool": ("POST", "/api/v2/pools", {"name": "x", "slots": 1}, set()),
    "delete a run": ("DELETE", RUN, None, set()),
    "delete a flow": ("DELETE", "/api/v2/dags/collect_returns", None, set()),
    "list users": ("GET", "/auth/fab/v1/users", None, set()),
    "make a role": ("POST", "/auth/fab/v1/roles", {"name": "x", "permissions": []}, set()),
    "start a flow": ("POST", "/api/v2/dags/housekeeping/dagRuns", {"logical_date": None}, {ADMINISTRATOR}),
    "clear a task": (
        "POST",
        "/api/v2/dags/sign_letters/clearTaskInstances",
        {"dry_run": False, "dag_run_id": "letter-1-round-1", "task_ids": ["show"]},
        {ADMINISTRATOR},
    ),
    "pause a flow": ("PATCH", "/api/v2/dags/collect_returns", {"is_paused": True}, {ADMINISTRATOR}),
    # Airflow has one permission for pausing a flow and for answering its questions.
    "pause signing": ("PATCH", "/api/v2/dags/sign_letters", {"is_paused": True}, {ADMINISTRATOR, APPROVER}),
    "sign": (
        "PATCH",
        f"{ASK}/-1/hitlDetails",
        {"chosen_options": ["签发"], "params_input": {}},
        {APPROVER},
    ),
    "see the board": ("GET", f"/duban/plans/{PLAN}/letters", None, OF_THE_OFFICE),
    "read the board's API": ("GET", f"/duban/api/v1/plans/{PLAN}/cases", None, OF_THE_OFFICE),
    "open the form of a decision": ("GET", f"/duban/plans/{PLAN}/decisions/instruct", None, {ADMINISTRATOR}),
}


@dataclass
class Served:
    """Airflow's API with the users of an installation, and a letter's question waiting."""

    board: Board
    users: dict[str, httpx.Client]

    def status(self, user: str, method: str, path: str, body: Any = None) -> int:
        return self.users[user].request(method, path, json=body).status_code


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, dags: dict[str, Any]) -> Iterator[Served]:
    office = set_stage(Settings(home=tmp_path_factory.mktemp("roles") / "home"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_HOME", str(office.settings.home))
        settings.cache_clear()
        with Board(office) as board:
            _ask()
            words = accounts.passwords(Path(os.environ["AIRFLOW_HOME"]))
            users = {"": httpx.Client(base_url=board.address, trust_env=False, timeout=30)}
            for user in EVERYBODY:
                headers = {"Authorization": f"Bearer {board.token(user, words[user])}"}
                users[user] = httpx.Client(
                    base_url=board.address, headers=headers, trust_env=False, timeout=30
                )
            yield Served(board, users)
            for client in users.values():
                client.close()
        settings.cache_clear()


def _ask() -> None:
    """Put the flows into Airflow's database, and a run of `sign_letters` that waits for an answer."""
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db  # noqa: PLC0415
    from airflow.models.dagbundle import DagBundleModel  # noqa: PLC0415
    from airflow.models.hitl import HITLDetail  # noqa: PLC0415
    from airflow.models.serialized_dag import SerializedDagModel  # noqa: PLC0415
    from airflow.utils.session import create_session  # noqa: PLC0415
    from airflow.utils.state import DagRunState, TaskInstanceState  # noqa: PLC0415
    from airflow.utils.types import DagRunTriggeredByType, DagRunType  # noqa: PLC0415

    with create_session() as session:
        session.merge(DagBundleModel(name="dags-folder"))
    folder = Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    sync_bag_to_db(DagBag(folder, bundle_path=folder, bundle_name="dags-folder"), "dags-folder", None)
    with create_session() as session:
        dag = SerializedDagModel.get_dag("sign_letters", session=session)
        run = dag.create_dagrun(
            run_id="letter-1-round-1",
            run_type=DagRunType.MANUAL,
            run_after=dag.start_date,
            state=DagRunState.RUNNING,
            triggered_by=DagRunTriggeredByType.TEST,
            session=session,
        )
        (ask,) = [ti for ti in run.task_instances if ti.task_id == "ask"]
        ask.state, ask.try_number = TaskInstanceState.AWAITING_INPUT, 1
        session.add(
            HITLDetail(ti_id=ask.id, options=["签发", "退回", "免发"], subject="文书", body="", params={})
        )


@pytest.mark.parametrize("what", TRIED)
def test_a_role_can_do_what_is_its_own_and_nothing_else(what: str, served: Served) -> None:
    method, path, body, may = TRIED[what]
    assert served.status("", method, path, body) == 401
    assert {user: served.status(user, method, path, body) for user in EVERYBODY - may} == dict.fromkeys(
        EVERYBODY - may, 403
    )
    for user in sorted(may)[:1] if what == "sign" else sorted(may):
        assert served.status(user, method, path, body) < 400, user


def test_every_role_is_refused_something_another_may_do() -> None:
    allowed = {user: {what for what, (*_, may) in TRIED.items() if user in may} for user in EVERYBODY}
    assert allowed[LEADER] < allowed[APPROVER]
    assert allowed[LEADER] < allowed[ADMINISTRATOR]
    assert "sign" not in allowed[ADMINISTRATOR]
    assert "open the form of a decision" not in allowed[APPROVER]
    assert not {"sign", "see the board", "start a flow"} & allowed[ENGINEER]


def _bulk(action: str, entity: dict[str, Any]) -> dict[str, Any]:
    return {"actions": [{"action": action, "entities": [entity]}]}


# What anybody who may come in may send: questions too long for an address, and what concerns oneself alone.
HARMLESS = ("/list", "/favorite", "/unfavorite", "/ui/auth/token")
ONE = {"dag_run_id": "letter-1-round-1"}
BODIES: dict[str, Any] = {  # what has to be whole before Airflow asks who sends it
    "PATCH /api/v2/connections": _bulk("create", {"connection_id": "x", "conn_type": "http"}),
    "PATCH /api/v2/pools": _bulk("create", {"name": "x", "slots": 1}),
    "PATCH /api/v2/variables": _bulk("create", {"key": "x", "value": "y"}),
    "PATCH /api/v2/dags/{dag_id}/dagRuns": _bulk("delete", ONE),
    "POST /api/v2/dags/{dag_id}/clearDagRuns": {"dag_runs": [ONE]},
    "POST /api/v2/connections/enqueue-test": {"connection_id": "x", "conn_type": "http"},
}
NOT_THERE = ("/backfills/{backfill_id}/", "/parseDagFile/")  # looked up before Airflow asks who sends it


@pytest.mark.parametrize("user", [LEADER, ENGINEER])
def test_who_only_reads_can_change_nothing_through_any_route_of_airflow(user: str, served: Served) -> None:
    """Every route that is not a GET, with whatever it names put in."""
    answered = {
        route: served.users[user].request(method, _filled(path), json=BODIES.get(route, {}))
        for method, path in _routes(served.board.served)
        if not path.endswith(HARMLESS) and (route := f"{method} {path}")
    }
    assert len(answered) > 40
    refused = {route for route, answer in answered.items() if answer.status_code == 403}
    assert {route for route in answered.keys() - refused if not any(t in route for t in NOT_THERE)} == set()


def _routes(app: Any) -> list[tuple[str, str]]:
    """Give method and path of all that Airflow's API takes and that is no mere question."""
    mounted = [route.app for route in app.routes if hasattr(getattr(route, "app", None), "routes")]
    found = [r for one in (app, *mounted) for r in one.routes if isinstance(r, APIRoute)]
    writing = [(method, r.path) for r in found for method in r.methods - {"GET", "HEAD", "OPTIONS"}]
    return [(method, path) for method, path in writing if path.startswith(("/api/v2", "/ui"))]


def _filled(path: str) -> str:
    real = {"dag_id": "sign_letters", "dag_run_id": "letter-1-round-1", "task_id": "ask", "map_index": "-1"}
    return re.sub(r"{(\w+)[^}]*}", lambda found: real.get(found[1], "1"), path)


def test_a_role_is_brought_back_to_what_the_file_says(served: Served) -> None:
    """What somebody added to one of our roles by hand is gone at the next start; users keep their roles."""
    from airflow.providers.fab.auth_manager.models import Role  # noqa: PLC0415
    from airflow.utils.session import create_session  # noqa: PLC0415

    def held(name: str) -> set[tuple[str, str]]:
        with create_session() as session:
            role = session.scalars(select(Role).where(Role.name == name)).unique().one()
            return {(p.action.name, p.resource.name) for p in role.permissions}

    with create_session() as session:
        theirs = {role.name: role for role in session.scalars(select(Role)).unique()}
        theirs[roles.LEADER].permissions = list(theirs["Op"].permissions)
    assert ("can_create", "Connections") in held(roles.LEADER)
    made = accounts.make(served.board.office.settings, Path(os.environ["AIRFLOW_HOME"]))
    assert made == [], "nobody is made twice"
    for name, permissions in roles.ROLES.items():
        assert held(name) == set(permissions), name
