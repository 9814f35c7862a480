"""Loading `ladder.yaml`, strictly: whatever is wrong is named with file and line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from include.errors import PlanError
from include.escalation.checks import faults
from include.escalation.ladder import Ladder
from include.plan.yaml_file import YamlFile, read_yaml


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
        raise PlanError("\n".join(_complaints(file, error))) from error
    except TypeError as error:  # a date, or another value a ladder never holds
        raise PlanError(f"{path}:1: {error}") from error
    found = [f"{file.at(loc)}: {fault}" for loc, fault in faults(ladder)]
    if found:
        raise PlanError("\n".join(found))
    return ladder


def _complaints(file: YamlFile, error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        loc = tuple(key for key in problem["loc"] if key != "[key]")
        yield f"{file.at(loc)}: {'.'.join(map(str, loc))}: {problem['msg']}"
