"""What stands in this installation, told without opening it: loading a DAG asks, and must stay light."""

from __future__ import annotations

from include.settings import settings


def plans() -> list[str]:
    """Give the ids of the plans, the broken ones too."""
    from include.plan import list_plans  # noqa: PLC0415  a DAG that is only loaded needs none of it

    return list_plans(settings().plans_dir)


def signing_apart() -> tuple[str, ...]:
    """Give the plans whose letters are signed in a DAG of their own."""
    return settings().plans_apart
