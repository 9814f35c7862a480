"""The work: one month of a made-up province, its returns filled in, one in twelve with a fault.

    python -m benchmarks.workload FOLDER 500

makes `FOLDER/plans`, `FOLDER/home` (the month opened, nothing filed) and the returns as
`FOLDER/filled/<plan>/<agency>/…xlsx`.
"""

from __future__ import annotations

import random
import shutil
import sys
from pathlib import Path
from typing import Any

from benchmarks.scene import MONTH, OPENED, settings_of
from demo import province, world
from demo.filling import fill
from include.office import clock, open_period
from include.office.desk import Office, open_office
from include.plan import Agency
from include.records.figures import Role
from include.returns.layout import Layout, layout_for
from include.settings import ROOT
from include.workdays import SHANGHAI

FAULTY = 12  # one workbook in so many
INBOX = "报送"


def make(folder: Path, size: int) -> None:
    """Make the work for `size` workbooks: counties of 25 agencies each."""
    shutil.rmtree(folder, ignore_errors=True)
    for number in range(1, size // province.AGENCIES + 1):
        province.write_county(folder / "plans", number, like=ROOT / "plans" / province.SOURCE)
    office = open_office(settings_of(folder))
    province.people_province(office)
    clock.start(office.settings, clock.parse(OPENED).astimezone(SHANGHAI), stopped=True)
    open_period.run(period=str(MONTH), office=office)
    dice = random.Random(f"duban/{size}")  # noqa: S311 - a simulation
    for plan_id in office.plan_ids:
        for agency in office.plan(plan_id, MONTH).filers:
            filled = folder / "filled" / plan_id / agency.id
            filled.mkdir(parents=True)
            book = _filled(office, plan_id, agency, faulty=dice.randrange(FAULTY) == 0)
            (filled / f"{MONTH} {agency.name}报表.xlsx").write_bytes(book)


def drop(folder: Path, office: Office) -> int:
    """Put every filled return into its agency's inbox, as the agencies do; gives how many."""
    files = sorted((folder / "filled").glob("*/*/*.xlsx"))
    for file in files:
        plan_id, agency_id = file.parts[-3:-1]
        agency = office.plan(plan_id, MONTH).agency(agency_id)
        shutil.copyfile(file, office.drive_of(plan_id).agency_folder(agency.name, INBOX) / file.name)
    return len(files)


def _filled(office: Office, plan_id: str, agency: Agency, *, faulty: bool) -> bytes:
    plan = office.plan(plan_id, MONTH)
    layout = layout_for(plan, agency.id, MONTH)
    template = office.drive_of(plan_id).agency_folder(agency.name, "待报") / f"{MONTH} 填报模板.xlsx"
    figures: dict[tuple[str, Role], Any] = {}
    names: dict[str, list[tuple[str, str]]] = {}
    for row in layout.indicators.rows if layout.indicators else ():
        if row.due:
            known = world.figures_of(plan.indicator(row.key), agency.id, MONTH)
            figures |= {(row.key, r): known[r] for c, r in row.figures if r in known and c != "result"}
            if row.named and (new := world.new_names(plan.indicator(row.key), MONTH)):
                names[row.key] = new
    said = {
        row.key: world.statement_of(plan, row.key, agency.id, MONTH)
        for row in (layout.progress.rows if layout.progress else ())
        if row.due
    }
    cover = _spoil(layout, figures, said) if faulty else None
    return fill(template.read_bytes(), layout, figures, said, cover=cover, names=names)


def _spoil(
    layout: Layout, figures: dict[tuple[str, Role], Any], said: dict[str, tuple[str, ...]]
) -> dict[str, str] | None:
    """Make one fault of the kinds officials make: a part above its whole, no reason, no signature."""
    ratios = [key for key, role in figures if role is Role.NUMERATOR]
    if ratios:
        figures[ratios[0], Role.NUMERATOR] = figures[ratios[0], Role.DENOMINATOR] + 3
        return None
    if said:
        first = next(iter(said))
        said[first] = ("进度滞后", said[first][1], "", "")
        return None
    return {"signed_by": ""}


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
