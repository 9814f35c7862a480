"""The simulated agencies: each fills the real template of its folder and drops it where it belongs."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from demo import world
from demo.filling import fill
from demo.setting import CARELESS, PLAN
from include.office.desk import Office
from include.plan import Agency, Period, Plan
from include.records.figures import Role
from include.returns.layout import Layout, layout_for
from include.returns.template import template_name


class SimulatedAgency:
    """One agency at work."""

    def __init__(self, office: Office, agency: Agency, plan_id: str = PLAN) -> None:
        self.office = office
        self.agency = agency
        self.plan_id = plan_id

    def file(self, period: Period, *, careless: bool = False) -> Path:
        """Fill the month's template and drop it into 报送; `careless`: with faults an official would make."""
        plan = self.office.plan(self.plan_id, period)
        layout = layout_for(plan, self.agency.id, period)
        template = self._folder("待报") / template_name(period)
        filled = self._fill(plan, layout, period, template.read_bytes(), careless)
        suffix = "（改）" if self.agency.id == CARELESS and not careless else ""
        return self._drop(self._folder("报送"), f"{period} {self.agency.name}报表{suffix}.xlsx", filled)

    def reply(self, number: str, text: str) -> Path:
        """Answer a letter by a file in 回复."""
        return self._drop(self._folder("回复"), f"对{number}的回复.txt", text.encode("utf-8-sig"))

    def _fill(self, plan: Plan, layout: Layout, period: Period, template: bytes, careless: bool) -> bytes:
        figures: dict[tuple[str, Role], Any] = {}
        names: dict[str, list[tuple[str, str]]] = {}
        for row in layout.indicators.rows if layout.indicators else ():
            indicator = plan.indicator(row.key)
            if not row.due:
                continue
            known = world.figures_of(indicator, self.agency.id, period)
            for column, role in row.figures:
                if role in known and column != "result":
                    figures[row.key, role] = known[role]
            if row.named and (new := world.new_names(indicator, period)):
                names[row.key] = new
        statements = {
            row.key: world.statement_of(plan, row.key, self.agency.id, period)
            for row in (layout.progress.rows if layout.progress else ())
            if row.due
        }
        cover = {"signed_by": ""} if careless else None  # forgot the signature
        if careless:
            first = next(iter(statements))
            statements[first] = ("进度滞后", statements[first][1], "", "")  # lagging, and no word why
        return fill(template, layout, figures, statements, cover=cover, names=names)

    def _folder(self, kind: str) -> Path:
        return self.office.drive_of(self.plan_id).agency_folder(self.agency.name, kind)

    def _drop(self, folder: Path, name: str, content: bytes) -> Path:
        part = folder / f".{uuid.uuid4().hex[:8]}.part"
        part.write_bytes(content)
        return part.replace(folder / name)
