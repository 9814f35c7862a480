"""A small made-up county, and what its five agencies drop in a month."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import Row

from demo.filling import fill
from demo.setting import people
from include.office import clock
from include.office.desk import Office, open_office
from include.office.new_plan import found
from include.office.numbering import give_numbers
from include.plan import Agency, Period
from include.records.figures import Role
from include.returns.layout import layout_for
from include.returns.template import template_name
from include.settings import Settings
from include.store import returns
from include.workdays import SHANGHAI

PLAN, PERIOD, PREFIX = "xuxian-2024", Period(2024, 1), "虚食药安办函"
MARKET, SCHOOLS, FARMS, POLICE, CIVIL = (
    "market-regulation",
    "education",
    "agriculture",
    "public-security",
    "civil-affairs",
)
DEPUTY = "office-deputy"
_AGENCIES = [[f"虚县{name}"] for name in ("市场监管局", "教育局", "农业农村局", "公安局", "民政局")]
_INDICATORS = [
    ["指标", "计量单位", "目标值", "报送单位", "任务"],
    ["食品抽检量", "批次", 120, "虚县市场监管局", "抽检监测"],
    ["农产品监测", "批次", 120, "虚县农业农村局", "抽检监测"],
    ["学校食堂检查", "家次", 120, "虚县教育局", "校园食品"],
]
_REPORTED = {MARKET: 12, SCHOOLS: 11, FARMS: 2}  # ten were to be reached: the farms lag behind


@dataclass
class County:
    """An installation with the county's plan, people and numbers; what stands on its drive."""

    office: Office
    drafts: dict[tuple[str, str], bytes] = field(default_factory=dict[tuple[str, str], bytes])

    @property
    def diary(self) -> Path:
        """Where a step taken in a process of its own says how it ended."""
        return self.office.settings.plans_dir.parent / "diary"

    def at(self, moment: str) -> datetime:
        """Set the office clock, standing still."""
        now = clock.parse(moment).astimezone(SHANGHAI)
        clock.start(self.office.settings, now, stopped=True)
        return now

    def agency(self, agency_id: str) -> Agency:
        return self.office.plan(PLAN, PERIOD).agency(agency_id)

    def folder(self, agency_id: str, kind: str) -> Path:
        return self.office.drive_of(PLAN).agency_folder(self.agency(agency_id).name, kind)

    def files(self, agency_id: str, kind: str) -> list[str]:
        """Give the names of the files in an agency's folder."""
        return sorted(file.name for file in self.folder(agency_id, kind).iterdir() if file.is_file())

    def submissions(self) -> Sequence[Row[Any]]:
        """Give what was taken, in order of arrival."""
        with self.office.store.reading() as connection:
            return returns.submissions(connection, PLAN)

    def filled(self, agency_id: str, fault: str = "") -> bytes:
        """Fill the agency's template in: well, or with an `unsigned` cover; once for each county of a run."""
        if (agency_id, fault) not in self.drafts:
            layout = layout_for(self.office.plan(PLAN, PERIOD), agency_id, PERIOD)
            template = (self.folder(agency_id, "待报") / template_name(PERIOD)).read_bytes()
            figures = {
                (row.key, role): _REPORTED[agency_id]
                for row in (layout.indicators.rows if layout.indicators else ())
                for _, role in row.figures
                if role in (Role.MONTH, Role.CUMULATIVE)
            }
            said = {
                row.key: ("正常推进", f"一月完成{row.key}的有关工作（虚构）。", "", "继续推进")
                for row in (layout.progress.rows if layout.progress else ())
            }
            cover = {"signed_by": ""} if fault == "unsigned" else None
            self.drafts[agency_id, fault] = fill(template, layout, figures, said, cover=cover)
        return self.drafts[agency_id, fault]

    def drop(self, agency_id: str, kind: str, name: str, data: bytes) -> None:
        """Put a file into an agency's folder as a program does: beside the place, then renamed."""
        part = self.folder(agency_id, kind) / f".{uuid.uuid4().hex[:8]}.part"
        part.write_bytes(data)
        part.replace(part.with_name(name))

    def file(self, agency_id: str, fault: str = "") -> None:
        """Drop the agency's return."""
        name = f"2024-01 {self.agency(agency_id).name}{fault}.xlsx"
        self.drop(agency_id, "报送", name, self.filled(agency_id, fault))


def settings_for(folder: Path, **more: Any) -> Settings:
    """Give the settings of an installation in a folder."""
    usual = {"stable_seconds": 0, "delivery_counts_as_served": True, "least_free_mb": 0}
    return Settings(home=folder / "home", plans_dir=folder / "plans", **(usual | more))


def found_county(of: Settings, drafts: dict[tuple[str, str], bytes] | None = None) -> County:
    """Found the county's plan as an administrator would, and open its office on 2024-01-31 at 08:00."""
    of.plans_dir.mkdir(parents=True)
    tables = of.plans_dir.parent
    lists = (
        _table(tables / name, rows)
        for name, rows in (("单位.csv", [["名称"], *_AGENCIES]), ("指标.csv", _INDICATORS))
    )
    plan = found(PLAN, "虚县", agencies=next(lists), indicators=next(lists), of=of)
    paths = plan / "indicators.yaml"
    paths.write_text(paths.read_text("utf-8").replace("confirmed: false", "confirmed: true"), "utf-8")
    office = open_office(of)
    county = County(office, {} if drafts is None else drafts)
    county.at("2024-01-31T08:00")
    with of.people_file.open("w", encoding="utf-8") as file:
        YAML().dump({PLAN: people(office, PLAN)}, file)
    give_numbers(PLAN, PREFIX, 2024, 1, 50, user="administrator", office=office)
    return county


def _table(file: Path, rows: list[list[Any]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return file
