"""Roles and users of the UI: `python -m live.accounts`, inside Airflow's environment; safe to run again.

Every user gets a random password, written once to `AIRFLOW_HOME/passwords.txt` (mode 600). A user who
exists is left alone. Approvers named in `DUBAN_HOME/people.yaml` become users too.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.plan import list_plans, load_people
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
    """A user of the UI. `role` is a role of Airflow's, `title` what a person calls it."""

    name: str
    role: str
    title: str


ACCOUNTS = (
    Account("admin", "Admin", "管理员"),
    Account("office-deputy", SIGNER, "签发人 食药安办副主任"),
    Account("office-head", SIGNER, "签发人 食药安办主任"),
    Account("commission", SIGNER, "签发人 食药安委"),
    Account("leader", LEADER, "领导（只读）"),
)


def accounts(of: Settings) -> tuple[Account, ...]:
    """Give the users there should be: the five of every installation, and the approvers of its plans."""
    people = [load_people(of.people_file, plan) for plan in list_plans(of.plans_dir)]
    named = {user for who in people for users in who.approvers.values() for user in users}
    known = {account.name for account in ACCOUNTS}
    return ACCOUNTS + tuple(Account(name, SIGNER, "签发人") for name in sorted(named - known))


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
        made = [line for account in accounts(of) if (line := _make_user(security, account))]
    if made:
        file = home / "passwords.txt"
        before = file.read_text(encoding="utf-8") if file.exists() else HEAD
        write_private(file, before + "".join(f"{line}\n" for line in made))
    return made


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
    role = security.find_role(account.role)
    address = f"{account.name}@localhost.invalid"
    if not security.add_user(account.name, account.title, "", address, role, password):
        raise RuntimeError(f"Airflow refused to make the user {account.name}")
    return f"{account.name}\t{password}\t{account.title}"


if __name__ == "__main__":
    make(settings(), Path(os.environ["AIRFLOW_HOME"]))
