"""`duban plan show --json` prints the resolved plan."""

from __future__ import annotations

import json
from typing import Any

from include.plan import Period, plan_hash, plan_json


def test_the_resolved_plan_has_the_promised_keys_and_travels_as_json(folder: Any) -> None:
    shown = json.loads(json.dumps(plan_json(folder.load().at(Period(2030, 1)))))
    assert shown["clauses"][0].keys() >= {"id", "item", "title", "text", "responsibilities"}
    assert shown["clauses"][0]["responsibilities"][0] == {"agency": "market", "relation": "lead"}
    assert shown["indicators"][0].keys() >= {
        "id", "clause", "name", "kind", "comparator", "target", "unit", "behaviour", "path", "answerable",
        "sources", "combine", "cross_check", "agencies",
    }  # fmt: skip
    assert shown["indicators"][0]["target"] == 120
    assert shown["indicators"][0]["path"] == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100]
    assert shown["indicators"][0]["agencies"] == ["market", "farm"]
    assert [a["name"] for a in shown["agencies"]] == ["甲局", "乙局", "丙局", "各部门"]
    assert shown["decisions"][0]["status"] == "待确认"
    assert shown["duties_from"] == "2030-01"


def test_the_hash_changes_with_the_plan_and_with_nothing_else(folder: Any) -> None:
    first = plan_hash(folder.load().at(Period(2030, 1)))
    assert plan_hash(folder.load().at(Period(2030, 12))) == first
    folder.edit("indicators", "target: 120", "target: 120.0")
    assert plan_hash(folder.load().at(Period(2030, 1))) == first
    folder.edit("indicators", "target: 120.0", "target: 121")
    assert plan_hash(folder.load().at(Period(2030, 1))) != first
