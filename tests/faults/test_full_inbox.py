"""Three hundred files in one inbox at once: all are answered, in order; others do not wait for all of it."""

from __future__ import annotations

from include.office import drop
from include.office.intake import MOST_AT_ONCE
from tests.faults.conftest import Found
from tests.faults.county import MARKET, SCHOOLS
from tests.faults.steps import STEPS

MANY = 300


def test_a_flood_is_answered_in_order_and_a_neighbour_after_one_part_of_it(found: Found) -> None:
    county = found()
    county.at("2024-01-31T08:30")
    STEPS["open"](county.office)
    county.at("2024-02-02T11:00")
    for n in range(MANY):  # what is no workbook is answered quickly; the order is the same
        county.drop(MARKET, "报送", f"{MANY - n:03d}.xlsx", f"no workbook {n}".encode())
    looks = [drop.signature(county.office.drive.root)]
    for run in range(1, MANY // MOST_AT_ONCE + 1):
        if run == 2:
            county.file(SCHOOLS)
        STEPS["collect"](county.office)
        looks.append(drop.signature(county.office.drive.root))
        assert len(county.files(MARKET, "回执")) == run * MOST_AT_ONCE
        assert len(county.files(SCHOOLS, "回执")) == (run >= 2)
    assert len({*looks}) == len(looks), "what is left in the folder is news: the trigger fires again"
    assert looks[-1] == ""
    flood = [row for row in county.submissions() if row.agency_id == MARKET]
    assert [row.original_name for row in flood] == [f"{MANY - n:03d}.xlsx" for n in range(MANY)]
    assert len({row.receipt_path for row in flood}) == MANY
