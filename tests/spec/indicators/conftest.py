"""`year(kind="ratio", …)` gives a year of one indicator that differs in these fields from the usual one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.years import Year, indicator


@pytest.fixture
def year() -> Callable[..., Year]:
    return lambda **changes: Year(indicator(**changes))
