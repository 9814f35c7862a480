"""The year plan: nouns, strict loading, amendments, attached wording, people."""

from include.plan.access import resource_of
from include.plan.attached import AttachReport, attach_text
from include.plan.loading import PlanBook, list_plans, load_plan
from include.plan.model import Agency, Clause, Indicator, Plan
from include.plan.people import People, Person, load_people, people_file
from include.plan.period import Period
from include.plan.view import plan_hash, plan_json

__all__ = [
    "Agency",
    "AttachReport",
    "Clause",
    "Indicator",
    "People",
    "Period",
    "Person",
    "Plan",
    "PlanBook",
    "attach_text",
    "list_plans",
    "load_people",
    "load_plan",
    "people_file",
    "plan_hash",
    "plan_json",
    "resource_of",
]
