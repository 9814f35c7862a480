"""What a place's permission is called where users and roles are kept: one name a plan.

Reading it lets a user see the plan on the board and in the API, editing it lets them record decisions there.
"""

from __future__ import annotations


def resource_of(plan_id: str) -> str:
    """Give the resource name of a plan: `Duban:pinghu-2024`."""
    return f"Duban:{plan_id}"
