"""An official at LibreOffice: fills the template in, corrects the receipt in place, and both are accepted."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from openpyxl import load_workbook

from demo.setting import PLAN
from include.office import collect_returns, open_period
from include.plan import Period
from include.records.submissions import SubmissionState
from include.returns.layout import layout_for
from include.store import returns
from tests.integration.office.conftest import Stage
from tests.needs import ROOT

DATABASES = ("sqlite",)
PERIOD, SCRIPT = Period(2024, 1), ROOT / "tests/corpus/type_in_libreoffice.py"
Step = Sequence[str]


def typed(soffice: Path, source: Path, target: Path, steps: Sequence[Step], folder: Path) -> list[str]:
    """Let LibreOffice open a workbook, do the steps and save it; gives what was looked at.

    It works on its own machine (`folder`, a scratch folder), as an official does, and drops the result.
    """
    work, saved = folder / "work.xlsx", folder / "saved.xlsx"
    shutil.copyfile(source, work)
    command = ["/usr/bin/python3", str(SCRIPT), str(soffice), str(work), str(saved), json.dumps(steps)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    shutil.copyfile(saved, target)
    return json.loads(done.stdout)


def typing(template: Path, filled: Path) -> list[Step]:
    """Give what must be typed to make one workbook of the other."""
    old, new = load_workbook(template), load_workbook(filled)
    cells = [(sheet.title, cell) for sheet in new for row in sheet.iter_rows() for cell in row]
    changed = [(title, c) for title, c in cells if c.value not in (None, "", old[title][c.coordinate].value)]
    return [(title, c.coordinate, str(c.value)) for title, c in changed]


def changed_yet(receipt: Path) -> str:
    """Give the first cell below 改了没有."""
    cells = (cell for row in load_workbook(receipt)["回执"].iter_rows() for cell in row)
    return next(cell.offset(1).coordinate for cell in cells if cell.value == "改了没有")


def states(stage: Stage) -> list[str]:
    with stage.office.store.reading() as connection:
        return [row.state for row in returns.submissions(connection, PLAN)]


def test_filled_in_and_corrected_by_libreoffice_it_is_accepted(
    stage: Stage, need: Callable[[str], Path], tmp_path: Path
) -> None:
    stage.at("2024-01-31T08:30")
    open_period.run(office=stage.office)
    stage.at("2024-02-02T11:00")
    template = stage.folder("education", "待报") / "2024-01 填报模板.xlsx"
    model = stage.agency("education").file(PERIOD).rename(tmp_path / "model.xlsx")
    layout = layout_for(stage.office.plan(PLAN, PERIOD), "education", PERIOD)
    table = layout.indicators
    assert table
    row = next(row for row in table.rows if row.role("numerator") and row.due)
    top, bottom, check = (table.ref(row, column) for column in ("numerator", "denominator", "check"))
    signed_by = layout.cover.field("signed_by").ref
    rest = [step for step in typing(template, model) if step[1] != signed_by]
    trying = [
        (table.title, check), (table.title, top, "120"), (table.title, check),
        (table.title, bottom, "96"), (table.title, check), (table.title, "A3"),
    ]  # fmt: skip
    inbox = stage.folder("education", "报送")
    steps = [*trying, *rest, (table.title, check), (table.title, "A3"), ("封面", "C15")]
    shown = typed(need("soffice"), template, inbox / "填好.xlsx", steps, tmp_path)
    assert shown[:3] == ["缺：分子、分母", "缺：分母", "分子大于分母"]
    assert "请核对 1 处" in shown[3]
    assert shown[4:6] == ["√", "√ 本表已填好"]
    assert shown[6] == "缺：审核签发人"
    collect_returns.run(office=stage.office)
    assert states(stage) == [SubmissionState.RETURNED]
    (receipt,) = stage.folder("education", "回执").glob("*退回*.xlsx")
    watched = ("回执", changed_yet(receipt))
    steps = [watched, ("封面", signed_by, "演示签发人"), watched]
    before, after = typed(need("soffice"), receipt, inbox / receipt.name, steps, tmp_path)
    assert (before, after) == ("未改", "√ 已改动")
    collect_returns.run(office=stage.office)
    assert states(stage) == [SubmissionState.RETURNED, SubmissionState.ACCEPTED]
