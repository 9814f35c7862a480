"""The board as it is served: Airflow's api-server with real users and roles, on a home with two places."""

from __future__ import annotations

import os
import shutil
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.routing import Mount

from demo.agencies import SimulatedAgency
from demo.setting import CARELESS, LATE, PLAN, SILENT, set_stage
from include.office import (
    clock,
    close_period,
    collect_returns,
    escalate_overdue,
    exceptions,
    open_period,
    proxy,
    raising,
    sign_letters,
)
from include.office.decided import Decided
from include.office.desk import Office
from include.plan import Period
from include.settings import ROOT, Settings
from include.store import cases
from live import accounts, roles
from tests.integration.office.conftest import with_denominators
from tests.ports import free_port
from tests.runs import set_up_airflow

OTHER = "other-2024"  # a neighbouring place of the same installation
PASSWORD = "only-for-tests"  # noqa: S105
JANUARY = Period(2024, 1)
FILERS = ("education", "market-regulation", CARELESS)
CANTEENS = {"education": 150, "market-regulation": 160}  # what each says of 阳光配送
# Each user with Airflow's role and the places' roles.
USERS = {
    "boss": (roles.SUPERUSER,),
    "reader": (roles.LEADER, roles.reads(PLAN)),
    "clerk": (roles.LEADER, roles.office(PLAN)),
    "neighbour": (roles.LEADER, roles.office(OTHER)),
    "stranger": (roles.LEADER,),
    "signer": (roles.APPROVER, roles.reads(PLAN), roles.signs(PLAN)),
    "signer-next-door": (roles.APPROVER, roles.reads(OTHER)),
}


def set_two_places(folder: Path) -> Office:
    """Stage January of the demo's plan, beside a place where there is only an instruction.

    Two agencies differ, the month is closed, letters wait, one is answered; one agency is filed for.
    """
    plans = folder / "plans"
    shutil.copytree(ROOT / "plans" / PLAN, plans / PLAN)
    shutil.copytree(ROOT / "plans" / PLAN, plans / OTHER)
    head = plans / OTHER / "plan.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace(PLAN, OTHER), encoding="utf-8")
    of = Settings(
        home=folder / "home",
        plans_dir=plans,
        stable_seconds=0,
        delivery_counts_as_served=True,
        signs_apart=PLAN,
    )
    office = set_stage(of)
    _at(office, "2024-01-31T08:30:00+08:00")
    open_period.run(PLAN, office=office)
    _at(office, "2024-02-02T11:00:00+08:00")
    for agency in office.plan(PLAN, JANUARY).filers:
        if agency.id in FILERS:
            SimulatedAgency(office, agency).file(JANUARY, careless=agency.id == CARELESS)
        elif agency.id not in (SILENT, LATE):
            exceptions.exempt(PLAN, agency.id, "2024-01", Decided("demo", "演示"), office=office)
    collect_returns.run(PLAN, office=office)
    for agency, canteens in CANTEENS.items():
        taken = next((_folder(office, agency, "报送") / "已收").glob("*.xlsx"))
        other = with_denominators(taken, {"阳光配送": canteens})
        (_folder(office, agency, "报送") / "更正.xlsx").write_bytes(other)
    _at(office, "2024-02-06T18:05:00+08:00")
    collect_returns.run(PLAN, office=office)
    close_period.run(PLAN, office=office)
    _at(office, "2024-02-07T09:10:00+08:00")
    escalate_overdue.run(PLAN, office=office)
    _answer_letter(office)
    form = SimulatedAgency(office, office.plan(PLAN, JANUARY).agency(LATE)).file(JANUARY)
    by_phone = form.replace(folder / form.name)
    proxy.file_for(PLAN, LATE, "2024-01", by_phone, reason="电话报数", user="clerk", office=office)
    words, day = "尽快办结（演示）", office.now().date()
    of = {"words": words, "leader": "某领导", "given_on": day, "due_on": day, "office": office}
    raising.instruct(OTHER, ["education"], Decided("neighbour", "领导批示"), **of)
    return office


def _answer_letter(office: Office) -> None:
    """Sign the late agency's letter, and let the agency answer it."""
    _at(office, "2024-02-07T15:00:00+08:00")
    with office.store.reading() as connection:
        (letter,) = [row for row in cases.letters(connection, PLAN) if row.agency_id == LATE]
    sign_letters.answer(
        letter.id,
        decision=sign_letters.SIGN,
        hash=sign_letters.show(letter.id, office=office)["hash"],
        talk={"skipped": "联系不上"},
        user="office-deputy",
        office=office,
    )
    (_folder(office, LATE, "回复") / "情况说明.txt").write_bytes("已补报（演示）".encode())
    _at(office, "2024-02-08T09:00:00+08:00")
    collect_returns.run(PLAN, office=office)


def _folder(office: Office, agency: str, name: str) -> Path:
    plan = office.plan(PLAN, JANUARY)
    return office.drive_of(PLAN).agency_folder(plan.agency(agency).name, name)


def _at(office: Office, moment: str) -> None:
    clock.start(office.settings, clock.parse(moment), stopped=True)


@dataclass
class Board:
    """A served board. A context manager."""

    office: Office
    port: int = field(default_factory=free_port)

    def __enter__(self) -> Board:
        from airflow.api_fastapi.app import create_app  # noqa: PLC0415

        _make_users(self.office.settings)
        self.served: Any = create_app(apps="core")
        (mount,) = (r for r in self.served.routes if isinstance(r, Mount) and r.path == "/duban")
        self.app: Any = mount.app
        config = uvicorn.Config(self.served, host="127.0.0.1", port=self.port, log_level="error")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=20)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token(self, user: str, password: str = PASSWORD) -> str:
        """Log in; give the token that is also the cookie of a browser's session."""
        said = {"username": user, "password": password}
        answered = httpx.post(f"{self.address}/auth/token", json=said, trust_env=False)
        return answered.raise_for_status().json()["access_token"]

    def client(self, user: str = "") -> httpx.Client:
        """Give a browser-like client of a user; of nobody without one."""
        cookies = {"_token": self.token(user)} if user else {}
        return httpx.Client(base_url=f"{self.address}/duban", cookies=cookies, trust_env=False, timeout=30)

    def airflow(self, user: str) -> httpx.Client:
        """Give a client of Airflow's own API."""
        headers = {"Authorization": f"Bearer {self.token(user)}"}
        return httpx.Client(base_url=f"{self.address}/api/v2", headers=headers, trust_env=False, timeout=30)


def _make_users(of: Settings) -> None:
    """Bring Airflow's own database up, with duban's roles and the users above."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import (  # noqa: PLC0415
        get_application_builder,
    )

    set_up_airflow()
    accounts.make(of, Path(os.environ["AIRFLOW_HOME"]))
    with get_application_builder() as builder:
        security: Any = builder.sm
        for name, roles in USERS.items():
            found = [security.find_role(role) for role in roles]
            if all(found) and not security.find_user(name):  # one place alone has no neighbours
                security.add_user(name, name, "", f"{name}@localhost.invalid", found, PASSWORD)
