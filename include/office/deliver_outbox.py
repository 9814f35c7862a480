"""Use case `deliver`: mail, and whatever the other use cases left for the drive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from include.office.desk import Office, open_office, selected
from include.office.outbox import drain_drive, send_mail
from include.store.leases import lease


def run(plan: str | None = None, now: datetime | str | None = None, *, office: Office | None = None) -> dict[str, Any]:
    """Empty the outbox of every plan (or one); gives counts by plan."""
    office = office or open_office()
    moment = office.now(now)
    done: dict[str, Any] = {}
    for plan_id in selected(office, plan):
        with lease(office.store, plan_id, "deliver"):
            written = drain_drive(office, plan_id, moment)
            done[plan_id] = {"drive": written, **send_mail(office, plan_id, moment)}
    return done
