"""People (`DUBAN_HOME/people.yaml`, never in git): contacts, leaders, approvers, and where mail may go.

pinghu-2024:
  contacts:
    education: [{name: …, role: 经办人, email: …, from: 2024-01-01, until: null}]
  leaders: [{name: …, email: …}]
  administrators: [{name: …, email: …}]   # who gets the alarms
  approvers: {office-deputy: [user], office-head: [user], commission: [user]}
  mail_allowed: [county.example]        # addresses or domains
  copies: {listing: [市政府办公室, finance, 分管领导]}   # 抄送 by step: bodies, agency ids
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from include.errors import SettingsError
from include.foreign import dotted, faults
from include.plan.yaml_file import YamlFile, text_of, yaml_of

SUPERVISOR = "分管领导"


class Person(BaseModel):
    """Somebody with an address, for a time."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str
    role: str = ""  # 经办人, B岗, 科室负责人, 分管领导
    email: str = ""
    phone: str = ""
    valid_from: date | None = Field(default=None, alias="from")
    until: date | None = None

    def serves(self, on: date) -> bool:
        """Tell whether the entry is valid on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.until is None or on <= self.until)


class People(BaseModel):
    """The people of one plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contacts: dict[str, tuple[Person, ...]] = {}
    leaders: tuple[Person, ...] = ()
    administrators: tuple[Person, ...] = ()
    approvers: dict[str, tuple[str, ...]] = {}
    mail_allowed: tuple[str, ...] = ()
    copies: dict[str, tuple[str, ...]] = {}  # by step; SUPERVISOR stands for the agency's own
    signatory: str = ""  # who letters are signed for, if not the office's full name
    office_contact: str = ""  # 联系人、电话 on letters

    def contacts_of(self, agency_id: str, on: date) -> tuple[Person, ...]:
        """Give an agency's contacts valid on a day."""
        return tuple(p for p in self.contacts.get(agency_id, ()) if p.serves(on))

    def working_contacts_of(self, agency_id: str, on: date) -> tuple[Person, ...]:
        """Give who an agency's mail goes to: all but the leader over it, who gets what is copied to them."""
        return tuple(p for p in self.contacts_of(agency_id, on) if p.role != SUPERVISOR)

    def supervisors_of(self, agency_id: str, on: date) -> tuple[Person, ...]:
        """Give the leader over an agency (分管领导)."""
        return tuple(p for p in self.contacts_of(agency_id, on) if p.role == SUPERVISOR)

    def may_sign(self, user: str, role: str) -> bool:
        """Tell whether an Airflow user holds an approver role."""
        return user in self.approvers.get(role, ())

    def may_receive(self, address: str) -> bool:
        """Tell whether marked mail may go to an address."""
        allowed = {entry.lower() for entry in self.mail_allowed}
        return not allowed.isdisjoint({address.lower(), address.rpartition("@")[2].lower()})


# A line at the margin that begins a place's part. A field's name there is a slip of the place above.
_FIELDS = "|".join(People.model_fields)
_PLACE = re.compile(rf"""(?!["']?({_FIELDS})["']?\s*:)["']?([^\s#"'\-}}\]][^:"']*)["']?\s*:""")


def load_people(path: Path, plan_id: str) -> People:
    """Read the people of a plan; nobody if there is no file or it does not name the plan.

    Raises:
        PlanError: its part of the file cannot be read.
        SettingsError: every entry that is not of the form, with file and line.
    """
    file = people_file(path, plan_id)
    if file is None:
        return People()
    content: Any = file.data[plan_id] or {}
    try:
        return People.model_validate(content)
    except ValidationError as error:
        told = (f"{file.at([plan_id, *loc])}：{dotted(loc)} {said}" for loc, said in faults(error))
        raise SettingsError("\n".join(told)) from error


def people_file(path: Path, plan_id: str) -> YamlFile | None:
    """Read a plan's part of the file, which other places write in, too: what they do wrong stops only them.

    Gives a mapping whose only key is the plan, with the lines of the file; None if it does not name the plan.

    Raises:
        PlanError: the part is not YAML, or an entry stands at the margin.
    """
    if not path.exists():
        return None
    own, keep = list[str](), False
    for line in text_of(path).split("\n"):
        if place := _PLACE.match(line):
            keep = place[2].strip() == plan_id
        own.append(line if keep else "")  # so that every line keeps its number
    if not any(own):
        return None
    file = yaml_of(path, "\n".join(own))
    file.only(plan_id)
    return file
