"""The published wording of a plan: splitting it into clauses and reading who is responsible.

A clause is the stretch of an item that ends in one parenthesis of responsible agencies; an item's heading (up to
its first full stop) belongs to the item. The wording stays outside the repository: only its hashes are kept.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from include.plan.model import Relation

_SECTION = re.compile(r"([一二三四五六七八九十]+)、")
_ITEM = re.compile(r"(\d+)\.")
_RESPONSIBLE = re.compile(r"[(（]([^()（）]*负责)[)）]")
_JOINT = "按职责分工负责"


@dataclass(frozen=True, slots=True)
class OfficialClause:
    """One clause as published. `responsible` pairs an agency's name with its relation."""

    id: str
    section: int
    item: int
    heading: str  # of the item
    text: str  # without the parenthesis
    responsible: tuple[tuple[str, Relation], ...]
    text_hash: str


def split_text(document: str) -> list[OfficialClause]:
    """Split a published plan into its clauses, in order. A stretch of an item nobody answers for is left out."""
    clauses: list[OfficialClause] = []
    section = 0
    for line in (raw.strip() for raw in document.splitlines()):
        if _SECTION.match(line):
            section += 1
        elif section and (item := _ITEM.match(line)):
            clauses += _split_item(section, int(item[1]), line[item.end() :])
    return clauses


def _split_item(section: int, item: int, line: str) -> list[OfficialClause]:
    heading, _, body = line.partition("。")
    clauses: list[OfficialClause] = []
    start = 0
    for n, match in enumerate(_RESPONSIBLE.finditer(body), 1):
        stretch = body[start : match.end()]
        clauses.append(
            OfficialClause(
                id=f"{item}.{n}",
                section=section,
                item=item,
                heading=heading,
                text=body[start : match.start()].strip(),
                responsible=read_responsible(match[1]),
                text_hash=text_hash(stretch),
            )
        )
        start = match.end()
    return clauses


def read_responsible(parenthesis: str) -> tuple[tuple[str, Relation], ...]:
    """Read the inside of a parenthesis: `甲牵头,乙、丙按职责分工负责` and its simpler forms."""
    lead, led, rest = parenthesis.partition("牵头")
    leads = [(name, Relation.LEAD) for name in _names(lead)] if led else []
    others = _names((rest if led else parenthesis).removesuffix(_JOINT).removesuffix("负责"))
    sole = not led and len(others) == 1 and not parenthesis.endswith(_JOINT)
    relation = Relation.SOLE if sole else Relation.JOINT
    return tuple(leads + [(name, relation) for name in others])


def text_hash(stretch: str) -> str:
    """Hash a stretch of text: sha256 of its NFKC form without white space."""
    plain = "".join(unicodedata.normalize("NFKC", stretch).split())
    return hashlib.sha256(plain.encode()).hexdigest()


def unclaimed_responsibilities(document: str) -> list[str]:
    """Give every 负责 in parentheses that no clause carries: nothing with a responsibility may be left out."""
    found = [match[1] for match in _RESPONSIBLE.finditer(document)]
    carried = [clause.responsible for clause in split_text(document)]
    return [text for text in found if read_responsible(text) not in carried] if len(found) != len(carried) else []


def _names(text: str) -> list[str]:
    return [name for name in re.split(r"[、,,]", text) if name]
