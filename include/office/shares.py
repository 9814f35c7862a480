"""Use case `shares`: who may enter which folder of the drive over SMB, as settings of a Samba server."""

from __future__ import annotations

import hashlib
import logging
import secrets
from pathlib import Path

from include.errors import PlanError
from include.files.atomic import write_private
from include.files.drive import Drive
from include.files.smb_conf import AgencyShare, smb_conf
from include.office.desk import Office, open_office
from include.plan.period import Period
from include.settings import Settings

LONGEST = 32  # signs of a Linux user's name
_log = logging.getLogger(__name__)
HEAD = "# 用户名\t密码\t单位\n"


def shares(
    plan: str | None = None, *, root: Path | None = None, office: Office | None = None
) -> list[AgencyShare]:
    """Give the shares of every plan, or of one: one an agency, and the office's own, read only.

    Of every plan those are left out that cannot be loaded, and said in the log: the others' agencies go on.

    Args:
        plan: its id; None for all.
        root: where the drive is on the machine of the server, if elsewhere than here.
        office: an open office.

    Raises:
        PlanError: no such plan, or one that cannot be loaded.
    """
    office = office or open_office()
    top = root or office.settings.drive
    if plan:
        return _of_plan(office, plan, top)
    found: list[AgencyShare] = []
    for plan_id in office.plan_ids:
        try:
            found += _of_plan(office, plan_id, top)
        except PlanError as error:
            _log.warning("no shares for %s: %s", plan_id, error)
    return found


def conf(shared: list[AgencyShare], owner: str) -> str:
    """Give the settings of a Samba server with these shares. Raises: SettingsError."""
    return smb_conf(shared, owner)


def logins(shared: list[AgencyShare], of: Settings) -> Path:
    """Make the passwords that are missing, random ones; give the file (mode 600) all of them stand in."""
    file = of.home / "shares.txt"
    before = file.read_text(encoding="utf-8") if file.exists() else HEAD
    known = {line.split("\t")[0] for line in before.splitlines()}
    new = {s.user: s.title for s in shared if s.user not in known}
    lines = [f"{user}\t{secrets.token_urlsafe(12)}\t{title}\n" for user, title in new.items()]
    write_private(file, (before + "".join(lines)).encode())
    return file


def _of_plan(office: Office, plan_id: str, top: Path) -> list[AgencyShare]:
    """Give the shares of a plan; an agency that got another name in the year has both its folders."""
    book = office.book(plan_id)
    drive = Drive(top).part(book.at(Period(book.year, 1)).drive_folder)
    months = [book.at(Period(book.year, month)) for month in range(12, 0, -1)]
    found: dict[tuple[str, str], AgencyShare] = {}
    for agency in (agency for plan in months for agency in plan.filers):
        if (agency.id, agency.name) not in found:
            user = _user(f"{plan_id}.{agency.id}")
            former = sum(known == agency.id for known, _ in found)
            name = f"{user}.{former + 1}" if former else user
            folder = drive.agency_folder(agency.name, "报送").parent
            found[agency.id, agency.name] = AgencyShare(name, user, folder, agency.name)
    if drive.root == top and len(office.plan_ids) > 1:  # its folder is the whole drive, the other places' too
        _log.warning("no share for the office of %s: it has no drive_folder of its own", plan_id)
        return list(found.values())
    own = _user(f"{plan_id}._office")  # no agency's id begins like this
    title = f"{months[0].place}食药安办"
    return [*found.values(), AgencyShare(own, own, drive.root, title, writable=False)]


def _user(wanted: str) -> str:
    """Give a user's name as Linux takes it; one too long is cut and told apart by its hash."""
    if len(wanted) <= LONGEST:
        return wanted
    mark = hashlib.sha256(wanted.encode()).hexdigest()[:8]
    return f"{wanted[: LONGEST - len(mark) - 1]}-{mark}"
