"""Founding a plan: the folder of a new place, sound from the start, with 待确认 where the office must look.

The files are `starter/*.yaml` with Chinese comments for whoever fills them in; what is not known yet stands
in them as a default.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from string import Template

from include.plan.model import Behaviour, Comparator, Kind, Standing
from include.plan.official_text import OfficialClause

STARTER = Path(__file__).parent / "starter"
FILES = ("plan", "agencies", "clauses", "indicators", "decisions", "ladder", "overrides")
EVERYONE = "everyone"  # the collective every agency belongs to

_PLAIN = re.compile(r"[^\W\d_][\w（）“”、·]*")
_WORDS_OF_YAML = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
_BEHAVIOURS = {
    Kind.COUNT: Behaviour.ACCUMULATE,
    Kind.RATE: Behaviour.ACCUMULATE,
    Kind.STOCK: Behaviour.BUILD_UP,
    Kind.RATIO: Behaviour.BUILD_UP,
}


@dataclass(frozen=True, slots=True)
class NewAgency:
    """A member agency of a new plan."""

    id: str
    name: str
    standing: Standing = Standing.GOVERNMENT


@dataclass(frozen=True, slots=True)
class NewIndicator:
    """An indicator of a new plan; agencies by id. What is not given is filled in by the plan's defaults."""

    id: str
    name: str
    unit: str
    target: Decimal
    kind: Kind
    sources: tuple[str, ...]
    answerable: str
    cross_check: tuple[str, ...] = ()
    comparator: Comparator = Comparator.AT_LEAST
    task: str = ""  # 任务 it belongs to; its own if none is named
    definition: str = ""
    numerator: str = ""
    denominator: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """The published document taken apart: headings by number, clauses in order."""

    sections: Mapping[int, str]
    items: Mapping[int, str]
    clauses: tuple[OfficialClause, ...]


@dataclass(frozen=True, slots=True)
class Founding:
    """What is known of a new plan."""

    plan_id: str
    year: int
    place: str
    office_short: str
    agencies: tuple[NewAgency, ...]
    indicators: tuple[NewIndicator, ...] = ()
    outline: Outline | None = None

    @property
    def words(self) -> Mapping[str, str]:
        """What stands in for the placeholders of `starter/*.yaml`."""
        return {
            "plan_id": self.plan_id,
            "year": str(self.year),
            "place": scalar(self.place),
            "title": scalar(f"{self.place}{self.year}年食品药品安全工作要点"),
            "office_name": scalar(f"{self.place}食品药品安全委员会办公室"),
            "office_short": self.office_short,
            "commission_name": scalar(f"{self.place}食品药品安全委员会"),
        }


def plan_files(new: Founding) -> dict[str, str]:
    """Give the text of every file of the plan folder, by file name."""
    bodies = {
        "agencies": _agencies(new.agencies),
        "clauses": _clauses(new),
        "indicators": _indicators(new),
    }
    return {f"{name}.yaml": _starter(name, new.words) + bodies.get(name, "") for name in FILES}


def people_section(new: Founding) -> str:
    """Give the section `people.yaml` wants for the plan: everybody still to be named."""
    contacts = "".join(f"    {agency.id}: []  # {agency.name}\n" for agency in new.agencies)
    return _starter("people", {**new.words, "contacts": contacts.rstrip("\n")})


def scalar(text: str) -> str:
    """Write a text as a YAML value: plain where nothing in it means anything to YAML."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    return text if plain else json.dumps(text, ensure_ascii=False)


def even_points(comparator: Comparator) -> list[float | int]:
    """Give twelve shares of the target: evenly over the year; a limit holds from the first month."""
    if comparator is Comparator.AT_MOST:
        return [100] * 12
    return [*(round(100 * month / 12, 1) for month in range(1, 12)), 100]


def _starter(name: str, words: Mapping[str, str]) -> str:
    return Template((STARTER / f"{name}.yaml").read_text(encoding="utf-8")).substitute(words)


def _agencies(agencies: Sequence[NewAgency]) -> str:
    lines: list[str] = []
    for n, agency in enumerate(agencies, 1):
        lines += [
            f"  - id: {agency.id}",
            f"    name: {scalar(agency.name)}",
            f"    order: {10 * n}  # 待确认",
            f"    standing: {agency.standing.value}  # 待确认",
        ]
        lines += ["    letters: false"] if agency.standing is Standing.OFFICE else []
    lines += [
        f"  - id: {EVERYONE}",
        "    name: 各成员单位",
        "    order: 900",
        "    collective: true  # 泛指所有成员单位，自己没有文件夹",
    ]
    return "\n".join(lines) + "\n"


def is_collective(name: str) -> bool:
    """Tell whether a document means several agencies by a name: 各部门, 各镇街道, 食药安委成员单位."""
    return name.startswith("各") or name.endswith("成员单位") or "各部门" in name


def _of_document(new: Founding, outline: Outline) -> str:
    lines = ["sections:", *(f"  {n}: {scalar(title)}" for n, title in outline.sections.items()), "", "items:"]
    lines += [f"  {n}: {scalar(title)}" for n, title in outline.items.items()]
    lines += ["", "clauses:"]
    ids = {agency.name: agency.id for agency in new.agencies}
    for clause in outline.clauses:
        parts: dict[str, str] = {}
        for name, relation in clause.responsible:
            parts.setdefault(ids.get(name, EVERYONE), relation.value)
        title = f"{clause.heading}（{clause.id.partition('.')[2]}）"
        owners = list(parts.items()) or [(EVERYONE, "joint")]
        lines += _clause(clause.id, clause.section, title, owners, clause.text_hash)
    return "\n".join(lines) + "\n"


def _clauses(new: Founding) -> str:
    if new.outline:
        return _of_document(new, new.outline)
    tasks = list(dict.fromkeys(_task(indicator) for indicator in new.indicators))
    lines = ["sections:", "  1: 重点任务  # 待确认", "", "items:", "  1: 工作责任  # 待确认"]
    lines += [f"  {n}: {scalar(task)}  # 待确认" for n, task in enumerate(tasks, 2)]
    lines += ["", "clauses:", *_clause("1.1", 1, "落实食品药品安全工作责任", [(EVERYONE, "joint")])]
    for n, task in enumerate(tasks, 2):
        lines += _clause(f"{n}.1", 1, task, _parts([i for i in new.indicators if _task(i) == task]))
    return "\n".join(lines) + "\n"


def _clause(
    id: str, section: int, title: str, parts: Sequence[tuple[str, str]], text_hash: str | None = None
) -> Iterator[str]:
    yield f'  - id: "{id}"'
    yield f"    section: {section}"
    yield f"    item: {id.partition('.')[0]}"
    yield f"    title: {scalar(title)}{'  # 待确认：换成自己的概括' if text_hash else ''}"
    yield f"    text_hash: {text_hash or 'null'}"
    yield "    cadence: monthly  # 待确认"
    yield "    responsibilities:"
    yield from (f"      - {{agency: {agency}, relation: {relation}}}" for agency, relation in parts)


def _parts(indicators: Sequence[NewIndicator]) -> list[tuple[str, str]]:
    agencies = dict.fromkeys(a for i in indicators for a in (i.answerable, *i.sources))
    return [(agency, "sole" if len(agencies) == 1 else "joint") for agency in agencies]


def _task(indicator: NewIndicator) -> str:
    return indicator.task or indicator.name


def _indicators(new: Founding) -> str:
    if not new.indicators:
        return "  []\n"
    tasks = dict.fromkeys(_task(i) for i in new.indicators)
    made = {task: f"{n}.1" for n, task in enumerate(tasks, 2)}
    clauses = [
        made[_task(i)] if new.outline is None else _clause_in(new, new.outline, i) for i in new.indicators
    ]
    pairs = zip(new.indicators, clauses, strict=True)
    return "".join(f"{line}\n" for i, clause in pairs for line in _indicator(i, clause))


def _clause_in(new: Founding, outline: Outline, indicator: NewIndicator) -> str:
    """Give the clause an indicator names; else the first that its answerable agency has a part in."""
    if indicator.task:
        return indicator.task
    name = next(agency.name for agency in new.agencies if agency.id == indicator.answerable)
    theirs = (c.id for c in outline.clauses if any(one == name for one, _ in c.responsible))
    return next(theirs, outline.clauses[0].id)


def _indicator(new: NewIndicator, clause: str) -> Iterator[str]:
    ratio = new.kind is Kind.RATIO
    yield f"  - id: {new.id}"
    yield f'    clause: "{clause}"  # 待确认'
    yield f"    name: {scalar(new.name)}"
    yield f"    kind: {new.kind.value}"
    yield f"    behaviour: {_BEHAVIOURS[new.kind].value}  # 待确认"
    yield f"    unit: {json.dumps(new.unit, ensure_ascii=False)}"
    yield f'    comparator: "{new.comparator.value}"'
    yield f"    target: {new.target}"
    yield f"    definition: {scalar(new.definition or new.name)}  # 待确认"
    yield f"    numerator: {scalar(new.numerator or new.name)}  # 待确认"
    if ratio:
        yield f"    denominator: {scalar(new.denominator or '应计总数')}  # 待确认"
    yield f"    answerable: {new.answerable}  # 待确认"
    yield f"    sources: [{', '.join(new.sources)}]"
    if len(new.sources) > 1:
        yield "    combine: sum  # 待确认"
    if new.cross_check:
        yield f"    cross_check: [{', '.join(new.cross_check)}]"
    yield "    path:"
    yield f"      basis: {'gap-share' if ratio else 'target-share'}"
    yield f"      points: {even_points(new.comparator)}"
    yield "      confirmed: false  # 待确认"
    if ratio:
        yield "    baseline: null  # 待确认：上年末的数"
    if new.kind is Kind.RATE:
        yield "    population: null  # 待确认：人口数"
