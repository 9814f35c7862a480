"""A month's figures under the eye of the office: differences, objections, joint duties, rules on trial."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from include.office.board.views import (
    ChecksView,
    DifferenceView,
    JointDutyView,
    NoticedView,
    ObjectionView,
    OwnerView,
    ReportedView,
)
from include.office.desk import Office
from include.office.joint_duties import joint_duties
from include.office.objections import objections
from include.office.reconciling import differences
from include.office.rules import catalogue
from include.plan import Period
from include.records.findings import Severity
from include.store import returns


def checks(office: Office, plan_id: str, period: Period, now: datetime) -> ChecksView:
    """Give what has to be looked at in a month's figures before they are published."""
    month = str(period)
    with office.store.reading() as connection:
        noticed = returns.findings(connection, plan_id, period, Severity.BETA, arrived_by=now)
    titles = {rule.id: rule.title for rule in catalogue()}
    return ChecksView(
        period=month,
        differences=tuple(_difference(d) for d in differences(plan_id, month, now=now, office=office)),
        objections=tuple(_objection(o) for o in objections(plan_id, month, now=now, office=office)),
        joint_duties=tuple(_joint(j) for j in joint_duties(plan_id, month, office=office)),
        noticed=tuple(_noticed(office, plan_id, period, row, titles) for row in noticed),
    )


def _difference(one: dict[str, Any]) -> DifferenceView:
    return DifferenceView(
        figure=one["figure"],
        indicator_id=one["indicator"],
        indicator=one["name"],
        role_name=one["role_name"],
        reported=tuple(
            ReportedView(agency_id=f["agency"], agency=f["name"], figure=f["figure"]) for f in one["figures"]
        ),
        settlement=one["settlement"],
        counts=one["counts"],
        decided=one["decision"] is not None,
    )


def _objection(one: dict[str, Any]) -> ObjectionView:
    named = {"agency_id": one["agency"], "agency": one["agency_name"], "indicator_id": one["indicator"]}
    same = ("id", "words", "raised_by", "raised_at", "in_time", "answer", "answered_by")
    return ObjectionView(**named, indicator=one["name"], **{name: one[name] for name in same})


def _joint(one: dict[str, Any]) -> JointDutyView:
    return JointDutyView(
        clause=one["clause"],
        title=one["title"],
        owners=tuple(
            OwnerView(agency_id=s["agency"], agency=s["name"], state=s["state"]) for s in one["states"]
        ),
        silent=tuple(one["silent"]),
    )


def _noticed(
    office: Office, plan_id: str, period: Period, row: Row[Any], titles: dict[str, str]
) -> NoticedView:
    return NoticedView(
        agency_id=row.agency_id,
        agency=office.agency(plan_id, row.agency_id, period).name,
        rule=titles.get(row.rule) or row.rule,
        place=f"{row.sheet} {row.ref}".strip(),
        message=row.message,
    )
