"""Use case `plan new`: the folder of another place's plan, sound from the start."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

from include.errors import PlanError, RefusedError
from include.escalation import load_ladder
from include.files.atomic import write_private, write_whole
from include.office.plan_tables import guess, read_agencies, read_indicators
from include.plan import Period, attach_text, load_plan, people_file
from include.plan.attached import read_document
from include.plan.founding import (
    Founding,
    NewAgency,
    Outline,
    is_collective,
    people_section,
    plan_files,
)
from include.plan.model import Standing
from include.plan.official_text import headings, split_text
from include.settings import Settings, settings
from include.workdays import load_calendar

_PLAN_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*-(20\d\d)")
_LEVELS = "市县区旗州"
_USUAL = (
    "教育局",
    "民政局",
    "卫生健康局",
    "农业农村局",
    "公安局",
    "生态环境分局",
    "商务局",
    "文旅局",
    "财政局",
)


def found(
    plan_id: str,
    place: str,
    *,
    host: str = "",
    short: str = "",
    agencies: Path | None = None,
    indicators: Path | None = None,
    text: Path | None = None,
    of: Settings | None = None,
) -> Path:
    """Make the plan folder, and its section of `people.yaml`; gives the folder.

    Args:
        plan_id: `haiyan-2027`: a name and the plan's year.
        place: 海盐县.
        host: the agency the office sits in; by default 县市场监管局.
        short: the office's short name, which its letters are numbered under; by default after the place.
        agencies: a table of the member agencies; without one, the usual ones.
        indicators: a table of the numeric targets; without one, none.
        text: the published document: its clauses and who is responsible for each become the plan's, and it is
            attached; without one, a clause for each task of the indicators.
        of: the installation; the environment's if none is given.

    Raises:
        RefusedError: the id is not of the form, or the plan is there already.
        PlanError: a table that cannot be used, with every fault's cell.
    """
    of = of or settings()
    named = _PLAN_ID.fullmatch(plan_id)
    if named is None:
        raise RefusedError(f"“{plan_id}”不能作编号；应为名称加年度，如 haiyan-2027")
    if not re.fullmatch(r"[^\W\d_]{2,20}", place):
        raise RefusedError(f"“{place}”不是地名；应如 海盐县")
    folder = of.plans_dir / plan_id
    if folder.exists():
        raise RefusedError(f"{folder} 已经存在，没有改动；可用 duban plan check {plan_id} 检查")
    outline = _outline(text) if text else None
    members = _members(place, host, _listed(read_agencies(agencies) if agencies else (), outline))
    targets = read_indicators(indicators, members) if indicators else ()
    if outline and (strange := [t.task for t in targets if t.task and t.task not in _ids(outline)]):
        raise PlanError(
            f"{indicators}：“任务”一栏写的是{'、'.join(strange)}；"
            f"应为 {text} 里的任务编号，如 {outline.clauses[0].id}，或留空"
        )
    new = Founding(plan_id, int(named[2]), place, short or f"{place[0]}食药安办", members, targets, outline)
    _write(folder, plan_files(new))
    if text:
        attach_text(load_plan(folder).at(Period(new.year, 1)), of.plan_home(plan_id), text)
    _name_people(of, new)
    return folder


def _outline(text: Path) -> Outline:
    """Take a published document apart. Raises: PlanError where nothing in it reads as a clause."""
    document = read_document(text)
    clauses = tuple(split_text(document))
    if not clauses:
        raise PlanError(
            f"{text}：没有找到任务；应有“一、”“1.”这样的编号，括号里写责任单位，核对是不是这份文件"
        )
    return Outline(*headings(document), clauses)


def _ids(outline: Outline) -> set[str]:
    return {clause.id for clause in outline.clauses}


def _listed(table: tuple[NewAgency, ...], outline: Outline | None) -> tuple[NewAgency, ...]:
    """Give the agencies of a table, and behind them whoever the document names besides."""
    found = {agency.id: agency for agency in table}
    named = (name for clause in outline.clauses for name, _ in clause.responsible) if outline else ()
    for n, name in enumerate(dict.fromkeys(named), 1):
        if not is_collective(name) and name not in [agency.name for agency in found.values()]:
            agency = guess(name, f"of-text-{n:02d}", taken=found)
            found[agency.id] = agency
    return tuple(found.values())


def _members(place: str, host: str, listed: tuple[NewAgency, ...]) -> tuple[NewAgency, ...]:
    """Give the agencies of a place: those listed or the usual ones, with its office and the office's host."""
    level = place[-1] if place[-1] in _LEVELS else ""
    if not listed:
        names = [f"{level}食药安办", host or f"{level}市场监管局", *(f"{level}{name}" for name in _USUAL)]
        listed = tuple(guess(name, f"agency-{n:02d}", {}) for n, name in enumerate(names, 1))
    standing = next((a.name for a in listed if a.standing is Standing.HOST), "")
    host = host or standing or next((a.name for a in listed if a.id == "market-regulation"), "")
    if host and host not in [a.name for a in listed]:
        listed = (guess(host, "host", {a.id: a for a in listed}), *listed)
    return tuple(replace(a, standing=Standing.HOST) if a.name == host else a for a in listed)


def _write(folder: Path, files: dict[str, str]) -> None:
    """Write beside the place, load it strictly, and only then put it there: no plan is ever half there."""
    beside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    made = beside / folder.name
    try:
        for name, text in files.items():
            write_whole(made / name, text.encode())
        load_plan(made)
        load_ladder(made / "ladder.yaml")
        load_calendar(made / "overrides.yaml")
        made.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _name_people(of: Settings, new: Founding) -> None:
    """Add the plan's section to `people.yaml`, behind what stands there; one that is there stays as it is."""
    file = of.people_file
    if file.exists() and file.read_text(encoding="utf-8").strip():
        if people_file(file, new.plan_id):
            return
        text = file.read_text(encoding="utf-8").rstrip("\n") + "\n"
    else:
        text = "# 人员：各单位联系人、领导、管理员、签发人，允许收信的地址。不要放进代码仓库。\n"
    write_private(file, f"{text}{people_section(new)}".encode())
