"""Users of the UI and their roles: `python -m live.accounts`, in Airflow's environment; safe to run again.

What somebody may do in Airflow (`live.roles`), and which places they may see, are two things and two kinds
of role. Each plan has `Reads <plan>` (sees it on the board and in the API) and `Office <plan>` (records
decisions there, too); without one of them a user sees nothing of the plan.

Everybody sees the runs of the DAGs the plans share. A plan that signs apart (`DUBAN_SIGNS_APART`) has a DAG
of its own: its readers see that, its signers (`Signs <plan>`) answer there, and nobody else knows of it.

Every user gets a random password, written once to `AIRFLOW_HOME/passwords.txt` (mode 600). A user who
exists is left alone, also when a plan is added: who is to see it is given its role. Approvers named in
`DUBAN_HOME/people.yaml` become users too, and read the plans they approve for. Roles are brought to what
`live.roles` says, every time.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from include.errors import DubanError
from include.plan import list_plans, load_people
from include.settings import Settings, settings
from live import roles
from live.env import write_private
from live.roles import office, reads, signs

_log = logging.getLogger(__name__)
HEAD = "# 用户名\t密码\t身份（首次登录后请修改密码）\n"


@dataclass(frozen=True)
class Account:
    """A user of the UI. `role` is what it may do in Airflow, `title` what a person calls it.

    `plans` are those it reads, or, if it `decides`, those it records the office's decisions in; `signs` are
    those of them that sign apart, for somebody who signs.
    """

    name: str
    role: str
    title: str
    plans: tuple[str, ...] = ()
    decides: bool = False
    signs: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """Names of its roles."""
        return (self.role, *map(office if self.decides else reads, self.plans), *map(signs, self.signs))


_OF_PLACES = (
    Account("admin", roles.ADMINISTRATOR, "管理员", decides=True),
    Account("office-deputy", roles.APPROVER, "签发人 食药安办副主任"),
    Account("office-head", roles.APPROVER, "签发人 食药安办主任"),
    Account("commission", roles.APPROVER, "签发人 食药安委"),
    Account("leader", roles.LEADER, "领导（只读）"),
)
_OF_THE_MACHINE = (
    Account("engineer", roles.ENGINEER, "工程师（日志和运行）"),
    Account("root", roles.SUPERUSER, "超级用户（只用来管理用户，平时封存）"),
)


def accounts(of: Settings) -> tuple[Account, ...]:
    """Give the users there should be: those of every installation, and the approvers of its plans."""
    plans = tuple(list_plans(of.plans_dir))
    approvers: dict[str, list[str]] = {}
    for plan in plans:
        try:
            people = load_people(of.people_file, plan)
        except DubanError as error:  # who signs there becomes a user at a later start
            _log.warning("no approvers of %s: %s", plan, error)
            continue
        for user in sorted({u for us in people.approvers.values() for u in us}):
            approvers.setdefault(user, []).append(plan)
    known = {account.name for account in (*_OF_PLACES, *_OF_THE_MACHINE)}
    named = (
        Account(n, roles.APPROVER, "签发人", tuple(p)) for n, p in sorted(approvers.items()) if n not in known
    )
    of_places = (*(replace(account, plans=plans) for account in _OF_PLACES), *named)
    return (*(_signing(account, of.plans_apart) for account in of_places), *_OF_THE_MACHINE)


def _signing(account: Account, apart: tuple[str, ...]) -> Account:
    if account.role != roles.APPROVER:
        return account
    return replace(account, signs=tuple(plan for plan in account.plans if plan in apart))


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
        _rename(security)
        plans = list_plans(of.plans_dir)
        wanted = [roles.ROLES, *(roles.of_place(plan, apart=plan in of.plans_apart) for plan in plans)]
        for name, permissions in chain.from_iterable(some.items() for some in wanted):
            _make_role(security, name, permissions)
        security.update_admin_permission()
        made = [line for account in accounts(of) if (line := _make_user(security, account))]
    if made:
        file = home / "passwords.txt"
        before = file.read_text(encoding="utf-8") if file.exists() else HEAD
        write_private(file, before + "".join(f"{line}\n" for line in made))
    return made


def _rename(security: Any) -> None:
    """Give a role its name of today; who has it keeps it."""
    for before, now in roles.FORMERLY.items():
        role = security.find_role(before)
        if role and not security.find_role(now):
            security.update_role(role.id, now)


def _make_role(security: Any, name: str, permissions: Iterable[roles.Permission]) -> None:
    """Make a role of duban's own, with these permissions and no other."""
    role = security.add_role(name)
    role.permissions = [security.create_permission(*permission) for permission in permissions]
    security.session.commit()


def _make_user(security: Any, account: Account) -> str:
    """Make one user; give the line for the password file, or nothing if the user exists."""
    if security.find_user(account.name):
        return ""
    password = secrets.token_urlsafe(12)
    theirs = [security.find_role(name) for name in account.roles]
    address = f"{account.name}@localhost.invalid"
    if not security.add_user(account.name, account.title, "", address, theirs, password):
        raise RuntimeError(f"Airflow 没有建立用户 {account.name}")
    return f"{account.name}\t{password}\t{account.title}"


if __name__ == "__main__":
    make(settings(), Path(os.environ["AIRFLOW_HOME"]))
