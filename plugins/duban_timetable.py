"""The working-day timetable: runs at given times of day, on Chinese working days, in Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count, islice
from typing import Any, cast
from zoneinfo import ZoneInfo

import pendulum
from airflow.plugins_manager import AirflowPlugin
from airflow.sdk.bases.timetable import BaseTimetable
from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction, Timetable

from include.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
_LOOK_AHEAD_DAYS = 60  # no holiday is longer; a calendar without any working day must not loop for ever


@cache
def _calendar() -> WorkCalendar:
    """Give the nation's calendar; what a plan overrides is for the use case to know, not for the bell."""
    return WorkCalendar()


class WorkingDays(Timetable):
    """Runs at `times` (`HH:MM`, Asia/Shanghai) on every working day.

    A first run waits for its time; after that, one missed run is made up as soon as the scheduler is back: a
    day's work must not wait for tomorrow because a machine was down.
    """

    def __init__(self, *times: str) -> None:
        if not times:
            raise ValueError("a working-day timetable needs at least one time of day, such as '09:00'")
        self.times = tuple(sorted(time.fromisoformat(text) for text in times))
        self.description = self.summary

    @property
    def summary(self) -> str:
        """Say in Chinese when it runs."""
        return "每个工作日 " + "、".join(f"{moment:%H:%M}" for moment in self.times)

    def serialize(self) -> dict[str, Any]:
        """Give what `deserialize` needs."""
        return {"times": [f"{moment:%H:%M}" for moment in self.times]}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> WorkingDays:
        """Build the timetable again."""
        return cls(*data["times"])

    def infer_manual_data_interval(self, *, run_after: pendulum.DateTime) -> DataInterval:
        """Give a manual run its own moment."""
        return DataInterval.exact(run_after)

    def next_dagrun_info(
        self, *, last_automated_data_interval: DataInterval | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """Give the next run; see `next_after` for which one."""
        last = last_automated_data_interval.start if last_automated_data_interval else None
        moment = self.next_after(last, restriction, datetime.now(SHANGHAI))
        return None if moment is None else DagRunInfo.exact(pendulum.instance(moment).in_timezone("UTC"))

    def next_after(
        self, last: datetime | None, restriction: TimeRestriction, now: datetime
    ) -> datetime | None:
        """Find the moment of the next run, given the last one and now.

        Without catch-up and without a last run it lies in the future; with a last run it is the latest one
        missed, else the next one. None where the DAG has no start or has ended.
        """
        if restriction.earliest is None:
            return None
        if last is None:
            moment = self._first(
                restriction.earliest if restriction.catchup else max(restriction.earliest, now)
            )
        else:
            moment = self._first(last + timedelta(seconds=1))
            if not restriction.catchup:
                moment = max(moment, self._latest(now) or moment) if moment else moment
        if moment is None or (restriction.latest is not None and moment > restriction.latest):
            return None
        return moment

    def _first(self, at: datetime) -> datetime | None:
        """Give the first moment at or after `at`."""
        days = islice((at.astimezone(SHANGHAI).date() + timedelta(days=n) for n in count()), _LOOK_AHEAD_DAYS)
        return next((moment for day in days for moment in self._moments(day) if moment >= at), None)

    def _latest(self, at: datetime) -> datetime | None:
        """Give the last moment at or before `at`."""
        days = islice((at.astimezone(SHANGHAI).date() - timedelta(days=n) for n in count()), _LOOK_AHEAD_DAYS)
        return next((m for day in days for m in reversed(list(self._moments(day))) if m <= at), None)

    def _moments(self, day: date) -> Iterator[datetime]:
        """Give the moments of one day, in order; none on a day off."""
        if _calendar().is_workday(day):
            yield from (datetime.combine(day, moment, SHANGHAI) for moment in self.times)


def working_days(*times: str) -> BaseTimetable:
    """Give a schedule for a DAG: `times` (`HH:MM`) on every working day.

    Airflow takes a scheduler-side timetable where a DAG names its schedule; only its type hints say no.
    """
    return cast("BaseTimetable", WorkingDays(*times))  # pyright: ignore[reportAbstractUsage]


class DubanTimetablePlugin(AirflowPlugin):
    """Registers the timetable with Airflow."""

    name = "duban_timetable"
    timetables = [WorkingDays]
