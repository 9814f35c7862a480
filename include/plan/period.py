"""A period (报送月份): the calendar month a return reports on."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_FORM = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One calendar month, written `2024-08`."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `YYYY-MM`.

        Raises:
            ValueError: the text is not a month in that form.
        """
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a period; expected YYYY-MM, such as 2024-08")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Period:
        """Give the month a day lies in."""
        return cls(day.year, day.month)

    @property
    def starts_on(self) -> date:
        """First day of the month."""
        return date(self.year, self.month, 1)

    @property
    def ends_on(self) -> date:
        """Last day of the month."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def shift(self, months: int) -> Period:
        """Give the period that many months later (earlier if negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Period(index // 12, index % 12 + 1)

    @property
    def previous(self) -> Period:
        """The month before."""
        return self.shift(-1)

    @property
    def next(self) -> Period:
        """The month after."""
        return self.shift(1)

    @property
    def label(self) -> str:
        """For users: `2024年8月`."""
        return f"{self.year}年{self.month}月"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
