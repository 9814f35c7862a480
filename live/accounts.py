"""Roles and users of the UI: `python -m live.accounts`, inside Airflow's environment; safe to run again.

What somebody may do in Airflow, and which places they may see, are two things and two kinds of role. Each
plan has `Reads <plan>` (sees it on the board and in the API) and `Office <plan>` (records decisions there,
too); without one of them a user sees nothing of the plan. Only Airflow's own Admin sees and steers all.

Every user gets a random password, written once to `AIRFLOW_HOME/passwords.txt` (mode 600). A user who
exists is left alone, also when a plan is added: who is to see it is given its role. Approvers named in
`DUBAN_HOME/people.yaml` become users too, and read the plans they approve for.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from include.plan import list_plans, load_people, resource_of
from include.settings import Settings, settings
from live.env import write_private

HEAD = "# 用户名\t密码\t身份（首次登录后请修改密码）\n"
LEADER = "Leader"  # 领导: reads everything, the board too (Airflow's own Viewer may not open plugin pages)
SIGNER = "Signer"  # 签发人: reads what a leader reads, and answers what waits for approval
BOARD = (("can_read", "Plugins"),)
SIGNING = (
    ("menu_access", "HITL Detail"),
    ("can_edit", "HITL Detail"),
    ("can_edit", "DAG:sign_letters"),
    ("can_read", "DAG:sign_letters"),
)


@dataclass(frozen=True)
class Account:
    """A user of the UI. `role` is Airflow's, `title` what a person calls it, `plans` are what it reads."""

    name: str
    role: str
    title: str
    plans: tuple[str, ...] = ()


ACCOUNTS = (
    Account("admin", "Admin", "管理员"),
    Account("office-deputy", SIGNER, "签发人 食药安办副主任"),
    Account("office-head", SIGNER, "签发人 食药安办主任"),
    Account("commission", SIGNER, "签发人 食药安委"),
    Account("leader", LEADER, "领导（只读）"),
)


def accounts(of: Settings) -> tuple[Account, ...]:
    """Give the users there should be: the five of every installation, and the approvers of its plans."""
    plans = tuple(list_plans(of.plans_dir))
    approvers: dict[str, list[str]] = {}
    for plan in plans:
        for user in sorted({u for us in load_people(of.people_file, plan).approvers.values() for u in us}):
            approvers.setdefault(user, []).append(plan)
    known = {account.name for account in ACCOUNTS}
    named = [Account(n, SIGNER, "签发人", tuple(p)) for n, p in sorted(approvers.items()) if n not in known]
    return (*(replace(account, plans=plans) for account in ACCOUNTS), *named)


def passwords(home: Path) -> dict[str, str]:
    """Read the passwords that were made, by user name. Raises: FileNotFoundError before the first start."""
    lines = (home / "passwords.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {row[0]: row[1] for row in rows}


def make(of: Settings, home: Path) -> list[str]:
    """Make the roles and the users that are missing; give a line for each new user."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import (  # noqa: PLC0415
        get_application_builder,
    )

    with get_application_builder() as builder:
        security: Any = builder.sm
        security.sync_roles()
        _make_role(security, LEADER, [*security.VIEWER_PERMISSIONS, *BOARD])
        _make_role(security, SIGNER, [*security.VIEWER_PERMISSIONS, *BOARD, *SIGNING])
        for plan in list_plans(of.plans_dir):
            _make_role(security, reads(plan), [("can_read", resource_of(plan))])
            _make_role(security, office(plan), [(may, resource_of(plan)) for may in ("can_read", "can_edit")])
        security.update_admin_permission()
        made = [line for account in accounts(of) if (line := _make_user(security, account))]
    if made:
        file = home / "passwords.txt"
        before = file.read_text(encoding="utf-8") if file.exists() else HEAD
        write_private(file, before + "".join(f"{line}\n" for line in made))
    return made


def reads(plan: str) -> str:
    """Name the role that sees a plan."""
    return f"Reads {plan}"


def office(plan: str) -> str:
    """Name the role that sees a plan and records decisions there."""
    return f"Office {plan}"


def _make_role(security: Any, name: str, permissions: list[tuple[str, str]]) -> None:
    """Make a role of duban's own. Which letter somebody may sign, duban itself checks when it is issued."""
    security.add_role(name)
    role = security.find_role(name)
    for action, resource in permissions:
        security.add_permission_to_role(role, security.create_permission(action, resource))


def _make_user(security: Any, account: Account) -> str:
    """Make one user; give the line for the password file, or nothing if the user exists."""
    if security.find_user(account.name):
        return ""
    password = secrets.token_urlsafe(12)
    roles = [security.find_role(name) for name in (account.role, *map(reads, account.plans))]
    address = f"{account.name}@localhost.invalid"
    if not security.add_user(account.name, account.title, "", address, roles, password):
        raise RuntimeError(f"Airflow refused to make the user {account.name}")
    return f"{account.name}\t{password}\t{account.title}"


if __name__ == "__main__":
    make(settings(), Path(os.environ["AIRFLOW_HOME"]))
