"""Setting the stage: a fresh `DUBAN_HOME` with the demo's amendment, people, numbers and clock."""

from __future__ import annotations

import shutil
from datetime import datetime
from io import BytesIO
from typing import Any

from ruamel.yaml import YAML

from include.errors import SettingsError
from include.files.atomic import write_private
from include.office import clock
from include.office.desk import Office, open_office
from include.office.numbering import give_numbers
from include.plan import Period
from include.settings import Settings
from include.workdays import SHANGHAI

PLAN = "pinghu-2024"
YEAR = 2024
BEGINS_AT = datetime(2024, 1, 31, 8, 0, tzinfo=SHANGHAI)
ENDS_AT = datetime(2024, 9, 3, 9, 0, tzinfo=SHANGHAI)
DOMAIN = "demo.invalid"  # .invalid never resolves: nothing can arrive there
SILENT, LAGGING, LATE, CARELESS = "demo-silent", "demo-lagging", "demo-late", "demo-careless"

_MARK = "demo.txt"
_BASELINES = {
    "school-canteen-grade-a": 32,
    "eldercare-canteen-grade-b": 41,
    "elderly-canteen-licensed": 88,
    "sunshine-delivery": 6,
    "key-subjects-on-chain": 61,
    "key-varieties-on-chain": 64,
}
_POPULATION = 680_000
_MADE_UP = {
    SILENT: "演示甲局（虚构）",
    LAGGING: "演示乙局（虚构）",
    LATE: "演示丙局（虚构）",
    CARELESS: "演示丁局（虚构）",
}


def set_stage(of: Settings) -> Office:
    """Make the home anew and open its office.

    Raises:
        SettingsError: the home holds something that is not a demo's; it is left as it is.
    """
    if of.home.exists() and any(of.home.iterdir()) and not (of.home / _MARK).exists():
        raise SettingsError(f"{of.home} is no demo; set DUBAN_HOME to another folder")
    shutil.rmtree(of.home, ignore_errors=True)
    folder = of.plan_home(PLAN) / "amendments"
    folder.mkdir(parents=True)
    (of.home / _MARK).write_text("演示数据：可以随时删除本文件夹。\n", encoding="utf-8")
    write_private(of.home / "duban.env", b"DUBAN_DELIVERY_COUNTS_AS_SERVED=true\n")
    with (folder / f"{YEAR}-01-demo.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(amendment(), file)
    clock.start(of, BEGINS_AT, stopped=True)
    office = open_office(of)
    named = BytesIO()
    YAML().dump({PLAN: people(office)}, named)
    write_private(of.people_file, named.getvalue())
    give_numbers(PLAN, "演示", YEAR, 1, 200, user="demo", office=office)
    return office


def amendment() -> dict[str, Any]:
    """Add the made-up agencies with duties of their own; settle, for the demo, what the office has not."""
    return {
        "from": f"{YEAR}-01",
        "reason": "演示：增加虚构单位，假定基期和人口基数，确认时序进度",
        "plan": {"demo": True},
        "agencies": {
            "add": [
                {"id": agency, "name": name, "order": 300 + n, "made_up": True}
                for n, (agency, name) in enumerate(_MADE_UP.items())
            ]
        },
        "clauses": {"add": [_clause(n, agency) for n, agency in enumerate(_MADE_UP, 1)]},
        "indicators": {
            "add": [
                _indicator("demo-stalls", "6.92", "演示示范摊位（虚构）", "个", LAGGING),
                _indicator("demo-lessons", "6.94", "演示培训场次（虚构）", "场", CARELESS),
            ],
            "change": {
                **{key: {"baseline": value} for key, value in _BASELINES.items()},
                **{
                    key: {"population": _POPULATION}
                    for key in ("agri-quantitative-monitoring", "food-risk-samples")
                },
            },
            "confirm_paths": "all",
        },
    }


def _clause(n: int, agency: str) -> dict[str, Any]:
    return {
        "id": f"6.9{n}",
        "section": 1,
        "item": 6,
        "title": f"演示任务{n}（虚构）",
        "text_hash": None,
        "responsibilities": [{"agency": agency, "relation": "sole"}],
    }


def _indicator(id_: str, clause: str, name: str, unit: str, agency: str) -> dict[str, Any]:
    return {
        "id": id_,
        "clause": clause,
        "name": name,
        "kind": "count",
        "behaviour": "accumulate",
        "unit": unit,
        "comparator": ">=",
        "target": 120,
        "definition": f"演示用的虚构指标：本年{name}的累计数",
        "numerator": name,
        "answerable": agency,
        "sources": [agency],
        "path": {"basis": "value", "points": [10 * month for month in range(1, 13)], "confirmed": True},
    }


def people(office: Office, plan_id: str = PLAN) -> dict[str, Any]:
    """Give the made-up people of a plan, as `people.yaml` holds them."""
    plan = office.plan(plan_id, Period(YEAR, 1))
    return {
        "contacts": {
            agency.id: [{"name": f"演示联系人{n}", "role": "经办人", "email": f"{agency.id}@{DOMAIN}"}]
            for n, agency in enumerate(plan.filers, 1)
        },
        "leaders": [{"name": "演示领导", "email": f"leader@{DOMAIN}"}],
        "administrators": [{"name": "演示管理员", "email": f"administrator@{DOMAIN}"}],
        "approvers": {role: [role] for role in ("office-deputy", "office-head", "commission")},
        "mail_allowed": [DOMAIN],
        "office_contact": "演示联系人，0573-00000000",
    }
