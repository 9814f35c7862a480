"""A made-up province: counties side by side in one installation, each with a plan and a folder of its own.

Every county's plan is the 2024 one under other names, with the demo's made-up agencies and one more: 25.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from demo.setting import PLAN, YEAR, amendment, people
from include.office.desk import Office
from include.office.numbering import give_numbers

AGENCIES = 25
_LAST = {"id": "demo-extra", "name": "演示戊局（虚构）", "order": 310, "made_up": True}


def county_id(number: int) -> str:
    """Give the plan id of a county: `county-07-2024`."""
    return f"county-{number:02d}-{YEAR}"


def write_county(plans_dir: Path, number: int, *, like: Path) -> str:
    """Write the plan folder of a county after the plan in the folder `like`; gives its id."""
    plan_id, place = county_id(number), f"演示{number:02d}县"
    folder = plans_dir / plan_id
    shutil.copytree(like, folder)
    _change(
        folder / "plan.yaml",
        {
            "id": plan_id,
            "place": place,
            "title": f"{YEAR}年{place}食品药品安全工作要点（虚构）",
            "office_name": f"{place}食品药品安全委员会办公室",
            "office_short": f"演{number:02d}食药安办",
            "commission_name": f"{place}食品药品安全委员会",
            "drive_folder": place,
        },
    )
    added = amendment()
    added["agencies"]["add"].append(_LAST)
    added["clauses"]["add"][0]["responsibilities"].append({"agency": _LAST["id"], "relation": "joint"})
    added["clauses"]["add"][0]["responsibilities"][0]["relation"] = "joint"
    (folder / "amendments").mkdir()
    with (folder / "amendments" / f"{YEAR}-01-demo.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(added, file)
    return plan_id


def people_province(office: Office) -> None:
    """Give every county made-up people, and numbers for its letters."""
    with office.settings.people_file.open("w", encoding="utf-8") as file:
        YAML().dump({plan_id: people(office, plan_id) for plan_id in office.plan_ids}, file)
    for plan_id in office.plan_ids:
        give_numbers(plan_id, "演示", YEAR, 1, 200, user="demo", office=office)


def _change(file: Path, values: dict[str, Any]) -> None:
    yaml = YAML()
    content = yaml.load(file.read_text(encoding="utf-8"))
    content.update(values)
    with file.open("w", encoding="utf-8") as opened:
        yaml.dump(content, opened)


SOURCE = PLAN  # the plan every county's is made after
