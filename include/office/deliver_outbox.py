"""Use case `deliver`: mail, and what the other use cases left: for the drive, or signed and not rendered."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from include.files import AwayError
from include.office import alarms
from include.office.desk import Office, open_office
from include.office.health import waiting
from include.office.issuing import hand_over
from include.office.mailroom import read_bounces
from include.office.outbox import drain_drive
from include.office.outcome import Done, each_plan
from include.office.sending import send_waiting
from include.store import outbox


def run(
    plan: str | None = None,
    now: datetime | str | None = None,
    *,
    at_once: bool = False,
    office: Office | None = None,
) -> dict[str, Any]:
    """Empty the outbox of every plan (or one); see `each_plan`; `standing` is what still waits.

    `at_once` tries again what failed before and was put off: after hours without a mail server that is hours.
    """
    office = office or open_office()
    moment = office.now(now)

    def work(plan_id: str) -> Done:
        if at_once:
            with office.store.writing() as connection:
                outbox.hasten(connection, plan_id, moment)
        counts = {
            "drive": drain_drive(office, plan_id, moment),
            "letters": hand_over(office, plan_id, moment),
            **send_waiting(office, plan_id, moment),
        }
        return Done(details=counts, changed=any(counts.values()))

    read_bounces(office, moment)
    with suppress(AwayError):  # the alarms tell of it
        office.archive.copy_out()
    alarms.watch(office, moment, plan=plan)
    result = each_plan(office, plan, work, job="deliver")
    return result | {"standing": {plan_id: waiting(office, plan_id) for plan_id in result["plans"]}}
