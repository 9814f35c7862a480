"""A resolved plan as JSON, and its hash."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from include.plan.model import Indicator, Plan


def plan_json(plan: Plan) -> dict[str, Any]:
    """Give the resolved plan as JSON values: the head, `clauses`, `indicators`, `agencies`, `decisions`.

    An indicator's `path` holds twelve figures (null: nothing due yet) in the sense of `path_basis`.
    """
    content = plan.model_dump(mode="json", exclude={"agencies", "clauses", "indicators", "decisions"})
    return {
        **content,
        "clauses": [c.model_dump(mode="json") for c in plan.clauses],
        "indicators": [_indicator(i) for i in plan.indicators],
        "agencies": [a.model_dump(mode="json") for a in plan.agencies],
        "decisions": [d.model_dump(mode="json") for d in plan.decisions],
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    content = indicator.model_dump(mode="json")
    return {
        **content,
        "agencies": list(indicator.agencies),
        "target": _number(indicator.target),
        "baseline": _number(indicator.baseline),
        "population": _number(indicator.population),
        "path": [_number(p) for p in indicator.path.points],
        "path_basis": indicator.path.basis.value,
        "path_confirmed": indicator.path.confirmed,
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def plan_hash(plan: Plan) -> str:
    """Hash a resolved plan (sha256), the attached wording left out."""
    content = plan_json(plan)
    for clause in content["clauses"]:
        clause.pop("text")
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
