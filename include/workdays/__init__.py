"""Chinese working days and due dates, behind one interface."""

from include.workdays.calendar import SHANGHAI, WorkCalendar, moment
from include.workdays.overrides import load_calendar

__all__ = ["SHANGHAI", "WorkCalendar", "load_calendar", "moment"]
