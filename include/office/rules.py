"""The one catalogue of rules: what the reader finds and what Great Expectations finds."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from include.expectations import RULES as CONTENT
from include.records.rules import Rule
from include.returns.rules import RULES as STRUCTURE


def catalogue() -> tuple[Rule, ...]:
    """Give every rule: of structure first, then of content."""
    return (*STRUCTURE, *CONTENT)


def catalogue_json() -> list[dict[str, Any]]:
    """Give the catalogue as plain JSON values."""
    return [{key: str(value) for key, value in asdict(rule).items()} for rule in catalogue()]
