"""Loading `ladder.yaml`, strictly: whatever is wrong is named with file and line."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from include import foreign
from include.errors import PlanError
from include.escalation.checks import faults
from include.escalation.ladder import Ladder
from include.plan.yaml_file import read_yaml


def load_ladder(path: Path) -> Ladder:
    """Load a ladder.

    Raises:
        PlanError: an unknown key, step, rule, role or standing; a value of the wrong type; a standing without
            a cap; a ladder that can skip a step, loop or never end. It names every fault with file and line.
    """
    file = read_yaml(path)
    try:
        ladder = Ladder.model_validate_json(json.dumps(file.data))
    except ValidationError as error:
        told = (f"{file.at(loc)}：{foreign.dotted(loc)} {said}" for loc, said in foreign.faults(error))
        raise PlanError("\n".join(told)) from error
    except TypeError as error:  # a date, or another value a ladder never holds
        raise PlanError(f"{file.at()}：有一处写成了日期；递进措施里没有日期，改正或加引号") from error
    found = [f"{file.at(loc)}：{fault}" for loc, fault in faults(ladder)]
    if found:
        raise PlanError("\n".join(found))
    return ladder
