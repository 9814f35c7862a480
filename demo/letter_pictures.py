"""`python -m demo.letter_pictures`: a page picture of every document, into `docs/pictures`."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from PIL import Image

from demo.setting import CARELESS, LAGGING, PLAN, SILENT, YEAR, set_stage
from include.documents.letters import write_letter
from include.documents.pdf import to_pdf
from include.escalation import (
    ChaserOrder,
    LetterOrder,
    Matter,
    compose,
    compose_chaser,
    correct,
    dated,
)
from include.office.desk import Office
from include.plan import Period
from include.records.escalation import LetterContent, Track
from include.settings import ROOT, Settings

PICTURES = ROOT / "docs" / "pictures"
_ON, _MONTH = date(YEAR, 9, 9), Period(YEAR, 8)
_DPI = "60"


def main() -> None:
    """Compose, render and photograph every document."""
    with tempfile.TemporaryDirectory() as scratch:
        office = set_stage(Settings(home=Path(scratch) / "home"))
        letters = samples(office)
        documents = [write_letter(content, unsealed=True) for content in letters.values()]
        for name, pdf in zip(letters, to_pdf(documents, home=Path(scratch)), strict=True):
            if pdf is None:
                raise SystemExit("LibreOffice (soffice) is needed for the pictures")
            _picture(pdf, Path(scratch)).save(PICTURES / f"letter-{name}.png", optimize=True)
            sys.stdout.write(f"docs/pictures/letter-{name}.png\n")
        office.store.close()


def samples(office: Office) -> dict[str, LetterContent]:
    """Give one made-up letter of each kind, numbered and dated, by name."""
    plan = office.plan(PLAN, _MONTH)
    overdue = Matter(
        Track.REPORTING,
        "reporting",
        "月度报送",
        "",
        "",
        None,
        ("2024年8月报表报送截止日为2024年9月6日，至2024年9月9日仍未收到，已逾期1个工作日。",),
        (("2024年8月", "2024年9月6日18:00", "未报"),),
    )
    stalls = plan.indicator("demo-stalls")
    clause = plan.clause(stalls.clause)
    lagging = Matter(
        Track.PROGRESS,
        stalls.id,
        stalls.name,
        clause.id,
        clause.title,
        clause.text,
        ("2024年8月进度亮红灯，符合“指标亮红灯”的督办条件。",),
        ((stalls.name, ">=120个", "80个", "44个", "红", "演示乙局（虚构）2024年8月第1次报送“指标”表F6"),),
    )
    risk = Matter(
        Track.MAJOR_RISK,
        "risk-1",
        "演示冷库温控失灵（虚构）",
        "",
        "",
        None,
        ("符合“重大风险隐患”的督办条件。",),
        (("演示冷库温控失灵（虚构）", "2024年9月3日", "库温长时间高于规定，涉及校园配送食材。"),),
    )

    def letter(
        n: int, step: str, agency: str, *matters: Matter, earlier: tuple[str, ...] = ()
    ) -> LetterContent:
        people = office.people(PLAN)
        order = LetterOrder(
            plan=plan,
            agency_id=agency,
            step=step,
            round=1,
            period=_MONTH,
            matters=matters,
            ladder=office.ladder(PLAN),
            calendar=office.calendar(PLAN),
            as_of=_ON,
            contact=people.office_contact,
            signatory=plan.office_name,
            copies_to=("演示市政府办公室（虚构）",) if step == "listing" else (),
            handling_mark=office.settings.handling_mark,
            demo=plan.demo,
            earlier=earlier,
        )
        issued = replace(compose(order), number=f"演示〔{YEAR}〕{n}号", signed_on=_ON)
        return dated(issued, _ON, office.calendar(PLAN), "签发当日送达的，")

    reminder = letter(1, "reminder", SILENT, overdue)
    careless = plan.agency(CARELESS).name
    before = (f"演示〔{YEAR}〕1号（2024年8月9日）",)
    correction = correct(reminder, [("已逾期1个工作日", "已逾期2个工作日")], "工作日计算有误")
    return {
        "chaser": compose_chaser(
            ChaserOrder(
                plan=plan,
                agency=careless,
                period=_MONTH,
                due="2024年9月6日18:00",
                returned=False,
                folders={kind: f"责任单位/{careless}/{kind}" for kind in ("待报", "报送", "回执")},
                on=date(YEAR, 9, 6),
                signatory=plan.office_name,
                contact=office.people(PLAN).office_contact,
                handling_mark=office.settings.handling_mark,
            )
        ),
        "reminder": reminder,
        "liaison": letter(2, "reminder", "court", overdue),
        "rectification": letter(3, "rectification", LAGGING, lagging, earlier=before),
        "interview": letter(4, "interview", LAGGING, lagging, earlier=before),
        "listing": letter(5, "listing", LAGGING, risk),
        "lifting": letter(6, "lifting", LAGGING, risk, earlier=before),
        "correction": replace(correction, number=f"演示〔{YEAR}〕7号", signed_on=_ON),
    }


def _picture(pdf: bytes, scratch: Path) -> Image.Image:
    """Put the pages of a PDF side by side."""
    command = ["pdftoppm", "-r", _DPI, "-png", "-", str(scratch / "page")]
    subprocess.run(command, input=pdf, check=True)  # noqa: S603
    files = sorted(scratch.glob("page*.png"))
    pages = [Image.open(io.BytesIO(file.read_bytes())).convert("RGB") for file in files]
    for file in files:
        file.unlink()
    gap = 8
    width = sum(page.width for page in pages) + gap * (len(pages) - 1)
    whole = Image.new("RGB", (width, max(page.height for page in pages)), (210, 210, 210))
    left = 0
    for page in pages:
        whole.paste(page, (left, 0))
        left += page.width + gap
    return whole


if __name__ == "__main__":
    main()
